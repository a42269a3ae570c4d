"""What an xlsx says beside the values: hidden rows, formulas, number formats, the 1904 system."""

from __future__ import annotations

import contextlib
import io
import re
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any, Final
from xml.etree.ElementTree import Element, ParseError
from xml.parsers import expat

from defusedxml.ElementTree import fromstring

_BUILT_IN: Final = {1: "0", 2: "0.00", 3: "#,##0", 4: "#,##0.00", 9: "0%", 10: "0.00%", 14: "yyyy/m/d", 17: "mmm-yy",
                    22: "yyyy/m/d h:mm", 49: "@"}  # fmt: skip
_FORMULA: Final = re.compile(rb"<(?:\w+:)?f[ />]")
_HIDDEN: Final = re.compile(rb"<(?:\w+:)?(?:row|col)\b[^>]*\bhidden=[\"'](?:1|true)")


@dataclass(frozen=True)
class Details:
    """The details of one sheet, read when they are first asked for.

    Shape: places are (row, column) counted from 0.
    """

    source: Path | bytes
    part: str
    formats: tuple[str, ...]
    system_1904: bool
    in_wan: bool
    """Whether any number format of the workbook shows amounts in 万."""

    @cached_property
    def _xml(self) -> bytes:
        opened = io.BytesIO(self.source) if isinstance(self.source, bytes) else self.source
        with zipfile.ZipFile(opened) as archive:
            return archive.read(self.part)

    @cached_property
    def _scan(self) -> Scan:
        xml = self._xml
        del self.__dict__["_xml"]
        if not _FORMULA.search(xml) and not _HIDDEN.search(xml):
            return Scan()
        return scan(xml, self.formats, formats=False)

    @property
    def hidden_rows(self) -> frozenset[int]:
        """Rows that are not shown."""
        return frozenset(self._scan.hidden_rows)

    @property
    def hidden_columns(self) -> frozenset[int]:
        """Columns that are not shown."""
        return frozenset(self._scan.hidden_columns)

    @property
    def formulas(self) -> Mapping[tuple[int, int], str]:
        """The formula of each cell that has one."""
        return self._scan.formulas

    @property
    def no_value(self) -> frozenset[tuple[int, int]]:
        """Cells with a formula and without a stored value."""
        return frozenset(self._scan.no_value)

    @cached_property
    def number_formats(self) -> Mapping[tuple[int, int], str]:
        """The number format of each cell that has another than General."""
        xml = self._xml
        del self.__dict__["_xml"]
        return scan(xml, self.formats, formats=True).number_formats


@dataclass
class Scan:
    """What one pass over a sheet's XML found."""

    hidden_rows: set[int] = field(default_factory=set[int])
    hidden_columns: set[int] = field(default_factory=set[int])
    formulas: dict[tuple[int, int], str] = field(default_factory=dict[tuple[int, int], str])
    no_value: set[tuple[int, int]] = field(default_factory=set[tuple[int, int]])
    number_formats: dict[tuple[int, int], str] = field(default_factory=dict[tuple[int, int], str])


def read_details(source: Path | io.BytesIO) -> Mapping[str, Details]:
    """The details of each sheet by its name; none where the file is not an xlsx."""
    try:
        with zipfile.ZipFile(source) as archive:
            names = archive.namelist()
            book = fromstring(archive.read("xl/workbook.xml"))
            targets = _targets(fromstring(archive.read("xl/_rels/workbook.xml.rels")))
            styles = fromstring(archive.read("xl/styles.xml")) if "xl/styles.xml" in names else None
    except (zipfile.BadZipFile, KeyError, ParseError, OSError):
        return {}
    formats = () if styles is None else _formats(styles)
    properties = next(_each(book, "workbookPr"), None)
    system_1904 = properties is not None and properties.get("date1904") in ("1", "true")
    kept = source if isinstance(source, Path) else source.getvalue()
    found: dict[str, Details] = {}
    for sheet in _each(book, "sheet"):
        relation = next((v for k, v in sheet.attrib.items() if k.endswith("}id")), "")
        part = targets.get(relation, "")
        if part in names:
            in_wan = any("万" in f or "亿" in f for f in formats)
            found[sheet.get("name", "")] = Details(kept, part, formats, system_1904, in_wan)
    return found


def _each(root: Element, tag: str) -> Any:
    return (element for element in root.iter() if element.tag.rpartition("}")[2] == tag)


def _targets(rels: Element) -> dict[str, str]:
    return {
        e.get("Id", ""): e.get("Target", "").removeprefix("/") if e.get("Target", "").startswith("/")
        else "xl/" + e.get("Target", "") for e in rels
    }  # fmt: skip


def _formats(styles: Element) -> tuple[str, ...]:
    """The number format of each cell style."""
    own = {int(f.get("numFmtId", 0)): f.get("formatCode", "") for f in _each(styles, "numFmt")}
    cells = next(_each(styles, "cellXfs"), None)
    if cells is None:
        return ()
    numbers = [int(xf.get("numFmtId", 0)) for xf in cells]
    return tuple(own.get(n, _BUILT_IN.get(n, "")) for n in numbers)


def scan(xml: bytes, styles: tuple[str, ...], *, formats: bool) -> Scan:
    """One pass over a sheet's XML, for hidden rows and formulas, or for number formats."""
    found = Scan()
    reader = _Reader(found, styles, formats)
    parser = expat.ParserCreate()
    parser.StartElementHandler = reader.start
    parser.EndElementHandler = reader.end
    parser.CharacterDataHandler = reader.text
    parser.buffer_text = True
    parser.EntityDeclHandler = _refuse
    with contextlib.suppress(expat.ExpatError):
        parser.Parse(xml, True)
    return found


def _refuse(*_: Any) -> None:
    raise expat.ExpatError("entities have no place in a sheet")


class _Reader:
    """Follows the elements of a sheet."""

    def __init__(self, found: Scan, styles: tuple[str, ...], formats: bool) -> None:
        self.found, self.styles, self.formats = found, styles, formats
        self.row = -1
        self.column = -1
        self.formula: list[str] | None = None
        self.has_formula = self.has_value = False
        self.shared: dict[str, tuple[int, int, str]] = {}
        self.share = ""
        self.in_value = self.in_formula = False

    def start(self, tag: str, given: dict[str, str]) -> None:
        name = tag.rpartition(":")[2]
        if name == "c":
            self._cell(given)
        elif name == "row":
            self.row = int(given["r"]) - 1 if "r" in given else self.row + 1
            self.column = -1
            if given.get("hidden") in ("1", "true"):
                self.found.hidden_rows.add(self.row)
        elif name == "f":
            self.has_formula = self.in_formula = True
            self.formula, self.share = [], given.get("si", "") if given.get("t") == "shared" else ""
        elif name in ("v", "t"):
            self.in_value = True
        elif name == "col" and given.get("hidden") in ("1", "true"):
            self.found.hidden_columns.update(range(int(given["min"]) - 1, min(int(given["max"]), 1000)))

    def _cell(self, given: dict[str, str]) -> None:
        place = given.get("r")
        self.column = column_number(place) if place else self.column + 1
        self.has_formula = self.has_value = False
        if self.formats and (style := given.get("s")):
            at = int(style)
            if at < len(self.styles) and self.styles[at] not in ("", "General"):
                self.found.number_formats[self.row, self.column] = self.styles[at]

    def text(self, text: str) -> None:
        if self.in_formula and self.formula is not None:
            self.formula.append(text)
        elif self.in_value and text.strip():
            self.has_value = True

    def end(self, tag: str) -> None:
        name = tag.rpartition(":")[2]
        if name == "c" and self.has_formula:
            self._take()
        elif name == "f":
            self.in_formula = False
        elif name in ("v", "t"):
            self.in_value = False

    def _take(self) -> None:
        place = self.row, self.column
        text = "".join(self.formula or ())
        if self.share:
            if text:
                self.shared[self.share] = (*place, text)
            elif self.share in self.shared:
                row, column, first = self.shared[self.share]
                text = _moved(first, (row, column), place)
        self.found.formulas[place] = text
        if not self.has_value:
            self.found.no_value.add(place)


def _moved(formula: str, first: tuple[int, int], place: tuple[int, int]) -> str:
    from openpyxl.formula.translate import Translator

    moved = Translator(f"={formula}", cell_name(*first)).translate_formula(cell_name(*place))
    return str(moved).removeprefix("=")


def column_number(place: str) -> int:
    """The column of a cell's name or of a column's letters, from 0: «AA7» is 26."""
    number = 0
    for c in place:
        if not c.isalpha():
            break
        number = number * 26 + ord(c.upper()) - 64
    return number - 1


def cell_name(row: int, column: int) -> str:
    """The name that Excel gives a cell: (26, 5) is F27."""
    return f"{column_letters(column)}{row + 1}"


def column_letters(column: int) -> str:
    """The letters of a column, counted from 0: 26 is AA."""
    letters, number = "", column + 1
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(65 + rest) + letters
    return letters
