"""The passes, in order, on one screen."""

from __future__ import annotations

import numpy as np
import pandas as pd

from auditkit.reconcile.matching.pairs import Edges, edges_of_equal, pair_up
from auditkit.reconcile.matching.result import LEFT, MATCHED, Matches, Settings
from auditkit.reconcile.matching.sides import Bools, Side, prepare
from auditkit.reconcile.names import one_contains_other


def match(
    ledger: pd.DataFrame, statement: pd.DataFrame, *, window_days: int = 5, settings: Settings | None = None
) -> Matches:
    """Which statement row answers which ledger row, by which pass and on what evidence.

    Shape: each side has id, date, amount (signed, in = positive) and whatever it has of counterparty, text, reference,
    account, category, method, contract_no, counterparty_account; settings default to what holds in general.
    Units: fen.
    Raises: ValueError where a column is missing or an id stands twice.
    """
    _ = settings or Settings()
    one, other, names = prepare(ledger, statement)
    taken: list[tuple[str, int, int]] = []
    for code in ("2", "3", "8"):
        for a, b in _one_to_one(code, one, other, names, window_days):
            taken.append((code, a, b))
            one.open[a] = other.open[b] = False
    return _result(one, other, taken)


def _one_to_one(code: str, one: Side, other: Side, names: dict[str, list[str]], window: int) -> list[tuple[int, int]]:
    edges = edges_of_equal(one, other, window, one.amount, other.amount)
    parties = one.codes["party"][edges.one], other.codes["party"][edges.other]
    if code == "2":
        edges = edges.keep((parties[0] == parties[1]) & (parties[0] != 0))
    elif code == "3":
        edges = edges.keep(_compatible(one, other, edges, names["party"]))
    return pair_up(one, other, edges, edges.days)


def _compatible(one: Side, other: Side, edges: Edges, names: list[str]) -> Bools:
    a, b = one.codes["party"][edges.one], other.codes["party"][edges.other]
    unnamed = (a == 0) | (b == 0)
    channel = (one.codes["channel"][edges.one] == 1) | (other.codes["channel"][edges.other] == 1)
    keys, where = np.unique(a * len(names) + b, return_inverse=True)
    contained = np.array(
        [one_contains_other(names[k // len(names)], names[k % len(names)]) for k in keys.tolist()], bool
    )
    return unnamed | channel | (contained[where] if len(keys) else np.zeros(0, dtype=bool))


def _result(one: Side, other: Side, taken: list[tuple[str, int, int]]) -> Matches:
    ordered = sorted(taken, key=lambda pair: (int(one.day[pair[1]]), str(one.ids[pair[1]])))
    labels = [f"M{number:06d}" for number in range(1, len(ordered) + 1)]
    groups = pd.DataFrame({"group": labels, "pass": [code for code, _, _ in ordered]}, dtype=object)
    groups["fee"] = 0
    for column in ("sentence", "sentence_en"):
        groups[column] = ""
    groups["remark"] = ["户名不符" if code == "8" else "" for code, _, _ in ordered]
    frames: list[pd.DataFrame] = []
    for side, position in ((one, 1), (other, 2)):
        group = np.full(len(side), "", dtype=object)
        for label, found in zip(labels, ordered, strict=True):
            group[found[position]] = label
        frames.append(
            pd.DataFrame(
                {
                    "side": side.name, "id": side.ids, "group": group,
                    "state": np.where(group == "", LEFT, MATCHED), "alternatives": [()] * len(side), "reason": "",
                }
            )
        )  # fmt: skip
    nearest = pd.DataFrame(columns=["side", "id", "other_id", "difference", "why", "why_en"])
    bounds = pd.DataFrame(columns=["pass", "side", "id", "note", "note_en"])
    return Matches(groups, pd.concat(frames, ignore_index=True), nearest, bounds)
