"""A case folder, or one workbook, becomes the books and the parameters of its audit."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

import pandas as pd

from auditkit import law
from auditkit.model import Books, Case, InputError, Issue
from auditkit.read.coverage import statements_of
from auditkit.read.grids import Grid, read_grids
from auditkit.read.intake import Aside, Intake, Unread
from auditkit.read.layout import Section, lay_out
from auditkit.read.mapping import MapError, lay_out_mapped, map_issue, map_of, parse_maps
from auditkit.read.settings import NAME, Settings, parse_period, read_settings
from auditkit.read.sheets import Part, read_part
from auditkit.read.totals import totals_of
from auditkit.schema import frame, tables

LEFT_ALONE: Final = (".toml", ".md", ".json", ".py", ".ini", ".lnk", ".db", ".tmp")
"""Endings of files that no one hands in as a paper."""


def read_case(path: Path, *, period: str | None = None, pack: str | None = None) -> tuple[Books, Case, Intake]:
    """Reads everything in a case folder, or one workbook, and settles the parameters of its audit.

    Raises: InputError with all that makes the case unusable.
    """
    settings = read_settings(path / NAME) if path.is_dir() else Settings()
    books, intake = read_books(path, settings)
    return books, case_of(path, books, settings, period, pack), intake


def read_books(path: Path, settings: Settings) -> tuple[Books, Intake]:
    """Reads the papers of a case.

    Raises: InputError where the folder is empty, or a file in it cannot be read.
    """
    files = papers(path)
    grids: list[Grid] = []
    refused: list[Issue] = []
    for name, file in files.items():
        try:
            grids += read_grids(file, name)
        except InputError as error:
            refused += error.issues
    if refused:
        raise InputError(refused)
    maps, wrong = parse_maps(settings.maps)
    wrong += [_no_such_sheet(key, grids) for key in maps if not any(map_of({key: maps[key]}, g) for g in grids)]
    parts: list[Part] = []
    aside: list[Aside] = []
    unread: list[Unread] = []
    for grid in grids:
        given = map_of(maps, grid)
        if given is not None and not given.read:
            aside.append(Aside(grid.file, grid.sheet, 0, "按 [map] 不读", "整张表"))
        elif given is not None:
            try:
                mapped = [(lay_out_mapped(grid, one), one) for one in given.tables]
            except MapError as error:
                wrong.append(map_issue(given.key, str(error)))
                continue
            parts += [read_part(grid, section, one.constants, one.words) for section, one in mapped]
            aside += _lines(grid, [s for s, _ in mapped])
        else:
            layout = lay_out(grid)
            aside += [Aside(grid.file, grid.sheet, n.at + 1, n.kind, n.text) for n in layout.outside]
            aside += _lines(grid, layout.sections)
            parts += [read_part(grid, section) for section in layout.sections if not section.untouched]
            if not layout.sections and grid.rows:
                tied = tuple(h.table for h in layout.tied)
                unread.append(Unread(grid.file, grid.sheet, len(grid.rows), layout.nearest, tied))
    if wrong:
        raise InputError(wrong)
    parts.sort(key=lambda p: p.place)
    issues = [i for p in parts for i in p.issues]
    issues += settings.issues
    intake = Intake(files, parts, aside, unread, (), issues)
    return _books(parts, issues), intake


def _lines(grid: Grid, sections: Sequence[Section]) -> list[Aside]:
    """The rows of a sheet that no table takes as data, each once."""
    data = {at for s in sections for at in s.rows}
    lines = {n.at: n for s in reversed(sections) for n in s.lines if n.at not in data}
    return [Aside(grid.file, grid.sheet, n.at + 1, n.kind, n.text) for _, n in sorted(lines.items())]


def _no_such_sheet(key: str, grids: Sequence[Grid]) -> Issue:
    names = "、".join(f"{g.file}#{g.sheet}" if g.sheet else g.file for g in grids)
    return map_issue(key, f"没有这个文件或工作表；有的是：{names}")


def papers(path: Path) -> dict[str, Path]:
    """The files of a case by their path within it, in order.

    Raises: InputError where there are none.
    """
    if path.is_file():
        return {path.name: path}
    if not path.is_dir():
        raise InputError([Issue("F00", "没有这个文件夹或文件", "there is no such folder or file", file=str(path))])
    found = {p.relative_to(path).as_posix(): p for p in _files(path)}
    if not found:
        text = "文件夹里没有可以读取的资料；请放入表格文件，或先用 auditkit template 生成模板填写"
        raise InputError([Issue("F03", text, "the folder holds no papers", file=str(path))])
    return dict(sorted(found.items()))


def _files(folder: Path) -> Iterator[Path]:
    for path in sorted(folder.rglob("*")):
        hidden = any(part.startswith((".", "~$", "__MACOSX")) for part in path.relative_to(folder).parts)
        if path.is_file() and not hidden and path.suffix.lower() not in LEFT_ALONE:
            yield path


def _books(parts: Sequence[Part], issues: Sequence[Issue]) -> Books:
    frames: dict[str, pd.DataFrame] = {}
    columns: dict[str, frozenset[str]] = {}
    for name in tables():
        own = [p for p in parts if p.table == name]
        frames[name] = pd.concat([p.frame for p in own], ignore_index=True) if own else frame(name)
        if own:
            columns[name] = frozenset[str].intersection(*(p.columns for p in own))
    return Books(frames, frozenset(columns), columns, tuple(issues), totals_of(parts), statements_of(parts))


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
    code = pack or settings.pack or books.compound("county_code")
    compound_id = (
        settings.compound_id or books.compound("compound_id") or (path.stem if path.is_file() else path.resolve().name)
    )
    return Case(
        compound_id=compound_id,
        start=days[0],
        end=days[1],
        as_of=settings.as_of or days[1],
        pack=law.pack(code or law.NATION, settings.pack_values),
        window_days=5 if settings.window_days is None else settings.window_days,
        approval_threshold=settings.approval_threshold,
    )


def _period_of(books: Books) -> tuple[pd.Timestamp, pd.Timestamp] | None:
    """The months of the ledger's rows, whole."""
    days = books["ledger"]["date"].dropna()
    if days.empty:
        return None
    return days.min().to_period("M").start_time, days.max().to_period("M").end_time.normalize()
