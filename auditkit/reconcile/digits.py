"""How far the first two digits of amounts lie from those of numbers that grew freely (Benford's law)."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
import pandas as pd

FIRST_TWO: Final = np.arange(10, 100)
EXPECTED: Final = np.log10(1 + 1 / FIRST_TWO)
"""Share of each pair of first digits, 10 to 99."""


def first_two(fen: pd.Series[Any]) -> np.ndarray[Any, Any]:
    """The first two digits of amounts of at least ten fen, cut from the whole number.

    Units: fen; no float on the way, so 0.29 yuan is 29 and not 28.
    """
    digits = np.abs(fen.to_numpy(dtype="int64"))
    while (high := digits >= 100).any():
        digits = np.where(high, digits // 10, digits)
    return digits


def shares(fen: pd.Series[Any]) -> np.ndarray[Any, Any]:
    """How often each pair of first digits, 10 to 99, stands among the amounts."""
    return np.bincount(first_two(fen), minlength=100)[10:100] / len(fen)


def mean_absolute_deviation(fen: pd.Series[Any]) -> float:
    """Nigrini's MAD of the first two digits: up to 0.0012 close, to 0.0018 acceptable, to 0.0022 marginal, above none.

    Source: M. J. Nigrini, Benford's Law (Wiley 2012), table 7.1.
    """
    return float(np.abs(shares(fen) - EXPECTED).mean())
