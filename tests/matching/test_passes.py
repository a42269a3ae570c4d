"""Each pass of the specification, on its boundary and off it."""

from __future__ import annotations

import pandas as pd
import pytest

from auditkit import match
from auditkit.reconcile.matching import Settings
from tests.matching.sides import alternatives, groups, side, state

A, B = "甲乙传媒有限公司", "丙丁通信有限公司"
WECHAT, ALIPAY = "财付通支付科技有限公司", "支付宝(中国)网络技术有限公司"


class TestPass1:
    @pytest.mark.parametrize(
        ("serial", "summary"),
        [
            ("TX2025030112345678", "回单TX2025030112345678"),
            ("2025030112345678", "收款12345678"),
            ("NO.0012345678", "见 0012345678 号回单"),
        ],
    )
    def test_a_long_number_pairs_whatever_the_day(self, serial: str, summary: str) -> None:
        found = match(
            side(("a", "2025-01-02", 100, {"text": summary, "counterparty": A})),
            side(("x", "2025-04-30", 100, {"reference": serial, "counterparty": B})),
        )
        assert groups(found) == {"a | x": "1"}

    def test_a_date_in_the_serial_is_no_number(self) -> None:
        found = match(
            side(("a", "2025-01-02", 100, {"text": "20250105停车费"})),
            side(("x", "2025-04-30", 100, {"reference": "2025010500000001"})),
        )
        assert groups(found) == {}

    def test_a_cheque_number_counts_within_the_window_only(self) -> None:
        books = side(
            ("a", "2025-01-02", -100, {"reference": "支票4613"}), ("b", "2025-01-02", -100, {"reference": "支票4614"})
        )
        money = side(
            ("x", "2025-01-04", -100, {"text": "CHECK 4614"}), ("y", "2025-01-05", -100, {"text": "CHECK 4613"})
        )
        assert groups(match(books, money)) == {"a | y": "1", "b | x": "1"}
        assert groups(match(books, money.assign(date=pd.Timestamp("2025-03-01")))) == {}

    def test_the_amount_must_agree(self) -> None:
        found = match(
            side(("a", "2025-01-02", 100, {"text": "12345678"})),
            side(("x", "2025-01-02", 100.01, {"reference": "12345678"})),
        )
        assert groups(found) == {}
        assert found.nearest.set_index("id").loc["a", "why"].startswith("同一单据号，差 0.01 元")


class TestPass2:
    def test_the_window_is_five_days_either_way(self) -> None:
        for day, paired in (("2025-01-05", True), ("2025-01-15", True), ("2025-01-04", False), ("2025-01-16", False)):
            found = match(
                side(("a", "2025-01-10", 100, {"counterparty": A})), side(("x", day, 100, {"counterparty": A}))
            )
            assert (groups(found) == {"a | x": "2"}) is paired

    def test_spelling_makes_no_other_name(self) -> None:
        found = match(
            side(("a", "2025-01-10", 100, {"counterparty": "甲乙（重庆）传媒 有限责任公司"})),
            side(("x", "2025-01-10", 100, {"counterparty": "甲乙(重庆)传媒有限公司"})),
        )
        assert groups(found) == {"a | x": "2"}

    def test_a_row_that_names_an_account_is_answered_there_only(self) -> None:
        books = side(
            ("a", "2025-01-10", 100, {"account": "A1", "counterparty": A}),
            ("b", "2025-01-10", 200, {"counterparty": A}),
        )
        money = side(("x", "2025-01-10", 100), ("y", "2025-01-10", 200), account="A2", counterparty=A)
        assert groups(match(books, money)) == {"b | y": "2"}


class TestPass2b:
    BOOKS = side(
        ("a", "2025-01-06", 5), ("b", "2025-01-06", 10), ("c", "2025-01-07", 5), ("d", "2025-01-07", 15),
        ("e", "2025-01-08", 25), ("f", "2025-01-08", 35), category="停车费", method="微信",
    )  # fmt: skip

    def test_days_of_a_channel_are_its_settlements_net_of_one_rate(self) -> None:
        money = side(
            ("x", "2025-01-07", 14.91), ("y", "2025-01-08", 19.88), ("z", "2025-01-09", 59.64), counterparty=WECHAT
        )
        found = match(self.BOOKS, money)
        assert groups(found) == {"a b | x": "2b", "c d | y": "2b", "e f | z": "2b"}
        assert found.groups["fee"].tolist() == [9, 12, 36]

    def test_a_weekend_settled_at_once(self) -> None:
        money = side(("x", "2025-01-08", 35), ("z", "2025-01-09", 60), counterparty=WECHAT)
        assert groups(match(self.BOOKS, money)) == {"a b c d | x": "2b", "e f | z": "2b"}

    def test_before_the_loose_passes_can_cross_small_round_amounts(self) -> None:
        """Monday's 15 are one settlement; the 15 of Tuesday is not its answer."""
        money = side(("x", "2025-01-07", 15), ("y", "2025-01-08", 20), ("z", "2025-01-09", 60), counterparty=WECHAT)
        assert groups(match(self.BOOKS, money)) == {"a b | x": "2b", "c d | y": "2b", "e f | z": "2b"}

    def test_the_other_way_round(self) -> None:
        books = side(("a", "2025-01-08", 100), ("b", "2025-01-12", 70), category="停车费", method="微信")
        money = side(
            ("x", "2025-01-06", 39.76), ("y", "2025-01-07", 59.64), ("z", "2025-01-10", 29.82), ("w", "2025-01-11", 39.76),
            counterparty=WECHAT,
        )  # fmt: skip
        assert groups(match(books, money)) == {"a | x y": "2b", "b | w z": "2b"}

    def test_another_channel_s_money_is_none_of_it(self) -> None:
        money = side(("x", "2025-01-07", 15), ("y", "2025-01-08", 20), ("z", "2025-01-09", 60), counterparty=ALIPAY)
        assert "2b" not in groups(match(self.BOOKS, money)).values()


class TestPass3:
    @pytest.mark.parametrize(
        "name",
        [
            "",
            WECHAT,
            "银联商务",
            "网联清算",
            "待清算商户消费款",
            "甲乙传媒有限公司重庆分公司",
            "重庆市甲乙传媒有限公司",
        ],
    )
    def test_nobody_a_channel_or_a_name_within_the_other(self, name: str) -> None:
        found = match(
            side(("a", "2025-01-10", 100, {"counterparty": A})), side(("x", "2025-01-12", 100, {"counterparty": name}))
        )
        assert groups(found) == {"a | x": "3"}
        assert found.groups["remark"].tolist() == [""]

    def test_least_total_days(self) -> None:
        books = side(("a", "2025-01-10", 100), ("b", "2025-01-12", 100))
        money = side(("x", "2025-01-13", 100), ("y", "2025-01-10", 100))
        assert groups(match(books, money)) == {"a | y": "3", "b | x": "3"}


class TestPass4:
    @pytest.mark.parametrize(("net", "paired"), [("990.00", True), ("989.99", False), ("1000.01", False)])
    def test_the_fee_is_at_most_one_percent(self, net: str, paired: bool) -> None:
        found = match(side(("a", "2025-01-10", 1000, {"method": "微信"})), side(("x", "2025-01-11", net)))
        assert (groups(found) == {"a | x": "4"}) is paired
        if paired:
            assert found.groups["fee"].tolist() == [1000]

    def test_a_bank_transfer_has_no_fee(self) -> None:
        assert (
            groups(match(side(("a", "2025-01-10", 1000, {"method": "银行转账"})), side(("x", "2025-01-11", 994)))) == {}
        )

    def test_the_frequent_rate_before_fewer_days(self) -> None:
        books = side(("a", "2025-01-10", 1000), ("b", "2025-02-10", 2000), ("c", "2025-03-10", 1000), method="支付宝")
        money = side(
            ("x", "2025-01-12", 994), ("y", "2025-02-12", 1988), ("z", "2025-03-10", 993), ("w", "2025-03-13", 994)
        )
        found = match(books, money)
        assert groups(found) == {"a | x": "4", "b | y": "4", "c | w": "4"}

    def test_most_pairs_before_the_frequent_rate(self) -> None:
        books = side(
            ("a", "2025-01-10", 1000),
            ("b", "2025-02-10", 2000),
            ("c", "2025-03-10", 1000),
            ("d", "2025-03-10", 998),
            method="刷卡",
        )
        money = side(
            ("x", "2025-01-12", 994), ("y", "2025-02-12", 1988), ("z", "2025-03-11", 994), ("w", "2025-03-12", 999)
        )
        assert groups(match(books, money)) == {"a | x": "4", "b | y": "4", "c | w": "4", "d | z": "4"}


class TestPass5And6:
    def test_a_whole_week_ended_at_most_five_days_before(self) -> None:
        books = side(
            ("a", "2025-01-06", 30), ("b", "2025-01-08", 41), ("c", "2025-01-12", 52), category="充电桩", method="其他"
        )
        for day, paired in (("2025-01-12", True), ("2025-01-17", True), ("2025-01-18", False)):
            found = match(books, side(("x", day, 123)), settings=Settings(chance=0))
            assert (groups(found) == {"a b c | x": "5"}) is paired, day

    def test_a_whole_month_net_of_fee(self) -> None:
        books = side(
            ("a", "2025-01-06", 3000),
            ("b", "2025-01-18", 4000),
            ("c", "2025-01-30", 5000),
            category="停车费",
            method="微信",
        )
        found = match(books, side(("x", "2025-02-03", 11928, {"counterparty": WECHAT})))
        assert groups(found) == {"a b c | x": "5"}
        assert found.groups["fee"].tolist() == [7200]

    def test_a_month_booked_at_its_end_and_settled_day_by_day_a_day_later(self) -> None:
        days = pd.date_range("2025-01-01", "2025-03-31")
        taken = pd.Series([500 * (10 + 7 * n % 23) for n in range(len(days))], index=days)
        months = taken.groupby(days.to_period("M")).sum()
        books = side(
            *((f"m{n}", str(month.end_time.date()), amount / 100) for n, (month, amount) in enumerate(months.items())),
            category="停车费", method="微信",
        )  # fmt: skip
        money = side(
            *(
                (f"s{day:%m%d}", str((day + pd.Timedelta(days=1)).date()), (amount - round(amount * 0.006)) / 100)
                for day, amount in taken.items()
            ),
            counterparty=WECHAT,
        )
        found = match(books, money)
        assert set(found.rows["state"]) == {"matched"}
        assert found.groups["pass"].tolist() == ["6", "6", "6"]

    def test_a_week_settled_on_a_tuesday_is_that_week_s(self) -> None:
        """The seven days until the 15th agree with the 529.80 as well, at another rate."""
        weeks = [[87, 72, 84, 88, 73, 61, 68], [90, 76, 75, 72, 89, 85, 86], [69, 90, 75, 71, 78, 88, 89]]
        days = pd.date_range("2024-03-04", periods=21).strftime("%Y-%m-%d")
        taken = [amount for week in weeks for amount in week]
        books = side(
            *((day, day, amount) for day, amount in zip(days, taken, strict=True)), category="停车费", method="微信"
        )
        money = side(
            ("x", "2024-03-12", 529.80), ("y", "2024-03-19", 569.56), ("z", "2024-03-26", 556.64), counterparty=WECHAT
        )
        found = match(books, money)
        assert set(found.rows["state"]) == {"matched"}
        assert found.groups["fee"].tolist() == [320, 344, 336]

    def test_a_sum_of_some_rows_of_one_counterparty(self) -> None:
        books = side(("a", "2025-01-06", 1200), ("b", "2025-01-08", 800), ("c", "2025-01-07", 333), counterparty=A)
        found = match(books, side(("x", "2025-01-10", 2000, {"counterparty": A})))
        assert groups(found) == {"a b | x": "5"}
        assert "期望" in found.groups["sentence"].iloc[0]
        assert state(found, "c") == "left"

    def test_a_deposit_split_over_a_holiday(self) -> None:
        books = side(("a", "2025-09-30", 9000, {"counterparty": A}))
        money = side(("x", "2025-09-30", 5000), ("y", "2025-10-05", 4000), counterparty=A)
        assert groups(match(books, money)) == {"a | x y": "6"}

    def test_two_ways_to_make_a_sum_are_ambiguous(self) -> None:
        books = side(
            ("a", "2025-01-06", 600),
            ("b", "2025-01-06", 400),
            ("c", "2025-01-06", 700),
            ("d", "2025-01-06", 300),
            counterparty=A,
        )
        found = match(books, side(("x", "2025-01-07", 1000, {"counterparty": A})))
        assert groups(found) == {}
        assert {state(found, row) for row in "abcdx"} == {"ambiguous"}
        assert alternatives(found, "a") == ("b", "c", "d")

    def test_equal_rows_stand_for_each_other(self) -> None:
        books = side(("a", "2025-01-06", 600), ("b", "2025-01-06", 400), ("c", "2025-01-06", 600), counterparty=A)
        found = match(books, side(("x", "2025-01-07", 1000, {"counterparty": A})))
        assert groups(found) == {"a b | x": "5"}
        assert state(found, "c") == "left"

    def test_a_sum_that_chance_makes_proves_nothing(self) -> None:
        books = side(*[(f"a{i:02d}", "2025-01-06", 5 + 5 * (i % 2)) for i in range(30)], counterparty=A)
        found = match(books, side(("x", "2025-01-07", 45, {"counterparty": A})))
        assert groups(found) == {}

    def test_what_is_not_searched_is_said(self) -> None:
        books = side(*[(f"a{i:02d}", "2025-01-06", 1000 + 7 * i) for i in range(57)], counterparty=A)
        found = match(books, side(("x", "2025-01-07", 3021, {"counterparty": A})))
        assert found.bounds.loc[found.bounds["id"] == "x", "note_en"].tolist() == ["not searched, 57 candidates"]


class TestPass7:
    def test_totals_of_a_day_agree(self) -> None:
        books = side(("a", "2025-01-06", 30), ("b", "2025-01-06", 45), counterparty=A)
        money = side(("x", "2025-01-06", 20), ("y", "2025-01-06", 55), counterparty=A)
        assert groups(match(books, money)) == {"a b | x y": "7"}

    def test_then_of_a_week(self) -> None:
        books = side(("a", "2025-01-06", 3000), ("b", "2025-01-09", 4500), counterparty=A)
        money = side(("x", "2025-01-07", 2000), ("y", "2025-01-11", 5500), counterparty=A)
        assert groups(match(books, money)) == {"a b | x y": "7"}


class TestPass8:
    def test_other_names_are_paired_with_a_remark(self) -> None:
        found = match(
            side(("a", "2025-01-10", 100, {"counterparty": A})), side(("x", "2025-01-12", 100, {"counterparty": B}))
        )
        assert groups(found) == {"a | x": "8"}
        assert found.groups["remark"].tolist() == ["户名不符"]


class TestNetting:
    def test_a_statement_s_reversal_leaves_with_its_original(self) -> None:
        money = side(
            ("x", "2025-01-10", 100),
            ("y", "2025-01-17", -100, {"text": "冲正"}),
            ("z", "2025-01-10", 300),
            account="A1",
        )
        found = match(side(("a", "2025-01-10", 300)), money)
        assert (state(found, "x"), state(found, "y")) == ("netted", "netted")
        assert groups(found) == {"a | z": "3"}

    @pytest.mark.parametrize(("day", "account"), [("2025-01-18", "A1"), ("2025-01-17", "A2"), ("2025-01-09", "A1")])
    def test_not_later_not_elsewhere_not_before(self, day: str, account: str) -> None:
        money = side(
            ("x", "2025-01-10", 100, {"account": "A1"}), ("y", day, -100, {"text": "冲正", "account": account})
        )
        assert state(match(side(), money), "y") == "left"

    def test_a_red_letter_row_takes_its_original_of_half_a_year_ago(self) -> None:
        rows = ("a", "2025-01-10", 100), ("b", "2025-07-09", -100), ("c", "2025-01-10", 7)
        found = match(side(*rows, counterparty=A, category="广告费"), side())
        assert (state(found, "a"), state(found, "b")) == ("netted", "netted")

    def test_a_column_says_which_row_takes_one_back(self) -> None:
        books = side(("a", "2025-01-10", 100), ("b", "2025-01-12", -100), counterparty=A)
        assert state(match(books.assign(reversal=[False, True]), side()), "a") == "netted"
        assert state(match(books, side()), "a") == "left"

    def test_what_both_sides_show_is_matched_not_netted(self) -> None:
        books = side(("a", "2025-01-10", 100), ("b", "2025-01-12", -100, {"text": "冲销"}), counterparty=A)
        money = side(("x", "2025-01-10", 100), ("y", "2025-01-12", -100), counterparty=A)
        assert groups(match(books, money)) == {"a | x": "2", "b | y": "2"}

    def test_a_voided_and_reissued_cheque(self) -> None:
        books = side(
            ("a", "2025-01-06", -800, {"reference": "支票4613", "text": "维修费"}),
            ("b", "2025-01-08", 800, {"text": "作废 支票4613"}),
            ("c", "2025-01-08", -800, {"reference": "支票4614", "text": "维修费 补开"}),
        )
        found = match(books, side(("x", "2025-01-09", -800, {"text": "支票 4614"})))
        assert groups(found) == {"c | x": "1"}
        assert (state(found, "a"), state(found, "b")) == ("netted", "netted")

    def test_a_transfer_between_listed_accounts(self) -> None:
        money = side(
            ("x", "2025-01-10", -500, {"account": "A1", "counterparty_account": "A2"}),
            ("y", "2025-01-13", 500, {"account": "A2"}),
        )
        listed = Settings(listed_accounts=("A1", "A2"))
        assert state(match(side(), money, settings=listed), "x") == "netted"
        assert state(match(side(), money), "x") == "left"
        assert state(match(side(), money.assign(counterparty_account=""), settings=listed), "x") == "left"
        later = money.assign(date=pd.to_datetime(["2025-01-10", "2025-01-14"]))
        assert state(match(side(), later, settings=listed), "x") == "left"
        other = money.assign(counterparty_account=["A2", "A9"])
        assert state(match(side(), other, settings=listed), "x") == "left"
        cash = money.assign(text=["", "现金存入"])
        assert state(match(side(), cash, settings=listed), "x") == "left"
