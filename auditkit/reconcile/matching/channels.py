"""Pass 2b: one row that is whole days of one channel, either way round, at one constant rate.

With it long runs, as weeks and months of passes 5 and 6: the days of one rhythm, whatever weekday it begins on.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from auditkit.reconcile.matching.bands import at_rate, most_frequent_rate
from auditkit.reconcile.matching.fees import channel_agrees
from auditkit.reconcile.matching.packing import Sum, choose
from auditkit.reconcile.matching.pairs import FINE, Edges, pair_up, same_account
from auditkit.reconcile.matching.periods import Stretches, answered_by, as_sum, by_account, runs_of_days
from auditkit.reconcile.matching.sides import NO_CHANNEL, Bools, Ints, Side
from auditkit.reconcile.matching.work import Work

_RATES = 4
"""Constant rates that one channel may have had, at the most."""


@dataclass(frozen=True, slots=True)
class _Stage:
    """`long`: runs of up to a month; `later`: a settlement may hold money that is booked on a later day."""

    long: bool
    later: bool


_STAGES = (_Stage(long=False, later=False), _Stage(long=True, later=False), _Stage(long=False, later=True))
"""A settlement holds no later day's money: only where no rhythm explains it, it is asked of what is booked later."""


@dataclass(frozen=True, slots=True)
class _Stream:
    """Whole days of a channel's rows on one side, and the rows on the other that may be their sums."""

    many_is_one: bool
    many_is_gross: bool
    stretches: Stretches
    which: Ints
    anchors: Ints


def pass_2b(work: Work) -> None:
    """Each channel's batches, where whole days explain more of its settlements than single rows do."""
    work.batched = np.zeros(len(work.one), dtype=bool), np.zeros(len(work.other), dtype=bool)
    for stage in _STAGES:
        for channel in Work.CHANNELS:
            for round_ in range(_RATES):
                if not _at_best_rate(work, channel, first=not round_, stage=stage):
                    break


def _at_best_rate(work: Work, channel: int, *, first: bool, stage: _Stage) -> bool:
    streams = list(_streams(work, channel, stage))
    if not streams:
        return False
    parts = [_amounts(work, stream) for stream in streams]
    gross, net, rows, anchor = (np.concatenate([part[i] for part in parts]) for i in range(4))
    rate, support = most_frequent_rate(gross, net, rows, anchor, work.settings.max_fee_rate)
    if support < _needed(work, channel, rate, first=first):
        return False
    sums = {s for stream, part in zip(streams, parts, strict=True) for s in _sums(work, channel, stream, part, rate)}
    taken, doubtful = choose(work.one, work.other, sorted(sums, key=lambda s: (s.one, s.other)))
    several = [s for s in taken if len(s.one) + len(s.other) > 2]
    if not several or len(taken) < _single_pairs(work, channel, rate):
        return False
    code = "5" if stage.long else "2b"
    work.take_sums(code, taken)
    work.doubtful += [(code, part) for part in doubtful]
    work.rates.setdefault(channel, set()).add(rate)
    _mark_batches(work, channel, several)
    return True


def _needed(work: Work, channel: int, rate: float, *, first: bool) -> int:
    """Sums that a rate must explain: among many settlements two or three agree on some rate by chance.

    Counted on the side that has fewer rows: a week's booking is one sum of seven settlements.
    """
    named, gross = (
        sum(int((side.open & _of_channel(side, channel, gross=of)).sum()) for side in (work.one, work.other))
        for of in (False, True)
    )
    least = 1 if rate == 0 else 2 if first else 3
    return max(least, -(-min(named, gross) // 4))


def _streams(work: Work, channel: int, stage: _Stage) -> Iterator[_Stream]:
    """Runs of days that may be one row.

    A run keeps the window from its first day to its last, a long one with its last day alone.
    """
    window = work.window
    longest = work.settings.booking_days if stage.long else min(work.settings.batch_days, 2 * window + 1)
    for near, far, many_is_one in work.sides():
        for many_is_gross in (True, False):
            offsets = range(0 if many_is_gross and not stage.later else -window, window + 1)
            mine = np.flatnonzero(near.open & _of_channel(near, channel, gross=many_is_gross))
            theirs = np.flatnonzero(far.open & _of_channel(far, channel, gross=not many_is_gross, silent=many_is_gross))
            if len(mine) < 2 or not len(theirs):
                continue
            for rows, anchors in by_account(near, far, mine, theirs):
                for key in _keys(near, rows, gross=many_is_gross):
                    stretches = runs_of_days(near, rows, key, longest)
                    which, found = answered_by(
                        stretches, far, anchors, offsets=offsets,
                        fee_rate=work.settings.max_fee_rate, many_is_gross=many_is_gross,
                    )  # fmt: skip
                    keep = (far.day[found] - stretches.first[which] <= window) | stage.long
                    if keep.any():
                        yield _Stream(many_is_one, many_is_gross, stretches, which[keep], found[keep])


def _of_channel(side: Side, channel: int, *, gross: bool, silent: bool = False) -> Bools:
    """Rows paid through a channel (gross), or rows that name it as the payer; `silent`: or that name nobody."""
    if gross:
        return side.codes["gross"] == channel
    named = (side.codes["channel"] != NO_CHANNEL) & channel_agrees(
        np.full(len(side), channel, dtype=np.int64), side.codes["channel"]
    )
    if silent:
        named |= (side.codes["party"] == 0) & (side.codes["channel"] == NO_CHANNEL)
    return named & (side.codes["gross"] == 0)


def _keys(side: Side, rows: Ints, *, gross: bool) -> Iterator[Ints]:
    """Rows of one direction: all together, and by category; a channel's own rows by account."""
    direction = (side.direction[rows] > 0).astype(np.int64)
    if not gross:
        yield side.codes["account"][rows] * 2 + direction
        return
    yield direction
    category = side.codes["category"][rows]
    if len(np.unique(category * 2 + direction)) > len(np.unique(direction)):
        yield category * 2 + direction


def _amounts(work: Work, stream: _Stream) -> tuple[Ints, Ints, Ints, Ints]:
    """Gross, net, number of gross rows and the anchor of each candidate."""
    far = work.other if stream.many_is_one else work.one
    total = np.abs(stream.stretches.total[stream.which])
    amount = np.abs(far.amount[stream.anchors])
    rows = stream.stretches.size()[stream.which]
    gross, net = (total, amount) if stream.many_is_gross else (amount, total)
    return gross, net, rows, stream.anchors if stream.many_is_one else -1 - stream.anchors


def _sums(work: Work, channel: int, stream: _Stream, part: tuple[Ints, Ints, Ints, Ints], rate: float) -> Iterator[Sum]:
    near, far = (work.one, work.other) if stream.many_is_one else (work.other, work.one)
    gross, net, rows, _ = part
    zh, en = Work.CHANNELS[channel]
    for i in np.flatnonzero(at_rate(gross, net, rows, rate)).tolist():
        notes = f"{zh}整日合计，费率 {rate:.2%}", f"whole days of {en}, rate {rate:.2%}"
        yield as_sum(
            near, stream.stretches, int(stream.which[i]), far, int(stream.anchors[i]),
            many_is_one=stream.many_is_one, notes=notes,
        )  # fmt: skip


def _single_pairs(work: Work, channel: int, rate: float) -> int:
    """How many of the channel's rows single rows would explain at the same rate."""
    count = 0
    for near, far, _ in work.sides():
        mine = np.flatnonzero(near.open & (near.codes["gross"] == channel))
        theirs = np.flatnonzero(far.open & _of_channel(far, channel, gross=False))
        if not len(mine) or not len(theirs):
            continue
        each = np.arange(len(mine))
        stretches = Stretches(mine, each, each + 1, near.day[mine], near.day[mine], near.amount[mine])
        which, found = answered_by(
            stretches, far, theirs, offsets=range(-work.window, work.window + 1),
            fee_rate=work.settings.max_fee_rate, many_is_gross=True,
        )  # fmt: skip
        a = mine[which]
        gross, net = np.abs(near.amount[a]), np.abs(far.amount[found])
        on = at_rate(gross, net, np.ones(len(a), dtype=np.int64), rate)
        edges = Edges(a[on], found[on], np.abs(near.day[a[on]] - far.day[found[on]]))
        edges = edges.keep(same_account(near, far, edges))
        pairs, _ = pair_up(near, far, edges, lambda e: e.days * FINE)
        count += len(pairs)
    return count


def _mark_batches(work: Work, channel: int, several: list[Sum]) -> None:
    """All rows of the channel, category and account that these sums are of: they are no rows for the loose passes."""
    for side, mark, rows in (
        (work.one, work.batched[0], [row for s in several for row in s.one]),
        (work.other, work.batched[1], [row for s in several for row in s.other]),
    ):
        at = np.array(rows, dtype=np.int64)
        gross = side.codes["gross"] == channel
        own = gross & np.isin(side.codes["category"], side.codes["category"][at[gross[at]]])
        named = ~gross & _of_channel(side, channel, gross=False)
        mark |= own | (named & np.isin(side.codes["account"], side.codes["account"][at[~gross[at]]]))
