"""Laws of the instalments, of what is short, and of the authority that a contract follows."""

import datetime as dt
from dataclasses import replace
from fractions import Fraction

import pandas as pd
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from auditkit.model import Books, Case, Pack
from auditkit.reconcile.authority import covering
from auditkit.reconcile.schedule import MONTHS, part, rent, run
from auditkit.rules.aut05_contract_outlives_authority import examine as outlives
from auditkit.rules.inc02_contract_income_short import examine as short
from auditkit.schema import frame, tables

SOME = settings(max_examples=settings().max_examples // 3)
FEW = settings(max_examples=settings().max_examples // 10)
DAYS = st.dates(dt.date(2018, 1, 1), dt.date(2026, 12, 31))
CASE = Case("示例小区", pd.Timestamp("2024-01-01"), pd.Timestamp("2024-12-31"), pd.Timestamp("2024-12-31"))


@st.composite
def contracts(draw, number="HT-1", days=DAYS):
    start = draw(days)
    end = start + dt.timedelta(draw(st.integers(0, 1500)))
    stop = draw(st.none() | st.integers(0, (end - start).days).map(lambda n: start + dt.timedelta(n)))
    return {
        "contract_no": number,
        "category": "快递柜",
        "counterparty": f"相对方{number}",
        "start": start,
        "end": end,
        "terminated_on": stop,
        "amount": draw(st.integers(1, 10**9)),
        "cycle": draw(st.sampled_from((*MONTHS, "一次性"))),
        "payment": draw(st.sampled_from(("预付", "后付"))),
        "grace_days": draw(st.integers(0, 90)),
        "escalation": draw(st.sampled_from((None, 0.03, 0.05, 0.08, 0.125))),
        "rent_free_days": draw(st.none() | st.integers(0, 200)),
    }


EMPTY = {name: frame(name) for name in tables()}


def books(**rows):
    frames = EMPTY | {name: frame(name, given_) for name, given_ in rows.items()}
    return Books(frames, frozenset(frames), {})


def last_of(contract):
    return min(d for d in (contract["end"], contract["terminated_on"]) if d)


@given(contracts())
def test_the_instalments_cover_the_term_without_gap_or_overlap(contract):
    rows = run(frame("contracts", [contract]))
    assert rows["first"].iloc[0] == pd.Timestamp(contract["start"])
    assert rows["last"].iloc[-1] == pd.Timestamp(last_of(contract))
    following = rows["first"].iloc[1:].to_numpy()
    assert (rows["last"].iloc[:-1].to_numpy() + pd.Timedelta(days=1).to_numpy() == following).all()
    assert rows["n"].tolist() == list(range(1, len(rows) + 1))
    due = rows["first"] if contract["payment"] == "预付" else rows["last"]
    assert (rows["due_on"] == due).all()
    assert ((rows["grace_end"] - rows["due_on"]).dt.days == contract["grace_days"]).all()


@given(contracts())
def test_a_whole_instalment_is_the_escalated_price_rounded_once(contract):
    rows = run(frame("contracts", [contract]))
    step = MONTHS.get(contract["cycle"], 0)
    for row in rows.itertuples():
        days = (row.last - max(row.first, row.rent_from)).days + 1
        years = (row.n - 1) * step // 12
        rate = 1 + Fraction(str(contract["escalation"] or 0))
        exact = contract["amount"] * rate**years * Fraction(max(days, 0), row.whole)
        assert abs(row.amount - exact) <= Fraction(1, 2)


@given(contracts(), st.integers(0, 3000))
def test_rent_of_two_spans_is_the_rent_of_both_but_for_rounding(contract, cut):
    rows = run(frame("contracts", [contract]))
    day = pd.Timestamp(contract["start"]) + pd.Timedelta(days=cut)
    before = part(rows, rows["first"], day)
    after = part(rows, day + pd.Timedelta(days=1), rows["last"])
    assert ((before + after - rows["amount"]).abs() <= 1).all()


@SOME
@given(contracts())
def test_ten_times_the_money_is_ten_times_the_rent_but_for_rounding(contract):
    small = run(frame("contracts", [contract]))["amount"]
    large = run(frame("contracts", [{**contract, "amount": contract["amount"] * 10}]))["amount"]
    assert ((large - small * 10).abs() <= 5).all()
    one = books(contracts=[contract])
    ten = books(contracts=[{**contract, "amount": contract["amount"] * 10}])
    difference = rent(ten, CASE.start, CASE.end) - rent(one, CASE.start, CASE.end) * 10
    assert (difference.abs() <= 5 * max(len(small), 1)).all()


def paid_up(contract):
    """One receipt an instalment, labelled with the month of its due day, so that nothing is short."""
    rows = run(frame("contracts", [contract]))
    return [
        {
            "voucher_no": f"{contract['contract_no']}-{row.n}",
            "date": row.due_on.date(),
            "direction": "收入",
            "category": contract["category"],
            "counterparty": contract["counterparty"],
            "contract_no": contract["contract_no"],
            "amount": row.amount,
            "period": f"{row.due_on:%Y-%m}",
        }
        for row in rows.itertuples()
    ]


@FEW
@given(st.data())
def test_deleting_a_receipt_gives_one_shortfall_of_its_amount(data):
    """Cycles are whole months here: a label's month then lies in one cycle only."""
    firsts = DAYS.map(lambda day: day.replace(day=1))
    several = [data.draw(contracts(number, firsts)) for number in ("HT-1", "HT-2", "HT-3")]
    ledger = [row for contract in several for row in paid_up(contract)]
    clean = books(contracts=several, ledger=ledger)
    assert not short(clean, CASE).findings
    summed = run(clean["contracts"])
    within = summed[(summed["due_on"] >= CASE.start) & (summed["grace_end"] <= CASE.end) & (summed["amount"] >= 100)]
    assume(len(within))
    lost = within.loc[data.draw(st.sampled_from(list(within.index)))]
    gone = f"{several[lost['contract']]['contract_no']}-{lost['n']}"
    rest = books(contracts=several, ledger=[row for row in ledger if row["voucher_no"] != gone])
    (finding,) = short(rest, CASE).findings
    assert finding.subject.id == several[lost["contract"]]["contract_no"]
    assert finding.amount_low == finding.amount_high == lost["amount"]


@FEW
@given(st.data())
def test_the_order_of_rows_changes_nothing(data):
    several = [data.draw(contracts(number)) for number in ("HT-1", "HT-2")]
    ledger = [row for contract in several for row in paid_up(contract)]
    keep = data.draw(st.lists(st.booleans(), min_size=len(ledger), max_size=len(ledger)))
    ledger = [{**row, "contract_no": ""} for row, kept in zip(ledger, keep, strict=True) if kept]
    for row in several:
        row["counterparty"] = "同一相对方"
    for row in ledger:
        row["counterparty"] = "同一相对方"
    shuffled = data.draw(st.permutations(ledger))
    one = short(books(contracts=several, ledger=ledger), CASE)
    other = short(books(contracts=several, ledger=shuffled), CASE)
    assert (one.population, one.passed) == (other.population, other.passed)
    assert {(f.subject, f.amount_low, f.amount_high) for f in one.findings} == {
        (f.subject, f.amount_low, f.amount_high) for f in other.findings
    }


@st.composite
def resolutions(draw, number):
    day = draw(DAYS)
    return {
        "resolution_no": number,
        "date": day,
        "body": "业主大会",
        "matter": "授权经营",
        "categories": draw(st.sampled_from(("", "快递柜", "电梯广告", "快递柜;电梯广告"))),
        "valid_to": draw(st.none() | st.integers(0, 2000).map(lambda n: day + dt.timedelta(n))),
    }


@FEW
@given(st.data())
def test_moving_the_end_of_a_resolution_changes_only_contracts_that_follow_it(data):
    several = [
        {
            **data.draw(contracts(n)),
            "resolution_no": data.draw(st.sampled_from(("", "J-1", "J-2"))),
            "terminated_on": None,
        }
        for n in ("HT-1", "HT-2", "HT-3", "HT-4")
    ]
    decisions = [data.draw(resolutions(n)) for n in ("J-1", "J-2", "J-3")]
    moved = [dict(row) for row in decisions]
    moved[0]["valid_to"] = data.draw(st.none() | st.integers(0, 2000).map(lambda n: moved[0]["date"] + dt.timedelta(n)))
    case = replace(CASE, pack=Pack())
    before, after = (books(contracts=several, resolutions=rows) for rows in (decisions, moved))
    follow = set()
    for one in (before, after):
        pairs = covering(one, case)
        follow |= set(one["contracts"]["contract_no"].loc[pairs.loc[pairs["resolution"] == 0, "contract"]])
    found = [{f.subject.id for f in outlives(one, case).findings} for one in (before, after)]
    assert found[0] ^ found[1] <= follow


@SOME
@given(contracts(), resolutions("J-1"))
def test_a_resolution_that_ends_before_the_contract_is_found_the_day_it_does(contract, decision):
    contract = {**contract, "resolution_no": "J-1", "terminated_on": None, "category": "快递柜"}
    assume(contract["end"] >= CASE.start.date() and contract["start"] <= CASE.end.date())
    ends = {0: contract["end"], 1: contract["end"] - dt.timedelta(1)}
    found = [
        len(outlives(books(contracts=[contract], resolutions=[{**decision, "valid_to": day}]), CASE).findings)
        for day in ends.values()
    ]
    assert found == [0, 1]
