"""The blank tables that an auditor fills in: one workbook with all of them, and one file a table."""

from __future__ import annotations

import datetime as dt
import tomllib
from collections.abc import Sequence
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any, Final

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from auditkit.schema import Column, Table, tables

EXAMPLE: Final = "示例"
"""How the first cell of an example row begins; such a row is never read as data."""

WORKBOOK: Final = "00 全部表格.xlsx"
GUIDE: Final = "填写说明"
LAST_ROW: Final = 20_000
"""Drop-downs reach down to here."""

_CREATED: Final = dt.datetime(2024, 1, 1)
_TYPES: Final = {
    "text": ("文字", 18, "@"),
    "id": ("编号，按文字填写，保留前导零", 20, "@"),
    "date": ("日期，如 2024-03-05", 12, "yyyy-mm-dd"),
    "datetime": ("日期和时间，如 2024-03-05 08:12:09", 20, "yyyy-mm-dd hh:mm:ss"),
    "month": ("月份，如 2024-03", 10, "@"),
    "money": ("金额，单位：元", 14, "#,##0.00"),
    "count": ("整数", 10, "0"),
    "number": ("数值", 12, "General"),
    "ratio": ("比例，如 30% 或 0.3", 10, "0.00%"),
    "flag": ("是 或 否", 8, "@"),
    "choice": ("从下拉列表选择", 14, "@"),
    "list": ("可填多个，用分号隔开", 20, "@"),
}
_HEAD: Final = {"bold": True, "border": 1, "align": "center", "valign": "vcenter", "text_wrap": True}
_GREY: Final = {"font_color": "#808080", "italic": True, "bg_color": "#F2F2F2"}


def write_templates(folder: Path) -> list[Path]:
    """Writes the blank templates into a folder and says which files they are.

    Shape: «00 全部表格.xlsx» with every table, then one workbook a table in the order of tables.toml.
    """
    folder.mkdir(parents=True, exist_ok=True)
    every = list(tables().values())
    paths = [_write(folder / WORKBOOK, every)]
    return paths + [_write(folder / f"{n:02d} {t.zh}.xlsx", [t]) for n, t in enumerate(every, start=1)]


def column_note(table: str, column: Column) -> str:
    """What the note on a header says: type and unit, whether it must be filled in, choices, and how."""
    lines = [_TYPES[column.type][0], "必填" if column.must else "可不填"]
    if column.choices:
        lines.append("可选：" + "、".join(column.choices))
    if note := _words()[table]["columns"][column.name].get("note"):
        lines.append(note)
    return "\n".join(lines)


@cache
def _words() -> dict[str, Any]:
    text = resources.files("auditkit").joinpath("data", "templates.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


def _write(path: Path, chosen: Sequence[Table]) -> Path:
    book = xlsxwriter.Workbook(str(path))
    book.set_properties({"title": "小区公共收益审计资料模板", "created": _CREATED})
    book.set_size(2400, 1400)
    for table in chosen:
        _sheet(book, table)
    _guide(book, chosen)
    book.close()
    return path


def _sheet(book: Workbook, table: Table) -> None:
    sheet = book.add_worksheet(table.zh)
    words = _words()[table.name]["columns"]
    must = book.add_format({**_HEAD, "bg_color": "#FFEB9C"})
    may = book.add_format({**_HEAD, "bg_color": "#DDEBF7"})
    sheet.set_row(0, 30)
    sheet.freeze_panes(1, 1)
    for at, column in enumerate(table.columns):
        _, width, number = _TYPES[column.type]
        sheet.set_column(at, at, max(width, 2 * len(column.zh) + 2), book.add_format({"num_format": number}))
        sheet.write_string(0, at, column.zh, must if column.must else may)
        sheet.write_comment(
            0, at, column_note(table.name, column), {"x_scale": 1.9, "y_scale": 1.5, "font_size": 9, "author": ""}
        )
        _validate(sheet, at, column)
        example = str(words[column.name]["example"])
        grey = book.add_format({**_GREY, "num_format": number})
        if at == 0:
            sheet.write_string(1, at, f"{EXAMPLE}：{example}", grey)
        else:
            _example(sheet, at, column, example, grey)


def _example(sheet: Worksheet, at: int, column: Column, text: str, form: Format) -> None:
    """Writes the example as the cell a person would have typed: a number as a number, a date as a date."""
    if not text:
        sheet.write_blank(1, at, None, form)
    elif column.type in ("date", "datetime"):
        sheet.write_datetime(1, at, dt.datetime.fromisoformat(text), form)
    elif column.type in ("money", "count", "number"):
        sheet.write_number(1, at, float(text), form)
    elif column.type == "ratio":
        sheet.write_number(1, at, float(text.rstrip("%")) / 100, form)
    else:
        sheet.write_string(1, at, text, form)


def _validate(sheet: Worksheet, at: int, column: Column) -> None:
    """A drop-down for a choice; it warns and lets through, for a synonym is read too."""
    choices = ("是", "否") if column.type == "flag" else column.choices
    if not choices:
        return
    sheet.data_validation(
        1, at, LAST_ROW, at,
        {
            "validate": "list", "source": list(choices), "error_type": "warning", "ignore_blank": True,
            "error_title": column.zh, "error_message": "不在列表中，确定要填写吗？",
        },
    )  # fmt: skip


def _guide(book: Workbook, chosen: Sequence[Table]) -> None:
    """The last sheet: how to fill in; one cell a line, so that no line looks like a header."""
    sheet = book.add_worksheet(GUIDE)
    sheet.set_column(0, 0, 110, book.add_format({"text_wrap": True, "valign": "top"}))
    bold = book.add_format({"bold": True})
    lines = [
        "黄色表头必填，蓝色表头可不填；鼠标停在表头上可看说明。表头的文字不要改，列的次序可以变，可以另加列。",
        f"第二行灰色的是示例，第一格以“{EXAMPLE}”开头，不会被当作数据读取，可以删去。",
        "没有取得的资料：整张表删去，或者原样留着（含示例行），相应的检查会列为“未测试”。",
        "确实一笔也没有的（例如从未公示过）：删去示例行、只留表头，表示“已提供、内容为空”，相应的检查照做。",
        "金额单位为元；日期按日期填写；编号、账号按文字填写，以免丢失前导零或变成 6.22E+18。",
        "看不清、记不准的不要猜：留空或照抄原文，系统会列出来并把有关项目列为“未测试”。",
    ]
    sheet.write_string(0, 0, "小区公共收益审计资料：填写说明", bold)
    for row, line in enumerate(lines, start=1):
        sheet.write_string(row, 0, f"{row}. {line}")
    for row, table in enumerate(chosen, start=len(lines) + 2):
        sheet.write_string(row, 0, f"【{table.zh}】{_words()[table.name]['about']}")
