"""Business days around 2024 as the State Council announced them; the example county's own table."""

from __future__ import annotations

import datetime as dt
from typing import Final


def _span(first: str, last: str) -> set[dt.date]:
    day, end = dt.date.fromisoformat(first), dt.date.fromisoformat(last)
    return {day + dt.timedelta(n) for n in range((end - day).days + 1)}


HOLIDAYS: Final = frozenset(
    _span("2023-12-30", "2024-01-01")
    | _span("2024-02-10", "2024-02-17")
    | _span("2024-04-04", "2024-04-06")
    | _span("2024-05-01", "2024-05-05")
    | _span("2024-06-08", "2024-06-10")
    | _span("2024-09-15", "2024-09-17")
    | _span("2024-10-01", "2024-10-07")
    | _span("2025-01-01", "2025-01-01")
    | _span("2025-01-28", "2025-02-04")
)
MAKE_UP: Final = frozenset(
    dt.date.fromisoformat(day)
    for day in (
        "2024-02-04", "2024-02-18", "2024-04-07", "2024-04-28", "2024-05-11", "2024-09-14", "2024-09-29",
        "2024-10-12", "2025-01-26", "2025-02-08",
    )
)  # fmt: skip


def is_workday(day: dt.date) -> bool:
    """Whether people work on that day: make-up Saturdays and Sundays count, holidays do not."""
    return day in MAKE_UP or (day.weekday() < 5 and day not in HOLIDAYS)


def workdays_after(day: dt.date, count: int) -> dt.date:
    """The count-th business day, counted from the day after."""
    while count:
        day += dt.timedelta(1)
        count -= is_workday(day)
    return day


def next_workday(day: dt.date) -> dt.date:
    """The day itself, or the first business day after it."""
    while not is_workday(day):
        day += dt.timedelta(1)
    return day
