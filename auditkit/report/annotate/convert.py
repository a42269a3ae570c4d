"""An xlsx copy of a file that is none: the same cells at the same places, so that notes can be put on them."""

from __future__ import annotations

import csv
import datetime as dt
import io
import math
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Final

import xlsxwriter

from auditkit.report.sheets import CREATED, clip

_ENCODINGS: Final = ("utf-8-sig", "gb18030")


def write_copy(source: Path, target: Path) -> None:
    """Writes the cells of a csv, xls, xlsb or ods file into a new xlsx workbook, row by row at their own rows."""
    with xlsxwriter.Workbook(str(target), {"constant_memory": True}) as book:
        book.set_properties({"created": CREATED})
        day, moment = (
            book.add_format({"num_format": "yyyy-mm-dd"}),
            book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"}),
        )
        for name, first, rows in _sheets(source):
            sheet = book.add_worksheet(name[:31])
            for at, row in enumerate(rows, start=first):
                for column, value in enumerate(row):
                    if isinstance(value, bool):
                        sheet.write_boolean(at, column, value)
                    elif isinstance(value, (int, float)) and math.isfinite(value):
                        sheet.write_number(at, column, value)
                    elif isinstance(value, dt.datetime):
                        sheet.write_datetime(at, column, value, moment)
                    elif isinstance(value, dt.date):
                        sheet.write_datetime(at, column, dt.datetime(value.year, value.month, value.day), day)
                    elif value not in ("", None):
                        sheet.write_string(at, column, clip(str(value)))


def _sheets(source: Path) -> Iterator[tuple[str, int, Iterator[Sequence[Any]]]]:
    """Each sheet: its name, the row its cells begin at (from 0), its rows."""
    from python_calamine import CalamineError, CalamineWorkbook

    try:
        book = CalamineWorkbook.from_path(str(source))
    except CalamineError:
        yield "Sheet1", 0, iter(csv.reader(io.StringIO(_decoded(source.read_bytes())), delimiter=","))
        return
    for name in book.sheet_names:
        yield name, 0, iter(book.get_sheet_by_name(name).to_python(skip_empty_area=False))


def _decoded(data: bytes) -> str:
    for encoding in _ENCODINGS:
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    return data.decode("gb18030", "replace")
