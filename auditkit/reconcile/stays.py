"""Visitors' stays by operator, and what a stay that cannot be read leaves untested."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Final

import pandas as pd

from auditkit.model import Books, Case, Finding, Rule, Subject, Untested, Verdict, in_doubt, row_subject
from auditkit.reconcile.plates import normal_plates
from auditkit.reconcile.tariff import VISITOR

NOBODY: Final = "无人值守"
SHOWN: Final = 20
"""So many stays are shown as evidence of one finding, the largest; its message counts all."""
NAMED: Final = 200
"""So many untested stays are named one by one; the rest is one entry with its number."""


@dataclass(frozen=True, slots=True)
class Visits:
    """The visitors' stays that ended in the period, and those of which it cannot be read whether they did.

    Shape: parking's columns; `operator` is a category, 无人值守 where it is empty.
    """

    rows: pd.DataFrame
    unclear: pd.DataFrame


def visits(books: Books, case: Case) -> Visits:
    """The stays that are judged by operator."""
    return books.once(f"visits {case.start} {case.end}", lambda: _visits(books["parking"], case))


def _visits(parking: pd.DataFrame, case: Case) -> Visits:
    after = case.end + pd.Timedelta(days=1)
    ended = (parking["exit"] >= case.start) & (parking["exit"] < after)
    no_kind, no_exit = in_doubt(parking, "kind"), in_doubt(parking, "exit")
    visitor = parking["kind"] == VISITOR
    may_have_ended = ended | (no_exit & ~(parking["entry"] >= after))
    operator = parking["operator"].where(parking["operator"] != "", NOBODY).astype("category")
    rows = parking.assign(operator=operator)
    sure = ended & visitor
    return Visits(rows[sure], rows[may_have_ended & (visitor | no_kind) & ~sure])


def settled(stays: Visits) -> tuple[pd.Series[int], pd.Series[int]]:
    """What each stay owes and paid; refunded and paid again are several rows of one entry, told by the last of them.

    Rows are of one stay where plate and time of entry agree; of a car without a plate, record number and time of entry.
    """
    rows = stays.rows
    due, paid = rows["due"].copy(), rows["paid"].copy()
    again = rows[rows.duplicated("entry", keep=False) & rows["entry"].notna()]
    plate = normal_plates(again["plate"])
    again = again.assign(whose=plate.where(plate != "", again["session_id"]))
    again = again[(again["whose"] != "") & again.duplicated(["whose", "entry"], keep=False)]
    again = again.sort_values(["exit", "file", "sheet", "row"])
    of = again.groupby(["whose", "entry"])
    last = again.index[~again.duplicated(["whose", "entry"], keep="last")]
    due[again.index], paid[again.index] = 0, 0
    due[last] = of["due"].transform("max")[last]
    paid[last] = of["paid"].transform("sum").mask(of["paid"].transform("count") < of["paid"].transform("size"))[last]
    return due, paid


def by_operator(
    rule: Rule,
    stays: Visits,
    short: pd.Series[int],
    doubtful: pd.Series[bool],
    open_: Mapping[str, tuple[pd.Series[bool], str, str]],
    finding: Callable[[str, int, pd.DataFrame], Finding],
) -> Verdict:
    """One item an operator: the sum of what its stays are short of.

    A stay of which a cell is in doubt leaves the operator untested; one that is `open_` for another reason does so
    where the sum of the others is not found already.

    Units: `short` in fen, positive or zero, on the index of stays.rows.
    """
    operator = stays.rows["operator"]
    sums = short.groupby(operator, observed=True).sum()
    unread = pd.concat([operator[doubtful], stays.unclear["operator"]]).value_counts()
    unread = unread[unread > 0]
    waiting = {why: operator[mask].value_counts() for why, (mask, _, _) in open_.items()}
    findings, untested = list[Finding](), list[Untested]()
    names = sorted({*sums.index, *unread.index})
    for name in names:
        subject = Subject("operator", name)
        total = int(sums.get(name, 0))
        left = next((why for why, count in waiting.items() if count.get(name, 0) > 0), None)
        if name in unread.index:
            zh, en = f"{unread[name]} 次停放的有关单元格空缺或无法读取", f"{unread[name]} stays cannot be read"
            untested.append(Untested(subject, zh, en))
        elif total >= rule.thresholds["sum_fen"]:
            mine = short[(operator == name) & (short > 0)].sort_values(ascending=False, kind="stable")
            findings.append(finding(name, total, stays.rows.loc[mine.index]))
        elif left is not None:
            _, zh, en = open_[left]
            count = waiting[left][name]
            untested.append(Untested(subject, f"{count} 次停放{zh}", f"{count} stays {en}"))
    return rule.verdict(len(names), findings, untested)


def untested_stays(rows: pd.DataFrame, reason: str, reason_en: str) -> list[Untested]:
    """Stays that cannot be judged, the first ones by name."""
    named = [Untested(s, reason, reason_en) for s in row_subject(rows.iloc[:NAMED], "session_id")]
    if len(rows) > NAMED:
        first = row_subject(rows.iloc[[NAMED]], "session_id")[0]
        named.append(Untested(first, f"{reason}（此条起 {len(rows) - NAMED} 条）", reason_en, len(rows) - NAMED))
    return named


def mean_ticket(stays: pd.DataFrame) -> Fraction | None:
    """What a paying visitor pays on average; None where nobody paid.

    Units: fen.
    """
    paid: pd.Series[Any] = stays.loc[(stays["kind"] == VISITOR) & (stays["paid"] > 0), "paid"]
    return Fraction(int(paid.sum()), len(paid)) if len(paid) else None
