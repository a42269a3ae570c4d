"""How many vouchers or sites to draw, which ones, and what the sample says of the whole.

Source of the tables that this equals cell by cell: AICPA Audit Guide «Audit Sampling» (2017), appendices A and C; of
the arithmetic behind them: T. R. Stewart, «Technical Notes on the AICPA Audit Guide Audit Sampling» (2012).
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from typing import Final

import pandas as pd
from scipy.optimize import brentq
from scipy.stats import beta, binom, gamma

from auditkit.model import PLACE
from auditkit.money import exact

_MOST_DEVIATIONS: Final = 10_000
"""Beyond this the expected rate lies so near the tolerable one that no sample of use exists."""


@dataclass(frozen=True, slots=True)
class AttributeSize:
    """How many to draw, and how many deviations among them the plan allows."""

    size: int
    deviations: int


def attribute_size(risk: float | str, expected: float | str, tolerable: float | str) -> AttributeSize:
    """The smallest sample that, with the expected rate of deviations in it, still keeps the tolerable rate out.

    Tables A-1 and A-2. Rates are taken as the decimals that are written: 3.5 % of 400 is 14, not 14.000000000000002.

    Raises: ValueError where no sample of use exists.
    """
    rate, limit, chance = exact(expected), exact(tolerable), float(exact(risk))
    if not 0 <= rate < limit < 1:
        raise ValueError(f"expected rate {expected} must lie below the tolerable rate {tolerable}")
    for deviations in range(_MOST_DEVIATIONS):
        size = _smallest(deviations, float(limit), chance)
        if math.ceil(size * rate) <= deviations:
            return AttributeSize(size, deviations)
    raise ValueError(f"expected rate {expected} lies too near the tolerable rate {tolerable}")


def _smallest(deviations: int, tolerable: float, risk: float) -> int:
    """The smallest sample in which so few deviations are seen with at most that chance, if their rate is tolerable."""
    low = deviations + 1
    high = low
    while binom.cdf(deviations, high, tolerable) > risk:
        low, high = high + 1, high * 2
    while low < high:
        middle = (low + high) // 2
        if binom.cdf(deviations, middle, tolerable) <= risk:
            high = middle
        else:
            low = middle + 1
    return low


def attribute_upper_limit(risk: float | str, size: int, deviations: int) -> float:
    """The rate of deviations that the whole exceeds with at most this risk, given those found in the sample.

    Tables A-3 and A-4 print it in percent, rounded up to a tenth.
    """
    if deviations >= size:
        return 1.0
    return float(beta.ppf(1 - float(exact(risk)), deviations + 1, size - deviations))


def monetary_factor(risk: float | str, expected_to_tolerable: float | str = 0) -> float:
    """The confidence factor of a monetary-unit plan: sample size x tolerable misstatement as a share of book value.

    Table C-1, column «confidence factor», for the ratio of expected to tolerable misstatement.
    """
    sure, ratio = 1 - float(exact(risk)), float(exact(expected_to_tolerable))
    if not 0 <= ratio < 1:
        raise ValueError(f"expected misstatement must be a part of the tolerable one, not {expected_to_tolerable}")

    def beyond(factor: float) -> float:
        return float(gamma.ppf(sure, 1 + ratio * factor)) - factor

    high = 1.0
    while beyond(high) > 0:
        high *= 2
    return float(brentq(beyond, 0.0, high, xtol=1e-12))


def monetary_size(risk: float | str, expected_to_tolerable: float | str, tolerable: float | str) -> int:
    """Monetary units to draw; `tolerable` is the tolerable misstatement as a share of book value. Table C-1."""
    return math.ceil(Fraction(monetary_factor(risk, expected_to_tolerable)) / exact(tolerable) - Fraction(1, 10**9))


def misstatement_factor(risk: float | str, misstatements: int) -> float:
    """The confidence factor for so many whole misstatements found. Table C-2 prints it rounded up to a hundredth."""
    return float(gamma.ppf(1 - float(exact(risk)), misstatements + 1))


def monetary_upper_limit(risk: float | str, interval: int, taints: Iterable[float | str]) -> int:
    """What overstatement the whole exceeds with at most this risk: basic precision, then each taint, the largest
    first, times the step of its factor.

    Units: fen, rounded up; a taint is the misstated share of the item's book value, 0 to 1.
    """
    largest_first = sorted((float(exact(t)) for t in taints), reverse=True)
    factors = [misstatement_factor(risk, n) for n in range(len(largest_first) + 1)]
    steps = [after - before for before, after in pairwise(factors)]
    total = factors[0] + sum(step * taint for step, taint in zip(steps, largest_first, strict=True))
    return math.ceil(Fraction(total) * interval - Fraction(1, 10**6))


@dataclass(frozen=True, slots=True)
class Sample:
    """What was drawn, and all that is needed to draw it again."""

    rows: pd.DataFrame
    seed: str
    frame_hash: str


def frame_hash(frame: pd.DataFrame) -> str:
    """The frame's contents as a hash: the same whatever the order of its rows.

    Shape: sha-256, hexadecimal.
    """
    lines = sorted(repr(tuple(str(v) for v in row)) for row in frame.itertuples(index=False))
    head = repr(tuple(str(c) for c in frame.columns))
    return hashlib.sha256("\n".join((head, *lines)).encode()).hexdigest()


def draw(frame: pd.DataFrame, size: int, seed: str = "") -> Sample:
    """A simple random sample of rows: those whose place, hashed with the frame and the seed, comes first."""
    whole = frame_hash(frame)
    keys = [_hash(whole, seed, *place) for place in zip(*(frame[c] for c in PLACE), strict=True)]
    order = sorted(range(len(frame)), key=keys.__getitem__)
    return Sample(frame.iloc[sorted(order[:size])], seed, whole)


def draw_money(frame: pd.DataFrame, size: int, seed: str = "", column: str = "amount") -> Sample:
    """A monetary-unit sample: every so-many-th fen from a random start; a row larger than that is drawn for certain.

    Rows without a positive amount cannot be drawn and are to be looked at on their own.
    """
    whole = frame_hash(frame)
    rows = frame[frame[column].gt(0).fillna(False)].sort_values(list(PLACE))
    total = int(rows[column].sum())
    if not size or not total:
        return Sample(rows.iloc[:0], seed, whole)
    interval = max(total // size, 1)
    start = int(_hash(whole, seed), 16) % interval
    upto = rows[column].astype("int64").cumsum()
    hits = (upto - start - 1) // interval - (upto - rows[column].astype("int64") - start - 1) // interval
    return Sample(rows[hits > 0], seed, whole)


def _hash(*parts: object) -> str:
    return hashlib.sha256("\x1f".join(str(p) for p in parts).encode()).hexdigest()
