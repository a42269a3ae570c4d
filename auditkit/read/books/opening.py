"""A claimed sheet of an accounting program becomes a book: its entries or balances, and what the checks say."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any, Final

import pandas as pd

from auditkit.read.books.balances import check_balances, read_balances, two_rows
from auditkit.read.books.checks import check_daybook, check_entries
from auditkit.read.books.entries import BALANCES, CHART, DAYBOOK, KINDS, Book, Reader, frame_of, mark_closing, read_rows
from auditkit.read.grids import Grid
from auditkit.read.importers import Claim
from auditkit.read.layout import cell_text, row_text, unit_in
from auditkit.read.sheets import months_in

_YEAR: Final = re.compile(r"(?<!\d)20\d\d(?!\d)")


def is_book(claim: Claim) -> bool:
    """Whether what was recognised is a book of an accounting program."""
    return claim.importer.table in KINDS


def open_book(grid: Grid, claim: Claim, year: int | None = None) -> Book:
    """Reads a book; `year` completes days that have none."""
    importer, header = claim.importer, claim.header
    above = [text for n in range(header.first) if (text := row_text(grid.rows[n]))]
    stated = [unit for text in above if (unit := unit_in(text))]
    reader = Reader(grid, header, importer.unit or (stated[-1] if stated else "元"))
    kind = importer.table
    if kind == BALANCES:
        reader.header = header = two_rows(grid.rows, header)
        frame, lines = read_balances(reader, header.last + 1)
        checks = check_balances(reader, frame, whole="科目" in importer.zh)
    elif kind == CHART:
        frame, lines, checks = _chart(reader), [], {}
    else:
        years = months_in(above, grid.sheet)[1]
        named = sorted({int(y) for y in _YEAR.findall(grid.file.rpartition("/")[2])})
        from_name = not year and len(years) != 1 and len(named) == 1
        year = year or (years[0] if len(years) == 1 else named[0] if from_name else None)
        rows, lines = read_rows(reader, header.last + 1, year, kind == DAYBOOK)
        frame = frame_of(rows)
        mark_closing(frame)
        checks = (check_daybook if kind == DAYBOOK else check_entries)(reader, frame, lines)
        if len(frame) and frame["date"].isna().all() and (frame["month"] != "").any():
            text = "表内只有月、日，没有年份；请在 case.toml 写明 " + f'[map."{_name(grid)}"] year = 2024'
            reader.tell("B02", text, "months and days without a year: say year in [map]")
        elif from_name and not {"date", "year"} & set(header.columns):
            text = f"表内只有月、日，年份 {year} 取自文件名；如不符请在 case.toml 写明 " + f'[map."{_name(grid)}"] year'
            reader.tell("B02", text, f"months and days without a year: {year} is of the file's name")
    return Book(kind, importer.name, importer.zh, grid, header, frame, tuple(lines), tuple(reader.issues), checks)


def _name(grid: Grid) -> str:
    return f"{grid.file}#{grid.sheet}" if grid.sheet else grid.file


def _chart(reader: Reader) -> pd.DataFrame:
    """Codes and names of the chart of accounts."""
    rows = [
        {"row": at + 1, "code": reader.text(at, "code"), "name": cell_text(reader.cell(at, "name"))}
        for at in range(reader.header.last + 1, len(reader.grid.rows))
        if reader.text(at, "code")
    ]
    return pd.DataFrame(rows, columns=["row", "code", "name"])


def with_names(books: list[Book]) -> list[Book]:
    """Entries that give only codes take the accounts' names from the chart of the same file."""
    charts: dict[str, dict[str, str]] = {}
    for book in books:
        if book.kind == CHART:
            names = dict(zip(book.frame["code"], book.frame["name"], strict=True))
            charts.setdefault(_file(book), {}).update({code: _path(code, names) for code in names})
    found: list[Book] = []
    for book in books:
        names = charts.get(_file(book), {})
        if names and book.kind not in (CHART,) and "code" in book.frame:
            frame = book.frame.copy()
            frame["name"] = [n or names.get(c, "") for c, n in zip(frame["code"], frame["name"], strict=True)]
            if "closing" in frame and book.kind != BALANCES:
                mark_closing(frame)
            checks: dict[str, Any] = dict(book.checks)
            book = replace(book, frame=frame, checks=checks)
        found.append(book)
    return found


def _file(book: Book) -> str:
    """The package that a book belongs to: its file, or the folder that its csv stands in."""
    return re.sub(r"[^/]*\.csv$", "", book.grid.file, flags=re.IGNORECASE)


def _path(code: str, names: dict[str, str]) -> str:
    above = [names[code[:n]] for n in range(1, len(code)) if code[:n] in names]
    return "\\".join([*above, names[code]])
