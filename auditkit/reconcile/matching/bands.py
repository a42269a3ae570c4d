"""Amounts net of a fee: which rows lie within the fee's band of another's amount, and at what rate."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from auditkit.reconcile.matching.sides import Bools, Ints

Rates = npt.NDArray[np.float64]


def in_band(
    day: Ints, low: Ints, high: Ints, their_day: Ints, their_value: Ints, offsets: Sequence[int]
) -> tuple[Ints, Ints]:
    """Positions (i, j) with low[i] <= their_value[j] <= high[i] and their_day[j] = day[i] + one of the offsets."""
    empty = np.zeros(0, dtype=np.int64)
    if not len(day) or not len(their_day):
        return empty, empty
    first = min(int(day.min()) + min(offsets), int(their_day.min()))
    size = int(max(high.max(), their_value.max())) + 2
    key = (their_day - first) * size + np.clip(their_value, 0, size - 1)
    order = np.argsort(key, kind="stable")
    key = key[order]
    found: list[tuple[Ints, Ints]] = []
    for offset in offsets:
        base = (day + offset - first) * size
        start, stop = (
            np.searchsorted(key, base + np.maximum(low, 0), "left"),
            np.searchsorted(key, base + high, "right"),
        )
        count = np.maximum(stop - start, 0)
        at = np.repeat(np.arange(len(day)), count)
        step = np.arange(len(at)) - np.repeat(np.cumsum(count) - count, count)
        found.append((at, order[np.repeat(start, count) + step]))
    return np.concatenate([i for i, _ in found]), np.concatenate([j for _, j in found])


def at_rate(gross: Ints, net: Ints, rows: Ints, rate: float, step: float = 0.0) -> Bools:
    """Whether a fee is the rate's, each row's fee rounded to the fen; `step` widens the rate."""
    return np.abs((gross - net) - gross * rate) <= 0.5 + 0.5 * rows * (rows > 1) + gross * step + 1e-6


def most_frequent_rate(gross: Ints, net: Ints, rows: Ints, anchor: Ints, highest: float) -> tuple[float, int]:
    """The rate that most anchors' fees allow, and how many anchors that are; the lowest of several."""
    if not len(gross):
        return 0.0, 0
    slack = 0.5 + 0.5 * rows * (rows > 1)
    low = np.clip((gross - net - slack) / gross, 0.0, highest)
    high = np.clip((gross - net + slack) / gross, 0.0, highest)
    bounds = np.concatenate([low, high])
    opens = np.concatenate([np.ones(len(low)), -np.ones(len(high))])
    order = np.lexsort((-opens, bounds))
    depth = np.cumsum(opens[order])
    best, rate = 0, 0.0
    for at in np.flatnonzero(depth == depth.max())[:64].tolist():
        middle = (bounds[order[at]] + bounds[order[min(at + 1, len(order) - 1)]]) / 2
        support = len(np.unique(anchor[(low <= middle) & (middle <= high)]))
        if support > best:
            best, rate = support, float(middle)
    plain = round(rate, 4)
    if len(np.unique(anchor[(low <= plain) & (plain <= high)])) >= best:
        rate = plain
    return rate, best
