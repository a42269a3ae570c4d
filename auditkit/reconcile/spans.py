"""Which days a ledger row counts for: the months of its 所属期间 where it has one, else its date."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from auditkit.model import in_doubt


def spans(ledger: pd.DataFrame) -> pd.DataFrame:
    """The first and last day each row counts for; both missing where that cannot be read.

    Shape: first, last (Timestamp), on the ledger's index.
    Source: «a row counts for the month of its 所属期间 where it has one, else of its date» (catalogue, head).
    """
    label = ledger["period"].str
    first, last = (pd.to_datetime(text, format="%Y-%m", errors="coerce") for text in (label[:7], label[-7:]))
    unread = in_doubt(ledger, "period")
    plain = (ledger["period"] == "") & ~unread
    return pd.DataFrame(
        {
            "first": first.where(~plain, ledger["date"]).where(~unread),
            "last": (last + pd.offsets.MonthEnd(0)).where(~plain, ledger["date"]).where(~unread),
        }
    )


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
        low = (first - self.start).dt.days.fillna(0).clip(0, len(self.of)).to_numpy(dtype="int64")
        high = (last - self.start).dt.days.add(1).fillna(0).clip(0, len(self.of)).to_numpy(dtype="int64")
        return np.where(high > low, before[high] - before[low], 0)


def placed(ledger: pd.DataFrame, days: Days) -> tuple[pd.Series[bool], pd.Series[bool]]:
    """Which rows count for these days, and which may: their label reaches beyond the days, or cannot be read.

    A row labelled with one month of which only a part belongs to the days counts by its own date, where that lies in
    the month.
    """
    of = spans(ledger)
    length = (of["last"] - of["first"]).dt.days.add(1).to_numpy()
    count = days.count(of["first"], of["last"])
    whole, part = (count > 0) & (count == length), (count > 0) & (count < length)
    one_month = of["first"].dt.to_period("M") == of["last"].dt.to_period("M")
    dated = part & (one_month & ledger["date"].between(of["first"], of["last"])).to_numpy()
    inside = whole | (dated & (days.count(ledger["date"], ledger["date"]) > 0))
    unsure = ~(length >= 1) | (part & ~dated)
    return pd.Series(inside, index=ledger.index), pd.Series(unsure, index=ledger.index)
