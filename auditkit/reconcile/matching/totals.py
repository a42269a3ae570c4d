"""Passes 5 and 6 for whole days, weeks and months, and pass 7: totals of either side."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import numpy as np

from auditkit.reconcile.matching.bands import at_rate, in_band
from auditkit.reconcile.matching.packing import Sum, choose
from auditkit.reconcile.matching.periods import (
    Stretches,
    accounts_alike,
    answered_by,
    as_sum,
    by_account,
    runs_of_days,
    whole_periods,
)
from auditkit.reconcile.matching.piles import CONTRACT, KIND, PARTY, keys_of, may_answer
from auditkit.reconcile.matching.sides import Bools, Ints, Side
from auditkit.reconcile.matching.work import Work

_SHARED: Final = {
    PARTY: ("同一相对方", "one counterparty"),
    CONTRACT: ("同一合同", "one contract"),
    KIND: ("同一类别及结算方式", "one category and method"),
}
_PERIODS: Final = {"D": ("整日", "whole days"), "W": ("整周", "a whole week"), "M": ("整月", "a whole month")}


def passes_5_6_whole(work: Work) -> None:
    """One row that is whole days, then whole weeks, then whole months of rows that share something."""
    for period in _PERIODS:
        for known_rate in (True, False):
            _take(work, "5", _sums(work, period, known_rate=known_rate))


def pass_7(work: Work) -> None:
    """Many to many: the totals of a day, then of a week, agree on both sides."""
    for period in ("D", "W"):
        _take(work, "7", _equal_totals(work, period))


def _take(work: Work, code: str, found: Iterator[Sum]) -> None:
    sums = {(s.one, s.other): s for s in reversed(list(found))}
    taken, doubtful = choose(work.one, work.other, [sums[key] for key in sorted(sums)])
    work.take_sums(code, taken)
    work.doubtful += [(code, part) for part in doubtful]


def _sums(work: Work, period: str, *, known_rate: bool) -> Iterator[Sum]:
    for near, far, many_is_one in work.sides():
        for key, (zh, en) in _SHARED.items():
            codes = keys_of(near, key)
            mine, theirs = np.flatnonzero(near.open & (codes > 0)), far.left()
            notes = f"{zh}{_PERIODS[period][0]}合计", f"{_PERIODS[period][1]} of {en}"
            for rows, anchors in by_account(near, far, mine, theirs):
                stretches = _of_period(work, near, rows, codes[rows], period)
                stretches = stretches.keep(stretches.size() > 1)
                for which, found in _answers(work, near, far, stretches, anchors, period, known_rate=known_rate):
                    keep = may_answer(near, stretches.row()[which], key, far, found)
                    for i, anchor in zip(which[keep].tolist(), found[keep].tolist(), strict=True):
                        yield as_sum(near, stretches, i, far, anchor, many_is_one=many_is_one, notes=notes)


def _of_period(work: Work, side: Side, rows: Ints, key: Ints, period: str) -> Stretches:
    if period == "D":
        return runs_of_days(side, rows, key, work.settings.batch_days)
    return whole_periods(side, rows, key, period)


def _answers(
    work: Work, near: Side, far: Side, stretches: Stretches, anchors: Ints, period: str, *, known_rate: bool
) -> Iterator[tuple[Ints, Ints]]:
    """Stretches and their sums: to the fen, or net of a fee at a rate that is known, or else at any."""
    days = period == "D"
    offsets = range(-work.window, work.window + 1) if days else range(work.settings.settle_days + 1)
    channel = _channel(near, stretches)
    for gross, many_is_gross in ((channel, True), (far.codes["gross"][anchors], False)):
        for code in (0, *work.CHANNELS):
            if code == 0 and (not many_is_gross or not known_rate):
                continue
            part = (
                np.flatnonzero(gross == code if many_is_gross else channel == 0)
                if code
                else np.arange(len(stretches.start))
            )
            rows = anchors if many_is_gross else anchors[gross == code]
            if not len(part) or not len(rows):
                continue
            fee = work.settings.max_fee_rate if code else 0.0
            some = stretches.keep(part)
            which, found = answered_by(some, far, rows, offsets=offsets, fee_rate=fee, many_is_gross=many_is_gross)
            keep = np.ones(len(which), dtype=bool)
            if code:
                # At a fee, that leaves room for chance, a sum of days keeps the window with its first day too.
                keep &= (not days) | (far.day[found] - some.first[which] <= work.window)
                keep &= _known(work, far, some, which, found, code, many_is_gross=many_is_gross) == known_rate
            yield part[which[keep]], found[keep]


def _channel(side: Side, stretches: Stretches) -> Ints:
    """The channel through which all rows of a stretch were paid; 0 = none, -1 = several."""
    if not len(stretches.start):
        return stretches.start
    # reduceat goes from one bound to the next: every second result is a stretch, the rest what lies between.
    bounds = np.stack([stretches.start, np.minimum(stretches.stop, len(stretches.rows) - 1)], axis=1).ravel()
    gross = side.codes["gross"][stretches.rows]
    least, most = np.minimum.reduceat(gross, bounds)[::2], np.maximum.reduceat(gross, bounds)[::2]
    last = gross[stretches.stop - 1]
    least, most = np.minimum(least, last), np.maximum(most, last)
    return np.where(least == most, least, -1)


def _known(
    work: Work, far: Side, stretches: Stretches, which: Ints, found: Ints, channel: int, *, many_is_gross: bool
) -> Bools:
    """Whether a sum's rate is nought, or one that the case has already seen for the channel."""
    total, amount = np.abs(stretches.total[which]), np.abs(far.amount[found])
    gross, net = (total, amount) if many_is_gross else (amount, total)
    known = gross == net
    for rate in work.rates.get(channel, set[float]()):
        known |= at_rate(gross, net, stretches.size()[which], rate, work.settings.rate_step)
    return known


def _equal_totals(work: Work, period: str) -> Iterator[Sum]:
    one, other = work.one, work.other
    for mine, theirs, (zh, en) in _common_keys(work):
        notes = f"{zh}{_PERIODS[period][0]}双方合计相等", f"totals of {_PERIODS[period][1]} of {en} agree"
        left, right = np.flatnonzero(one.open & (mine > 0)), np.flatnonzero(other.open & (theirs > 0))
        for rows, partners in accounts_alike(one, other, left, right):
            a = _whole(one, rows, mine[rows] * 2 + (one.amount[rows] > 0), period)
            b = _whole(other, partners, theirs[partners] * 2 + (other.amount[partners] > 0), period)
            for i, j in _same_total(a, mine, b, theirs):
                if a.size()[i] + b.size()[j] > 2:
                    yield Sum(a.of(i), b.of(j), 0, 0, *notes)


def _whole(side: Side, rows: Ints, key: Ints, period: str) -> Stretches:
    return runs_of_days(side, rows, key, 1) if period == "D" else whole_periods(side, rows, key, period)


def _same_total(a: Stretches, mine: Ints, b: Stretches, theirs: Ints) -> Iterator[tuple[int, int]]:
    for sign in (1, -1):
        p, q = np.flatnonzero(a.total * sign > 0), np.flatnonzero(b.total * sign > 0)
        own = a.total[p] * sign
        i, j = in_band(a.last[p], own, own, b.last[q], b.total[q] * sign, range(1))
        i, j = p[i], q[j]
        same = mine[a.row()[i]] == theirs[b.row()[j]]
        yield from zip(i[same].tolist(), j[same].tolist(), strict=True)


def _common_keys(work: Work) -> Iterator[tuple[Ints, Ints, tuple[str, str]]]:
    """What rows of both sides may have in common: a code a row of either side, 0 = nothing."""
    one, other = work.one, work.other
    yield one.codes["party"], other.codes["party"], _SHARED[PARTY]
    size = 1 + max(int(side.codes["method"].max(initial=0)) for side in (one, other))
    kinds = [side.codes["category"] * size + side.codes["method"] for side in (one, other)]
    yield kinds[0], kinds[1], _SHARED[KIND]
    for gross, named in ((one, other), (other, one)):
        channel = np.where(named.codes["gross"] == 0, np.maximum(named.codes["channel"], 0), 0)
        for category in np.unique(gross.codes["category"][gross.open & (gross.codes["gross"] > 0)]).tolist():
            part = np.where(gross.codes["category"] == category, gross.codes["gross"], 0)
            first, second = (part, channel) if gross is one else (channel, part)
            yield first, second, _SHARED[KIND]
