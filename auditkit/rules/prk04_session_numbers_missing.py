"""PRK04: numbers that are missing between two records of the barrier's log."""

from __future__ import annotations

from collections.abc import Hashable
from fractions import Fraction
from typing import Any

import pandas as pd

from auditkit.model import Books, Case, Finding, Rule, Untested, Verdict, evidence, in_doubt, row_subject
from auditkit.money import divide, yuan
from auditkit.reconcile.numbering import gaps, split_numbers
from auditkit.reconcile.stays import mean_ticket, untested_stays

RULE = Rule(
    "PRK04",
    "session-numbers-missing",
    "停车记录编号缺失",
    "2.3",
    "S1",
    "indicator",
    ("parking",),
    "the session_id before the gap",
    ("刑法271",),
)


def examine(books: Books, case: Case) -> Verdict:
    """Each series of record numbers over the whole log: what is missing between two that stand."""
    parking = books["parking"]
    numbers = split_numbers(parking["session_id"], parking["entry"])
    bare = numbers["number"].isna()
    if len(parking) and bare.all():
        return RULE.verdict(0, reason="记录编号没有数字，无法判断是否连续")
    blank = in_doubt(parking, "session_id")
    findings, untested = list[Finding](), list[Untested]()
    ticket = mean_ticket(parking)
    for gap in gaps(numbers).to_dict("records"):
        of = parking.loc[[gap["before"], gap["after"]]]
        if _unread_between(parking[blank], of) >= gap["missing"]:
            untested.append(_may_be_there(of, gap["missing"]))
        else:
            findings.append(_finding(of, gap, ticket))
    untested += untested_stays(parking[bare & ~blank], "记录编号没有数字", "a record number without digits")
    untested += untested_stays(parking[blank], "记录编号空缺或无法读取", "the record number cannot be read")
    stand = parking.loc[~bare & ~blank, "session_id"].nunique()
    return RULE.verdict(stand + int((bare | blank).sum()), findings, untested)


def _unread_between(unread: pd.DataFrame, of: pd.DataFrame) -> int:
    """Records without a readable number that began between the two on either side of a gap, or may have."""
    if of["entry"].isna().any():
        return len(unread)
    return int((unread["entry"].between(of["entry"].min(), of["entry"].max()) | unread["entry"].isna()).sum())


def _may_be_there(of: pd.DataFrame, missing: int) -> Untested:
    subject = row_subject(of, "session_id")[0]
    reason = f"其后缺 {missing} 个号，可能是同一时段编号空缺或无法读取的记录"
    return Untested(subject, reason, "the missing numbers may be those of records whose number cannot be read")


def _finding(of: pd.DataFrame, gap: dict[Hashable, Any], ticket: Fraction | None) -> Finding:
    before, after = of["session_id"].tolist()
    first, last, missing = gap["first"], gap["last"], gap["missing"]
    most = None if ticket is None else divide(*(ticket * missing).as_integer_ratio())
    span, en = (first, first) if missing == 1 else (f"{first} 至 {last}", f"{first} to {last}")
    told = "" if most is None else f"按次均实收估算，至多 {yuan(most)} 元。"
    return RULE.finding(
        row_subject(of, "session_id")[0],
        f"停车记录 {before} 之后缺 {span}（{missing} 个号），下一号为 {after}。{told}"
        "请从平台后台重新导出该时段的全部记录，说明缺号原因。",
        f"After record {before} {en} is missing ({missing}); the next is {after}. Ask for a new export from the "
        "platform.",
        evidence("parking", of, ["缺号之前", "缺号之后"]),
        amount=None if most is None else 0,
        up_to=most,
    )
