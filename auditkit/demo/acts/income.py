"""Income left out: not collected, not booked, not even under contract."""

from __future__ import annotations

import datetime as dt

from auditkit.demo import names
from auditkit.demo.acts import Steps, act
from auditkit.demo.books import DAY, Compound
from auditkit.demo.instalments import instalments
from auditkit.demo.truth import exactly, roughly
from auditkit.money import divide


@act("INC01")
def site_without_contract(c: Compound) -> Steps:
    """A billboard stands on the wall, and no contract knows it."""
    resource = c.add(
        "resources", resource_id=f"{c.id[-3:]}-ZY-77", category="外墙广告", location="南侧围墙", quantity=3.0,
        unit="㎡", status="经营中", occupant=c.company("ad"), surveyed_on=dt.date(c.year, 5, 22),
    )  # fmt: skip
    yield
    return [roughly("INC01", "resource_id", resource["resource_id"])]


@act("INC02")
def month_unpaid(c: Compound) -> Steps:
    """One month's rent never came."""
    contract = c.free("room")
    c.forget(c.rents(contract["contract_no"])[6])
    yield
    return [exactly("INC02", "contract_no", contract["contract_no"], contract["amount"])]


@act("INC02")
def month_paid_in_part(c: Compound) -> Steps:
    """A month's rent came short by a hundred and fifty yuan."""
    contract, short = c.free("room"), 15_000
    entry = c.rents(contract["contract_no"])[3]
    entry.ledger[0]["amount"] -= short
    entry.bank[0]["credit"] -= short
    yield
    return [exactly("INC02", "contract_no", contract["contract_no"], short)]


@act("INC02", touches="wall")
def escalation_ignored(c: Compound) -> Steps:
    """The price went up by 8 % on the anniversary; the tenant pays the old one."""
    contract = c.free("wall")
    number, short = contract["contract_no"], 0
    c.rows["confirmations"] = [r for r in c.rows["confirmations"] if r["contract_no"] != number]
    for entry in c.rents(number):
        row = entry.ledger[0]
        short += row["amount"] - contract["amount"]
        row["amount"] = entry.bank[0]["credit"] = contract["amount"]
    yield
    return [exactly("INC02", "contract_no", number, short)]


@act("INC03", "INC02")
def rent_kept_off_the_books(c: Compound) -> Steps:
    """Rent reached the account and is not in the ledger."""
    contract = c.free("room")
    entry = c.rents(contract["contract_no"])[8]
    c.forget(entry, "ledger")
    yield
    amount = contract["amount"]
    return [
        exactly("INC03", "serial", entry.bank[0]["serial"], amount),
        exactly("INC02", "contract_no", contract["contract_no"], amount),
    ]


@act("INC03")
def credit_of_a_stranger(c: Compound) -> Steps:
    """Somebody who is in no contract paid for something."""
    amount = 234_567 + c.rng.randrange(900)
    credit = c.credit(dt.date(c.year, 6, 12), amount, c.company("ad"), "广告发布费")
    yield
    return [exactly("INC03", "serial", credit["serial"], amount)]


@act("INC04")
def confirmed_and_not_booked(c: Compound) -> Steps:
    """The tenant says it paid once more, and does not say where to."""
    contract, day = c.free("room"), dt.date(c.year, 7, 25)
    amount = contract["amount"] + 31_300
    c.add(
        "confirmations",
        counterparty=contract["counterparty"],
        contract_no=contract["contract_no"],
        paid_on=day,
        amount=amount,
    )
    yield
    return [exactly("INC04", "confirmation", f"{contract['contract_no']}@{day}", amount)]


@act("INC04", "CSH03")
def confirmed_to_a_person(c: Compound) -> Steps:
    """The tenant paid a person's account, and the ledger knows nothing of it."""
    contract, day = c.free("room"), dt.date(c.year, 10, 24)
    amount = contract["amount"] + 27_700
    c.add(
        "confirmations", counterparty=contract["counterparty"], contract_no=contract["contract_no"], paid_on=day,
        amount=amount, payee_name=names.person(c.rng), payee_account=c.personal_account,
    )  # fmt: skip
    yield
    subject = f"{contract['contract_no']}@{day}"
    return [exactly("INC04", "confirmation", subject, amount), exactly("CSH03", "confirmation", subject, amount)]


@act("INC05")
def more_on_site_than_let(c: Compound) -> Steps:
    """Twice the contract's area is in use."""
    contract = c.free("room")
    resource = c.resource(contract)
    resource["quantity"] = 2 * contract["quantity"]
    yield
    return [exactly("INC05", "resource_id", resource["resource_id"], 12 * contract["amount"])]


@act("INC06", touches="vending")
def class_missing(c: Compound) -> Steps:
    """Everybody lets out vending machines; here the place is said to be empty."""
    contract = c.free("vending")
    for entry in c.rents(contract["contract_no"]):
        c.forget(entry)
    party = contract["counterparty"]
    c.rows["confirmations"] = [r for r in c.rows["confirmations"] if r["counterparty"] != party]
    c.resource(contract).update(status="空置", occupant="")
    c.remove("contracts", contract)
    yield
    return [roughly("INC06", "category", contract["category"], county=True)]


@act("INC07", touches="interest")
def interest_kept_off_the_books(c: Compound) -> Steps:
    """A quarter's interest is not in the ledger."""
    entry = next(e for e in c.entries if e.kind == "interest")
    c.forget(entry, "ledger")
    yield
    return [exactly("INC07", "serial", entry.bank[0]["serial"], entry.bank[0]["credit"])]


@act("LDG07", touches="locker")
def booked_without_tax(c: Compound) -> Steps:
    """Each instalment came without its 9 % of tax."""
    contract = c.free("locker")
    for entry in c.rents(contract["contract_no"]):
        net = divide(entry.ledger[0]["amount"] * 100, 109)
        entry.ledger[0]["amount"] = entry.bank[0]["credit"] = net
    yield
    grace = DAY * contract["grace_days"]
    due = [i.amount for i in instalments(contract) if c.first <= i.due and i.due + grace <= c.last]
    return [exactly("LDG07", "contract_no", contract["contract_no"], sum(a - divide(a * 100, 109) for a in due))]
