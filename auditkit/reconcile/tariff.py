"""What the posted tariff asks for a stay, and what a monthly card costs.

Source: PRK01 of the catalogue; docs/decisions/0062.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from auditkit.model import in_doubt

Whole = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]

VISITOR: Final = "临时"
CARD: Final = "月卡"
_DAY: Final = 1440
_ENDLESS: Final = np.iinfo(np.int64).max
_VALID: Final = ("kind", "valid_from", "valid_to")
_FREE: Final = ("free_minutes",)
_PRICED: Final = (
    *_FREE, "free_deducted", "first_minutes", "first_fee", "unit_minutes", "unit_fee", "cap_24h",
)  # fmt: skip
_NONE: Final = -1
_UNCLEAR: Final = -2


def minutes(stays: pd.DataFrame) -> pd.Series[int]:
    """How long each stay lasts in whole minutes, seconds dropped; missing where a time is."""
    seconds = (stays["exit"] - stays["entry"]).dt.total_seconds()
    return pd.Series(np.floor(seconds / 60).astype("Int64"), index=stays.index)


def fees(stays: pd.DataFrame, tariff: pd.DataFrame) -> pd.Series[int]:
    """The visitor's fee of each stay by the tariff valid on the day of entry; missing where it cannot be priced.

    Units: fen.
    """
    row, lasted = _row_on(stays["entry"], tariff, VISITOR, _PRICED), minutes(stays)
    known = lasted.notna().to_numpy()
    length = np.asarray(lasted.fillna(0), dtype=np.int64)
    fee, priced = np.zeros(len(stays), dtype="int64"), np.zeros(len(stays), dtype="bool")
    for at in np.unique(row[row >= 0]).tolist():
        mine = np.flatnonzero((row == at) & known)
        fee[mine], priced[mine] = _Price.of(tariff.iloc[at]).stays(length[mine])
    return pd.Series(pd.arrays.IntegerArray(fee, ~priced), index=stays.index)


def free_minutes(stays: pd.DataFrame, tariff: pd.DataFrame) -> pd.Series[int]:
    """The free minutes on the day of entry: 0 without a tariff, missing where they cannot be read."""
    row = _row_on(stays["entry"], tariff, VISITOR, _FREE)
    each = np.append(np.asarray(tariff["free_minutes"].fillna(0), dtype=np.int64), 0)
    return pd.Series(pd.arrays.IntegerArray(each[np.where(row >= 0, row, -1)], row == _UNCLEAR), index=stays.index)


def monthly_fee(tariff: pd.DataFrame, day: pd.Timestamp) -> tuple[int, int] | None:
    """The least and the most that a card cost a month on a day; None where no tariff says it.

    Units: fen.
    """
    rows = tariff[(tariff["kind"] == CARD) & ~in_doubt(tariff, *_VALID, "monthly_fee") & tariff["monthly_fee"].notna()]
    held = rows[(rows["valid_from"] <= day) & (rows["valid_to"].isna() | (rows["valid_to"] >= day))]
    latest = held.loc[held["valid_from"] == held["valid_from"].max(), "monthly_fee"]
    return None if latest.empty else (int(latest.min()), int(latest.max()))


def _row_on(entry: pd.Series[Any], tariff: pd.DataFrame, kind: str, read: tuple[str, ...]) -> Whole:
    """The position of the tariff row valid on each day, the one that began last; or why there is none.

    Unclear is a day for which a row that cannot be read may hold, or two that began together and differ.
    """
    row = np.full(len(entry), _NONE, dtype="int64")
    unread = in_doubt(tariff, "kind") | ((tariff["kind"] == kind) & in_doubt(tariff, *_VALID, *read))
    rows = tariff.assign(at=range(len(tariff)), unread=unread)[unread | (tariff["kind"] == kind)]
    for _, together in rows.groupby("valid_from", sort=True):
        begun = np.full(len(entry), _NONE, dtype="int64")
        for at, unclear, held in zip(together["at"], together["unread"], _held(entry, together), strict=True):
            twin = begun >= 0
            differs = np.array([not _alike(tariff, i, at, read) for i in range(len(tariff))])
            begun = np.where(
                held & (twin & differs[np.maximum(begun, 0)] | unclear | (begun == _UNCLEAR)), _UNCLEAR, begun
            )
            begun = np.where(held & (begun == _NONE), at, begun)
        row = np.where(begun == _NONE, row, begun)
    endless = rows[rows["valid_from"].isna()]
    for held in _held(entry, endless):
        row[held] = _UNCLEAR
    return np.where(entry.isna().to_numpy(), _NONE, row)


def _held(entry: pd.Series[Any], rows: pd.DataFrame) -> list[Flags]:
    """For each tariff row the days on which it is valid, a side that is not stated being open."""
    first, after = rows["valid_from"], rows["valid_to"] + pd.Timedelta(days=1)
    return [
        ((pd.isna(start) | (entry >= start)) & (pd.isna(end) | (entry < end))).to_numpy()
        for start, end in zip(first, after, strict=True)
    ]


def _alike(tariff: pd.DataFrame, one: int, other: int, columns: tuple[str, ...]) -> bool:
    return tariff[list(columns)].iloc[one].equals(tariff[list(columns)].iloc[other])


@dataclass(frozen=True, slots=True)
class _Price:
    """One tariff row: what each part of a stay costs, as far as it says.

    Units: minutes, fen. `first` endless: one price for each begun 24 hours. `unit` 0: not said.
    """

    free: int
    deducted: bool
    first: int
    first_fee: int
    unit: int
    unit_fee: int
    cap: int
    says: bool

    @classmethod
    def of(cls, row: pd.Series[Any]) -> _Price:
        """Reads a row; without a first segment units run from the start, a first fee alone is for the whole day."""
        first, first_fee, unit, unit_fee = (_read(row[c]) for c in _PRICED[2:6])
        has_unit = unit_fee is not None and (unit_fee == 0 or (unit or 0) > 0)
        says = True
        if first_fee is None:
            says = not first and has_unit
        elif first is None:
            says = unit is None and unit_fee is None
            first = _ENDLESS
        return cls(
            _read(row["free_minutes"]) or 0,
            bool(row["free_deducted"]) if pd.notna(row["free_deducted"]) else False,
            first or 0,
            first_fee or 0,
            (unit or 1) if has_unit else 0,
            unit_fee or 0,
            _ENDLESS if (cap := _read(row["cap_24h"])) is None else cap,
            says,
        )

    def stays(self, length: Whole) -> tuple[Whole, Flags]:
        """The fee of stays that last so many minutes, and which of them the row prices.

        Each begun 24 hours from entry are a stay of their own; free minutes that are deducted come off the first.
        """
        off = self.free if self.deducted else 0
        begun, rest = np.divmod(np.maximum(length, 1) - 1, _DAY)
        start, taken = divmod(off, _DAY)
        whole, whole_ok = self._within(np.array([_DAY, _DAY - taken]))
        last, last_ok = self._within(np.where(begun == start, length - off, rest + 1).astype(np.int64))
        several = begun > start
        fee = last + np.where(several, (begun - start - 1) * whole[0] + whole[1], 0)
        ok = last_ok & (~several | (whole_ok[1] & (whole_ok[0] | (begun - start == 1))))
        free = length <= self.free
        return np.where(free, 0, fee), free | (ok & self.says)

    def _within(self, length: Whole) -> tuple[Whole, Flags]:
        """The fee for a part of at most 24 hours; nothing where nothing of it is charged."""
        beyond = np.maximum(length - self.first, 0)
        units = -(-beyond // self.unit) if self.unit else np.zeros_like(beyond)
        fee = np.minimum(self.first_fee + units * self.unit_fee, self.cap)
        return np.where(length > 0, fee, 0), (beyond == 0) | bool(self.unit)


def _read(cell: Any) -> int | None:
    return None if pd.isna(cell) else int(cell)
