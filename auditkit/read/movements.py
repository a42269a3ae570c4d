"""A statement as a whole: every row with its way and status, in the order of time, and its running balance."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise
from typing import Any, Final

import numpy as np
import pandas as pd

from auditkit.read.marks import counts
from auditkit.read.trails import chained_order
from auditkit.schema import normal

NOT_COUNTED: Final = "未成功或已冲正"
NEUTRAL: Final = "不计收支"
FOREIGN: Final = "外币"
_YUAN: Final = frozenset(normal(w) for w in ("人民币", "CNY", "RMB", "人民币元", "01", "001", "156", "CNY人民币", "元"))


@dataclass(frozen=True, slots=True)
class Break:
    """A row whose balance does not follow from the one before it.

    Units: fen.
    """

    row: int
    expected: int
    written: int


@dataclass(frozen=True, eq=False)
class Statement:
    """All rows of a statement, counted or not.

    Shape: `rows` has row, date, time, credit, debit, neutral, refunded (fen), status, currency, counted.
    """

    rows: pd.DataFrame
    opening: int | None = None
    closing: int | None = None
    breaks: tuple[Break, ...] | None = None
    """None where there is no balance to follow."""

    def total(self, way: str) -> int:
        """What came in, went out (credit, debit), or moved between the holder's own pockets (neutral), in yuan only."""
        own = self.rows.loc[self.rows["counted"] & self.rows["yuan"], way]
        return int(own.fillna(0).sum())


def is_yuan(currency: Any) -> bool:
    """Whether an amount is in yuan: said so, or nothing said."""
    word = normal(str(currency))
    return not word or word in _YUAN or word.startswith(("人民币", "cny", "rmb"))


def in_time(rows: pd.DataFrame) -> list[int] | None:
    """The positions of a statement's rows from the oldest to the newest, the rows of one day as their balances chain.

    None where a day, an amount or a balance is missing.
    """
    if rows.empty or rows[["date", "credit", "debit", "balance"]].isna().any(axis=None):
        return None
    days = rows["date"].to_numpy()
    places = np.arange(len(rows))
    down = bool((np.diff(days) <= np.timedelta64(0)).all()) and days[0] != days[-1]
    up = bool((np.diff(days) >= np.timedelta64(0)).all())
    written = places[::-1] if down else places if up else np.argsort(days, kind="stable")
    ways = [written, written[::-1]] if days[0] == days[-1] else [written]
    return min((_by_day(rows, way.tolist()) for way in ways), key=lambda order: len(breaks_of(rows, order)))


def _by_day(rows: pd.DataFrame, order: Sequence[int]) -> list[int]:
    after = rows["balance"].astype("int64").tolist()
    moved = (rows["credit"] - rows["debit"]).astype("int64").tolist()
    days = rows["date"].tolist()
    found: list[int] = []
    balance: int | None = None
    for _, several in groupby(order, key=lambda at: days[at]):
        own = list(several)
        if not _batched(own, after, moved):
            steps = [(after[at] - moved[at], after[at]) for at in own]
            own = [own[n] for n in chained_order(steps, balance)]
        found += own
        balance = after[own[-1]]
    return found


def _batched(order: Sequence[int], after: Sequence[int], moved: Sequence[int]) -> bool:
    """Whether rows share one balance though each of them moved it: a payroll, booked at once."""
    return any(after[a] == after[b] and moved[a] and moved[b] for a, b in pairwise(order))


def breaks_of(rows: pd.DataFrame, order: Sequence[int]) -> list[Break]:
    """The rows of an order whose balance does not follow; rows that share one balance count as one."""
    after = rows["balance"].astype("int64").tolist()
    moved = (rows["credit"] - rows["debit"]).astype("int64").tolist()
    numbers = rows["row"].tolist()
    found: list[Break] = []
    balance: int | None = None
    at = 0
    while at < len(order):
        last = at + 1
        start = order[at]
        while last < len(order) and after[order[last]] == after[start] and moved[order[last]] and moved[start]:
            last += 1
        steps = [moved[n] for n in order[at:last]]
        if last - at > 1 and balance is not None and balance + sum(steps) != after[start]:
            last, steps = at + 1, steps[:1]
        if balance is not None and balance + sum(steps) != after[start]:
            found.append(Break(int(numbers[start]), balance + sum(steps), after[start]))
        balance = after[start]
        at = last
    return found


def settle_sides(frame: pd.DataFrame, negative_out: bool) -> list[int]:
    """Amounts of money out that are written with a minus are taken without it, where that is what the minus means.

    It is where the header says so, where the balances chain that way, and where all of several are written so; a
    lone one is left in doubt. Changes the frame; returns the positions in doubt.
    """
    out = frame["debit"].to_numpy(dtype="int64", na_value=0)
    if not (out < 0).any():
        return []
    unsigned = frame.assign(debit=pd.array(np.where(out < 0, -out, out), dtype="Int64").astype("Int64"))
    one, other = (in_time(f) for f in (frame, unsigned)) if "balance" in frame else (None, None)
    if one is not None and other is not None and len(frame) > 1:
        as_written, turned = len(breaks_of(frame, one)), len(breaks_of(unsigned, other))
        if as_written != turned:
            if turned < as_written:
                frame["debit"] = unsigned["debit"]
            return []
    if negative_out or (int((out < 0).sum()) > 1 and not (out > 0).any()):
        frame["debit"] = unsigned["debit"]
        return []
    return np.flatnonzero(out < 0).tolist() if not (out > 0).any() else []


def uncounted(frame: pd.DataFrame, status: Sequence[Any]) -> np.ndarray[Any, np.dtype[np.bool_]]:
    """Rows whose status says that no money moved; where there are balances, these have the last word.

    A row that was reversed stands there with its reversal, and both moved the balance; one that failed left it alone.
    """
    said = ~np.array([counts(s) for s in status], dtype=bool)
    if not said.any() or (order := in_time(frame)) is None:
        return said
    after = frame["balance"].astype("int64").tolist()
    moved = (frame["credit"] - frame["debit"]).astype("int64").tolist()
    for at, before in zip(order, [None, *order], strict=False):
        if said[at]:
            said[at] = before is not None and after[at] != after[before] + moved[at]
    return said


def statement_of(frame: pd.DataFrame) -> Statement:
    """A statement's rows with its opening and closing balance and its breaks.

    `frame` is the bank frame of all rows with neutral, refunded, status, currency, yuan, counted beside.
    """
    rows = frame[[c for c in _KEPT if c in frame]].reset_index(drop=True)
    counted = rows[rows["counted"]].reset_index(drop=True)
    one_account = counted["account"].nunique() <= 1
    order = in_time(counted) if one_account and counted["yuan"].all() else None
    if order is None:
        return Statement(rows)
    first, last = counted.iloc[order[0]], counted.iloc[order[-1]]
    opening = int(first["balance"] - first["credit"] + first["debit"])
    return Statement(rows, opening, int(last["balance"]), tuple(breaks_of(counted, order)))


_KEPT: Final = (
    "account", "row", "date", "time", "credit", "debit", "balance", "neutral", "refunded", "status", "currency", "yuan",
    "counted",
)  # fmt: skip
