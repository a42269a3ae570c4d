"""The ledger itself, and what a company leaves behind when it goes."""

from __future__ import annotations

import datetime as dt

from auditkit.demo.acts import Steps, act
from auditkit.demo.books import DAY, Compound
from auditkit.demo.closing import prepaid
from auditkit.demo.truth import exactly, roughly


@act("LDG01", touches="balance")
def balance_jumps(c: Compound) -> Steps:
    """From one row on the balance is a hundred yuan too high."""
    yield
    rows = c.rows["ledger"][len(c.rows["ledger"]) // 2 :]
    for row in rows:
        row["balance"] += 10_000
    return [exactly("LDG01", "voucher_no", rows[0]["voucher_no"], 10_000)]


@act("LDG02", touches="vouchers")
def voucher_missing(c: Compound) -> Steps:
    """A voucher number was left out."""
    c.voucher_fault = "gap"
    yield
    return [exactly("LDG02", "voucher_no", c.faulty_voucher)]


@act("LDG02", touches="vouchers")
def voucher_repeated(c: Compound) -> Steps:
    """One voucher number stands on two days."""
    c.voucher_fault = "repeat"
    yield
    return [exactly("LDG02", "voucher_no", c.faulty_voucher)]


@act("LDG03")
def entered_twice(c: Compound) -> Steps:
    """A month's rent came twice on one day, and was entered word for word twice."""
    entry = c.rents(c.free("room")["contract_no"])[4]
    again = dict(entry.ledger[0])
    c.rows["ledger"].append(again)
    c.rows["bank"].append(dict(entry.bank[0]))
    yield
    return [exactly("LDG03", "voucher_no", again["voucher_no"], again["amount"])]


@act("LDG04")
def red_without_original(c: Compound) -> Steps:
    """An income was taken back that had never been entered."""
    row = c.ledger(dt.date(c.year, 8, 7), "收入", "赔偿补偿", -88_000, method="其他", summary="冲销赔偿款")
    yield
    return [exactly("LDG04", "voucher_no", row["voucher_no"], 88_000)]


def _made_up(c: Compound) -> None:
    c.cost_digits = False


@act("LDG05", touches="digits", early=_made_up)
def made_up_amounts(c: Compound) -> Steps:
    """All free costs lie just below five hundred yuan."""
    yield
    return [exactly("LDG05", "direction", "支出")]


@act("LDG06", touches="xlsx")
def total_does_not_foot(c: Compound) -> Steps:
    """May's printed total is a hundred yuan too high."""
    month = f"{c.year}-05"
    c.totals_off[month] = 10_000
    yield
    return [exactly("LDG06", "cell", month, 10_000)]


def _leaves(c: Compound) -> None:
    c.style.exits = True


def _handed(c: Compound, kind: str) -> dict[str, object]:
    return next(r for r in c.rows["handover"] if r["kind"] == kind)


@act("EXT01", touches="balance exit", early=_leaves)
def balance_kept(c: Compound) -> Steps:
    """The company left and kept two thousand yuan of the balance."""
    yield
    row = _handed(c, "公共收益结余")
    row["amount"] = int(str(row["amount"])) - 200_000
    return [exactly("EXT01", "kind", "公共收益结余", 200_000)]


@act("EXT01", touches="balance exit", early=_leaves)
def balance_late(c: Compound) -> Steps:
    """The company left and gave up the balance four weeks later, where ten days are allowed."""
    yield
    _handed(c, "公共收益结余")["handed_on"] = c.last + DAY * 28
    return [roughly("EXT01", "kind", "公共收益结余")]


@act("EXT02", touches="exit", early=_leaves)
def prepaid_kept(c: Compound) -> Steps:
    """The company left and kept a hundred yuan of the rent that was paid ahead."""
    yield
    row, kept = _handed(c, "预收款项"), 10_000
    number, part = list(prepaid(c).items())[-1]
    if part < kept:
        raise LookupError(f"{c.id}: too little was paid ahead on {number}")
    row["amount"] = int(str(row["amount"])) - kept
    return [exactly("EXT02", "contract_no", number, kept)]
