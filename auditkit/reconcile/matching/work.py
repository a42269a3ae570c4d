"""The matching while it goes on: what is taken, what is in doubt, what was not searched."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import ClassVar

import numpy as np

from auditkit.reconcile.matching.packing import Sum
from auditkit.reconcile.matching.pairs import Cluster
from auditkit.reconcile.matching.result import Settings
from auditkit.reconcile.matching.sides import Bools, Ints, Side


@dataclass(frozen=True, slots=True)
class Pairs:
    """Rows that one pass has paired one to one, with what speaks for each pair."""

    code: str
    one: Ints
    other: Ints
    fee: Ints
    level: Ints
    number: Ints


@dataclass(frozen=True, slots=True)
class Bound:
    """A search that was not made, and why."""

    code: str
    side: str
    row: int
    note: str
    note_en: str


@dataclass(slots=True)
class Work:
    """Both sides, the numbers of the case, and the findings of the passes so far."""

    CHANNELS: ClassVar = {1: ("微信", "WeChat"), 2: ("支付宝", "Alipay"), 3: ("刷卡", "card")}
    one: Side
    other: Side
    settings: Settings
    window: int
    pairs: list[Pairs] = field(default_factory=list[Pairs])
    sums: list[tuple[str, Sum]] = field(default_factory=list[tuple[str, Sum]])
    doubtful: list[tuple[str, list[Sum]]] = field(default_factory=list[tuple[str, list[Sum]]])
    clusters: list[Cluster] = field(default_factory=list[Cluster])
    crowded: tuple[dict[int, Ints], dict[int, Ints]] = field(default_factory=lambda: ({}, {}))
    rates: dict[int, set[float]] = field(default_factory=dict[int, set[float]])
    """Rates that the case has already seen, by channel."""
    batched: tuple[Bools, Bools] = field(default_factory=lambda: (np.zeros(0, bool), np.zeros(0, bool)))
    """Rows of channels that settle in batches."""
    bounds: list[Bound] = field(default_factory=list[Bound])

    def take_pairs(self, found: Pairs) -> None:
        """Pairs leave the later passes."""
        if len(found.one):
            self.pairs.append(found)
            self.one.open[found.one] = False
            self.other.open[found.other] = False

    def take_sums(self, code: str, sums: Iterable[Sum]) -> None:
        """Sums leave the later passes; what is 5 seen from the statement is 6 seen from the ledger."""
        for found in sums:
            self.sums.append(("6" if code == "5" and len(found.one) == 1 else code, found))
            self.one.open[list(found.one)] = False
            self.other.open[list(found.other)] = False

    def sides(self) -> tuple[tuple[Side, Side, bool], tuple[Side, Side, bool]]:
        """Either side with the other, and whether the first of the two is the ledger."""
        return (self.one, self.other, True), (self.other, self.one, False)
