"""A returned work ledger as rows of text: found by its headings, with what no row may be made of told by row."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import openpyxl

from auditkit.model import InputError, Issue
from auditkit.read.dates import parse_date

SHEET: Final = "工作台账"
BASE: Final = "_导出时"
_SEARCHED: Final = 10
"""Rows in which the headings are looked for: people put lines above them."""


@dataclass
class Returned:
    """Rows by their number in Excel; what each problem was exported as; rows nothing is taken from, and why."""

    rows: list[tuple[int, dict[str, str]]] = field(default_factory=list)
    base: dict[str, dict[str, Any]] = field(default_factory=dict)
    faults: list[tuple[int, str, str]] = field(default_factory=list)


def read_returned(path: Path, headers: Mapping[str, str]) -> Returned:
    """Read a work ledger as Excel, WPS or LibreOffice saved it; columns may stand in any order.

    Raises: InputError where the file is not a work ledger of ours.
    """
    try:
        book = openpyxl.load_workbook(path, data_only=True)
    except Exception as error:
        raise InputError([Issue("R01", f"无法打开: {error}", f"cannot be opened: {error}", file=path.name)]) from error
    if SHEET not in book.sheetnames or BASE not in book.sheetnames:
        message = f"不是由 auditkit register export 写出的台账 (缺少工作表 {SHEET} 或 {BASE})"
        raise InputError([Issue("R01", message, "not a work ledger written by auditkit", file=path.name)])
    sheet: Any = book[SHEET]
    head, columns = _headings(sheet, {zh: name for name, zh in headers.items()}, path.name)
    if missing := [zh for name, zh in headers.items() if name not in columns.values()]:
        words = "、".join(missing)
        raise InputError([Issue("R02", f"缺少列: {words}", f"missing columns: {words}", file=path.name, sheet=SHEET)])
    base = {str(r[0]): json.loads(str(r[1])) for r in book[BASE].iter_rows(values_only=True) if r[0]}
    found = Returned(base=base)
    merged = _merged(sheet, head)
    first: dict[str, int] = {}
    for number, cells in enumerate(sheet.iter_rows(min_row=head + 1), head + 1):
        used = [c for c in cells if c.column in columns]
        row = {columns[c.column]: _text(c.value) for c in used}
        broken = [headers[columns[c.column]] for c in used if c.data_type == "e"]
        if number in merged:
            found.faults.append((number, row["number"], f"单元格合并 ({merged[number]}), 请取消合并并逐行填写"))
        elif broken:
            found.faults.append((number, row["number"], f"{'、'.join(broken)}是公式错误值, 请改为文字"))
        elif row["id"] and row["id"] in first:
            words = (
                f"与第{first[row['id']]}行是同一问题 (内部编号重复), 本行不取; 新增问题请在空行填写, 不要复制已有的行"
            )
            found.faults.append((number, row["number"], words))
        elif any(row.values()):
            found.rows.append((number, row))
        if row["id"]:
            first.setdefault(row["id"], number)
    gone = [id_ for id_ in base if id_ not in first]
    found.faults += [
        (0, base[id_].get("number", id_), "导出的这一行不在表中; 台账中的问题不因删行而删除") for id_ in gone
    ]
    return found


def _headings(sheet: Any, by_word: Mapping[str, str], file: str) -> tuple[int, dict[int, str]]:
    best, columns = 0, dict[int, str]()
    for cells in sheet.iter_rows(max_row=_SEARCHED):
        named = {c.column: by_word[_text(c.value)] for c in cells if _text(c.value) in by_word}
        if len(named) > len(columns):
            best, columns = cells[0].row, named
    twice = sorted({name for name in columns.values() if list(columns.values()).count(name) > 1})
    if twice:
        words = "、".join(zh for zh, name in by_word.items() if name in twice)
        raise InputError([Issue("R02", f"列重复: {words}", f"columns twice: {words}", file=file, sheet=SHEET)])
    return best, columns


def _merged(sheet: Any, head: int) -> dict[int, str]:
    """Row -> the merged range that covers it, below the headings."""
    return {
        row: area.coord
        for area in sheet.merged_cells.ranges
        for row in range(area.min_row, area.max_row + 1)
        if row > head
    }


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, dt.datetime):
        return value.date().isoformat() if value.time() == dt.time() else value.isoformat(" ")
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value).replace("\r\n", "\n").strip()


def day_text(text: str) -> str:
    """A day as people write it (2024/6/30, 2024年6月30日, 45473) in ISO; the text itself where it is none."""
    try:
        return parse_date(float(text) if text.isdigit() and len(text) == 5 else text).date().isoformat()
    except ValueError:
        return text


def is_day(text: str) -> bool:
    """Whether this is a day in ISO, in the time of a campaign."""
    try:
        return 2000 <= dt.date.fromisoformat(text).year < 2100
    except ValueError:
        return False
