"""Notices made by hand: items against months, income beside cost, one column of amounts; read as published lines."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from auditkit.model import Issue
from auditkit.money import yuan
from auditkit.read.amounts import AmountError, fold, parse_amount
from auditkit.read.dates import DateError, parse_date, parse_months
from auditkit.read.extras import days_of
from auditkit.read.grids import Grid
from auditkit.read.headers import Header
from auditkit.read.layout import Line, Section, cell_text, row_text, unit_in
from auditkit.read.sheets import Part, months_in
from auditkit.read.typed import Raw, type_raw
from auditkit.read.values import Context
from auditkit.read.vocabulary import without_ending
from auditkit.schema import categories, category_words, normal

FORM: Final = "disclosure-form"
"""The name of this importer in what people read."""
_PUBLISHED: Final = re.compile(r"公示|公开|公布|公告|经营收益情况|收益收支|收支情况|收支明细|收益情况")
_ITEM: Final = re.compile(r"(?:收支|收益|收入|支出|经营)?(?:项目|内容|类别|名称|科目)(?:名称)?")
_AMOUNT: Final = re.compile(r"(?:本期|本月|本季度?|本年|当期)?(?:金额|数|发生额|发生数|数额|收支金额)")
_YEAR_TOTAL: Final = re.compile(r"累计|合计|总计|小计")
_MONTH: Final = re.compile(
    r"(?:(?:19|20)\d\d[年\-./])?(?:0?[1-9]|1[0-2])月?份?|(?:(?:19|20)\d\d年?)?第?[一二三四1-4]季度?"
)
_NUMBERED: Final = re.compile(r"^(?:[(（]?[一二三四五六七八九十\d]{1,3}[)）、.．:：]|其中[:：]|[-—·])\s*")
_SIDED: Final = re.compile(r"^(收入|支出)(?:项目)?[:：\-—]\s*(.+)$")
_SIDE_TOTAL: Final = re.compile(
    r"(?:(?:本期|本月|本季度?|本年)?(?:总)?(收入|支出|收益|成本)(?:总)?(?:合计|小计|总计|总额|数)?|(收入|支出)(?:项目)?(?:合计|小计|总计|总额))"
)
_OPENING: Final = re.compile(r"(?:期初|上期|上年|上月|上季度?|年初)(?:累计)?(?:结余|余额|结转)(?:金额)?")
_CLOSING: Final = re.compile(r"(?:期末|本期|累计|年末|月末|季末)?(?:结余|余额)(?:金额)?")
_PLAIN_TOTAL: Final = re.compile(r"(?:合计|总计|小计|共计)")
_DAY: Final = r"((?:19|20)\d\d[年.\-/]\s?\d{1,2}[月.\-/]\s?\d{1,2}日?)"
_POSTED: Final = re.compile(
    rf"(?:公示|张贴|公布|公开)(?:日期|时间|期限|期间|期)\s*[:：]?\s*{_DAY}(?:\s*(?:至|到|-+|~|—+)\s*{_DAY})?"
)
_PERIODS: Final = (
    r"(?:19|20)\d\d[年.\-/]\d{1,2}[月.\-/]\d{1,2}日?\s*(?:至|到|-|~|—)\s*(?:19|20)\d\d[年.\-/]\d{1,2}[月.\-/]\d{1,2}日?",
    r"(?:19|20)\d\d年?度?第?[一二三四1-4]季度",
    r"(?:19|20)\d\d年\d{1,2}月?\s*(?:至|到|-|~|—)\s*(?:(?:19|20)\d\d年)?\d{1,2}月",
    r"(?:19|20)\d\d年度?[上下]半年",
    r"(?:19|20)\d\d年\d{1,2}月",
    r"(?:19|20)\d\d年(?:度|全年)?",
)


@dataclass
class Published:
    """The lines of one notice as they stand, one list a column, and the grid's row of each."""

    period: list[tuple[Any, Any]] = field(default_factory=list[tuple[Any, Any]])
    direction: list[str] = field(default_factory=list[str])
    category: list[str] = field(default_factory=list[str])
    amount: list[Any] = field(default_factory=list[Any])
    rows: list[int] = field(default_factory=list[int])
    lines: list[Line] = field(default_factory=list[Line])

    def add(self, at: int, period: tuple[Any, Any], direction: str, category: str, amount: Any) -> None:
        """One published line."""
        self.rows.append(at)
        self.period.append(period)
        self.direction.append(direction)
        self.category.append(category)
        self.amount.append(amount)

    def keep_last_totals(self) -> None:
        """Of several totals of one side and period the last is of all of it; those before are of its groups."""
        keys = [
            (str(p), side) if side in ("收入", "支出") and not category else None
            for p, side, category in zip(self.period, self.direction, self.category, strict=True)
        ]
        last = {key: n for n, key in enumerate(keys)}
        kept = [n for n, key in enumerate(keys) if key is None or last[key] == n]
        for name in ("period", "direction", "category", "amount", "rows"):
            own = getattr(self, name)
            setattr(self, name, [own[n] for n in kept])


@dataclass(frozen=True, slots=True)
class Item:
    """What the label of a line says: its side, and its category («» for the total of the side)."""

    direction: str
    category: str
    total: bool = False


def read_form(grid: Grid) -> Part | None:
    """A notice made by hand; None where the sheet does not say that it is one, or has none of the known forms."""
    for at in range(min(len(grid.rows), 12)):
        above = [text for n in range(at) if (text := row_text(grid.rows[n]))]
        if not _PUBLISHED.search(unicodedata.normalize("NFKC", "\n".join((*above, grid.sheet)))):
            continue
        titles = {j: text for j, cell in enumerate(grid.rows[at]) if (text := fold(cell_text(cell)))}
        if len(titles) < 2:
            continue
        period = period_of("\n".join((*above, grid.sheet)))
        years = months_in(above, grid.sheet)[1]
        found = _by_form(grid, at, titles, period, years[0] if len(set(years)) == 1 else None)
        if found is not None and found.rows:
            found.keep_last_totals()
            return _part(grid, at, titles, above, found)
    return None


def period_of(text: str) -> tuple[Any, Any]:
    """First and last day of what a title speaks of: «2024年第一季度…公示»; blank where it does not say."""
    folded = unicodedata.normalize("NFKC", text)
    for pattern in _PERIODS:
        if found := re.search(pattern, folded):
            return days_of(found[0])
    return "", ""


def _by_form(
    grid: Grid, at: int, titles: Mapping[int, str], period: tuple[Any, Any], year: int | None
) -> Published | None:
    months = {j: days for j, text in titles.items() if (days := _month(text, year)) is not None}
    items = [j for j, text in titles.items() if _ITEM.fullmatch(_bare(text))]
    amounts = [j for j, text in titles.items() if _AMOUNT.fullmatch(_bare(text))]
    if len(months) >= 2 and (items or min(months) > 0):
        # A blank cell over the items is as usual as a word.
        left = [j for j in titles if j < min(months)]
        return _items_by_month(grid, at, items[0] if items else left[-1] if left else min(months) - 1, months)
    sides = {j: item for j, text in titles.items() if (item := _item(text, "")) is not None}
    if normal(titles[min(titles)]) in ("月份", "月", "期间", "季度", "所属期", "所属期间") and len(sides) >= 2:
        return _months_by_item(grid, at, min(titles), sides, year)
    if len(amounts) == 2 and len(items) == 2 and items[0] < amounts[0] < items[1] < amounts[1]:
        named = [_side_of(titles[j]) for j in items]
        over = [
            _side_of(fold(cell_text(grid.rows[at - 1][j]))) if at and j < len(grid.rows[at - 1]) else "" for j in items
        ]
        both = [one or other for one, other in zip(named, over, strict=True)]
        if both == ["收入", "支出"] or both == ["支出", "收入"]:
            return _side_by_side(grid, at, list(zip(items, amounts, both, strict=True)), period)
        return None
    if len(items) == 1 and amounts:
        return _one_column(grid, at, items[0], amounts[0], period)
    if not items and len(sides) >= 2 and all(s.total or s.direction.endswith("结余") for s in sides.values()):
        return _totals_only(grid, at, sides, period)
    return None


def _bare(text: str) -> str:
    return re.sub(r"\([^()]*\)|\s", "", unicodedata.normalize("NFKC", text))


def _side_of(text: str) -> str:
    income, cost = "收入" in text or "收益" in text, "支出" in text
    return "" if income == cost else "收入" if income else "支出"


def _month(text: str, year: int | None) -> tuple[Any, Any] | None:
    """First and last day of a column's month or quarter."""
    bare = _bare(text)
    if not _MONTH.fullmatch(bare) or not re.search(r"月|季|\d{4}[-./]", bare):
        return None
    try:
        return days_of(parse_months(bare, year=year))
    except DateError:
        return None


def _item(label: str, heading: str) -> Item | None:
    """What a label says; None where it is neither an item nor a total of a side."""
    text = _NUMBERED.sub("", unicodedata.normalize("NFKC", label).strip()).strip(" :")
    if found := _SIDED.match(text):
        return Item(found[1], found[2].strip())
    bare = _bare(text)
    if _OPENING.fullmatch(bare):
        return Item("期初结余", "")
    if _CLOSING.fullmatch(bare):
        return Item("期末结余", "")
    if found := _SIDE_TOTAL.fullmatch(bare):
        word = next(g for g in found.groups() if g)
        return Item("收入" if word in ("收入", "收益") else "支出", "", total=True)
    if _PLAIN_TOTAL.fullmatch(bare):
        return Item(heading, "", total=True) if heading else None
    category = _category(bare)
    if category is not None:
        own = "收入" if category in categories("income") else "支出"
        return Item(heading or own, category)
    return Item(heading, text) if heading else None


def _category(word: str) -> str | None:
    words = category_words()
    return next((words[w] for w in (normal(word), *without_ending(normal(word))) if w in words), None)


def _walk(grid: Grid, first: int, column: int, found: Published) -> Iterator[tuple[int, Item, Sequence[Any]]]:
    """The lines below a header: headings set the side of what follows, notes and signatures end up as lines."""
    heading = ""
    for at in range(first, len(grid.rows)):
        row = grid.rows[at]
        texts = [text for cell in row if (text := cell_text(cell))]
        if not texts:
            continue
        label = cell_text(row[column]) if column < len(row) else ""
        figures = any(_is_amount(c) for j, c in enumerate(row) if j != column)
        if not figures:
            bare = _bare(_NUMBERED.sub("", label))
            side = _side_of(bare)
            if label and side and len(bare) <= 12:
                heading = side
            found.lines.append(Line(at, "说明", row_text(row)))
            continue
        item = _item(label, heading) if label else None
        if item is None:
            kind = "合计" if any(_PLAIN_TOTAL.fullmatch(_bare(t)) for t in texts) else "未识别"
            found.lines.append(Line(at, kind, row_text(row)))
            continue
        if item.total:
            found.lines.append(Line(at, "合计", row_text(row)))
        yield at, item, row


def _is_amount(cell: Any) -> bool:
    if isinstance(cell, int | float) and not isinstance(cell, bool):
        return True
    if not isinstance(cell, str) or not re.search(r"[\d零壹贰叁肆伍陆柒捌玖]", cell):
        return False
    try:
        parse_amount(cell)
    except AmountError:
        return False
    return True


def _blank(cell: Any) -> bool:
    return cell is None or fold(str(cell)) in ("", "-", "--", "/", "无")


def _items_by_month(grid: Grid, at: int, column: int, months: Mapping[int, tuple[Any, Any]]) -> Published:
    """Items down, months across."""
    found = Published()
    for n, item, row in _walk(grid, at + 1, column, found):
        for j, days in months.items():
            if j < len(row) and not _blank(row[j]):
                found.add(n, days, item.direction, item.category, row[j])
    return found


def _months_by_item(grid: Grid, at: int, column: int, sides: Mapping[int, Item], year: int | None) -> Published:
    """Months down, items across."""
    found = Published()
    for n in range(at + 1, len(grid.rows)):
        row = grid.rows[n]
        label = fold(cell_text(row[column])) if column < len(row) else ""
        try:
            days = days_of(parse_months(label, year=year))
        except DateError:
            if text := row_text(row):
                found.lines.append(Line(n, "合计" if _YEAR_TOTAL.search(label) else "说明", text))
            continue
        for j, item in sides.items():
            if j < len(row) and not _blank(row[j]):
                found.add(n, days, item.direction, item.category, row[j])
    return found


def _side_by_side(grid: Grid, at: int, sides: Sequence[tuple[int, int, str]], period: tuple[Any, Any]) -> Published:
    """Income on one half of the page, cost on the other."""
    found = Published()
    for n in range(at + 1, len(grid.rows)):
        row = grid.rows[n]
        added = False
        for column, amount, side in sides:
            label = cell_text(row[column]) if column < len(row) else ""
            if not label or amount >= len(row) or _blank(row[amount]) or not _is_amount(row[amount]):
                continue
            item = _item(label, side)
            if item is not None:
                found.add(n, period, item.direction, item.category, row[amount])
                added = True
        if not added and (text := row_text(row)):
            found.lines.append(Line(n, "说明", text))
    return found


def _one_column(grid: Grid, at: int, column: int, amount: int, period: tuple[Any, Any]) -> Published:
    """Items with one column of amounts; the year's running total beside it is not read."""
    found = Published()
    for n, item, row in _walk(grid, at + 1, column, found):
        if amount < len(row) and not _blank(row[amount]):
            found.add(n, period, item.direction, item.category, row[amount])
    return found


def _totals_only(grid: Grid, at: int, sides: Mapping[int, Item], period: tuple[Any, Any]) -> Published:
    """One line of 本期收入, 本期支出, 期末结余."""
    found = Published()
    for n in range(at + 1, len(grid.rows)):
        row = grid.rows[n]
        cells = {j: row[j] for j in sides if j < len(row) and _is_amount(row[j])}
        if not cells:
            if text := row_text(row):
                found.lines.append(Line(n, "说明", text))
            continue
        for j, cell in cells.items():
            found.add(n, period, sides[j].direction, "", cell)
    return found


def _part(grid: Grid, at: int, titles: Mapping[int, str], above: Sequence[str], found: Published) -> Part:
    """The published lines, typed, with their totals compared."""
    header = Header("disclosures", at, at, {}, titles)
    stated = [unit for text in (*above, *titles.values()) if (unit := unit_in(text))]
    section = Section(header, list(above), sorted(set(found.rows)), [], found.lines, stated[-1] if stated else "元")
    section.lines += [Line(n, "标题", text) for n in range(at) if (text := row_text(grid.rows[n]))]
    cells = {
        "period_start": [p[0] for p in found.period], "period_end": [p[1] for p in found.period],
        "direction": found.direction, "category": found.category, "amount": found.amount,
    }  # fmt: skip
    cells |= {name: [cell] * len(found.rows) for name, cell in _posted(grid, set(found.rows)).items()}
    context = Context(unit=section.unit, written=grid.written)
    raw = Raw("disclosures", cells, grid.file, grid.sheet, [n + 1 for n in found.rows], {"amount": context})
    frame, issues = type_raw(raw)
    issues += _totals(grid, frame)
    return Part("disclosures", grid, section, frame, frozenset(cells), tuple(issues), importer=FORM)


def _posted(grid: Grid, data: set[int]) -> dict[str, Any]:
    """The day a notice was put up, and for how long where its last day stands there too."""
    for at in range(len(grid.rows)):
        if at in data or (found := _POSTED.search(unicodedata.normalize("NFKC", row_text(grid.rows[at])))) is None:
            continue
        try:
            first = parse_date(found[1])
            last = parse_date(found[2]) if found[2] else None
        except DateError:
            continue
        if last is None or last < first:
            return {"published_on": first}
        return {"published_on": first, "days_posted": (last - first).days + 1}
    return {}


def _totals(grid: Grid, frame: Any) -> Iterator[Issue]:
    """The published total of a side and month against the items of it."""
    for (start, side), own in frame.groupby(["period_start", "direction"], sort=True):
        if (own["doubt"] != "").any():
            continue
        items, total = own[own["category"] != ""], own[own["category"] == ""]
        if side not in ("收入", "支出") or items.empty or len(total) != 1:
            continue
        written, found = int(total["amount"].iloc[0]), int(items["amount"].sum())
        if written != found:
            text = (
                f"{start:%Y-%m} 起的{side}合计写 {yuan(written)}，各项相加为 {yuan(found)}，差 {yuan(found - written)}"
            )
            english = f"the total of {side} states {yuan(written)}, its items come to {yuan(found)}"
            yield Issue("B20", text, english, "disclosures", grid.file, grid.sheet, int(total["row"].iloc[0]))
