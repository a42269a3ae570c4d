"""DSC05: notices whose own figures do not add up, or do not take up where the last one ended."""

from __future__ import annotations

import pandas as pd

from auditkit.model import Books, Case, Finding, Rule, Subject, Untested, Verdict, evidence, in_doubt
from auditkit.money import yuan
from auditkit.reconcile.disclosure import lines, of_period, periods

RULE = Rule(
    "DSC05",
    "disclosure-does-not-foot",
    "公示表不平",
    "2.2",
    "S3",
    "exception",
    ("disclosures",),
    "period_start/period_end",
    ("会计法17",),
)
OPENING, CLOSING = "期初结余", "期末结余"


def examine(books: Books, case: Case) -> Verdict:
    """Each published period with a balance: opening + income - cost, and the closing before it."""
    published = lines(books["disclosures"])
    with_balance = [
        (start, end, rows, loose)
        for start, end in periods(published, case)
        for rows, loose in [of_period(published, start, end)]
        if rows["direction"].isin([OPENING, CLOSING]).any()
    ]
    if not with_balance:
        unbalanced = len(periods(published, case))
        return RULE.verdict(0, reason="公示表没有期初或期末结余" if unbalanced else "")
    said = [_one(published, *item) for item in with_balance]
    return RULE.verdict(
        len(said), [x for x in said if isinstance(x, Finding)], [x for x in said if isinstance(x, Untested)]
    )


def _one(
    published: pd.DataFrame, start: pd.Timestamp, end: pd.Timestamp, rows: pd.DataFrame, loose: pd.DataFrame
) -> Finding | Untested | None:
    subject = Subject("disclosure", f"{start:%Y-%m-%d}/{end:%Y-%m-%d}")
    if len(loose) or in_doubt(rows, "amount", "direction", "category").any():
        return Untested(subject, "公示表有无法读取的行", "a published line cannot be read")
    opening, closing = _sum(rows, OPENING), _sum(rows, CLOSING)
    last = _closing_before(published, start, opening)
    faults, faults_en, off = list[str](), list[str](), list[int]()
    moved = rows["direction"].isin(["收入", "支出"]).any()
    if opening is not None and closing is not None and moved:
        income, cost = _sum(rows, "收入") or 0, _sum(rows, "支出") or 0
        reckoned = opening + income - cost
        if reckoned != closing:
            off.append(abs(closing - reckoned))
            faults.append(
                f"期初 {yuan(opening)} + 收入 {yuan(income)} - 支出 {yuan(cost)} = {yuan(reckoned)} 元，"
                f"公示期末 {yuan(closing)} 元，相差 {yuan(off[-1])} 元"
            )
            faults_en.append(f"opening + income - cost = {yuan(reckoned)}, published closing {yuan(closing)}")
    if opening is not None and last is not None and opening != last:
        off.append(abs(opening - last))
        faults.append(f"期初 {yuan(opening)} 元，上期期末 {yuan(last)} 元，相差 {yuan(off[-1])} 元")
        faults_en.append(f"opening {yuan(opening)}, closing of the period before {yuan(last)}")
    if faults:
        balances = rows[rows["direction"].isin([OPENING, CLOSING])]
        message = f"{start:%Y-%m-%d} 至 {end:%Y-%m-%d} 的公示表：{'；'.join(faults)}。请提供编制底稿。"
        message_en = f"{subject.id}: {'; '.join(faults_en)}. Ask for the working papers of the notice."
        return RULE.finding(
            subject, message, message_en, evidence("disclosures", balances, "；".join(faults)), amount=max(off)
        )
    if opening is None or closing is None or not moved:
        return Untested(subject, "缺期初结余、期末结余或收支，无法验算", "opening, closing or movements are missing")
    return None


def _closing_before(published: pd.DataFrame, start: pd.Timestamp, opening: int | None) -> int | None:
    """The closing of the period that ends the day before; where months and their quarter end together, the nearest."""
    before = published[published["period_end"] == start - pd.Timedelta(days=1)]
    before = before[~in_doubt(before, "amount", "direction", "period_start", "period_end")]
    closings = [_sum(of, CLOSING) for _, of in before.groupby("period_start")]
    known = [closing for closing in closings if closing is not None]
    return min(known, key=lambda closing: abs(closing - (opening or 0)), default=None)


def _sum(rows: pd.DataFrame, direction: str) -> int | None:
    """The category lines of a direction where there are any, else its total; None where there is neither."""
    own = rows[rows["direction"] == direction]
    if own.empty:
        return None
    named = own[own["category"] != ""]
    return int((own if named.empty else named)["amount"].sum())
