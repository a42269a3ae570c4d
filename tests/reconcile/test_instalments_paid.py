"""Which months are unpaid, late and short: as an auditor would read it from the receipts."""

import pandas as pd
import pytest

from auditkit.model import Books, Case
from auditkit.reconcile.instalments_paid import lines, paid_instalments
from auditkit.schema import frame, tables

CASE = Case("C1", pd.Timestamp("2024-01-01"), pd.Timestamp("2024-06-30"), pd.Timestamp("2024-06-30"))
CONTRACT = {
    "contract_no": "HT-1", "category": "场地租赁", "counterparty": "甲公司", "start": pd.Timestamp("2024-01-01"),
    "end": pd.Timestamp("2024-12-31"), "amount": 100000, "cycle": "月", "payment": "预付", "grace_days": 10,
}  # fmt: skip


def paid(*receipts):
    ledger = [
        {"file": "台账.xlsx", "date": pd.Timestamp(date), "direction": "收入", "category": "场地租赁",
         "contract_no": "HT-1", "counterparty": "甲公司", "amount": amount, "period": period}
        for date, amount, period in receipts
    ]  # fmt: skip
    frames = {t: frame(t, {"contracts": [CONTRACT], "ledger": ledger}.get(t, ())) for t in tables()}
    books = Books(frames, frozenset({"contracts", "ledger"}), {})
    rows = paid_instalments(books, CASE)
    return books, [
        (int(p), s, None if pd.isna(d) else int(d))
        for p, s, d in zip(rows["paid"], rows["state"], rows["late"], strict=True)
    ]


def test_the_month_without_a_receipt_is_the_unpaid_one():
    _, states = paid(*((f"2024-{m:02d}-04", 100000, "") for m in (1, 2, 4, 5, 6)))
    assert [s for _, s, _ in states] == ["paid", "paid", "unpaid", "paid", "paid", "paid"]


def test_a_label_says_what_a_late_receipt_pays():
    books, states = paid(
        *((f"2024-{m:02d}-04", 100000, "") for m in (1, 2, 4, 5, 6)), ("2024-06-20", 100000, "2024-03")
    )
    assert states[2] == (100000, "paid", 111)
    assert lines(books, CASE, "HT-1")[2].endswith("应收1,000.00元、实收1,000.00元（2024-06-20收到，迟111天）")


def test_two_rents_in_one_month_pay_the_open_one_first():
    _, states = paid(("2024-01-04", 100000, ""), ("2024-03-03", 100000, ""), ("2024-03-20", 100000, ""))
    assert [s for _, s, _ in states] == ["paid", "paid", "paid", "unpaid", "unpaid", "unpaid"]
    assert states[1] == (100000, "paid", 48)


def test_several_months_at_once_pay_each_of_them():
    _, states = paid(("2024-01-04", 300000, ""), ("2024-04-02", 300000, ""))
    assert [(p, s) for p, s, _ in states] == [(100000, "paid")] * 6


@pytest.mark.parametrize("amount, left", [(60000, 40000), (99900, 100)])
def test_paid_in_part_is_short_in_its_own_month(amount, left):
    _, states = paid(("2024-01-04", 100000, ""), ("2024-02-04", amount, ""), ("2024-03-04", 100000, ""))
    assert states[1][:2] == (100000 - left, "part")
    assert states[2][:2] == (100000, "paid")


def test_a_red_letter_row_opens_its_month_again():
    _, states = paid(("2024-01-04", 100000, "2024-01"), ("2024-01-09", -100000, "2024-01"))
    assert states[0][:2] == (0, "unpaid")


def test_within_grace_at_the_end_is_not_judged():
    late = Case("C1", pd.Timestamp("2024-01-01"), pd.Timestamp("2024-02-05"), pd.Timestamp("2024-02-05"))
    books, _ = paid(("2024-01-04", 100000, ""))
    assert list(paid_instalments(books, late)["state"]) == ["paid", "open"]
    assert len(lines(books, late, "HT-1")) == 1
