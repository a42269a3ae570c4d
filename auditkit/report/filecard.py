"""What one file says through its importer: rows, days, sums, balances, and what was set aside."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

import pandas as pd

from auditkit.model import DOUBT, PLACE, InputError, Issue
from auditkit.read.case import read_books
from auditkit.read.coverage import breaks, ends
from auditkit.read.intake import Intake
from auditkit.read.settings import Settings
from auditkit.read.sheets import Part
from auditkit.report.words import say

DATES: Final = ("date", "entry", "paid_on", "surveyed_on", "start", "period_start", "handed_on", "valid_from")


def read_cards(file: Path) -> tuple[list[dict[str, Any]], pd.DataFrame, tuple[Issue, ...]]:
    """A card for each table of a file, the largest first; the rows of that one; the issues.

    Units: amounts in fen.
    Raises: InputError where nothing in the file can be read.
    """
    books, intake = read_books(file, Settings())
    if not intake.parts:
        raise InputError([_unread(file, intake)])
    parts = sorted(intake.parts, key=lambda p: -len(p.frame))
    issues = tuple(dict.fromkeys((*books.issues, *intake.issues)))
    return [_card(p, intake, issues) for p in parts], parts[0].frame, issues


def _unread(file: Path, intake: Intake) -> Issue:
    nearest = next((u.nearest for u in intake.unread if u.nearest is not None), None)
    table, missing = (nearest.table, nearest.missing) if nearest else ("", ())
    zh = say("read.nothing", table=table, missing="、".join(missing)) if table else say("read.nothing_at_all")
    en = (
        say("read.nothing", "en", table=table, missing=", ".join(missing))
        if table
        else say("read.nothing_at_all", "en")
    )
    return Issue("F06", zh, en, file=file.name)


def _card(part: Part, intake: Intake, issues: Sequence[Issue]) -> dict[str, Any]:
    frame = part.frame
    days = next((frame[c].dropna() for c in DATES if c in frame), pd.Series(dtype="datetime64[us]"))
    accounts = [rows for _, rows in frame.groupby("account")] if part.table == "bank" else []
    opening, closing = ends(accounts[0]) if len(accounts) == 1 else (None, None)
    broken = [breaks(rows) for rows in accounts]
    here = [a for a in intake.aside if (a.file, a.sheet) == (part.grid.file, part.grid.sheet)]
    return {
        "importer": f"table:{part.table}",
        "table": part.table,
        "encoding": part.grid.encoding or None,
        "header_row": part.section.header.first + 1,
        "rows": len(frame),
        "first": days.min().date().isoformat() if len(days) else None,
        "last": days.max().date().isoformat() if len(days) else None,
        "in": _sum(part, "in"),
        "out": _sum(part, "out"),
        "neutral": 0,
        "not_counted": dict(sorted(Counter(a.kind for a in here).items())),
        "opening": opening,
        "closing": closing,
        "breaks": sum(b for b in broken if b is not None) if any(b is not None for b in broken) else None,
        "declared": [label for _, label in part.section.totals],
        "issues": [_issue(i) for i in issues if (i.file, i.sheet) == (part.grid.file, part.grid.sheet)],
    }


def _sum(part: Part, way: str) -> int | None:
    """What came in, or went out, in a table of movements; None elsewhere."""
    frame = part.frame
    if part.table == "bank":
        return int(frame["credit" if way == "in" else "debit"].fillna(0).sum())
    if part.table == "ledger":
        return int(frame.loc[frame["direction"] == ("收入" if way == "in" else "支出"), "amount"].fillna(0).sum())
    if part.table == "parking" and way == "in":
        return int(frame["paid"].fillna(0).sum())
    return None


def _issue(issue: Issue) -> dict[str, Any]:
    return {
        "code": issue.code, "message": issue.message, "row": issue.row, "column": issue.column, "value": issue.value,
    }  # fmt: skip


def write_rows(frame: pd.DataFrame, path: Path) -> None:
    """Writes typed rows as csv: money in fen, days as ISO, UTF-8 with its mark."""
    kept = frame[[*(c for c in frame if c not in (*PLACE, DOUBT)), *PLACE, DOUBT]]
    kept.to_csv(path, index=False, encoding="utf-8-sig", lineterminator="\n")
