"""Notices: nothing posted, less income, more cost, late, sums that do not foot."""

from __future__ import annotations

import datetime as dt

from auditkit.demo.acts import Steps, act
from auditkit.demo.books import DAY, Compound, Row
from auditkit.demo.closing import months, total
from auditkit.demo.truth import exactly


def _lines(c: Compound, quarter: int, direction: str = "") -> list[Row]:
    first = dt.date(c.year, 3 * quarter + 1, 1)
    return [r for r in c.rows["disclosures"] if r["period_start"] == first and direction in ("", r["direction"])]


def _subject(line: Row) -> str:
    return f"{line['period_start']}/{line['period_end']}"


def _carry(c: Compound, quarter: int, change: int) -> None:
    """Closing and every later opening and closing follow, so that the false notice foots."""
    for later in range(quarter, 4):
        for line in _lines(c, later):
            if line["direction"] == "期末结余" or (line["direction"] == "期初结余" and later > quarter):
                line["amount"] += change


@act("DSC01", touches="disclosure")
def quarter_unpublished(c: Compound) -> Steps:
    """The second quarter was never posted."""
    yield
    for line in _lines(c, 1):
        c.remove("disclosures", line)
    return [exactly("DSC01", "month", f"{c.year}-04", total(c, "收入", months(c, 1)))]


@act("DSC02", touches="disclosure")
def income_understated(c: Compound) -> Steps:
    """The notice has a thousand yuan less than the ledger in its largest class."""
    yield
    line, less = max(_lines(c, 2, "收入"), key=lambda r: r["amount"]), 100_000
    line["amount"] -= less
    _carry(c, 2, -less)
    return [exactly("DSC02", "disclosure", f"{_subject(line)}/{line['category'] or '合计'}", less)]


@act("DSC02", touches="disclosure lines")
def class_left_out(c: Compound) -> Steps:
    """The notice does not know that rooms are let."""
    yield
    line = next(r for r in _lines(c, 0, "收入") if r["category"] == "用房租赁")
    c.remove("disclosures", line)
    _carry(c, 0, -line["amount"])
    return [exactly("DSC02", "disclosure", f"{_subject(line)}/用房租赁", line["amount"])]


@act("DSC03", touches="disclosure")
def cost_overstated(c: Compound) -> Steps:
    """The notice has eight hundred yuan more of costs than the ledger."""
    yield
    line, more = max(_lines(c, 1, "支出"), key=lambda r: r["amount"]), 80_000
    line["amount"] += more
    _carry(c, 1, -more)
    return [exactly("DSC03", "disclosure", f"{_subject(line)}/{line['category'] or '合计'}", more)]


@act("DSC04", touches="disclosure")
def posted_late(c: Compound) -> Steps:
    """The first quarter was posted six weeks after its end, where thirty days are allowed."""
    yield
    lines = _lines(c, 0)
    for line in lines:
        line["published_on"] = line["period_end"] + DAY * 43
    return [exactly("DSC04", "disclosure", _subject(lines[0]))]


@act("DSC04", touches="disclosure")
def taken_down_early(c: Compound) -> Steps:
    """The third quarter's notice hung for a week."""
    yield
    lines = _lines(c, 2)
    for line in lines:
        line["days_posted"] = 7
    return [exactly("DSC04", "disclosure", _subject(lines[0]))]


@act("DSC05", touches="disclosure")
def notice_does_not_foot(c: Compound) -> Steps:
    """The last closing balance is three hundred yuan too high."""
    yield
    line = max((r for r in c.rows["disclosures"] if r["direction"] == "期末结余"), key=lambda r: r["period_end"])
    line["amount"] += 30_000
    return [exactly("DSC05", "disclosure", _subject(line), 30_000)]
