"""One cell: what is typed, and what it means in its column; read in one way only, or refused."""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any, Final

from auditkit.money import yuan
from auditkit.read.amounts import AmountError, fold, parse_amount
from auditkit.read.dates import DateError, parse_date, parse_datetime, parse_months, parse_time
from auditkit.read.vocabulary import ALL_TOGETHER, EVERY, OTHER, flag_words, without_ending
from auditkit.schema import Column, category_words, choice_words, normal

_BLANK: Final = frozenset(("", "-", "--", "---", "/", "//", "\\", "null", "none", "nan", "nat", "n/a", "<na>"))
_NOTHING: Final = frozenset(("无", "暂无", "未填", "空"))
"""Words that mean «none» in a column of dates, numbers and amounts."""
_ERRORS: Final = re.compile(r"#(?:N/A|REF!|DIV/0!|VALUE!|NAME\?|NUM!|NULL!|GETTING_DATA|SPILL!|CALC!)", re.IGNORECASE)
_DAMAGED: Final = re.compile(r"\d(?:\.\d+)?E\+\d+", re.IGNORECASE)
_UNSEEN: Final = re.compile(r"[\u200b-\u200f\u2028-\u202f\u2060\ufeff\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")
_FULL: Final = {
    full: full - 0xFEE0 for first, last in ((0xFF10, 0xFF19), (0xFF21, 0xFF3A), (0xFF41, 0xFF5A))
    for full in range(first, last + 1)
}  # fmt: skip
_COUNT: Final = re.compile(r"(\d{1,3}(?:,\d{3})+|\d+)(?:\.0+)?(?:户|人|部|台|个|天|日|分钟|分|位|名|辆|套|间|块|处)?")
_NUMBER: Final = re.compile(
    r"(-?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?)(?:m2|平方米|平米|平方|个|块|台|套|处|部|间|位|根|面|组|只|辆|米|m|扇|张|座)?",
    re.IGNORECASE,
)
_PERCENT: Final = re.compile(r"(?:百分之|([+-]?\d+(?:\.\d+)?)(%|‰)?)(.*)")
_TENTHS: Final = dict(zip("一二三四五六七八九", range(1, 10), strict=True))
_RANGE: Final = re.compile(r"(?P<head>.*?)(?P<one>\d+)(?:~|至|到)(?P<head2>.*?)(?P<other>\d+)")
ACCOUNTS: Final = frozenset(("account", "counterparty_account", "payee_account"))
"""Ids whose spaces are only there to be read."""


class UnreadableError(ValueError):
    """The cell stands there but cannot be read as what its column holds; the text says what was expected."""


class NoValue(str):
    """A formula whose result the file does not store."""


@dataclass(frozen=True, slots=True)
class Context:
    """What a sheet says of its cells beside the cell itself.

    `unit` is what a bare amount counts; `percent` whether the header says %; `year` completes a day without one;
    `months` are those that the sheet's title names; `written` is true where a file stores numbers as text (csv).
    """

    unit: str = "元"
    percent: bool = False
    year: int | None = None
    months: tuple[str, ...] = ()
    system_1904: bool = False
    written: bool = False


PLAIN: Final = Context()


@dataclass(frozen=True, slots=True)
class Reading:
    """The value of a cell (None where it is blank), and what was done to read it, in Chinese and English."""

    value: Any
    note: str = ""
    note_en: str = ""
    code: str = "Q04"


def parse_cell(table: str, column: Column, cell: Any, context: Context = PLAIN) -> Any:
    """The value of a cell in fen, dates, ids as the column's type has it; None where the cell is blank.

    Raises: UnreadableError.
    """
    return read_cell(table, column, cell, context).value


def read_cell(table: str, column: Column, cell: Any, context: Context = PLAIN, number_format: str = "") -> Reading:
    """The value of a cell, with a note where it was not taken as it stands.

    Raises: UnreadableError.
    """
    if cell is None or cell == "":
        return Reading(None)
    if isinstance(cell, NoValue):
        raise UnreadableError(f"数值，而公式 ={cell} 没有存储结果；请用表格软件打开后保存一次")
    if isinstance(cell, str):
        word = fold(cell).lower()
        if word in _BLANK or (word in _NOTHING and column.type not in ("text", "id", "choice", "list")):
            return Reading(None)
        if _ERRORS.fullmatch(word):
            raise UnreadableError(f"{column.zh}，单元格为公式错误")
    try:
        return _of_type(table, column, cell, context, number_format)
    except (AmountError, DateError) as error:
        raise UnreadableError(str(error)) from error


def _of_type(table: str, column: Column, cell: Any, context: Context, number_format: str) -> Reading:
    match column.type:
        case "money":
            return _money(cell, context, number_format)
        case "count":
            return Reading(_count(cell))
        case "number":
            return Reading(_number(cell))
        case "ratio":
            return Reading(_ratio(cell, context, number_format))
        case "flag":
            return Reading(_flag(table, column, cell))
        case "date":
            return Reading(parse_date(cell, year=context.year, system_1904=context.system_1904))
        case "datetime":
            return Reading(parse_datetime(cell, system_1904=context.system_1904))
        case "month":
            return read_month(cell, context, number_format)
        case "choice":
            return Reading(_choice(table, column, cell))
        case "list":
            return Reading(_list(table, column, cell))
        case "id":
            return Reading(_id(cell, column.name in ACCOUNTS))
        case _:
            return Reading(_text(cell, clock=(table, column.name) == ("bank", "time")))


def _money(cell: Any, context: Context, number_format: str) -> Reading:
    if isinstance(cell, dt.date | dt.time | dt.timedelta):
        raise UnreadableError("金额，单元格是日期或时间")
    unit = context.unit
    if not isinstance(cell, str) and re.search("[万亿]", number_format):
        raise UnreadableError("金额，单元格以万元格式显示，看不出存的是元还是万元")
    amount = parse_amount(cell, unit)
    if amount.refunded is not None:
        return Reading(amount.fen, f"另注明已退款 {yuan(amount.refunded)} 元，按原额读取", "refund noted, gross taken")
    if amount.rounded:
        read = yuan(amount.fen)
        return Reading(amount.fen, f"原值 {cell}，四舍五入到分为 {read} 元", f"{cell} rounded to {read}")
    return Reading(amount.fen)


def _decimal(text: str) -> Decimal:
    try:
        number = Decimal(text)
    except InvalidOperation as error:
        raise UnreadableError("数值") from error
    if not number.is_finite():
        raise UnreadableError("数值")
    return number


def _stored(cell: Any, what: str) -> Decimal | None:
    """A number as the sheet stores it, at the fifteen digits that it shows; None where the cell is a text."""
    if isinstance(cell, bool | dt.date | dt.time | dt.timedelta):
        raise UnreadableError(what)
    if isinstance(cell, int | float):
        return _decimal(f"{cell:.15g}" if isinstance(cell, float) else str(cell))
    return None


def _count(cell: Any) -> int:
    number = _stored(cell, "整数")
    if number is None:
        found = _COUNT.fullmatch(fold(str(cell)).replace(" ", ""))
        if not found:
            raise UnreadableError("整数")
        return int(found[1].replace(",", ""))
    if number != number.to_integral_value():
        raise UnreadableError("整数")
    return int(number)


def _number(cell: Any) -> float:
    number = _stored(cell, "数值")
    if number is None:
        found = _NUMBER.fullmatch(fold(str(cell)).replace(" ", ""))
        if not found:
            raise UnreadableError("数值")
        number = _decimal(found[1].replace(",", ""))
    return float(number)


def _ratio(cell: Any, context: Context, number_format: str) -> float:
    """30 %, 0.3, 三成; a bare 30 only where the header or the number format says %."""
    number = _stored(cell, "比例，如 30% 或 0.3")
    if number is None:
        text = fold(str(cell)).replace(" ", "")
        if found := re.fullmatch(r"百分之([一二三四五六七八九十百零]+)", text):
            return float(Decimal(_numeral(found[1])) / 100)
        if found := re.fullmatch(r"([一二三四五六七八九])成(?:([一二三四五六七八九])|半)?", text):
            rest = 5 if text.endswith("半") else _TENTHS.get(found[2] or "", 0)
            return float(Decimal(_TENTHS[found[1]] * 10 + rest) / 100)
        found = re.fullmatch(r"([+-]?\d+(?:\.\d+)?|[+-]?\.\d+)(%|‰)?", text)
        if not found:
            raise UnreadableError("比例，如 30% 或 0.3")
        number = _decimal(found[1])
        if found[2]:
            return float(number / (100 if found[2] == "%" else 1000))
    elif "%" in number_format:
        return float(number / 100) if re.search(r"[\"\\!]%", number_format) else float(number)
    if not context.percent:
        if abs(number) > 1:
            raise UnreadableError("比例，如 30% 或 0.3；大于 1 而未写 %")
        return float(number)
    if 0 < abs(number) < 1:
        raise UnreadableError(f"比例，表头已写 %，看不出 {number} 是 {number}% 还是 {number * 100:f}%")
    return float(number / 100)


def _numeral(text: str) -> int:
    if text == "百":
        return 100
    tens, found, ones = text.rpartition("十")
    if not found:
        return _TENTHS.get(text, 0)
    return 10 * _TENTHS.get(tens or "一", 0) + _TENTHS.get(ones, 0)


def _flag(table: str, column: Column, cell: Any) -> bool:
    if isinstance(cell, bool):
        return cell
    word = normal(f"{cell:g}" if isinstance(cell, float) else str(cell))
    value = flag_words(f"{table}.{column.name}").get(word)
    if value is None:
        raise UnreadableError("是或否")
    return value


def read_month(cell: Any, context: Context, number_format: str = "") -> Reading:
    """The month or months of a cell; 2018.1 is decided by its number format and by what the sheet is headed.

    Raises: DateError where it cannot be decided.
    """
    tenth = _tenth(cell, context)
    if tenth is None:
        return Reading(parse_months(cell, year=context.year, system_1904=context.system_1904))
    january, october = f"{tenth}-01", f"{tenth}-10"
    shown = re.match(r"[^.;]*0\.(0+)", number_format)
    headed = [month for month in (january, october) if month in context.months]
    why: list[str] = []
    if shown and len(shown[1]) in (1, 2):
        by_format = october if len(shown[1]) == 2 else january
        why.append(f"单元格格式 {number_format.strip()} 显示为 {tenth}.{'10' if by_format == october else '1'}")
        if headed and by_format not in headed:
            raise DateError(f"月份，{why[0]}，而表头所写月份为 {headed[0]}")
        chosen = by_format
    elif len(headed) == 1:
        chosen = headed[0]
    else:
        raise DateError(f"月份，数值 {cell} 既可能是 {tenth} 年 1 月，也可能是 10 月")
    if headed:
        why.append(f"本表标题写明 {headed[0]}")
    text = f"存为数值 {cell}，既可能是 1 月也可能是 10 月；按 {chosen} 读取，因为{'，'.join(why)}"
    return Reading(chosen, text, f"stored as the number {cell}, January or October; read as {chosen}", "Q05")


def _tenth(cell: Any, context: Context) -> str | None:
    """The year of a number such as 2018.1; as a text it is one only where the file stores numbers as text."""
    if isinstance(cell, float) and (found := re.fullmatch(r"(\d{4})\.1", f"{cell:.10g}")):
        return found[1]
    if context.written and isinstance(cell, str) and (found := re.fullmatch(r"(\d{4})\.1", fold(cell))):
        return found[1]
    return None


def _choice(table: str, column: Column, cell: Any) -> str:
    words = choice_words(table, column.name)
    word = normal(f"{cell:g}" if isinstance(cell, float) else str(cell))
    if word in words:
        return words[word]
    if column.name == "category":
        if table == "disclosures" and word in ALL_TOGETHER:
            return ""
        if word in OTHER:
            return _other(column)
        for shorter in without_ending(word):
            if shorter in words:
                return words[shorter]
    raise UnreadableError("“" + "、".join(column.choices) + "”之一")


def _other(column: Column) -> str:
    """«其他» alone: of income where the column holds only income; else the row's direction decides."""
    return "其他" if "其他支出" in column.choices else "其他收入"


def _list(table: str, column: Column, cell: Any) -> str:
    text = _id(cell, spaces=False)
    parts = [part.strip() for part in re.split(r"[;；、,，\n\t|]", text) if part.strip()]
    if column.name == "categories":
        return ";".join(_categories(parts))
    return ";".join(one for part in parts for one in _every(part))


def _categories(parts: list[str]) -> list[str]:
    words, found = category_words(), list[str]()
    for part in parts:
        word = normal(part)
        if word in EVERY:
            return []
        near = [words[w] for w in (word, *without_ending(word)) if w in words]
        if not near:
            raise UnreadableError(f"收入类别，“{part}”不在其中")
        found.append(near[0])
    return found


def _every(part: str) -> list[str]:
    """ZY-001~ZY-003 is three ids."""
    found = _RANGE.fullmatch(part)
    if not found:
        return [part]
    first, last = int(found["one"]), int(found["other"])
    if found["head2"] not in ("", found["head"]) or not first < last <= first + 999:
        raise UnreadableError(f"编号，“{part}”看不出是哪几个")
    return [f"{found['head']}{n:0{len(found['one'])}d}" for n in range(first, last + 1)]


def _id(cell: Any, spaces: bool = False) -> str:
    """An id as text; one that a program has rounded or turned into a date is refused."""
    if isinstance(cell, bool):
        return str(cell).upper()
    if isinstance(cell, dt.date | dt.time | dt.timedelta):
        raise UnreadableError("编号，已被表格软件转成了日期或时间")
    if isinstance(cell, int | float):
        if abs(cell) >= 10**15:
            raise UnreadableError("编号，按数值存储已丢失末尾数字，请按文本重新导出")
        return f"{cell:.15g}" if isinstance(cell, float) else str(cell)
    text = unicodedata.normalize("NFKC", str(cell))
    text = " ".join(_UNSEEN.sub("", text).split()).strip("`'").strip()
    if _DAMAGED.fullmatch(text):
        raise UnreadableError("编号，科学计数法已丢失末尾数字，请按文本重新导出")
    return text.replace(" ", "") if spaces else text


def _text(cell: Any, clock: bool = False) -> str:
    """A text without what cannot be seen; letters and digits half-width, everything else as written."""
    if clock:
        try:
            return parse_time(cell)
        except DateError:
            pass
    if isinstance(cell, dt.datetime):
        return f"{cell:%Y-%m-%d %H:%M:%S}".removesuffix(" 00:00:00")
    if isinstance(cell, float):
        return f"{cell:.15g}"
    text = _UNSEEN.sub("", str(cell)).translate(_FULL)
    return " ".join(text.split()).removeprefix("`").strip()
