"""One worksheet: where its marked rows and cells stand, and the edits that fill, link and note them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Final

from auditkit.report.annotate.spans import (
    RELATIONS,
    TAG,
    Span,
    append_inside,
    attribute,
    local,
    parser,
    qualified,
    set_attribute,
)

ORDER: Final = (
    "sheetPr", "dimension", "sheetViews", "sheetFormatPr", "cols", "sheetData", "sheetCalcPr", "sheetProtection",
    "protectedRanges", "scenarios", "autoFilter", "sortState", "dataConsolidate", "customSheetViews", "mergeCells",
    "phoneticPr", "conditionalFormatting", "dataValidations", "hyperlinks", "printOptions", "pageMargins", "pageSetup",
    "headerFooter", "rowBreaks", "colBreaks", "customProperties", "cellWatches", "ignoredErrors", "smartTags",
    "drawing", "legacyDrawing", "legacyDrawingHF", "drawingHF", "picture", "oleObjects", "AlternateContent", "controls",
    "webPublishItems", "tableParts", "extLst",
)  # fmt: skip
"""The children of a worksheet in the order that the format wants."""

REACH: Final = 30
"""Rows below a mark whose heights count for its note's box."""

Anchor = tuple[int, int]
"""Row from 1, column from 0."""


@dataclass(slots=True)
class MarkedCell:
    """A cell of a marked row: its column from 0, style, whether it has a value, its first tag and where that stands."""

    column: int
    style: int
    valued: bool
    offset: int
    tag: bytes


@dataclass
class SheetScan:
    """What was seen of a worksheet."""

    root: Span
    cells: dict[int, list[MarkedCell]] = field(default_factory=dict[int, list[MarkedCell]])
    heights: dict[int, float] = field(default_factory=dict[int, float])
    tags: dict[int, bytes] = field(default_factory=dict[int, bytes])
    """First tags of the worksheet's children, by offset."""

    @cached_property
    def tall_merges(self) -> list[tuple[int, int, int, int]]:
        """Merged cells over several rows, marked ones among them: first and last row, first and last column.

        They belong to no one row: such a cell is neither filled nor noted.
        """
        own = self.part("mergeCells")
        spans = [_corners(c.attributes.get("ref", "")) for c in own.children] if own else []
        return [s for s in spans if s and s[0] < s[1] and any(s[0] <= row <= s[1] for row in self.cells)]

    def part(self, name: str) -> Span | None:
        """A child of the worksheet."""
        return next((c for c in self.root.children if c.name == name), None)


def scan(pieces: Iterable[bytes], wanted: frozenset[int]) -> SheetScan:
    """Reads a worksheet once, in pieces; keeps only what the marked rows need.

    Raises: expat.ExpatError, PartError.
    """
    near = {row + n for row in wanted for n in range(1, REACH)}
    reader = _Reader(wanted, near)
    made = parser()
    made.StartElementHandler = reader.begin
    made.EndElementHandler = reader.finish
    reader.index = lambda: made.CurrentByteIndex
    for piece in pieces:
        reader.window += piece
        made.Parse(piece, False)
        done = made.CurrentByteIndex - reader.base
        if done > 0:
            reader.window, reader.base = reader.window[done:], reader.base + done
    made.Parse(b"", True)
    return reader.found


class _Reader:
    """The parser's handlers; they do next to nothing outside marked rows."""

    def __init__(self, wanted: frozenset[int], near: set[int]) -> None:
        self.wanted, self.near = wanted, near
        self.window, self.base, self.depth = b"", 0, 0
        self.index: Callable[[], int] = lambda: 0
        self.found = SheetScan(Span((), {}, 0, ""))
        self.in_rows = self.in_marked = False
        self.row, self.column = 0, -1
        self.prefix = ""

    def begin(self, name: str, attributes: dict[str, str]) -> None:
        self.depth += 1
        if self.depth > 5 or (self.depth > 3 and not self.in_marked):
            return
        if self.depth == 3 and self.in_rows:
            self._row(attributes)
        elif self.in_marked and self.depth == 4:
            self._cell(attributes)
        elif self.in_marked and self.depth == 5:
            self.found.cells[self.row][-1].valued |= local(name) in ("v", "is", "f")
        elif self.depth <= 3:
            self._part(name, attributes)

    def finish(self, name: str) -> None:
        if self.depth == 3:
            self.in_marked = False
        elif self.depth == 2:
            self.in_rows = False
            self.found.root.children[-1].close = self.index()
        elif self.depth == 1:
            self.found.root.close = self.index()
        self.depth -= 1

    def _tag(self) -> bytes:
        tag = TAG.match(self.window, self.index() - self.base)
        return tag[0] if tag else b""

    def _part(self, name: str, attributes: dict[str, str]) -> None:
        prefix, own = name.rpartition(":")[0], local(name)
        if self.depth == 1:
            self.found.root = Span((own,), attributes, self.index(), prefix)
            return
        parent, tag = self.found.root if self.depth == 2 else self.found.root.children[-1], self._tag()
        span = Span((*parent.path, own), attributes, self.index(), prefix, tag.endswith(b"/>"))
        parent.children.append(span)
        if self.depth == 2:
            self.in_rows = own == "sheetData" and prefix == self.found.root.prefix
            self.found.tags[span.start] = tag

    def _row(self, attributes: dict[str, str]) -> None:
        self.row = int(attributes["r"]) if "r" in attributes else self.row + 1
        self.column = -1
        self.in_marked = self.row in self.wanted
        if self.in_marked:
            self.found.cells.setdefault(self.row, [])
        if self.row in self.near and (attributes.get("hidden") in ("1", "true") or "ht" in attributes):
            hidden = attributes.get("hidden") in ("1", "true")
            self.found.heights[self.row] = 0 if hidden else float(attributes["ht"])

    def _cell(self, attributes: dict[str, str]) -> None:
        self.column = column_of(attributes["r"]) if "r" in attributes else self.column + 1
        cell = MarkedCell(self.column, int(attributes.get("s", 0)), False, self.index(), self._tag())
        self.found.cells[self.row].append(cell)


def column_of(reference: str) -> int:
    """«AB12» -> 27."""
    number = 0
    for letter in re.match(r"\$?([A-Z]+)", reference)[1]:  # pyright: ignore[reportOptionalSubscript]
        number = number * 26 + ord(letter) - 64
    return number - 1


def reference(anchor: Anchor) -> str:
    """(12, 27) -> «AB12»."""
    row, column = anchor
    letters = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return f"{letters}{row}"


def _in_any(spans: Iterable[tuple[int, int, int, int]], anchor: Anchor) -> bool:
    return any(a <= anchor[0] <= b and c <= anchor[1] <= d for a, b, c, d in spans)


def anchor_of(found: SheetScan, row: int, taken: frozenset[Anchor]) -> Anchor:
    """The cell of a row that gets the note: the first with a value and no note, else the first free to its right."""
    cells, merges = found.cells.get(row, []), found.tall_merges
    for cell in cells:
        if cell.valued and (row, cell.column) not in taken and not _in_any(merges, (row, cell.column)):
            return row, cell.column
    column = max((c.column for c in cells), default=-1) + 1
    while (row, column) in taken:
        column += 1
    return row, column


def fills(found: SheetScan, style_of: Callable[[int, int], int]) -> Iterator[tuple[int, int, bytes]]:
    """The edits that give each marked row's cells, up to its last value, the style of its mark.

    `style_of`: (row, old style) -> new style.
    """
    merges = found.tall_merges
    for row, cells in found.cells.items():
        last = max((c.column for c in cells if c.valued), default=-1)
        for cell in cells:
            if cell.column <= last and cell.tag and not _in_any(merges, (row, cell.column)):
                yield cell.offset, len(cell.tag), set_attribute(cell.tag, "s", str(style_of(row, cell.style)))


def links(found: SheetScan, places: Mapping[Anchor, str]) -> Iterator[tuple[int, int, bytes]]:
    """The edit that links cells into the workbook; a cell that has a link keeps its own."""
    own = found.part("hyperlinks")
    old = [span for c in own.children if (span := _corners(c.attributes.get("ref", "")))] if own else []
    prefix = found.root.prefix
    content = "".join(
        f"<{qualified(prefix, 'hyperlink')} ref={attribute(reference(anchor))} location={attribute(place)}/>"
        for anchor, place in sorted(places.items())
        if not _in_any(old, anchor)
    ).encode()
    if not content:
        return
    if own is not None:
        yield append_inside(own, found.tags[own.start], content)
    else:
        name = qualified(prefix, "hyperlinks").encode()
        yield insert(found, "hyperlinks", b"<" + name + b">" + content + b"</" + name + b">")


def legacy_drawing(found: SheetScan, relation: str, strict: bool) -> tuple[int, int, bytes]:
    """The edit that names the drawing in which the notes' boxes are."""
    tag = f'<{qualified(found.root.prefix, "legacyDrawing")} xmlns:r="{RELATIONS[strict]}" r:id={attribute(relation)}/>'
    return insert(found, "legacyDrawing", tag.encode())


def relation_of(span: Span) -> str:
    """The relation that an element names: its id attribute, by whatever prefix."""
    return next((v for k, v in span.attributes.items() if local(k) == "id" and ":" in k), "")


def insert(found: SheetScan, name: str, content: bytes) -> tuple[int, int, bytes]:
    """The edit that puts a new child of the worksheet where the format wants it."""
    rank = ORDER.index(name)
    for part in found.root.children:
        if part.name in ORDER and ORDER.index(part.name) > rank:
            return part.start, 0, content
    return found.root.close, 0, content


def _corners(ref: str) -> tuple[int, int, int, int] | None:
    """«A3:B9» -> first and last row, first and last column."""
    match = re.fullmatch(r"\$?([A-Z]+)\$?(\d+)(?::\$?([A-Z]+)\$?(\d+))?", ref)
    if match is None:
        return None
    return int(match[2]), int(match[4] or match[2]), column_of(match[1]), column_of(match[3] or match[1])


def column_widths(found: SheetScan) -> Callable[[int], int]:
    """The width of each column, hidden ones none.

    Units: pixels.
    """
    usual = 64
    own = found.part("sheetFormatPr")
    if own is not None and "defaultColWidth" in own.attributes:
        usual = _pixels(own.attributes["defaultColWidth"])
    spans: list[tuple[int, int, int]] = []
    cols = found.part("cols")
    for c in cols.children if cols else []:
        hidden = c.attributes.get("hidden") in ("1", "true")
        width = 0 if hidden else _pixels(c.attributes["width"]) if "width" in c.attributes else usual
        spans.append((int(c.attributes["min"]) - 1, int(c.attributes["max"]) - 1, width))
    return lambda column: next((w for first, last, w in spans if first <= column <= last), usual)


def row_heights(found: SheetScan) -> Callable[[int], int]:
    """The height of each row near a mark.

    Units: pixels.
    """
    usual = 15.0
    own = found.part("sheetFormatPr")
    if own is not None and "defaultRowHeight" in own.attributes:
        usual = float(own.attributes["defaultRowHeight"])
    return lambda row: round(found.heights.get(row, usual) * 4 / 3)


def _pixels(width: Any) -> int:
    return round(float(width) * 7 + 5)
