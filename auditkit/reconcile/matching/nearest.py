"""What a row that stays over comes nearest to: a link between two findings, never a match."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np

from auditkit.money import yuan
from auditkit.reconcile.matching.references import numbers
from auditkit.reconcile.matching.sides import Ints, Side
from auditkit.reconcile.matching.texts import Words
from auditkit.reconcile.matching.work import Work

_FAR_DAYS: Final = 31
"""Days within which a row of the same counterparty, or of the same words, may be the one that was meant."""
_LIKE: Final = 0.85
_NEIGHBOURS: Final = 24
"""Rows next in amount that are looked at on either side."""
_CLOSE: Final = 10
"""A row with nothing in common but its amount is near within one part in so many."""
_NUMBER, _SAME, _PARTY, _WORDS, _AMOUNT, _CLOSEST = range(6)
_WHY = {
    _NUMBER: ("同一单据号", "same number"),
    _SAME: ("同一相对方", "same counterparty"),
    _PARTY: ("同一相对方", "same counterparty"),
    _WORDS: ("摘要所指同一方", "words name the same party"),
    _AMOUNT: ("金额相同", "same amount"),
    _CLOSEST: ("金额最接近", "closest amount"),
}


@dataclass(frozen=True, slots=True)
class Miss:
    """A row left over, the row of the other side that it comes nearest to, and by how much it misses."""

    side: str
    row: int
    other: int
    difference: int
    why: str
    why_en: str


def nearest_misses(work: Work) -> list[Miss]:
    """One a row that stays over, as far as anything is near."""
    words = Words(work.one, work.other, _FAR_DAYS)
    return [miss for near, far, first in work.sides() for miss in _of_side(near, far, words, mine=first)]


def _of_side(near: Side, far: Side, words: Words, *, mine: bool) -> Iterator[Miss]:
    theirs = far.left()
    if not len(theirs):
        return
    lookup = _Lookup(far, theirs)
    for row in near.left().tolist():
        ranked = [
            (kind, *_distance(near, row, far, other), str(far.ids[other]), other)
            for kind, other in lookup.candidates(near, row, words, mine=mine)
        ]
        if ranked:
            kind, *_, other = min(ranked)
            yield _miss(near, row, far, int(other), int(kind))


def _distance(near: Side, row: int, far: Side, other: int) -> tuple[bool, int, int]:
    a, b = int(near.amount[row]), int(far.amount[other])
    return (a > 0) != (b > 0), abs(a - b), abs(int(near.day[row]) - int(far.day[other]))


class _Lookup:
    """The rows left over on one side, by what another row may share with them."""

    def __init__(self, side: Side, rows: Ints) -> None:
        self.side = side
        self.by_amount = rows[np.lexsort((side.day[rows], side.amount[rows]))]
        self.amounts: list[int] = side.amount[self.by_amount].tolist()
        self.days: list[int] = side.day[self.by_amount].tolist()
        self.by_party: dict[int, list[int]] = {}
        self.by_number: dict[str, list[int]] = {}
        for row in rows.tolist():
            if side.codes["party"][row]:
                self.by_party.setdefault(int(side.codes["party"][row]), []).append(row)
            for number in _numbers(side, row):
                self.by_number.setdefault(number, []).append(row)

    def candidates(self, near: Side, row: int, words: Words, *, mine: bool) -> Iterator[tuple[int, int]]:
        """Rows that share something with a row of the other side, and what."""
        day, amount = int(near.day[row]), int(near.amount[row])
        own = numbers(str(near.words["reference"][row]))
        for number in _numbers(near, row):
            for other in self.by_number.get(number, [])[:_NEIGHBOURS]:
                if number in own or number in numbers(str(self.side.words["reference"][other])):
                    yield _NUMBER, other
        for other in self.by_party.get(int(near.codes["party"][row]), []):
            if abs(int(self.side.day[other]) - day) <= _FAR_DAYS:
                yield _PARTY, other
            elif self.side.amount[other] == amount:
                yield _SAME, other
        alike, likeness = words.of(row, mine=mine)
        alike, likeness = alike[self.side.open[alike]], likeness[self.side.open[alike]]
        for other in alike[likeness >= _LIKE * likeness.max(initial=0)].tolist():
            yield _WORDS, other
        yield from self._by_amount(amount, day)

    def _by_amount(self, amount: int, day: int) -> Iterator[tuple[int, int]]:
        at = bisect_left(self.amounts, amount)
        for steps in (
            range(at, min(at + _NEIGHBOURS, len(self.amounts))),
            range(at - 1, max(at - _NEIGHBOURS, 0) - 1, -1),
        ):
            for i in steps:
                off = abs(self.amounts[i] - amount)
                if off * _CLOSE > abs(amount):
                    break
                days = abs(self.days[i] - day)
                if not off and days <= 6 * _FAR_DAYS:
                    yield _AMOUNT, int(self.by_amount[i])
                elif days <= _FAR_DAYS // 2:
                    yield _CLOSEST, int(self.by_amount[i])


def _numbers(side: Side, row: int) -> frozenset[str]:
    return numbers(str(side.words["reference"][row])) | numbers(str(side.words["text"][row]))


def _miss(near: Side, row: int, far: Side, other: int, kind: int) -> Miss:
    a, b = int(near.amount[row]), int(far.amount[other])
    days = abs(int(near.day[row]) - int(far.day[other]))
    zh, en = _WHY[kind]
    if a == b:
        zh, en = f"{zh}，日期相差 {days} 天", f"{en}, {days} days apart"
    else:
        zh, en = f"{zh}，差 {yuan(abs(a - b))} 元", f"{en}, {yuan(abs(a - b))} yuan apart"
        slip = slip_of(a, b)
        zh, en = zh + (f"，{slip[0]}？" if slip[0] else ""), en + (f", {slip[1]}?" if slip[1] else "")
    return Miss(near.name, row, other, a - b, zh, en)


def slip_of(one: int, other: int) -> tuple[str, str]:
    """The slip of the pen that would make one amount of the other."""
    if one == -other:
        return "收支方向相反", "the other direction"
    a, b = str(abs(one)), str(abs(other))
    if len(a) == len(b):
        different = [i for i in range(len(a)) if a[i] != b[i]]
        if len(different) == 2 and Counter(a) == Counter(b):
            return "数字换位", "digits transposed"
        if len(different) == 1:
            return "一位数字不同", "one digit differs"
    if a.rstrip("0") == b.rstrip("0"):
        return "位数有误", "decimal point moved"
    return "", ""
