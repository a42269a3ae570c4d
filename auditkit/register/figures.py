"""The figures of a week: counted from the log, by county, this week and to date; and the check that they add up."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import sqlalchemy as sa

from auditkit.register.log import SEEN
from auditkit.register.states import BRANCHES, ENDED, NOT_SO, RECOVERY
from auditkit.register.store import COMPOUNDS, PROBLEMS, STEPS, Register

CLASSES: Final[Mapping[str, str]] = {
    "1.1": "未按约服务", "1.2": "信息公开", "1.3": "安全防范", "1.4": "退出移交",
    "2.1": "擅自经营", "2.2": "未公示收支", "2.3": "侵占收益", "0": "账务质量",
}  # fmt: skip
"""The campaign's problem classes, and the quality of records, which feeds no campaign column."""

COUNTED: Final = ("小区总数", "已排查", "公示小区", "专户小区")
FOUND: Final = tuple(f"发现{word}" for word in CLASSES.values())
FOLLOWED: Final = ("发现问题", "属实", "不属实或接受", "整改中", "已整改", "逾期")
MONEY: Final = ("涉及金额", "线索金额", "追回金额", "罚款金额")
"""涉及金额: exact amounts of exceptions; 线索金额: the upper ends of indicators and estimates. Never added together."""
ACTS: Final = tuple(BRANCHES)
COLUMNS: Final = (*COUNTED, *FOUND, *FOLLOWED, *MONEY, *ACTS)

_SO: Final = ("认定属实", "认定部分属实")
_NOT: Final = ("认定不属实", "接受说明")


class DoesNotFootError(AssertionError):
    """A figure that does not add up to the register: nothing is written."""


@dataclass(frozen=True, slots=True)
class Week:
    """The campaign's week: Saturday to Friday; `due` is the Friday, or the next workday where that is a holiday."""

    first: dt.date
    last: dt.date
    due: dt.date


@dataclass(frozen=True)
class Figures:
    """Counts and amounts by county: `week` this week, `total` to date, each county -> column -> whole number.

    Units: money in fen.
    """

    week: Week
    counties: tuple[str, ...]
    this_week: Mapping[str, Mapping[str, int]]
    to_date: Mapping[str, Mapping[str, int]]

    def sum(self, column: str, *, week: bool) -> int:
        """The county's total of one column."""
        side = self.this_week if week else self.to_date
        return sum(side[county][column] for county in self.counties)


def figures(register: Register, week: Week) -> Figures:
    """The figures at the end of a week, each step counted on the day it was taken."""
    with register.reading() as connection:
        problems = [dict(r) for r in connection.execute(sa.select(PROBLEMS)).mappings()]
        steps = [dict(r) for r in connection.execute(sa.select(STEPS).order_by(STEPS.c.seq)).mappings()]
        compounds = [dict(r) for r in connection.execute(sa.select(COMPOUNDS)).mappings()]
    counties = tuple(sorted({p["county"] for p in problems} | {c["county"] for c in compounds}))
    before = week.first - dt.timedelta(days=1)
    end = _count(problems, steps, compounds, counties, week.last)
    start = _count(problems, steps, compounds, counties, before)
    this_week = {c: {k: end[c][k] - start[c][k] for k in COLUMNS} for c in counties}
    found = Figures(week, counties, this_week, end)
    _check(found, problems, steps)
    return found


def _day(at: str) -> dt.date:
    return dt.date.fromisoformat(at[:10])


def _count(
    problems: Sequence[Mapping[str, Any]],
    steps: Sequence[Mapping[str, Any]],
    compounds: Sequence[Mapping[str, Any]],
    counties: Sequence[str],
    day: dt.date,
) -> dict[str, dict[str, int]]:
    """Everything as it stood at the end of a day."""
    table = {county: dict.fromkeys(COLUMNS, 0) for county in counties}
    for c in compounds:
        row = table[c["county"]]
        row["小区总数"] += 1
        for name, flag in (("已排查", "audited_on"), ("公示小区", "disclosed_on"), ("专户小区", "account_on")):
            row[name] += bool(c[flag]) and _day(c[flag]) <= day
    by_problem: dict[str, list[Mapping[str, Any]]] = {}
    for s in steps:
        if _day(s["at"]) <= day:
            by_problem.setdefault(s["problem_id"], []).append(s)
    at_stake: dict[tuple[str, str, str], dict[str, int]] = {}
    for p in problems:
        mine = by_problem.get(p["id"])
        if mine:
            _add(table[p["county"]], p, mine, day)
            kind, amount = _amount(p, mine)
            rules = at_stake.setdefault((p["county"], kind, p["matter"]), {})
            rules[p["rule"]] = rules.get(p["rule"], 0) + amount
    for (county, kind, _), rules in at_stake.items():
        # Findings of one rule are about different items; two rules on one matter look at the same money.
        table[county][kind] += max(rules.values())
    return table


def _amount(p: Mapping[str, Any], mine: Sequence[Mapping[str, Any]]) -> tuple[str, int]:
    latest = json.loads([s for s in mine if s["action"] in (SEEN[0], SEEN[2])][-1]["facts"])
    low, high = latest["amount_low"], latest["amount_high"]
    exact = p["kind"] != "indicator" and low == high and p["severity"] in ("S1", "S2")
    return MONEY[0] if exact else MONEY[1], high or 0


def _add(row: dict[str, int], p: Mapping[str, Any], mine: Sequence[Mapping[str, Any]], day: dt.date) -> None:
    facts = [json.loads(s["facts"]) for s in mine]
    state = mine[-1]["to_state"]
    judged = [s["action"] for s in mine if s["action"] in (*_SO, *_NOT, "重新核查")]
    so = bool(judged) and judged[-1] in _SO
    row[f"发现{CLASSES[p['problem']]}"] += 1
    row["发现问题"] += 1
    row["属实"] += so
    row["不属实或接受"] += bool(judged) and judged[-1] in _NOT
    row["已整改"] += so and state in ENDED and state != NOT_SO
    row["整改中"] += so and state not in ENDED
    deadline = ""
    for s, f in zip(mine, facts, strict=True):
        value = f.get("deadline", "")
        deadline = (value[1] if isinstance(value, list) else value) or deadline
        if s["action"] in BRANCHES:
            row[s["action"]] += 1
        if s["action"] == RECOVERY:
            row["追回金额"] += f["amount"]
        if s["action"] == "立案处罚":
            row["罚款金额"] += f["amount"]
    row["逾期"] += bool(deadline) and state not in ENDED and dt.date.fromisoformat(deadline) < day


def _check(found: Figures, problems: Sequence[Mapping[str, Any]], steps: Sequence[Mapping[str, Any]]) -> None:
    """Every figure again by another way; what does not agree stops the package."""
    last = found.week.last
    known = {s["problem_id"] for s in steps if _day(s["at"]) <= last}
    done = [s for s in steps if _day(s["at"]) <= last]
    totals = {
        "发现问题": len(known),
        **{f"发现{word}": sum(p["problem"] == c and p["id"] in known for p in problems) for c, word in CLASSES.items()},
        "追回金额": sum(json.loads(s["facts"])["amount"] for s in done if s["action"] == RECOVERY),
        **{act: sum(s["action"] == act for s in done) for act in ACTS},
    }
    wrong = [f"{k}: {found.sum(k, week=False)} ≠ {v}" for k, v in totals.items() if found.sum(k, week=False) != v]
    for county in found.counties:
        row = found.to_date[county]
        if sum(row[name] for name in FOUND) != row["发现问题"]:
            wrong.append(f"{county}: 各类问题之和不等于发现问题数")
        if row["整改中"] + row["已整改"] != row["属实"]:
            wrong.append(f"{county}: 整改中与已整改之和不等于属实数")
        wrong += [f"{county}: {name}多于小区总数" for name in COUNTED[1:] if row[name] > row["小区总数"]]
    if wrong:
        raise DoesNotFootError("；".join(wrong))
