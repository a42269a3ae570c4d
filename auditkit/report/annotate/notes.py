"""Notes (批注), not threaded comments: every version of Excel and WPS shows them; each in a box that can be read."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from auditkit.report.annotate.sheet import Anchor, column_of, reference
from auditkit.report.annotate.spans import (
    MAIN,
    PartError,
    Span,
    append_inside,
    apply,
    attribute,
    child,
    qualified,
    raw,
    text,
    tree,
)

AUTHOR: Final = "auditkit"
WIDTH: Final = 360
"""Pixels: 270 points, wide enough for 20 Chinese characters a line."""
LEAST: Final = 80
MOST: Final = 480
_LETTERS_A_LINE: Final = 44
_LINE: Final = 17

_NAMESPACES: Final = {
    "v": "urn:schemas-microsoft-com:vml",
    "o": "urn:schemas-microsoft-com:office:office",
    "x": "urn:schemas-microsoft-com:office:excel",
}
_VML_HEAD: Final = (
    f"<xml {' '.join(f'xmlns:{prefix}={attribute(name)}' for prefix, name in _NAMESPACES.items())}>"
    '<o:shapelayout v:ext="edit"><o:idmap v:ext="edit" data="%s"/></o:shapelayout>'
)
_SHAPE_TYPE: Final = (
    '<v:shapetype id="_x0000_t202" coordsize="21600,21600" o:spt="202" path="m,l,21600r21600,l21600,xe">'
    '<v:stroke joinstyle="miter"/><v:path gradientshapeok="t" o:connecttype="rect"/></v:shapetype>'
)


@dataclass(frozen=True, slots=True)
class Grid:
    """How large a sheet's cells are.

    Units: pixels.
    """

    width: Callable[[int], int]
    height: Callable[[int], int]


def existing(data: bytes) -> frozenset[Anchor]:
    """The cells that have a note."""
    found: set[Anchor] = set()
    for comment in _comments(tree(data)):
        match = re.fullmatch(r"([A-Z]+)(\d+)", comment.attributes.get("ref", ""))
        if match:
            found.add((int(match[2]), column_of(match[1])))
    return frozenset(found)


def _comments(root: Span) -> list[Span]:
    own = child(root, "commentList")
    return own.children if own else []


def add_comments(data: bytes, notes: Mapping[Anchor, str]) -> bytes:
    """The sheet's comments with ours after them."""
    root = tree(data)
    authors, listed = child(root, "authors"), child(root, "commentList")
    if authors is None or listed is None:
        raise PartError("comments without authors or list")
    author = len(authors.children)
    name = qualified(authors.prefix, "author")
    edits = [
        append_inside(authors, raw(data, authors), f"<{name}>{AUTHOR}</{name}>".encode()),
        append_inside(listed, raw(data, listed), _listed(notes, author, listed.prefix).encode()),
    ]
    return apply(data, edits)


def new_comments(notes: Mapping[Anchor, str], strict: bool) -> bytes:
    """A comments part for a sheet that had none."""
    return (
        '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
        f'<comments xmlns="{MAIN[strict]}"><authors><author>{AUTHOR}</author></authors>'
        f"<commentList>{_listed(notes, 0, '')}</commentList></comments>"
    ).encode()


def _listed(notes: Mapping[Anchor, str], author: int, prefix: str) -> str:
    p = f"{prefix}:" if prefix else ""
    font = f'<{p}rPr><{p}sz val="9"/><{p}color indexed="81"/><{p}rFont val="宋体"/><{p}charset val="134"/></{p}rPr>'
    return "".join(
        f'<{p}comment ref={attribute(reference(anchor))} authorId="{author}"><{p}text><{p}r>{font}'
        f'<{p}t xml:space="preserve">{text(words)}</{p}t></{p}r></{p}text></{p}comment>'
        for anchor, words in sorted(notes.items())
    )


def blocks(drawings: list[bytes]) -> int:
    """A block of 1,024 shape numbers that no drawing of the workbook uses."""
    used = [0]
    for data in drawings:
        for listed in re.findall(rb"idmap[^>]*\sdata=[\"']([\d,\s]+)[\"']", data):
            used += [int(n) for n in listed.split(b",") if n.strip()]
        used += [int(n) >> 10 for n in re.findall(rb"_x0000_s(\d+)", data)]
    return max(used) + 1


def new_drawing(notes: Mapping[Anchor, str], grid: Grid, block: int) -> bytes:
    """A drawing with the notes' boxes, for a sheet that had none."""
    blocks_ = ",".join(str(block + n) for n in range(_blocks_needed(notes)))
    return (_VML_HEAD % blocks_ + _SHAPE_TYPE + _shapes(notes, grid, block) + "</xml>").encode()


def add_boxes(data: bytes, notes: Mapping[Anchor, str], grid: Grid, block: int) -> bytes:
    """A sheet's drawing with the notes' boxes after what is in it. It need not be well-formed XML: Excel's is not."""
    end = data.rfind(b"</xml>")
    if end < 0:
        raise PartError("a drawing without its end")
    head = data[:end]
    kind = "" if re.search(rb"shapetype[^>]*\sid=[\"']_x0000_t202[\"']", head) else _SHAPE_TYPE
    added = _bound(kind + _shapes(notes, grid, block), head)
    for n in range(_blocks_needed(notes)):
        head = re.sub(rb"(idmap[^>]*\sdata=[\"'])([\d,\s]+)", rb"\g<1>\g<2>,%d" % (block + n), head, count=1)
    return head + added.encode() + data[end:]


def _bound(shapes: str, head: bytes) -> str:
    """Shapes that say what their prefixes mean, where the drawing's root does not: not all programs name them so."""
    root = re.search(rb"<xml\b[^>]*>", head)
    lacking = [p for p in _NAMESPACES if root is None or f"xmlns:{p}=".encode() not in root[0]]
    names = "".join(f" xmlns:{p}={attribute(_NAMESPACES[p])}" for p in lacking)
    return re.sub(r"<v:(shapetype|shape) ", rf"<v:\1{names} ", shapes) if names else shapes


def _blocks_needed(notes: Mapping[Anchor, str]) -> int:
    return 1 + len(notes) // 1023


def _shapes(notes: Mapping[Anchor, str], grid: Grid, block: int) -> str:
    return "".join(
        _shape(anchor, box_height(words), grid, (block << 10) + n)
        for n, (anchor, words) in enumerate(sorted(notes.items()), start=1)
    )


def box_height(words: str) -> int:
    """How high a note's box is, for all of it to be read.

    Units: pixels.
    """
    lines = sum(
        max(1, math.ceil(sum(1 + (ord(c) > 0x2E7F) for c in line) / _LETTERS_A_LINE)) for line in words.split("\n")
    )
    return min(max(LEAST, lines * _LINE + 16), MOST)


def _shape(anchor: Anchor, height: int, grid: Grid, number: int) -> str:
    """A note's box beside its cell, as wide and as high as it needs whatever the cells are."""
    row, column = anchor[0] - 1, anchor[1]
    right, right_rest = _walk(grid.width, column + 1, 12 + WIDTH)
    top = max(row - 1, 0)
    bottom, bottom_rest = _walk(lambda r: grid.height(r + 1), top, 8 + height)
    places = f"{column + 1}, 12, {top}, 8, {right}, {right_rest}, {bottom}, {bottom_rest}"
    return (
        f'<v:shape id="_x0000_s{number}" type="#_x0000_t202" style="position:absolute;margin-left:80pt;margin-top:2pt;'
        f'width:{WIDTH * 3 // 4}pt;height:{height * 3 // 4}pt;z-index:1;visibility:hidden" fillcolor="#ffffe1" '
        'o:insetmode="auto"><v:fill color2="#ffffe1"/><v:shadow on="t" color="black" obscured="t"/>'
        '<v:path o:connecttype="none"/><v:textbox style="mso-direction-alt:auto"><div style="text-align:left"></div>'
        f'</v:textbox><x:ClientData ObjectType="Note"><x:Anchor>{places}</x:Anchor><x:AutoFill>False</x:AutoFill>'
        f"<x:Row>{row}</x:Row><x:Column>{column}</x:Column></x:ClientData></v:shape>"
    )


def _walk(size: Callable[[int], int], start: int, distance: int) -> tuple[int, int]:
    """The cell that lies so many pixels on, and the rest inside it."""
    at = start
    while distance > size(at) and at < start + 400:
        distance -= size(at)
        at += 1
    return at, distance
