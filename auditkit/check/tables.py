"""The input contract in pandas: which rows of the books do not keep what their table expects."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from auditkit.check.contract import CASE, Expectation, derived, expectations, ids, issue
from auditkit.model import Books, Issue
from auditkit.schema import tables

Failures = Mapping[Expectation, list[int]]
"""Expectation -> positions of the rows that do not keep it."""


def check_books(books: Books) -> tuple[Issue, ...]:
    """Everything in one compound's tables that the input contract does not allow."""
    return check_county({"": books})[""]


def check_county(county: Mapping[str, Books]) -> dict[str, tuple[Issue, ...]]:
    """The issues of each compound, its rows checked together with all others' of the same table."""
    frames = stacked(county)
    return report(county, frames, {name: failures(name, frame) for name, frame in frames.items()})


def stacked(county: Mapping[str, Books]) -> dict[str, pd.DataFrame]:
    """The rows of all compounds by table, each with its compound."""
    frames: dict[str, pd.DataFrame] = {}
    for name in tables():
        parts = [books[name].assign(**{CASE: case}) for case, books in county.items()]
        frames[name] = pd.concat(parts, ignore_index=True) if parts else pd.DataFrame()
    return frames


def failures(table: str, frame: pd.DataFrame) -> Failures:
    """The rows of a table that do not keep an expectation, by expectation."""
    if frame.empty:
        return {}
    found: dict[Expectation, list[int]] = {}
    for expectation in expectations(table):
        wrong = _wrong(expectation, frame).fillna(False).astype("bool").to_numpy()
        if wrong.any():
            found[expectation] = [int(n) for n in wrong.nonzero()[0]]
    return found


def _wrong(expectation: Expectation, frame: pd.DataFrame) -> pd.Series[Any]:
    first = frame[expectation.columns[0]] if expectation.columns else pd.Series(index=frame.index, dtype="object")
    held = ~blank(first)
    match expectation.kind:
        case "must":
            return ~held
        case "type":
            return held & ~_typed(first, expectation.values[0])
        case "choice":
            return held & ~first.isin(list(expectation.values))
        case "between":
            least, most = expectation.values
            return held & ~first.between(least, most)
        case "match":
            return held & ~first.str.match(expectation.values[0])
        case "check_digit":
            written, reckoned = derived(expectation, frame).values()
            return written.notna() & (written != reckoned)
        case "unique":
            named = pd.Series(True, index=frame.index)
            for column in ids(expectation):
                named &= frame[column] != ""
            return named & frame.loc[named].duplicated([CASE, *expectation.columns], keep=False)
        case "order":
            return first > frame[expectation.columns[1]]
        case _:
            one, other = derived(expectation, frame).values()
            return (one + other) != 1


def blank(column: pd.Series[Any]) -> pd.Series[bool]:
    """Cells that hold nothing: missing, or the empty text."""
    return column.isna() | (column == "").fillna(False).astype("bool")


def _typed(column: pd.Series[Any], kind: str) -> pd.Series[bool]:
    if str(column.dtype) == {"str": "str", "int": "Int64"}[kind]:
        return pd.Series(True, index=column.index)
    return column.map(lambda v: isinstance(v, str if kind == "str" else int) and not isinstance(v, bool))


def report(
    county: Mapping[str, Books], frames: Mapping[str, pd.DataFrame], found: Mapping[str, Failures]
) -> dict[str, tuple[Issue, ...]]:
    """Failures as issues of their compound, by table and row; what reading has said is not said again."""
    issues: dict[str, list[Issue]] = {case: [] for case in county}
    said = {(i.table, i.file, i.sheet, i.row, i.column) for books in county.values() for i in books.issues}
    for table, failed in found.items():
        named: list[tuple[int, str, Issue]] = []
        for expectation, positions in failed.items():
            for n in positions:
                row = frames[table].iloc[n]
                named.append((n, str(row[CASE]), issue(expectation, row)))
        for _, case, one in sorted(named, key=lambda x: (x[0], x[2].code, x[2].column)):
            if (one.table, one.file, one.sheet, one.row, one.column) not in said:
                issues[case].append(one)
    return {case: tuple(found_) for case, found_ in issues.items()}
