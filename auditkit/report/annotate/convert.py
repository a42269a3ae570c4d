"""An xlsx copy of a file that is none: the same cells at the same places, so that notes can be put on them."""

from __future__ import annotations

import datetime as dt
import math
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

import xlsxwriter
from xlsxwriter.worksheet import Worksheet

from auditkit.read.grids import read_grids
from auditkit.report.sheets import CREATED, clip

_NOT_IN_NAMES: Final = re.compile(r"[\[\]:*?/\\]|^'|'$")
_LONGEST_NAME: Final = 31


def write_copy(source: Path, target: Path) -> dict[str, str]:
    """Writes the cells of a csv, xls, xlsb or ods file into a new xlsx workbook, each at its own row and column.

    Gives what each sheet is called there; the sheet of a text file has no name of its own.
    """
    names: dict[str, str] = {}
    with xlsxwriter.Workbook(str(target), {"constant_memory": True}) as book:
        book.set_properties({"created": CREATED})
        forms = [book.add_format({"num_format": f}) for f in ("yyyy-mm-dd", "yyyy-mm-dd hh:mm:ss")]
        grids, _ = read_grids(source, source.name)
        for grid in grids:
            names[grid.sheet] = _free(grid.sheet, names)
            sheet = book.add_worksheet(names[grid.sheet])
            if not grid.visible:
                sheet.hide()
            for at, row in enumerate(grid.rows):
                for column, value in enumerate(row):
                    _write(sheet, at, column, value, forms)
    return names


def _free(name: str, names: dict[str, str]) -> str:
    base = _NOT_IN_NAMES.sub("_", name)[:_LONGEST_NAME] or "Sheet1"
    taken, free, n = {v.casefold() for v in names.values()}, base, 1
    while free.casefold() in taken:
        n += 1
        free = f"{base[: _LONGEST_NAME - 5]}({n})"
    return free


def _write(sheet: Worksheet, row: int, column: int, value: Any, forms: Sequence[Any]) -> None:
    if isinstance(value, bool):
        sheet.write_boolean(row, column, value)
    elif isinstance(value, (int, float)) and math.isfinite(value):
        sheet.write_number(row, column, value)
    elif isinstance(value, dt.datetime) and value.year >= 1900:
        sheet.write_datetime(row, column, value, forms[value.time() != dt.time()])
    elif isinstance(value, dt.date) and value.year >= 1900:
        sheet.write_datetime(row, column, dt.datetime(value.year, value.month, value.day), forms[0])
    elif value not in ("", None):
        sheet.write_string(row, column, clip(str(value)))
