"""What travels through an audit: the books, the case, and what is said about them."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final, TypeVar, cast

import pandas as pd

PLACE: Final = ("file", "sheet", "row")
"""Columns every table carries beside its own: where the row stands on paper."""

DOUBT: Final = "doubt"
"""Column that names, comma-separated, the cells of the row that could not be read or are missing though a must."""

_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class Issue:
    """Something on paper that could not be taken as it stands: shown, never repaired in silence."""

    code: str
    message: str
    message_en: str = ""
    table: str = ""
    file: str = ""
    sheet: str = ""
    row: int | None = None
    column: str = ""
    value: str = ""

    def place(self) -> str:
        """file#sheet!row, as far as known."""
        text = self.file
        if self.sheet:
            text += f"#{self.sheet}"
        if self.row is not None:
            text += f"!{self.row}"
        return text


class InputError(Exception):
    """The input cannot be used at all; carries every problem found, not the first."""

    def __init__(self, issues: Sequence[Issue]) -> None:
        self.issues = tuple(issues)
        super().__init__("\n".join(f"{i.place()}: {i.message}" if i.place() else i.message for i in self.issues))


@dataclass(frozen=True, slots=True)
class Books:
    """All tables of one compound.

    Shape: one frame a table of tables.toml, with its columns in order, then file, sheet, row, doubt; sorted by
    place, index 0..n-1. Text-like cells (text, id, choice, list joined by ";", month "YYYY-MM") are never missing:
    blank is "". Money and counts are Int64 (fen), numbers and ratios float64, flags boolean, dates datetime64[us].
    `given` are the tables handed in (not given is not the same as given and empty); `columns` the columns whose
    header, or constant, was seen in each.
    Nobody mutates a frame they did not make.
    """

    tables: Mapping[str, pd.DataFrame]
    given: frozenset[str]
    columns: Mapping[str, frozenset[str]]
    issues: tuple[Issue, ...] = ()
    totals: pd.DataFrame = field(default_factory=pd.DataFrame)
    """Subtotal and total cells: columns in read.totals.COLUMNS."""
    statements: pd.DataFrame = field(default_factory=pd.DataFrame)
    """One row a bank statement: account, file, sheet, first, last (days covered), opening, closing (fen)."""
    decisions: pd.DataFrame = field(default_factory=pd.DataFrame)
    """What people decided about matches and findings: columns in read.decisions.COLUMNS."""
    county: Mapping[str, pd.DataFrame] | None = None
    """Frames of the county's other compounds in a batch; None for one compound alone."""
    _derived: dict[str, Any] = field(default_factory=dict, compare=False, repr=False)

    def __getitem__(self, table: str) -> pd.DataFrame:
        return self.tables[table]

    def has(self, need: str) -> bool:
        """Whether a table ("bank") or one of its columns ("ledger.invoice_no") was handed in."""
        table, _, column = need.partition(".")
        return table in self.given and (not column or column in self.columns.get(table, frozenset()))

    def once(self, key: str, compute: Callable[[], _T]) -> _T:
        """What several rules need is computed once: schedules, matches."""
        if key not in self._derived:
            self._derived[key] = compute()
        return cast(_T, self._derived[key])

    def compound(self, column: str) -> Any:
        """The compound's own value, or None where it is blank or the table was not given."""
        frame = self.tables["compound"]
        if frame.empty:
            return None
        value = frame[column].iloc[0]
        if pd.isna(value) or value == "":
            return None
        return value


def in_doubt(frame: pd.DataFrame, *columns: str) -> pd.Series[bool]:
    """Rows of which one of these cells (any cell, where none is named) is in doubt."""
    doubtful = frame[DOUBT] != ""
    if not columns or not doubtful.any():
        return doubtful
    pattern = "|".join(rf"(?:^|,){c}(?:,|$)" for c in columns)
    return frame[DOUBT].str.contains(pattern, regex=True)


@dataclass(frozen=True, slots=True)
class LocalNumber:
    """A local number with the text it stands in; `since` and `until` bound the days it is in force."""

    value: Any
    source: str
    since: dt.date | None = None
    until: dt.date | None = None
    confidence: str = "V"
    place: str = ""

    def in_force(self, day: dt.date) -> bool:
        """Whether it was in force on a day, both ends included."""
        return (self.since is None or self.since <= day) and (self.until is None or day <= self.until)


@dataclass(frozen=True, slots=True)
class Pack:
    """The local numbers that hold at one place: city, else province, else nation; never another place's."""

    code: str = "000000"
    name: str = "全国"
    numbers: Mapping[str, tuple[LocalNumber, ...]] = field(default_factory=dict[str, tuple[LocalNumber, ...]])
    loaded: bool = False
    """False where the place has no local numbers: «地方标准未载入»."""

    def number(self, name: str, day: dt.date | pd.Timestamp) -> LocalNumber | None:
        """The number in force on the day of the act, or None where the pack is silent."""
        when = day.date() if isinstance(day, pd.Timestamp) else day
        for number in self.numbers.get(name, ()):
            if number.value is not None and number.in_force(when):
                return number
        return None


@dataclass(frozen=True, slots=True)
class Case:
    """The parameters of one audit.

    Units: approval_threshold in fen; days inclusive.
    """

    compound_id: str
    start: pd.Timestamp
    end: pd.Timestamp
    as_of: pd.Timestamp
    pack: Pack = field(default_factory=Pack)
    window_days: int = 5
    approval_threshold: int | None = None

    def in_period(self, days: pd.Series[Any]) -> pd.Series[bool]:
        """Which dates lie in the audit period; a missing date does not."""
        return days.between(self.start, self.end)


@dataclass(frozen=True, slots=True)
class Evidence:
    """A row on paper that a finding rests on, and what it says."""

    table: str
    file: str
    sheet: str
    row: int
    note: str = ""


@dataclass(frozen=True, slots=True)
class Subject:
    """What a finding is about: the name of an id, and the id."""

    type: str
    id: str


@dataclass(frozen=True, slots=True)
class Finding:
    """One suspicion of one rule, in facts and numbers.

    Units: amounts in fen, None where the rule gives none; low = high where exact. `items` is how many of the
    rule's population it covers.
    """

    rule: str
    subject: Subject
    severity: str
    kind: str
    problem: str
    amount_low: int | None
    amount_high: int | None
    message: str
    message_en: str
    basis: tuple[str, ...]
    evidence: tuple[Evidence, ...]
    alternatives: tuple[Subject, ...] = ()
    items: int = 1

    def id(self, compound_id: str) -> str:
        """The rule and a hash of compound, rule, subject: the same from run to run."""
        key = "\x1f".join((compound_id, self.rule, self.subject.type, self.subject.id))
        return f"{self.rule}-{hashlib.sha256(key.encode()).hexdigest()[:10]}"


@dataclass(frozen=True, slots=True)
class Untested:
    """An item (or several) that could not be judged, and why."""

    subject: Subject
    reason: str
    reason_en: str
    items: int = 1


@dataclass(frozen=True, slots=True)
class Rule:
    """An audit test as the catalogue has it; `thresholds` are inclusive and stand in the manifest."""

    code: str
    name: str
    zh: str
    problem: str
    severity: str
    kind: str
    needs: tuple[str, ...]
    subject: str
    basis: tuple[str, ...] = ()
    thresholds: Mapping[str, Any] = field(default_factory=dict[str, Any])

    def finding(
        self,
        subject: Subject,
        message: str,
        message_en: str,
        evidence: Iterable[Evidence],
        *,
        amount: int | None = None,
        up_to: int | None = None,
        kind: str | None = None,
        alternatives: Iterable[Subject] = (),
        basis: Iterable[str] | None = None,
        items: int = 1,
    ) -> Finding:
        """A finding of this rule; `amount` in fen, with `up_to` where it is a range."""
        return Finding(
            self.code, subject, self.severity, kind or self.kind, self.problem,
            amount, amount if up_to is None else up_to, message, message_en,
            self.basis if basis is None else tuple(basis), tuple(evidence), tuple(alternatives), items,
        )  # fmt: skip

    def verdict(
        self, population: int, findings: Iterable[Finding] = (), untested: Iterable[Untested] = (), reason: str = ""
    ) -> Verdict:
        """The outcome on every item of the population: what is neither found nor untested has passed.

        Raises: ValueError where more is said than there are items: a bug of the rule.
        """
        found, open_ = _one_a_subject(findings), tuple(untested)
        passed = population - sum(f.items for f in found) - sum(u.items for u in open_)
        if passed < 0:
            raise ValueError(f"{self.code}: {-passed} more items judged than the population of {population} has")
        return Verdict(self, population, passed, found, open_, reason)


def _one_a_subject(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Several rows of one voucher are one finding: amounts added, evidence joined."""
    merged: dict[Subject, Finding] = {}
    for new in findings:
        old = merged.get(new.subject)
        if old is None:
            merged[new.subject] = new
            continue
        merged[new.subject] = replace(
            old,
            amount_low=_add(old.amount_low, new.amount_low),
            amount_high=_add(old.amount_high, new.amount_high),
            kind=old.kind if old.kind == new.kind else "indicator",
            message=f"{old.message}；{new.message}",
            message_en=f"{old.message_en}; {new.message_en}",
            evidence=tuple(dict.fromkeys((*old.evidence, *new.evidence))),
            alternatives=tuple(dict.fromkeys((*old.alternatives, *new.alternatives))),
            basis=tuple(dict.fromkeys((*old.basis, *new.basis))),
            items=old.items + new.items,
        )
    return tuple(merged.values())


def _add(one: int | None, other: int | None) -> int | None:
    if one is None or other is None:
        return one if other is None else other
    return one + other


@dataclass(frozen=True, slots=True)
class Verdict:
    """What one rule says of its whole population: passed + findings' items + untested items = population."""

    rule: Rule
    population: int
    passed: int
    findings: tuple[Finding, ...]
    untested: tuple[Untested, ...]
    reason: str = ""
    """Why the whole test was not made, or why nothing fell under it."""

    @property
    def found_items(self) -> int:
        """Items of the population that findings cover."""
        return sum(f.items for f in self.findings)

    @property
    def untested_items(self) -> int:
        """Items of the population that could not be judged."""
        return sum(u.items for u in self.untested)

    @property
    def state(self) -> str:
        """findings | clean | untested | partial | empty, as in findings.json."""
        if self.findings:
            return "findings"
        if self.untested:
            return "partial" if self.passed else "untested"
        if self.population:
            return "clean"
        return "untested" if self.reason else "empty"


def evidence(table: str, rows: pd.DataFrame, note: str | Iterable[str] = "") -> tuple[Evidence, ...]:
    """The rows of a table as evidence, each with its note (one for all, or one a row)."""
    notes = [note] * len(rows) if isinstance(note, str) else list(note)
    places = zip(rows["file"], rows["sheet"], rows["row"], notes, strict=True)
    return tuple(Evidence(table, file, sheet, int(row), text) for file, sheet, row, text in places)


def row_subject(rows: pd.DataFrame, column: str) -> list[Subject]:
    """The subject of each row: its own id, else file#row where the id is blank."""
    return [
        Subject(column, value) if value else Subject("row", f"{file}#{row}")
        for value, file, row in zip(rows[column], rows["file"], rows["row"], strict=True)
    ]
