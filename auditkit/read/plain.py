"""Cells written the plain way, as programs export them, read at once; all others are left to auditkit.read.values."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final

from auditkit.read.dates import FIRST_YEAR, LAST_YEAR
from auditkit.schema import Column

_DATE: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_DATETIME: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2} [0-9]{2}:[0-9]{2}:[0-9]{2}")
_YUAN: Final = re.compile(r"([0-9]{1,12})(?:\.([0-9]{1,2}))?")
_ID: Final = re.compile(r"[\u4e00-\u9fff]?[A-Z]{0,8}-?[0-9][0-9A-Z\-]*")
"""Figures and capital letters, as in a voucher's number, an account, a plate: they stand for themselves."""
CLOCK: Final = "time"
"""The one text that is a time of day, and may be written as bare figures."""


def plain_values(column: Column, unit: str, cells: Iterable[Any]) -> Mapping[str, Any]:
    """The values of those cells that are written plainly, as auditkit.read.values would read them."""
    read = _readers(unit).get(column.type)
    if read is None or column.name == CLOCK:
        return {}
    found = ((cell, read(cell)) for cell in cells if cell.__class__ is str)
    return {cell: value for cell, value in found if value is not None}


def _readers(unit: str) -> Mapping[str, Callable[[str], Any]]:
    readers: dict[str, Callable[[str], Any]] = {"date": _day, "datetime": _time, "id": _id, "text": _id}
    return {**readers, "money": _fen} if unit == "元" else readers


def _day(text: str) -> dt.datetime | None:
    return _iso(text) if _DATE.fullmatch(text) else None


def _time(text: str) -> dt.datetime | None:
    return _iso(text) if _DATETIME.fullmatch(text) else None


def _iso(text: str) -> dt.datetime | None:
    try:
        day = dt.datetime.fromisoformat(text)
    except ValueError:
        return None
    return day if FIRST_YEAR <= day.year <= LAST_YEAR else None


def _fen(text: str) -> int | None:
    found = _YUAN.fullmatch(text)
    return None if found is None else int(found[1]) * 100 + int((found[2] or "").ljust(2, "0"))


def _id(text: str) -> str | None:
    return text if _ID.fullmatch(text) else None
