"""What each table must hold: generated from the schema and contract.toml, one specification for both engines."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any, Final

import pandas as pd

from auditkit.model import Issue
from auditkit.money import yuan
from auditkit.schema import DTYPES, Table, tables

CODES: Final = {
    "must": "Q41", "type": "Q42", "choice": "Q43", "between": "Q44", "match": "Q45", "check_digit": "Q46",
    "unique": "Q47", "order": "Q48", "one_side": "Q49",
}  # fmt: skip
DATES: Final = (pd.Timestamp(1990, 1, 1), pd.Timestamp(2100, 12, 31, 23, 59, 59))
CASE: Final = "case"
"""The column that tells the compounds apart where the rows of many stand in one frame."""
_USCC: Final = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_RANGES: Final = {"ratio": (0, 1), "count": (0, 1_000_000_000), "number": (0, 1_000_000_000)}
_KINDS: Final = {"str": "str", "Int64": "int"}


@dataclass(frozen=True, slots=True)
class Expectation:
    """One thing that every row of a table must keep."""

    table: str
    kind: str
    columns: tuple[str, ...]
    values: tuple[Any, ...] = ()
    """Choices; least and most; a pattern and its name; the Python type."""

    @property
    def derived(self) -> str:
        """The name of the column that is reckoned for it."""
        return f"{self.kind}:{','.join(self.columns)}"


@cache
def contract() -> dict[str, Any]:
    """contract.toml as it stands."""
    text = resources.files("auditkit").joinpath("data", "contract.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


@cache
def expectations(table: str) -> tuple[Expectation, ...]:
    """All expectations of a table, those of its columns first."""
    return (*_of_columns(tables()[table]), *_of_rows(table))


def _of_columns(table: Table) -> Iterator[Expectation]:
    ranges, patterns = contract()["between"], contract()["match"]
    for column in table.columns:
        at, one = f"{table.name}.{column.name}", (column.name,)
        if column.must:
            yield Expectation(table.name, "must", one)
        if kind := _KINDS.get(DTYPES[column.type]):
            yield Expectation(table.name, "type", one, (kind,))
        if column.choices:
            yield Expectation(table.name, "choice", one, column.choices)
        if DTYPES[column.type].startswith("datetime"):
            yield Expectation(table.name, "between", one, DATES)
        elif at in ranges or column.type in _RANGES:
            yield Expectation(table.name, "between", one, tuple(ranges.get(at, _RANGES.get(column.type))))
        if at in patterns:
            pattern = patterns[at]["pattern"]
            pattern = contract()["plate"]["pattern"] if pattern == "PLATE" else pattern
            yield Expectation(table.name, "match", one, (f"^(?:{pattern})$", patterns[at]["zh"]))
        if at in contract()["check_digit"]["columns"]:
            yield Expectation(table.name, "check_digit", one)


def _of_rows(table: str) -> Iterator[Expectation]:
    if table in contract()["unique"]:
        yield Expectation(table, "unique", tuple(contract()["unique"][table]))
    for pair in contract()["order"].get(table, ()):
        yield Expectation(table, "order", tuple(pair))
    if table in contract()["one_side"]:
        yield Expectation(table, "one_side", tuple(contract()["one_side"][table]))


def ids(expectation: Expectation) -> tuple[str, ...]:
    """The ids among its columns: a row without one is not named, and so no duplicate."""
    spec = tables()[expectation.table]
    return tuple(c for c in expectation.columns if spec.column(c).type == "id")


def check_character(code: str) -> str:
    """The last character that a unified social credit code must have, from its first seventeen.

    Source: GB 32100-2015, modulo 31 with weights of powers of three.
    """
    total = sum(_USCC.index(c) * pow(3, i, 31) for i, c in enumerate(code[:17]))
    return _USCC[(31 - total % 31) % 31]


def derived(expectation: Expectation, frame: pd.DataFrame) -> dict[str, pd.Series[Any]]:
    """The columns that are reckoned from a frame for one expectation: keys, check characters, filled sides."""
    name = expectation.derived
    match expectation.kind:
        case "unique":
            key = frame[CASE].astype("str")
            for column in expectation.columns:
                key = key + "\x1f" + frame[column].astype("object").map(str)
            unnamed = (frame[list(ids(expectation))] == "").any(axis=1)
            return {name: key.astype("object").mask(unnamed, None)}
        case "check_digit":
            codes: list[str] = frame[expectation.columns[0]].astype("object").to_list()
            well_formed = [len(c) == 18 and set(c) <= set(_USCC) for c in codes]
            pairs = list(zip(codes, well_formed, strict=True))
            return {
                f"{name}:written": pd.Series([c[17] if ok else None for c, ok in pairs], frame.index, "object"),
                f"{name}:reckoned": pd.Series(
                    [check_character(c) if ok else None for c, ok in pairs], frame.index, "object"
                ),
            }
        case "one_side":
            filled = {c: frame[c].fillna(0).ne(0).astype("int64") for c in expectation.columns}
            return {f"{name}:{c}": values for c, values in filled.items()}
        case _:
            return {}


def issue(expectation: Expectation, row: pd.Series[Any]) -> Issue:
    """What the expectation says of a row that does not keep it."""
    spec = tables()[expectation.table]
    zh = [spec.column(c).zh for c in expectation.columns]
    said = [_shown(spec.column(c).type, row[c]) for c in expectation.columns]
    text, english = _words(expectation, zh, said)
    return Issue(
        CODES[expectation.kind], text, english, expectation.table, str(row["file"]), str(row["sheet"]), int(row["row"]),
        "、".join(zh), "、".join(said),
    )  # fmt: skip


def _shown(kind: str, value: Any) -> str:
    if value is None or value is pd.NA or value is pd.NaT or value != value:
        return ""
    if kind == "money" and isinstance(value, int | float):
        return yuan(int(value))
    if kind == "date" and isinstance(value, pd.Timestamp):
        return f"{value:%Y-%m-%d}"
    return str(value)


def _words(expectation: Expectation, zh: list[str], said: list[str]) -> tuple[str, str]:
    names = ", ".join(expectation.columns)
    match expectation.kind:
        case "must":
            return f"“{zh[0]}”必填而为空", f"{names} must not be blank"
        case "type":
            return f"“{zh[0]}”的类型不对", f"{names} has the wrong type"
        case "choice":
            return f"“{zh[0]}”为“{said[0]}”，不在可选值之中", f"{names} is not one of its choices"
        case "between":
            return f"“{zh[0]}”为“{said[0]}”，超出合理范围，请核对单位和位数", f"{names} is out of range"
        case "match":
            return f"“{zh[0]}”为“{said[0]}”，不像{expectation.values[1]}", f"{names} does not look like one"
        case "check_digit":
            return f"“{zh[0]}”为“{said[0]}”，末位校验码不符，请核对是否抄错", f"{names}: wrong check character"
        case "unique":
            what = "、".join(zh) or tables()[expectation.table].zh
            return f"“{what}”重复：{'、'.join(said) or '应只有一行'}", f"more than one row has this {names or 'table'}"
        case "order":
            return f"“{zh[0]}”（{said[0]}）大于“{zh[1]}”（{said[1]}）", f"{names} are the wrong way round"
        case _:
            return f"“{zh[0]}”与“{zh[1]}”应当恰有一项有金额", f"exactly one of {names} must hold an amount"
