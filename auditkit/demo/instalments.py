"""What a contract owes, and when: the example county's own reckoning, written apart from the audit's."""

from __future__ import annotations

import calendar
import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any, Final

from auditkit.money import divide

MONTHS: Final = {"月": 1, "季": 3, "半年": 6, "年": 12}


@dataclass(frozen=True)
class Instalment:
    """One rent payment owed: for which days, due when, how much (fen)."""

    first: dt.date
    last: dt.date
    due: dt.date
    amount: int
    daily: Fraction
    """The price of a day: of the whole cycle's price, before any rounding."""

    def part(self, days: int) -> int:
        """So many of its days, rounded once."""
        owed = self.daily * days
        return divide(owed.numerator, owed.denominator)


def add_months(day: dt.date, months: int) -> dt.date:
    """The same day of a later month, or its last day."""
    year, index = divmod(day.year * 12 + day.month - 1 + months, 12)
    return dt.date(year, index + 1, min(day.day, calendar.monthrange(year, index + 1)[1]))


def run_end(contract: dict[str, Any]) -> dt.date:
    """The last day rent is owed for."""
    stopped = contract.get("terminated_on")
    return min(contract["end"], stopped) if stopped else contract["end"]


def instalments(contract: dict[str, Any]) -> Iterator[Instalment]:
    """Every instalment of a contract from its start to its end or termination."""
    last_day = run_end(contract)
    if contract["cycle"] == "一次性":
        days = (contract["end"] - contract["start"]).days + 1
        yield _one(contract, contract["start"], last_day, days, 0)
        return
    step = MONTHS[contract["cycle"]]
    for n in range(1200):
        first = add_months(contract["start"], n * step)
        if first > last_day:
            return
        end = add_months(contract["start"], (n + 1) * step) - dt.timedelta(1)
        yield _one(contract, first, min(end, last_day), (end - first).days + 1, n * step // 12)


def _one(contract: dict[str, Any], first: dt.date, last: dt.date, whole: int, years: int) -> Instalment:
    free_until = contract["start"] + dt.timedelta(contract.get("rent_free_days") or 0)
    payable = max(0, (last - max(first, free_until)).days + 1)
    price = contract["amount"] * (1 + Fraction(str(contract.get("escalation") or 0))) ** years
    due = first if contract.get("payment", "预付") == "预付" else last
    item = Instalment(first, last, due, 0, price / whole)
    return replace(item, amount=item.part(payable))
