"""Whole days, weeks and months of rows that belong together, and the row on the other side that is their sum."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from auditkit.reconcile.matching.bands import in_band
from auditkit.reconcile.matching.packing import Sum
from auditkit.reconcile.matching.sides import Bools, Ints, Side


@dataclass(frozen=True, slots=True)
class Stretches:
    """Stretches of whole days of rows that share something.

    Shape: arrays of one length; `start` and `stop` are positions in `rows`, `first` and `last` days.
    """

    rows: Ints
    start: Ints
    stop: Ints
    first: Ints
    last: Ints
    total: Ints

    def keep(self, mask: Bools | Ints) -> Stretches:
        """The stretches that a mask, or positions, name."""
        return Stretches(
            self.rows, self.start[mask], self.stop[mask], self.first[mask], self.last[mask], self.total[mask]
        )

    def size(self) -> Ints:
        """How many rows each has."""
        return self.stop - self.start

    def row(self) -> Ints:
        """One row of each: what they share can be read from it."""
        return self.rows[self.start]

    def of(self, which: int) -> tuple[int, ...]:
        """The rows of one."""
        return tuple(sorted(self.rows[self.start[which] : self.stop[which]].tolist()))


def runs_of_days(side: Side, rows: Ints, key: Ints, longest: int) -> Stretches:
    """Every run of up to so many calendar days of rows of one key, from a day that has rows to a day that has rows."""
    order = np.lexsort((side.day[rows], key))
    rows, key = rows[order], key[order]
    day = side.day[rows]
    at = np.flatnonzero(np.append(True, (key[1:] != key[:-1]) | (day[1:] != day[:-1]))) if len(rows) else order
    ends = np.append(at[1:], len(rows))
    starts, stops = [at[:0]], [at[:0]]
    for step in range(min(longest, len(at))):
        i = np.arange(len(at) - step)
        i = i[(key[at[i + step]] == key[at[i]]) & (day[at[i + step]] - day[at[i]] < longest)]
        starts.append(i)
        stops.append(i + step)
    i, j = np.concatenate(starts), np.concatenate(stops)
    return _stretches(side, rows, at[i], ends[j], day[at[i]], day[at[j]])


def whole_periods(side: Side, rows: Ints, key: Ints, period: str) -> Stretches:
    """Whole ISO weeks ("W") or months ("M") of rows of one key; `last` is the period's own last day."""
    last = last_day(side.day[rows], period)
    order = np.lexsort((last, key))
    rows, key, last = rows[order], key[order], last[order]
    at = np.flatnonzero(np.append(True, (key[1:] != key[:-1]) | (last[1:] != last[:-1]))) if len(rows) else order
    return _stretches(side, rows, at, np.append(at[1:], len(rows)), last[at], last[at])


def last_day(day: Ints, period: str) -> Ints:
    """The Sunday of a day's ISO week, or the last day of its month."""
    if period == "W":
        return day + 6 - (day + 3) % 7
    months = day.astype("datetime64[D]").astype("datetime64[M]") + 1
    return months.astype("datetime64[D]").astype(np.int64) - 1


def _stretches(side: Side, rows: Ints, start: Ints, stop: Ints, first: Ints, last: Ints) -> Stretches:
    sums = np.append(0, np.cumsum(side.amount[rows]))
    return Stretches(rows, start, stop, first, last, sums[stop] - sums[start])


def answered_by(
    stretches: Stretches, far: Side, anchors: Ints, *, offsets: range, fee_rate: float, many_is_gross: bool
) -> tuple[Ints, Ints]:
    """Stretches, and the rows of the other side that are their sum, a fee of up to the rate off."""
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
    notes: tuple[str, str],
) -> Sum:
    """A stretch and its anchor as rows of either side."""
    rows = stretches.of(which)
    days = int(np.abs(many.day[list(rows)] - far.day[anchor]).sum())
    fee = abs(abs(int(stretches.total[which])) - abs(int(far.amount[anchor])))
    one, other = (rows, (anchor,)) if many_is_one else ((anchor,), rows)
    return Sum(one, other, fee, days, *notes)


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


def accounts_alike(one: Side, other: Side, rows: Ints, partners: Ints) -> Iterator[tuple[Ints, Ints]]:
    """Many rows and many that may go together, the same whichever side is looked at first."""
    mine, theirs = one.codes["account"][rows], other.codes["account"][partners]
    if not mine.any() or not theirs.any():
        yield rows, partners
        return
    yield from by_account(one, other, rows, partners)
    yield from ((a, b) for b, a in by_account(other, one, partners, rows))
