"""Whole days, weeks and months of rows that belong together, and the row on the other side that is their sum."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd

from auditkit.reconcile.matching.bands import in_band
from auditkit.reconcile.matching.packing import Sum
from auditkit.reconcile.matching.sides import Ints, Side


@dataclass(frozen=True, slots=True)
class Stretches:
    """Stretches of whole days of one pile of rows.

    Shape: arrays of one length; `start` and `stop` are positions in `rows`, which is sorted by day.
    """

    rows: Ints
    start: Ints
    stop: Ints
    first: Ints
    last: Ints
    total: Ints

    def __len__(self) -> int:
        return len(self.start)


def runs_of_days(side: Side, rows: Ints, longest: int) -> Stretches:
    """Every run of up to so many calendar days, from a day that has rows to a day that has rows."""
    rows = rows[np.argsort(side.day[rows], kind="stable")]
    days, at = np.unique(side.day[rows], return_index=True)
    ends = np.append(at[1:], len(rows))
    starts: list[Ints] = []
    stops: list[Ints] = []
    for step in range(min(longest, len(days))):
        i = np.arange(len(days) - step)
        i = i[days[i + step] - days[i] < longest]
        starts.append(i)
        stops.append(i + step)
    return _stretches(side, rows, at, ends, np.concatenate(starts), np.concatenate(stops), days, days)


def whole_periods(side: Side, rows: Ints, period: str) -> Stretches:
    """Whole ISO weeks ("W") or months ("M"); `last` is the period's own last day."""
    rows = rows[np.argsort(side.day[rows], kind="stable")]
    periods = pd.DatetimeIndex(side.day[rows].astype("datetime64[D]")).to_period(period)
    days, at = np.unique(periods.end_time.to_numpy().astype("datetime64[D]").astype(np.int64), return_index=True)
    ends = np.append(at[1:], len(rows))
    each = np.arange(len(days))
    return _stretches(side, rows, at, ends, each, each, side.day[rows[at]], days)


def _stretches(side: Side, rows: Ints, at: Ints, ends: Ints, i: Ints, j: Ints, first: Ints, last: Ints) -> Stretches:
    sums = np.append(0, np.cumsum(side.amount[rows]))
    start, stop = at[i], ends[j]
    return Stretches(rows, start, stop, first[i], last[j], sums[stop] - sums[start])


def answered_by(
    many: Side, stretches: Stretches, far: Side, anchors: Ints, *, offsets: range, fee_rate: float, many_is_gross: bool
) -> tuple[Ints, Ints]:
    """Stretches of two rows and more, or of one, and the anchors that are their sum, a fee of up to the rate off."""
    found: list[tuple[Ints, Ints]] = []
    for sign in (1, -1):
        s = np.flatnonzero(stretches.total * sign > 0)
        a = anchors[far.amount[anchors] * sign > 0]
        total, amount = np.abs(stretches.total[s]), np.abs(far.amount[a])
        if many_is_gross:
            low, high = total - np.floor(total * fee_rate + 1e-6).astype(np.int64), total
        else:
            low, high = total, np.floor(total / (1 - fee_rate) + 1e-6).astype(np.int64)
        i, j = in_band(stretches.last[s], low, high, far.day[a], amount, offsets)
        found.append((s[i], a[j]))
    return np.concatenate([i for i, _ in found]), np.concatenate([j for _, j in found])


def as_sum(
    many: Side,
    stretches: Stretches,
    which: int,
    far: Side,
    anchor: int,
    *,
    many_is_one: bool,
    rank: int,
    notes: tuple[str, str],
) -> Sum:
    """A stretch and its anchor as rows of either side."""
    rows = stretches.rows[stretches.start[which] : stretches.stop[which]]
    days = int(np.abs(many.day[rows] - far.day[anchor]).sum())
    fee = abs(abs(int(stretches.total[which])) - abs(int(far.amount[anchor])))
    several, single = tuple(sorted(rows.tolist())), (int(anchor),)
    one, other = (several, single) if many_is_one else (single, several)
    return Sum(one, other, fee, days, rank, *notes)


def piles(side: Side, rows: Ints, codes: Iterable[Ints]) -> Iterator[Ints]:
    """Rows that have one value in all of these codes, at least two rows a pile."""
    keys = np.stack([code[rows] for code in codes], axis=1)
    _, where, count = np.unique(keys, axis=0, return_inverse=True, return_counts=True)
    order = np.argsort(where.ravel(), kind="stable")
    for pile in np.split(rows[order], np.cumsum(count)[:-1]):
        if len(pile) > 1:
            yield pile


def by_account(near: Side, far: Side, rows: Ints, anchors: Ints) -> Iterator[tuple[Ints, Ints]]:
    """Rows and anchors that may go together: of one account, or where an account is not named, of any."""
    mine, theirs = near.codes["account"][rows], far.codes["account"][anchors]
    if not mine.any() or not theirs.any():
        yield rows, anchors
        return
    for account in np.unique(np.concatenate([mine, theirs])).tolist():
        if account:
            yield rows[(mine == account) | (mine == 0)], anchors[theirs == account]
    yield rows, anchors[theirs == 0]
