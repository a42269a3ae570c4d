"""The workbook's styles with a few appended: the old cell formats with a fill, and those of the new sheet."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Final

from auditkit.report.annotate.spans import (
    MAIN,
    TAG,
    PartError,
    Span,
    append_inside,
    apply,
    child,
    raw,
    set_attribute,
    tree,
)
from auditkit.report.sheets import FILLS

_HEAD_FILL: Final = "#D9D9D9"
_MINIMAL: Final = (
    '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<styleSheet xmlns="{ns}"><fonts count="1"><font>'
    '<sz val="11"/><name val="宋体"/></font></fonts><fills count="2"><fill><patternFill patternType="none"/></fill>'
    '<fill><patternFill patternType="gray125"/></fill></fills><borders count="1"><border><left/><right/><top/><bottom/>'
    '<diagonal/></border></borders><cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/>'
    '</cellStyleXfs><cellXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/></cellXfs>'
    "</styleSheet>"
)


def minimal(strict: bool) -> bytes:
    """A styles part for a workbook that has none."""
    return _MINIMAL.format(ns=MAIN[strict]).encode()


@dataclass(slots=True)
class Styles:
    """A styles part, and what is to be appended to it."""

    data: bytes
    root: Span = field(init=False)
    _formats: list[bytes] = field(default_factory=list[bytes])
    _index: dict[tuple[str, int | str], int] = field(default_factory=dict[tuple[str, "int | str"], int])
    _first_fill: int = field(init=False)
    _first_font: int = field(init=False)

    def __post_init__(self) -> None:
        """Reads where things stand. Raises: PartError for a part without fonts, fills or cell formats."""
        self.root = tree(self.data)
        self._first_fill = len(self._list("fills").children)
        self._first_font = len(self._list("fonts").children)

    def _list(self, name: str) -> Span:
        own = child(self.root, name)
        if own is None:
            raise PartError(f"styles without {name}")
        return own

    def filled(self, old: int, severity: str) -> int:
        """The number of the old cell format with the fill of a severity."""
        key = (severity, old)
        if key not in self._index:
            formats = self._list("cellXfs").children
            own = raw(self.data, formats[old if old < len(formats) else 0])
            tag = TAG.match(own)
            if tag is None:
                raise PartError("a cell format without its tag")
            fill = self._first_fill + list(FILLS).index(severity)
            new = set_attribute(set_attribute(tag[0], "fillId", str(fill)), "applyFill", "1")
            self._index[key] = self._add(new + own[tag.end() :])
        return self._index[key]

    def plain(self, name: str, severity: str = "") -> int:
        """The number of one of the new sheet's formats: title, head, text, money, link."""
        key = (severity, name)
        if key not in self._index:
            font = {"title": self._first_font, "head": self._first_font, "link": self._first_font + 1}.get(name, 0)
            fill = self._first_fill + (len(FILLS) if name == "head" else list(FILLS).index(severity) if severity else 0)
            p = f"{self.root.prefix}:" if self.root.prefix else ""
            wrap = "" if name == "title" else ' wrapText="1"'
            self._index[key] = self._add(
                f'<{p}xf numFmtId="{4 if name == "money" else 0}" fontId="{font}" '
                f'fillId="{fill if name == "head" or severity else 0}" borderId="0" xfId="0" applyNumberFormat="1" '
                f'applyFont="1" applyFill="1" applyAlignment="1"><{p}alignment vertical="top"{wrap}/></{p}xf>'.encode()
            )
        return self._index[key]

    def _add(self, xf: bytes) -> int:
        self._formats.append(xf)
        return len(self._list("cellXfs").children) + len(self._formats) - 1

    def patched(self) -> bytes:
        """The part with everything appended; what was in it stays where it was, byte for byte."""
        p = f"{self.root.prefix}:" if self.root.prefix else ""
        colours = [*FILLS.values(), _HEAD_FILL]
        fill_xml = "".join(
            f'<{p}fill><{p}patternFill patternType="solid"><{p}fgColor rgb="FF{c[1:]}"/><{p}bgColor indexed="64"/>'
            f"</{p}patternFill></{p}fill>"
            for c in colours
        )
        font_xml = "".join(
            f'<{p}font>{extra}<{p}sz val="11"/>{colour}<{p}name val="宋体"/><{p}charset val="134"/></{p}font>'
            for extra, colour in ((f"<{p}b/>", ""), (f"<{p}u/>", f'<{p}color rgb="FF0563C1"/>'))
        )
        edits: list[tuple[int, int, bytes]] = []
        for name, content, count in (
            ("fonts", font_xml.encode(), 2),
            ("fills", fill_xml.encode(), len(colours)),
            ("cellXfs", b"".join(self._formats), len(self._formats)),
        ):
            own = self._list(name)
            edits += _grow(self.data, own, content, len(own.children) + count)
        return apply(self.data, edits)


def _grow(data: bytes, own: Span, content: bytes, count: int) -> list[tuple[int, int, bytes]]:
    """The edits that append to a counted list."""
    tag = TAG.match(data, own.start)
    if tag is None:
        raise PartError("a list without its tag")
    if own.empty:
        offset, length, new = append_inside(own, tag[0], content)
        head = TAG.match(new)
        return [(offset, length, set_attribute(head[0], "count", str(count)) + new[head.end() :])] if head else []
    edits = [append_inside(own, b"", content)]
    if re.search(rb"\scount\s*=", tag[0]):
        edits.append((own.start, len(tag[0]), set_attribute(tag[0], "count", str(count))))
    return edits
