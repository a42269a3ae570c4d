"""Shares and costs: the owners get less, the company takes more, costs that should not be there."""

from __future__ import annotations

import datetime as dt

from auditkit.demo.acts import Steps, act
from auditkit.demo.books import DAY, Compound, Row
from auditkit.demo.closing import TRANSFERS, agreed, months, total, year_months
from auditkit.demo.spending import THRESHOLD, pay
from auditkit.demo.truth import exactly
from auditkit.money import share


def _one_decision(c: Compound) -> None:
    """No second decision on distribution comes in the year."""
    year = f"JY-{c.year}-"
    c.rows["resolutions"] = [r for r in c.rows["resolutions"] if not r["resolution_no"].startswith(year)]


def _cost(c: Compound, day: dt.date, category: str, amount: int, party: str, summary: str) -> Row:
    return pay(c, "act", day, category, amount, party, summary).ledger[0]


@act("ALC01", touches="shares")
def owners_get_less(c: Compound) -> Steps:
    """Two hundred yuan of the owners' share were not paid out."""
    c.owners_short[3] = 20_000
    yield
    return [exactly("ALC01", "resolution_no", agreed(c, 3)["resolution_no"], 20_000)]


@act("ALC02", touches="shares")
def fund_gets_less(c: Compound) -> Steps:
    """Most of the owners' share was paid out where the rules want it in the maintenance fund."""
    c.fund_sevenths = 1
    yield
    span = year_months(c)
    base = total(c, "收入", span) - total(c, "支出", span, without=TRANSFERS)
    due = share(base, c.parameters["pack_values"]["fund_share_min"])
    return [exactly("ALC02", "period", f"{c.first}/{c.last}", due - total(c, "支出", span, only="维修资金划转"))]


@act("ALC03", touches="shares")
def company_takes_more(c: Compound) -> Steps:
    """Fifteen hundred yuan above the agreed share."""
    c.management_extra[3] = 150_000
    yield
    decision = agreed(c, 3)
    span = [m for q in range(4) if agreed(c, q) is decision for m in months(c, q)]
    allowed = share(total(c, "收入", span), decision["management_share"])
    return [
        exactly("ALC03", "resolution_no", decision["resolution_no"], total(c, "支出", span, only="物业计提") - allowed)
    ]


@act("ALC03", touches="shares")
def nobody_agreed_a_share(c: Compound) -> Steps:
    """The company takes a share on which nobody decided."""
    yield
    for row in c.rows["resolutions"]:
        row.pop("management_share", None)
    return [exactly("ALC03", "category", "物业计提", total(c, "支出", year_months(c), only="物业计提"))]


@act("CST01", touches="shares", early=_one_decision)
def costs_above_the_cap(c: Compound) -> Steps:
    """The owners capped the costs; they are above it."""
    yield
    span = year_months(c)
    income, costs = total(c, "收入", span), total(c, "支出", span, without=TRANSFERS)
    decision, cap = agreed(c, 0), (100 * costs // income // 4 - 1) * 4
    decision["cost_cap"] = cap / 100
    return [exactly("CST01", "resolution_no", decision["resolution_no"], costs - share(income, decision["cost_cap"]))]


@act("CST02")
def no_invoice(c: Compound) -> Steps:
    """A labour cost without any paper."""
    row = c.free_cost("人工").ledger[0]
    row["invoice_no"] = ""
    yield
    return [exactly("CST02", "voucher_no", row["voucher_no"], row["amount"])]


@act("CST02")
def a_slip_of_paper(c: Compound) -> Steps:
    """A repair against a handwritten slip."""
    row = c.free_cost("维修养护").ledger[0]
    row["invoice_no"] = "白条"
    yield
    return [exactly("CST02", "voucher_no", row["voucher_no"], row["amount"])]


@act("CST03")
def entertainment(c: Compound) -> Steps:
    """A dinner."""
    row = _cost(c, dt.date(c.year, 9, 11), "招待费", 128_000 + c.rng.randrange(900), c.company("room"), "业务招待餐费")
    yield
    return [exactly("CST03", "voucher_no", row["voucher_no"], row["amount"])]


@act("CST03")
def what_the_fee_covers(c: Compound) -> Steps:
    """Guards whom the property fee already pays for."""
    row = _cost(
        c, dt.date(c.year, 11, 6), "物业服务成本", 176_000 + c.rng.randrange(900), c.company("labour"), "保安服务费"
    )
    yield
    return [exactly("CST03", "voucher_no", row["voucher_no"], row["amount"])]


@act("CST04")
def split_below_the_threshold(c: Compound) -> Steps:
    """Two payments twelve days apart, each below the threshold and together above it."""
    party, day = c.company("labour"), dt.date(c.year, 4, 9)
    amounts = [THRESHOLD * 62 // 100 + c.rng.randrange(900), THRESHOLD * 59 // 100 + c.rng.randrange(900)]
    for n, amount in enumerate(amounts):
        _cost(c, day + DAY * 12 * n, "人工", amount, party, f"绿化带清理{'一二'[n]}标段")
    yield
    return [exactly("CST04", "counterparty", f"{party}@{day}", sum(amounts))]


@act("CST05")
def paid_twice(c: Compound) -> Steps:
    """The same invoice was paid once more a month later."""
    first = c.free_cost("维修养护").ledger[0]
    day = first["date"] + DAY * 26
    again = pay(
        c, "act", min(day, dt.date(c.year, 12, 20)), "维修养护", first["amount"], first["counterparty"], "补付维修款",
        first["invoice_no"],
    )  # fmt: skip
    yield
    return [exactly("CST05", "voucher_no", again.ledger[0]["voucher_no"], first["amount"])]


@act("REL01")
def supplier_is_related(c: Compound) -> Steps:
    """A supplier is on the list of related companies."""
    party = c.company("works")
    row = _cost(c, dt.date(c.year, 6, 19), "维修养护", 152_000 + c.rng.randrange(900), party, "补种绿篱")
    c.add("related", name=party, uscc="", relation="项目经理近亲属控股")
    yield
    return [exactly("REL01", "voucher_no", row["voucher_no"], row["amount"])]
