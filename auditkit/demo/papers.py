"""The files that a compound hands in: one workbook, one file a table, or csv as a program exports it."""

from __future__ import annotations

import csv
import datetime as dt
import io
import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from random import Random
from typing import Any, Final

import xlsxwriter
from xlsxwriter.utility import xl_col_to_name
from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from auditkit.demo.books import DAY, Compound, Row, month
from auditkit.demo.founding import SOURCE
from auditkit.demo.truth import Planted
from auditkit.schema import Column, tables

_CREATED: Final = dt.datetime(2025, 3, 1)
_FORMATS: Final = {"date": "yyyy-mm-dd", "datetime": "yyyy-mm-dd hh:mm:ss", "money": "#,##0.00", "ratio": "0.0%"}
_EXPORTED: Final = ("ledger", "bank", "parking", "cards")
"""Tables that come out of a program, and so as csv where the compound hands in csv."""
_OWN_ORDER: Final = ("ledger", "bank")
"""Tables whose order is evidence."""
_OTHER_HEADERS: Final = {("ledger", "date"): "记账日期", ("ledger", "counterparty"): "对方单位"}
_OTHER_WORDS: Final = {("disclosures", "category", "电梯广告"): "电梯轿厢广告"}
LARGE: Final = 5_000
"""More stays than this are handed in as csv."""


@dataclass(frozen=True, slots=True)
class Total:
    """A printed total: where it stands in the grid, its label, and the rows that it sums."""

    label: str
    first: int
    last: int
    amount: int
    as_formula: bool


@dataclass
class Sheet:
    """One table as a grid: lines above the header, the rows, printed totals among them, notes below."""

    table: str
    file: str
    above: list[str]
    header: list[str]
    rows: list[Row | Total]
    below: list[str] = field(default_factory=list[str])

    def row_of(self, total: Total) -> int:
        """The row number that Excel shows for a printed total."""
        return len(self.above) + 2 + self.rows.index(total)


def write_papers(c: Compound, folder: Path, planted: Sequence[Planted], shuffle: int | None) -> list[Planted]:
    """Writes a compound's case folder; says where on paper the planted totals stand."""
    folder.mkdir(parents=True, exist_ok=True)
    mixed = None if shuffle is None else Random(f"{shuffle}/{c.id}")
    sheets = [sheet for name in tables() for sheet in _sheets(c, name, mixed)]
    ledger = next(s for s in sheets if s.table == "ledger")
    if mixed:
        mixed.shuffle(sheets)
    files: dict[str, list[Sheet]] = {}
    for sheet in sheets:
        files.setdefault(sheet.file, []).append(sheet)
    for file, inside in files.items():
        path = folder / (f"{mixed.randrange(100):02d}_{file}" if mixed and ledger not in inside else file)
        if file.endswith(".csv"):
            _write_csv(path, c, inside[0])
        else:
            _write_xlsx(path, inside)
    (folder / "case.toml").write_text("\n".join(_case_toml(c)) + "\n", encoding="utf-8")
    return [_placed(p, ledger) for p in planted]


def _file(c: Compound, table: str) -> str:
    zh = tables()[table].zh
    if table == "parking" and len(c.rows["parking"]) > LARGE:
        return f"{zh}.csv"
    if c.style.packing == 0:
        return f"{c.name}公共收益审计资料.xlsx"
    if c.style.packing == 1:
        return f"{zh}{c.year}.xlsx"
    return f"{zh}.csv" if table in _EXPORTED else "其他资料.xlsx"


def _placed(planted: Planted, ledger: Sheet) -> Planted:
    """A wrong total is known by its month until it stands on paper; then by its cell."""
    if planted.rule != "LDG06":
        return planted
    column = [c.name for c in tables()["ledger"].columns].index("amount")
    total = next(r for r in ledger.rows if isinstance(r, Total) and r.label.endswith(planted.subject_id))
    cell = f"{xl_col_to_name(column)}{ledger.row_of(total)}"
    return replace(planted, subject_id=f"{ledger.file}#{tables()['ledger'].zh}!{cell}")


def _sheets(c: Compound, name: str, mixed: Random | None) -> list[Sheet]:
    """A table as it is handed in: mostly one sheet; statements by the half-year, or newest first, as banks do."""
    sheet = _sheet(c, name, mixed)
    if name != "bank" or c.style.packing not in (1, 3):
        return [sheet]
    days = [r["date"] for r in c.rows["bank"]]
    middle = dt.date(c.year, 6, 30)
    spans = [(min(days), max(days))]
    if c.style.packing == 1:
        spans = [(min(days), middle), (middle + DAY, max(days))]
    parts: list[Sheet] = []
    for n, (first, last) in enumerate(spans):
        rows: list[Row | Total] = [r for r in c.rows["bank"] if first <= r["date"] <= last]
        file = sheet.file if len(spans) == 1 else f"银行流水{c.year}{'上下'[n]}半年.xlsx"
        above = ["账户交易明细", f"起始日期：{first}  终止日期：{last}"]
        parts.append(replace(sheet, file=file, above=above, rows=rows if len(spans) > 1 else rows[::-1]))
    return parts


def _sheet(c: Compound, name: str, mixed: Random | None) -> Sheet:
    table = tables()[name]
    header = [_OTHER_HEADERS.get((name, col.name), col.zh) if c.style.packing == 1 else col.zh for col in table.columns]
    rows: list[Row | Total] = list(c.rows[name])
    if mixed and name not in _OWN_ORDER:
        mixed.shuffle(rows)
    sheet = Sheet(name, _file(c, name), [], header, rows)
    if name == "ledger":
        sheet.rows = list(_with_totals(c))
        if c.style.packing != 3:
            sheet.above = [f"{c.name}{c.year}年公共收益收支台账", "单位：元"]
            sheet.below = ["说明：红字冲销以负数列示。"]
    elif name in ("contracts", "disclosures", "resources") and c.style.packing == 1:
        sheet.above = [f"{c.name}{table.zh}"]
        sheet.below = ["填表人：               复核人："]
    return sheet


def _with_totals(c: Compound) -> Iterator[Row | Total]:
    """The ledger with a total after each month (income less cost, or the plain sum of a formula), and the year's."""
    formula = c.style.packing == 1
    ledger = c.rows["ledger"]
    start = 4
    for name, group in itertools.groupby(ledger, key=lambda r: month(r["date"])):
        own = list(group)
        yield from own
        amount = sum(r["amount"] if formula or r["direction"] == "收入" else -r["amount"] for r in own)
        wrong = c.totals_off.get(name, 0)
        yield Total(f"本月合计 {name}", start, start + len(own) - 1, amount + wrong, formula and not wrong)
        start += len(own) + 1
    for direction in ("收入", "支出"):
        yield Total(f"{direction}合计", 0, 0, sum(r["amount"] for r in ledger if r["direction"] == direction), False)


def _text(c: Compound, table: str, column: Column, value: Any) -> str:
    """A cell as a program writes it into a csv."""
    if value is None or value == "":
        return ""
    match column.type:
        case "money":
            text = f"{value / 100:.2f}" if c.style.packing == 3 else f"{value / 100:,.2f}"
            return "" if table == "bank" and value == 0 and column.name != "balance" else text
        case "date":
            return f"{value.year}/{value.month}/{value.day}" if c.style.packing == 3 else f"{value:%Y-%m-%d}"
        case "datetime":
            return f"{value:%Y-%m-%d %H:%M:%S}"
        case "flag":
            return "是" if value else "否"
        case "id" if table == "bank" and c.style.packing == 3:
            return f"{value}\t"
        case _:
            return _OTHER_WORDS.get((table, column.name, str(value)), str(value))


def _write_csv(path: Path, c: Compound, sheet: Sheet) -> None:
    columns = tables()[sheet.table].columns
    amount = next((n for n, col in enumerate(columns) if col.name == "amount"), 0)
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer, lineterminator="\r\n")
    writer.writerows([line] for line in sheet.above)
    writer.writerow(sheet.header)
    for row in sheet.rows:
        if isinstance(row, Total):
            cells = [""] * len(columns)
            cells[0], cells[amount] = row.label, f"{row.amount / 100:.2f}"
        else:
            cells = [_text(c, sheet.table, col, row.get(col.name)) for col in columns]
        writer.writerow(cells)
    writer.writerows([line] for line in sheet.below)
    path.write_bytes(buffer.getvalue().encode("gb18030" if c.style.packing == 3 else "utf-8-sig"))


def _write_xlsx(path: Path, sheets: Sequence[Sheet]) -> None:
    book = xlsxwriter.Workbook(str(path), {"in_memory": True})
    book.set_properties({"created": _CREATED})
    formats = {kind: book.add_format({"num_format": number}) for kind, number in _FORMATS.items()}
    formats["title"] = book.add_format({"bold": True, "font_size": 14, "align": "center"})
    formats["head"] = book.add_format({"bold": True, "bg_color": "#DDEBF7", "border": 1})
    for sheet in sheets:
        _write_sheet(book, formats, sheet)
    book.close()


def _write_sheet(book: Workbook, formats: dict[str, Any], sheet: Sheet) -> None:
    page = book.add_worksheet(tables()[sheet.table].zh)
    columns = tables()[sheet.table].columns
    page.set_column(0, len(columns) - 1, 15)
    for n, line in enumerate(sheet.above):
        if n == 0:
            page.merge_range(0, 0, 0, len(columns) - 1, line, formats["title"])
        else:
            page.write_string(n, 0, line)
    top = len(sheet.above)
    for n, word in enumerate(sheet.header):
        page.write_string(top, n, word, formats["head"])
    page.freeze_panes(top + 1, 0)
    for at, row in enumerate(sheet.rows, start=top + 1):
        if isinstance(row, Total):
            _write_total(page, at, columns, row, formats)
        else:
            for n, column in enumerate(columns):
                _write_cell(page, at, n, column, row.get(column.name), formats, sheet.table)
    for n, line in enumerate(sheet.below, start=top + len(sheet.rows) + 2):
        page.write_string(n, 0, line)


def _write_total(page: Worksheet, at: int, columns: Sequence[Column], total: Total, formats: dict[str, Any]) -> None:
    n = next(i for i, c in enumerate(columns) if c.name == "amount")
    page.write_string(at, 0, total.label)
    if total.as_formula:
        letter = xl_col_to_name(n)
        stored: Any = total.amount / 100
        page.write_formula(at, n, f"=SUM({letter}{total.first}:{letter}{total.last})", formats["money"], stored)
    else:
        page.write_number(at, n, total.amount / 100, formats["money"])


def _write_cell(
    page: Worksheet, at: int, n: int, column: Column, value: Any, formats: dict[str, Any], table: str
) -> None:
    if value is None or value == "":
        return
    match column.type:
        case "money":
            if table != "bank" or value or column.name == "balance":
                page.write_number(at, n, value / 100, formats["money"])
        case "date" | "datetime":
            page.write_datetime(at, n, value, formats[column.type])
        case "count" | "number":
            page.write_number(at, n, value)
        case "ratio":
            page.write_number(at, n, value, formats["ratio"])
        case "flag":
            page.write_string(at, n, "是" if value else "否")
        case _:
            page.write_string(at, n, _OTHER_WORDS.get((table, column.name, value), str(value)))


def _case_toml(c: Compound) -> Iterator[str]:
    """The parameters of the audit, each local number with its source."""
    for key, value in c.parameters.items():
        if key != "pack_values":
            yield f"{key} = {_toml(value)}"
    yield ""
    yield "[pack_values]"
    for key, value in c.parameters["pack_values"].items():
        yield f"{key} = {{ value = {_toml(value)}, source = {_toml(SOURCE)} }}"


def _toml(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return f'"{value}"' if isinstance(value, str) else str(value)
