"""The bank reconciliation statement foots, and names what is in transit with its age."""

import pandas as pd
import pytest

from auditkit.model import Books, Case
from auditkit.reconcile.bridge import BANK_PAID, BANK_RECEIVED, FEES, PAID, RECEIVED, bridge
from auditkit.schema import frame, tables

ACCOUNT = "6222020000000001"
CASE = Case("C1", pd.Timestamp("2024-01-01"), pd.Timestamp("2024-02-29"), pd.Timestamp("2024-02-29"))


def day(text):
    return pd.Timestamp(f"2024-{text}")


def income(date, amount, name, **more):
    return {"date": day(date), "direction": "收入", "category": "场地租赁", "counterparty": name, "amount": amount,
            "method": "银行转账", "account": ACCOUNT, **more}  # fmt: skip


def books(ledger, bank):
    given = {
        "accounts": [{"account": ACCOUNT, "kind": "公共收益专户"}],
        "ledger": [{"file": "台账.xlsx", **r} for r in ledger],
        "bank": [{"account": ACCOUNT, "credit": 0, "debit": 0, "file": "流水.xlsx", **r} for r in bank],
    }
    frames = {name: frame(name, given.get(name, ())) for name in tables()}
    statements = pd.DataFrame(
        [
            {
                "account": ACCOUNT,
                "file": "流水.xlsx",
                "sheet": "",
                "first": day("01-01"),
                "last": day("02-29"),
                "opening": 100000,
                "closing": None,
            }
        ]
    )
    return Books(frames, frozenset(given), {}, statements=statements)


@pytest.fixture
def made():
    ledger = [
        income("01-10", 5000, "甲公司"),
        income("01-30", 7000, "乙公司"),
        income("02-20", 900, "丙公司"),
        {**income("01-31", 3000, "丁公司"), "direction": "支出", "category": "维修养护"},
    ]
    bank = [
        {"date": day("01-11"), "credit": 5000, "counterparty": "甲公司", "serial": "S1"},
        {"date": day("02-02"), "credit": 7000, "counterparty": "乙公司", "serial": "S2"},
        {"date": day("01-20"), "credit": 1234, "counterparty": "戊公司", "serial": "S3"},
        {"date": day("02-03"), "debit": 3000, "counterparty": "丁公司", "serial": "S4"},
        {"date": day("02-28"), "debit": 50000, "counterparty": "己公司", "serial": "S5"},
    ]
    return bridge(books(ledger, bank), CASE)


def test_it_foots_and_names_the_four_items(made):
    january, february = made.statements.to_dict("records")
    assert (january["bank_balance"], january["book_balance"]) == (106234, 109000)
    assert [january[k] for k in (RECEIVED, PAID, BANK_RECEIVED, BANK_PAID, FEES)] == [7000, -3000, 1234, 0, 0]
    assert (february["bank_balance"], february["book_balance"]) == (60234, 109900)
    assert [february[k] for k in (RECEIVED, PAID, BANK_RECEIVED, BANK_PAID)] == [900, 0, 1234, -50000]
    assert january["difference"] == february["difference"] == 0


def test_each_item_has_its_age(made):
    ages = {(r.kind, r.amount): r.age_days for r in made.items[made.items["month_end"] == day("02-29")].itertuples()}
    assert ages == {(RECEIVED, 900): 9, (BANK_RECEIVED, 1234): 40, (BANK_PAID, -50000): 1}


def test_interest_is_no_item_where_both_sides_have_it_and_one_where_the_ledger_has_not():
    ledger = [{**income("02-21", 321, ""), "category": "利息", "summary": "2月结息"}]
    bank = [
        {"date": day("01-21"), "credit": 123, "summary": "结息", "serial": "S1"},
        {"date": day("02-21"), "credit": 321, "summary": "结息", "serial": "S2"},
    ]
    made = bridge(books(ledger, bank), CASE)
    last = made.items[made.items["month_end"] == day("02-29")]
    assert [(r.kind, r.table, r.label, r.amount) for r in last.itertuples()] == [(BANK_RECEIVED, "bank", 0, 123)]
    assert (made.statements["difference"] == 0).all()


def test_the_example_county_foots_to_its_printed_balances():
    from auditkit.demo import books_of, case_of, make_compound

    compound, _ = make_compound(2024, 0)
    made = books_of(compound)
    statements = bridge(made, case_of(compound)).statements
    assert (statements["difference"] == 0).all()
    assert len(statements) % 12 == 0
