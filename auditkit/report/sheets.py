"""One way to write a table of the workbook: real numbers and dates, text that no program takes for a formula."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final

import pandas as pd
from xlsxwriter.format import Format
from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from auditkit.rowheight import height_of, lines_of

CREATED: Final = dt.datetime(2024, 1, 1)
"""Every workbook says so, for the same inputs give the same bytes."""

FILLS: Final = {"S1": "#FFC7CE", "S2": "#FFEB9C", "S3": "#DDEBF7", "S4": "#EDEDED"}
FONT: Final = {"font_name": "宋体", "font_size": 10}
_LONGEST: Final = 32_000
_A4: Final = 9


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its header, width in characters, and kind: text, money (fen), count, date."""

    head: str
    width: float
    kind: str = "text"


@dataclass(frozen=True, slots=True)
class Cell:
    """A value with a fill of its own, or with a link into the workbook."""

    value: Any
    fill: str = ""
    link: str = ""


class Sheets:
    """A workbook under way, with its formats."""

    def __init__(self, book: Workbook, header: str, footer: str) -> None:
        self.book = book
        self.header = header
        self.footer = footer
        self._formats: dict[tuple[tuple[str, Any], ...], Format] = {}
        book.set_properties({"created": CREATED})
        book.set_size(2400, 1400)

    def form(self, **properties: Any) -> Format:
        """A cell format, made once."""
        key = tuple(sorted(properties.items()))
        if key not in self._formats:
            self._formats[key] = self.book.add_format({**FONT, **properties})
        return self._formats[key]

    def table(self, name: str, columns: Sequence[Column], rows: Iterable[Sequence[Any]], printed: int = 0) -> Worksheet:
        """A sheet that is one table: header in row 1, frozen and filtered, A4 landscape, the header on each page.

        `printed` columns go on paper, those right of them only serve filters.
        """
        sheet = self.book.add_worksheet(name)
        head = self.form(bold=True, border=1, bg_color="#D9D9D9", text_wrap=True, valign="vcenter", align="center")
        for at, column in enumerate(columns):
            sheet.set_column(at, at, column.width)
            sheet.write_string(0, at, column.head, head)
        last = 0
        for last, row in enumerate(rows, start=1):
            self.row(sheet, last, [c.kind for c in columns], row, [c.width for c in columns])
        sheet.freeze_panes(1, 0)
        sheet.autofilter(0, 0, last, len(columns) - 1)
        sheet.repeat_rows(0)
        sheet.print_area(0, 0, last, (printed or len(columns)) - 1)
        self.page(sheet)
        return sheet

    def row(
        self, sheet: Worksheet, at: int, kinds: Sequence[str], values: Sequence[Any], widths: Sequence[float]
    ) -> None:
        """A row, as high as its longest text needs: not every program fits heights by itself."""
        for column, (kind, value) in enumerate(zip(kinds, values, strict=True)):
            self.cell(sheet, at, column, kind, value)
        lines = max(lines_of(v.value if isinstance(v, Cell) else v, w) for v, w in zip(values, widths, strict=True))
        sheet.set_row(at, height_of(lines))

    def page(self, sheet: Worksheet, portrait: bool = False) -> None:
        """A4 with the compound in the header and room to sign in the footer."""
        sheet.set_portrait() if portrait else sheet.set_landscape()
        sheet.set_paper(_A4)
        sheet.fit_to_pages(1, 1 if portrait else 0)
        sheet.set_margins(left=0.4, right=0.4, top=0.75, bottom=0.75)
        sheet.set_header(self.header)
        sheet.set_footer(self.footer)

    def cell(self, sheet: Worksheet, row: int, at: int, kind: str, value: Any) -> None:
        """One value as what it is; blank where there is none."""
        link, fill = "", ""
        if isinstance(value, Cell):
            value, link, fill = value.value, value.link, value.fill
        shape: dict[str, Any] = {"border": 1, "valign": "top", "text_wrap": True}
        if fill:
            shape["bg_color"] = fill
        if value is None or value == "" or value is pd.NaT:
            sheet.write_blank(row, at, None, self.form(**shape))
        elif kind == "money":
            sheet.write_number(row, at, int(value) / 100, self.form(**shape, num_format="#,##0.00"))
        elif kind == "count":
            sheet.write_number(row, at, int(value), self.form(**shape, num_format="0"))
        elif kind == "date":
            sheet.write_datetime(
                row, at, pd.Timestamp(value).to_pydatetime(), self.form(**shape, num_format="yyyy-mm-dd")
            )
        elif link:
            sheet.write_url(
                row, at, f"internal:{link}", self.form(**shape, font_color="#0563C1", underline=1), str(value)
            )
        else:
            sheet.write_string(row, at, clip(str(value)), self.form(**shape))


def clip(text: str) -> str:
    """As much of a text as a cell holds."""
    return text if len(text) <= _LONGEST else text[:_LONGEST] + "…"


def header_text(text: str) -> str:
    """A text for a page header, where & begins a code."""
    return text.replace("&", "&&")[:80]
