"""What a statement states about itself, in words, in lines of totals, under a second header; against its rows."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from auditkit.model import Issue
from auditkit.money import yuan
from auditkit.read.amounts import AmountError, fold, parse_amount
from auditkit.read.grids import Grid
from auditkit.read.layout import Section, cell_text, row_text
from auditkit.read.movements import Statement

_COUNT: Final = r"(?P<count>\d+)"
_TIMES: Final = rf"\s*:\s*{_COUNT}\s*笔(?:\([^)]*\))?[,、\s]*(?:共|金额)?:?\s*(?P<sum>-?[\d,]+\.\d+)\s*元?"
_SUM: Final = r"[^\d\n+-]{0,16}?(?P<sum>[+-]?\d[\d,]*(?:\.\d+)?)"
_BARE: Final = r"(?!\s*:\s*\d+\s*笔)" + _SUM
_ALL: Final = r"(?:(?:发生|总)?(?:额|金额)?(?:总额|合计|总计)|总(?:金)?额)"
_SHORT: Final = r"(?<!\d)(?P<count>\d+)\s*笔?\s*"
_PATTERNS: Final = tuple(
    (what, re.compile(pattern, re.MULTILINE))
    for what, pattern in (
        ("records", rf"(?:共|总笔数|总条数|记录数|交易笔数)[^\d\n]{{0,24}}{_COUNT}\s*(?:笔|条)?(?:记录|$|\s)"),
        ("in", rf"(?<![不非])(?:收入|贷方)(?:合计)?{_TIMES}"),
        ("out", rf"(?:支出|借方)(?:合计)?{_TIMES}"),
        ("neutral", rf"(?:不计收支|中性交易){_TIMES}"),
        ("in", rf"(?:贷方{_ALL}|总收入|收入(?:总(?:金)?额|合计(?:金额)?)){_BARE}"),
        ("out", rf"(?:借方(?:发生)?总笔数|支出(?:总)?笔数|借方笔数)[^\d\n]{{0,40}}{_COUNT}"),
        (
            "in",
            rf"(?:贷方(?:发生|总)?(?:额|金额)?(?:总额|合计|总计)|贷方总(?:金)?额|总收入|收入(?:总(?:金)?额|合计(?:金额)?)){_BARE}",
        ),
        (
            "out",
            rf"(?:借方(?:发生|总)?(?:额|金额)?(?:总额|合计|总计)|借方总(?:金)?额|总支出|支出(?:总(?:金)?额|合计(?:金额)?)){_BARE}",
        ),
        ("in", rf"{_SHORT}收(?:入)?\s*(?P<sum>\d[\d,]*\.\d\d)"),
        ("out", rf"{_SHORT}(?:支|付)(?:出)?\s*(?P<sum>\d[\d,]*\.\d\d)"),
        ("opening", rf"(?:期初|上期|承前)(?:账户)?余额{_SUM}"),
        ("closing", rf"(?:期末|本期末)(?:账户)?余额{_SUM}"),
    )
)
_SECOND: Final[Mapping[str, tuple[str, str]]] = {
    "资金流水总笔数": ("records", "count"), "收入笔数": ("in", "count"), "收入金额": ("in", "sum"),
    "支出笔数": ("out", "count"), "支出金额": ("out", "sum"), "总交易单数": ("records", "count"),
}  # fmt: skip
_NAMES: Final = {
    "records": ("笔数", "rows"), "in": ("收入", "in"), "out": ("支出", "out"), "neutral": ("不计收支", "neutral"),
    "opening": ("期初余额", "opening"), "closing": ("期末余额", "closing"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Declared:
    """What a file states about itself, and what its rows come to.

    Units: amount and found_amount in fen; None where nothing is stated.
    """

    what: str
    count: int | None
    amount: int | None
    found_count: int | None
    found_amount: int | None
    row: int

    @property
    def differs(self) -> bool:
        """Whether the rows come to something else."""
        return (self.count is not None and self.count != self.found_count) or (
            self.amount is not None and self.found_amount is not None and self.amount != self.found_amount
        )


def declared_of(grid: Grid, section: Section, whole: Statement) -> list[Declared]:
    """Everything a file states about its rows, each with what the rows come to."""
    stated: dict[str, dict[str, Any]] = {}
    data = set(section.rows)
    for at in range(len(grid.rows)):
        if at in data or section.header.first <= at <= section.header.last:
            continue
        text = unicodedata.normalize("NFKC", row_text(grid.rows[at]))
        for what, pattern in _PATTERNS:
            for m in pattern.finditer(text):
                got = stated.setdefault(what, {"row": at + 1})
                for key, value in m.groupdict().items():
                    if value is not None:
                        got.setdefault(key, value.replace(",", ""))
        _second(grid, at, stated)
    _total_row(grid, section, stated)
    return [_compare(what, got, whole) for what, got in stated.items()]


def _second(grid: Grid, at: int, stated: dict[str, dict[str, Any]]) -> None:
    """A second header below the rows, with one line of values."""
    if at + 1 >= len(grid.rows):
        return
    titles = [fold(cell_text(c)) for c in grid.rows[at]]
    if sum(t in _SECOND for t in titles) < 1 or len([t for t in titles if t]) < 4:
        return
    for title, cell in zip(titles, grid.rows[at + 1], strict=False):
        if title in _SECOND and (value := fold(cell_text(cell))):
            what, key = _SECOND[title]
            stated.setdefault(what, {"row": at + 2})[key] = value.replace(",", "")


def _total_row(grid: Grid, section: Section, stated: dict[str, dict[str, Any]]) -> None:
    """The last line of totals under the columns of money in and money out."""
    named = re.compile(r"(?:合\s*计|总\s*计|共\s*计)(?:金额|数)?[:：]?")
    whole = [at for at, label in section.totals if named.fullmatch(label.strip())]
    if not whole:
        return
    row = grid.rows[whole[-1]]
    for name, what in (("credit", "in"), ("debit", "out")):
        j = section.header.columns.get(name)
        if j is not None and j < len(row) and (text := cell_text(row[j])):
            stated.setdefault(what, {"row": whole[-1] + 1}).setdefault("sum", text)


def _whole(text: Any) -> int | None:
    """A stated number of rows; None where no whole number stands there."""
    found = re.fullmatch(r"(\d{1,9})(?:\.0+)?", str(text).strip())
    return int(found[1]) if found else None


def _compare(what: str, got: Mapping[str, Any], whole: Statement) -> Declared:
    count = _whole(got["count"]) if "count" in got else None
    try:
        amount = parse_amount(got["sum"]).fen if "sum" in got else None
    except AmountError:
        amount = None
    rows = whole.rows[whole.rows["yuan"]]
    if what == "records":
        return Declared(what, count, None, len(whole.rows), None, got["row"])
    if what in ("opening", "closing"):
        return Declared(what, None, amount, None, whole.opening if what == "opening" else whole.closing, got["row"])
    name = {"in": "credit", "out": "debit", "neutral": "neutral"}[what]
    # Platforms count closed trades in their own totals or leave them out: what fits is taken, else what moved.
    best: tuple[int, int] | None = None
    for some in (rows[rows["counted"]], rows):
        own = some[some[name].notna() & (some[name] != 0)]
        for back in (0, 1):
            total = int(own[name].sum()) - back * int(own["refunded"].fillna(0).sum())
            best = best or (len(own), total)
            if (amount is None or abs(amount) == total) and count in (None, len(own)):
                return Declared(what, count, None if amount is None else abs(amount), len(own), total, got["row"])
    found = best or (0, 0)
    return Declared(what, count, None if amount is None else abs(amount), *found, got["row"])


def differences(declared: Iterable[Declared], grid: Grid) -> list[Issue]:
    """What a file states about itself and its rows do not come to; nothing is repaired."""
    found: list[Issue] = []
    for one in declared:
        if not one.differs:
            continue
        zh, en = _NAMES[one.what]
        stated = "、".join(p for p in (f"{one.count} 笔" * (one.count is not None), _text(one.amount)) if p)
        rows = "、".join(p for p in (f"{one.found_count} 笔" * (one.count is not None), _text(one.found_amount)) if p)
        text = f"文件自载{zh}为 {stated}，逐行合计为 {rows}，两者不一致；已按逐行读取，请核对是否导出不全"
        english = (
            f"the file states {en} {one.count} / {one.amount} fen, "
            f"its rows come to {one.found_count} / {one.found_amount}: nothing was changed"
        )
        found.append(Issue("I01", text, english, "bank", grid.file, grid.sheet, one.row))
    return found


def _text(amount: int | None) -> str:
    return "" if amount is None else f"{yuan(amount)} 元"
