"""Subtotals and totals as they stand on paper, beside the sums of the rows that they are of."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import pandas as pd

from auditkit.read.amounts import AmountError, parse_amount
from auditkit.read.details import cell_name, column_number
from auditkit.read.sheets import Part, context_of
from auditkit.schema import category_words, normal

COLUMNS: Final = (
    "file", "sheet", "row", "cell", "table", "column", "label", "direction", "written",
    "sum_plain", "sum_net", "sum_income", "sum_cost", "formula", "left_out",
)  # fmt: skip
"""One row a total cell.

`cell` as Excel names it («F27»); `column` the money column it stands in; `label` as on paper; `direction` «», 收入 or
支出 where label or column says which; `written` what stands there, reckoned from the formula where no value is stored;
`sum_plain` of all rows it covers, `sum_net` income less cost, `sum_income`, `sum_cost`; `formula` without «=»;
`left_out` names the rows that the formula's range leaves out, "" if none.
Units: written and the sums in fen, Int64; missing where a row that it covers cannot be read.
"""
TABLES: Final = ("ledger", "disclosures")
"""Tables whose totals are tested: the ledger, and what was published."""
_SUMS: Final = ("sum_plain", "sum_net", "sum_income", "sum_cost")
_SIDES: Final = {"income": "收入", "cost": "支出"}
_RANGE: Final = re.compile(r"\$?([A-Z]{1,3})\$?(\d+)(?::\$?([A-Z]{1,3})\$?(\d+))?")
_ADDED: Final = re.compile(r"[+\s]*(?:SUM\(([^()]*)\)|(\$?[A-Z]{1,3}\$?\d+))")
_MONTH: Final = re.compile(r"(?:((?:19|20)\d\d)[年\-./])?(\d{1,2})(?=月|$|\D)")


@dataclass(frozen=True)
class Entry:
    """A data row as totals see it. Units: fen; None where it cannot be read."""

    at: int
    date: pd.Timestamp | None
    direction: str
    category: str
    amount: int | None


@dataclass(frozen=True)
class Cell:
    """A total cell on a sheet."""

    at: int
    column: int
    label: str
    direction: str
    written: int | None
    formula: str


def totals_of(parts: Sequence[Part]) -> pd.DataFrame:
    """The total cells of ledgers and published tables with the sums of their rows.

    Shape: COLUMNS.
    """
    found: list[dict[str, Any]] = []
    for part in parts:
        if part.table in TABLES and part.section.totals:
            siblings = [p for p in parts if p.table == part.table and p.grid.file == part.grid.file and p is not part]
            found += _of_part(part, [e for p in siblings for e in entries(p)])
    frame = pd.DataFrame(found, columns=list(COLUMNS))
    for name in ("file", "sheet", "cell", "table", "column", "label", "direction", "formula", "left_out"):
        frame[name] = frame[name].astype("str")
    for name in ("written", *_SUMS):
        frame[name] = frame[name].astype("Int64")
    frame["row"] = frame["row"].astype("int64")
    return frame.sort_values(["file", "sheet", "row", "cell"], ignore_index=True)


def entries(part: Part) -> list[Entry]:
    """The data rows of a part."""
    frame = part.frame
    days = frame["date"] if "date" in frame else pd.Series([pd.NaT] * len(frame))
    return [
        Entry(row - 1, None if pd.isna(day) else day, side, category, None if pd.isna(amount) else int(amount))
        for row, day, side, category, amount in zip(
            frame["row"].tolist(), days, frame["direction"], frame["category"], frame["amount"], strict=True
        )
    ]


def _of_part(part: Part, others: Sequence[Entry]) -> Iterator[dict[str, Any]]:
    own, covered = entries(part), dict[tuple[int, int], frozenset[int]]()
    mine = {id(e) for e in own}
    for cell in _cells(part):
        choices = list(_choices(cell, own, others, part))
        chosen = next((c for c in choices if _agrees(cell, _sums(c))), choices[0])
        covered[cell.at, cell.column] = frozenset(e.at for e in chosen if id(e) in mine)
        sums = _sums(chosen)
        name = "amount" if part.table in TABLES else ""
        yield {
            "file": part.grid.file, "sheet": part.grid.sheet, "row": cell.at + 1,
            "cell": cell_name(cell.at, cell.column), "table": part.table, "column": name, "label": cell.label,
            "direction": cell.direction, "written": cell.written, **dict(zip(_SUMS, sums, strict=True)),
            "formula": cell.formula, "left_out": _left_out(cell, chosen, covered),
        }  # fmt: skip


def _cells(part: Part) -> Iterator[Cell]:
    """The cells of total rows that hold an amount, or a formula that should give one."""
    header, grid, details = part.section.header, part.grid, part.grid.details
    columns = {n: j for n, j in header.columns.items() if n in ("amount", "income", "cost")}
    for at, label in part.section.totals:
        for name, j in sorted(columns.items(), key=lambda c: c[1]):
            cell = grid.rows[at][j] if j < len(grid.rows[at]) else ""
            formula = details.formulas.get((at, j), "") if details is not None else ""
            if cell in ("", None) and not formula:
                continue
            unit = context_of(grid, part.section, j).unit
            try:
                written = parse_amount(cell, unit).fen if cell not in ("", None) else reckon(formula, part, j, unit)
            except AmountError:
                written = None
            yield Cell(at, j, label, _SIDES.get(name) or _side_of(label), written, formula)


def _side_of(label: str) -> str:
    income, cost = "收入" in label or "收益" in label, "支出" in label or "成本" in label
    return "" if income == cost else "收入" if income else "支出"


def _choices(cell: Cell, own: Sequence[Entry], others: Sequence[Entry], part: Part) -> Iterator[list[Entry]]:
    """The rows that a total may be of, the likeliest first."""
    word = "".join(unicodedata.normalize("NFKC", cell.label).split())
    above = [e for e in own if e.at < cell.at]
    before = [at for at, _ in part.section.totals if at < cell.at]
    since = [e for e in above if e.at > max(before, default=-1)]
    last = next((e.date for e in reversed(above) if e.date is not None), None)
    same = [at for at, label in part.section.totals if at < cell.at and _kind(label) == _kind(cell.label)]
    since_same = [e for e in above if e.at > max(same, default=-1)]
    if (category := _category(word)) is not None:
        yield [e for e in above if e.category == category]
        yield [e for e in since if e.category == category]
    if "累计" in word or "本年" in word:
        if last is not None:
            yield [e for e in above if _in(e, last.year)]
            yield [e for e in (*above, *others) if _in(e, last.year) and e.date is not None and e.date <= last]
        yield above
    elif (month := _month_of(word, last)) is not None:
        yield [e for e in above if _in(e, *month)]
        yield since_same
        yield since
    elif "小计" in word or "本页" in word or "本日" in word or "本季" in word:
        yield since
        yield since_same
    else:
        yield above
        yield since_same
        yield [*above, *others]


def _kind(label: str) -> str:
    return re.sub(r"[\d\s年月日.\-/:：()]", "", unicodedata.normalize("NFKC", label))


def _category(word: str) -> str | None:
    """The category that a label names: «电梯广告小计»."""
    return category_words().get(normal(re.sub(r"(小计|合计|总计|共计|累计).*", "", word)))


def _in(entry: Entry, year: int, month: int | None = None) -> bool:
    return entry.date is not None and entry.date.year == year and month in (None, entry.date.month)


def _month_of(word: str, last: pd.Timestamp | None) -> tuple[int, int] | None:
    """The month that a label speaks of: the one it names, else the last row's."""
    if "月" not in word and not re.search(r"\d{4}[-./]\d", word):
        return None
    if found := _MONTH.search(word):
        year = int(found[1]) if found[1] else None if last is None else last.year
        return None if year is None else (year, int(found[2]))
    return None if last is None else (last.year, last.month)


def _sums(rows: Sequence[Entry]) -> tuple[int | None, ...]:
    """Plain, net, income, cost. Units: fen; None where a row is in the way that cannot be read."""
    if any(e.amount is None for e in rows):
        return None, None, None, None
    plain = sum(e.amount or 0 for e in rows)
    if any(e.direction not in ("收入", "支出") for e in rows):
        return plain, None, None, None
    income = sum(e.amount or 0 for e in rows if e.direction == "收入")
    return plain, income - (plain - income), income, plain - income


def _agrees(cell: Cell, sums: Sequence[int | None]) -> bool:
    if cell.written is None:
        return False
    allowed = {"收入": sums[2:3], "支出": sums[3:4]}.get(cell.direction, sums[:2])
    return cell.written in [s for s in allowed if s is not None]


def references(formula: str) -> list[tuple[int, int, int, int]] | None:
    """The cells that a formula of plain sums adds up, as first row, first column, last row, last column from 0.

    None where the formula does anything else.
    """
    text, at = formula.upper().replace(" ", ""), 0
    found: list[tuple[int, int, int, int]] = []
    while at < len(text):
        added = _ADDED.match(text, at)
        if not added:
            return None
        for piece in re.split(r"[,;]", added[1] or added[2] or ""):
            cells = _RANGE.fullmatch(piece)
            if not cells:
                return None
            row, column = int(cells[2]) - 1, column_number(cells[1])
            last = (int(cells[4]) - 1, column_number(cells[3])) if cells[3] else (row, column)
            found.append((row, column, *last))
        at = added.end()
    return found or None


def reckon(formula: str, part: Part, column: int, unit: str, deep: int = 0) -> int | None:
    """What a formula of plain sums comes to, where the file stores no value.

    Units: fen; None where it does more than add up cells, or one of them is no amount.
    """
    ranges, details = references(formula), part.grid.details
    if ranges is None or details is None or deep > 20:
        return None
    total, rows = 0, part.grid.rows
    for first, left, last, right in ranges:
        for at in range(first, min(last + 1, len(rows))):
            for j in range(left, min(right + 1, len(rows[at]))):
                cell = rows[at][j]
                if cell in ("", None):
                    inner = details.formulas.get((at, j))
                    value = 0 if inner is None else reckon(inner, part, column, unit, deep + 1)
                elif isinstance(cell, str) and j == column and ":" not in formula:
                    return None
                else:
                    # SUM passes over texts, and so does this.
                    value = 0 if isinstance(cell, str) else parse_amount(cell, unit).fen
                if value is None:
                    return None
                total += value
    return total


def _left_out(cell: Cell, rows: Sequence[Entry], covered: Mapping[tuple[int, int], frozenset[int]]) -> str:
    """The rows of a total that its formula does not reach, directly or through other totals."""
    ranges = references(cell.formula) if cell.formula else None
    if ranges is None or any(left != cell.column or right != cell.column for _, left, _, right in ranges):
        return ""
    reached = {at for first, _, last, _ in ranges for at in range(first, last + 1)}
    reached |= {at for n in list(reached) for at in covered.get((n, cell.column), ())}
    wanted = [e for e in rows if e.amount != 0 and (not cell.direction or e.direction in ("", cell.direction))]
    missed = [e.at + 1 for e in wanted if e.at not in reached]
    return "" if not missed or len(missed) == len(wanted) else f"第 {_runs(missed)} 行"


def _runs(numbers: Sequence[int]) -> str:
    """3, 4, 5, 9 -> «3-5、9»."""
    runs: list[list[int]] = []
    for n in numbers:
        if runs and runs[-1][1] == n - 1:
            runs[-1][1] = n
        else:
            runs.append([n, n])
    return "、".join(str(a) if a == b else f"{a}-{b}" for a, b in runs)
