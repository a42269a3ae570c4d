"""What was handed in, what was recognised, and what was set aside and why."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from auditkit.model import Issue
from auditkit.read.books.entries import Book
from auditkit.read.headers import Header
from auditkit.read.sheets import Part
from auditkit.schema import tables


@dataclass(frozen=True, slots=True)
class Aside:
    """A row, or a whole sheet (row 0), that is no data, and what it was taken for."""

    file: str
    sheet: str
    row: int
    kind: str
    text: str


@dataclass(frozen=True, slots=True)
class Unread:
    """A sheet on which no table was recognised, the nearest one, and a [map] for case.toml to settle it."""

    file: str
    sheet: str
    rows: int
    nearest: Header | None = None
    tied: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """The sheet as [map] names it."""
        return f"{self.file}#{self.sheet}" if self.sheet else self.file

    def proposal(self) -> str:
        """The [map] to copy into case.toml, to be completed or to be turned off."""
        lines = [f"[map.{_quoted(self.name)}]"]
        if self.nearest is None:
            return "\n".join([*lines, "read = false"])
        header = self.nearest
        candidates = "、".join(tables()[t].zh for t in self.tied) or tables()[header.table].zh
        known = {j: name for name, j in header.columns.items()}
        pairs = [f"{_quoted(title)} = {_quoted(known.get(j, ''))}" for j, title in sorted(header.titles.items())]
        return "\n".join(
            [
                *lines,
                f"# {candidates}",
                f'table = "{header.table}"',
                f"header = {header.first + 1}",
                f"columns = {{ {', '.join(pairs)} }}",
                *(f"# constants.{name} = " for name in header.missing),
            ]
        )


def _quoted(text: str) -> str:
    cleaned = " ".join(text.split())
    return '"' + cleaned.replace("\\", "\\\\").replace('"', '\\"') + '"'


@dataclass(frozen=True, slots=True)
class Hidden:
    """What is not shown when the file is opened: a whole sheet, or rows and columns of it; it is read all the same."""

    file: str
    sheet: str
    whole: bool
    rows: tuple[int, ...] = ()
    columns: tuple[str, ...] = ()


@dataclass(frozen=True)
class Intake:
    """The intake of a case: its files by name, the tables read, everything set aside."""

    files: Mapping[str, Path]
    parts: Sequence[Part] = ()
    aside: Sequence[Aside] = ()
    unread: Sequence[Unread] = ()
    hidden: Sequence[Hidden] = ()
    issues: Sequence[Issue] = field(default_factory=tuple[Issue, ...])
    books: Sequence[Book] = ()

    @property
    def in_doubt(self) -> bool:
        """Whether anything handed in is in doubt: an issue, or a row of which a must is missing."""
        return bool(self.issues) or any((p.frame["doubt"] != "").any() for p in self.parts)
