"""case.toml: the parameters of one audit, and how to read what headers alone do not tell."""

from __future__ import annotations

import datetime as dt
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import pandas as pd

from auditkit.model import InputError, Issue, LocalNumber
from auditkit.money import fen
from auditkit.read.dates import DateError, parse_date

NAME: Final = "case.toml"
KEYS: Final = ("compound_id", "period", "pack", "as_of", "window_days", "approval_threshold", "pack_values", "map")
_NUMBER_KEYS: Final = ("value", "source", "since", "until")


@dataclass(frozen=True)
class Settings:
    """What case.toml says; None where it says nothing.

    Units: approval_threshold in fen.
    """

    compound_id: str | None = None
    period: tuple[pd.Timestamp, pd.Timestamp] | None = None
    pack: str | None = None
    as_of: pd.Timestamp | None = None
    window_days: int | None = None
    approval_threshold: int | None = None
    pack_values: Mapping[str, tuple[LocalNumber, ...]] = field(default_factory=dict[str, tuple[LocalNumber, ...]])
    maps: Mapping[str, Any] = field(default_factory=dict[str, Any])
    issues: tuple[Issue, ...] = ()


def read_settings(path: Path) -> Settings:
    """Reads a case.toml.

    Raises: InputError with everything in it that is not known or not right.
    """
    if not path.is_file():
        return Settings()
    try:
        data = tomllib.loads(path.read_bytes().decode("utf-8-sig"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        text = f'不是有效的 TOML（UTF-8）：{error}。中文的键名要加引号，如 "合同日期" = "term"'
        raise InputError([_wrong(text, f"not valid TOML: {error}")]) from error
    wrong, remarks = list[Issue](), list[Issue]()
    wrong += [_unknown(key, KEYS) for key in data if key not in KEYS]
    found = Settings(
        compound_id=_take(data, "compound_id", _text, wrong),
        period=_take(data, "period", parse_period, wrong),
        pack=_take(data, "pack", _code, wrong),
        as_of=_take(data, "as_of", _day, wrong),
        window_days=_take(data, "window_days", _days, wrong),
        approval_threshold=_take(data, "approval_threshold", _yuan, wrong),
        pack_values=_local(data.get("pack_values", {}), wrong, remarks),
        maps=data.get("map", {}),
        issues=tuple(remarks),
    )
    if wrong:
        raise InputError(wrong)
    return found


def _wrong(text: str, english: str) -> Issue:
    return Issue("C01", text, english, file=NAME)


def _unknown(key: str, known: tuple[str, ...]) -> Issue:
    return Issue(
        "C01", f"未知的参数“{key}”，可用的有：{'、'.join(known)}", f"unknown key {key}; known are {', '.join(known)}",
        file=NAME, column=key,
    )  # fmt: skip


def _take(data: Mapping[str, Any], key: str, read: Any, wrong: list[Issue]) -> Any:
    if key not in data:
        return None
    try:
        return read(data[key])
    except (ValueError, ArithmeticError, TypeError) as error:
        text = f"参数“{key}”的值 {data[key]!r} 不能用：应为{error}"
        wrong.append(Issue("C01", text, f"{key}: {data[key]!r} cannot be used", file=NAME, column=key))
        return None


def _text(value: Any) -> str:
    if isinstance(value, str | int) and not isinstance(value, bool) and str(value).strip():
        return str(value).strip()
    raise ValueError("非空文字")


def _code(value: Any) -> str:
    text = _text(value)
    if re.fullmatch(r"\d{6}", text):
        return text
    raise ValueError("6 位行政区划代码")


def _day(value: Any) -> pd.Timestamp:
    try:
        return pd.Timestamp(parse_date(value))
    except DateError as error:
        raise ValueError("日期，如 2024-12-31") from error


def _days(value: Any) -> int:
    if isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= 366:
        return value
    raise ValueError("0 至 366 的整数")


def _yuan(value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, int | float) or value < 0:
        raise ValueError("以元为单位的非负数")
    return fen(str(value))


def parse_period(text: Any) -> tuple[pd.Timestamp, pd.Timestamp]:
    """«2024-01..2024-12», «2018-10», «2024», or two days: the first and last day of the audit.

    Raises: ValueError.
    """
    first, mark, last = str(text).strip().partition("..")
    try:
        start, _ = _ends(first.strip())
        _, end = _ends(last.strip() if mark else first.strip())
    except ValueError as error:
        raise ValueError("期间，如 2024-01..2024-12") from error
    if end < start:
        raise ValueError("期间，止不早于起")
    return start, end


def _ends(text: str) -> tuple[pd.Timestamp, pd.Timestamp]:
    if not re.fullmatch(r"(19|20)\d\d(-\d\d?(-\d\d?)?)?", text):
        raise ValueError(text)
    if text.count("-") == 2:
        day = pd.Timestamp(text)
        return day, day
    whole = pd.Period(text, freq="Y" if "-" not in text else "M")
    return whole.start_time, whole.end_time.normalize()


def _local(data: Any, wrong: list[Issue], remarks: list[Issue]) -> dict[str, tuple[LocalNumber, ...]]:
    """Local numbers, each with its source; a bare value is taken and remarked on."""
    found: dict[str, tuple[LocalNumber, ...]] = {}
    if not isinstance(data, dict):
        wrong.append(_wrong('[pack_values] 应为一组 名称 = { value = …, source = "…" }', "pack_values must be a table"))
        return found
    for name, given in data.items():
        several = given if _is_several(given) else [given]
        found[name] = tuple(n for one in several if (n := _one_number(name, one, wrong, remarks)))
    return found


def _is_several(given: Any) -> bool:
    return isinstance(given, list) and bool(given) and all(isinstance(one, dict) for one in given)


def _one_number(name: str, given: Any, wrong: list[Issue], remarks: list[Issue]) -> LocalNumber | None:
    spec = given if isinstance(given, dict) else {"value": given}
    unknown = [key for key in spec if key not in _NUMBER_KEYS]
    wrong += [_unknown(f"pack_values.{name}.{key}", _NUMBER_KEYS) for key in unknown]
    if "value" not in spec:
        wrong.append(_wrong(f"pack_values.{name} 缺少 value", f"pack_values.{name} has no value"))
        return None
    source = str(spec.get("source", "")).strip()
    if not source:
        text = f'地方数值 {name} 来源未注明，请写为 {name} = {{ value = …, source = "文件名及条款" }}'
        remarks.append(Issue("C02", text, f"{name} is stated without its source", file=NAME, column=name))
    days: dict[str, dt.date | None] = {}
    for key in ("since", "until"):
        day = _take(spec, key, _day, wrong)
        days[key] = None if day is None else day.date()
    return LocalNumber(spec["value"], source or "来源未注明", days["since"], days["until"], place="case.toml")
