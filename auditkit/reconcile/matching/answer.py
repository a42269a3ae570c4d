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
_Text = tuple[str, str, str]
"""What is said of a match, in both languages, and the remark on it."""
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
        blocks = [_pairs(work, pairs) for pairs in work.pairs] + [_sums(work)]
        table = pd.concat([block for block, _ in blocks], ignore_index=True)
        before = np.cumsum([0, *(len(texts) for _, texts in blocks[:-1])])
        table["text"] += np.repeat(before, [len(block) for block, _ in blocks])
        # Numbers are put in order first and become words last: a word moved is many bytes moved.
        order = np.argsort(table["at"].to_numpy(), kind="stable")
        self._table, self._texts = table.take(order), [text for _, texts in blocks for text in texts]
        place = np.empty(len(order) + 1, dtype=np.int64)
        place[order], place[NO_GROUP] = np.arange(len(order)), NO_GROUP
        self.number = tuple(place[at] for at in _numbers(work))
        one, other = (
            side.names.take(self._table[column].to_numpy()).reset_index(drop=True)
            for side, column in ((work.one, "at"), (work.other, "other"))
        )
        self._names = one + "=" + other

    def frame(self) -> pd.DataFrame:
        """The groups, in the order of their first ledger rows."""
        texts = pd.DataFrame(self._texts, columns=["sentence", "sentence_en", "remark"])
        told = {column: _each_of(texts[column].tolist(), self._table["text"].to_numpy()) for column in texts}
        return pd.DataFrame(
            {"group": self._names, "pass": self._table["pass"].array, "fee": self._table["fee"].array, **told}
        )

    def names(self, first: bool) -> pd.Series[str]:
        """The group of each row of a side; "" = none."""
        every = pd.concat([self._names, pd.Series([""], dtype="str")], ignore_index=True)
        return every.take(self.number[0 if first else 1]).reset_index(drop=True)


def _numbers(work: Work) -> tuple[Ints, Ints]:
    """The group of each row of each side, numbered in the order of pairs, then sums."""
    numbers = np.full(len(work.one), NO_GROUP), np.full(len(work.other), NO_GROUP)
    count = 0
    for pairs in work.pairs:
        numbers[0][pairs.one] = numbers[1][pairs.other] = np.arange(count, count + len(pairs.one))
        count += len(pairs.one)
    for number, (_, found) in enumerate(work.sums, count):
        numbers[0][list(found.one)] = numbers[1][list(found.other)] = number
    return numbers


def _pairs(work: Work, pairs: Pairs) -> tuple[pd.DataFrame, list[_Text]]:
    """One row a pair, and what is said of them: at and other (rows of the sides), pass, fee, text (its number)."""
    days = np.abs(work.one.day[pairs.one] - work.other.day[pairs.other])
    where, first = _kinds(pairs.fee, days, pairs.level, pairs.number)
    told = zip(*(part[first].tolist() for part in (pairs.fee, days, pairs.level, pairs.number)), strict=True)
    texts = [
        (
            *sentences.of_pair(pairs.code, fee, day, level, not number),
            "户名不符" if level == DIFFERENT and pairs.code == "8" else "",
        )
        for fee, day, level, number in told
    ]
    columns = {"at": pairs.one, "other": pairs.other, "pass": pairs.code, "fee": pairs.fee, "text": where}
    return pd.DataFrame(columns).astype({"pass": "str"}), texts


def _sums(work: Work) -> tuple[pd.DataFrame, list[_Text]]:
    """The same of the sums, each named by the first of its rows."""
    rows: list[tuple[int, int, str, int, int]] = []
    texts: list[_Text] = []
    for code, found in work.sums:
        total = int(work.one.amount[list(found.one)].sum())
        sizes = len(found.one), len(found.other)
        texts.append((*sentences.of_sum(code, *sizes, total, found.fee, found.note, found.note_en), ""))
        rows.append((min(found.one), min(found.other), code, found.fee, len(rows)))
    kinds = {"at": "int64", "other": "int64", "pass": "str", "fee": "int64", "text": "int64"}
    return pd.DataFrame(rows, columns=list(kinds)).astype(kinds), texts


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
