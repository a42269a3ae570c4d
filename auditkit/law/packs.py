"""The local numbers of a place: its own, else its province's; never another place's."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import cache
from importlib import resources
from typing import Any, Final

from auditkit.model import InputError, Issue, LocalNumber, Pack
from auditkit.money import exact

NATION: Final = "000000"
RHYTHMS: Final = ("月", "季", "半年", "年")
BASES: Final = ("总收入", "净收入", "结余")
OTHER_NAMES: Final[Mapping[str, str]] = {"disclosure_due_day": "disclosure_due"}
"""Names by which a case may state a number, and what it is called."""


def pack(code: str, values: Mapping[str, tuple[LocalNumber, ...]] | None = None) -> Pack:
    """The local numbers that hold at a place; what the case states comes after them, so it fills what they leave open.

    The pack takes code and name of the nearest place that has a file: 140802 is told by 140000 山西省.

    Raises: InputError with each number of the case that is unknown or cannot be one.
    """
    wanted = code.strip() or NATION
    if not re.fullmatch(r"\d{6}", wanted):
        zh, en = f"行政区划代码“{code}”不是 6 位数字，例如 140802", f"area code {code!r} is not six digits, as 140802"
        raise InputError([Issue("F11", zh, en, value=code)])
    chain = [place for place in dict.fromkeys((wanted, f"{wanted[:4]}00", f"{wanted[:2]}0000")) if place in places()]
    numbers: dict[str, tuple[LocalNumber, ...]] = {}
    for place in chain:
        for name, own in _local(place).items():
            numbers[name] = (*numbers.get(name, ()), *own)
    loaded = any(number.value is not None for several in numbers.values() for number in several)
    for name, stated in _stated(values or {}).items():
        numbers[name] = (*numbers.get(name, ()), *stated)
    nearest = chain[0] if chain else NATION
    return Pack(nearest, places().get(nearest, "全国"), numbers, loaded)


@cache
def places() -> Mapping[str, str]:
    """The places that have a file: code -> name."""
    found: dict[str, str] = {}
    for entry in resources.files("auditkit.law").joinpath("packs").iterdir():
        code, _, ending = entry.name.partition(".")
        if ending == "toml":
            found[code] = tomllib.loads(entry.read_text(encoding="utf-8"))["name"]
    return dict(sorted(found.items()))


@cache
def _local(code: str) -> Mapping[str, tuple[LocalNumber, ...]]:
    text = resources.files("auditkit.law").joinpath("packs", f"{code}.toml").read_text(encoding="utf-8")
    data = tomllib.loads(text)
    numbers: dict[str, tuple[LocalNumber, ...]] = {}
    for row in data["numbers"]:
        number = _number(row, data["name"])
        numbers[row["number"]] = (*numbers.get(row["number"], ()), number)
    return numbers


def _number(row: Mapping[str, Any], place: str) -> LocalNumber:
    """Only what was read in the primary text is on; the rest is carried with its text and decides nothing."""
    usable = row["confidence"] == "V"
    source = f"{row['source']}：{row['text']}"
    if "value" in row and not usable:
        source += f"（置信度 {row['confidence']}，未启用）"
    value = row.get("value") if usable else None
    return LocalNumber(value, source, row.get("since"), row.get("until"), row["confidence"], place)


def _stated(values: Mapping[str, tuple[LocalNumber, ...]]) -> Mapping[str, tuple[LocalNumber, ...]]:
    """The numbers of a case by the names rules ask for, their values as rules take them."""
    numbers: dict[str, tuple[LocalNumber, ...]] = {}
    wrong: list[Issue] = []
    for said, several in values.items():
        name = OTHER_NAMES.get(said, said)
        for number in several:
            try:
                value = None if number.value is None else value_of(name, number.value)
            except ValueError as error:
                wrong.append(_refused(said, number.value, str(error)))
                continue
            numbers[name] = (*numbers.get(name, ()), replace(number, value=value))
    if wrong:
        raise InputError(wrong)
    return numbers


def _refused(name: str, value: Any, expected: str) -> Issue:
    zh = f"[pack_values] 的 {name} 写作“{value}”；应为：{expected}"
    en = f"[pack_values] {name} = {value!r}; expected: {expected}"
    return Issue("F12", zh, en, file="case.toml", column=name, value=str(value))


def value_of(name: str, value: Any) -> Any:
    """A local number as rules take it: «50%» -> 0.5, a single category -> a list.

    Raises: ValueError that says what is expected.
    """
    if name not in FORMS:
        raise ValueError("、".join(FORMS))
    return FORMS[name](value)


def _days(value: Any) -> int:
    return _whole(value, "不小于 0 的整数")


def _months(value: Any) -> int:
    return _whole(value, "月数，大于 0 的整数", 1)


def _whole(value: Any, expected: str, least: int = 0, most: int = 100_000) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= most:
        raise ValueError(expected)
    return value


def _ratio(value: Any) -> float:
    expected = '0 至 1 之间的比例，例如 0.5 或 "50%"'
    if isinstance(value, str) and re.fullmatch(r"\d+(\.\d+)?\s*[%％]", value.strip()):
        value = float(exact(value.strip().rstrip("%％ ")) / 100)
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= 1:
        raise ValueError(expected)
    return float(value)


def _yuan(value: Any) -> int | float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not value > 0:
        raise ValueError("元，大于 0 的数")
    return value


def _flag(value: Any) -> bool:
    known = {"是": True, "否": False}
    if isinstance(value, str) and value in known:
        return known[value]
    if not isinstance(value, bool):
        raise ValueError("true 或 false")
    return value


def _list(value: Any) -> list[str]:
    several = [value] if isinstance(value, str) else value
    if not isinstance(several, list | tuple) or not all(isinstance(v, str) and v for v in several):
        raise ValueError('支出类别的列表，例如 ["人工"]')
    return list(several)


def _one_of(*words: str) -> Callable[[Any], str]:
    def check(value: Any) -> str:
        if value not in words:
            raise ValueError("、".join(words))
        return str(value)

    return check


def _rhythm(value: Any) -> str:
    """月, 季, 半年 or 年, also as people say it: 每季度, 按月, 半年度."""
    said = re.fullmatch(r"[每按]?(?:一|个)*(月|季|半年|年)度?", value.strip()) if isinstance(value, str) else None
    if said is None:
        raise ValueError("、".join(RHYTHMS))
    return said[1]


def _due(value: Any) -> int | dict[str, Any]:
    """Days after the period's end, or a day of a month after it."""
    if not isinstance(value, Mapping):
        return _whole(value, "期满后的天数，或 { months = 1, day = 15 }")
    given = dict(value)
    if set(given) == {"days"}:
        return _days(given["days"])
    if not {"months", "day"} <= set(given) <= {"months", "day", "period"}:
        raise ValueError('{ days = 30 }，或 { period = "季", months = 1, day = 15 }')
    due: dict[str, Any] = {"months": _whole(given["months"], "months：1 至 24", 1, 24)}
    due["day"] = _whole(given["day"], "day：1 至 31", 1, 31)
    if "period" in given:
        due["period"] = _rhythm(given["period"])
    return due


FORMS: Final[Mapping[str, Callable[[Any], Any]]] = {
    "disclosure_period": _rhythm,
    "disclosure_due": _due,
    "posting_days": _days,
    "deposit_days": _days,
    "fund_share_min": _ratio,
    "fund_share_base": _one_of(*BASES),
    "cost_cap": _ratio,
    "handover_days": _days,
    "lease_max_months": _months,
    "approval_threshold": _yuan,
    "ineligible_costs": _list,
    "council_may_authorise": _flag,
}
"""The numbers that rules ask for, and how each is written."""

TEXTS: Final = ("account", "audit_trigger", "cost_allowed_pre_assembly", "fine_range", "misuse_multiple")
"""What packs carry beside them, as text for the auditor."""
