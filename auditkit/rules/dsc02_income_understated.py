"""DSC02: income in the ledger that the notice to the owners has less of."""

from __future__ import annotations

from auditkit.model import Books, Case, Finding, Rule, Subject, Untested, Verdict, evidence
from auditkit.money import yuan
from auditkit.reconcile.allocation import shown
from auditkit.reconcile.disclosure import TOTAL, Line, compared

RULE = Rule(
    "DSC02",
    "income-understated",
    "公示收入少于台账",
    "2.2",
    "S2",
    "exception",
    ("ledger", "disclosures"),
    "period_start/period_end/category, or /合计 for a total",
    ("民法典943", "民法典282"),
    {"difference_fen": 100},
)


def examine(books: Books, case: Case) -> Verdict:
    """Ledger income less published income, each published period by category, or in total where only that stands."""
    every = list(compared(books, case, "收入"))
    untested = [Untested(Subject("disclosure", x.id), x.reason, x.reason_en) for x in every if x.reason]
    less = [x for x in every if not x.reason and x.ledger - x.disclosed >= RULE.thresholds["difference_fen"]]
    return RULE.verdict(len(every), [_finding(x) for x in less], untested)


def _finding(line: Line) -> Finding:
    name, less = line.category or TOTAL, line.ledger - line.disclosed
    stated = f"公示 {yuan(line.disclosed)} 元" if len(line.rows) else "公示表未列此类别"
    message = (
        f"{line.start:%Y-%m-%d} 至 {line.end:%Y-%m-%d} {name}收入："
        f"台账 {yuan(line.ledger)} 元（{len(line.entries)} 行），{stated}，少公示 {yuan(less)} 元。"
        "请核对公示底稿，并请说明差额。"
    )
    message_en = (
        f"{line.id}: ledger {yuan(line.ledger)} yuan in {len(line.entries)} rows, published {yuan(line.disclosed)}, "
        f"{yuan(less)} less. Ask for the working papers of the notice."
    )
    rows = shown(line.entries)
    return RULE.finding(
        Subject("disclosure", line.id),
        message,
        message_en,
        (
            *evidence("disclosures", line.rows, f"公示{name} {yuan(line.disclosed)} 元"),
            *evidence("ledger", rows, [f"台账{name} {yuan(a)} 元" for a in rows["amount"]]),
        ),
        amount=less,
    )
