"""Where things stand in a part's XML, to the byte, so that what is not meant to change does not."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final
from xml.parsers import expat
from xml.sax.saxutils import escape, quoteattr

TAG: Final = re.compile(rb"<[^<>\"']*(?:(?:\"[^\"]*\"|'[^']*')[^<>\"']*)*>")
MAIN: Final = (
    "http://schemas.openxmlformats.org/spreadsheetml/2006/main",
    "http://purl.oclc.org/ooxml/spreadsheetml/main",
)
RELATIONS: Final = (
    "http://schemas.openxmlformats.org/officeDocument/2006/relationships",
    "http://purl.oclc.org/ooxml/officeDocument/relationships",
)


class PartError(ValueError):
    """A part that cannot be patched: it declares a document type, is not UTF-8, or is not what a workbook has."""


@dataclass(slots=True)
class Span:
    """An element: its local names from the root down, attributes, and bytes.

    start: of its first tag; close: of its end tag, where it is not empty.
    """

    path: tuple[str, ...]
    attributes: Mapping[str, str]
    start: int
    prefix: str
    empty: bool = False
    """Written as one tag, <a/>."""
    close: int = 0
    children: list[Span] = field(default_factory=list["Span"])

    @property
    def name(self) -> str:
        """Its local name."""
        return self.path[-1]


def local(name: str) -> str:
    """A name without its prefix."""
    return name.rpartition(":")[2]


def parser() -> expat.XMLParserType:
    """An expat parser that refuses document types and other encodings than UTF-8."""
    made = expat.ParserCreate()

    def refuse(*_: object) -> None:
        raise PartError("a document type declaration")

    def check(_: str, encoding: str | None, __: int) -> None:
        if encoding and encoding.lower() not in ("utf-8", "utf8", "us-ascii", "ascii"):
            raise PartError(f"encoding {encoding}")

    made.StartDoctypeDeclHandler = refuse
    made.XmlDeclHandler = check
    return made


def tree(data: bytes) -> Span:
    """All elements of a small part; the root.

    Raises: expat.ExpatError, PartError.
    """
    made = parser()
    stack: list[Span] = []
    roots: list[Span] = []

    def begin(name: str, attributes: dict[str, str]) -> None:
        path = (*stack[-1].path, local(name)) if stack else (local(name),)
        start = made.CurrentByteIndex
        tag = TAG.match(data, start)
        span = Span(path, attributes, start, name.rpartition(":")[0], tag is not None and tag[0].endswith(b"/>"))
        (stack[-1].children if stack else roots).append(span)
        stack.append(span)

    def finish(_: str) -> None:
        stack.pop().close = made.CurrentByteIndex

    made.StartElementHandler = begin
    made.EndElementHandler = finish
    made.Parse(data, True)
    return roots[0]


def child(span: Span, name: str) -> Span | None:
    """The first child of that local name."""
    return next((c for c in span.children if c.name == name), None)


def raw(data: bytes, span: Span) -> bytes:
    """An element's own bytes."""
    return data[span.start : end_of(data, span)]


def end_of(data: bytes, span: Span) -> int:
    """The byte after an element."""
    tag = TAG.match(data, span.start if span.empty else span.close)
    if tag is None:
        raise PartError(f"no tag at byte {span.close}")
    return tag.end()


def qualified(prefix: str, name: str) -> str:
    """A name with the prefix that the part uses."""
    return f"{prefix}:{name}" if prefix else name


def set_attribute(tag: bytes, name: str, value: str) -> bytes:
    """A start tag with an attribute set."""
    pattern = re.compile(rb"(\s" + re.escape(name.encode()) + rb"\s*=\s*)(\"[^\"]*\"|'[^']*')")
    new = quoteattr(value).encode()
    if pattern.search(tag):
        return pattern.sub(lambda m: m[1] + new, tag, count=1)
    cut = len(tag) - (2 if tag.endswith(b"/>") else 1)
    return tag[:cut].rstrip() + b" " + name.encode() + b"=" + new + tag[cut:]


def append_inside(span: Span, tag: bytes, content: bytes) -> tuple[int, int, bytes]:
    """The edit that puts content at the end of an element: offset, bytes replaced, new bytes.

    `tag` are the element's bytes where it is written as one tag.
    """
    if not span.empty:
        return span.close, 0, content
    name = qualified(span.prefix, span.name).encode()
    return span.start, len(tag), tag[:-2].rstrip() + b">" + content + b"</" + name + b">"


def apply(data: bytes, edits: Iterable[tuple[int, int, bytes]]) -> bytes:
    """Edits of a part that is whole in memory."""
    return b"".join(splice([data], edits))


def splice(pieces: Iterable[bytes], edits: Iterable[tuple[int, int, bytes]]) -> Iterator[bytes]:
    """Edits (offset, bytes replaced, new bytes) laid on a part that comes piece by piece."""
    at, kept, skip = 0, b"", 0
    ordered = iter(sorted(edits, key=lambda e: e[0]))
    coming = next(ordered, None)
    for piece in pieces:
        kept += piece
        while True:
            if skip:
                gone = min(skip, len(kept))
                kept, at, skip = kept[gone:], at + gone, skip - gone
                if skip:
                    break
            if coming is None or coming[0] > at + len(kept):
                break
            cut = coming[0] - at
            yield kept[:cut]
            yield coming[2]
            kept, at, skip = kept[cut:], at + cut, coming[1]
            coming = next(ordered, None)
        if kept:
            yield kept
            at, kept = at + len(kept), b""
    while coming is not None:
        yield coming[2]
        coming = next(ordered, None)


def text(value: str) -> str:
    """A value as XML text; what XML cannot carry is left out."""
    return escape(re.sub(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]", "", value))


def attribute(value: str) -> str:
    """A value as a quoted XML attribute."""
    return quoteattr(re.sub(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]", "", value))
