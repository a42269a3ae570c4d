"""CST01: costs charged to public revenue, against the cap that a resolution or the local rules set."""

from __future__ import annotations

import pandas as pd

from auditkit.model import Books, Case, Rule, Subject, Untested, Verdict, evidence
from auditkit.money import exact, yuan
from auditkit.reconcile.allocation import TRANSFERS, Term, agreed, filled, ledger_sum, not_tested, prescribed, shown
from auditkit.reconcile.spans import Days

RULE = Rule(
    "CST01",
    "cost-above-cap",
    "成本比例超上限",
    "2.3",
    "S2",
    "exception",
    ("ledger",),
    "resolution_no, or pack",
    ("区分所有权解释14", "local"),
    {"excess_fen": 100},
)


def examine(books: Books, case: Case) -> Verdict:
    """Costs of the whole period less the capped part of income, each cap for its own days."""
    ledger, resolutions = books["ledger"], books["resolutions"]
    agreements, doubtful = agreed(resolutions, "cost_cap", case)
    local = (
        Term(Subject("pack", "pack"), exact(number.value), days, resolutions.iloc[:0], number.source)
        for number, days in prescribed(case, "cost_cap")
    )
    terms = filled((*agreements, *local))
    if not terms and doubtful.empty:
        return RULE.verdict(0, reason="地方标准未载入，决议也未约定成本比例上限")
    subject = terms[-1].subject if terms else Subject("pack", "pack")
    if len(doubtful) or any(t.mixed for t in terms):
        reason = "约定成本上限的决议无法读取，或同期决议适用类别不同"
        reason_en = "a resolution with a cap cannot be read, or two on different categories hold at once"
        return RULE.verdict(1, untested=[Untested(subject, reason, reason_en)])
    cost = ledger_sum(ledger, Days.between(case.start, case.end), "支出", but=TRANSFERS)
    costs = [ledger_sum(ledger, term.days, "支出", but=TRANSFERS) for term in terms]
    incomes = [ledger_sum(ledger, term.days, "收入") for term in terms]
    unsure = pd.concat([cost.unsure, *(p.unsure for p in (*costs, *incomes))])
    if len(unsure):
        return RULE.verdict(1, untested=[not_tested(subject, unsure.drop_duplicates(["file", "sheet", "row"]))])
    allowed = [max(term.of(income.amount), 0) for term, income in zip(terms, incomes, strict=True)]
    excess = cost.amount - sum(allowed)
    if excess < RULE.thresholds["excess_fen"]:
        return RULE.verdict(1)
    most = max(range(len(terms)), key=lambda n: costs[n].amount - allowed[n])
    lines = "；".join(
        f"{t.source} {t.days} 收入 {yuan(i.amount)} 元 × {float(t.ratio):.2%} = {yuan(a)} 元"
        for t, i, a in zip(terms, incomes, allowed, strict=True)
    )
    message = (
        f"期内成本 {yuan(cost.amount)} 元（不含维修资金划转与业主分配），上限 {yuan(sum(allowed))} 元（{lines}），"
        f"超出 {yuan(excess)} 元。请逐项说明超出部分的必要性与凭证。"
    )
    message_en = (
        f"Costs other than transfers come to {yuan(cost.amount)} yuan, the cap to {yuan(sum(allowed))}; "
        f"{yuan(excess)} above. Ask for the need and the vouchers of what is above."
    )
    rows = [e for t in terms for e in evidence("resolutions", t.rows, f"成本比例上限 {float(t.ratio):.2%}")]
    largest = shown(cost.rows)
    rows += evidence("ledger", largest, [f"{c} {yuan(a)} 元" for c, a in largest[["category", "amount"]].to_numpy()])
    return RULE.verdict(1, [RULE.finding(terms[most].subject, message, message_en, rows, amount=excess)])
