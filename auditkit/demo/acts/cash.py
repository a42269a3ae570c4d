"""Accounts and cash: money that was booked and never came, went elsewhere, or lay in a drawer."""

from __future__ import annotations

import datetime as dt

from auditkit.demo import names
from auditkit.demo.acts import Steps, act
from auditkit.demo.books import Compound, Row
from auditkit.demo.spending import new_invoice, pay
from auditkit.demo.truth import exactly


@act("CSH01")
def booked_and_not_banked(c: Compound) -> Steps:
    """Rent stands in the ledger; the account never saw it."""
    entry = c.rents(c.free("room")["contract_no"])[5]
    c.forget(entry, "bank")
    yield
    row = entry.ledger[0]
    return [exactly("CSH01", "voucher_no", row["voucher_no"], row["amount"])]


@act("CSH02")
def contract_names_the_company(c: Compound) -> Steps:
    """The contract has the rent paid to the property company."""
    contract = c.free("room")
    contract["payee_account"] = c.company_account
    yield
    return [exactly("CSH02", "contract_no", contract["contract_no"])]


def _went_to(c: Compound, account: str) -> Row:
    """A month's rent went to another account, and the ledger says so."""
    entry = c.rents(c.free("room")["contract_no"])[7]
    c.forget(entry, "bank")
    entry.ledger[0]["account"] = account
    return entry.ledger[0]


@act("CSH02")
def rent_at_the_company(c: Compound) -> Steps:
    """A month's rent went to the property company's account."""
    row = _went_to(c, c.company_account)
    yield
    return [exactly("CSH02", "voucher_no", row["voucher_no"], row["amount"])]


@act("CSH02")
def rent_at_an_unknown_account(c: Compound) -> Steps:
    """A month's rent went to an account that is not on the list."""
    row = _went_to(c, "0599" + names.digits(c.rng, 13))
    yield
    return [exactly("CSH02", "voucher_no", row["voucher_no"], row["amount"])]


@act("CSH03")
def rent_at_a_person(c: Compound) -> Steps:
    """A month's rent went to a private account."""
    row = _went_to(c, c.personal_account)
    yield
    return [exactly("CSH03", "voucher_no", row["voucher_no"], row["amount"])]


@act("CSH03")
def payee_is_a_person(c: Compound) -> Steps:
    """The tenant's reply names a person as payee; the money did come."""
    contract = c.free("room")
    bank = c.rents(contract["contract_no"])[2].bank[0]
    c.add(
        "confirmations", counterparty=contract["counterparty"], contract_no=contract["contract_no"],
        paid_on=bank["date"], amount=bank["credit"], payee_name=names.person(c.rng), payee_account="",
    )  # fmt: skip
    yield
    return [exactly("CSH03", "confirmation", f"{contract['contract_no']}@{bank['date']}", bank["credit"])]


@act("CSH04", touches="cash parking")
def cash_in_a_drawer(c: Compound) -> Steps:
    """December's one cash receipt reaches the bank three and a half weeks later."""
    first = dt.date(c.year, 12, 1)
    c.rows["ledger"] = [r for r in c.rows["ledger"] if not (r["method"] == "现金" and r["date"] >= first)]
    for stay in c.rows["parking"]:
        if stay["method"] == "现金" and stay["exit"].date() >= first:
            stay["method"] = "微信"
    row = c.ledger(
        dt.date(c.year, 12, 3),
        "收入",
        "场地租赁",
        64_000,
        method="现金",
        summary="年末促销场地费 票号900002",
        _held=True,
    )
    c.credit(dt.date(c.year, 12, 27), row["amount"], "", "现金存入")
    yield
    return [exactly("CSH04", "voucher_no", row["voucher_no"], row["amount"])]


@act("CSH05")
def statement_row_cut(c: Compound) -> Steps:
    """A line is missing from the statement: the next balance does not follow."""
    yield
    cut = next(r for r in c.rows["bank"] if r["summary"] == "短信服务费")
    own = [r for r in c.rows["bank"] if r["account"] == cut["account"]]
    following = own[next(n for n, r in enumerate(own) if r is cut) + 1]
    c.remove("bank", cut)
    return [exactly("CSH05", "serial", following["serial"], cut["debit"])]


@act("CSH06")
def paid_and_not_booked(c: Compound) -> Steps:
    """Money went to somebody whom the ledger does not know."""
    debit = c.debit(dt.date(c.year, 8, 21), 186_000 + c.rng.randrange(900), c.company("works"), "往来款")
    yield
    return [exactly("CSH06", "serial", debit["serial"], debit["debit"])]


@act("CSH07")
def booked_and_not_paid(c: Compound) -> Steps:
    """A cost with an invoice that no account ever paid."""
    entry = pay(
        c, "act", dt.date(c.year, 5, 15), "能耗", 143_000 + c.rng.randrange(900), c.company("power"), "公共照明电费",
        new_invoice(c),
    )  # fmt: skip
    c.forget(entry, "bank")
    yield
    row = entry.ledger[0]
    return [exactly("CSH07", "voucher_no", row["voucher_no"], row["amount"])]
