"""PRK05: what the barrier took in a month against what the ledger has for it."""

from __future__ import annotations

import pandas as pd

from auditkit.model import Books, Case, Evidence, Finding, Rule, Subject, Untested, Verdict, evidence
from auditkit.money import yuan
from auditkit.reconcile.stays import SHOWN
from auditkit.reconcile.takings import LEAST, Month, months, shortfalls
from auditkit.reconcile.tariff import VISITOR

RULE = Rule(
    "PRK05",
    "parking-income-unrecorded",
    "道闸实收未足额入账",
    "2.3",
    "S2",
    "exception",
    ("parking", "ledger"),
    "YYYY-MM",
    ("民法典282",),
    {"least_fen": LEAST, "least_share": 0.01, "edge_days": 2, "cut_off_days": 3},
)


def examine(books: Books, case: Case) -> Verdict:
    """Each month that the log covers whole, or all but two days at its edge."""
    covered = months(books["parking"], books["ledger"], case)
    findings, untested = list[Finding](), list[Untested]()
    for month, short in zip(covered, shortfalls(covered), strict=True):
        subject = Subject("month", str(month.month))
        if month.doubt:
            reason = f"{month.doubt}有与本月临时停车有关的行空缺、无法读取，或跨月合并记账"
            untested.append(Untested(subject, reason, "rows of the month cannot be read or told from other months'"))
        elif month.found(short) and month.doubt_next:
            reason = "下月初三日内有一笔临时停车收入无法读取，可能是本月末三日的"
            untested.append(Untested(subject, reason, "a booking of the next month's first days cannot be read"))
        elif month.found(short):
            findings.append(_finding(subject, month, short, books["parking"]))
    return RULE.verdict(len(covered), findings, untested)


def _finding(subject: Subject, of: Month, short: int, parking: pd.DataFrame) -> Finding:
    booked = of.paid - short
    moved = (
        ""
        if booked == of.booked
        else f"（本月记账 {yuan(of.booked)} 元，按月末三日、次月初三日的跨月入账调整为 {yuan(booked)} 元）"
    )
    return RULE.finding(
        subject,
        f"{subject.id} 道闸记录临时停车实收 {yuan(of.paid)} 元，台账临时停车收入 {yuan(booked)} 元{moved}，"
        f"少 {yuan(short)} 元。请提供收款渠道的结算单、当班交款单和现金缴存凭证。",
        f"{subject.id}: the barrier's log says {yuan(of.paid)} yuan were paid by visitors, the ledger has "
        f"{yuan(booked)}; {yuan(short)} short. Ask for the channels' settlements and the shifts' deposits.",
        [*_shown(of), *_taken(of, parking)],
        amount=short,
    )


def _shown(of: Month) -> tuple[Evidence, ...]:
    rows = of.rows.iloc[:SHOWN]
    return evidence("ledger", rows, [f"临时停车收入 {yuan(amount)} 元" for amount in rows["amount"]])


def _taken(of: Month, parking: pd.DataFrame) -> tuple[Evidence, ...]:
    """The first and last paying stay of the month: where to look in the log."""
    after = of.month.end_time.normalize() + pd.Timedelta(days=1)
    mine = (parking["exit"] >= of.month.start_time) & (parking["exit"] < after) & (parking["paid"] > 0)
    rows = parking[mine & (parking["kind"] == VISITOR)]
    ends = rows.iloc[[0, -1]].drop_duplicates("row") if len(rows) else rows
    return evidence("parking", ends, f"本月临时停车实收共 {len(rows)} 笔 {yuan(of.paid)} 元")
