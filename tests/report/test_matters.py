"""Several findings on one act are one matter, and no yuan is counted twice."""

from auditkit.model import Evidence, Subject, evidence
from auditkit.report.matters import Amount, matters, totals
from tests.report.made import ROWS, RULES, books, outcome


def by_subjects(groups):
    return {frozenset((f.rule, f.subject.id) for f in m.findings): m for m in groups}


def test_an_unbooked_rent_receipt_and_the_short_contract_are_one_matter():
    found = by_subjects(matters(outcome()))
    rent = found[frozenset({("INC02", "HT-7"), ("INC03", "S-9"), ("AUT01", "HT-7")})]
    assert rent.established == Amount(200000, 200000), "2,000 once, not twice, and no exposure on top"
    assert rent.involved == Amount(2000000, 2000000)
    assert rent.amount_kind == "established"
    assert frozenset({("INC03", "S-10")}) in found


def test_one_rules_findings_add_up_and_the_larger_rule_counts():
    b = books()
    r = RULES
    bank = b["bank"]
    receipts = [
        r["INC03"].finding(
            Subject("serial", f"X-{n}"), "x", "x",
            evidence("bank", bank.iloc[:1]), amount=100000,
        ) for n in range(2)
    ]  # fmt: skip
    short = r["INC02"].finding(
        Subject("contract_no", "HT-7"), "x", "x", evidence("contracts", b["contracts"].iloc[:1]), amount=150000
    )
    (one,) = matters(outcome(verdicts=(r["INC03"].verdict(2, receipts), r["INC02"].verdict(1, [short]))))
    assert one.established == Amount(200000, 200000)


def test_established_and_estimated_are_never_added():
    sums = totals(matters(outcome()))
    assert sums["established"] == Amount(208888, 208888)
    assert sums["indicator"] == Amount(10000, 30000)
    assert "involved" not in sums, "the exposure of a matter with an established amount is not counted again"


def test_a_sum_over_many_rows_links_nothing():
    r = RULES
    rows = [Evidence("ledger", "台账.xlsx", "台账", n) for n in range(2, 40)]
    run = r["CSH01"].finding(Subject("voucher_no", "A"), "x", "x", rows, amount=1)
    single = r["LDG02"].finding(Subject("voucher_no", "B"), "x", "x", rows[:1])
    assert len(matters(outcome(verdicts=(r["CSH01"].verdict(1, [run]), r["LDG02"].verdict(1, [single]))))) == 2


def test_a_period_is_a_matter_of_its_own():
    r = RULES
    b = books()
    row = evidence("ledger", b["ledger"].iloc[:1])
    whole = r["DSC04"].finding(Subject("period_start/period_end", "2024-01-01/2024-03-31"), "x", "x", row)
    act = r["CSH01"].finding(Subject("voucher_no", "JZ-1"), "x", "x", row, amount=1)
    assert len(matters(outcome(verdicts=(r["DSC04"].verdict(1, [whole]), r["CSH01"].verdict(1, [act]))))) == 2


def test_the_gravest_matter_comes_first_then_the_surest_and_largest():
    order = [(m.severity, m.amount_kind) for m in matters(outcome())]
    assert order == [("S1", "indicator"), ("S2", "established"), ("S2", "established"), ("S4", "")]
    assert matters(outcome())[1].amount.high > matters(outcome())[2].amount.high


def test_a_counterparty_with_two_contracts_links_neither():
    rows = {name: list(own) for name, own in ROWS.items()}
    rows["contracts"] = [*rows["contracts"], {**rows["contracts"][0], "contract_no": "HT-70"}]
    b = books(rows)
    made = outcome(books=b)
    assert frozenset({("INC03", "S-9")}) in by_subjects(matters(made))
