"""The findings of the passes as frames: groups, rows, nearest misses, bounds."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from auditkit.reconcile.matching import sentences
from auditkit.reconcile.matching.evidence import DIFFERENT
from auditkit.reconcile.matching.nearest import Miss
from auditkit.reconcile.matching.netting import Netted
from auditkit.reconcile.matching.pairs import could_be_meant
from auditkit.reconcile.matching.result import AMBIGUOUS, LEFT, MATCHED, NETTED, Matches
from auditkit.reconcile.matching.sides import Side
from auditkit.reconcile.matching.work import Pairs, Work

_UNSURE = "多种凑法均成立，无法确定对应哪些记录"


def answer(work: Work, netted: list[Netted], misses: list[Miss]) -> Matches:
    """Every row of both sides once, with what it is and why."""
    columns = _Groups(work)
    rows = [_rows(work, side, columns.of[i], netted, first=not i) for i, side in enumerate((work.one, work.other))]
    sides = {side.name: side for side in (work.one, work.other)}
    other = {work.one.name: work.other, work.other.name: work.one}
    nearest = pd.DataFrame(
        [(m.side, sides[m.side].ids[m.row], other[m.side].ids[m.other], m.difference, m.why, m.why_en) for m in misses],
        columns=["side", "id", "other_id", "difference", "why", "why_en"],
    )
    bounds = pd.DataFrame(
        [(b.code, b.side, sides[b.side].ids[b.row] if b.row >= 0 else "", b.note, b.note_en) for b in work.bounds],
        columns=["pass", "side", "id", "note", "note_en"],
    ).sort_values(["pass", "side", "id"], ignore_index=True)
    return Matches(columns.frame(), pd.concat(rows, ignore_index=True), nearest, bounds)


class _Groups:
    """A group is named by its first row of either side: the name stays when other rows come or go."""

    def __init__(self, work: Work) -> None:
        self.of = (np.full(len(work.one), "", dtype=object), np.full(len(work.other), "", dtype=object))
        self.columns: dict[str, list[Any]] = {
            name: [] for name in ("group", "pass", "fee", "sentence", "sentence_en", "remark")
        }
        for pairs in work.pairs:
            self._pairs(work, pairs)
        for code, found in work.sums:
            name = f"{work.one.ids[min(found.one)]}={work.other.ids[min(found.other)]}"
            self.of[0][list(found.one)] = name
            self.of[1][list(found.other)] = name
            total = int(work.one.amount[list(found.one)].sum())
            text = sentences.of_sum(code, len(found.one), len(found.other), total, found.fee, found.note, found.note_en)
            self._add([name], code, [found.fee], [text], [""])

    def _pairs(self, work: Work, pairs: Pairs) -> None:
        names = [f"{a}={b}" for a, b in zip(work.one.ids[pairs.one], work.other.ids[pairs.other], strict=True)]
        self.of[0][pairs.one] = names
        self.of[1][pairs.other] = names
        days = np.abs(work.one.day[pairs.one] - work.other.day[pairs.other]).tolist()
        fees, levels, numbers = pairs.fee.tolist(), pairs.level.tolist(), pairs.number.tolist()
        texts = [
            sentences.of_pair(pairs.code, fee, day, level, not number)
            for fee, day, level, number in zip(fees, days, levels, numbers, strict=True)
        ]
        remarks = ["户名不符" if pairs.code == "8" and level == DIFFERENT else "" for level in levels]
        self._add(names, pairs.code, fees, texts, remarks)

    def _add(
        self, names: list[str], code: str, fees: list[int], texts: list[tuple[str, str]], remarks: list[str]
    ) -> None:
        self.columns["group"] += names
        self.columns["pass"] += [code] * len(names)
        self.columns["fee"] += fees
        self.columns["sentence"] += [zh for zh, _ in texts]
        self.columns["sentence_en"] += [en for _, en in texts]
        self.columns["remark"] += remarks

    def frame(self) -> pd.DataFrame:
        """The groups, sorted by name."""
        found = pd.DataFrame(self.columns).astype({name: "int64" if name == "fee" else "str" for name in self.columns})
        return found.sort_values("group", ignore_index=True)


def _rows(work: Work, side: Side, group: npt.NDArray[Any], netted: list[Netted], *, first: bool) -> pd.DataFrame:
    state = np.where(group != "", MATCHED, LEFT).astype(object)
    reason = np.full(len(side), "", dtype=object)
    alternatives = np.full(len(side), None, dtype=object)
    alternatives[:] = [()] * len(side)
    for found in netted:
        if found.side == side.name:
            at = list(found.rows)
            state[at], reason[at] = NETTED, found.reason
    for row, rivals in _alternatives(work, side, first=first).items():
        alternatives[row] = rivals
    for row, rivals in _doubts(work, side, first=first).items():
        if state[row] == LEFT:
            state[row], reason[row] = AMBIGUOUS, _UNSURE
            alternatives[row] = rivals
    return pd.DataFrame(
        {
            "side": side.name,
            "id": side.ids,
            "group": group,
            "state": state,
            "alternatives": alternatives,
            "reason": reason,
        }
    )


def _alternatives(work: Work, side: Side, *, first: bool) -> dict[int, tuple[str, ...]]:
    """For rows that stay over in a cluster: the paired rows that could have stayed over instead."""
    found: dict[int, tuple[str, ...]] = {}
    shared: dict[int, tuple[str, ...]] = {}
    for row, rivals in work.crowded[0 if first else 1].items():
        if side.open[row]:
            if id(rivals) not in shared:
                shared[id(rivals)] = tuple(sorted(str(side.ids[rival]) for rival in rivals.tolist()))
            found[row] = shared[id(rivals)]
    for cluster in work.clusters:
        rows = np.unique(cluster.edges.one if first else cluster.edges.other)
        for row in rows[side.open[rows]].tolist():
            rivals = could_be_meant(cluster, row, first)
            if rivals:
                found[row] = tuple(sorted(str(side.ids[rival]) for rival in rivals))
    return found


def _doubts(work: Work, side: Side, *, first: bool) -> dict[int, tuple[str, ...]]:
    """For rows of sums of which only some can hold: the other rows of their side that could be meant."""
    found: dict[int, set[int]] = {}
    for _, part in work.doubtful:
        rows = {row for s in part for row in (s.one if first else s.other)}
        if any(not _open(work, row_side, row) for s in part for row_side, row in s.rows()):
            rows = {
                row
                for s in part
                if all(_open(work, i, r) for i, r in s.rows())
                for row in (s.one if first else s.other)
            }
        for row in rows:
            found.setdefault(row, set()).update(rows - {row})
    return {row: tuple(sorted(str(side.ids[r]) for r in rivals)) for row, rivals in found.items()}


def _open(work: Work, side: int, row: int) -> bool:
    return bool((work.other if side else work.one).open[row])
