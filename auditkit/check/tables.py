"""The input contract in pandas: which rows of the books do not keep what their table expects."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt
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
    cells = {str(name): _cells(frame[name]) for name in frame.columns}
    found: dict[Expectation, list[int]] = {}
    for expectation in expectations(table):
        wrong = _wrong(expectation, frame, cells)
        if wrong is not None and wrong.any():
            found[expectation] = [int(n) for n in wrong.nonzero()[0]]
    return found


Array = npt.NDArray[Any]
Cells = tuple[Array, Array]
"""Values, and which of them hold something."""


def _cells(column: pd.Series[Any]) -> Cells:
    if pd.api.types.is_datetime64_any_dtype(column):
        days = column.to_numpy()
        return days, ~np.isnat(days)
    if pd.api.types.is_numeric_dtype(column) and str(column.dtype) != "boolean":
        numbers = column.to_numpy("float64", na_value=np.nan)
        return numbers, ~np.isnan(numbers)
    values = column.fillna("").to_numpy("object") if str(column.dtype) == "str" else column.to_numpy("object")
    held = ~pd.isna(values)
    held[held] = values[held] != ""
    return values, held


def _wrong(expectation: Expectation, frame: pd.DataFrame, cells: Mapping[str, Cells]) -> Array | None:
    """Which rows do not keep it; None where none could."""
    if expectation.kind == "unique":
        return _repeated(expectation, frame, cells)
    values, held = cells[expectation.columns[0]]
    if expectation.kind == "must":
        return ~held
    if expectation.kind == "one_side":
        other, filled = cells[expectation.columns[1]]
        return (held & (values != 0)) == (filled & (other != 0))
    if not held.any():
        return None
    match expectation.kind:
        case "type":
            return None if _of_type(frame[expectation.columns[0]], expectation) else held & ~_typed(values, expectation)
        case "choice":
            return held & ~pd.Index(values).isin(list(expectation.values))
        case "between":
            least, most = (np.datetime64(v) if isinstance(v, pd.Timestamp) else v for v in expectation.values)
            return held & ~((values >= least) & (values <= most))
        case "match":
            shape = re.compile(expectation.values[0])
            unlike = [v for v in set(values[held]) if not shape.match(v)]
            return held & pd.Index(values).isin(unlike) if unlike else None
        case "check_digit":
            written, reckoned = derived(expectation, frame).values()
            return (written.notna() & (written != reckoned)).to_numpy()
        case _:
            other, filled = cells[expectation.columns[1]]
            return held & filled & (values > other)


def _repeated(expectation: Expectation, frame: pd.DataFrame, cells: Mapping[str, Cells]) -> Array:
    named = np.ones(len(frame), dtype=bool)
    for column in ids(expectation):
        named &= cells[column][1]
    again = np.zeros(len(frame), dtype=bool)
    again[named] = frame.loc[named, [CASE, *expectation.columns]].duplicated(keep=False).to_numpy()
    return again


def _of_type(column: pd.Series[Any], expectation: Expectation) -> bool:
    return str(column.dtype) == {"str": "str", "int": "Int64"}[expectation.values[0]]


def _typed(values: Array, expectation: Expectation) -> Array:
    kind = {"str": str, "int": int}[expectation.values[0]]
    return np.fromiter((isinstance(v, kind) and not isinstance(v, bool) for v in values), bool, len(values))


def report(
    county: Mapping[str, Books], frames: Mapping[str, pd.DataFrame], found: Mapping[str, Failures]
) -> dict[str, tuple[Issue, ...]]:
    """Failures as issues of their compound, by table and row; what reading has said is not said again."""
    issues: dict[str, list[Issue]] = {case: [] for case in county}
    said = {
        (i.table, i.file, i.sheet, i.row, column)
        for books in county.values() for i in books.issues for column in i.column.split("、")
    }  # fmt: skip
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
