"""What stands where on a sheet: tables, and the titles, totals, notes and signatures around and between their rows."""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from auditkit.read.grids import Grid
from auditkit.read.headers import LOOKED_AT, Found, Header, find_header
from auditkit.read.values import UnreadableError, parse_cell
from auditkit.schema import Column, choice_words, normal, tables

EXAMPLE: Final = "示例"
"""How the first cell of an example row begins; such a row is never read as data."""
_OF_A_PERIOD: Final = re.compile(
    r"(?:本|当)(?:日|月|季|季度|年|页|期|前)(?:收入|支出)?(?:小计|合计|总计|累计|发生额合计)"
)
_TOTAL: Final = re.compile(
    r"(?P<of>[^,。;:!?、]{0,14}?)(?P<kind>小计|合计|总计|累计|共计|总和)(?:\([^()]{0,12}\)|人民币|金额|数额|数|额|收入|支出|元)*:?"
    r"(?P<after>[\d年月日.\-/()第一二三四季度份上下半全]{0,14})"
)
_CARRIED: Final = re.compile(
    r"(?:承前页|承上页|过次页|接下页|转下页|转次页|结转下[年月期页]|(?:上|本)?(?:年|月|期|季|日)?(?:结转|转入|初余额|初结余|末余额|末结余|结余|余额))(?:金额)?:?"
)
_LABEL_LETTERS: Final = frozenset("计转承余页示")
"""Every label of a total, a line carried forward or an example has one of these letters."""
_WEAK: Final = re.compile(r"结转|转入|余额|结余")
"""Words of a line carried forward that may as well be a means of payment, or the direction of a movement."""
_NOTE: Final = re.compile(
    r"[(\[*※]*(?:注|说明|备注|附注|附件|附表|附:|制表|填表|编制|审核|复核|核准|审批|负责人|经办|会计|出纳|主管|单位负责|项目经理|经理|主任|尊敬的|以上|打印|导出|报表|"
    r"制单|签字|签名|签章|盖章|公章|联系|电话|截至|特此|总笔数|总条数|"
    r"(?:收入|支出|借方|贷方|不计收支|中性交易)(?:发生)?(?:总)?(?:笔数|总额|合计)?:?\d|(?:期初|期末)余额:|"
    r"物业服务企业\(|业主委员会\(|第\d+页|共\d+页|#|-{3,}|={3,}|_{3,})"
)
_UNIT_LINE: Final = re.compile(r"单位[:：]?\s*(?:人民币)?\s*(百万元|万元|千元|百元|亿元|元|分)")
_IN_TITLE: Final = re.compile(r"[(\[]\s*(?:单位[:：]?)?\s*(?:人民币)?(万元|千元|元)\s*[)\]]")
_AMOUNT: Final = re.compile(r"[\s(+\-¥￥`]*\d[\d,.，．]*[\s)元\-]*")
_DAY: Final = re.compile(r"[\s`']*(?:19|20)\d\d[\s\-/.年]*\d")
_CHECKED: Final = ("date", "datetime", "money", "choice", "id", "count", "number")


@dataclass(frozen=True, slots=True)
class Line:
    """A row that is no data: what it was taken for, and what it says."""

    at: int
    kind: str
    text: str


@dataclass
class Section:
    """One table on a sheet.

    Shape: `rows` data rows, `totals` with their label, both counted from 0 in the grid; `above` the lines over the
    header; `lines` everything else among and below the rows.
    """

    header: Header
    above: list[str]
    rows: list[int] = field(default_factory=list[int])
    totals: list[tuple[int, str]] = field(default_factory=list[tuple[int, str]])
    lines: list[Line] = field(default_factory=list[Line])
    unit: str = "元"

    @property
    def untouched(self) -> bool:
        """A template's sheet as it was given out: its example row still there, and nothing else."""
        return not self.rows and any(line.kind == "示例" for line in self.lines)


@dataclass
class Layout:
    """All that was recognised on a sheet."""

    sections: list[Section] = field(default_factory=list[Section])
    outside: list[Line] = field(default_factory=list[Line])
    tied: tuple[Header, ...] = ()
    nearest: Header | None = None


def lay_out(grid: Grid) -> Layout:
    """The tables of a sheet with their rows, and every line that belongs to none."""
    layout = Layout()
    at, stop = 0, LOOKED_AT
    unit = "元"
    while at < len(grid.rows):
        found = find_header(grid.rows, at, stop, grid.merged)
        if found.header is None:
            layout.tied = layout.tied or found.tied
            layout.nearest = layout.nearest or found.nearest
            _take_outside(grid, layout, at, len(grid.rows))
            break
        header = found.header
        above = [text for n in range(at, header.first) if (text := row_text(grid.rows[n]))]
        for text in above:
            unit = unit_in(text) or unit
        layout.outside += [
            Line(n, "标题", text) for n in range(at, header.first) if (text := row_text(grid.rows[n]))
        ]  # fmt: skip
        section = Section(header, above, unit=unit)
        at = fill(grid, section, header.last + 1, len(grid.rows))
        stop = at + 3
        layout.sections.append(section)
    return layout


def _take_outside(grid: Grid, layout: Layout, first: int, last: int) -> None:
    layout.outside += [Line(n, "未识别", text) for n in range(first, last) if (text := row_text(grid.rows[n]))]


def unit_in(text: str) -> str | None:
    """The unit of amounts that a line above a header states: «单位：万元», «…情况表（万元）»."""
    folded = unicodedata.normalize("NFKC", text)
    found = _UNIT_LINE.search(folded) or _IN_TITLE.search(folded)
    return found[1] if found else None


def row_text(row: Sequence[Any]) -> str:
    """What a row says, in one line."""
    return " ".join(text for cell in row if (text := cell_text(cell)))


def cell_text(cell: Any) -> str:
    """What a cell says, without the spaces around it."""
    if cell is None or cell == "":
        return ""
    if isinstance(cell, float):
        return f"{cell:.15g}"
    return " ".join(str(cell).split())


def fill(grid: Grid, section: Section, first: int, stop: int, *, alone: bool = False) -> int:
    """Sorts the rows below a header into data and everything else; says where the next header stands.

    `alone`: no other table is looked for.
    """
    rows, header = grid.rows, section.header
    data: list[int] = []
    at = first
    odd = set(_odd_rows(header, rows, first, stop))
    end = stop
    for at in sorted(odd):
        kind = _kind_of(grid, section, at, alone)
        if kind == "表头":
            end = at
            break
        if kind:
            continue
        data.append(at)
    section.rows = sorted({*data, *(n for n in range(first, end) if n not in odd)})
    return end


def _kind_of(grid: Grid, section: Section, at: int, alone: bool) -> str:
    """What one row is: "" for data; a line or total is noted in its section."""
    row = grid.rows[at]
    texts = {j: text for j, cell in enumerate(row) if (text := cell_text(cell))}
    if not texts:
        return "空行"
    kind, label = recognise(section.header, row, texts)
    if kind == "合计":
        section.totals.append((at, label))
    elif kind == "" and not alone and _begins_another(grid, at):
        return "表头"
    if kind:
        section.lines.append(Line(at, kind, row_text(row)))
    return kind


def recognise(header: Header, row: Sequence[Any], texts: Mapping[int, str]) -> tuple[str, str]:
    """What a row below a header is (示例, 重复表头, 合计, 承转, 说明; "" for data), and a total's label."""
    first = texts[min(texts)]
    if first.startswith(EXAMPLE):
        return "示例", ""
    titles = {j: normal(t) for j, t in header.titles.items()}
    if sum(normal(t) == titles.get(j) for j, t in texts.items()) >= max(2, len(texts) // 2):
        return "重复表头", ""
    readable = _readable(header, row)
    words = {j: _plain(t) for j, t in texts.items() if isinstance(row[j], str)}
    label = next((j for j, w in words.items() if _OF_A_PERIOD.match(w) and _TOTAL.fullmatch(w)), None)
    if label is None and not _stands(header, row, readable, texts):
        label = next((j for j, w in words.items() if _TOTAL.fullmatch(w)), None)
    if label is not None and not _complete(header, readable):
        return "合计", texts[label]
    if header.table in ("ledger", "bank") and not _complete(header, readable):
        moved = _moved(header, row)
        carried = any(_CARRIED.fullmatch(w) and not (moved and _WEAK.fullmatch(w)) for w in words.values())
        if carried and (header.table == "bank" or not readable.get("direction")):
            return "承转", ""
    if (
        not any(readable.values())
        and not _named(header, row, texts)
        and (len(texts) == 1 or _NOTE.match(_plain(first)))
    ):
        return "说明", ""
    return "", ""


def _plain(text: str) -> str:
    return "".join(unicodedata.normalize("NFKC", text).split())


def _readable(header: Header, row: Sequence[Any]) -> dict[str, bool]:
    """Which columns other than texts and ids hold something of their type."""
    found: dict[str, bool] = {}
    spec = tables()[header.table]
    for column in spec.columns:
        j = header.columns.get(column.name)
        if j is None or column.type in ("text", "id", "list"):
            continue
        try:
            found[column.name] = parse_cell(header.table, column, row[j] if j < len(row) else "") is not None
        except UnreadableError:
            found[column.name] = False
    for extra in set(header.columns) - {c.name for c in spec.columns}:
        j = header.columns[extra]
        text = cell_text(row[j]) if j < len(row) else ""
        found[extra] = bool(re.search(r"\d", text))
    return found


def _stands(header: Header, row: Sequence[Any], readable: Mapping[str, bool], texts: Mapping[int, str]) -> bool:
    """Whether a row has what only data has: a day where the table needs one, else its other musts."""
    must = [c for c in tables()[header.table].columns if c.must and c.name in header.columns]
    days = [c.name for c in must if c.type in ("date", "datetime")]
    if days:
        return any(readable[d] for d in days)
    if header.table == "bank" and _moved(header, row):
        return True
    others = [c for c in must if c.type in ("choice", "id", "text")]
    held = sum(header.columns[c.name] in texts for c in others)
    return held >= 2


def _moved(header: Header, row: Sequence[Any]) -> bool:
    """Whether a row of a statement has a day and an amount that moved."""

    def says(name: str, pattern: str) -> bool:
        j = header.columns.get(name)
        return j is not None and j < len(row) and bool(re.search(pattern, cell_text(row[j])))

    placed = [name for name in ("date", "time") if name in header.columns] or ["serial"]
    days = any(says(name, r"\d{4}\D?\d") for name in placed)
    sums = [name for name in ("credit", "debit", "moved") if name in header.columns]
    return days and (not sums or any(says(name, "[1-9]") for name in sums))


def _complete(header: Header, readable: Mapping[str, bool]) -> bool:
    """Whether every must that can be checked is there: then a word such as 合计 in a remark makes no total of it."""
    must = [c for c in tables()[header.table].columns if c.must and c.name in readable]
    choices = [c for c in must if c.type == "choice"]
    return bool(choices) and all(readable[c.name] for c in must)


def _named(header: Header, row: Sequence[Any], texts: Mapping[int, str]) -> bool:
    """Whether an id stands in an id column: letters and figures, not a sentence."""
    ids = [
        header.columns[c.name] for c in tables()[header.table].columns if c.type == "id" and c.name in header.columns
    ]
    return any(j in texts and re.fullmatch(r"[A-Za-z0-9][\w\-/.()]*", texts[j]) for j in ids)


def _begins_another(grid: Grid, at: int) -> bool:
    """Whether a row that is no data of this table is the header of another."""
    row = grid.rows[at]
    if any(isinstance(c, int | float | dt.date) for c in row):
        return False
    found: Found = find_header(grid.rows, at, at + 1, grid.merged)
    return found.header is not None


def _odd_rows(header: Header, rows: Sequence[Sequence[Any]], first: int, stop: int) -> Iterable[int]:
    """Rows that need a look: a must is blank or not of its type, or a word of a total stands in them."""
    odd: set[int] = set()
    spec = tables()[header.table]
    body = rows[first:stop]
    paired = header.table == "bank"
    for column in spec.columns:
        j = header.columns.get(column.name)
        if j is None or not column.must or column.type not in _CHECKED:
            continue
        if paired and column.name in ("credit", "debit"):
            continue
        cells = [row[j] if j < len(row) else "" for row in body]
        odd.update(first + n for n in _irregular(header.table, column, cells))
    if paired and "date" not in header.columns and (when := header.columns.get("time")) is not None:
        cells = [row[when] if when < len(row) else "" for row in body]
        odd.update(first + n for n in _irregular(header.table, spec.column("date"), cells))
    if not any(c.must and c.name in header.columns and c.type in _CHECKED for c in spec.columns):
        return range(first, stop)
    odd.update(first + n for n in _with_total_words(body))
    return odd


def _irregular(table: str, column: Column, cells: Sequence[Any]) -> list[int]:
    if column.type in ("date", "datetime"):
        return [
            n for n, c in enumerate(cells) if not (isinstance(c, dt.date) or (c.__class__ is str and _DAY.match(c)))
        ]
    if column.type in ("money", "count", "number"):
        return [
            n
            for n, c in enumerate(cells)
            if not (c.__class__ is float or (c.__class__ is str and _AMOUNT.fullmatch(c)))
        ]
    if column.type == "choice":
        words = choice_words(table, column.name)
        known = {c: isinstance(c, str) and normal(c) in words for c in set(cells)}
        return [n for n, c in enumerate(cells) if not known[c]]
    return [n for n, c in enumerate(cells) if c in ("", None)]


def _with_total_words(body: Sequence[Sequence[Any]]) -> list[int]:
    """Rows with a text that may be a total's label; the texts are looked at once each."""
    words: set[str] = set()
    for row in body:
        words.update(c for c in row if c.__class__ is str)
    if not (labels := total_words(words)):
        return []
    return [n for n, row in enumerate(body) if not labels.isdisjoint(c for c in row if c.__class__ is str)]


def total_words(words: Iterable[str]) -> set[str]:
    """Those words that may be the label of a total, a line carried forward or an example."""
    labels = [w for w in words if len(w) < 40 and not _LABEL_LETTERS.isdisjoint(w)]
    return {
        w
        for w in labels
        if _TOTAL.fullmatch(_plain(w)) or _CARRIED.fullmatch(_plain(w)) or w.strip().startswith(EXAMPLE)
    }
