"""ALC03: what the company set aside for itself, against the share of income that a resolution agrees."""

from __future__ import annotations

import pandas as pd

from auditkit.model import Books, Case, Finding, Rule, Subject, Untested, Verdict, evidence
from auditkit.money import yuan
from auditkit.reconcile.allocation import LedgerSum, Term, agreed, filled, ledger_sum, not_tested
from auditkit.reconcile.spans import Days

RULE = Rule(
    "ALC03",
    "management-share-above-agreed",
    "物业计提超出约定",
    "2.3",
    "S2",
    "exception",
    ("ledger", "resolutions"),
    "resolution_no, or 物业计提 where none agrees a share",
    ("民法典282", "民法典283"),
    {"excess_fen": 100},
)
SHARE = "物业计提"


def examine(books: Books, case: Case) -> Verdict:
    """What was taken less the agreed share of income, for each ratio and its days, where the whole period is above."""
    ledger = books["ledger"]
    whole = Days.between(case.start, case.end)
    taken = ledger_sum(ledger, whole, "支出", only=(SHARE,))
    agreements, doubtful = agreed(books["resolutions"], "management_share", case, "收益分配")
    terms = filled(agreements)
    subject = terms[-1].subject if terms else Subject("category", SHARE)
    items = len(taken.rows) + len(taken.unsure)
    if not items:
        return RULE.verdict(0)
    if len(doubtful) or any(t.mixed for t in terms):
        reason = "分配决议无法读取，或同期决议适用类别不同"
        reason_en = "a resolution on shares cannot be read, or two on different categories hold at once"
        return RULE.verdict(items, untested=[Untested(subject, reason, reason_en, items)])
    incomes = [ledger_sum(ledger, term.days, "收入") for term in terms]
    shares = [ledger_sum(ledger, term.days, "支出", only=(SHARE,)) for term in terms]
    unsure = pd.concat([taken.unsure, *(s.unsure for s in (*incomes, *shares))])
    if len(unsure):
        return RULE.verdict(
            items, untested=[not_tested(subject, unsure.drop_duplicates(["file", "sheet", "row"]), items)]
        )
    if not terms:
        return RULE.verdict(items, _unagreed(taken) if taken.amount >= RULE.thresholds["excess_fen"] else ())
    allowed = [max(term.of(income.amount), 0) for term, income in zip(terms, incomes, strict=True)]
    if taken.amount - sum(allowed) < RULE.thresholds["excess_fen"]:
        return RULE.verdict(items)
    parts = zip(terms, incomes, shares, allowed, strict=True)
    return RULE.verdict(items, [f for part in parts for f in _above(*part)])


def _unagreed(taken: LedgerSum) -> list[Finding]:
    message = f"期内没有有效的收益分配决议约定物业计提比例，台账物业计提合计 {yuan(taken.amount)} 元。请提供计提依据。"
    message_en = (
        f"No resolution valid in the period agrees a share for the company; it took {yuan(taken.amount)} yuan. "
        "Ask what it rests on."
    )
    rows = evidence("ledger", taken.rows, [f"物业计提 {yuan(a)} 元" for a in taken.rows["amount"]])
    subject = Subject("category", SHARE)
    return [RULE.finding(subject, message, message_en, rows, amount=taken.amount, items=len(taken.rows))]


def _above(term: Term, income: LedgerSum, taken: LedgerSum, allowed: int) -> list[Finding]:
    excess, ratio = taken.amount - allowed, f"{float(term.ratio):.2%}"
    if excess < RULE.thresholds["excess_fen"]:
        return []
    message = (
        f"{term.source}约定物业计提为收入的 {ratio}。{term.days} 收入 {yuan(income.amount)} 元，"
        f"可计提 {yuan(allowed)} 元，台账物业计提 {yuan(taken.amount)} 元，多提 {yuan(excess)} 元。"
        "请说明多提部分的依据。"
    )
    message_en = (
        f"{term.subject.id} agrees {ratio} of income for the company. {term.days}: income {yuan(income.amount)}, "
        f"allowed {yuan(allowed)}, taken {yuan(taken.amount)}, {yuan(excess)} yuan above. Ask what it rests on."
    )
    rows = (
        *evidence("resolutions", term.rows, f"物业计提比例 {ratio}"),
        *evidence("ledger", taken.rows, [f"物业计提 {yuan(a)} 元" for a in taken.rows["amount"]]),
    )
    return [RULE.finding(term.subject, message, message_en, rows, amount=excess, items=len(taken.rows))]
