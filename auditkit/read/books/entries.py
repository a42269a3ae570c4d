"""Vouchers and day books of accounting programs as rows of entries, and the checks that every such import offers."""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import pandas as pd

from auditkit.model import Issue
from auditkit.read.amounts import AmountError, fold, parse_amount
from auditkit.read.dates import DateError, parse_date, parse_months
from auditkit.read.grids import Grid
from auditkit.read.headers import Header
from auditkit.read.layout import Line, cell_text, row_text
from auditkit.read.marks import pairs_of, subject_of
from auditkit.schema import normal

ENTRIES: Final = "entries"
"""A list of vouchers, each on several lines: what the importer's table is called."""
DAYBOOK: Final = "daybook"
"""The journal of one bank account, with its running balance."""
BALANCES: Final = "balances"
CHART: Final = "chart"
KINDS: Final = (ENTRIES, DAYBOOK, BALANCES, CHART)

OPENING: Final = re.compile(r"(?:上年结转|期初余额|年初余额|月初余额|期初|上期结转|承前页|承上页)(?:金额)?:?")
SUMMED: Final = re.compile(
    r"(?:合计|总计|共计|小计|(?:本|当)(?:日|月|季|期|年|前|页)(?:合计|小计|累计|发生额合计)|过次页|接下页|累计):?"
)
CLOSES: Final = re.compile(r"结转.{0,6}(?:损益|利润)|损益.{0,4}结转|结转至?本年利润")
PROFIT: Final = re.compile(r"本年利润")
_CODE_NAME: Final = re.compile(r"(\d{3,}(?:[.\-]\d+)*)[\s_\-:]*(\D.*)?")
_NUMBER: Final = re.compile(r"(.*?)(\d+)")
_VOID: Final = frozenset(("1", "是", "y", "yes", "true", "作废", "已作废", "√"))
_PARTY: Final = ("客商", "往来单位", "客户", "供应商", "单位", "客户档案", "供应商档案")

COLUMNS: Final = (
    "row", "book", "date", "month", "day", "voucher", "line", "summary", "code", "name", "contra", "party", "debit",
    "credit", "balance", "void", "closing", "doubt",
)  # fmt: skip


@dataclass(frozen=True, eq=False)
class Book:
    """One book of an accounting program as it was read.

    Shape: `frame` one row an entry, columns COLUMNS: month is «2024-04», or «04» where no year is known and date is
    missing; `checks` what the checks came to, in the words of people; `lines` the rows that are no entries.
    Units: debit, credit, balance in fen, 0 where blank (balance missing where blank).
    """

    kind: str
    importer: str
    zh: str
    grid: Grid
    header: Header
    frame: pd.DataFrame
    lines: tuple[Line, ...] = ()
    issues: tuple[Issue, ...] = ()
    checks: Mapping[str, Any] = field(default_factory=dict[str, Any])

    @property
    def name(self) -> str:
        """The sheet as people name it."""
        return f"{self.grid.file}#{self.grid.sheet}" if self.grid.sheet else self.grid.file


@dataclass
class Reader:
    """Reads cells of one sheet by column and keeps what cannot be read."""

    grid: Grid
    header: Header
    unit: str = "元"
    issues: list[Issue] = field(default_factory=list[Issue])

    def cell(self, at: int, name: str) -> Any:
        """The raw cell of a column."""
        j = self.header.columns.get(name)
        row = self.grid.rows[at]
        return "" if j is None or j >= len(row) else row[j]

    def text(self, at: int, name: str) -> str:
        """What the cell says, in half-width form."""
        return fold(cell_text(self.cell(at, name)))

    def fen(self, at: int, name: str, doubt: list[str]) -> int | None:
        """The amount of a cell; None where it is blank, or cannot be read and is in doubt. Units: fen."""
        cell = self.cell(at, name)
        if cell in ("", None) or fold(str(cell)) in ("", "-", "--", "/"):
            return None
        try:
            amount = parse_amount(cell, self.unit)
        except AmountError as error:
            self.say(at, name, f"无法读取：应为{error}", "cannot be read as an amount")
            doubt.append(name)
            return None
        if amount.rounded:
            self.say(at, name, "不止两位小数，已四舍五入到分", "rounded to two decimals", "Q04")
        return amount.fen

    def say(self, at: int, name: str, text: str, english: str, code: str = "Q03") -> None:
        """Notes what is wrong with a cell."""
        title = self.header.titles.get(self.header.columns.get(name, -1), name)
        value = cell_text(self.cell(at, name))
        self.issues.append(
            Issue(code, f"“{title}”{text}", english, "", self.grid.file, self.grid.sheet, at + 1, title, value)
        )

    def tell(self, code: str, text: str, english: str, row: int | None = None) -> None:
        """Notes what a check found."""
        self.issues.append(Issue(code, text, english, "", self.grid.file, self.grid.sheet, row))


def read_rows(reader: Reader, first: int, year: int | None, daybook: bool) -> tuple[list[dict[str, Any]], list[Line]]:
    """The entries below a header, and the lines that are none.

    The head of a voucher may stand on its first line only: it holds for the lines below that do not say otherwise.
    """
    rows: list[dict[str, Any]] = []
    lines: list[Line] = []
    titles = {normal(t) for t in reader.header.titles.values()}
    above: dict[str, Any] = {}
    for at in range(first, len(reader.grid.rows)):
        texts = [t for c in reader.grid.rows[at] if (t := cell_text(c))]
        if not texts:
            continue
        if len(texts) > 1 and all(normal(t) in titles for t in texts):
            lines.append(Line(at, "重复表头", " ".join(texts)))
            continue
        label = next((t for t in texts if _labels(t)), None)
        named = reader.text(at, "code") or reader.text(at, "account")
        if label is not None and not named and (daybook or not reader.text(at, "voucher")):
            kind = "承转" if OPENING.fullmatch(plain(label)) else "合计"
            lines.append(Line(at, kind, row_text(reader.grid.rows[at])))
            continue
        one = _entry(reader, at, year, above, daybook)
        if one is None:
            lines.append(Line(at, "说明", row_text(reader.grid.rows[at])))
            continue
        above = one
        rows.append(one)
    return rows, lines


def _labels(text: str) -> bool:
    label = plain(text)
    return bool(OPENING.fullmatch(label) or SUMMED.fullmatch(label))


def plain(text: str) -> str:
    """A label without spaces and in half-width form."""
    return "".join(unicodedata.normalize("NFKC", text).split())


def _entry(reader: Reader, at: int, year: int | None, above: Mapping[str, Any], daybook: bool) -> dict[str, Any] | None:
    """One line of a voucher; None where it is none: neither account nor amount stands there."""
    doubt: list[str] = []
    debit, credit = reader.fen(at, "debit", doubt), reader.fen(at, "credit", doubt)
    code, name = _account(reader, at)
    if debit is None and credit is None and not doubt and (daybook or not (code or name)):
        return None
    if not daybook and not (code or name):
        reader.tell("B05", "有金额而没有科目，未计入任何科目", "an amount without an account", at + 1)
        doubt.append("code")
    voucher = _voucher(reader, at)
    headless = not voucher and not reader.text(at, "date") and not reader.text(at, "day")
    if headless and not daybook:
        date, month, day = above.get("date"), above.get("month", ""), above.get("day", "")
    else:
        date, month, day = _day(reader, at, year, above, doubt)
    if not voucher and not daybook:
        voucher = above.get("voucher", "")
        if not voucher:
            doubt.append("voucher")
    void = normal(reader.text(at, "void")) in _VOID
    aux = pairs_of(reader.text(at, "aux"))
    party = reader.text(at, "party") or next((aux[k] for k in _PARTY if aux.get(k)), "")
    return {
        "row": at + 1, "book": reader.text(at, "book"), "date": date, "month": month, "day": day, "voucher": voucher,
        "line": reader.text(at, "line"),
        "summary": cell_text(reader.cell(at, "summary")) or (above.get("summary", "") if headless else ""),
        "code": code, "name": name, "contra": reader.text(at, "contra"), "party": party,
        "debit": 0 if void else debit or 0, "credit": 0 if void else credit or 0,
        "balance": reader.fen(at, "balance", doubt), "void": void, "closing": False, "doubt": ",".join(doubt),
    }  # fmt: skip


def _account(reader: Reader, at: int) -> tuple[str, str]:
    """Code and name of the account of a line, in two columns or in one."""
    both = reader.text(at, "account")
    code, name = reader.text(at, "code"), cell_text(reader.cell(at, "name"))
    if both and not code:
        found = _CODE_NAME.fullmatch(both)
        return (found[1], (found[2] or "").strip()) if found else ("", both)
    own, path = subject_of(name) if name else ("", ())
    return code or own, "\\".join(p for p in path if p != code)


def _voucher(reader: Reader, at: int) -> str:
    """Word and number of a voucher, without spaces: «记 - 1» is «记-1»."""
    voucher = reader.text(at, "voucher").replace(" ", "")
    word, number = reader.text(at, "word").replace(" ", ""), reader.text(at, "number").replace(" ", "")
    if voucher or not number:
        return voucher
    return f"{word}-{number}" if word else number


def _day(
    reader: Reader, at: int, year: int | None, above: Mapping[str, Any], doubt: list[str]
) -> tuple[dt.datetime | None, str, str]:
    """Day, month and day of the month of an entry; without a year the day stays open."""
    if "date" in reader.header.columns:
        try:
            day = parse_date(reader.cell(at, "date"), year=year)
        except DateError as error:
            reader.say(at, "date", f"无法读取：应为{error}", "cannot be read as a date")
            doubt.append("date")
            return None, _period(reader, at, year), ""
        return day, f"{day:%Y-%m}", f"{day:%d}"
    own = reader.text(at, "year").rstrip("年")
    month, day = reader.text(at, "month").rstrip("月"), reader.text(at, "day").rstrip("日")
    if not month and above:
        month = str(above.get("month", ""))[-2:]
    stated = int(own) if re.fullmatch(r"(?:19|20)\d\d", own) else year
    if not (re.fullmatch(r"0?[1-9]|1[0-2]", month) and re.fullmatch(r"0?[1-9]|[12]\d|3[01]", day)):
        reader.say(at, "day" if month else "month", "无法读取：应为月、日", "cannot be read as month and day")
        doubt.append("date")
        return None, f"{stated}-{int(month):02d}" if stated and month.isdecimal() else "", ""
    if stated is None:
        if int(day) > [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][int(month) - 1]:
            reader.say(at, "day", f"{month} 月 {day} 日不存在", "no such day")
            doubt.append("date")
        return None, f"{int(month):02d}", f"{int(day):02d}"
    try:
        found = parse_date(f"{stated}-{month}-{day}")
    except DateError as error:
        reader.say(at, "day", f"无法读取：应为{error}", "no such day")
        doubt.append("date")
        return None, f"{stated}-{int(month):02d}", ""
    return found, f"{found:%Y-%m}", f"{found:%d}"


def _period(reader: Reader, at: int, year: int | None) -> str:
    try:
        return parse_months(reader.cell(at, "period"), year=year)
    except DateError:
        return ""


def frame_of(rows: Sequence[Mapping[str, Any]]) -> pd.DataFrame:
    """Entries as a typed frame."""
    frame = pd.DataFrame(list(rows), columns=list(COLUMNS))
    for name in ("debit", "credit", "balance"):
        frame[name] = frame[name].astype("Int64")
    frame["date"] = pd.to_datetime(frame["date"]).astype("datetime64[us]")
    frame["row"] = frame["row"].astype("int64")
    for name in ("book", "month", "day", "voucher", "line", "summary", "code", "name", "contra", "party", "doubt"):
        frame[name] = frame[name].fillna("").astype("str")
    frame["void"] = frame["void"].astype("bool")
    frame["closing"] = frame["closing"].astype("bool")
    return frame


def keys_of(frame: pd.DataFrame) -> pd.Series[str]:
    """What makes a voucher one: year and month, the book it is of, word and number."""
    return frame["month"] + "\x1f" + frame["book"] + "\x1f" + frame["voucher"]


def mark_closing(frame: pd.DataFrame) -> None:
    """Marks the vouchers that close income and expense to the year's profit."""
    if frame.empty:
        return
    to_profit = (
        frame["name"].str.contains(PROFIT)
        | frame["code"].str.match(r"(?:4103|3131)")
        | frame["summary"].str.contains(CLOSES)
    )
    key = keys_of(frame)
    closed = set(key[to_profit & (frame["voucher"] != "")])
    frame["closing"] = key.isin(closed) | (to_profit & (frame["voucher"] == ""))


def split_number(voucher: str) -> tuple[str, int | None]:
    """Word and number of a voucher: «银付-0002» is («银付-», 2)."""
    found = _NUMBER.fullmatch(voucher)
    return (found[1], int(found[2])) if found else (voucher, None)
