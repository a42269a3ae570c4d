"""Large exports of platforms, read column by column: only where every cell is written plainly, else row by row."""

from __future__ import annotations

from typing import Any, Final, cast

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute
from pyarrow import csv as arrow_csv

from auditkit.model import DOUBT
from auditkit.read.grids import Grid
from auditkit.read.headers import LOOKED_AT, Header, find_header
from auditkit.read.importers import claims
from auditkit.read.layout import Line, Section, row_text, total_words, unit_in
from auditkit.read.lines import LargeText
from auditkit.read.sheets import Part, context_of
from auditkit.read.typed import type_column
from auditkit.read.values import Context
from auditkit.schema import DTYPES, Column, tables

pc: Final[Any] = pyarrow.compute
_ID: Final = r"^\p{Han}?[A-Z]{0,8}-?[0-9][0-9A-Z\-]*$"
_MOST_WORDS: Final = 50_000
_BOUNDS: Final = (np.datetime64("1950-01-01"), np.datetime64("2101-01-01"))


def read_large(grid: Grid) -> Part | None:
    """The stays of a large export of a barrier; None where it is something else, or not written plainly throughout."""
    if not isinstance(grid.rows, LargeText):
        return None
    head = Grid(grid.file, grid.sheet, grid.rows.head, encoding=grid.encoding)
    if claims(head) or (header := find_header(head.rows, 0, LOOKED_AT).header) is None or header.table != "parking":
        return None
    above = [text for n in range(header.first) if (text := row_text(head.rows[n]))]
    stated = [unit for text in above if (unit := unit_in(text))]
    section = Section(header, above, unit=stated[-1] if stated else "元")
    section.lines += [Line(n, "标题", text) for n in range(header.first) if (text := row_text(head.rows[n]))]
    contexts = {name: context_of(head, section, j) for name, j in header.columns.items()}
    frame = read_columns(grid.rows.data, header, grid, contexts)
    if frame is None:
        return None
    section.rows = list(range(header.last + 1, header.last + 1 + len(frame)))
    return Part(header.table, grid, section, frame, frozenset(header.columns), (), {})


def read_columns(data: bytes, header: Header, grid: Grid, contexts: dict[str, Context]) -> pd.DataFrame | None:
    """The typed rows below a header; None where any cell, line or total needs a closer look.

    Shape: as read by auditkit.read.typed.
    """
    spec = tables()[header.table]
    known = {c.name for c in spec.columns}
    if header.doubled or set(header.columns) - known or b'"' in data or b"\0" in data:
        return None
    body = _below(data, header.last + 1)
    if body is None or (cells := _cells(body, header)) is None:
        return None
    columns: dict[str, Any] = {}
    for column in spec.columns:
        j = header.columns.get(column.name)
        if j is None:
            if column.default is not None:
                return None
            columns[column.name] = _blank(column, cells.num_rows)
            continue
        typed = _typed(header.table, column, cells.column(str(j)), contexts[column.name])
        if typed is None:
            return None
        columns[column.name] = typed
    count = cells.num_rows
    columns |= {"file": _same(grid.file, count), "sheet": _same(grid.sheet, count)}
    columns["row"] = np.arange(header.last + 2, header.last + 2 + count, dtype=np.int64)
    missing = [c.name for c in spec.columns if c.must and c.name not in header.columns]
    columns[DOUBT] = _same(",".join(missing), count)
    return pd.DataFrame(columns)


def _below(data: bytes, rows: int) -> bytes | None:
    """What stands below so many lines; None where blank lines or lone returns make rows uncertain."""
    at = 0
    for _ in range(rows):
        at = data.find(b"\n", at) + 1
        if at == 0:
            return None
    body = data[at:].rstrip(b"\r\n")
    ends = body.count(b"\r")
    if not body or b"\n\n" in body or b"\n\r\n" in body or (ends and ends != body.count(b"\n")):
        return None
    return body


def _cells(body: bytes, header: Header) -> Any:
    """Every cell of the columns as text; None where a line has more or fewer cells than the others."""
    width = body[: body.find(b"\n") if b"\n" in body else None].count(b",") + 1
    if max(header.columns.values()) >= width:
        return None
    names = [str(j) for j in range(width)]
    wanted = [str(j) for j in sorted(set(header.columns.values()))]
    try:
        return arrow_csv.read_csv(
            pa.py_buffer(body),
            arrow_csv.ReadOptions(column_names=names, block_size=1 << 23),
            arrow_csv.ParseOptions(quote_char=False, ignore_empty_lines=False),
            arrow_csv.ConvertOptions(
                column_types=dict.fromkeys(names, pa.string()), strings_can_be_null=False, include_columns=wanted
            ),
        )
    except pa.ArrowInvalid:
        return None


def _typed(table: str, column: Column, cells: Any, context: Context) -> Any:
    """One column as a frame has it; None where a cell of it is not plain."""
    kind = column.type
    blank = pc.equal(cells, "")
    if column.must and pc.any(blank).as_py():
        return None
    if kind in ("datetime", "date"):
        return _days(cells, blank, 19 if kind == "datetime" else 10)
    if kind == "id" and pc.count_distinct(cells.slice(0, 1_000)).as_py() > 500:
        return pd.array(cells.to_numpy(), dtype="str") if _all(cells, _ID) else None
    words = cells.dictionary_encode().combine_chunks()
    return _words(table, column, words, context)


def _all(cells: Any, pattern: str) -> bool:
    return bool(pc.all(pc.match_substring_regex(cells, pattern)).as_py())


def _days(cells: Any, blank: Any, letters: int) -> Any:
    """Days, or days with times, written as ISO has them; what is as long and is none does not become one."""
    if not pc.all(pc.or_(blank, pc.equal(pc.binary_length(cells), letters))).as_py():
        return None
    try:
        stamps = pc.cast(pc.if_else(blank, pa.scalar(None, pa.string()), cells), pa.timestamp("us"))
    except pa.ArrowInvalid:
        return None
    days = stamps.to_numpy()
    known = days[~np.isnat(days)]
    if len(known) and not (known.min() >= _BOUNDS[0] and known.max() < _BOUNDS[1]):
        return None
    return pd.array(days.astype("datetime64[us]"), dtype=cast(Any, "datetime64[us]"))


def _words(table: str, column: Column, words: Any, context: Context) -> Any:
    """Each different cell read once, and put where it stands."""
    several: list[str] = words.dictionary.to_pylist()
    if len(several) > _MOST_WORDS or total_words(several):
        return None
    one = type_column(table, column, several, context, None)
    if one.bad or one.notes:
        return None
    dtype = DTYPES[column.type]
    values = list(one.values)
    if dtype == "str":
        found = np.array(["" if v is None else v for v in values], dtype=object)
        return pd.array(found[words.indices.to_numpy()], dtype="str")
    return pd.array(values, dtype=cast(Any, dtype)).take(words.indices.to_numpy())


def _same(value: str, count: int) -> Any:
    return pd.array(np.full(count, value, dtype=object), dtype="str")


def _blank(column: Column, count: int) -> Any:
    dtype = DTYPES[column.type]
    if dtype == "str":
        return _same("", count)
    return pd.array([None], dtype=cast(Any, dtype)).take(np.zeros(count, dtype=np.int64))
