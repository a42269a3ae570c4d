"""DSC04: notices that came after their day, or hung too short."""

from __future__ import annotations

import pandas as pd

from auditkit.model import Books, Case, Finding, Rule, Subject, Untested, Verdict, evidence, in_doubt
from auditkit.reconcile.disclosure import due_day, of_period, periods

RULE = Rule(
    "DSC04",
    "disclosed-late",
    "公示不及时",
    "2.2",
    "S3",
    "exception",
    ("disclosures", "pack.disclosure_due"),
    "period_start/period_end",
    ("local",),
)


def examine(books: Books, case: Case) -> Verdict:
    """Each published period with its day of publication: the first posting counts, and its longest stay."""
    said = [
        answer
        for start, end in periods(books["disclosures"], case)
        for rows in [of_period(books["disclosures"], start, end)[0]]
        if rows["published_on"].notna().any() or in_doubt(rows, "published_on").any()
        for answer in [_one(case, start, end, rows)]
    ]
    known = any(case.pack.number(n, case.end) for n in ("disclosure_due", "posting_days"))
    if not known and not any(isinstance(x, Finding) or x is None for x in said):
        return RULE.verdict(0, reason="地方标准未载入：公示期限与公示天数")
    return RULE.verdict(
        len(said), [x for x in said if isinstance(x, Finding)], [x for x in said if isinstance(x, Untested)]
    )


def _one(case: Case, start: pd.Timestamp, end: pd.Timestamp, rows: pd.DataFrame) -> Finding | Untested | None:
    subject = Subject("disclosure", f"{start:%Y-%m-%d}/{end:%Y-%m-%d}")
    if in_doubt(rows, "published_on", "days_posted").any():
        return Untested(
            subject, "公示日期或公示天数无法读取", "the day of publication or the days posted cannot be read"
        )
    published, posted = rows["published_on"].min(), rows["days_posted"].max()
    due, least = case.pack.number("disclosure_due", end), case.pack.number("posting_days", published)
    faults, faults_en = list[str](), list[str]()
    if due is not None and published > (last := due_day(end, due)):
        late = (published - last).days
        faults.append(f"公示日期 {published:%Y-%m-%d}，应不迟于 {last:%Y-%m-%d}（{due.source}），迟 {late} 天")
        faults_en.append(f"published {published:%Y-%m-%d}, due {last:%Y-%m-%d} ({due.source}), {late} days late")
    if least is not None and pd.notna(posted) and posted < int(least.value):
        faults.append(f"公示 {posted} 天，应不少于 {least.value} 天（{least.source}）")
        faults_en.append(f"posted for {posted} days, at least {least.value} are asked ({least.source})")
    if faults:
        return RULE.finding(
            subject,
            f"{start:%Y-%m-%d} 至 {end:%Y-%m-%d} 的公示：{'；'.join(faults)}。请提供张贴照片及其拍摄时间。",
            f"{subject.id}: {'; '.join(faults_en)}. Ask for photographs of the posting with their time.",
            evidence("disclosures", rows.head(1), "；".join(faults)),
        )
    if due is None:
        return Untested(subject, "地方标准未载入：公示期限", "no local number for the day a disclosure is due")
    if least is not None and pd.isna(posted):
        return Untested(subject, "公示天数未填写", "the days posted are not stated")
    return None
