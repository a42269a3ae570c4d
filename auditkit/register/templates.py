"""Fills the office's own Excel and Word layouts: what stands in double braces is replaced, the rest stays as drawn."""

from __future__ import annotations

import copy
import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any, Final

import docx
import openpyxl
from docx.text.paragraph import Paragraph
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE, Cell
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from auditkit.model import InputError, Issue
from auditkit.rowheight import height_of, lines_of

FOLDER: Final = Path(__file__).parent / "layouts"
_FIELD: Final = re.compile(r"\{\{\s*([^{}]+?)\s*\}\}")
_STAMP: Final = datetime(2024, 1, 1)

Values = Mapping[str, Any]


def layout(name: str, folder: Path | None) -> Path:
    """The office's own layout of that name where its folder has one, else ours."""
    own = folder / name if folder else None
    return own if own is not None and own.exists() else FOLDER / name


def fill_workbook(template: Path, target: Path, values: Values, rows: Sequence[Values]) -> None:
    """Write a workbook: the row whose fields are those of `rows` is repeated for each of them, in its own format.

    Raises: InputError where the layout names a field that does not exist.
    """
    book = openpyxl.load_workbook(template)
    known = set(values) | (set(rows[0]) if rows else set[str]())
    _refuse_unknown(template, _fields_of_book(book), known if rows else None)
    for sheet in book.worksheets:
        _repeat(sheet, rows, set(values))
        for line in sheet.iter_rows():
            for cell in line:
                _fill_cell(cell, values)
    book.properties.created = book.properties.modified = _STAMP
    book.save(target)


def _fields_of_book(book: openpyxl.Workbook) -> set[str]:
    return {
        field
        for sheet in book.worksheets
        for line in sheet.iter_rows(values_only=True)
        for value in line
        if isinstance(value, str)
        for field in _FIELD.findall(value)
    }


def _repeat(sheet: Worksheet, rows: Sequence[Values], single: set[str]) -> None:
    for number in range(sheet.max_row, 0, -1):
        pattern = [(c, column, c.value) for column, c in enumerate(sheet[number], 1)]
        fields = {f for _, _, v in pattern if isinstance(v, str) for f in _FIELD.findall(v)}
        if not fields - single:
            continue
        height = sheet.row_dimensions[number].height
        below = [r for r in sheet.merged_cells.ranges if r.min_row > number]
        if len(rows) > 1:
            for merged in below:
                sheet.unmerge_cells(str(merged))
            sheet.insert_rows(number + 1, len(rows) - 1)
            for merged in below:
                merged.shift(row_shift=len(rows) - 1)
                sheet.merge_cells(str(merged))
        for offset, row in enumerate(rows or [dict.fromkeys(fields, "")]):
            lines = 1
            for cell, column, text in pattern:
                target: Any = sheet.cell(number + offset, column)
                target._style = copy.copy(cell._style)  # pyright: ignore[reportPrivateUsage]
                target.value = text
                _fill_cell(target, row)
                lines = max(lines, lines_of(target.value, sheet.column_dimensions[get_column_letter(column)].width))
            # A layout that states no height wants one in which its texts can be read.
            sheet.row_dimensions[number + offset].height = height or height_of(lines)


def _fill_cell(cell: Any, values: Values) -> None:
    if not isinstance(cell, Cell) or not isinstance(cell.value, str):
        return
    whole = _FIELD.fullmatch(cell.value)
    if whole and whole[1] in values:
        value = values[whole[1]]
        cell.value = ILLEGAL_CHARACTERS_RE.sub("", value) if isinstance(value, str) else value
    elif _FIELD.search(cell.value):
        cell.value = _FIELD.sub(lambda m: str(values[m[1]]) if m[1] in values else m[0], cell.value)
    text: Any = cell.value
    if isinstance(text, str) and text.startswith(("=", "+", "-", "@")):
        # A text from a ledger never becomes a formula.
        cell.data_type = "s"


def fill_document(template: Path, target: Path, values: Values, lists: Mapping[str, Sequence[Values]]) -> None:
    """Write a Word document; a paragraph that begins with {{#name}} is repeated for each entry of that list.

    Raises: InputError where the layout names a field that does not exist.
    """
    document = docx.Document(str(template))
    for paragraph in list(document.paragraphs):
        opening = re.match(r"\{\{#(\w+)\}\}", paragraph.text)
        if not opening:
            _fill_runs(paragraph, values, template)
            continue
        name = opening[1]
        _refuse_unknown(template, {name}, set(lists))
        # python-docx has no way of its own to repeat a paragraph: its element is copied before itself.
        element: Any = paragraph._p  # pyright: ignore[reportPrivateUsage]
        for entry in lists[name]:
            twin = copy.deepcopy(element)
            element.addprevious(twin)
            _fill_runs(Paragraph(twin, document), {**values, f"#{name}": "", **entry}, template)
        element.getparent().remove(element)
    for table in document.tables:
        for line in table.rows:
            for cell in line.cells:
                for paragraph in cell.paragraphs:
                    _fill_runs(paragraph, values, template)
    document.core_properties.created = document.core_properties.modified = _STAMP
    document.save(str(target))


def _fill_runs(paragraph: Any, values: Values, template: Path) -> None:
    fields = set(_FIELD.findall(paragraph.text))
    if not fields:
        return
    _refuse_unknown(template, fields, set(values))
    # Word cuts a text into runs where it likes: the filled text goes into the first, whose format it keeps.
    text = _FIELD.sub(lambda m: str(values[m[1]]), paragraph.text)
    first, *others = paragraph.runs
    first.text = text
    for run in others:
        run.text = ""


def _refuse_unknown(template: Path, fields: set[str], known: set[str] | None) -> None:
    if known is None:
        return
    if unknown := sorted(fields - known):
        words, can = "、".join(unknown), "、".join(sorted(known))
        raise InputError(
            [
                Issue(
                    "R03",
                    f"版式中的字段没有数据: {words}；可用字段: {can}",
                    f"unknown fields: {words}",
                    file=template.name,
                )
            ]
        )
