"""ALC01: what the owners got, against the share that their own resolution gives them."""

from __future__ import annotations

from auditkit.model import Books, Case, Finding, Rule, Untested, Verdict, evidence, row_subject
from auditkit.money import yuan
from auditkit.reconcile.allocation import TRANSFERS, Term, agreed, ledger_sum, not_tested

RULE = Rule(
    "ALC01",
    "owners-share-short",
    "业主分成低于约定",
    "2.3",
    "S2",
    "exception",
    ("ledger", "resolutions"),
    "resolution_no",
    ("民法典283", "民法典282"),
    {"shortfall_fen": 100},
)


def examine(books: Books, case: Case) -> Verdict:
    """Base times share less what reached the owners, for the days on which each resolution is the latest."""
    terms, doubtful = agreed(books["resolutions"], "owners_share", case, "收益分配")
    said = [_one(books, term) for term in terms]
    unread = [
        Untested(subject, "决议的日期、事项或比例无法读取", "date, matter or share of the resolution cannot be read")
        for subject in row_subject(doubtful, "resolution_no")
    ]
    findings = [x for x in said if isinstance(x, Finding)]
    untested = [x for x in said if isinstance(x, Untested)]
    return RULE.verdict(len(terms) + len(doubtful), findings, untested + unread)


def _one(books: Books, term: Term) -> Finding | Untested | None:
    ledger = books["ledger"]
    if term.shaky:
        return Untested(
            term.subject, "另有无法读取的决议可能同期有效", "an unreadable resolution may hold on these days"
        )
    if term.mixed:
        reason = "同期另有适用类别不同的分配决议，划转款无法按决议分开"
        return Untested(term.subject, reason, "another resolution on other categories holds on the same days")
    income = ledger_sum(ledger, term.days, "收入", only=term.only)
    cost = ledger_sum(ledger, term.days, "支出", but=TRANSFERS)
    paid = ledger_sum(ledger, term.days, "支出", only=TRANSFERS)
    net = term.base != "总收入"
    for part in (income, paid, cost) if net else (income, paid):
        if len(part.unsure):
            return not_tested(term.subject, part.unsure)
    base = income.amount - (cost.amount if net else 0)
    due = term.of(base)
    short = due - paid.amount
    if base <= 0 or short < RULE.thresholds["shortfall_fen"]:
        return None
    ratio = f"{float(term.ratio):.2%}"
    reckoned = f"收入 {yuan(income.amount)} 元" + (f" - 成本 {yuan(cost.amount)} 元" if net else "")
    message = (
        f"{term.source}约定业主分成为{term.base}的 {ratio}。{term.days} 期间{term.base} {yuan(base)} 元（{reckoned}），"
        f"应归业主 {yuan(due)} 元，维修资金划转与业主分配合计 {yuan(paid.amount)} 元，少 {yuan(short)} 元。"
        "请问差额现在何处，是否已计提未支付。"
    )
    message_en = (
        f"{term.subject.id} gives the owners {ratio} of {'net' if net else 'gross'} income. {term.days}: base "
        f"{yuan(base)}, due {yuan(due)}, transferred or paid out {yuan(paid.amount)}, short by {yuan(short)} yuan. "
        "Ask where the difference is and whether it is accrued."
    )
    rows = (
        *evidence("resolutions", term.rows, f"业主分成 {ratio}，基数 {term.base}"),
        *evidence("ledger", paid.rows, [f"{c} {yuan(a)} 元" for c, a in paid.rows[["category", "amount"]].to_numpy()]),
    )
    return RULE.finding(term.subject, message, message_en, rows, amount=short)
