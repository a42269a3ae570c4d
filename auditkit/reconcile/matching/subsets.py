"""Passes 5 and 6, searched: some of the rows that belong together are the sum, and chance would not make it."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Final

import numpy as np
import numpy.typing as npt

from auditkit.reconcile.matching.chance import expected_hits
from auditkit.reconcile.matching.packing import Sum, choose
from auditkit.reconcile.matching.piles import CONTRACT, KIND, PARTY, keys_of, may_answer
from auditkit.reconcile.matching.sides import Ints, Side
from auditkit.reconcile.matching.texts import ALIKE, Words
from auditkit.reconcile.matching.worded import reach, whole_days_by_words
from auditkit.reconcile.matching.work import Bound, Work

_WORDS: Final = "words"
_SHARED: Final = {
    PARTY: ("同一相对方", "of one counterparty"),
    CONTRACT: ("同一合同", "of one contract"),
    KIND: ("同一类别及结算方式", "of one category and method"),
    _WORDS: ("摘要所指同一方", "whose words name one party"),
}
_MOST_PILES: Final = 40
"""Piles that a row which names nobody is searched in, at the most."""
_MOST_SOLUTIONS: Final = 64
_FEW: Final = 10
"""Rows up to which every choice is simply added up."""


def passes_5_6_searched(work: Work) -> None:
    """Sums of some rows: those with one answer first, until nothing more is certain."""
    words = Words(work.one, work.other, reach(work.settings, work.window))
    whole_days_by_words(work, words)
    searches = [_Search(work, near, far, words, many_is_one=first) for near, far, first in work.sides()]
    while True:
        answers = [search.answers() for search in searches]
        found = [sums for of in answers for sums in of]
        certain = {(s.one, s.other): s for sums in found if len(sums) == 1 for s in sums}
        taken, doubtful = choose(work.one, work.other, [certain[key] for key in sorted(certain)])
        work.take_sums("5", taken)
        if not taken:
            work.doubtful += [("5", part) for part in (*doubtful, *(sums for sums in found if len(sums) > 1))]
            break
    work.bounds += [bound for search in searches for bound in search.bounds.values()]


class _Search:
    """The rows of one side as sums of rows of the other."""

    def __init__(self, work: Work, near: Side, far: Side, words: Words, *, many_is_one: bool) -> None:
        self.work, self.near, self.far, self.words, self.many_is_one = work, near, far, words, many_is_one
        # Rows that take a part back count with the counterparty or the contract, whatever their direction.
        self.keys = {
            PARTY: near.codes["party"],
            CONTRACT: near.codes["contract_no"],
            KIND: keys_of(near, KIND),
        }
        self.keys = {key: codes for key, codes in self.keys.items() if codes.any()}
        self.left, self.days = near.left(), near.day[near.left()]
        """Rows that are open when the search begins, and their days: few where most rows have found their pair."""
        self.bounds: dict[int, Bound] = {}
        self.again: list[int] = far.left().tolist()
        """Anchors whose answer may change when other rows leave: at first all."""

    def answers(self) -> list[list[Sum]]:
        """For each anchor that has any, the sums that it may be: one a set of amounts."""
        anchors, self.again = self.again, []
        found: list[list[Sum]] = []
        for anchor in anchors:
            if self.far.open[anchor]:
                self.bounds.pop(anchor, None)
                sums, final = self._of(anchor)
                if sums:
                    found.append(sums)
                if sums or not final:
                    self.again.append(anchor)
        return found

    def _of(self, anchor: int) -> tuple[list[Sum], bool]:
        """The sums that a row may be, and whether fewer candidates would change nothing."""
        found: dict[tuple[int, ...], Sum] = {}
        final = True
        for key, rows in self._pools(anchor):
            if len(rows) > self.work.settings.subset_candidates:
                self._bound(anchor, f"候选 {len(rows)} 条", f"{len(rows)} candidates")
                continue
            chosen, searched = self._subsets(rows, anchor)
            final &= searched
            for some, hits in chosen:
                sum_ = self._sum(key, some, anchor, hits)
                amounts = tuple(sorted(self.near.amount[list(some)].tolist()))
                found[amounts] = min(found.get(amounts, sum_), sum_, key=lambda s: (s.days, s.one, s.other))
        return list(found.values()), final and anchor not in self.bounds

    def _sum(self, key: str, rows: tuple[int, ...], anchor: int, hits: float) -> Sum:
        zh, en = _SHARED[key]
        total = int(self.near.amount[list(rows)].sum())
        days = int(np.abs(self.near.day[list(rows)] - self.far.day[anchor]).sum())
        found = Sum(
            rows,
            (anchor,),
            abs(abs(total) - abs(int(self.far.amount[anchor]))),
            days,
            f"{zh} {len(rows)} 笔合计，偶然相符的期望 {hits:.2g} 次",
            f"{len(rows)} rows {en}, {hits:.2g} hits to be expected by chance",
        )
        return found if self.many_is_one else replace(found, one=(anchor,), other=rows)

    def _bound(self, anchor: int, zh: str, en: str) -> None:
        code = "5" if self.many_is_one else "6"
        self.bounds[anchor] = Bound(code, self.far.name, anchor, f"未搜索：{zh}", f"not searched, {en}")

    def _pools(self, anchor: int) -> Iterator[tuple[str, Ints]]:
        """Open rows of the window and the account that share the counterparty, the contract, or category and method."""
        rows = self._near(anchor)
        if len(rows) < 2:
            return
        for key, codes in self.keys.items():
            yield from ((key, pile) for pile in self._piles(key, rows[codes[rows] > 0], anchor))
        alike, likeness = self.words.of(anchor, mine=not self.many_is_one)
        if len(alike) < 2:
            return
        keep = np.isin(alike, rows)
        alike, likeness = alike[keep], likeness[keep]
        if len(alike) > 1:
            yield _WORDS, np.sort(alike[likeness >= ALIKE * likeness.max()])

    def _piles(self, key: str, rows: Ints, anchor: int) -> list[Ints]:
        """The piles that could make the row: it is not forbidden, and there is enough in them."""
        code = self.keys[key][rows]
        order = np.argsort(code, kind="stable")
        rows, code = rows[order], code[order]
        start = np.flatnonzero(np.append(True, code[1:] != code[:-1])) if len(rows) else order
        size = np.diff(np.append(start, len(rows)))
        enough = size > 1
        if enough.any():
            sign = int(np.sign(self.far.amount[anchor]))
            of_sign = np.maximum(self.near.amount[rows] * sign, 0)
            least = abs(int(self.far.amount[anchor])) * (1 - self.work.settings.max_fee_rate)
            enough &= np.add.reduceat(of_sign, start) >= least
        which = np.flatnonzero(enough)
        if not len(which):
            return []
        anchors = np.full(len(which), anchor, dtype=np.int64)
        which = which[may_answer(self.near, rows[start[which]], key, self.far, anchors)]
        if len(which) > _MOST_PILES:
            self._bound(anchor, f"候选组 {len(which)} 个", f"{len(which)} groups")
            return []
        return [np.sort(rows[start[i] : start[i] + size[i]]) for i in which.tolist()]

    def _near(self, anchor: int) -> Ints:
        """Open rows within the window of a row, on its account. The rows of a side stand in the order of their days."""
        day, near = int(self.far.day[anchor]), self.near
        start, stop = np.searchsorted(self.days, [day - self.work.window, day + self.work.window + 1])
        rows = self.left[start:stop]
        rows = rows[near.open[rows]]
        account, theirs = self.far.codes["account"][anchor], near.codes["account"][rows]
        return rows if account == 0 else rows[(theirs == account) | (theirs == 0)]

    def _subsets(self, rows: Ints, anchor: int) -> tuple[list[tuple[tuple[int, ...], float]], bool]:
        """Sets of rows that are the amount, to the fen or at a rate already seen, and that chance would not make."""
        # Of equal amounts the one of the nearest day is the first.
        rows = rows[np.argsort(np.abs(self.near.day[rows] - self.far.day[anchor]), kind="stable")]
        amounts = self.near.amount[rows] * int(np.sign(self.far.amount[anchor]))
        most = min(self.work.settings.subset_rows, len(rows))
        found: list[tuple[tuple[int, ...], float]] = []
        searched = True
        for low, high in self._targets(rows, anchor):
            if int(amounts[amounts > 0].sum()) < low:
                continue
            hits = expected_hits(amounts, most, high - low + 1)
            sizes = [k for k in hits if hits[k] < self.work.settings.chance]
            searched &= len(sizes) == len(hits)
            if sizes:
                chosen = sums_between(amounts, low, high, sizes)
                found += [(tuple(sorted(rows[list(at)].tolist())), hits[len(at)]) for at in chosen]
        return found, searched

    def _targets(self, rows: Ints, anchor: int) -> Iterator[tuple[int, int]]:
        target, settings = abs(int(self.far.amount[anchor])), self.work.settings
        yield target, target
        gross = set(self.near.codes["gross"][rows].tolist())
        own = int(self.far.codes["gross"][anchor])
        for channel, rates in sorted(self.work.rates.items()):
            for rate in sorted(rates):
                least, most = max(rate - settings.rate_step, 0.0), min(rate + settings.rate_step, settings.max_fee_rate)
                if gross == {channel}:
                    yield int(target / (1 - least)), int(target / (1 - most)) + 1
                elif gross == {0} and own == channel:
                    yield int(target * (1 - most)), int(target * (1 - least)) + 1


def sums_between(amounts: Ints, low: int, high: int, sizes: Collection[int]) -> list[tuple[int, ...]]:
    """Positions of amounts whose sum lies between two bounds; equal amounts stand for each other, the first first."""
    if len(amounts) <= _FEW:
        return _all_of_few(amounts, low, high, sizes)
    order = np.argsort(amounts, kind="stable")
    half = len(order) // 2
    one, other = _all_sums(amounts, order[:half], max(sizes)), _all_sums(amounts, order[half:], max(sizes))
    by_sum = np.argsort(other.total, kind="stable")
    totals = other.total[by_sum]
    start, stop = np.searchsorted(totals, low - one.total, "left"), np.searchsorted(totals, high - one.total, "right")
    found: dict[tuple[int, ...], tuple[int, ...]] = {}
    for i in np.flatnonzero(stop > start).tolist():
        for j in by_sum[start[i] : stop[i]].tolist():
            if int(one.size[i] + other.size[j]) in sizes:
                _keep_first(found, amounts, one.positions(i) + other.positions(j))
        if len(found) > _MOST_SOLUTIONS:
            break
    return list(found.values())


@lru_cache(maxsize=_FEW + 1)
def _choices(number: int) -> npt.NDArray[np.int64]:
    """Every choice among so many rows: one a line, 1 = taken."""
    return np.arange(1 << number)[:, None] >> np.arange(number) & 1


def _all_of_few(amounts: Ints, low: int, high: int, sizes: Collection[int]) -> list[tuple[int, ...]]:
    choices = _choices(len(amounts))
    total = choices @ amounts
    found: dict[tuple[int, ...], tuple[int, ...]] = {}
    for line in np.flatnonzero((total >= low) & (total <= high)).tolist():
        at = np.flatnonzero(choices[line]).tolist()
        if len(at) in sizes:
            _keep_first(found, amounts, at)
    return list(found.values())


def _keep_first(found: dict[tuple[int, ...], tuple[int, ...]], amounts: Ints, at: list[int]) -> None:
    key, chosen = tuple(sorted(amounts[at].tolist())), tuple(sorted(at))
    found[key] = min(found.get(key, chosen), chosen)


@dataclass(frozen=True, slots=True)
class _Half:
    """All sums of one half of the amounts; `mask` says which of `order` each is of."""

    order: Ints
    total: Ints
    mask: Ints
    size: Ints

    def positions(self, which: int) -> list[int]:
        """The positions that a sum is of."""
        mask = int(self.mask[which])
        return [int(at) for bit, at in enumerate(self.order.tolist()) if mask >> bit & 1]


def _all_sums(amounts: Ints, order: Ints, most: int) -> _Half:
    """Of equal amounts only the first few are taken, never the second without the first."""
    total = mask = size = np.zeros(1, dtype=np.int64)
    values, first, count = np.unique(amounts[order], return_index=True, return_counts=True)
    for value, start, number in zip(values.tolist(), first.tolist(), count.tolist(), strict=True):
        takes = range(min(number, most) + 1)
        total = np.concatenate([total + value * take for take in takes])
        size = np.concatenate([size + take for take in takes])
        mask = np.concatenate([mask | (((1 << take) - 1) << start) for take in takes])
        keep = size <= most
        total, mask, size = total[keep], mask[keep], size[keep]
    return _Half(order, total, mask, size)
