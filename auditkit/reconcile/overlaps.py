"""Stays that contradict themselves or one another, told to the minute."""

from __future__ import annotations

import numpy as np
import pandas as pd

from auditkit.model import in_doubt
from auditkit.reconcile.plates import normal_plates

_NEVER = np.iinfo(np.int64).min


def backwards(parking: pd.DataFrame) -> pd.Series[bool]:
    """Stays whose exit lies in an earlier minute than their entry."""
    return parking["exit"].dt.floor("min") < parking["entry"].dt.floor("min")


def inside_twice(parking: pd.DataFrame) -> pd.Series[int]:
    """For each stay that begins while an earlier one of the same plate has not ended, that earlier one's label.

    Two that begin in one minute are one car read twice; a stay without an exit, or whose cells cannot be read, holds
    nobody inside; a car without a plate is not known again.

    Shape: labels of the earlier stays, on those of the later.
    """
    plate = normal_plates(parking["plate"])
    known = (plate != "") & ~in_doubt(parking, "plate", "entry", "exit") & parking["entry"].notna()
    rows = np.flatnonzero(known.to_numpy())
    whose, _ = pd.factorize(plate.iloc[rows])
    entry, exit_ = (_minutes(parking[column].iloc[rows]) for column in ("entry", "exit"))
    order = np.lexsort((exit_, entry, whose))
    rows, whose, entry, exit_ = rows[order], whose[order], entry[order], exit_[order]
    new_plate = np.diff(whose, prepend=-1) != 0
    new_minute = new_plate | (np.diff(entry, prepend=_NEVER + 1) != 0)
    until, holder = _latest(whose, exit_)
    before = np.maximum.accumulate(np.where(new_minute, np.arange(len(rows)), 0)) - 1
    inside = (before >= 0) & ~new_plate & (whose[before] == whose) & (until[before] > entry)
    later, earlier = rows[inside], rows[holder[before[inside]]]
    return pd.Series(parking.index[earlier], index=parking.index[later]).sort_index()


def _minutes(times: pd.Series[pd.Timestamp]) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    """Whole minutes since the epoch; a missing time is before all others."""
    minutes = times.to_numpy(dtype="datetime64[m]").astype(np.int64)
    return np.where(times.isna().to_numpy(), _NEVER, minutes)


def _latest(
    whose: np.ndarray[tuple[int], np.dtype[np.int64]], exit_: np.ndarray[tuple[int], np.dtype[np.int64]]
) -> tuple[np.ndarray[tuple[int], np.dtype[np.int64]], np.ndarray[tuple[int], np.dtype[np.int64]]]:
    """The latest exit so far of each plate's stays, and the position of the stay it belongs to."""
    until = pd.Series(exit_).groupby(whose).cummax().to_numpy()
    new = (np.diff(until, prepend=_NEVER) != 0) | (np.diff(whose, prepend=-1) != 0)
    return until, np.maximum.accumulate(np.where(new, np.arange(len(until)), 0))
