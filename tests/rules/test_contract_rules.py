"""What pages cannot show: estimates from the county, alternatives, notes, and days that do not apply."""

from dataclasses import replace

import pandas as pd
import pytest

from auditkit.audit import judge
from auditkit.model import Books, Case, LocalNumber, Pack, Subject
from auditkit.reconcile.authority import covering
from auditkit.reconcile.quantities import months
from auditkit.reconcile.schedule import rent, rent_after, run
from auditkit.rules import aut05_contract_outlives_authority as aut05
from auditkit.rules import ctr01_expired_still_operating as ctr01
from auditkit.rules import ext02_prepaid_not_handed_over as ext02
from auditkit.rules import inc01_resource_without_contract as inc01
from auditkit.rules import inc02_contract_income_short as inc02
from auditkit.schema import frame, tables

T = pd.Timestamp
CASE = Case("示例小区", T("2024-01-01"), T("2024-12-31"), T("2024-12-31"))
LEASE = {
    "contract_no": "HT-1", "category": "快递柜", "counterparty": "甲", "start": T("2024-01-01"), "end": T("2024-12-31"),
    "amount": 100_00, "cycle": "月", "payment": "预付", "grace_days": 30,
}  # fmt: skip


def books(county=None, **rows):
    frames = {name: frame(name, rows.get(name, ())) for name in tables()}
    columns = {name: frozenset(c.name for c in table.columns) for name, table in tables().items()}
    return Books(frames, frozenset(rows), columns, county=county)


def peers(*prices, category="快递柜"):
    return {
        "contracts": pd.DataFrame(
            {"compound_id": "B", "category": category, "unit_price_month": prices, "quantity": 1.0}
        )
    }


SURVEY = {
    "resource_id": "R-1",
    "category": "快递柜",
    "quantity": 2.0,
    "status": "经营中",
    "surveyed_on": T("2024-05-20"),
}


def test_a_resource_without_contract_is_estimated_at_its_peers_quartiles():
    county = peers(100.0, 200.0, 300.0, 400.0, 500.0)
    verdict = inc01.examine(books(county, resources=[SURVEY], contracts=[]), CASE)
    (finding,) = verdict.findings
    assert (finding.amount_low, finding.amount_high) == (2 * 200 * 7, 2 * 400 * 8)
    assert "5份" in finding.message
    assert "估算" in finding.message


@pytest.mark.parametrize(
    ("county", "survey"),
    [
        (None, SURVEY),
        (peers(100.0, category="充电桩"), SURVEY),
        (peers(100.0), {**SURVEY, "quantity": None}),
        (peers(100.0), {**SURVEY, "surveyed_on": T("2023-05-20")}),
    ],
    ids=["one compound", "no peer", "no quantity", "no survey in the period"],
)
def test_without_peers_quantity_or_survey_there_is_no_estimate(county, survey):
    (finding,) = inc01.examine(books(county, resources=[survey], contracts=[]), CASE).findings
    assert finding.amount_low is finding.amount_high is None


def test_whole_months_are_counted_to_the_day_after_the_period():
    (finding,) = inc01.examine(
        books(peers(100.0), resources=[{**SURVEY, "surveyed_on": T("2024-01-01")}], contracts=[]), CASE
    ).findings
    assert finding.amount_low == finding.amount_high == 2 * 100 * 12


def test_a_pooled_shortfall_names_the_other_contract():
    several = [{**LEASE, "contract_no": n, "cycle": "年"} for n in ("HT-1", "HT-2")]
    paid = {"date": T("2024-01-05"), "direction": "收入", "category": "快递柜", "counterparty": "甲", "amount": 100_00}
    verdict = inc02.examine(books(contracts=several, ledger=[paid]), CASE)
    (finding,) = verdict.findings
    assert finding.amount_low == 100_00
    others = {s.id for s in finding.alternatives} | {finding.subject.id}
    assert others == {"HT-1", "HT-2"}


def test_a_shortfall_shows_each_instalment_and_the_rows_it_rests_on():
    paid = {"date": T("2024-01-05"), "direction": "收入", "category": "快递柜", "contract_no": "HT-1", "amount": 70_00}
    lease = {**LEASE, "cycle": "半年"}
    (finding,) = inc02.examine(books(contracts=[lease], ledger=[paid]), CASE).findings
    assert finding.message.count("到期）") == 2
    assert "应收100.00元、实收70.00元" in finding.message
    assert "应收100.00元、实收0.00元" in finding.message
    assert [e.table for e in finding.evidence] == ["contracts", "ledger"]
    assert finding.evidence[0].note == "每期 100.00 元，付款周期半年，预付"


def test_pooled_contracts_that_could_each_be_meant_are_untested_when_none_is_certain():
    """Two are short, a third got too much in rows without a number: who lacks what cannot be told."""
    several = [{**LEASE, "contract_no": f"HT-{n}", "cycle": "年", "amount": 100_00} for n in (1, 2, 3)]
    row = {"date": T("2024-01-05"), "direction": "收入", "category": "快递柜", "counterparty": "甲"}
    ledger = [{**row, "amount": 150_00, "period": "2024-01"}]
    verdict = inc02.examine(books(contracts=several, ledger=ledger), CASE)
    assert sum(f.amount_low for f in verdict.findings) <= 150_00
    assert len(verdict.findings) + len(verdict.untested) == 2


def test_without_resolutions_the_term_is_still_tested_and_that_is_said():
    verdict = judge(aut05.RULE, aut05.examine, books(contracts=[LEASE]), CASE)
    assert verdict.state == "clean"
    assert "未提供决议台账" in verdict.reason


def test_a_company_that_has_not_left_owes_no_prepaid_rent():
    compound = {"compound_id": "X", "compound_name": "示例", "company_name": "某物业"}
    stayed = books(compound=[compound], contracts=[LEASE], ledger=[], handover=[])
    assert judge(ext02.RULE, ext02.examine, stayed, CASE).state == "empty"
    unread = books(compound=[{**compound, "doubt": "exit_date"}], contracts=[LEASE], ledger=[], handover=[])
    assert judge(ext02.RULE, ext02.examine, unread, CASE).state == "untested"


def test_an_ended_contract_without_any_other_paper_is_untested():
    lease = {**LEASE, "end": T("2024-03-31")}
    assert ctr01.examine(books(contracts=[lease]), CASE).state == "untested"
    assert ctr01.examine(books(contracts=[lease], ledger=[]), CASE).state == "clean"


def test_a_survey_after_the_period_shows_that_a_contract_goes_on():
    lease = {**LEASE, "end": T("2024-11-30"), "resource_ids": "R-1"}
    survey = {**SURVEY, "surveyed_on": T("2025-02-01")}
    (finding,) = ctr01.examine(books(contracts=[lease], resources=[survey]), CASE).findings
    assert finding.amount_low == 100_00
    assert finding.subject == Subject("contract_no", "HT-1")


def test_an_ended_contract_goes_on_in_its_own_cycles_at_its_last_price():
    lease = {
        **LEASE,
        "start": T("2022-01-15"),
        "end": T("2024-01-14"),
        "cycle": "年",
        "amount": 1000_00,
        "escalation": 0.1,
    }
    rows = frame("contracts", [lease])
    assert rent_after(rows, T("2025-01-14")).tolist() == [1100_00]
    assert rent_after(rows, T("2024-01-14")).tolist() == [0]
    assert rent_after(rows, T("2024-01-15")).tolist() == [301]
    once = frame("contracts", [{**LEASE, "end": T("2024-04-09"), "cycle": "一次性", "amount": 1000_00}])
    assert rent_after(once, T("2024-04-19")).tolist() == [100_00]


def test_rent_of_a_period_by_days():
    lease = {**LEASE, "start": T("2023-12-16"), "end": T("2024-01-15"), "amount": 310_00, "rent_free_days": 3}
    assert rent(books(contracts=[lease]), CASE.start, CASE.end).tolist() == [150_00]
    assert rent(books(contracts=[lease]), T("2023-12-01"), T("2023-12-31")).tolist() == [130_00]
    unread = {**lease, "amount": None, "doubt": "amount"}
    assert rent(books(contracts=[unread]), CASE.start, CASE.end).isna().tolist() == [True]


def test_instalments_from_the_31st_keep_to_the_month_end_and_return_to_it():
    rows = run(frame("contracts", [{**LEASE, "start": T("2024-01-31"), "end": T("2024-05-30")}]))
    assert [f"{d:%m-%d}" for d in rows["first"]] == ["01-31", "02-29", "03-31", "04-30"]
    assert [f"{d:%m-%d}" for d in rows["last"]] == ["02-28", "03-30", "04-29", "05-30"]


def test_a_misread_end_or_rate_neither_hangs_nor_overflows():
    far = {**LEASE, "end": T("9999-12-31"), "escalation": 10.0}
    rows = run(frame("contracts", [far]))
    assert len(rows) == 1201
    assert rows["amount"].isna().any()


def test_broken_months_are_counted_by_their_days():
    assert months(T("2024-02-15"), T("2024-03-31")) == 1 + months(T("2024-02-15"), T("2024-02-29"))
    assert months(T("2024-02-15"), T("2024-02-29")) * 29 == 15
    assert months(T("2024-02-15"), T("2024-02-14")) == 0


def test_the_council_where_the_pack_changed_counts_by_the_day_of_its_resolution():
    """A number in force from a later day gives no leave before."""
    number = LocalNumber(True, "示例", since=T("2023-07-01").date())
    case = replace(CASE, pack=Pack(numbers={"council_may_authorise": (number,)}))
    decision = {"resolution_no": "J", "matter": "授权经营", "body": "物业管理委员会"}
    for day, sure in (("2023-06-30", False), ("2023-07-01", True)):
        pairs = covering(books(contracts=[LEASE], resolutions=[{**decision, "date": T(day)}]), case)
        assert pairs["sure"].tolist() == [sure]
