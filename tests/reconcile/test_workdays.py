"""Business days: holidays off, make-up days worked, a clear error beyond what is published."""

import datetime as dt

import chinese_calendar
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditkit.reconcile import workdays as module
from auditkit.reconcile.workdays import (
    WorkdayError,
    add_workdays,
    due_days,
    is_workday,
    make_workdays,
    read_table,
    workdays,
    workdays_between,
)  # fmt: skip

DAYS = st.dates(dt.date(2005, 1, 1), dt.date(2026, 10, 1))


def test_national_day_of_2024_with_its_make_up_days():
    assert add_workdays(dt.date(2024, 9, 27), 1) == dt.date(2024, 9, 29), "a Sunday that is worked"
    assert add_workdays(dt.date(2024, 9, 30), 1) == dt.date(2024, 10, 8)
    assert add_workdays(dt.date(2024, 10, 3), 5) == dt.date(2024, 10, 12), "a Saturday that is worked is the fifth"
    assert workdays_between(dt.date(2024, 9, 27), dt.date(2024, 10, 8)) == 3
    assert is_workday(dt.date(2024, 10, 12)) and not is_workday(dt.date(2024, 10, 13))


def test_no_days_is_the_day_itself():
    assert add_workdays(dt.date(2024, 10, 3), 0) == dt.date(2024, 10, 3)


@given(DAYS, st.integers(0, 40))
def test_counted_from_the_day_after_as_one_would_on_fingers(day, number):
    at, left = day, number
    while left:
        at += dt.timedelta(1)
        left -= chinese_calendar.is_workday(at)
    assert add_workdays(day, number) == at
    assert workdays_between(day, at) == number


def test_every_day_is_the_librarys():
    day = dt.date(2004, 1, 1)
    while day <= workdays().last:
        assert is_workday(day) == chinese_calendar.is_workday(day), day
        day += dt.timedelta(1)


def test_beyond_the_last_year_the_error_says_what_to_do():
    last = workdays().last
    with pytest.raises(WorkdayError, match=f"{last}.*AUDITKIT_WORKDAYS"):
        is_workday(last + dt.timedelta(1))
    with pytest.raises(WorkdayError, match="AUDITKIT_WORKDAYS"):
        add_workdays(last - dt.timedelta(3), 10)


def test_many_at_once_are_missing_where_nobody_knows():
    last = pd.Timestamp(workdays().last)
    found = due_days(pd.Series([pd.Timestamp("2024-02-08"), last - pd.Timedelta(days=2), pd.NaT]), 10)
    assert found[0] == pd.Timestamp("2024-02-28") and found[1:].isna().all()
    assert due_days(pd.Series([], dtype="datetime64[us]"), 10).empty


def test_each_day_with_its_own_number():
    found = due_days(pd.Series(pd.to_datetime(["2024-09-27", "2024-09-27"])), pd.Series([1, 2]))
    assert found.tolist() == [pd.Timestamp("2024-09-29"), pd.Timestamp("2024-09-30")]


def test_the_users_table_adds_years(tmp_path, monkeypatch):
    year = workdays().last.year + 1
    file = tmp_path / "节假日.csv"
    file.write_text(f"日期,是否上班\n{year}-01-01,否\n{year}-01-02,否\n\n{year}-01-03,是\n", encoding="utf-8-sig")
    monkeypatch.setenv("AUDITKIT_WORKDAYS", str(file))
    module.workdays.cache_clear()
    try:
        assert not is_workday(dt.date(year, 1, 1)) and is_workday(dt.date(year, 1, 3))
        assert workdays().last == dt.date(year, 12, 31)
    finally:
        module.workdays.cache_clear()


def test_the_users_table_is_read_strictly(tmp_path):
    for line, what in (("2027-13-01,否", "2027-13-01"), ("2027-01-01,也许", "也许"), ("2027-01-01", "2027-01-01")):
        file = tmp_path / "t.csv"
        file.write_text(f"日期,是否上班\n{line}\n", encoding="utf-8")
        with pytest.raises(ValueError, match=f"!2.*{what}"):
            read_table(file)


def test_a_year_left_out_is_not_guessed():
    with pytest.raises(WorkdayError, match=str(workdays().last.year + 1)):
        make_workdays({dt.date(workdays().last.year + 2, 1, 1): False})
