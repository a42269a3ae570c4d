"""PRK07: stays that cannot have been as they are written."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from auditkit.model import Books, Case, Finding, Rule, Verdict, evidence, in_doubt, row_subject
from auditkit.reconcile.overlaps import backwards, inside_twice
from auditkit.reconcile.stays import untested_stays

RULE = Rule(
    "PRK07",
    "impossible-stay",
    "停车记录矛盾",
    "0",
    "S4",
    "exception",
    ("parking",),
    "session_id",
    (),
)


def examine(books: Books, case: Case) -> Verdict:
    """All stays: an exit before the entry, and a car that comes in while it is inside."""
    parking = books["parking"]
    unread = in_doubt(parking, "plate", "entry", "exit")
    wrong = parking[backwards(parking) & ~unread]
    twice = inside_twice(parking)
    found = [*_backwards(wrong, twice), *_twice(parking, twice)]
    untested = untested_stays(parking[unread], "车牌、入场或出场时间空缺或无法读取", "plate or times cannot be read")
    return RULE.verdict(len(parking), found, untested)


def _backwards(wrong: pd.DataFrame, twice: pd.Series[int]) -> Iterator[Finding]:
    """One that is inside twice as well is one item, counted there."""
    for at, subject in zip(wrong.index, row_subject(wrong, "session_id"), strict=True):
        entry, exit_ = wrong.at[at, "entry"], wrong.at[at, "exit"]
        yield RULE.finding(
            subject,
            f"停车记录 {subject.id}：出场 {exit_:%Y-%m-%d %H:%M} 早于入场 {entry:%Y-%m-%d %H:%M}。"
            "请核对平台后台原始记录与设备时钟。",
            f"Stay {subject.id}: exit {exit_:%Y-%m-%d %H:%M} before entry {entry:%Y-%m-%d %H:%M}. Ask for the "
            "platform's own record.",
            evidence("parking", wrong.loc[[at]], "出场早于入场"),
            items=0 if at in twice.index else 1,
        )


def _twice(parking: pd.DataFrame, twice: pd.Series[int]) -> Iterator[Finding]:
    later = parking.loc[twice.index]
    for at, subject in zip(later.index, row_subject(later, "session_id"), strict=True):
        both = parking.loc[[twice[at], at]]
        first, second = both["session_id"].tolist()
        entry, until = later.at[at, "entry"], parking.at[twice[at], "exit"]
        yield RULE.finding(
            subject,
            f"车牌 {later.at[at, 'plate']} 在记录 {first} 中 {until:%Y-%m-%d %H:%M} 才出场，记录 {second} 中已于 "
            f"{entry:%Y-%m-%d %H:%M} 再次入场。请调取两次进出的抓拍图片。",
            f"Plate {later.at[at, 'plate']} leaves at {until:%Y-%m-%d %H:%M} by record {first}, yet record {second} "
            f"has it come in at {entry:%Y-%m-%d %H:%M}. Ask for the pictures of both.",
            evidence("parking", both, ["先入场，尚未出场", "再次入场"]),
        )
