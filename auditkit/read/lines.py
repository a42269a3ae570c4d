"""Text files: their encoding, their delimiter, their cells."""

from __future__ import annotations

import codecs
import csv
import io
from collections.abc import Iterator, Sequence
from typing import Any, Final, overload

_MARKS: Final = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
_DELIMITERS: Final = (",", "\t", ";", "|", "，")
_LOOKED_AT: Final = 200
_HEAD: Final = 400
LARGE: Final = 4 << 20
"""A text of fewer letters is cut into cells at once."""


def decode(data: bytes) -> tuple[str, str]:
    """The text of a file and its encoding, strictly: the mark at its head, UTF-8, GB18030; ("", "") where none fits."""
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            try:
                return data.decode(encoding), encoding
            except UnicodeDecodeError:
                return "", ""
    zeros = data[:2000].count(0)
    if zeros:
        encoding = "utf-16-le" if data[1:2000:2].count(0) > data[0:2000:2].count(0) else "utf-16-be"
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            return "", ""
        return (text, encoding) if "\0" not in text else ("", "")
    for encoding in ("utf-8", "gb18030"):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        return ("", "") if "\0" in text else (text, encoding)
    return "", ""


def delimiter_of(text: str) -> str:
    """The mark between cells: the one that cuts most lines into one and the same number of cells."""
    lines = [line for line in text[:200_000].splitlines()[:_LOOKED_AT] if line.strip()]

    def regular(mark: str) -> tuple[int, int]:
        try:
            counts = [len(row) for row in csv.reader(lines, delimiter=mark)]
        except csv.Error:
            return (0, 0)
        several = [n for n in counts if n > 1]
        if not several:
            return (0, 0)
        usual = max(set(several), key=several.count)
        return (several.count(usual) * min(usual, 4), -_DELIMITERS.index(mark))

    best = max(_DELIMITERS, key=regular)
    return best if regular(best)[0] else ","


def read_lines(text: str) -> list[list[Any]]:
    """The cells of a delimited text; row n is its n-th record, blank lines counted.

    A quotation mark that is never closed must not swallow what follows: then quotation marks are letters.
    """
    mark = delimiter_of(text)
    csv.field_size_limit(1 << 20)
    try:
        rows: list[list[Any]] = list(csv.reader(io.StringIO(text, newline=""), delimiter=mark))
        if not any("\n" in cell and cell.count("\n") > 20 for row in rows for cell in row):
            return rows
    except csv.Error:
        pass
    return [line.split(mark) for line in text.splitlines()]


class LargeText(Sequence[Sequence[Any]]):
    """The rows of a large text: its head at once, all of them when they are asked for.

    Shape: `data` is the text in UTF-8, without its mark.
    """

    def __init__(self, text: str, data: bytes = b"") -> None:
        self.text = text
        self.data = data or text.encode("utf-8")
        self._head = read_lines("\n".join(text[: 1 << 18].splitlines()[:_HEAD]))
        self._all: list[list[Any]] | None = None

    def _whole(self) -> list[list[Any]]:
        if self._all is None:
            self._all = read_lines(self.text)
        return self._all

    def __len__(self) -> int:
        return len(self._whole())

    @overload
    def __getitem__(self, at: int) -> Sequence[Any]: ...

    @overload
    def __getitem__(self, at: slice) -> Sequence[Sequence[Any]]: ...

    def __getitem__(self, at: int | slice) -> Any:
        stop = at.stop if isinstance(at, slice) else at
        if self._all is None and stop is not None and 0 <= stop < len(self._head) - 1:
            return self._head[at]
        return self._whole()[at]

    def __bool__(self) -> bool:
        return True

    def __iter__(self) -> Iterator[Sequence[Any]]:
        return iter(self._whole())

    @property
    def head(self) -> list[list[Any]]:
        """The first rows."""
        return self._head
