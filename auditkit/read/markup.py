"""Tables in marked-up texts: HTML, the XML that Excel 2003 wrote, and the XML of GB/T 24589.1."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from typing import Any, Final
from xml.etree import ElementTree

from defusedxml.ElementTree import fromstring

Merge = tuple[int, int, int, int]
Sheet = tuple[str, list[list[Any]], tuple[Merge, ...]]
STANDARD: Final = ("会计科目", "科目余额及发生额", "记账凭证")
"""The records of GB/T 24589.1 (general ledger) that an audit of public revenue uses."""
_STANDARD: Final = re.compile(r"<(?:[\w.-]+:)?(?:" + "|".join(STANDARD) + r")[\s>]")
_SS: Final = "{urn:schemas-microsoft-com:office:spreadsheet}"


def is_markup(text: str) -> bool:
    """Whether a text is HTML with a table, a workbook in XML, or accounts in the XML of the standard."""
    head = text[:4000].lower()
    return "urn:schemas-microsoft-com:office:spreadsheet" in head or (
        head.lstrip().startswith("<") and ("<table" in text[:200_000].lower() or is_standard(text))
    )


def is_standard(text: str) -> bool:
    """Whether a text is XML with records of GB/T 24589.1."""
    return text.lstrip("\ufeff \r\n\t").startswith("<") and _STANDARD.search(text, 0, 400_000) is not None


def read_markup(text: str) -> list[Sheet]:
    """The tables of the file: name, rows, merged cells.

    Raises: ValueError where XML declares entities, or is no whole document of the standard.
    """
    if is_standard(text):
        try:
            return _records(fromstring(text.lstrip("\ufeff \r\n\t")))
        except ElementTree.ParseError as error:
            raise ValueError(str(error)) from error
    if "urn:schemas-microsoft-com:office:spreadsheet" in text[:4000].lower() and "<workbook" in text[:4000].lower():
        try:
            return _workbook(fromstring(text))
        except ElementTree.ParseError:
            pass
    reader = _Tables()
    reader.feed(text)
    reader.close()
    reader.end_row()
    several = len(reader.sheets) > 1
    return [(f"表{n}" if several else "", rows, ()) for n, rows in enumerate(reader.sheets, start=1)]


def _records(root: ElementTree.Element) -> list[Sheet]:
    """One sheet a kind of record: its fields as header, in the order in which they first stand, and a row a record."""
    kinds: dict[str, list[dict[str, str]]] = {}
    for element in root.iter():
        tag = element.tag.rpartition("}")[2]
        if tag in STANDARD and len(element) and not any(len(field) for field in element):
            fields = {field.tag.rpartition("}")[2]: "".join(field.itertext()).strip() for field in element}
            kinds.setdefault(tag, []).append(fields)
    sheets: list[Sheet] = []
    for tag, records in kinds.items():
        titles = list(dict.fromkeys(name for record in records for name in record))
        rows: list[list[Any]] = [titles, *([record.get(name, "") for name in titles] for record in records)]
        sheets.append((tag, rows, ()))
    return sheets


def _workbook(root: ElementTree.Element) -> list[Sheet]:
    sheets: list[Sheet] = []
    for sheet in root.iter(f"{_SS}Worksheet"):
        rows: list[list[Any]] = []
        merged: list[Merge] = []
        for row in sheet.iter(f"{_SS}Row"):
            index = int(row.get(f"{_SS}Index", len(rows) + 1)) - 1
            rows += [[] for _ in range(index - len(rows))]
            cells: list[Any] = []
            for cell in row.findall(f"{_SS}Cell"):
                at = int(cell.get(f"{_SS}Index", len(cells) + 1)) - 1
                cells += [""] * (at - len(cells))
                data = cell.find(f"{_SS}Data")
                cells.append("" if data is None else _value("".join(data.itertext()), data.get(f"{_SS}Type", "String")))
                across, down = int(cell.get(f"{_SS}MergeAcross", 0)), int(cell.get(f"{_SS}MergeDown", 0))
                if across or down:
                    merged.append((index, at, index + down, at + across))
                    cells += [""] * across
            rows.append(cells)
        sheets.append((sheet.get(f"{_SS}Name", ""), rows, tuple(merged)))
    return sheets


def _value(text: str, kind: str) -> Any:
    if kind == "Number":
        return float(text)
    if kind == "DateTime":
        return text.replace("T", " ").removesuffix(".000").removesuffix(" 00:00:00")
    return text


class _Tables(HTMLParser):
    """The cells of every table of a page; a cell that spans several stands in the first."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.sheets: list[list[list[Any]]] = []
        self._row: list[Any] | None = None
        self._text: list[str] | None = None
        self._across = 1
        self._open: dict[int, int] = {}

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "table":
            self.sheets.append([])
            self._open = {}
        elif tag == "tr":
            self.end_row()
            if not self.sheets:
                self.sheets.append([])
            self._row = []
        elif tag in ("td", "th"):
            self._end_cell()
            self._row = [] if self._row is None else self._row
            while self._open.get(len(self._row), 0):
                self._row.append("")
            self._text, self._across = [], _number(given.get("colspan"))
            for n in range(self._across):
                self._open[len(self._row) + n] = -_number(given.get("rowspan"))
        elif tag == "br" and self._text is not None:
            self._text.append(" ")

    def handle_endtag(self, tag: str) -> None:
        if tag in ("td", "th"):
            self._end_cell()
        elif tag in ("tr", "table"):
            self.end_row()

    def handle_data(self, data: str) -> None:
        if self._text is not None:
            self._text.append(data)

    def _end_cell(self) -> None:
        if self._text is not None and self._row is not None:
            self._row += ["".join(self._text).strip(), *[""] * (self._across - 1)]
        self._text = None

    def end_row(self) -> None:
        """Takes what stands of a row into its table."""
        self._end_cell()
        if self._row is not None and self.sheets:
            self.sheets[-1].append(self._row)
            # A cell over n rows keeps its column for the n - 1 rows below; new ones carry a minus until here.
            self._open = {c: left for c, n in self._open.items() if (left := -n - 1 if n < 0 else n - 1) > 0}
        self._row = None


def _number(text: str | None) -> int:
    return max(1, int(text)) if text and text.isdecimal() and len(text) < 5 else 1
