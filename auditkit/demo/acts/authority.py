"""Authority: no decision, a vote that fails, a decision that came late or ran out, spending beyond it."""

from __future__ import annotations

import datetime as dt

from auditkit.demo.acts import Steps, act
from auditkit.demo.books import DAY, Compound, Row
from auditkit.demo.closing import year_months
from auditkit.demo.spending import USES
from auditkit.demo.truth import exactly


def _decision(c: Compound, matter: str) -> Row:
    """The one that names no class of income, and so covers all."""
    return next(r for r in c.rows["resolutions"] if r["matter"] == matter and not r.get("categories"))


def _another(c: Compound, number: str, day: dt.date, category: str, until: dt.date | None = None) -> Row:
    """One more decision, with the votes of the one that covers everything."""
    votes = _decision(c, "授权经营")
    return c.add(
        "resolutions", **{**votes, "resolution_no": number, "date": day, "categories": category, "valid_to": until}
    )


@act("AUT01", touches="authority")
def nobody_decided(c: Compound) -> Steps:
    """The decision names every class of income but one that is let."""
    contract = c.free("clothes")
    used = dict.fromkeys(r["category"] for r in c.rows["contracts"] if r["category"] != contract["category"])
    _decision(c, "授权经营")["categories"] = ";".join(used)
    yield
    return [exactly("AUT01", "contract_no", contract["contract_no"], len(year_months(c)) * contract["amount"])]


@act("AUT02", touches="assembly authority")
def agreement_below_three_quarters(c: Compound) -> Steps:
    """One head less than three quarters of those who took part."""
    decision = _decision(c, "授权经营")
    decision["agreeing_heads"] = decision["participating_heads"] * 3 // 4 - 1
    yield
    return [exactly("AUT02", "resolution_no", decision["resolution_no"])]


@act("AUT02", touches="assembly use")
def turnout_below_two_thirds(c: Compound) -> Steps:
    """A hundredth of a square metre less than two thirds took part."""
    decision = _decision(c, "收益使用")
    decision["participating_area"] = 39_999.99
    yield
    return [exactly("AUT02", "resolution_no", decision["resolution_no"])]


@act("AUT02", touches="assembly")
def old_law_half_is_not_more(c: Compound) -> Steps:
    """Before 2021 more than half of all had to agree; exactly half did."""
    decision = min(c.rows["resolutions"], key=lambda r: r["date"])
    decision["agreeing_heads"] = decision["total_heads"] // 2
    yield
    return [exactly("AUT02", "resolution_no", decision["resolution_no"])]


@act("AUT03", touches="authority")
def signed_before_decided(c: Compound) -> Steps:
    """The contract names a decision that came more than a year after it was signed."""
    contract = c.free("room")
    number = f"JY-{c.year}-09"
    _another(c, number, dt.date(c.year, 3, 5), contract["category"])
    contract["resolution_no"] = number
    yield
    return [exactly("AUT03", "contract_no", contract["contract_no"])]


@act("AUT04")
def spent_without_decision(c: Compound) -> Steps:
    """A repair names no decision."""
    row = c.free_cost(*USES).ledger[0]
    row["resolution_no"] = ""
    yield
    return [exactly("AUT04", "voucher_no", row["voucher_no"], row["amount"])]


@act("AUT04", touches="use")
def spent_above_the_limit(c: Compound) -> Steps:
    """The last but one cost crosses the limit by twelve yuan; the last lies above it."""
    yield
    decision = _decision(c, "收益使用")
    rows = [r for r in c.rows["ledger"] if r.get("resolution_no") == decision["resolution_no"]]
    crossing, later = rows[-2:]
    above = min(1_200, crossing["amount"])
    decision["spending_limit"] = sum(r["amount"] for r in rows[:-1]) - above
    return [
        exactly("AUT04", "voucher_no", crossing["voucher_no"], above),
        exactly("AUT04", "voucher_no", later["voucher_no"], later["amount"]),
    ]


@act("AUT05", touches="authority")
def outlives_its_decision(c: Compound) -> Steps:
    """A newer decision on the barriers runs out before the contract does."""
    contract = c.free("gate")
    _another(
        c, f"JY-{c.year - 1}-08", contract["signed_on"] - DAY * 30, contract["category"], dt.date(c.year + 1, 1, 31)
    )
    yield
    return [exactly("AUT05", "contract_no", contract["contract_no"])]


@act("AUT05")
def let_for_too_long(c: Compound) -> Steps:
    """Let for longer than twenty years."""
    contract = c.free("room")
    contract["end"] = contract["start"].replace(year=c.year + 20)
    yield
    return [exactly("AUT05", "contract_no", contract["contract_no"])]
