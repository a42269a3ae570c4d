"""DSC03: costs in the notice to the owners that the ledger has less of."""

from __future__ import annotations

from auditkit.model import Books, Case, Finding, Rule, Subject, Untested, Verdict, evidence
from auditkit.money import yuan
from auditkit.reconcile.allocation import shown
from auditkit.reconcile.disclosure import TOTAL, Line, compared

RULE = Rule(
    "DSC03",
    "cost-overstated",
    "公示支出多于台账",
    "2.2",
    "S2",
    "exception",
    ("ledger", "disclosures"),
    "period_start/period_end/category, or /合计",
    ("民法典943",),
    {"difference_fen": 100},
)


def examine(books: Books, case: Case) -> Verdict:
    """Published cost less ledger cost, each published period by category, or in total where only that stands."""
    every = list(compared(books, case, "支出"))
    untested = [Untested(Subject("disclosure", x.id), x.reason, x.reason_en) for x in every if x.reason]
    more = [x for x in every if not x.reason and x.disclosed - x.ledger >= RULE.thresholds["difference_fen"]]
    return RULE.verdict(len(every), [_finding(x) for x in more], untested)


def _finding(line: Line) -> Finding:
    name, more = line.category or TOTAL, line.disclosed - line.ledger
    booked = f"台账 {yuan(line.ledger)} 元（{len(line.entries)} 行）" if len(line.entries) else "台账没有此类别"
    message = (
        f"{line.start:%Y-%m-%d} 至 {line.end:%Y-%m-%d} {name}支出：公示 {yuan(line.disclosed)} 元，{booked}，"
        f"多公示 {yuan(more)} 元。请提供公示支出的凭证。"
    )
    message_en = (
        f"{line.id}: published {yuan(line.disclosed)} yuan, ledger {yuan(line.ledger)} in {len(line.entries)} rows, "
        f"{yuan(more)} more. Ask for the vouchers of the published cost."
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
        amount=more,
    )
