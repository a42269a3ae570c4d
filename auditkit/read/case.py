"""A case folder, or one workbook, becomes the books and the parameters of its audit."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pandas as pd

from auditkit import law
from auditkit.model import Books, Case, InputError, Issue
from auditkit.read.books.chart import Chart, ChartError, parse_chart
from auditkit.read.coverage import statements_of
from auditkit.read.decisions import read_decisions
from auditkit.read.folder import read_papers
from auditkit.read.intake import Aside, Intake
from auditkit.read.join import join_parts
from auditkit.read.mapping import ACCOUNTS, map_issue, parse_maps
from auditkit.read.settings import NAME, Settings, parse_period, read_settings
from auditkit.read.sheets import Part
from auditkit.read.totals import totals_of
from auditkit.schema import frame, tables


def read_case(path: Path, *, period: str | None = None, pack: str | None = None) -> tuple[Books, Case, Intake]:
    """Reads everything in a case folder, or one workbook, and settles the parameters of its audit.

    Raises: InputError with all that makes the case unusable.
    """
    settings = read_settings(path / NAME)
    books, intake = read_books(path, settings)
    books = replace(books, decisions=read_decisions(path))
    return books, case_of(path, books, settings, period, pack), intake


def read_books(path: Path, settings: Settings) -> tuple[Books, Intake]:
    """Reads the papers of a case, without asking for its period.

    Raises: InputError with every file, sheet and setting that cannot be used.
    """
    maps, wrong = parse_maps(settings.maps)
    try:
        chart = parse_chart(settings.maps.get(ACCOUNTS, {}))
    except ChartError as error:
        wrong.append(map_issue(ACCOUNTS, str(error)))
        chart = Chart()
    papers = read_papers(path, maps, chart)
    if wrong or papers.wrong:
        raise InputError([*wrong, *papers.wrong])
    parts, joined, copies = join_parts(papers.parts)
    said = [i for p in papers.parts for i in p.issues if p not in copies]
    issues = sorted([*said, *joined, *papers.issues, *settings.issues], key=_by_place)
    aside = [Aside(p.grid.file, p.grid.sheet, 0, "重复的表", f"{len(p.frame)} 行未计入") for p in copies]
    intake = Intake(papers.files, parts, [*papers.aside, *aside], papers.unread, papers.hidden, issues, papers.books)
    return _books(parts, issues), intake


def _by_place(issue: Issue) -> tuple[str, str, int, str, str]:
    return issue.file, issue.sheet, issue.row or 0, issue.column, issue.code


def _books(parts: Sequence[Part], issues: Sequence[Issue]) -> Books:
    frames: dict[str, pd.DataFrame] = {}
    columns: dict[str, frozenset[str]] = {}
    for name in tables():
        own = [p for p in parts if p.table == name]
        frames[name] = _together([p.frame for p in own]) if own else frame(name)
        if own:
            columns[name] = frozenset[str].intersection(*(p.columns for p in own))
    return Books(frames, frozenset(columns), columns, tuple(issues), totals_of(parts), statements_of(parts))


def _together(frames: Sequence[pd.DataFrame]) -> pd.DataFrame:
    return frames[0] if len(frames) == 1 else pd.concat(frames, ignore_index=True)


def case_of(path: Path, books: Books, settings: Settings, period: str | None, pack: str | None) -> Case:
    """The parameters of the audit: what was asked for, else case.toml, else what the books say.

    Raises: InputError where there is no period.
    """
    try:
        days = parse_period(period) if period else settings.period or _period_of(books)
    except ValueError as error:
        raise InputError(
            [Issue("C01", f"--period {period}：应为{error}", f"--period {period} cannot be used")]
        ) from error
    if days is None:
        text = "没有台账日期可以推出审计期间；请用 --period 2024-01..2024-12 指定，或写入 case.toml"
        raise InputError([Issue("C03", text, "no period: state it with --period", file=path.name)])
    own_name = path.stem if path.is_file() else path.resolve().name
    return Case(
        compound_id=settings.compound_id or books.compound("compound_id") or own_name,
        start=days[0],
        end=days[1],
        as_of=settings.as_of or days[1],
        pack=law.pack(pack or settings.pack or books.compound("county_code") or law.NATION, settings.pack_values),
        window_days=5 if settings.window_days is None else settings.window_days,
        approval_threshold=settings.approval_threshold,
    )


def _period_of(books: Books) -> tuple[pd.Timestamp, pd.Timestamp] | None:
    """The months of the ledger's rows, whole."""
    days = books["ledger"]["date"].dropna()
    if days.empty:
        return None
    return days.min().to_period("M").start_time, days.max().to_period("M").end_time.normalize()
