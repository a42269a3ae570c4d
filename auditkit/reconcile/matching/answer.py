"""The findings of the passes as frames: groups, rows, nearest misses, bounds."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
import pandas as pd

from auditkit.reconcile.matching import sentences
from auditkit.reconcile.matching.evidence import DIFFERENT
from auditkit.reconcile.matching.nearest import Miss
from auditkit.reconcile.matching.netting import Netted
from auditkit.reconcile.matching.pairs import could_be_meant
from auditkit.reconcile.matching.result import AMBIGUOUS, LEFT, MATCHED, NETTED, Matches
from auditkit.reconcile.matching.sides import Ints, Side
from auditkit.reconcile.matching.work import Pairs, Work

NO_GROUP: Final = -1
"""The number of no group: the last name, a blank."""
_STATES: Final = [MATCHED, NETTED, AMBIGUOUS, LEFT]
_UNSURE: Final = "多种凑法均成立，无法确定对应哪些记录"


def answer(work: Work, netted: list[Netted], misses: list[Miss]) -> Matches:
    """Every row of both sides once, with what it is and why."""
    groups = _Groups(work)
    rows = [_rows(work, side, groups, netted, first=not i) for i, side in enumerate((work.one, work.other))]
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
    return Matches(groups.frame(), pd.concat(rows, ignore_index=True), nearest, bounds)


class _Groups:
    """A group is named by its first row of either side: the name stays when other rows come or go."""

    def __init__(self, work: Work) -> None:
        self.number = np.full(len(work.one), NO_GROUP), np.full(len(work.other), NO_GROUP)
        self._count = 0
        blocks = [self._pairs(work, pairs) for pairs in work.pairs] + [self._sums(work)]
        self._frame = pd.concat(blocks, ignore_index=True)

    def frame(self) -> pd.DataFrame:
        """The groups, in the order of their first ledger rows."""
        return self._frame.sort_values("at", ignore_index=True).drop(columns="at")

    def names(self, first: bool) -> pd.Series[str]:
        """The group of each row of a side; "" = none."""
        every = pd.concat([self._frame["group"], pd.Series([""], dtype="str")], ignore_index=True)
        return every.take(self.number[0 if first else 1]).reset_index(drop=True)

    def _pairs(self, work: Work, pairs: Pairs) -> pd.DataFrame:
        one, other = (
            side.names.take(rows).reset_index(drop=True)
            for side, rows in ((work.one, pairs.one), (work.other, pairs.other))
        )
        numbers = np.arange(self._count, self._count + len(one))
        self.number[0][pairs.one] = numbers
        self.number[1][pairs.other] = numbers
        self._count += len(one)
        days = np.abs(work.one.day[pairs.one] - work.other.day[pairs.other])
        where, first = _kinds(pairs.fee, days, pairs.level, pairs.number)
        told = zip(*(part[first].tolist() for part in (pairs.fee, days, pairs.level, pairs.number)), strict=True)
        texts = [sentences.of_pair(pairs.code, fee, day, level, not number) for fee, day, level, number in told]
        zh, en = (_each_of([text[i] for text in texts], where) for i in (0, 1))
        remark = _each_of(["", "户名不符"], ((pairs.level == DIFFERENT) & (pairs.code == "8")).astype(np.int64))
        columns = {"group": one + "=" + other, "pass": pairs.code, "fee": pairs.fee, "sentence": zh, "sentence_en": en}
        return pd.DataFrame({"at": pairs.one, **columns, "remark": remark})

    def _sums(self, work: Work) -> pd.DataFrame:
        rows: list[tuple[int, str, str, int, str, str, str]] = []
        for code, found in work.sums:
            name = f"{work.one.ids[min(found.one)]}={work.other.ids[min(found.other)]}"
            self.number[0][list(found.one)] = self.number[1][list(found.other)] = self._count
            self._count += 1
            total = int(work.one.amount[list(found.one)].sum())
            sizes = len(found.one), len(found.other)
            text = sentences.of_sum(code, *sizes, total, found.fee, found.note, found.note_en)
            rows.append((min(found.one), name, code, found.fee, *text, ""))
        columns = ["at", "group", "pass", "fee", "sentence", "sentence_en", "remark"]
        frame = pd.DataFrame(rows, columns=columns)
        return frame.astype({"at": "int64", "fee": "int64"} | dict.fromkeys(("group", "pass", *columns[4:]), "str"))


def _each_of(values: list[str], where: Ints) -> Any:
    """The value of each row."""
    return pd.Series(values, dtype="str").take(where).array


def _kinds(*parts: Ints) -> tuple[Ints, Ints]:
    """The kind of each row, rows that are alike in all parts being of one kind; and a row of each kind."""
    where = np.zeros(len(parts[0]), dtype=np.int64)
    for part in parts:
        codes, values = pd.factorize(part)
        where, _ = pd.factorize(where * (len(values) + 1) + codes)
    return where.astype(np.int64), np.flatnonzero(~pd.Series(where).duplicated().to_numpy())


def _rows(work: Work, side: Side, groups: _Groups, netted: list[Netted], *, first: bool) -> pd.DataFrame:
    state = np.where(groups.number[0 if first else 1] == NO_GROUP, _STATES.index(LEFT), _STATES.index(MATCHED))
    reasons = ["", _UNSURE]
    reason = np.zeros(len(side), dtype=np.int64)
    alternatives = np.full(len(side), None, dtype=object)
    alternatives[:] = [()] * len(side)
    for found in netted:
        if found.side == side.name:
            at = list(found.rows)
            reasons.append(found.reason)
            state[at], reason[at] = _STATES.index(NETTED), len(reasons) - 1
    for row, rivals in _alternatives(work, side, first=first).items():
        alternatives[row] = rivals
    for row, rivals in _doubts(work, side, first=first).items():
        if state[row] == _STATES.index(LEFT):
            state[row], reason[row] = _STATES.index(AMBIGUOUS), 1
            alternatives[row] = rivals
    return pd.DataFrame(
        {
            "side": side.name,
            "id": side.names,
            "group": groups.names(first),
            "state": _each_of(_STATES, state),
            "alternatives": alternatives,
            "reason": _each_of(reasons, reason),
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
