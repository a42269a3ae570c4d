"""Which month the money of a month's last days is booked in, told from the bookings alone."""

import datetime as dt
from random import Random

import pandas as pd
import pytest

from auditkit.model import Case
from auditkit.reconcile.takings import months, shortfalls
from auditkit.schema import frame

CASE = Case("示例小区", pd.Timestamp("2024-01-01"), pd.Timestamp("2024-12-31"), pd.Timestamp("2024-12-31"))
YEAR = pd.date_range(CASE.start, CASE.end).date


def year(seed, *, late, lost=None, noise=0):
    """A year of one stay a day; each month's last day booked on the next month's first where `late`; in the month
    `lost` forty yuan were never booked, and `noise` yuan too little each month."""
    rng = Random(seed)
    stays, ledger = [], []
    for n, day in enumerate(YEAR):
        paid = 100 * rng.randint(5, 40)
        noon = dt.datetime.combine(day, dt.time(12))
        stays.append({"plate": f"晋M{n:05d}", "kind": "临时", "entry": noon, "exit": noon, "paid": paid})
        last = (day + dt.timedelta(1)).day == 1
        booked = day + dt.timedelta(1) if late and last and day != YEAR[-1] else day
        amount = paid - 100 * noise * (day.day == 15)
        ledger.append({"date": booked, "direction": "收入", "category": "临时停车", "amount": amount, "method": "微信"})
    if lost:
        noon = dt.datetime(2024, lost, 10, 13)
        stays.append({"plate": "晋M99999", "kind": "临时", "entry": noon, "exit": noon, "paid": 4000})
    found = months(frame("parking", stays), frame("ledger", ledger), CASE)
    return {m.month.month: short for m, short in zip(found, shortfalls(found), strict=True) if m.found(short)}


@pytest.mark.parametrize("late", [False, True])
@pytest.mark.parametrize("seed", range(6))
def test_what_is_missing_is_found_in_its_month_to_the_fen(seed, late):
    assert year(seed, late=late) == {}
    assert year(seed, late=late, lost=5) == {5: 4000}


@pytest.mark.parametrize("seed", range(3))
def test_small_differences_are_not_pushed_together(seed):
    assert year(seed, late=False, noise=4) == {}


def test_money_of_the_last_days_may_come_once():
    """Only March's last day was booked in April."""
    stays, ledger = [], []
    for n, day in enumerate(YEAR):
        noon = dt.datetime.combine(day, dt.time(12))
        stays.append({"plate": f"晋M{n:05d}", "kind": "临时", "entry": noon, "exit": noon, "paid": 3000})
        booked = dt.date(2024, 4, 2) if day == dt.date(2024, 3, 31) else day
        ledger.append({"date": booked, "direction": "收入", "category": "临时停车", "amount": 3000})
    found = months(frame("parking", stays), frame("ledger", ledger), CASE)
    assert shortfalls(found) == [0] * 12
