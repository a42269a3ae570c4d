"""What one file says through its importer: rows, days, sums, balances, and what was set aside."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

import pandas as pd

from auditkit.model import DOUBT, PLACE, InputError, Issue
from auditkit.money import fen
from auditkit.read.books.entries import DAYBOOK, ENTRIES, Book
from auditkit.read.case import read_books
from auditkit.read.coverage import breaks, ends
from auditkit.read.declared import Declared
from auditkit.read.importers import GENERAL
from auditkit.read.intake import Intake
from auditkit.read.layout import row_text
from auditkit.read.movements import Break, Statement
from auditkit.read.settings import NAME, Settings, read_settings
from auditkit.read.sheets import Part
from auditkit.report.words import say

DATES: Final = ("date", "entry", "paid_on", "surveyed_on", "start", "period_start", "handed_on", "valid_from")
_FEE: Final = re.compile(r"服务费[:：]?\s*[¥￥](\d+\.\d{1,2})")
_MONEY: Final = ("1001", "1002", "1012")


def read_cards(
    path: Path, year: int | None = None
) -> tuple[list[dict[str, Any]], list[pd.DataFrame], tuple[Issue, ...]]:
    """A card for each table of a file or folder, the largest of a file first; their rows; the issues.

    Units: amounts in fen.
    Raises: InputError where nothing in the file can be read.
    """
    books, intake = read_books(path, _settings(path, year))
    if not intake.parts and not intake.books:
        raise InputError([_unread(path, intake)])
    issues = tuple(dict.fromkeys((*books.issues, *intake.issues)))
    told: list[tuple[str, int, dict[str, Any], pd.DataFrame]] = []
    told += [(p.grid.file, -len(p.frame), _card(p, intake, issues), p.frame) for p in intake.parts]
    told += [(b.grid.file, -len(b.frame), _book_card(b, issues), b.frame) for b in intake.books]
    told.sort(key=lambda t: t[:2])
    return [card for _, _, card, _ in told], [frame for _, _, _, frame in told], issues


def _settings(path: Path, year: int | None) -> Settings:
    """What the case.toml beside a file, or in a folder, says of what is read here."""
    if path.is_dir():
        return read_settings(path / NAME)
    own = read_settings(path.with_name(NAME))
    maps = {k: v for k, v in own.maps.items() if k == "accounts" or str(k).partition("#")[0] == path.name}
    if year is not None:
        maps[path.name] = {**maps.get(path.name, {}), "year": year}
    return replace(own, maps=maps)


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
    frame, whole = part.frame, part.statement
    rows = frame if whole is None else whole.rows
    days = next((rows[c].dropna() for c in DATES if c in rows), pd.Series(dtype="datetime64[us]"))
    accounts = [own for _, own in frame.groupby("account")] if part.table == "bank" else []
    opening, closing = ends(accounts[0]) if len(accounts) == 1 else (None, None)
    broken = [b for own in accounts if (b := breaks(own)) is not None]
    if whole is not None and whole.breaks is not None:
        opening, closing, broken = whole.opening, whole.closing, [len(whole.breaks)]
    here = [a for a in intake.aside if (a.file, a.sheet) == (part.grid.file, part.grid.sheet)]
    return {
        "file": part.grid.file,
        "sheet": part.grid.sheet,
        "importer": part.importer or GENERAL,
        "table": part.table,
        "encoding": part.grid.encoding or None,
        "header_row": part.section.header.last + 1,
        "rows": len(rows),
        "first": days.min().date().isoformat() if len(days) else None,
        "last": days.max().date().isoformat() if len(days) else None,
        "in": _sum(part, "in"),
        "out": _sum(part, "out"),
        "neutral": 0 if whole is None else whole.total("neutral"),
        **({} if whole is None else _beside(whole)),
        "not_counted": _not_counted(whole)
        if whole is not None
        else dict(sorted(Counter(a.kind for a in here).items())),
        "opening": opening,
        "closing": closing,
        "breaks": sum(broken) if broken else None,
        **({} if whole is None or not whole.breaks else {"break_rows": [_break(b) for b in whole.breaks]}),
        **_fees(part),
        "declared": [_declared(d) for d in part.declared] if whole else [t for _, t in part.section.totals],
        "issues": _issues(issues, part.grid.file, part.grid.sheet),
    }


def _beside(whole: Statement) -> dict[str, Any]:
    """How many rows went which way, and what stands there in other money; only where there is any of it."""
    rows = whole.rows
    own = rows[rows["counted"] & rows["yuan"]]
    found: dict[str, Any] = {
        f"{name}_rows": int((own[way].fillna(0) != 0).sum()) for name, way in (("in", "credit"), ("out", "debit"))
    }
    found["neutral_rows"] = int(own["neutral"].notna().sum())
    if back := int(own["refunded"].fillna(0).sum()):
        found["refunded"] = back
    foreign = rows[rows["counted"] & ~rows["yuan"]]
    if len(foreign):
        found["foreign"] = {
            str(currency): {"in": int(some["credit"].fillna(0).sum()), "out": int(some["debit"].fillna(0).sum())}
            for currency, some in foreign.groupby("currency")
        }
    return found


def _break(one: Break) -> dict[str, int]:
    return {"row": one.row, "expected": one.expected, "written": one.written}


def _fees(part: Part) -> dict[str, Any]:
    """Fees that a statement only notes beside its rows: «服务费¥0.10»."""
    if part.table != "bank":
        return {}
    text = (row_text(part.grid.rows[row - 1]) for row in (part.statement.rows if part.statement else part.frame)["row"])
    noted = [fen(found[1]) for line in text if (found := _FEE.search(line))]
    return {"fees_noted": {"rows": len(noted), "amount": sum(noted)}} if noted else {}


def _not_counted(whole: Statement) -> dict[str, int]:
    """Rows whose status says that no money moved, by that status."""
    return {str(k): int(n) for k, n in sorted(Counter(whole.rows.loc[~whole.rows["counted"], "status"]).items())}


def _declared(one: Declared) -> dict[str, Any]:
    return {
        "what": one.what, "count": one.count, "amount": one.amount, "found_count": one.found_count,
        "found_amount": one.found_amount, "differs": one.differs, "row": one.row,
    }  # fmt: skip


def _book_card(book: Book, issues: Sequence[Issue]) -> dict[str, Any]:
    """A book of an accounting program; money in and out is what moved on its money accounts."""
    frame, checks = book.frame, dict(book.checks)
    money = _money(frame) if book.kind == ENTRIES else {}
    first, last = _days(frame) if book.kind in (ENTRIES, DAYBOOK) else (None, None)
    return {
        "file": book.grid.file,
        "sheet": book.grid.sheet,
        "importer": book.importer,
        "table": book.kind,
        "encoding": book.grid.encoding or None,
        "header_row": book.header.last + 1,
        "rows": len(frame),
        "first": first,
        "last": last,
        "in": checks.pop("in", None) if book.kind == DAYBOOK else money.get("debit"),
        "out": checks.pop("out", None) if book.kind == DAYBOOK else money.get("credit"),
        "neutral": 0,
        **({"in_rows": money["debit_rows"], "out_rows": money["credit_rows"]} if money else {}),
        "not_counted": dict(sorted(Counter(n.kind for n in book.lines).items())),
        "opening": checks.pop("opening", None),
        "closing": checks.pop("closing", None) if book.kind == DAYBOOK else None,
        "breaks": checks.pop("breaks", None),
        "declared": [],
        "checks": checks,
        "issues": _issues(issues, book.grid.file, book.grid.sheet),
    }


def _money(frame: pd.DataFrame) -> dict[str, int]:
    own = frame[frame["code"].str.startswith(_MONEY)]
    found = {side: int(own[side].sum()) for side in ("debit", "credit")}
    return found | {f"{side}_rows": int((own[side] != 0).sum()) for side in ("debit", "credit")}


def _days(frame: pd.DataFrame) -> tuple[str | None, str | None]:
    """First and last day; «01-17» where the file gives no year."""
    days = frame["date"].dropna()
    if len(days):
        return days.min().date().isoformat(), days.max().date().isoformat()
    told = (frame["month"] + "-" + frame["day"])[(frame["month"] != "") & (frame["day"] != "")]
    return (min(told), max(told)) if len(told) else (None, None)


def _sum(part: Part, way: str) -> int | None:
    """What came in, or went out, in a table of movements; None elsewhere."""
    frame = part.frame
    if part.statement is not None:
        return part.statement.total("credit" if way == "in" else "debit")
    if part.table == "ledger":
        return int(frame.loc[frame["direction"] == ("收入" if way == "in" else "支出"), "amount"].fillna(0).sum())
    if part.table == "parking" and way == "in":
        return int(frame["paid"].fillna(0).sum())
    return None


def _issues(issues: Sequence[Issue], file: str, sheet: str) -> list[dict[str, Any]]:
    return [
        {"code": i.code, "message": i.message, "row": i.row, "column": i.column, "value": i.value}
        for i in issues
        if (i.file, i.sheet) == (file, sheet)
    ]


def write_rows(frames: Sequence[pd.DataFrame], cards: Sequence[Mapping[str, Any]], path: Path) -> list[Path]:
    """Writes typed rows as csv (money in fen, days as ISO, UTF-8 with its mark) or, by its ending, as parquet.

    The first table goes to the path itself, each further one beside it, with its number.
    """
    written: list[Path] = []
    for number, (frame, card) in enumerate(zip(frames, cards, strict=True), start=1):
        target = path if number == 1 else path.with_name(f"{path.stem}-{number}{path.suffix}")
        places = [c for c in (*PLACE, DOUBT) if c in frame]
        kept = frame[[*(c for c in frame if c not in places), *places]]
        if "file" not in kept:
            kept = kept.assign(file=card["file"], sheet=card["sheet"])
        if target.suffix.lower() == ".parquet":
            kept.to_parquet(target, index=False)
        else:
            kept.to_csv(target, index=False, encoding="utf-8-sig", lineterminator="\n")
        written.append(target)
    return written
