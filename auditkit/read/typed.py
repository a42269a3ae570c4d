"""Raw cells under known headers become typed rows; what cannot be read becomes an issue and a doubt."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, cast

import numpy as np
import pandas as pd

from auditkit.model import DOUBT, Issue
from auditkit.read.plain import plain_values
from auditkit.read.values import PLAIN, Context, Reading, UnreadableError, parse_cell, read_cell
from auditkit.schema import DTYPES, Column, Table, tables

Cells = Sequence[Any]
_BOUNDS: Final = (np.datetime64("1950-01-01"), np.datetime64("2101-01-01"))
_KINDS: Final = {
    "money": "an amount", "count": "a whole number", "number": "a number", "ratio": "a ratio", "flag": "yes or no",
    "date": "a date", "datetime": "a date and time", "month": "a month", "choice": "one of the choices",
    "list": "a list of ids", "id": "an id", "text": "a text",
}  # fmt: skip
_FILLED: Final = {("bank", "credit"): 0, ("bank", "debit"): 0}
"""Musts of which one may be blank, and what blank then is."""


@dataclass
class Typed:
    """One column, typed: its values by position, which are blank, which could not be read and why, and notes."""

    values: Any
    blank: np.ndarray[Any, np.dtype[np.bool_]]
    bad: dict[int, str] = field(default_factory=dict[int, str])
    notes: dict[int, Reading] = field(default_factory=dict[int, Reading])


@dataclass(frozen=True)
class Raw:
    """Rows of a table as they stand on paper.

    Shape: `cells` column name -> one raw cell a row; `rows` the row numbers that Excel shows; `contexts` and `titles`
    (the header as on paper) by column; `formats` the number format of a row's cell, where the file keeps them.
    """

    table: str
    cells: Mapping[str, Cells]
    files: Sequence[str] | str
    sheets: Sequence[str] | str
    rows: Sequence[int]
    contexts: Mapping[str, Context] = field(default_factory=dict[str, Context])
    titles: Mapping[str, str] = field(default_factory=dict[str, str])
    formats: Callable[[str, int], str] | None = None


def type_rows(table: str, rows: Sequence[Mapping[str, Any]]) -> tuple[pd.DataFrame, list[Issue]]:
    """Rows of raw cells by column name, each with file, sheet, row -> the table's frame and its issues."""
    names = [c.name for c in tables()[table].columns]
    cells = {name: [row.get(name) for row in rows] for name in names if any(name in row for row in rows)}
    places = [[row[place] for row in rows] for place in ("file", "sheet", "row")]
    return type_raw(Raw(table, cells, places[0], places[1], places[2]))


def type_raw(raw: Raw) -> tuple[pd.DataFrame, list[Issue]]:
    """Types every column of a table; a cell that cannot be read leaves its row in doubt and says so."""
    spec, count = tables()[raw.table], len(raw.rows)
    typed: dict[str, Typed] = {}
    for column in spec.columns:
        cells = raw.cells.get(column.name)
        context = raw.contexts.get(column.name, PLAIN)
        if cells is None:
            typed[column.name] = Typed([None] * count, np.ones(count, dtype=bool))
        else:
            typed[column.name] = type_column(raw.table, column, cells, context, _formats(raw, column.name))
    _tell_other(spec, typed)
    frame = _frame(spec, typed, raw)
    return frame, _issues(spec, typed, raw)


def _formats(raw: Raw, name: str) -> Callable[[int], str] | None:
    formats = raw.formats
    return None if formats is None else lambda at: formats(name, at)


def type_column(
    table: str, column: Column, cells: Cells, context: Context, format_of: Callable[[int], str] | None
) -> Typed:
    """One column's cells, each different one read once."""
    quick = _quickly(column, cells, context, format_of)
    if quick is not None:
        return quick
    keys: Sequence[Any] = cells
    kinds = set(map(type, cells))
    if column.type in ("month", "ratio", "money") and format_of is not None and kinds & {float, int}:
        keys = [(c, format_of(i)) if isinstance(c, int | float) else c for i, c in enumerate(cells)]
    elif bool in kinds:
        keys = [(c, "") if isinstance(c, bool) else c for c in cells]
    codes: dict[Any, int] = {key: n for n, key in enumerate(dict.fromkeys(keys))}
    at = np.fromiter(map(codes.__getitem__, keys), dtype=np.int64, count=len(cells))
    values: list[Any] = []
    bad, notes = dict[int, str](), dict[int, Reading]()
    plain = plain_values(column, context.unit, codes)
    for n, key in enumerate(codes):
        if key in plain:
            values.append(plain[key])
            continue
        cell, number_format = key if isinstance(key, tuple) else (key, "")
        try:
            reading = read_cell(table, column, cell, context, number_format)
        except UnreadableError as error:
            bad[n] = str(error)
            values.append(None)
            continue
        if reading.note:
            notes[n] = reading
        values.append(reading.value)
    blank = np.fromiter((v is None for v in values), dtype=bool, count=len(values))
    for n in bad:
        blank[n] = False
    one = Typed(_take(values, at), blank[at])
    for n in (*bad, *notes):
        for row in np.flatnonzero(at == n).tolist():
            if n in bad:
                one.bad[row] = bad[n]
            else:
                one.notes[row] = notes[n]
    return one


def _take(values: list[Any], at: np.ndarray[Any, np.dtype[np.int64]]) -> Any:
    several = np.empty(len(values), dtype=object)
    several[:] = values
    return several[at]


def _bare(cells: Cells, format_of: Callable[[int], str] | None) -> bool:
    """Whether no number format says anything of a column's cells."""
    return format_of is None or not any(map(format_of, range(len(cells))))


def _quickly(column: Column, cells: Cells, context: Context, format_of: Callable[[int], str] | None) -> Typed | None:
    """Numbers that are whole fen as stored and days that are stored as days, all at once; None where one is odd."""
    kinds = set(map(type, cells))
    if (
        column.type == "money"
        and context.unit == "元"
        and _bare(cells, format_of)
        and kinds <= {float, str, type(None)}
    ):
        numbers = np.array([c if c.__class__ is float else np.nan for c in cells], dtype=np.float64)
        blank = np.isnan(numbers)
        if kinds != {float} and any(c.__class__ is str and c for c in cells):
            return None
        whole = np.rint(np.where(blank, 0.0, numbers) * 100)
        if bool(np.any(np.abs(whole) >= 2**52)) or bool(np.any((whole / 100 != numbers) & ~blank)):
            return None
        return Typed(whole.astype(np.int64), blank)
    if column.type in ("date", "datetime") and kinds <= {dt.date, dt.datetime, str, type(None)}:
        if str in kinds and any(c.__class__ is str and c for c in cells):
            return None
        days = np.array([c or None for c in cells], dtype="datetime64[us]")
        blank = np.isnat(days)
        if not bool(np.all(((days >= _BOUNDS[0]) & (days < _BOUNDS[1])) | blank)):
            return None
        if column.type == "date":
            days = days.astype("datetime64[D]").astype("datetime64[us]")
        else:
            days = days.astype("datetime64[s]").astype("datetime64[us]")
        return Typed(days, blank)
    return None


def _tell_other(spec: Table, typed: dict[str, Typed]) -> None:
    """«其他» alone is of the row's direction: 其他收入 or 其他支出."""
    category, direction = typed.get("category"), typed.get("direction")
    if category is None or direction is None:
        return
    values: list[Any] = list(category.values)
    for row in [n for n, value in enumerate(values) if value == "其他"]:
        side = direction.values[row]
        if side in ("收入", "支出"):
            values[row] = f"其他{side}"
        else:
            values[row] = None
            category.bad[row] = "类别，只写了“其他”而没有收支方向"
    category.values = values


def _frame(spec: Table, typed: Mapping[str, Typed], raw: Raw) -> pd.DataFrame:
    data: dict[str, Any] = {}
    for column in spec.columns:
        one, default = typed[column.name], column.default
        fill = _FILLED.get((spec.name, column.name))
        if default is not None:
            fill = parse_cell(spec.name, column, default)
        data[column.name] = _array(column, one, fill)
    count = len(raw.rows)
    data["file"] = pd.array(_all(raw.files, count), dtype="str")
    data["sheet"] = pd.array(_all(raw.sheets, count), dtype="str")
    data["row"] = np.asarray(raw.rows, dtype=np.int64)
    data[DOUBT] = pd.array(_doubts(spec, typed, count), dtype="str")
    return pd.DataFrame(data)


def _all(value: Sequence[str] | str, count: int) -> list[str]:
    return [value] * count if isinstance(value, str) else list(value)


def _array(column: Column, one: Typed, fill: Any) -> Any:
    """The column as its dtype; a cell that could not be read is blank, and is not filled with a default."""
    dtype = DTYPES[column.type]
    unread = np.zeros(len(one.blank), dtype=bool)
    unread[list(one.bad)] = True
    missing = one.blank | unread
    if dtype == "Int64" and isinstance(one.values, np.ndarray) and one.values.dtype == np.int64:
        numbers = np.where(missing, 0, one.values)
        if fill is not None:
            numbers, missing = np.where(one.blank, fill, numbers), unread
        return pd.arrays.IntegerArray(numbers, missing.copy())
    if dtype.startswith("datetime") and isinstance(one.values, np.ndarray) and one.values.dtype.kind == "M":
        return pd.array(one.values, dtype=cast(Any, dtype))
    values = list(one.values)
    if fill is not None:
        values = [fill if b else v for v, b in zip(values, one.blank, strict=True)]
    if dtype == "str":
        return pd.array(["" if v is None else v for v in values], dtype="str")
    if dtype == "float64":
        return np.array([np.nan if v is None else v for v in values], dtype=np.float64)
    if dtype.startswith("datetime"):
        return pd.array(np.array(values, dtype="datetime64[us]"), dtype=cast(Any, dtype))
    return pd.array(values, dtype=cast(Any, dtype))


def _doubts(spec: Table, typed: Mapping[str, Typed], count: int) -> list[str]:
    doubts: list[list[str]] = [[] for _ in range(count)]
    for column in spec.columns:
        one = typed[column.name]
        rows = set(one.bad)
        if column.must and (spec.name, column.name) not in _FILLED:
            rows |= set(np.flatnonzero(one.blank).tolist())
        for row in rows:
            doubts[row].append(column.name)
    return [",".join(several) for several in doubts]


def _issues(spec: Table, typed: Mapping[str, Typed], raw: Raw) -> list[Issue]:
    """What was said of single cells; a cell of the paper that feeds several columns is named once."""
    found: dict[tuple[int, str, str, str], list[Column]] = {}
    english: dict[tuple[int, str, str, str], str] = {}
    for column in spec.columns:
        one, cells = typed[column.name], raw.cells.get(column.name)
        if cells is None:
            continue
        title = raw.titles.get(column.name) or column.zh
        said: list[tuple[int, str, str, str]] = []
        for row, why in one.bad.items():
            if column.choices:
                said.append((row, "Q08", f"“{title}”不在已知的词之中：应为{why}", "not one of the known words"))
            else:
                said.append((row, "Q03", f"“{title}”无法读取：应为{why}", f"cannot be read as {_KINDS[column.type]}"))
        said += [(row, r.code, f"“{title}”{r.note}", r.note_en) for row, r in one.notes.items()]
        for row, code, text, text_en in said:
            key = (row, code, text, shown(cells[row]))
            found.setdefault(key, []).append(column)
            english[key] = text_en
    files, sheets = _all(raw.files, len(raw.rows)), _all(raw.sheets, len(raw.rows))
    return [
        Issue(code, text, english[row, code, text, value], spec.name, files[row], sheets[row], int(raw.rows[row]),
              "、".join(c.zh for c in columns), value)
        for (row, code, text, value), columns in sorted(found.items(), key=lambda f: f[0][0])
    ]  # fmt: skip


def shown(cell: Any) -> str:
    """A raw cell as it is quoted in an issue."""
    if cell is None:
        return ""
    if isinstance(cell, float):
        return f"{cell:.15g}"
    if isinstance(cell, dt.datetime):
        return f"{cell:%Y-%m-%d %H:%M:%S}".removesuffix(" 00:00:00")
    return str(cell)
