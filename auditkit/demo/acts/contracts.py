"""The life and price of contracts: run out and still there, let twice, dates that cannot be, a friend's price."""

from __future__ import annotations

import datetime as dt

from auditkit.demo import names
from auditkit.demo.acts import Steps, act
from auditkit.demo.books import DAY, Compound
from auditkit.demo.leases import rent_by_others
from auditkit.demo.truth import exactly, roughly


def _stop_rent(c: Compound, number: str, after: dt.date) -> None:
    for entry in c.rents(number):
        if entry.ledger[0]["date"] > after:
            c.forget(entry)


@act("CTR01")
def run_out_and_still_there(c: Compound) -> Steps:
    """The lease ended in May; in September the tenant is still there, and pays nothing."""
    contract = c.free("room")
    contract["end"] = dt.date(c.year, 5, 31)
    _stop_rent(c, contract["contract_no"], contract["end"])
    c.resource(contract)["surveyed_on"] = dt.date(c.year, 9, 18)
    yield
    return [exactly("CTR01", "contract_no", contract["contract_no"], 7 * contract["amount"])]


@act("CTR01")
def run_out_and_still_paying(c: Compound) -> Steps:
    """The lease ended in March, rent came until September, and there is no new contract."""
    contract = c.free("room")
    contract["end"] = dt.date(c.year, 3, 31)
    _stop_rent(c, contract["contract_no"], dt.date(c.year, 9, 25))
    c.resource(contract).update(status="空置", occupant="")
    yield
    return [exactly("CTR01", "contract_no", contract["contract_no"], 3 * contract["amount"])]


@act("CTR02", touches="locker")
def price_of_a_friend(c: Compound) -> Steps:
    """Parcel lockers at two fifths of what others pay."""
    contract = c.free("locker")
    contract["amount"] = contract["amount"] * 2 // 500 * 100
    for entry in c.rents(contract["contract_no"]):
        entry.ledger[0]["amount"] = entry.bank[0]["credit"] = contract["amount"]
    yield
    return [roughly("CTR02", "contract_no", contract["contract_no"], county=True)]


@act("CTR03")
def signed_long_after_the_start(c: Compound) -> Steps:
    """Signed 45 days after it began."""
    contract = c.free("room")
    contract["signed_on"] = contract["start"] + DAY * 45
    yield
    return [exactly("CTR03", "contract_no", contract["contract_no"])]


@act("CTR03")
def ended_before_it_began(c: Compound) -> Steps:
    """A contract whose last day lies before its first."""
    party = c.company("ad")
    contract = c.add(
        "contracts", contract_no=f"HT-{c.year}-{c.id[-3:]}98", category="其他收入", counterparty=party,
        counterparty_uscc=names.uscc(c.rng), signed_on=dt.date(c.year, 4, 20), start=dt.date(c.year, 5, 1),
        end=dt.date(c.year, 4, 30), amount=80_000, cycle="月", payment="预付", grace_days=30, tax_inclusive=True,
        payee_account=c.account,
    )  # fmt: skip
    yield
    return [exactly("CTR03", "contract_no", contract["contract_no"])]


@act("CTR04")
def let_twice(c: Compound) -> Steps:
    """The same room is let to a second tenant from April, who pays."""
    first = c.free("room")
    contract = c.add(
        "contracts",
        **{
            **first, "contract_no": f"HT-{c.year}-{c.id[-3:]}97", "counterparty": c.company("room"),
            "counterparty_uscc": names.uscc(c.rng), "signed_on": dt.date(c.year, 3, 25),
            "start": dt.date(c.year, 4, 1), "end": dt.date(c.year, 12, 31), "amount": first["amount"] + 1_700,
        },
    )  # fmt: skip
    rent_by_others(c, contract, "second", c.first)
    yield
    return [exactly("CTR04", "resource_id", first["resource_ids"])]


@act("REL01")
def tenant_is_related(c: Compound) -> Steps:
    """A tenant is on the list of related companies, spelled a little differently."""
    contract = c.free("room")
    name = contract["counterparty"].replace("有限公司", " 有限责任公司")
    c.add("related", name=name, uscc="", relation="物业企业实际控制人近亲属控股")
    yield
    return [exactly("REL01", "contract_no", contract["contract_no"], 12 * contract["amount"])]
