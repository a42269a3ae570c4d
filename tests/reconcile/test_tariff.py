"""The tariff engine against one stay at a time, reckoned minute by minute as the catalogue words it."""

import datetime as dt
import time

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditkit.reconcile.tariff import fees, free_minutes, minutes, monthly_fee
from auditkit.schema import frame

DAY = 1440
T0 = dt.datetime(2024, 3, 1, 8, 0, 0)


def tariff(**cells):
    return {"kind": "临时", "valid_from": dt.date(2024, 1, 1), "free_deducted": False, **cells}


def fee_of(length, *rows, seconds=0, entry=T0):
    stay = {"entry": entry, "exit": entry + dt.timedelta(minutes=length, seconds=seconds)}
    found = fees(frame("parking", [stay]), frame("tariff", rows)).iloc[0]
    return None if pd.isna(found) else int(found)


USUAL = tariff(
    free_minutes=30, first_minutes=60, first_fee=300, unit_minutes=30, unit_fee=100, cap_24h=1500, free_deducted=False
)


@pytest.mark.parametrize(
    ("length", "fee"),
    [
        (0, 0),
        (30, 0),
        (31, 300),
        (60, 300),
        (61, 400),
        (90, 400),
        (91, 500),
        (60 + 12 * 30, 1500),
        (1000, 1500),
        (DAY, 1500),
        (DAY + 1, 1800),
        (DAY + 61, 1900),
        (2 * DAY, 3000),
        (2 * DAY + 30, 3300),
        (10 * DAY + 61, 15400),
    ],
)
def test_usual_tariff(length, fee):
    assert fee_of(length, USUAL) == fee


def test_seconds_are_dropped():
    assert fee_of(30, USUAL, seconds=59) == 0
    assert fee_of(60, USUAL, seconds=59) == 300
    assert minutes(frame("parking", [{"entry": T0, "exit": T0 + dt.timedelta(seconds=-1)}])).tolist() == [-1]


@pytest.mark.parametrize(
    ("length", "fee"), [(30, 0), (31, 300), (90, 300), (91, 400), (DAY, 1500), (DAY + 1, 1800), (2 * DAY, 3000)]
)
def test_free_minutes_deducted_come_off_the_first_24_hours(length, fee):
    assert fee_of(length, {**USUAL, "free_deducted": True}) == fee


def test_free_minutes_longer_than_a_day():
    row = {**USUAL, "free_minutes": DAY + 60, "free_deducted": True}
    assert fee_of(DAY + 60, row) == 0
    assert fee_of(DAY + 61, row) == 300
    assert fee_of(2 * DAY, row) == 1500
    assert fee_of(2 * DAY + 1, row) == 1800


def test_an_exit_before_the_entry_costs_nothing():
    assert fee_of(-5, USUAL) == 0


@pytest.mark.parametrize(
    ("cells", "length", "fee"),
    [
        ({"unit_minutes": 60, "unit_fee": 200}, 61, 400),  # units from the start
        ({"first_minutes": 0, "unit_minutes": 60, "unit_fee": 200}, 60, 200),
        ({"first_fee": 500}, 1, 500),  # one price a stay, that is for each begun 24 hours
        ({"first_fee": 500}, DAY + 1, 1000),
        ({"first_minutes": 0, "first_fee": 100, "unit_minutes": 60, "unit_fee": 200}, 60, 300),
        ({"first_minutes": 60, "first_fee": 500, "unit_fee": 0}, 300, 500),
        ({"first_minutes": 60, "first_fee": 500}, 60, 500),
        ({"first_minutes": 60, "first_fee": 500, "unit_minutes": 60, "unit_fee": 100}, 25 * 60, 500 + 2300 + 500),
        ({"free_minutes": 15, "free_deducted": None, "unit_minutes": 60, "unit_fee": 200}, 70, 400),
    ],
)
def test_parts_that_a_tariff_leaves_out(cells, length, fee):
    assert fee_of(length, tariff(**cells)) == fee


@pytest.mark.parametrize(
    "cells",
    [
        {"first_minutes": 60, "first_fee": 500},  # past the first hour nothing is said
        {"first_minutes": 60, "first_fee": 500, "unit_fee": 100},
        {"first_minutes": 60, "first_fee": 500, "unit_minutes": 60},
        {"first_minutes": 60, "unit_minutes": 60, "unit_fee": 100},
        {"first_fee": 500, "unit_minutes": 60, "unit_fee": 100},
        {"first_minutes": 60, "first_fee": 500, "unit_minutes": 0, "unit_fee": 100},
        {"cap_24h": 1000},
        {},
        {"unit_minutes": 60, "unit_fee": 100, "doubt": "unit_fee"},
        {"unit_minutes": 60, "unit_fee": 100, "doubt": "free_minutes"},
        {"unit_minutes": 60, "unit_fee": 100, "doubt": "valid_from", "valid_from": None},
        {"unit_minutes": 60, "unit_fee": 100, "doubt": "valid_to"},
        {"unit_minutes": 60, "unit_fee": 100, "doubt": "kind", "kind": None},
    ],
)
def test_what_cannot_be_priced_has_no_fee(cells):
    assert fee_of(61, tariff(**cells)) is None


def test_free_stays_are_free_whatever_the_rest_says():
    assert fee_of(10, tariff(free_minutes=15)) == 0
    assert fee_of(16, tariff(free_minutes=15)) is None


def test_no_tariff_no_fee():
    assert fee_of(100) is None
    assert fee_of(100, {**USUAL, "kind": "月卡"}) is None
    assert fee_of(100, USUAL, entry=dt.datetime(2023, 12, 31, 23, 59)) is None


def test_the_tariff_of_the_day_of_entry():
    old = {**USUAL, "valid_to": dt.date(2024, 6, 30)}
    new = {**USUAL, "first_fee": 900, "valid_from": dt.date(2024, 7, 1)}
    for rows in ([old, new], [new, old], [{**old, "valid_to": None}, new]):
        assert fee_of(60, *rows, entry=dt.datetime(2024, 6, 30, 23, 59, 59)) == 300
        assert fee_of(60, *rows, entry=dt.datetime(2024, 7, 1)) == 900
    gap = {**new, "valid_from": dt.date(2024, 7, 2)}
    assert fee_of(60, old, gap, entry=dt.datetime(2024, 7, 1, 12)) is None


def test_a_holiday_tariff_inside_another_one():
    base = {**USUAL}
    feast = {**USUAL, "first_fee": 1000, "valid_from": dt.date(2024, 5, 1), "valid_to": dt.date(2024, 5, 5)}
    days = [fee_of(60, base, feast, entry=dt.datetime(2024, m, d, 9)) for m, d in ((4, 30), (5, 1), (5, 5), (5, 6))]
    assert days == [300, 1000, 1000, 300]


def test_two_tariffs_that_began_together_and_differ_price_nothing():
    other = {**USUAL, "first_fee": 900}
    third = {**USUAL, "first_fee": 950}
    later = {**USUAL, "first_fee": 100, "valid_from": dt.date(2024, 9, 1)}
    assert fee_of(60, USUAL, other) is None
    assert fee_of(60, USUAL, other, third) is None
    assert fee_of(60, USUAL, USUAL) == 300
    assert fee_of(60, USUAL, other, later, entry=dt.datetime(2024, 9, 1)) == 100
    assert fee_of(60, USUAL, {**other, "valid_to": dt.date(2024, 2, 1)}) == 300


def test_a_row_that_cannot_be_read_spoils_its_own_days_only():
    spoilt = {**USUAL, "doubt": "first_fee"}
    later = {**USUAL, "valid_from": dt.date(2024, 7, 1)}
    assert fee_of(60, spoilt, later, entry=dt.datetime(2024, 6, 30)) is None
    assert fee_of(60, spoilt, later, entry=dt.datetime(2024, 7, 1)) == 300
    unknown = {**USUAL, "valid_from": None, "valid_to": dt.date(2024, 1, 31), "doubt": "valid_from"}
    assert fee_of(60, USUAL, unknown, entry=dt.datetime(2024, 1, 31)) is None
    assert fee_of(60, USUAL, unknown, entry=dt.datetime(2024, 2, 1)) == 300


def test_free_minutes_of_the_day():
    stays = frame("parking", [{"entry": T0, "exit": T0}, {"entry": dt.datetime(2023, 1, 1), "exit": T0}])
    assert free_minutes(stays, frame("tariff", [USUAL])).tolist() == [30, 0]
    assert free_minutes(stays, frame("tariff")).tolist() == [0, 0]
    assert free_minutes(stays, frame("tariff", [{**USUAL, "doubt": "cap_24h"}])).tolist() == [30, 0]
    assert free_minutes(stays, frame("tariff", [{**USUAL, "doubt": "free_minutes"}])).isna().tolist() == [True, False]


def test_what_a_card_costs():
    def card(fee, first, **cells):
        return {"kind": "月卡", "valid_from": dt.date.fromisoformat(first), "monthly_fee": fee, **cells}

    rows = frame("tariff", [card(8000, "2023-01-01"), card(9000, "2024-01-01"), card(15000, "2024-01-01"), USUAL])
    assert monthly_fee(rows, pd.Timestamp("2023-12-31")) == (8000, 8000)
    assert monthly_fee(rows, pd.Timestamp("2024-01-01")) == (9000, 15000)
    assert monthly_fee(rows, pd.Timestamp("2022-12-31")) is None
    assert monthly_fee(frame("tariff"), pd.Timestamp("2024-01-01")) is None


def reference(row, length):
    """One stay, minute by minute: what each begun 24 hours from entry cost."""
    if length <= (row["free_minutes"] or 0):
        return 0
    charged = range(row["free_minutes"] or 0, length) if row["free_deducted"] else range(length)
    total = 0
    for day in range(0, length, DAY):
        inside = sum(1 for minute in charged if day <= minute < day + DAY)
        if not inside:
            continue
        price = row["first_fee"] or 0
        left = inside - (row["first_minutes"] or 0)
        while left > 0:
            price += row["unit_fee"]
            left -= row["unit_minutes"]
        total += price if row["cap_24h"] is None else min(price, row["cap_24h"])
    return total


@st.composite
def whole_tariffs(draw):
    first = draw(st.none() | st.tuples(st.integers(0, 200), st.integers(0, 1000)))
    return tariff(
        free_minutes=draw(st.none() | st.integers(0, 120) | st.integers(1400, 1500)), free_deducted=draw(st.booleans()),
        first_minutes=first and first[0], first_fee=first and first[1], unit_minutes=draw(st.integers(1, 180)),
        unit_fee=draw(st.integers(0, 500)), cap_24h=draw(st.none() | st.integers(0, 3000)),
    )  # fmt: skip


@given(whole_tariffs(), st.lists(st.integers(-10, 3 * DAY + 10), min_size=1, max_size=8))
def test_as_reckoned_minute_by_minute(row, lengths):
    stays = frame("parking", [{"entry": T0, "exit": T0 + dt.timedelta(minutes=n)} for n in lengths])
    assert fees(stays, frame("tariff", [row])).tolist() == [reference(row, n) for n in lengths]


@given(whole_tariffs(), st.integers(1, 3 * DAY - 1))
def test_money_scales_and_a_longer_stay_costs_no_less_within_its_day(row, length):
    scaled = {**row, **{c: row[c] and row[c] * 10 for c in ("first_fee", "unit_fee", "cap_24h")}}
    end = length + DAY - (length - 1) % DAY
    stays = frame("parking", [{"entry": T0, "exit": T0 + dt.timedelta(minutes=n)} for n in (length, end - 1, end)])
    costs = fees(stays, frame("tariff", [row]))
    assert fees(stays, frame("tariff", [scaled])).tolist() == (costs * 10).tolist()
    assert costs.iloc[0] <= costs.iloc[1]


def test_a_million_stays_in_seconds():
    n = 1_000_000
    random = np.random.default_rng(7)
    entry = np.datetime64("2024-01-01", "us") + random.integers(0, 366 * DAY, n).astype("timedelta64[m]")
    stays = pd.DataFrame({"entry": entry, "exit": entry + random.integers(0, 4000, n).astype("timedelta64[m]")})
    rows = [{**USUAL, "valid_from": dt.date(2024, month, 1), "first_fee": 100 * month} for month in range(1, 13)]
    began = time.perf_counter()
    assert fees(stays, frame("tariff", rows)).notna().all()
    assert time.perf_counter() - began < 5
