"""Passes 5 and 6, searched: some of the rows that belong together are the sum, and chance would not make it."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace

import numpy as np

from auditkit.reconcile.matching.chance import expected_hits
from auditkit.reconcile.matching.packing import Sum, choose
from auditkit.reconcile.matching.sides import NO_CHANNEL, Ints, Side
from auditkit.reconcile.matching.texts import ALIKE, Words
from auditkit.reconcile.matching.totals import CONTRACT, KIND, PARTY, piles_of
from auditkit.reconcile.matching.work import Bound, Work
from auditkit.reconcile.names import one_contains_other

_WORDS = "words"
_SHARED = {
    PARTY: ("同一相对方", "of one counterparty"),
    CONTRACT: ("同一合同", "of one contract"),
    KIND: ("同一类别及结算方式", "of one category and method"),
    _WORDS: ("摘要所指同一方", "whose words name one party"),
}
_MOST_PILES = 40
"""Piles that a row which names nobody is searched in, at the most."""
_MOST_SOLUTIONS = 64
_ROUNDS = 12


@dataclass(frozen=True, slots=True)
class _Pool:
    """Rows among which a sum is searched, and what they share."""

    rows: Ints
    key: str


def passes_5_6_searched(work: Work) -> None:
    """Sums of some rows: those with one answer first, until nothing more is certain."""
    words = Words(work.one, work.other, work.window)
    bounds: dict[tuple[str, int], Bound] = {}
    for _ in range(_ROUNDS):
        bounds.clear()
        certain: list[Sum] = []
        unsure: list[list[Sum]] = []
        for near, far, many_is_one in work.sides():
            for anchor in far.left().tolist():
                found = _answers(work, near, far, anchor, many_is_one, words, bounds)
                if len(found) == 1:
                    certain += found
                elif found:
                    unsure.append(found)
        taken, doubtful = choose(work.one, work.other, sorted(set(certain), key=lambda s: (s.one, s.other)))
        work.take_sums("5", taken)
        if not taken:
            work.doubtful += [("5", part) for part in (*doubtful, *unsure)]
            break
    work.bounds += bounds.values()


def _answers(
    work: Work,
    near: Side,
    far: Side,
    anchor: int,
    many_is_one: bool,
    words: Words,
    bounds: dict[tuple[str, int], Bound],
) -> list[Sum]:
    """The sums that are this row, one for each set of amounts that they leave over."""
    found: dict[tuple[int, ...], Sum] = {}
    for pool in _pools(work, near, far, anchor, words, bounds):
        if len(pool.rows) > work.settings.subset_candidates:
            number = len(pool.rows)
            bounds[far.name, anchor] = Bound(
                "5" if many_is_one else "6",
                far.name,
                anchor,
                f"未搜索：候选 {number} 条",
                f"not searched, {number} candidates",
            )
            continue
        for rows, hits in _subsets(work, near, pool.rows, far, anchor):
            zh, en = _SHARED[pool.key]
            sum_ = _as_sum(near, rows, far, anchor, many_is_one)
            sum_ = replace(
                sum_,
                note=f"{zh} {len(rows)} 笔合计，偶然相符的期望 {hits:.2g} 次",
                note_en=f"{len(rows)} rows {en}, {hits:.2g} hits to be expected by chance",
            )
            amounts = tuple(sorted(near.amount[list(rows)].tolist()))
            found[amounts] = min(found.get(amounts, sum_), sum_, key=lambda s: (s.days, s.one, s.other))
    return list(found.values())


def _as_sum(near: Side, rows: tuple[int, ...], far: Side, anchor: int, many_is_one: bool) -> Sum:
    total = int(near.amount[list(rows)].sum())
    days = int(np.abs(near.day[list(rows)] - far.day[anchor]).sum())
    fee = abs(abs(total) - abs(int(far.amount[anchor])))
    return Sum(rows, (anchor,), fee, days) if many_is_one else Sum((anchor,), rows, fee, days)


def _pools(
    work: Work, near: Side, far: Side, anchor: int, words: Words, bounds: dict[tuple[str, int], Bound]
) -> Iterator[_Pool]:
    """Open rows of the window and the account that share the counterparty, the contract, or category and method."""
    rows = _near(work, near, far, anchor)
    if len(rows) < 2:
        return
    party, contract = int(far.codes["party"][anchor]), int(far.codes["contract_no"][anchor])
    unnamed = party == 0 or far.codes["payee_channel"][anchor] != NO_CHANNEL
    same_sign = rows[np.sign(near.amount[rows]) == np.sign(far.amount[anchor])]
    yield from _of_party(near, rows, far, anchor, unnamed=unnamed, bounds=bounds)
    if contract:
        of = rows[near.codes["contract_no"][rows] == contract]
        yield _Pool(of, CONTRACT)
    elif near.codes["contract_no"][rows].any():
        for pile in _some(piles_of(near, rows, CONTRACT), far, anchor, bounds):
            yield _Pool(pile, CONTRACT)
    for pile in piles_of(near, same_sign, KIND):
        gross, channel = int(near.codes["gross"][pile[0]]), int(far.codes["channel"][anchor])
        if channel in (NO_CHANNEL, 0) or not gross or gross == channel:
            yield _Pool(pile, KIND)
    alike, likeness = words.of(anchor, mine=far is work.one)
    keep = np.isin(alike, same_sign)
    alike, likeness = alike[keep], likeness[keep]
    if len(alike) > 1:
        yield _Pool(np.sort(alike[likeness >= ALIKE * likeness.max()]), _WORDS)


def _of_party(
    near: Side, rows: Ints, far: Side, anchor: int, *, unnamed: bool, bounds: dict[tuple[str, int], Bound]
) -> Iterator[_Pool]:
    party = near.codes["party"]
    if unnamed:
        for pile in _some(piles_of(near, rows, PARTY), far, anchor, bounds):
            yield _Pool(pile, PARTY)
        return
    own, name = int(far.codes["party"][anchor]), str(far.words["party"][anchor])
    codes = np.unique(party[rows][party[rows] > 0]).tolist()
    for code in codes:
        of = rows[party[rows] == code]
        if len(of) > 1 and (code == own or one_contains_other(name, str(near.words["party"][of[0]]))):
            yield _Pool(of, PARTY)


def _some(piles: Iterator[Ints], far: Side, anchor: int, bounds: dict[tuple[str, int], Bound]) -> list[Ints]:
    found = list(piles)
    if len(found) <= _MOST_PILES:
        return found
    number = len(found)
    code = "5" if far.name == "statement" else "6"
    bounds[far.name, anchor] = Bound(
        code, far.name, anchor, f"未搜索：候选组 {number} 个", f"not searched, {number} groups"
    )
    return []


def _near(work: Work, near: Side, far: Side, anchor: int) -> Ints:
    """Open rows within the window of a row, on its account. The rows of a side stand in the order of their days."""
    day = int(far.day[anchor])
    start, stop = np.searchsorted(near.day, [day - work.window, day + work.window + 1])
    rows = np.arange(start, stop)
    rows = rows[near.open[rows]]
    account, theirs = far.codes["account"][anchor], near.codes["account"][rows]
    return rows if account == 0 else rows[(theirs == account) | (theirs == 0)]


def _subsets(work: Work, near: Side, rows: Ints, far: Side, anchor: int) -> Iterator[tuple[tuple[int, ...], float]]:
    """Sets of rows that are the row's amount, to the fen or at a rate already seen, and that chance would not make."""
    # Of equal amounts the one of the nearest day is the first.
    rows = rows[np.argsort(np.abs(near.day[rows] - far.day[anchor]), kind="stable")]
    amounts = near.amount[rows] * int(np.sign(far.amount[anchor]))
    target = abs(int(far.amount[anchor]))
    for low, high in _targets(work, near, rows, far, anchor, target):
        width = high - low + 1
        most = min(work.settings.subset_rows, len(rows))
        sizes = {
            k: hits for k in range(2, most + 1) if (hits := expected_hits(amounts, k, width)) < work.settings.chance
        }
        if not sizes or int(amounts[amounts > 0].sum()) < low:
            continue
        for chosen in sums_between(amounts, low, high, sizes):
            yield tuple(sorted(rows[list(chosen)].tolist())), sizes[len(chosen)]


def _targets(work: Work, near: Side, rows: Ints, far: Side, anchor: int, target: int) -> Iterator[tuple[int, int]]:
    yield target, target
    step = work.settings.rate_step
    gross = set(near.codes["gross"][rows].tolist())
    for channel, rates in sorted(work.rates.items()):
        for rate in sorted(rates):
            least, most = max(rate - step, 0.0), min(rate + step, work.settings.max_fee_rate)
            if most <= 0:
                continue
            if gross == {channel}:
                low, high = int(target / (1 - least)), int(target / (1 - most)) + 1
            elif int(far.codes["gross"][anchor]) == channel:
                low, high = int(target * (1 - most)), int(target * (1 - least)) + 1
            else:
                continue
            yield low, high


def sums_between(amounts: Ints, low: int, high: int, sizes: Collection[int]) -> list[tuple[int, ...]]:
    """Positions of amounts whose sum lies between two bounds; equal amounts stand for each other, the first first."""
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
