"""Laws of all rules together: on any books, and on the example county's with something changed."""

import datetime as dt
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from auditkit.audit import judge, judge_all
from auditkit.demo import books_of, case_of, make_compound, plan
from auditkit.rules import catalogue
from auditkit.schema import frame, tables
from tests.property.any_books import any_books, any_case

FEW = settings(max_examples=max(settings().max_examples // 12, 1))
NEVER_SAID = ("贪污", "侵吞", "违法", "挪用", "犯罪")
IN_ORDER = {"LDG01"}
"""The running balance follows the rows as they stand: another order is another ledger."""
OWED = {
    "INC02",
    "INC05",
    "AUT01",
    "CTR01",
    "CST05",
    "PRK02",
    "ALC01",
    "ALC02",
    "DSC02",
    "DSC03",
    "DSC05",
    "LDG03",
    "EXT01",
}
"""Amounts that are differences or sums of what the papers say, and no threshold in yuan that lets them pass."""


def changed(books, **frames):
    """The same books with other tables."""
    return replace(books, tables={**books.tables, **frames}, _derived={})


def told(verdicts, but=frozenset()):
    """(rule, subject) -> amounts; rule -> state and counts."""
    kept = [v for v in verdicts if v.rule.code not in but]
    return (
        {(f.rule, f.subject): (f.amount_low, f.amount_high) for v in kept for f in v.findings},
        {v.rule.code: (v.state, v.population, v.passed) for v in kept},
    )


@pytest.fixture(scope="module", params=[(11, 1), (12, 5)], ids=["compound 1", "compound 5"])
def planted(request):
    """A compound in which something was planted, its case, and what is said of it."""
    seed, index = request.param
    compound, _ = make_compound(seed, index, plan(12)[index], stays=800)
    books, case = books_of(compound), case_of(compound)
    return books, case, told(judge_all(books, case), IN_ORDER)


@pytest.fixture(scope="module")
def clean():
    """A compound in which nothing was planted, and its case."""
    compound, _ = make_compound(13, 0, stays=300, costs=60)
    return books_of(compound), case_of(compound)


@FEW
@given(st.integers(0, 2**32))
def test_no_rule_stops_on_any_books(seed):
    books, case = any_books(seed, most=8), any_case(seed)
    for verdict in judge_all(books, case):
        missing = [need for need in verdict.rule.needs if not need.startswith("pack.") and not books.has(need)]
        assert not missing or (verdict.state == "untested" and verdict.reason), verdict.rule.code
        assert all(item.reason and item.reason_en for item in verdict.untested), verdict.rule.code
        subjects = [f.subject for f in verdict.findings]
        assert len(subjects) == len(set(subjects)), verdict.rule.code
        for finding in verdict.findings:
            assert finding.message
            assert finding.message_en
            assert not any(word in finding.message for word in NEVER_SAID)
            assert finding.subject.id
            assert (finding.amount_low is None) == (finding.amount_high is None)
            assert finding.amount_low is None or finding.amount_low <= finding.amount_high
            for place in finding.evidence:
                rows = books[place.table]
                assert ((rows["file"] == place.file) & (rows["row"] == place.row)).any(), (finding.rule, place)


@pytest.mark.parametrize(("seed", "code"), [(3, "LDG02"), (117, "INC02"), (172, "CTR01"), (190, "CTR01")])
def test_what_once_stopped_a_rule_is_found(seed, code):
    """Beside what is found stands a row of the same voucher or contract whose date or amount cannot be read."""
    verdict = judge(*catalogue()[code], any_books(seed), any_case(seed))
    assert verdict.findings


def test_rows_in_another_order_are_told_the_same(planted):
    books, case, before = planted
    random = np.random.default_rng(1)
    mixed = {
        name: rows.iloc[random.permutation(len(rows))].reset_index(drop=True).assign(row=range(2, len(rows) + 2))
        for name, rows in books.tables.items()
    }
    assert told(judge_all(changed(books, **mixed), case), IN_ORDER) == before


def test_unrelated_rows_change_no_finding(planted):
    books, case, (findings, _) = planted
    first = dt.date(case.start.year - 6, 3, 1)
    last = first + dt.timedelta(days=300)
    unrelated = {
        "contracts": {
            "contract_no": "旧-1", "category": "公共设施", "counterparty": "早已离开的公司", "start": first, "end": last,
            "amount": 12_345, "cycle": "月", "payment": "预付", "grace_days": 30, "tax_inclusive": True,
        },
        "resources": {
            "resource_id": "空-1", "category": "公共设施", "status": "空置", "surveyed_on": case.start.date(),
        },
        "resolutions": {
            "resolution_no": "旧决-1", "date": first, "body": "业主大会", "matter": "其他", "share_base": "净收入",
        },
        "ledger": {
            "voucher_no": "旧账", "date": last, "direction": "收入", "category": "赔偿补偿", "counterparty": "早已离开的公司",
            "amount": 500, "method": "其他",
        },
        "parking": {
            "session_id": "旧场", "plate": "京A00000", "kind": "内部", "due": 0, "paid": 0, "lane": "北门",
            "entry": dt.datetime.combine(first, dt.time(8)), "exit": dt.datetime.combine(first, dt.time(9)),
        },
        "cards": {"card_no": "旧卡", "plate": "京A00000", "start": first, "end": last, "paid": 100},
        "related": {"name": "从未往来的公司", "relation": "母公司"},
        "confirmations": {"counterparty": "早已离开的公司", "paid_on": first, "amount": 500},
    }  # fmt: skip
    more = {
        name: pd.concat([books[name], frame(name, [{**row, "file": "另.xlsx", "sheet": "另"}])], ignore_index=True)
        for name, row in unrelated.items()
    }
    assert told(judge_all(changed(books, **more), case), IN_ORDER)[0] == findings


def test_another_compound_judged_between_changes_nothing(planted, clean):
    books, case, before = planted
    judge_all(changed(clean[0]), clean[1])
    assert told(judge_all(changed(books), case), IN_ORDER) == before


def test_a_booked_receipt_taken_out_is_one_shortfall_of_its_amount(clean):
    books, case = clean
    rule, examine = catalogue()["INC02"]
    ledger = books["ledger"]
    assert not judge(rule, examine, changed(books), case).findings
    rent = ledger[(ledger["contract_no"] != "") & (ledger["direction"] == "收入") & (ledger["amount"] >= 10_000)]
    rent = rent[~rent["summary"].str.contains("押金|保证金")]
    several = rent["contract_no"].isin(_summed_contracts(books, case))
    whole = rent[several & (rent["date"] < case.end - pd.Timedelta(days=60))]
    plain = whole[whole["period"] == ""].drop_duplicates("contract_no", keep="last").iloc[:6]
    seen = 0
    for at, row in plain.iterrows():
        found = judge(rule, examine, changed(books, ledger=ledger.drop(index=at).reset_index(drop=True)), case).findings
        assert {(f.subject.id, f.amount_low, f.amount_high) for f in found} <= {
            (row["contract_no"], row["amount"], row["amount"])
        }
        seen += len(found)
    assert seen >= 3


def _summed_contracts(books, case):
    """Contracts that run through the whole period: whatever came in the year was due in it."""
    rows = books["contracts"]
    whole = (rows["start"] <= case.start) & (rows["end"] >= case.end) & rows["terminated_on"].isna()
    return rows.loc[whole, "contract_no"]


@pytest.mark.parametrize("end", ["2023-03-15", "2023-12-31", "2024-06-30", "2040-12-31"])
def test_the_end_of_a_resolution_moves_exactly_the_contracts_that_follow_it(clean, end):
    """All categories follow the general resolution; the chargers' contract names its own, the telecom ones have two."""
    books, case = clean
    decisions, contracts = books["resolutions"], books["contracts"]
    (general,) = decisions.index[(decisions["matter"] == "授权经营") & (decisions["categories"] == "")]
    last = pd.Timestamp(end)
    moved = decisions.assign(valid_to=decisions["valid_to"].mask(decisions.index == general, last))
    codes = ("AUT01", "AUT05")
    before, after = (
        {c: {f.subject.id for f in judge(*catalogue()[c], of, case).findings} for c in codes}
        for of in (changed(books), changed(books, resolutions=moved))
    )
    own = contracts["category"].isin([c for joined in decisions["categories"] for c in joined.split(";") if c])
    shared = contracts[~own]
    running = (shared["start"] <= case.end) & (shared[["end", "terminated_on"]].min(axis=1) >= case.start)
    shared = shared[running]
    assert not any(before.values())
    never = set(shared.loc[shared["start"] > last, "contract_no"])
    longer = set(shared.loc[(shared["start"] <= last) & (shared["end"] > last), "contract_no"])
    assert after["AUT01"] == never
    assert after["AUT05"] & set(shared["contract_no"]) == longer
    telecom = set(contracts.loc[contracts["category"] == "通信基站", "contract_no"])
    assert after["AUT05"] - longer <= telecom


def test_ten_times_the_money_is_ten_times_the_amounts(planted):
    """But for a fen of rounding an instalment; thresholds in yuan only let more be found."""
    books, case, (findings, _) = planted
    money = {name: [c.name for c in table.columns if c.type == "money"] for name, table in tables().items()}
    tenfold = {name: rows.assign(**{c: rows[c] * 10 for c in money[name]}) for name, rows in books.tables.items()}
    statements = books.statements.assign(**{c: books.statements[c] * 10 for c in ("opening", "closing")})
    numbers = {
        name: tuple(replace(n, value=n.value * 10) if name == "approval_threshold" else n for n in several)
        for name, several in case.pack.numbers.items()
    }
    larger = replace(case, approval_threshold=case.approval_threshold * 10, pack=replace(case.pack, numbers=numbers))
    after, _ = told(judge_all(replace(changed(books, **tenfold), statements=statements), larger))
    for key, amounts in findings.items():
        assert key in after, key
        if key[0] in OWED and amounts[0] is not None:
            assert abs(after[key][0] - amounts[0] * 10) <= 100, key


COLUMNS = sorted(
    {need for rule, _ in catalogue().values() for need in rule.needs if "." in need and "pack" not in need}
)


@pytest.mark.parametrize("need", COLUMNS)
def test_a_column_left_out_leaves_untested_exactly_what_needs_it(clean, need):
    books, case = clean
    table, column = need.split(".")
    left = {**books.columns, table: books.columns[table] - {column}}
    blank = frame(table)[column].reindex(range(len(books[table])))
    rows = books[table].assign(**{column: blank.fillna("") if blank.dtype == "str" else blank})
    short = replace(changed(books, **{table: rows}), columns=left)
    for code, (rule, examine) in catalogue().items():
        word = tables()[table].column(column).zh
        if need in rule.needs:
            verdict = judge(rule, examine, short, case)
            assert verdict.state == "untested", code
            assert word in verdict.reason, code
        elif table in rule.needs:
            assert word not in judge(rule, examine, short, case).reason, code
