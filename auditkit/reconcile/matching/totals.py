"""Passes 5 and 6 for whole days, weeks and months, and pass 7: totals of either side."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from auditkit.reconcile.matching.bands import at_rate, in_band
from auditkit.reconcile.matching.packing import Sum, choose
from auditkit.reconcile.matching.periods import (
    Stretches,
    answered_by,
    as_sum,
    by_account,
    piles,
    runs_of_days,
    whole_periods,
)
from auditkit.reconcile.matching.sides import NO_CHANNEL, Ints, Side
from auditkit.reconcile.matching.work import Work
from auditkit.reconcile.names import one_contains_other

PARTY, CONTRACT, KIND = "party", "contract", "kind"
_KEYS = {
    PARTY: ("同一相对方", "one counterparty"),
    CONTRACT: ("同一合同", "one contract"),
    KIND: ("同一类别及结算方式", "one category and method"),
}
_PERIODS = {"D": ("整日", "whole days"), "W": ("整周", "a whole week"), "M": ("整月", "a whole month")}


def passes_5_6_whole(work: Work) -> None:
    """One row that is whole days, then whole weeks, then whole months of rows that share something."""
    for period in _PERIODS:
        for known_rates in (True, False):
            sums = sorted(set(_candidates(work, period, known_rates=known_rates)), key=lambda s: (s.one, s.other))
            taken, doubtful = choose(work.one, work.other, sums)
            work.take_sums("5", taken)
            work.doubtful += [("5", part) for part in doubtful]


def piles_of(side: Side, rows: Ints, key: str) -> Iterator[Ints]:
    """Open rows of one direction that share the counterparty, the contract, or the category and method."""
    codes = side.codes
    sign = np.sign(side.amount)
    if key == PARTY:
        yield from piles(side, rows[(codes["party"][rows] > 0)], [sign, codes["party"]])
    elif key == CONTRACT:
        yield from piles(side, rows[codes["contract_no"][rows] > 0], [sign, codes["contract_no"]])
    else:
        named = (codes["category"][rows] > 0) | (codes["method"][rows] > 0)
        yield from piles(side, rows[named], [side.direction, codes["category"], codes["method"]])


def may_answer(near: Side, pile: Ints, key: str, far: Side, anchors: Ints) -> Ints:
    """Rows of the other side that nothing in their names forbids to be a sum of this pile."""
    first = int(pile[0])
    if key == PARTY:
        name, mine = str(near.words["party"][first]), int(near.codes["party"][first])
        party = far.codes["party"][anchors]
        free = (party == 0) | (party == mine) | (far.codes["payee_channel"][anchors] != NO_CHANNEL)
        for code in np.unique(party[~free]).tolist():
            row = anchors[party == code][0]
            if one_contains_other(name, str(far.words["party"][row])):
                free |= party == code
        return anchors[free]
    if key == CONTRACT:
        contract = far.codes["contract_no"][anchors]
        return anchors[(contract == 0) | (contract == near.codes["contract_no"][first])]
    keep = np.ones(len(anchors), dtype=bool)
    for code in ("category", "method"):
        theirs = far.codes[code][anchors]
        keep &= (theirs == 0) | (theirs == near.codes[code][first])
    gross, channel = int(near.codes["gross"][first]), far.codes["channel"][anchors]
    keep &= (channel == NO_CHANNEL) | (channel == 0) | (gross in (0,)) | (channel == gross)
    return anchors[keep]


def _candidates(work: Work, period: str, *, known_rates: bool) -> Iterator[Sum]:
    for near, far, many_is_one in work.sides():
        for key, (zh, en) in _KEYS.items():
            mine, theirs = near.left(), far.left()
            if len(mine) < 2 or not len(theirs):
                continue
            for rows, anchors in by_account(near, far, mine, theirs):
                for pile in piles_of(near, rows, key):
                    allowed = may_answer(near, pile, key, far, anchors)
                    notes = f"{zh}{_PERIODS[period][0]}合计", f"{_PERIODS[period][1]} of {en}"
                    yield from _of_pile(work, near, far, pile, allowed, period, many_is_one, known_rates, notes)


def _of_pile(
    work: Work,
    near: Side,
    far: Side,
    pile: Ints,
    anchors: Ints,
    period: str,
    many_is_one: bool,
    known_rates: bool,
    notes: tuple[str, str],
) -> Iterator[Sum]:
    settings, window = work.settings, work.window
    if period == "D":
        stretches = runs_of_days(near, pile, min(settings.batch_days, 2 * window + 1))
        offsets = range(-window, window + 1)
    else:
        stretches = whole_periods(near, pile, period)
        offsets = range(settings.settle_days + 1)
    several = stretches.stop - stretches.start > 1
    for gross_rows, channel in _fee_bearing(near, far, pile, anchors):
        if channel:
            fee = settings.max_fee_rate
        elif known_rates:
            fee = 0.0
        else:
            continue
        part = anchors if not channel or gross_rows else anchors[far.codes["gross"][anchors] == channel]
        which, found = answered_by(near, stretches, far, part, offsets=offsets, fee_rate=fee, many_is_gross=gross_rows)
        keep = several[which]
        if period == "D":
            keep &= far.day[found] - stretches.first[which] <= window
        if channel:
            keep &= _seen(work, near, far, stretches, which, found, channel, gross_rows) == known_rates
        for i, anchor in zip(which[keep].tolist(), found[keep].tolist(), strict=True):
            yield as_sum(near, stretches, i, far, anchor, many_is_one=many_is_one, rank=0, notes=notes)


def _fee_bearing(near: Side, far: Side, pile: Ints, anchors: Ints) -> Iterator[tuple[bool, int]]:
    """Whether the pile, or its anchor, is gross of a channel's fee, and of which channel; 0 = no fee at all."""
    codes = np.unique(near.codes["gross"][pile]).tolist()
    if codes == [0]:
        yield True, 0
        for channel in np.unique(far.codes["gross"][anchors]).tolist():
            if channel:
                yield False, channel
    else:
        yield True, codes[0] if len(codes) == 1 else 0


def _seen(
    work: Work, near: Side, far: Side, stretches: Stretches, which: Ints, found: Ints, channel: int, gross_rows: bool
) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    """Whether a sum's rate is nought, or one that the case has already seen for the channel."""
    total, amount = np.abs(stretches.total[which]), np.abs(far.amount[found])
    gross, net = (total, amount) if gross_rows else (amount, total)
    rows = stretches.stop[which] - stretches.start[which]
    seen = gross == net
    for rate in work.rates.get(channel, set[float]()):
        seen |= at_rate(gross, net, rows, rate, work.settings.rate_step)
    return seen


def pass_7(work: Work) -> None:
    """Many to many: the totals of a day, then of a week, agree on both sides."""
    for period in ("D", "W"):
        sums = sorted(set(_equal_totals(work, period)), key=lambda s: (s.one, s.other))
        taken, doubtful = choose(work.one, work.other, sums)
        work.take_sums("7", taken)
        work.doubtful += [("7", part) for part in doubtful]


def _equal_totals(work: Work, period: str) -> Iterator[Sum]:
    one, other = work.one, work.other
    for mine, theirs, (zh, en) in _common_keys(one, other):
        notes = f"{zh}{_PERIODS[period][0]}双方合计相等", f"totals of {_PERIODS[period][1]} of {en} agree"
        left, right = one.left(), other.left()
        left, right = left[mine[left] > 0], right[theirs[right] > 0]
        shared = np.intersect1d(mine[left], theirs[right])
        left, right = left[np.isin(mine[left], shared)], right[np.isin(theirs[right], shared)]
        for rows, partners in by_account(one, other, left, right):
            for key in np.intersect1d(mine[rows], theirs[partners]).tolist():
                yield from _pairs_of_totals(
                    one, other, rows[mine[rows] == key], partners[theirs[partners] == key], period, notes
                )


def _common_keys(one: Side, other: Side) -> Iterator[tuple[Ints, Ints, tuple[str, str]]]:
    """What rows of both sides may have in common: a code a row of either side, 0 = nothing."""
    yield one.codes["party"], other.codes["party"], _KEYS[PARTY]
    size = 1 + max(int(side.codes["method"].max(initial=0)) for side in (one, other))
    yield (*(side.codes["category"] * size + side.codes["method"] for side in (one, other)), _KEYS[KIND])
    for gross, named in ((one, other), (other, one)):
        channel = np.where(named.codes["gross"] == 0, np.maximum(named.codes["channel"], 0), 0)
        own = gross.codes["gross"]
        for category in np.unique(gross.codes["category"]).tolist():
            part = np.where(gross.codes["category"] == category, own, 0)
            yield (part, channel, _KEYS[KIND]) if gross is one else (channel, part, _KEYS[KIND])


def _pairs_of_totals(
    one: Side, other: Side, pile: Ints, rows: Ints, period: str, notes: tuple[str, str]
) -> Iterator[Sum]:
    for sign in (1, -1):
        a, b = pile[np.sign(one.amount[pile]) == sign], rows[np.sign(other.amount[rows]) == sign]
        if len(a) + len(b) < 3 or not len(a) or not len(b):
            continue
        mine, theirs = (
            runs_of_days(side, part, 1) if period == "D" else whole_periods(side, part, period)
            for side, part in ((one, a), (other, b))
        )
        own, far = np.abs(mine.total), np.abs(theirs.total)
        for i, j in zip(*in_band(mine.last, own, own, theirs.last, far, range(1)), strict=True):
            left = tuple(sorted(mine.rows[mine.start[i] : mine.stop[i]].tolist()))
            right = tuple(sorted(theirs.rows[theirs.start[j] : theirs.stop[j]].tolist()))
            yield Sum(left, right, 0, 0, 0, *notes)
