"""DSC01: months with money in the ledger that no published period covers."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd

from auditkit.model import Books, Case, Finding, Rule, Subject, Untested, Verdict, evidence, in_doubt
from auditkit.money import yuan
from auditkit.reconcile.disclosure import disclosed_with, due_day
from auditkit.reconcile.spans import Days, placed, spans

RULE = Rule(
    "DSC01",
    "period-not-disclosed",
    "公共收益未公示",
    "2.2",
    "S3",
    "exception",
    ("ledger", "disclosures"),
    "first month of the run, YYYY-MM",
    ("民法典943",),
)


def examine(books: Books, case: Case) -> Verdict:
    """Each month of the period with ledger rows: covered by published periods, not yet due, or in a run of neither."""
    ledger, disclosures = books["ledger"], books["disclosures"]
    of = spans(ledger)
    months = list(pd.period_range(case.start, case.end, freq="M"))
    booked = [m for m in months if ((of["first"] <= m.end_time) & (of["last"] >= m.start_time)).any()]
    covered, maybe = _covered(disclosures, case)
    open_ = [m for m in months if not _whole(covered, m, case) and not _not_yet_due(m, case)]
    unsure = [m for m in open_ if m in booked and _whole(covered | maybe, m, case)]
    reason, reason_en = (
        "有公示行的期间无法读取，可能覆盖本月",
        "a published period that cannot be read may cover the month",
    )
    untested = [Untested(Subject("month", str(m)), reason, reason_en) for m in unsure]
    runs = _runs([m for m in open_ if m not in unsure], booked)
    return RULE.verdict(len(booked), [_finding(books, run, sum(m in booked for m in run)) for run in runs], untested)


def _covered(disclosures: pd.DataFrame, case: Case) -> tuple[np.ndarray, np.ndarray]:
    """The days of the audit period that published periods cover, and those that unreadable ones may."""
    open_start, open_end = in_doubt(disclosures, "period_start"), in_doubt(disclosures, "period_end")
    first = disclosures["period_start"].where(~open_start).fillna(case.start)
    last = disclosures["period_end"].where(~open_end).fillna(case.end)
    length = (case.end - case.start).days + 1
    covered, maybe = np.zeros(length, dtype=bool), np.zeros(length, dtype=bool)
    for start, end, loose in {*zip(first, last, open_start | open_end, strict=True)}:
        low, high = max((start - case.start).days, 0), max((end - case.start).days + 1, 0)
        (maybe if loose else covered)[low:high] = True
    return covered, maybe


def _whole(days: np.ndarray, month: pd.Period, case: Case) -> bool:
    """Whether every day of the month is among the days; one that is covered in part is not covered."""
    low = max((month.start_time - case.start).days, 0)
    return bool(days[low : (month.end_time.normalize() - case.start).days + 1].all())


def _not_yet_due(month: pd.Period, case: Case) -> bool:
    """Whether the disclosure that the month belongs to may still come on as_of; due at once where nothing says."""
    whole = disclosed_with(month, case)
    last = month.end_time.normalize() if whole is None else whole
    due = case.pack.number("disclosure_due", last)
    if whole is None and due is None:
        return False
    return case.as_of <= (last if due is None else due_day(last, due))


def _runs(months: list[pd.Period], booked: list[pd.Period]) -> Iterator[list[pd.Period]]:
    """Months in a row, each from its first to its last month with ledger rows."""
    places = pd.Series([m.ordinal for m in months], dtype="int64")
    for _, at in places.groupby((places.diff() != 1).cumsum()):
        run = [months[i] for i in at.index]
        held = [i for i, m in enumerate(run) if m in booked]
        if held:
            yield run[held[0] : held[-1] + 1]


def _finding(books: Books, run: list[pd.Period], items: int) -> Finding:
    ledger = books["ledger"]
    days = Days.between(run[0].start_time, run[-1].end_time.normalize())
    inside, _ = placed(ledger, days)
    income = ledger[inside & (ledger["direction"] == "收入") & ~in_doubt(ledger, "direction", "amount")]
    left = int((inside & in_doubt(ledger, "amount")).sum())
    total = int(income["amount"].sum())
    span = str(run[0]) if len(run) == 1 else f"{run[0]} 至 {run[-1]}"
    message = (
        f"{span} 台账有收支（收入 {yuan(total)} 元），没有公示期间完整覆盖。请提供该期间的公示文本和张贴照片。"
        + (f"另有 {left} 行金额无法读取，未计入。" if left else "")
    )
    message_en = (
        f"{run[0]} to {run[-1]}: the ledger has rows (income {yuan(total)} yuan) and no published period covers the "
        "months whole. Ask for the notices and photographs of their posting."
    )
    month = (
        income["date"].dt.to_period("M").where(spans(income)["first"].isna(), spans(income)["first"].dt.to_period("M"))
    )
    sums = income["amount"].groupby(month).sum()
    firsts = income.groupby(month, sort=True).head(1)
    notes = [f"{m} 台账收入 {yuan(int(sums[m]))} 元，未见公示" for m in month[firsts.index]]
    return RULE.finding(
        Subject("month", str(run[0])), message, message_en, evidence("ledger", firsts, notes), amount=total, items=items
    )
