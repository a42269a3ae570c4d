"""LDG06: printed subtotals and totals that are not the sum of their rows."""

from __future__ import annotations

from typing import Any

import pandas as pd

from auditkit.model import Books, Case, Evidence, Finding, Rule, Subject, Untested, Verdict
from auditkit.money import yuan

RULE = Rule(
    "LDG06",
    "totals-do-not-foot",
    "小计合计不平",
    "0",
    "S4",
    "exception",
    ("ledger",),
    "file#sheet!cell (file name with its ending); one finding a cell",
    ("会计法17",),
)


def examine(books: Books, case: Case) -> Verdict:
    """Each total cell against its rows: of its direction, or, where it names none, their plain or their net sum."""
    totals = books.totals
    if totals.empty:
        return RULE.verdict(0, reason="台账和公示表中没有小计、合计行")
    said = [_one(row) for _, row in totals.sort_values(["file", "sheet", "row", "cell"]).iterrows()]
    return RULE.verdict(
        len(said), [x for x in said if isinstance(x, Finding)], [x for x in said if isinstance(x, Untested)]
    )


def _one(row: pd.Series[Any]) -> Finding | Untested | None:
    subject = Subject("cell", f"{row['file']}#{row['sheet']}!{row['cell']}")
    sums = [int(row[c]) for c in _sums(row["direction"]) if pd.notna(row[c])]
    if pd.isna(row["written"]) or not sums:
        return Untested(subject, "合计或其明细有无法读取的金额", "the total or one of its rows cannot be read")
    written, left_out = int(row["written"]), str(row["left_out"] or "")
    expected = min(sums, key=lambda s: abs(written - s))
    if written == expected and not left_out:
        return None
    gap = abs(written - expected)
    told = f"“{row['label']}”写 {yuan(written)} 元，明细合计 {yuan(expected)} 元，相差 {yuan(gap)} 元"
    missed = f"；公式 {row['formula']} 未包括{left_out}" if left_out else ""
    missed_en = f"; formula {row['formula']} leaves out {left_out}" if left_out else ""
    return RULE.finding(
        subject,
        f"{row['cell']} {told}{missed}。请更正，并说明差额由何而来。",
        f"{row['cell']} “{row['label']}” {yuan(written)}, its rows {yuan(expected)}, off by {yuan(gap)} yuan"
        f"{missed_en}. Ask where the difference comes from.",
        [Evidence(row["table"], row["file"], row["sheet"], int(row["row"]), told + missed)],
        amount=gap,
    )


def _sums(direction: str) -> tuple[str, ...]:
    if direction == "收入":
        return ("sum_income",)
    if direction == "支出":
        return ("sum_cost",)
    return ("sum_plain", "sum_net")
