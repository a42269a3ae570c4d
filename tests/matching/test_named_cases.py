"""Cases that other matchers get wrong."""

from __future__ import annotations

import pandas as pd
import pytest

from auditkit import match
from tests.matching.sides import alternatives, groups, side, state


def test_greedy_pairing_is_wrong() -> None:
    """The best single pair (a, y) would leave b or x without an answer: .95 for a-y, .94 for a-x, .93 for b-y."""
    books = side(("a", "2025-01-10", 100), ("b", "2025-01-05", 100))
    money = side(("x", "2025-01-12", 100), ("y", "2025-01-09", 100))
    assert groups(match(books, money)) == {"a | x": "3", "b | y": "3"}


def test_two_hundred_equal_receipts() -> None:
    days = pd.date_range("2025-03-01", periods=20)
    books = side(*[(f"a{i:03d}", days[i % 20], 5) for i in range(200)], category="停车费", method="微信")
    money = side(*[(f"x{i:03d}", days[i % 20], 5) for i in range(200)])
    found = match(books, money)
    assert set(found.rows["state"]) == {"matched"}
    dates = {**dict(zip(books["id"], books["date"], strict=True)), **dict(zip(money["id"], money["date"], strict=True))}
    assert all(dates[a] == dates[b] for a, b in (pair.split(" | ") for pair in groups(found)))


def test_of_equal_receipts_that_many_stay_over_as_are_too_many_and_the_last_are_named() -> None:
    days = pd.date_range("2025-03-01", periods=20)
    books = side(*[(f"a{i:03d}", days[i // 10], 5) for i in range(200)])
    money = side(*[(f"x{i:03d}", days[i // 10], 5) for i in range(197)])
    found = match(books, money)
    over = found.rows.loc[found.rows["state"] == "left", "id"].tolist()
    assert over == ["a197", "a198", "a199"]
    assert len(alternatives(found, "a199")) == 197


def test_a_crowd_is_paired_as_rows_are() -> None:
    """Ten thousand equal receipts a side are weighed a day at a time, with the same answer."""
    days = pd.date_range("2025-03-01", periods=200)
    books = side(*[(f"a{i:05d}", days[i // 50], 5) for i in range(10_000)])
    money = side(*[(f"x{i:05d}", days[min(i // 50 + 1, 199)], 5) for i in range(9_990)])
    found = match(books, money)
    left = found.rows[found.rows["state"] == "left"]
    assert len(left) == 10 and set(left["side"]) == {"ledger"}
    assert len(found.groups) == 9_990
    assert all(len(rivals) > 9_000 for rivals in left["alternatives"])


def test_two_payments_of_a_monthly_rent_in_one_month() -> None:
    rent = {"counterparty": "甲乙传媒有限公司"}
    books = side(("feb", "2025-02-03", 3000, rent), ("mar", "2025-03-03", 3000, rent))
    money = side(("x", "2025-02-03", 3000, rent), ("y", "2025-02-28", 3000, rent))
    assert groups(match(books, money)) == {"feb | x": "2", "mar | y": "2"}
    one = match(books[books["id"] == "feb"], money)
    assert groups(one) == {"feb | x": "2"}
    assert state(one, "y") == "left"


def test_a_rent_paid_twice_within_days_leaves_the_later_one_over_and_says_which_other_could_be_meant() -> None:
    books = side(("a", "2025-02-03", 3000))
    money = side(("x", "2025-02-02", 3000), ("y", "2025-02-04", 3000))
    found = match(books, money)
    assert groups(found) == {"a | x": "3"}
    assert alternatives(found, "y") == ("x",)


@pytest.mark.parametrize("newest_first", [False, True])
def test_newest_first_statements(newest_first: bool) -> None:
    books = side(("a", "2025-01-02", 100), ("b", "2025-01-04", 100), ("c", "2025-01-06", 100))
    money = side(("x", "2025-01-03", 100), ("y", "2025-01-05", 100), ("z", "2025-01-07", 100))
    found = match(books, money.iloc[::-1] if newest_first else money)
    assert groups(found) == {"a | x": "3", "b | y": "3", "c | z": "3"}


def test_a_nearest_miss_names_the_slip() -> None:
    name = "甲乙传媒有限公司"
    found = match(
        side(("a", "2025-01-10", 5430, {"counterparty": name}), ("b", "2025-01-10", 77)),
        side(("x", "2025-01-12", 4530, {"counterparty": name}), ("y", "2025-03-20", 77)),
    )
    nearest = found.nearest.set_index("id")
    assert nearest.loc["a", ["other_id", "difference", "why"]].tolist() == [
        "x",
        90_000,
        "同一相对方，差 900.00 元，数字换位？",
    ]
    assert nearest.loc["y", ["other_id", "why"]].tolist() == ["b", "金额相同，日期相差 69 天"]


def test_an_unreadable_day_or_nothing_to_pay_is_left_alone() -> None:
    books = side(("a", "2025-01-10", 100), ("b", "2025-01-10", 0))
    books.loc[0, "date"] = pd.NaT
    found = match(books, side(("x", "2025-01-10", 100), ("y", "2025-01-10", 0)))
    assert set(found.rows["state"]) == {"left"}


def test_an_id_that_stands_twice_is_refused() -> None:
    with pytest.raises(ValueError, match="stands twice"):
        match(side(("a", "2025-01-10", 100), ("a", "2025-01-11", 100)), side())


def test_nothing_against_nothing() -> None:
    found = match(side(), side())
    assert found.groups.empty and found.rows.empty and found.nearest.empty and found.bounds.empty


def test_a_weeks_booking_is_its_week_and_not_a_day_of_another() -> None:
    """The third week's booking less the fee is what the second week's Friday settled: its own seven days are meant."""
    first = pd.Timestamp("2024-01-01")
    takings = [[20 + 3 * week + 7 * day % 19 for day in range(7)] for week in range(12)]
    takings[2] = [1, 2, 3, 4, 5, 6, 7]
    takings[1][6] = sum(takings[2])
    weeks = [(f"w{w:02d}", first + pd.Timedelta(days=7 * w + 6), sum(days)) for w, days in enumerate(takings)]
    net = [
        (f"d{w:02d}{d}", first + pd.Timedelta(days=7 * w + d + 1), round(amount * 0.994, 2))
        for w, days in enumerate(takings)
        for d, amount in enumerate(days)
    ]
    found = match(side(*weeks, category="临时停车", method="微信"), side(*net, counterparty="财付通支付科技有限公司"))
    assert set(found.rows["state"]) == {"matched"}
    assert set(groups(found).values()) == {"2b"}
