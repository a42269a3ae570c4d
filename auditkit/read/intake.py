"""What was handed in, what was recognised, and what was set aside and why."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from auditkit.model import Issue
from auditkit.read.headers import Header
from auditkit.read.sheets import Part


@dataclass(frozen=True, slots=True)
class Aside:
    """A row, or a whole sheet, that is no data, and what it was taken for."""

    file: str
    sheet: str
    row: int
    kind: str
    text: str


@dataclass(frozen=True, slots=True)
class Unread:
    """A sheet on which no table was recognised, and the nearest one."""

    file: str
    sheet: str
    rows: int
    nearest: Header | None = None
    tied: tuple[str, ...] = ()


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
