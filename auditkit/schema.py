"""What a table is: the columns of tables.toml, their types, choices and the words people use for them."""

from __future__ import annotations

import tomllib
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any, Final

import pandas as pd

from auditkit.model import DOUBT

pd.set_option("mode.string_storage", "python")  # a third faster than Arrow on small tables: docs/decisions/0090

PUBLIC_ACCOUNTS: Final = ("公共收益专户", "监管账户", "共管账户", "微信商户", "支付宝商户")
"""Account kinds that hold public money (matching.md)."""

TEXT_LIKE: Final = ("text", "id", "choice", "month", "list")
DTYPES: Final[Mapping[str, str]] = {
    **dict.fromkeys(TEXT_LIKE, "str"),
    "money": "Int64",
    "count": "Int64",
    "number": "float64",
    "ratio": "float64",
    "flag": "boolean",
    "date": "datetime64[us]",
    "datetime": "datetime64[us]",
}


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its English name in code, the Chinese header on paper, its type and choices."""

    name: str
    zh: str
    type: str
    must: bool
    choices: tuple[str, ...] = ()
    default: Any = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """One table of a case, as handed in by an auditor."""

    name: str
    zh: str
    columns: tuple[Column, ...]

    def column(self, name: str) -> Column:
        """The column of that English name.

        Raises: KeyError.
        """
        for column in self.columns:
            if column.name == name:
                return column
        raise KeyError(f"{self.name}.{name}")


def _data(name: str) -> dict[str, Any]:
    return tomllib.loads(resources.files("auditkit").joinpath("data", name).read_text(encoding="utf-8"))


@cache
def categories(kind: str) -> tuple[str, ...]:
    """The category words of one kind, «income» or «cost», in the order of tables.toml."""
    return tuple(_data("tables.toml")["categories"][kind])


@cache
def tables() -> Mapping[str, Table]:
    """All tables by English name, in the order of tables.toml."""
    found: dict[str, Table] = {}
    for name, spec in _data("tables.toml").items():
        if name == "categories":
            continue
        columns = tuple(
            Column(
                c["name"], c["zh"], c["type"], c["need"] == "must",
                _choices(c.get("choices", ())), c.get("default"), c.get("note", ""),
            )
            for c in spec["columns"]
        )  # fmt: skip
        found[name] = Table(name, spec["zh"], columns)
    return found


def _choices(spec: str | Sequence[str]) -> tuple[str, ...]:
    if not isinstance(spec, str):
        return tuple(spec)
    kinds = [kind for kind in ("income", "cost") if kind in spec.split(";")[0]]
    return tuple(word for kind in kinds for word in categories(kind))


def normal(text: str) -> str:
    """A header or word as it is compared: NFKC, lower case, without white space or punctuation around it."""
    folded = unicodedata.normalize("NFKC", text).lower()
    return "".join(c for c in folded if not c.isspace() and unicodedata.category(c) not in ("Cf", "Cc"))


@cache
def headers(table: str) -> Mapping[str, str]:
    """Normalised header word -> column name, synonyms included (vocabulary.toml)."""
    words = {normal(c.zh): c.name for c in tables()[table].columns}
    synonyms: dict[str, list[str]] = _data("vocabulary.toml")["headers"].get(table, {})
    for column, others in synonyms.items():
        tables()[table].column(column)
        for word in others:
            words.setdefault(normal(word), column)
    return words


@cache
def category_words() -> Mapping[str, str]:
    """Normalised word on paper -> category, synonyms included."""
    words = {normal(c): c for kind in ("income", "cost") for c in categories(kind)}
    synonyms: dict[str, list[str]] = _data("vocabulary.toml")["categories"]
    known = set(words.values())
    for category, others in synonyms.items():
        if category not in known:
            raise KeyError(f"vocabulary.toml: no category {category}")
        for word in others:
            words.setdefault(normal(word), category)
    return words


@cache
def choice_words(table: str, column: str) -> Mapping[str, str]:
    """Normalised word on paper -> choice of the column, synonyms included."""
    spec = tables()[table].column(column)
    words = {normal(c): c for c in spec.choices}
    if set(spec.choices) & set(category_words().values()):
        words |= {word: c for word, c in category_words().items() if c in spec.choices}
    synonyms: dict[str, list[str]] = _data("vocabulary.toml")["choices"].get(f"{table}.{column}", {})
    for choice, others in synonyms.items():
        if choice not in spec.choices:
            raise KeyError(f"vocabulary.toml: {table}.{column} has no choice {choice}")
        for word in others:
            words.setdefault(normal(word), choice)
    return words


def frame(table: str, rows: Sequence[Mapping[str, Any]] = ()) -> pd.DataFrame:
    """A typed frame of the table: rows of Python values by column name; what a row leaves out is blank.

    Shape: the table's columns, then file, sheet, row, doubt.
    Units: money in fen.
    """
    spec = tables()[table]
    data: dict[str, pd.Series[Any]] = {}
    for column in spec.columns:
        dtype = DTYPES[column.type]
        blank: Any = "" if dtype == "str" else None
        values = [blank if (v := row.get(column.name)) is None else v for row in rows]
        if dtype.startswith("datetime"):
            data[column.name] = pd.Series(pd.to_datetime(pd.Series(values, dtype="object")), dtype=dtype)
        else:
            data[column.name] = pd.Series(values, dtype=dtype)
    for place in ("file", "sheet"):
        data[place] = pd.Series([row.get(place, "") for row in rows], dtype="str")
    data["row"] = pd.Series([row.get("row", i + 2) for i, row in enumerate(rows)], dtype="int64")
    data[DOUBT] = pd.Series([row.get(DOUBT, "") for row in rows], dtype="str")
    return pd.DataFrame(data)
