"""Charts that compare papers: the numbers that the tests judge by, and «未测试：缺…» where a paper is not there."""

import re

import pandas as pd
import pytest

from auditkit.audit import judge_all
from auditkit.demo import books_of, case_of, make_compound
from auditkit.money import yuan
from auditkit.reconcile.bridge import bridge
from auditkit.report import charts_compared, charts_parking
from auditkit.report.charts_parking import interval
from auditkit.report.outcome import Outcome
from auditkit.report.style import Chart
from auditkit.report.tables import Note
from tests.report.made import ROWS, books, outcome

ALL = (
    charts_compared.due_by_month, charts_compared.income_against_disclosure, charts_compared.bank_bridge,
    charts_parking.parking_money, charts_parking.release_rates,
)  # fmt: skip
STAY = {
    "kind": "临时", "plate": "晋M00001", "entry": "2024-01-02 08:00", "exit": "2024-01-02 10:00", "due": "10", "paid": "8",
    "release": "正常", "operator": "甲",
}  # fmt: skip
TARIFF = {"kind": "临时", "valid_from": "2023-01-01", "free_minutes": "30", "first_minutes": "60", "first_fee": "6",
          "unit_minutes": "60", "unit_fee": "6"}  # fmt: skip


def log(count=2):
    """Stays of two whole months, the first and the last day of each among them."""
    days = ["2024-01-01", "2024-01-31", "2024-02-01", "2024-02-29"]
    return [
        {
            **STAY,
            "session_id": f"P{i:05d}",
            "plate": f"晋M{i:05d}",
            "entry": f"{days[i % 4]} 08:00",
            "exit": f"{days[i % 4]} 10:00",
        }
        for i in range(4 * count)
    ]


@pytest.fixture(scope="module")
def county_case():
    c, _ = make_compound(7, 1)
    own, case = books_of(c), case_of(c)
    return Outcome(own, case, tuple(judge_all(own, case)))


@pytest.mark.parametrize("chart", ALL, ids=lambda c: c.__name__)
def test_each_is_drawn_of_a_whole_compound_and_says_its_numbers(chart, county_case):
    drawn = chart(county_case)
    assert isinstance(drawn, Chart)
    assert drawn.png.startswith(b"\x89PNG")
    assert len(drawn.png) < 80_000
    assert re.search(r"\d", drawn.alt)


@pytest.mark.parametrize("chart", ALL, ids=lambda c: c.__name__)
def test_a_missing_paper_is_named_and_no_empty_frame_drawn(chart):
    said = chart(outcome(books=books({}), verdicts=()))
    assert isinstance(said, Note)
    assert said.text.startswith("未测试：缺")
    wanted = "停车记录" if chart in (charts_parking.parking_money, charts_parking.release_rates) else "公共收益台账"
    assert wanted in said.text


def test_a_month_is_short_by_what_its_instalments_are_open_for():
    said = charts_compared.due_by_month(outcome()).alt
    assert "2024-04 6,200.50" in said, "HT-7's quarter of 5,000.00 and HT-8's month of 1,200.50"
    assert "2024-02" not in said, "HT-8's February was paid"


def test_published_income_is_set_against_the_ledger_of_the_same_days():
    rows = {
        **ROWS,
        "disclosures": [
            {"period_start": "2024-01-01", "period_end": "2024-03-31", "direction": "收入", "category": "快递柜",
             "amount": "2500", "published_on": "2024-04-10"},
        ],
    }  # fmt: skip
    said = charts_compared.income_against_disclosure(outcome(books=books(rows))).alt
    assert "快递柜 2,500.00 / 3,000.00" in said
    assert "电梯广告 0.00 / 1,200.50" in said, "what the notice leaves out is there too"


def test_the_bridge_leads_from_the_one_balance_to_the_other(county_case):
    made = bridge(county_case.books, county_case.case).statements
    last = made[made["month_end"] == made["month_end"].max()]
    said = charts_compared.bank_bridge(county_case).alt
    bank, book = int(last["bank_balance"].sum()), int(last["book_balance"].sum())
    assert f"银行对账单余额 {yuan(bank)} 元，台账账面余额 {yuan(book)} 元" in said
    told = re.findall(r" ([+-]?[\d,]+\.\d\d)(?:、|$)", said)
    steps = [round(float(n.replace(",", "")) * 100) for n in told]
    assert len(steps) >= 5
    assert bank + sum(steps) == book


def test_parking_says_what_each_step_comes_to():
    rows = {**ROWS, "parking": log(), "tariff": [TARIFF]}
    rows["ledger"] = [
        {"voucher_no": "JZ-1", "date": "2024-02-05", "direction": "收入", "category": "临时停车", "amount": "30"}
    ]
    said = charts_parking.parking_money(outcome(books=books(rows), verdicts=())).alt
    assert "按标准应收 96.00、系统应收 80.00、实收 64.00、台账入账 30.00" in said


def test_a_payment_refunded_and_made_again_owes_its_fee_once():
    again = {**log()[1], "session_id": "P9", "paid": "0"}
    rows = {**ROWS, "parking": [*log(), again], "tariff": [TARIFF]}
    said = charts_parking.parking_money(outcome(books=books(rows), verdicts=())).alt
    assert "按标准应收 96.00、系统应收 80.00、实收 64.00" in said


def test_parking_without_its_tariff_says_so_and_draws_the_rest():
    bare = [{k: v for k, v in row.items() if k != "due"} for row in log()]
    said = charts_parking.parking_money(outcome(books=books({**ROWS, "parking": bare}), verdicts=()))
    assert isinstance(said, Chart)
    assert "未测试：缺停车记录的“应收金额”、停车收费标准" in said.alt
    assert "实收 64.00" in said.alt
    assert "按标准应收" not in said.alt


def test_a_log_without_a_whole_month_is_no_chart():
    said = charts_parking.parking_money(outcome(books=books({**ROWS, "parking": log()[1:2]}), verdicts=()))
    assert isinstance(said, Note)
    assert "整月" in said.text


def test_the_interval_is_clopper_and_pearsons():
    """Published: 10 of 100 at 95 % is 4.9005 % to 17.6223 % (Clopper and Pearson 1934; R's binom.test)."""
    low, high = interval(pd.Series([10, 0, 100]), pd.Series([100, 100, 100]), 0.95)
    assert low == pytest.approx([0.0490047, 0.0, 0.9637833], abs=1e-6)
    assert high == pytest.approx([0.1762226, 0.0362167, 1.0], abs=1e-6)


def test_who_is_marked_is_who_the_test_found(county_case):
    said = charts_parking.release_rates(county_case).alt
    made = next(v for v in county_case.verdicts if v.rule.code == "PRK03")
    assert len(re.findall(r"\d+/\d+", said)) == made.population
