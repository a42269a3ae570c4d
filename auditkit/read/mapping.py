"""[map."file#sheet"] of case.toml: what a sheet is, where its headers alone do not tell."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final

from auditkit.model import Issue
from auditkit.read.amounts import UNITS
from auditkit.read.details import column_number
from auditkit.read.grids import Grid
from auditkit.read.headers import Header, column_of, read_header
from auditkit.read.layout import Line, Section, cell_text, fill, row_text, unit_in
from auditkit.read.vocabulary import extra_headers
from auditkit.schema import normal, tables

SHEET_KEYS: Final = ("read", "tables", "year")
ACCOUNTS: Final = "accounts"
"""[map.accounts] is no sheet: it says which accounts of a company's books are public revenue."""
TABLE_KEYS: Final = ("table", "header", "rows", "skip", "unit", "columns", "constants", "words", "only", "except",
                     "importer")  # fmt: skip
_SCALARS: Final = (str, int, float, bool, dt.date, dt.time)


@dataclass(frozen=True)
class TableMap:
    """How one table is read from a sheet.

    Shape: `columns` header on paper, or column letter -> columns of the table; `words` column -> word on paper ->
    value; `only` and `besides` header or letter -> words a row must, or must not, have there; rows as Excel counts.
    """

    table: str
    header: int | None = None
    rows: frozenset[int] | None = None
    skip: frozenset[int] = frozenset()
    unit: str | None = None
    columns: Mapping[str, tuple[str, ...]] = field(default_factory=dict[str, tuple[str, ...]])
    constants: Mapping[str, Any] = field(default_factory=dict[str, Any])
    words: Mapping[str, Mapping[str, Any]] = field(default_factory=dict[str, Mapping[str, Any]])
    only: Mapping[str, frozenset[str]] = field(default_factory=dict[str, frozenset[str]])
    besides: Mapping[str, frozenset[str]] = field(default_factory=dict[str, frozenset[str]])
    importer: str = ""


@dataclass(frozen=True)
class SheetMap:
    """What case.toml says of one sheet, or of a whole file: which tables to read from it, or none.

    `year` completes the days of a file that gives months and days alone.
    """

    key: str
    read: bool = True
    tables: tuple[TableMap, ...] = ()
    year: int | None = None


class MapError(ValueError):
    """A [map] that cannot be used; the text says what was expected."""


def parse_maps(data: Any) -> tuple[dict[str, SheetMap], list[Issue]]:
    """The maps of case.toml by «file#sheet», and everything that is wrong in them."""
    found, wrong = dict[str, SheetMap](), list[Issue]()
    if not isinstance(data, dict):
        return found, [map_issue("map", '应为 [map."文件#工作表"]')]
    for key, spec in data.items():
        if key == ACCOUNTS:
            continue
        try:
            found[key] = _sheet(key, spec)
        except MapError as error:
            wrong.append(map_issue(key, str(error)))
    return found, wrong


def map_issue(key: str, text: str) -> Issue:
    """What is wrong with a map."""
    return Issue("C04", f'[map."{key}"] {text}', f'[map."{key}"] cannot be used', file="case.toml", column=key)


def _sheet(key: str, spec: Any) -> SheetMap:
    if not isinstance(spec, dict):
        raise MapError("应为一组设置")
    _known(spec, (*SHEET_KEYS, *TABLE_KEYS))
    if spec.get("read") is False:
        return SheetMap(key, read=False)
    year = spec.get("year")
    if year is not None and not (isinstance(year, int) and 1950 <= year <= 2100):
        raise MapError("year 应为四位年份，如 year = 2024")
    if year is not None and set(spec) <= {"year", "read"}:
        return SheetMap(key, year=year)
    common = {k: v for k, v in spec.items() if k in TABLE_KEYS}
    several = spec.get("tables")
    if several is None:
        return SheetMap(key, tables=(_table(common),), year=year)
    if not isinstance(several, list) or not several:
        raise MapError('tables 应写为一个或几个 [[map."文件#工作表".tables]]')
    return SheetMap(key, tables=tuple(_table({**common, **one}) for one in several), year=year)


def _known(spec: Mapping[str, Any], known: Sequence[str]) -> None:
    unknown = [k for k in spec if k not in known]
    if unknown:
        raise MapError(f"未知的设置“{unknown[0]}”，可用的有：{'、'.join(known)}")


def _table(spec: Mapping[str, Any]) -> TableMap:
    _known(spec, TABLE_KEYS)
    by_name = {t.zh: t.name for t in tables().values()} | {name: name for name in tables()}
    table = by_name.get(str(spec.get("table", "")))
    if table is None:
        raise MapError(f"table 应为下列之一：{'、'.join(by_name)}")
    header, unit = spec.get("header"), spec.get("unit")
    if header is not None and (not isinstance(header, int) or header < 0):
        raise MapError("header 应为表头所在的行号，没有表头写 0")
    if unit is not None and unit not in UNITS:
        raise MapError(f"unit 应为 {'、'.join(UNITS)} 之一")
    words = {_target(table, c): _words(w) for c, w in _group(spec, "words").items()}
    return TableMap(
        table, header, None if "rows" not in spec else _rows(spec["rows"]), _rows(spec.get("skip", [])), unit,
        {k: _targets(table, v) for k, v in _group(spec, "columns").items()},
        {_target(table, c): _scalar(v) for c, v in _group(spec, "constants").items()},
        words, _filter(spec, "only"), _filter(spec, "except"), str(spec.get("importer", "")),
    )  # fmt: skip


def _group(spec: Mapping[str, Any], key: str) -> Mapping[str, Any]:
    given = spec.get(key, {})
    if not isinstance(given, dict):
        raise MapError(f"{key} 应为一组 名称 = 值")
    return {str(k): v for k, v in given.items()}


def _target(table: str, name: Any) -> str:
    """A column by its name in code or on paper, or an extra."""
    spec = tables()[table]
    known = {c.name: c.name for c in spec.columns} | {c.zh: c.name for c in spec.columns}
    known |= {extra: extra for extra in extra_headers(table).values()}
    if str(name) not in known:
        raise MapError(f"{spec.zh}没有“{name}”这一列，可用的有：{'、'.join(known)}")
    return known[str(name)]


def _targets(table: str, given: Any) -> tuple[str, ...]:
    several = given if isinstance(given, list) else [given]
    return tuple(_target(table, name) for name in several if name != "")


def _scalar(value: Any) -> Any:
    if not isinstance(value, _SCALARS):
        raise MapError("constants 的值应为文字、数字或日期")
    return float(value) if isinstance(value, int) and not isinstance(value, bool) else value


def _words(given: Any) -> dict[str, Any]:
    if not isinstance(given, dict):
        raise MapError("words 应写为 [map.….words.列名] 下的 原文 = 值")
    return {normal(str(k)): _scalar(v) for k, v in given.items()}


def _filter(spec: Mapping[str, Any], key: str) -> dict[str, frozenset[str]]:
    return {
        k: frozenset(normal(str(word)) for word in (v if isinstance(v, list) else [v]))
        for k, v in _group(spec, key).items()
    }


def _rows(given: Any) -> frozenset[int]:
    """«3-25,28» or [3, 4, 5]: rows as Excel counts them."""
    found: set[int] = set()
    for part in given if isinstance(given, list) else re.split(r"[,，、\s]+", str(given)):
        ends = re.fullmatch(r"(\d+)(?:-(\d+))?", str(part))
        if not ends:
            raise MapError('rows 和 skip 应写行号，如 "3-25,28"')
        found.update(range(int(ends[1]), int(ends[2] or ends[1]) + 1))
    return frozenset(found)


def map_of(maps: Mapping[str, SheetMap], grid: Grid) -> SheetMap | None:
    """What case.toml says of a sheet; what it says of the whole file holds for sheets that it does not name."""
    return maps.get(f"{grid.file}#{grid.sheet}") or maps.get(grid.file)


def lay_out_mapped(grid: Grid, one: TableMap) -> Section:
    """The table that a map finds on a sheet.

    Raises: MapError where a header or column that it names is not there.
    """
    header = _header(grid, one)
    above = [text for n in range(header.first) if (text := row_text(grid.rows[n]))]
    stated = [unit for text in above if (unit := unit_in(text))]
    section = Section(header, above, unit=one.unit or (stated[-1] if stated else "元"))
    fill(grid, section, header.last + 1, len(grid.rows), alone=True)
    keep_mapped(grid, section, one)
    return section


def _header(grid: Grid, one: TableMap) -> Header:
    """The header row, with the columns that the vocabulary and the map see in it."""
    if one.header == 0:
        found = Header(one.table, -1, -1, {}, {})
    elif one.header is not None:
        if one.header > len(grid.rows):
            raise MapError(f"header = {one.header}，而该表只有 {len(grid.rows)} 行")
        found = max(read_header(one.table, grid.rows, one.header - 1, grid.merged), key=lambda h: len(h.columns))
    else:
        found = _likeliest(grid, one)
    columns = dict(found.columns)
    for paper in one.columns:
        at = _place(found, paper)
        columns = {n: j for n, j in columns.items() if j != at}
    for paper, targets in one.columns.items():
        for target in targets:
            columns[target] = _place(found, paper)
    columns = {n: j for n, j in columns.items() if n not in one.constants}
    used = set(columns.values())
    doubled = {n: several for n, several in found.doubled.items() if columns.get(n) in several}
    return replace(found, columns=columns, doubled=doubled, unused=tuple(j for j in found.titles if j not in used))


def _likeliest(grid: Grid, one: TableMap) -> Header:
    """The row in which most of the headers that the map names stand."""
    wanted = {normal(paper) for paper in one.columns}

    def named(at: int) -> int:
        cells = {normal(c) for c in grid.rows[at] if isinstance(c, str) and c}
        known = sum(column_of(one.table, c) is not None for c in grid.rows[at] if isinstance(c, str) and c)
        return 100 * len(cells & wanted) + known

    best = max(range(min(len(grid.rows), 300)), key=named, default=None)
    if best is None or named(best) == 0:
        raise MapError("没有找到含有这些表头的行，请写明 header = 行号，没有表头写 0")
    return max(read_header(one.table, grid.rows, best, grid.merged), key=lambda h: len(h.columns))


def _place(header: Header, paper: str) -> int:
    """The column of the grid that a header's text, or a letter, names."""
    for j, title in header.titles.items():
        if normal(title) == normal(paper):
            return j
    if re.fullmatch(r"[A-Za-z]{1,2}", paper):
        return column_number(paper)
    titles = "、".join(t for t in header.titles.values())
    raise MapError(f"表头中没有“{paper}”，表头是：{titles}")


def keep_mapped(grid: Grid, section: Section, one: TableMap) -> None:
    """Sets aside the rows that the map leaves out, and totals below what it takes."""
    header = section.header
    only = {_place(header, paper): words for paper, words in one.only.items()}
    besides = {_place(header, paper): words for paper, words in one.besides.items()}

    def kept(at: int) -> bool:
        row = grid.rows[at]
        if at + 1 in one.skip or (one.rows is not None and at + 1 not in one.rows):
            return False

        def says(j: int) -> str:
            return normal(cell_text(row[j])) if j < len(row) else ""

        return all(says(j) in words for j, words in only.items()) and not any(
            says(j) in words for j, words in besides.items()
        )

    left_out = [at for at in section.rows if not kept(at)]
    section.lines += [Line(at, "按 [map] 不读", row_text(grid.rows[at])) for at in left_out]
    section.rows = [at for at in section.rows if kept(at)]
    if one.rows is not None:
        last = max(one.rows)
        section.totals = [(at, label) for at, label in section.totals if min(one.rows) <= at + 1 <= last + 1]
