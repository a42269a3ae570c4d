"""Business days of the Chinese calendar: weekends and holidays off, their make-up days worked."""

from __future__ import annotations

import csv
import datetime as dt
import os
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final

import chinese_calendar
import numpy as np
import numpy.typing as npt
import pandas as pd
from chinese_calendar import constants

TABLE: Final = "AUDITKIT_WORKDAYS"
"""Environment variable that names a csv of days off and make-up days, for years the calendar does not have yet."""

_DAY = "datetime64[D]"
_YES: Final = ("1", "是", "上班", "班", "true", "yes")
_NO: Final = ("0", "否", "休息", "放假", "休", "false", "no")


class WorkdayError(ValueError):
    """A day for which nobody has said yet whether it is worked."""


@dataclass(frozen=True, slots=True)
class Workdays:
    """All business days from `first` to `last`, both days included.

    Shape: `days` sorted, datetime64[D].
    """

    first: dt.date
    last: dt.date
    days: npt.NDArray[np.datetime64]

    def is_workday(self, day: dt.date) -> bool:
        """Whether a day is worked."""
        self._check(day, day)
        return bool(np.isin(np.datetime64(day, "D"), self.days))

    def add(
        self, days: npt.NDArray[np.datetime64], number: npt.NDArray[np.integer[Any]] | int
    ) -> npt.NDArray[np.datetime64]:
        """The last of so many business days, counted from the day after each day; the day itself for none.

        Raises: WorkdayError where it lies beyond the calendar.
        """
        days = days.astype(_DAY)
        if not len(days):
            return days
        self._check(days.min().astype(dt.date), days.max().astype(dt.date))
        count = np.broadcast_to(np.asarray(number, dtype=np.int64), days.shape)
        at = np.searchsorted(self.days, days, "right") - 1 + count
        if at.max() >= len(self.days):
            raise WorkdayError(_beyond(self.last))
        return np.where(count == 0, days, self.days[at])

    def between(self, first: dt.date, last: dt.date) -> int:
        """Business days after `first` up to and with `last`; negative where last comes before first."""
        self._check(min(first, last), max(first, last))
        at = np.searchsorted(self.days, np.array([first, last], dtype=_DAY), "right")
        return int(at[1] - at[0])

    def _check(self, first: dt.date, last: dt.date) -> None:
        if first < self.first or last > self.last:
            raise WorkdayError(_beyond(self.last) if last > self.last else f"节假日表自 {self.first} 起，{first} 更早")


def _beyond(last: dt.date) -> str:
    return (
        f"节假日表只到 {last}：请升级 chinesecalendar，或把国务院办公厅公布的放假和调休日期存为 csv（日期,是否上班），"
        f"用环境变量 {TABLE} 指明（the calendar of business days ends on {last}: upgrade chinesecalendar or name a csv "
        f"of days off and make-up days in {TABLE}）"
    )


def read_table(path: Path | str) -> dict[dt.date, bool]:
    """Days off and make-up days from a csv with the columns 日期 and 是否上班 (是/否); other days need no line.

    Raises: ValueError with the line that cannot be read.
    """
    table: dict[dt.date, bool] = {}
    with Path(path).open(encoding="utf-8-sig", newline="") as file:
        for number, line in enumerate(csv.reader(file), start=1):
            cells = [cell.strip() for cell in line]
            if not any(cells) or (number == 1 and not cells[0][:1].isdigit()):
                continue
            try:
                day, word = dt.date.fromisoformat(cells[0]), cells[1].lower()
            except (ValueError, IndexError):
                raise ValueError(f"{path}!{number}: {line}，应为 2027-01-01,否") from None
            if word not in _YES + _NO:
                raise ValueError(f"{path}!{number}: “{cells[1]}”，应为“是”（上班）或“否”（休息）")
            table[day] = word in _YES
    return table


def make_workdays(table: Mapping[dt.date, bool] | None = None) -> Workdays:
    """The calendar, with a table of days off and make-up days for further years, or put right for its own.

    Raises: WorkdayError where years between the calendar's last and the table's last are missing.
    """
    table = dict(table or {})
    known = sorted({day.year for day in constants.holidays} | {day.year for day in table})
    if known != list(range(known[0], known[-1] + 1)):
        raise WorkdayError(f"节假日表缺年份：{sorted(set(range(known[0], known[-1])) - set(known))}")
    first, last = dt.date(known[0], 1, 1), dt.date(known[-1], 12, 31)
    every = np.arange(np.datetime64(first), np.datetime64(last) + 1)
    worked = np.is_busday(every)
    for days, on in ((constants.holidays, False), (chinese_calendar.workdays, True)):
        worked[np.isin(every, np.array(list(days), dtype=_DAY))] = on
    for day, on in table.items():
        worked[(np.datetime64(day) - every[0]).astype(int)] = on
    return Workdays(first, last, every[worked])


@cache
def workdays() -> Workdays:
    """The calendar of this process, with the table that the environment names."""
    path = os.environ.get(TABLE)
    return make_workdays(read_table(path) if path else None)


def is_workday(day: dt.date) -> bool:
    """Whether a day is worked.

    Raises: WorkdayError beyond the calendar.
    """
    return workdays().is_workday(day)


def add_workdays(day: dt.date, number: int) -> dt.date:
    """The last of so many business days, counted from the day after `day`.

    Raises: WorkdayError beyond the calendar.
    """
    found: Any = workdays().add(np.array([day], dtype=_DAY), number)[0]
    return found.astype(dt.date)


def workdays_between(first: dt.date, last: dt.date) -> int:
    """Business days after `first` up to and with `last`.

    Raises: WorkdayError beyond the calendar.
    """
    return workdays().between(first, last)


def due_days(days: pd.Series[Any], number: pd.Series[Any] | int) -> pd.Series[Any]:
    """For each day the last of so many business days counted from the day after; missing beyond the calendar."""
    calendar = workdays()
    due = pd.Series(pd.NaT, index=days.index, dtype="datetime64[us]")
    count = pd.Series(number, index=days.index).astype("int64")
    most = max(int(count.max()) if len(count) else 0, 1)
    able = days.ge(pd.Timestamp(calendar.first)) & days.lt(pd.Timestamp(calendar.days[-most]))
    if able.any():
        due[able] = calendar.add(days[able].to_numpy().astype(_DAY), count[able].to_numpy(dtype=np.int64))
    return due
