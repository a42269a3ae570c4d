"""What a page's table cannot show: several sheets, local numbers that change, large sets, and no row at all."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from auditkit.audit import judge
from auditkit.model import Books, Case, LocalNumber, Pack
from auditkit.reconcile.disclosure import due_day
from auditkit.rules import catalogue
from auditkit.schema import frame, tables

DAY = pd.Timestamp
MINE = [c for c in catalogue() if c[:3] in ("ALC", "CST", "DSC") or c in {f"LDG0{n}" for n in range(1, 7)}]
CASE = Case("甲", DAY("2024-01-01"), DAY("2024-12-31"), DAY("2024-12-31"))
DATES = {"date", "valid_from", "valid_to", "period_start", "period_end", "published_on"}


def books(**given):
    frames = {
        name: frame(name, [{k: DAY(v) if k in DATES and v else v for k, v in r.items()} for r in given.get(name, [])])
        for name in tables()
    }
    return Books(frames, frozenset(given), {n: frozenset(c.name for c in tables()[n].columns) for n in given})


def run(code, case=CASE, **given):
    return judge(*catalogue()[code], books(**given), case)


def found(verdict):
    return {f.subject.id: f.amount_low for f in verdict.findings}


def pack(**numbers):
    return replace(
        CASE,
        pack=Pack(
            "1",
            "某地",
            {k: v if isinstance(v, tuple) else (LocalNumber(v, "某规定"),) for k, v in numbers.items()},
            True,
        ),
    )


def entry(date, amount, direction="收入", category="电梯广告", **cells):
    return {"date": date, "amount": amount, "direction": direction, "category": category, **cells}


@pytest.mark.parametrize("code", MINE)
@pytest.mark.parametrize(
    "numbers", [{}, {"fund_share_min": 0.5, "cost_cap": 0.3, "approval_threshold": 1000, "disclosure_due": 15}]
)
def test_tables_given_and_empty_stop_no_rule(code, numbers):
    verdict = run(code, pack(**numbers), ledger=[], resolutions=[], disclosures=[])
    assert not verdict.findings
    assert verdict.state in ("empty", "untested", "clean")


def test_sheets_that_follow_each_other_are_one_running_balance():
    january = [entry("2024-01-05", 100, balance=100, sheet="10月", row=3, voucher_no="a")]
    february = [
        entry("2024-02-05", 100, balance=250, sheet="2月", row=3, voucher_no="b"),
        entry("2024-02-06", 100, balance=350, sheet="2月", row=4, voucher_no="c"),
    ]
    verdict = run("LDG01", ledger=january + february)
    assert found(verdict) == {"b": 50}
    assert verdict.population == 2


def test_sheets_whose_days_overlap_are_ledgers_of_their_own():
    one = [
        entry("2024-01-05", 100, balance=100, sheet="一幢", row=3),
        entry("2024-03-05", 100, balance=200, sheet="一幢", row=4),
    ]
    other = [
        entry("2024-02-05", 100, balance=900, sheet="二幢", row=3),
        entry("2024-04-05", 50, balance=950, sheet="二幢", row=4),
    ]
    verdict = run("LDG01", ledger=one + other)
    assert (verdict.state, verdict.population) == ("clean", 2)


def test_a_share_that_changes_in_the_year_holds_for_its_own_days():
    halves = (
        LocalNumber(0.5, "旧规定", until=DAY("2024-06-30").date()),
        LocalNumber(0.8, "新规定", since=DAY("2024-07-01").date()),
    )
    rows = [entry("2024-03-01", 100_000), entry("2024-09-01", 100_000)]
    paid = [entry("2024-12-01", 100_000, "支出", "维修资金划转")]
    assert found(run("ALC02", pack(fund_share_min=halves), ledger=rows + paid)) == {"2024-01-01/2024-12-31": 30_000}


def test_a_share_in_force_for_a_part_of_the_year_asks_for_that_part_only():
    late = (LocalNumber(0.8, "新规定", since=DAY("2024-07-01").date()),)
    rows = [entry("2024-03-01", 100_000), entry("2024-09-01", 100_000)]
    assert found(run("ALC02", pack(fund_share_min=late), ledger=rows)) == {"2024-01-01/2024-12-31": 80_000}


def test_the_share_is_taken_exactly():
    """0.29 is 29/100: of 0.50 yuan it is 14.5 fen, rounded up to 15."""
    resolution = {
        "resolution_no": "JY",
        "date": "2023-01-01",
        "matter": "收益分配",
        "owners_share": 0.29,
        "share_base": "总收入",
    }
    verdict = run("ALC01", ledger=[entry("2024-03-01", 1_000_050)], resolutions=[resolution])
    assert found(verdict) == {"JY": 290_015}


@pytest.mark.parametrize(
    ("value", "end", "due"),
    [
        (15, "2024-03-31", "2024-04-15"),
        (0, "2024-03-31", "2024-03-31"),
        ({"months": 1, "day": 15}, "2024-03-31", "2024-04-15"),
        ({"months": 1, "day": 31}, "2024-03-31", "2024-04-30"),
        ({"period": "年", "months": 3, "day": 31}, "2023-12-31", "2024-03-31"),
        ({"months": 2, "day": 30}, "2023-12-31", "2024-02-29"),
    ],
)
def test_the_day_a_disclosure_is_due(value, end, due):
    assert due_day(DAY(end), LocalNumber(value, "某规定")) == DAY(due)


def test_a_rhythm_may_stand_in_the_due_day_itself():
    quarter = pack(disclosure_due={"period": "季", "months": 1, "day": 15})
    rows = [entry("2024-10-05", 100), entry("2024-09-05", 70)]
    assert found(run("DSC01", quarter, ledger=rows, disclosures=[])) == {"2024-09": 70}
    late = replace(quarter, as_of=DAY("2025-01-16"))
    assert found(run("DSC01", late, ledger=rows, disclosures=[])) == {"2024-09": 170}


def test_the_amount_that_is_not_disclosed_leaves_out_what_cannot_be_read_and_says_so():
    rows = [entry("2024-01-05", 100), entry("2024-01-06", None, doubt="amount")]
    verdict = run("DSC01", replace(CASE, end=DAY("2024-01-31")), ledger=rows, disclosures=[])
    assert found(verdict) == {"2024-01": 100}
    assert "1 行金额无法读取" in verdict.findings[0].message


def digits(amounts):
    return [entry("2024-05-01", int(a), "支出", "其他支出", row=n) for n, a in enumerate(amounts)]


@pytest.mark.parametrize(("moved", "state"), [(95, "clean"), (125, "findings")])
def test_digits_are_unnatural_from_the_reach_of_chance_on(moved, state):
    """600 amounts by the law, some of them moved to 49: the limit is 0.10 / sqrt(600) = 0.0041, 0.0022 is below it."""
    free = 10 ** (3 + 3 * (np.arange(600) + 0.5) / 600)
    free[np.linspace(1, 598, moved).astype(int)] = 49_900
    verdict = run("LDG05", ledger=digits(free))
    assert verdict.state == state


def test_evidence_of_a_large_sum_names_its_largest_rows():
    rows = [entry("2024-05-01", 100 + n, row=n) for n in range(200)]
    line = {
        "period_start": "2024-01-01",
        "period_end": "2024-12-31",
        "direction": "收入",
        "category": "电梯广告",
        "amount": 0,
    }
    finding = run("DSC02", ledger=rows, disclosures=[line]).findings[0]
    assert [e.row for e in finding.evidence if e.table == "ledger"] == list(range(170, 200))


@pytest.mark.parametrize("code", [c for c in MINE if c not in ("LDG01", "LDG06")])
def test_the_order_of_rows_changes_nothing(code):
    ledger = [
        entry("2024-01-05", 300_000, voucher_no="JZ-1", row=2, counterparty="甲"),
        entry("2024-02-05", -100_000, voucher_no="JZ-2", row=3, counterparty="甲"),
        entry(
            "2024-02-05", 90_000, "支出", "维修养护", voucher_no="JZ-3", row=4, counterparty="乙", invoice_no="00012345"
        ),
        entry(
            "2024-02-07", 90_000, "支出", "维修养护", voucher_no="JZ-4", row=5, counterparty="乙", invoice_no="00012345"
        ),
        entry(
            "2024-02-07", 90_000, "支出", "维修养护", voucher_no="JZ-7", row=6, counterparty="乙", invoice_no="00012345"
        ),
        entry("2024-06-07", 5_000, "支出", "招待费", voucher_no="JZ-8", row=7, counterparty="丙"),
        entry("2024-07-07", 90_000, "支出", "物业计提", voucher_no="JZ-9", row=8, period="2024-06"),
    ]
    resolutions = [
        {
            "resolution_no": "A",
            "date": "2023-01-01",
            "matter": "收益分配",
            "owners_share": 0.5,
            "share_base": "总收入",
            "management_share": 0.1,
            "cost_cap": 0.1,
            "row": 2,
        },
        {
            "resolution_no": "B",
            "date": "2024-07-01",
            "matter": "收益分配",
            "owners_share": 0.5,
            "share_base": "净收入",
            "row": 3,
        },
    ]
    disclosures = [
        {
            "period_start": "2024-01-01",
            "period_end": "2024-03-31",
            "direction": d,
            "category": c,
            "amount": a,
            "published_on": "2024-05-20",
            "row": n,
        }
        for n, (d, c, a) in enumerate(
            [("收入", "电梯广告", 100), ("支出", "维修养护", 300_000), ("期初结余", "", 1), ("期末结余", "", 2)]
        )
    ]
    case = replace(pack(disclosure_due=15, fund_share_min=0.5, posting_days=30), approval_threshold=100_000)
    given = books(ledger=ledger, resolutions=resolutions, disclosures=disclosures)
    mixed = Books(
        {n: f.sample(frac=1, random_state=7).reset_index(drop=True) for n, f in given.tables.items()},
        given.given,
        given.columns,
    )
    one, other = (judge(*catalogue()[code], b, case) for b in (given, mixed))
    assert found(one) == found(other)
    assert (one.population, one.passed, one.untested_items) == (other.population, other.passed, other.untested_items)
    tenfold = {
        n: f.assign(**{c.name: f[c.name] * 10 for c in tables()[n].columns if c.type == "money"})
        for n, f in given.tables.items()
    }
    scaled = judge(
        *catalogue()[code], Books(tenfold, given.given, given.columns), replace(case, approval_threshold=1_000_000)
    )
    assert found(scaled) == {k: None if v is None else v * 10 for k, v in found(one).items()}


def test_a_local_list_or_threshold_counts_from_its_first_day():
    since = DAY("2024-07-01").date()
    rows = [
        entry("2024-06-30", 600_000, "支出", "其他支出", voucher_no="a", counterparty="乙"),
        entry("2024-07-01", 600_000, "支出", "其他支出", voucher_no="b", counterparty="乙"),
    ]
    listed = pack(ineligible_costs=(LocalNumber(["其他支出"], "清单", since=since),))
    assert found(run("CST03", listed, ledger=rows)) == {"b": 600_000}
    limited = run("CST04", pack(approval_threshold=(LocalNumber(10_000, "限额", since=since),)), ledger=rows)
    assert (limited.findings, limited.passed, [u.subject.id for u in limited.untested]) == ((), 1, ["a"])


def test_the_message_of_a_repeated_payment_says_what_repeats():
    rows = [
        entry("2024-04-01", 600, "支出", "能耗", voucher_no="a", counterparty="乙", invoice_no="FP1", summary="电费"),
        entry("2024-04-05", 600, "支出", "能耗", voucher_no="b", counterparty="乙", invoice_no="FP2", summary="电费"),
        entry("2024-06-05", 600, "支出", "能耗", voucher_no="c", counterparty="乙", invoice_no="FP1", summary="补付"),
    ]
    said = {f.subject.id: f.message for f in run("CST05", ledger=rows).findings}
    assert "摘要均相同" in said["b"]
    assert "票据号相同（FP1）" in said["c"]


def test_a_row_without_a_readable_date_is_in_doubt_even_where_its_label_says_the_month():
    resolution = {
        "resolution_no": "JY",
        "date": "2023-01-01",
        "matter": "收益分配",
        "owners_share": 0.5,
        "share_base": "总收入",
    }
    row = entry("", 100_000, period="2024-03", doubt="date") | {"date": None}
    assert run("ALC01", ledger=[row], resolutions=[resolution]).untested_items == 1
    line = {
        "period_start": "2024-01-01",
        "period_end": "2024-03-31",
        "direction": "收入",
        "category": "电梯广告",
        "amount": 0,
    }
    assert run("DSC02", ledger=[row], disclosures=[line]).untested_items == 1
