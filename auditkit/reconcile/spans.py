"""Which days a ledger row counts for: the months of its 所属期间 where it has one, else its date."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import pandas as pd

from auditkit.model import in_doubt

_DAY: Final = "datetime64[us]"
_NONE: Final = np.datetime64("NaT", "us")
_MISSING: Final = np.iinfo(np.int64).min
_MONTH: Final = 31
"""A span of whole months that is no longer is one month."""


def spans(ledger: pd.DataFrame) -> pd.DataFrame:
    """The first and last day each row counts for; both missing where that cannot be read.

    Shape: first, last (Timestamp), on the ledger's index.
    Source: «a row counts for the month of its 所属期间 where it has one, else of its date» (catalogue, head).
    """
    codes, labels = pd.factorize(ledger["period"])
    text = pd.Series(labels, dtype="str").str
    first, last = (pd.to_datetime(month, format="%Y-%m", errors="coerce") for month in (text[:7], text[-7:]))
    unread = in_doubt(ledger, "period").to_numpy()
    plain = (ledger["period"] == "").to_numpy(dtype=bool) & ~unread
    date = ledger["date"].to_numpy()

    def of_row(of_label: pd.Series[Any]) -> Any:
        days = of_label.to_numpy(dtype=_DAY)[codes] if len(labels) else np.full(len(ledger), _NONE)
        return np.where(unread, _NONE, np.where(plain, date, days))

    return pd.DataFrame(
        {"first": of_row(first), "last": of_row(last + pd.offsets.MonthEnd(0))}, index=ledger.index, dtype=_DAY
    )


def _number(days: pd.Series[Any]) -> np.ndarray[Any, np.dtype[np.int64]]:
    """Days since the epoch."""
    return days.to_numpy(dtype="datetime64[D]").astype(np.int64)


@dataclass(frozen=True, slots=True)
class Days:
    """A set of days, not always in one piece: `of[i]` says whether the day i after `start` belongs to it."""

    start: pd.Timestamp
    of: np.ndarray[Any, np.dtype[np.bool_]]

    @classmethod
    def between(cls, first: pd.Timestamp, last: pd.Timestamp) -> Days:
        """All days from the first to the last."""
        return cls(first, np.ones(max((last - first).days + 1, 0), dtype=bool))

    @property
    def first(self) -> pd.Timestamp:
        """The earliest day of the set."""
        return self.start + pd.Timedelta(days=int(np.flatnonzero(self.of)[0]))

    @property
    def last(self) -> pd.Timestamp:
        """The latest day of the set."""
        return self.start + pd.Timedelta(days=int(np.flatnonzero(self.of)[-1]))

    def __str__(self) -> str:
        return f"{self.first:%Y-%m-%d}/{self.last:%Y-%m-%d}"

    def count(self, first: pd.Series[Any], last: pd.Series[Any]) -> np.ndarray[Any, Any]:
        """How many days of each span belong to the set."""
        before = np.concatenate(([0], np.cumsum(self.of)))
        start, size = _number(pd.Series([self.start]))[0], len(self.of)
        low, high = (_number(days) for days in (first, last))
        known = (low != _MISSING) & (high != _MISSING)
        low, high = np.where(known, low - start, 0).clip(0, size), np.where(known, high - start + 1, 0).clip(0, size)
        return np.where(high > low, before[high] - before[low], 0)


def placed(ledger: pd.DataFrame, days: Days) -> tuple[pd.Series[bool], pd.Series[bool]]:
    """Which rows count for these days, and which may: their label reaches beyond the days, or cannot be read.

    A row labelled with one month of which only a part belongs to the days counts by its own date, where that lies in
    the month.
    """
    of = spans(ledger)
    first, last, date = _number(of["first"]), _number(of["last"]), _number(ledger["date"])
    length = np.where((first != _MISSING) & (last != _MISSING), last - first + 1, 0)
    count = days.count(of["first"], of["last"])
    whole, part = (count > 0) & (count == length), (count > 0) & (count < length)
    dated = part & (length <= _MONTH) & (date != _MISSING) & (first <= date) & (date <= last)
    inside = whole | (dated & (days.count(ledger["date"], ledger["date"]) > 0))
    unsure = (length < 1) | (part & ~dated)
    return pd.Series(inside, index=ledger.index), pd.Series(unsure, index=ledger.index)
