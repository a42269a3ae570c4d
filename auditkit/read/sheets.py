"""The tables of a sheet become typed rows, with what the sheet says about itself."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np
import pandas as pd

from auditkit.model import DOUBT, Issue
from auditkit.read.amounts import AmountError, fold, parse_amount
from auditkit.read.dates import DateError, parse_months
from auditkit.read.declared import Declared, declared_of, differences
from auditkit.read.extras import make_columns
from auditkit.read.grids import Grid
from auditkit.read.headers import Header
from auditkit.read.importers import Importer, unknown_words
from auditkit.read.layout import Line, Section, cell_text, row_text
from auditkit.read.movements import (
    FOREIGN,
    NEUTRAL,
    NOT_COUNTED,
    Statement,
    is_yuan,
    settle_sides,
    statement_of,
    uncounted,
)
from auditkit.read.typed import Raw, shown, type_raw
from auditkit.read.values import Context, NoValue
from auditkit.read.vocabulary import SUPPLIES
from auditkit.schema import normal, tables

_STATED: Final = r"\[?\s*(\d{4}[-./年]?\d{1,2}[-./月]?\d{1,2}日?)[^\]\n]{0,10}\]?"
_FROM_TO: Final = re.compile(
    rf"(?:起始日期|开始日期|查询起日|起始时间|起日)\s*[:：]?\s*{_STATED}.*?"
    rf"(?:终止日期|结束日期|截止日期|查询止日|终止时间|止日)\s*[:：]?\s*{_STATED}",
    re.S,
)
_RANGE_OF: Final = re.compile(
    r"(?:查询时间范围|时间范围|查询期间|查询区间|交易期间|交易时间段|期间)[^\d\n]{0,30}"
    rf"{_STATED}\s*(?:至|到|-+|~|—+)\s*{_STATED}"
)


@dataclass(frozen=True, eq=False)
class Part:
    """One table as it was read from one sheet.

    Shape: `frame` as in Books, its rows in the order of the sheet; `columns` those whose header or constant was seen.
    """

    table: str
    grid: Grid
    section: Section
    frame: pd.DataFrame
    columns: frozenset[str]
    issues: tuple[Issue, ...] = ()
    head: Mapping[str, str] = field(default_factory=dict[str, str])
    importer: str = ""
    """Which importer claimed the sheet; "" where the vocabulary alone read it."""
    statement: Statement | None = None
    """The whole statement, of a bank table: rows that do not count too."""
    declared: tuple[Declared, ...] = ()
    """What a statement states about itself, against its rows."""

    @property
    def place(self) -> tuple[str, str, int]:
        """Where it stands."""
        return self.grid.file, self.grid.sheet, self.section.header.first


class UnknownWordsError(ValueError):
    """Words of an enumeration that an importer does not know, by column: the sheet is not read."""

    def __init__(self, words: Mapping[str, Sequence[str]]) -> None:
        self.words = words
        super().__init__("；".join(f"{column}：{'、'.join(several)}" for column, several in words.items()))


def read_part(
    grid: Grid,
    section: Section,
    constants: Mapping[str, Any] | None = None,
    words: Mapping[str, Mapping[str, Any]] | None = None,
    importer: Importer | None = None,
) -> Part:
    """Types the rows of a section; `constants` and `words` are what case.toml says beside the sheet.

    Raises: UnknownWordsError where an importer does not know a word of one of its enumerations.
    """
    header = section.header
    cells = {name: _column(grid, section, j, name) for name, j in header.columns.items()}
    issues = _settle_doubled(grid, section, cells)
    head = head_of(section.above)
    if importer is not None and importer.account and "account" not in cells:
        found = re.search(importer.account, unicodedata.normalize("NFKC", "\n".join(section.above)))
        head |= {"account": found[1].strip()} if found else {}
    if header.table == "bank" and "account" not in cells and "account" in head:
        cells["account"] = [head["account"]] * len(section.rows)
    for name, value in (constants or {}).items():
        cells[name] = [value] * len(section.rows)
    for name, meant in (words or {}).items():
        cells[name] = [meant.get(normal(cell_text(c)), c) for c in cells.get(name, ())]
    if importer is not None:
        _rework(importer, cells, section, words or {})
    made = make_columns(header.table, cells)
    names = [c.name for c in tables()[header.table].columns if c.name in made]
    titles = {n: header.titles.get(_source(header, n), "") for n in names}
    contexts = {n: context_of(grid, section, _source(header, n)) for n in names}
    raw = Raw(
        header.table, {n: made[n] for n in names}, grid.file, grid.sheet, [at + 1 for at in section.rows],
        contexts, {n: t for n, t in titles.items() if t}, _formats(grid, section),
    )  # fmt: skip
    frame, found_issues = type_raw(raw)
    issues += found_issues
    statement, declared = None, list[Declared]()
    if header.table == "bank":
        frame, statement, declared, said = _statement(grid, section, frame, cells, made)
        issues = [
            *(i for i in issues if i.row is None or i.row <= header.last + 1 or i.row in set(frame["row"])),
            *said,
        ]
    name = importer.name if importer else ""
    return Part(
        header.table, grid, section, frame, frozenset(names), tuple(issues), head, name, statement, tuple(declared)
    )


def _rework(
    importer: Importer, cells: dict[str, list[Any]], section: Section, given: Mapping[str, Mapping[str, Any]]
) -> None:
    """What the importer knows beyond columns: its words for choices, and its own function."""
    unknown: dict[str, list[str]] = {}
    for name, meant in importer.words.items():
        if name not in cells:
            continue
        settled = {cell_text(v) for v in given.get(name, {}).values()}
        if strange := [w for w in unknown_words(importer, name, cells[name]) if w not in settled]:
            unknown[section.header.titles.get(section.header.columns.get(name, -1), name)] = strange
        known = {normal(word): ours for word, ours in meant.items()}
        cells[name] = [known.get(normal(fold(cell_text(c))), c) for c in cells[name]]
    if unknown:
        raise UnknownWordsError(unknown)
    if importer.rework is not None:
        importer.rework(cells, section)


def _statement(
    grid: Grid, section: Section, frame: pd.DataFrame, cells: Mapping[str, list[Any]], made: Mapping[str, list[Any]]
) -> tuple[pd.DataFrame, Statement, list[Declared], list[Issue]]:
    """A statement as a whole, and of its rows those that moved the account's money; the others become lines."""
    count = len(section.rows)
    status = [cell_text(c) for c in cells.get("status", [""] * count)]
    currency = [cell_text(c) for c in cells.get("currency", [""] * count)]
    contexts = context_of(grid, section, _source(section.header, "credit"))
    neutral = [_fen(c, contexts) for c in made.get("neutral", [""] * count)]
    doubtful = settle_sides(frame, "-" in section.header.titles.get(section.header.columns.get("debit", -1), ""))
    if doubtful:
        doubts = frame[DOUBT].tolist()
        for at in doubtful:
            doubts[at] = ",".join(dict.fromkeys((*(d for d in doubts[at].split(",") if d), "debit")))
        frame[DOUBT] = pd.array(doubts, dtype="str")
    back = [_refunded(c) for c in cells.get("moved", [""] * count)]
    whole = frame.assign(
        neutral=pd.array(neutral, dtype="Int64"), refunded=pd.array(back, dtype="Int64"),
        status=pd.array(status, dtype="str"), currency=pd.array(currency, dtype="str"),
        yuan=np.array([is_yuan(c) for c in currency], dtype=bool), counted=~uncounted(frame, status),
    )  # fmt: skip
    statement = statement_of(whole)
    declared = declared_of(grid, section, statement)
    why = [
        NOT_COUNTED if not counted else FOREIGN if not yuan else NEUTRAL if amount is not None else ""
        for counted, yuan, amount in zip(whole["counted"], whole["yuan"], neutral, strict=True)
    ]
    kept = np.array([not w for w in why], dtype=bool)
    if not kept.all():
        aside = [(at, w) for at, w in zip(section.rows, why, strict=True) if w]
        section.lines += [Line(at, w, row_text(grid.rows[at])) for at, w in aside]
        section.rows = [at for at, w in zip(section.rows, why, strict=True) if not w]
        frame = frame[kept].reset_index(drop=True)
    return frame, statement, declared, differences(declared, grid)


def _fen(cell: Any, context: Context) -> int | None:
    try:
        return None if cell in ("", None) else abs(parse_amount(cell, context.unit).fen)
    except AmountError:
        return None


def _refunded(cell: Any) -> int | None:
    if not isinstance(cell, str) or "退" not in cell:
        return None
    try:
        return parse_amount(cell).refunded
    except AmountError:
        return None


def _source(header: Header, name: str) -> int:
    """The column of the grid that a column of the table is read from, directly or through an extra."""
    if name in header.columns:
        return header.columns[name]
    extras = (j for e, j in header.columns.items() if name in SUPPLIES.get((header.table, e), ()))
    return next(extras, -1)


def _column(grid: Grid, section: Section, j: int, name: str) -> list[Any]:
    """The raw cells of a column; a cell merged downwards stands for all its rows, unless it is an amount."""
    rows = grid.rows
    cells = [rows[at][j] if j < len(rows[at]) else "" for at in section.rows]
    if grid.details is not None and grid.details.no_value:
        for n, at in enumerate(section.rows):
            if (at, j) in grid.details.no_value:
                cells[n] = NoValue(grid.details.formulas[at, j])
    down = [m for m in grid.merged if m[1] <= j <= m[3] and m[2] > m[0] and m[0] > section.header.last]
    if not down:
        return cells
    kinds = {c.name: c.type for c in tables()[section.header.table].columns}
    if kinds.get(name, "money") in ("money", "number", "count"):
        return cells
    where = {at: n for n, at in enumerate(section.rows)}
    for first, left, last, _ in down:
        value = rows[first][left] if left < len(rows[first]) else ""
        for at in range(first + 1, last + 1):
            if at in where and cells[where[at]] in ("", None):
                cells[where[at]] = value
    return cells


def _settle_doubled(grid: Grid, section: Section, cells: dict[str, list[Any]]) -> list[Issue]:
    """A header that stands twice: taken where both columns say the same or one is blank, else the row is in doubt."""
    header, issues = section.header, list[Issue]()
    for name, several in header.doubled.items():
        title = header.titles[several[0]]
        text = f"表头“{title}”出现了 {len(several)} 次；两列一致或只有一列有内容的照读，不一致的行存疑"
        issues.append(
            Issue("T03", text, f"the header {title} stands {len(several)} times", header.table, grid.file, grid.sheet,
                  header.last + 1, title)
        )  # fmt: skip
        if name not in cells:
            continue
        columns = [_column(grid, section, j, name) for j in several]
        for n, values in enumerate(zip(*columns, strict=True)):
            different = list(dict.fromkeys(shown(v).strip() for v in values if v not in ("", None)))
            if len(different) > 1:
                cells[name][n] = " ≠ ".join(different)
            elif different:
                cells[name][n] = next(v for v in values if v not in ("", None))
    return issues


def context_of(grid: Grid, section: Section, column: int) -> Context:
    """What the sheet says of a column's cells: unit, percent, the months of its title."""
    header: Header = section.header
    months, years = months_in(section.above, grid.sheet)
    return Context(
        unit=header.unit(column) or section.unit,
        percent=header.percent(column),
        year=years[0] if len(years) == 1 else None,
        months=months,
        system_1904=grid.details is not None and grid.details.system_1904,
        written=grid.written,
    )


def months_in(above: Sequence[str], sheet: str) -> tuple[tuple[str, ...], tuple[int, ...]]:
    """The months and years that the lines above a table, and the sheet's name, speak of."""
    text = unicodedata.normalize("NFKC", "\n".join((*above, sheet)))
    months: list[str] = []
    for found in re.finditer(r"\d{4}年\d{1,2}月|\d{4}[-./]\d{1,2}(?![\d./-])", text):
        try:
            months.append(parse_months(found[0]))
        except DateError:
            continue
    years = [int(y) for y in re.findall(r"(?<!\d)((?:19|20)\d\d)(?=年|\D|$)", text)]
    return tuple(dict.fromkeys(months)), tuple(dict.fromkeys(years))


def head_of(above: Sequence[str]) -> dict[str, str]:
    """What the lines above a statement say by name: account, first and last day."""
    text = unicodedata.normalize("NFKC", "\n".join(above))
    found: dict[str, str] = {}
    if m := re.search(
        r"(?:查询|本方|银行)?(?:账|帐|卡)\s*号(?:\[[^\]]*\])?\s*[:：]?\s*\[?\s*([0-9*][0-9* \-]{5,40}[0-9*])", text
    ):
        found["account"] = re.sub(r"[ \-]", "", m[1])
    for pattern in (_FROM_TO, _RANGE_OF):
        if "first" not in found and (m := pattern.search(text)):
            found["first"], found["last"] = m[1], m[2]
    return found


def _formats(grid: Grid, section: Section) -> Any:
    """The number formats of a table's cells, where the file keeps them and a reading may turn on them."""
    details = grid.details
    if details is None:
        return None
    columns = section.header.columns
    kinds = {c.name: c.type for c in tables()[section.header.table].columns}

    def format_of(name: str, n: int) -> str:
        j = columns.get(name)
        if j is None or (kinds[name] == "money" and not details.in_wan):
            return ""
        return details.number_formats.get((section.rows[n], j), "")

    return format_of
