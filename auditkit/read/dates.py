"""Days, times, months and terms as people write them; an impossible or ambiguous one is refused, never moved."""

from __future__ import annotations

import calendar
import datetime as dt
import re
from typing import Any, Final

from auditkit.read.amounts import fold

FIRST_YEAR: Final = 1950
LAST_YEAR: Final = 2100
_SERIALS: Final = (18_264, 73_415)
"""Day numbers of 1950-01-02 and 2100-12-31 in Excel's 1900 system."""
_EPOCH: Final = dt.datetime(1899, 12, 30)
SYSTEM_1904: Final = 1_462
"""Days that a workbook of the 1904 system counts less."""

_NUMERALS: Final = str.maketrans("〇零○一二三四五六七八九", "000123456789")
_TENS: Final = re.compile(r"(?<![0-9一二三四五六七八九])(?:([二三])?十([一二三四五六七八九])?)(?=[月日号季])")
_YMD: Final = re.compile(r"(\d{4})(?:([-/.])(\d{1,2})\2(\d{1,2})|年(\d{1,2})月(\d{1,2})[日号]?)")
_SHORT_YMD: Final = re.compile(r"(\d{2})(?:([-/.])(\d{1,2})\2(\d{1,2})|年(\d{1,2})月(\d{1,2})[日号]?)")
_DMY: Final = re.compile(r"(\d{1,2})([-/.])(\d{1,2})\2(\d{4})")
_COMPACT: Final = re.compile(r"(\d{4})(\d{2})(\d{2})")
_MD: Final = re.compile(r"(\d{1,2})(?:月(\d{1,2})[日号]?|[-/.](\d{1,2}))")
_WEEKDAY: Final = re.compile(r"[( ]?(?:星期|周)[一二三四五六日天]\)?")
_TIME: Final = re.compile(
    r"(?P<half>上午|下午|晚上|中午|凌晨|[AP]M)? ?(?P<h>\d{1,2})(?::|时|点)(?P<m>\d{1,2})"
    r"(?:(?::|分)(?P<s>\d{1,2})(?:秒|\.\d+)?|分)?"
    r" ?(?P<after>[AP]M)?",
    re.IGNORECASE,
)
_BEFORE_TIME: Final = re.compile(
    r"(?:(?<=\d|日|号)[T ]|(?<=日|号))(?=(?:上午|下午|晚上|中午|凌晨|[AaPp][Mm])? ?\d{1,2}(?::|时|点)|\d{6}$)"
)
_SIX: Final = re.compile(r"(\d{2})(\d{2})(\d{2})")
_MONTH: Final = re.compile(r"(\d{4}|\d{2}(?=年))(?:[-/.](\d{1,2})|年(\d{1,2})月?份?)(?:月份?)?")
_MONTHS: Final = re.compile(
    r"(?:(?P<y>\d{4}|\d{2}(?=年))[-/.年])?(?P<m>\d{1,2})(?:月份?)?(?P<sep>-|~|至|到|、|,|/)"
    r"(?:(?P<y2>\d{4}|\d{2}(?=年))[-/.年])?(?P<m2>\d{1,2})(?:月份?)?"
)
_QUARTER: Final = re.compile(r"(?:(?P<y>\d{4})年?度?)?第?(?:(?P<q>[1-4])(?:季度|季)|Q(?P<q2>[1-4]))", re.IGNORECASE)
_HALF: Final = re.compile(r"(?:(?P<y>\d{4})年?度?)?(?P<half>[上下])半年")
_YEAR: Final = re.compile(r"(\d{4})(?:年度?|全年|年全年)")


class DateError(ValueError):
    """The text is no date that can only be read in one way; the message says what was expected."""


def arabic(text: str) -> str:
    """Chinese numerals of a date in figures: 二〇二四年十月 -> 2024年10月."""
    tens = _TENS.sub(lambda m: f"{m[1] or '一'}{m[2] or '零'}", text)
    return tens.translate(_NUMERALS) if re.search(r"[年月日季]", text) else text


def parse_date(cell: Any, *, year: int | None = None, system_1904: bool = False) -> dt.datetime:
    """The day of a cell; `year` completes 7月25日.

    Raises: DateError.
    """
    if isinstance(cell, dt.datetime):
        return _day(cell.year, cell.month, cell.day)
    if isinstance(cell, dt.date):
        return _day(cell.year, cell.month, cell.day)
    if isinstance(cell, int | float) and not isinstance(cell, bool):
        return _serial(cell, system_1904).replace(hour=0, minute=0, second=0, microsecond=0)
    text = _date_text(str(cell))
    if (at := _split_time(text)) is not None:
        parse_time(text[at:])
        text = text[:at].strip(" T")
    return _day_of(text, year)


def parse_datetime(cell: Any, *, system_1904: bool = False) -> dt.datetime:
    """The day and time of a cell; a day without a time is refused unless the sheet itself stores it as a date.

    Raises: DateError.
    """
    if isinstance(cell, dt.datetime):
        _day(cell.year, cell.month, cell.day)
        return cell.replace(tzinfo=None, microsecond=0)
    if isinstance(cell, dt.date):
        return _day(cell.year, cell.month, cell.day)
    if isinstance(cell, int | float) and not isinstance(cell, bool):
        if cell >= 10**13:
            return _joined(f"{cell:.0f}")
        return _serial(cell, system_1904)
    text = _date_text(str(cell))
    if re.fullmatch(r"\d{12}|\d{14}", text):
        return _joined(text)
    at = _split_time(text)
    if at is None:
        _day_of(text, None)
        raise DateError("日期和时间，只写了日期")
    return _at(_day_of(text[:at].strip(" T"), None), text[at:])


def parse_time(cell: Any) -> str:
    """A time of day as HH:MM:SS: «18:53:19», «123456», a fraction of a day.

    Raises: DateError.
    """
    if isinstance(cell, dt.datetime | dt.time):
        return f"{cell:%H:%M:%S}"
    if isinstance(cell, dt.timedelta):
        cell = cell.total_seconds() / 86_400
    if isinstance(cell, float) and 0 <= cell < 1:
        seconds = round(cell * 86_400)
        return _clock_text(seconds // 3600, seconds // 60 % 60, seconds % 60)
    text = fold(f"{cell:.0f}" if isinstance(cell, float) else str(cell))
    digits = text.zfill(6) if re.fullmatch(r"\d{5,6}", text) else text
    if found := _SIX.fullmatch(digits):
        return _clock_text(*(int(part) for part in found.groups()))
    if at := _split_time(_date_text(text)):
        return _clock_text(*_clock(_date_text(text)[at:]))
    return _clock_text(*_clock(text))


def parse_term(cell: Any) -> tuple[dt.datetime, dt.datetime]:
    """First and last day of a term in one cell: «2018.01.01-2018.12.31», «20180501-20190430», «201808-201812».

    Raises: DateError.
    """
    text = _date_text(str(cell)).replace(" ", "")
    text = re.sub(r"\((?![^()]*\d{4})[^()]*\)$", "", text)
    if found := re.fullmatch(r"(\d{4})(\d{2})-(\d{4})(\d{2})", text):
        one, other = _ym(found[1], found[2]), _ym(found[3], found[4])
        return _day(*one, 1), _last_of(*other)
    for found in _splits(text):
        try:
            first, last = found
            if _MONTH.fullmatch(first) and _MONTH.fullmatch(last):
                return _day(*_one_month(first), 1), _last_of(*_one_month(last))
            return _day_of(first, None), _day_of(last, None)
        except DateError as error:
            if "不存在" in str(error):
                raise
    raise DateError("起止日期，如 2024.1.1-2024.12.31")


def _splits(text: str) -> list[tuple[str, str]]:
    """Each way to cut a term in two at a mark that joins two days."""
    marks = re.finditer(r"起?(?:至|到|—+|~|--?)", text)
    return [(text[: m.start()].removeprefix("自"), text[m.end() :].removesuffix("止")) for m in marks]


def parse_months(cell: Any, *, year: int | None = None, system_1904: bool = False) -> str:
    """A month «2024-04», or the first and last of several «2024-07/2024-09».

    Raises: DateError.
    """
    if isinstance(cell, dt.date):
        return f"{cell.year:04d}-{cell.month:02d}"
    if isinstance(cell, bool):
        raise DateError("月份")
    if isinstance(cell, int | float):
        return _month_number(cell, system_1904)
    text = arabic(fold(str(cell)).replace(" ", "").upper()).rstrip("。.")
    if re.fullmatch(r"\d{4}(0[1-9]|1[0-2])", text):
        return f"{text[:4]}-{text[4:]}"
    if _MONTH.fullmatch(text):
        return "{:04d}-{:02d}".format(*_one_month(text))
    if found := re.fullmatch(r"(\d{4})(\d{2})[-~至到](\d{4})(\d{2})", text):
        return _span(_ym(found[1], found[2]), _ym(found[3], found[4]))
    if found := _YEAR.fullmatch(text):
        return _span((int(found[1]), 1), (int(found[1]), 12))
    if found := _QUARTER.fullmatch(text):
        y, q = _year(found["y"], year), int(found["q"] or found["q2"])
        return _span((y, 3 * q - 2), (y, 3 * q))
    if found := _HALF.fullmatch(text):
        y, first = _year(found["y"], year), 1 if found["half"] == "上" else 7
        return _span((y, first), (y, first + 5))
    if year is not None and (found := re.fullmatch(r"(\d{1,2})月份?", text)):
        return "{:04d}-{:02d}".format(*_ym(str(year), found[1]))
    if _YMD.fullmatch(text) or _COMPACT.fullmatch(text):
        return _month_of_day(text)
    if found := _MONTHS.fullmatch(text):
        y = _year(found["y"], year)
        return _span(_ym(str(y), found["m"]), _ym(found["y2"] or str(y), found["m2"]))
    if "T" in text or ":" in text:
        day = parse_date(cell)
        return f"{day:%Y-%m}"
    raise DateError("月份，如 2024-04")


def _month_number(cell: float, system_1904: bool) -> str:
    """A number in a month column: 202404, a day's serial; 2018.11 names the year and month, 2018.1 does not tell."""
    if float(cell).is_integer() and 190_001 <= cell <= 210_012:
        return "{:04d}-{:02d}".format(*_ym(f"{cell:.0f}"[:4], f"{cell:.0f}"[4:]))
    if FIRST_YEAR <= cell <= LAST_YEAR and not float(cell).is_integer():
        whole, _, part = f"{cell:.10g}".partition(".")
        if part == "1":
            raise DateError("月份: 数值 2018.1 既可能是 1 月，也可能是 10 月".replace("2018", whole))
        if len(part) <= 2:
            return "{:04d}-{:02d}".format(*_ym(whole, part))
    if _SERIALS[0] <= cell <= _SERIALS[1]:
        return f"{_serial(cell, system_1904):%Y-%m}"
    raise DateError("月份，如 2024-04")


def _month_of_day(text: str) -> str:
    """The month of a full day; 2018-06-07 may mean June to July as well."""
    day = _day_of(text, None)
    if "-" in text and day.month < day.day <= 12:
        raise DateError("月份: 看不出是日期还是起止月份")
    return f"{day:%Y-%m}"


def _one_month(text: str) -> tuple[int, int]:
    found = _MONTH.fullmatch(text)
    if not found:
        raise DateError("月份，如 2024-04")
    return _ym(str(_year(found[1], None)), found[2] or found[3])


def _year(text: str | None, given: int | None) -> int:
    if not text:
        if given is None:
            raise DateError("月份，缺少年份")
        return given
    return 2000 + int(text) if len(text) == 2 else int(text)


def _ym(year: str, month: str) -> tuple[int, int]:
    y, m = int(year) if len(year) == 4 else 2000 + int(year), int(month)
    if not (FIRST_YEAR <= y <= LAST_YEAR and 1 <= m <= 12):
        raise DateError(f"月份，{y} 年 {m} 月不存在")
    return y, m


def _span(first: tuple[int, int], last: tuple[int, int]) -> str:
    if last < first:
        raise DateError("月份，止早于起")
    one, other = "{:04d}-{:02d}".format(*first), "{:04d}-{:02d}".format(*last)
    return one if one == other else f"{one}/{other}"


def _date_text(text: str) -> str:
    folded = arabic(_WEEKDAY.sub("", fold(text)))
    folded = re.sub(r"(?<=[年月])\s+|\s+(?=[年月日])", "", folded)
    return re.sub(r"(?<=\d)\s*([./-])\s*(?=\d)", r"\1", folded).strip()


def _split_time(text: str) -> int | None:
    """Where the time of day begins in a text that has one after its day."""
    found = _BEFORE_TIME.search(text)
    return None if found is None else found.end()


def _clock(text: str) -> tuple[int, int, int]:
    text = re.sub(r"(?:\+08:?00|Z(?=$))$", "", text.strip()) if text.endswith("00") else text.strip()
    if found := _SIX.fullmatch(text):
        hour, minute, second = (int(part) for part in found.groups())
    elif found := _TIME.fullmatch(text):
        hour, minute, second = int(found["h"]), int(found["m"]), int(found["s"] or 0)
        half = (found["half"] or found["after"] or "").upper()
        if half in ("下午", "晚上", "PM", "中午") and hour < 12 and not (half == "中午" and hour > 10):
            hour += 12
        elif half in ("AM", "上午", "凌晨") and hour == 12:
            hour = 0
    else:
        raise DateError("时间，如 08:12:09")
    _clock_text(hour, minute, second)
    return hour, minute, second


def _clock_text(hour: int, minute: int, second: int) -> str:
    if not (0 <= hour < 24 and 0 <= minute < 60 and 0 <= second < 60):
        raise DateError("时间，时刻不存在")
    return f"{hour:02d}:{minute:02d}:{second:02d}"


def _joined(text: str) -> dt.datetime:
    return _at(_day_of(text[:8], None), text[8:].ljust(6, "0"))


def _at(day: dt.datetime, clock: str) -> dt.datetime:
    return dt.datetime.combine(day, dt.time(*_clock(clock)))


def _day_of(text: str, year: int | None) -> dt.datetime:
    text = text.strip().rstrip(".。")
    if found := _YMD.fullmatch(text):
        return _day(int(found[1]), int(found[3] or found[5]), int(found[4] or found[6]))
    if found := _COMPACT.fullmatch(text):
        return _day(*(int(part) for part in found.groups()))
    if found := _SHORT_YMD.fullmatch(text):
        if found[5] is None and int(found[1]) <= 12:
            raise DateError("日期，两位数的年份看不出年月日的次序")
        return _day(2000 + int(found[1]), int(found[3] or found[5]), int(found[4] or found[6]))
    if found := _DMY.fullmatch(text):
        one, other = int(found[1]), int(found[3])
        if one <= 12 and other <= 12 and one != other:
            raise DateError("日期，看不出月与日的次序")
        return _day(int(found[4]), other if one > 12 else one, one if one > 12 else other)
    if year is not None and (found := _MD.fullmatch(text)):
        return _day(year, int(found[1]), int(found[2] or found[3]))
    if re.fullmatch(r"\d{5}(?:\.\d+)?", text):
        return _serial(float(text), False).replace(hour=0, minute=0, second=0, microsecond=0)
    raise DateError("日期，如 2024-03-05")


def _day(year: int, month: int, day: int) -> dt.datetime:
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise DateError(f"日期，年份 {year} 不合理")
    if not (1 <= month <= 12 and 1 <= day <= calendar.monthrange(year, month)[1]):
        raise DateError(f"日期，{year} 年 {month} 月 {day} 日不存在")
    return dt.datetime(year, month, day)


def _last_of(year: int, month: int) -> dt.datetime:
    return _day(year, month, calendar.monthrange(year, month)[1])


def _serial(number: float, system_1904: bool) -> dt.datetime:
    """A day number of Excel; 20240305 and 20240305081209 as numbers are days written together."""
    if float(number).is_integer() and 19_500_101 <= number <= 21_001_231:
        return _day_of(f"{number:.0f}", None)
    days = number + (SYSTEM_1904 if system_1904 else 0)
    if not _SERIALS[0] <= days <= _SERIALS[1]:
        raise DateError("日期，如 2024-03-05")
    return _EPOCH + dt.timedelta(seconds=round(days * 86_400))
