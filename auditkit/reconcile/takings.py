"""What the barrier took each month, what the ledger has for it, and where one month ends and the next begins."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise, product
from typing import Any, Final

import pandas as pd

from auditkit.model import Case, in_doubt
from auditkit.reconcile.spans import spans
from auditkit.reconcile.tariff import VISITOR

INCOME: Final = "临时停车"
FEE: Final = "手续费"
EDGE: Final = 2
"""So many days of a month the log may leave out at its own edge."""
CUT_OFF: Final = 3
"""Money of a month's last so many days may be booked in the first so many of the next."""
LEAST: Final = 1000
"""Units: fen. What is less is no difference."""
_PARTS: Final = 100
"""One part in so many is no difference either, and the most that a channel keeps (matching.md, pass 4)."""

CutOffs = tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Month:
    """One month of the log against the ledger.

    Units: fen. `late`: taken on its last days. `early`: by number of days, what the ledger books without a label on
    the first days of the month itself, and of the next. `doubt`: the table in which a row of it cannot be read.
    """

    month: pd.Period
    paid: int
    booked: int
    fee: int
    late: int
    early: tuple[int, ...]
    early_next: tuple[int, ...]
    rows: pd.DataFrame
    doubt: str = ""

    def short(self, begins: int, ends: int) -> int:
        """Taken less booked, where so many first days' bookings belong to the month before, and so many of the next
        month's to this one."""
        return self.paid - (self.booked - self.early[begins] + self.early_next[ends])

    def found(self, short: int) -> bool:
        """Whether a difference is one: neither small nor what a channel kept, where its fee is booked."""
        kept = min(self.fee, self.paid // _PARTS)
        return short >= LEAST and short * _PARTS >= self.paid and short - kept >= LEAST

    def agrees(self, short: int) -> bool:
        """Whether log and ledger say the same, but for a fee that is booked."""
        return -LEAST < short < LEAST + min(self.fee, self.paid // _PARTS)


def cut_offs(months: Sequence[Month]) -> CutOffs:
    """How many first days' bookings go back to the month before, at the start of each month and at the end of the last.

    The choice under which most months agree to the yuan, then under which fewest differ, then the smallest. No more
    goes back than the last three days took.
    """
    best: dict[int, tuple[tuple[int, int, int], CutOffs]] = {k: ((0, 0, k), (k,)) for k in range(CUT_OFF + 1)}
    for month in months:
        reached: dict[int, tuple[tuple[int, int, int], CutOffs]] = {}
        for (begins, (cost, path)), ends in product(best.items(), range(CUT_OFF + 1)):
            if ends and month.early_next[ends] > month.late:
                continue
            short = month.short(begins, ends)
            agrees, found = (False, False) if month.doubt else (month.agrees(short), month.found(short))
            new = ((cost[0] - agrees, cost[1] + found, cost[2] + ends), (*path, ends))
            reached[ends] = min(new, reached.get(ends, new))
        best = reached
    return min(best.values())[1]


def shortfalls(months: Sequence[Month]) -> list[int]:
    """Taken less booked of each month, each with its cut-offs."""
    return [month.short(*ends) for month, ends in zip(months, pairwise(cut_offs(months)), strict=True)]


def months(parking: pd.DataFrame, ledger: pd.DataFrame, case: Case) -> list[Month]:
    """The whole months of the period that the log covers."""
    visitors = parking[(parking["kind"] == VISITOR) & parking["exit"].notna()]
    exit_month, day = visitors["exit"].dt.to_period("M"), visitors["exit"].dt.day
    paid = visitors["paid"].groupby(exit_month).sum()
    last_days = day > visitors["exit"].dt.days_in_month - CUT_OFF
    late = visitors.loc[last_days, "paid"].groupby(exit_month[last_days]).sum()
    unread = _unread_months(parking)
    of = spans(ledger)
    first, last = of["first"].dt.to_period("M"), of["last"].dt.to_period("M")
    income = (ledger["category"] == INCOME) & (ledger["direction"] == "收入")
    fees = (ledger["category"] == FEE) & (ledger["direction"] == "支出")
    plain = income & (ledger["period"] == "")
    may_be = _may_be_income(ledger) & in_doubt(ledger, "date", "period", "amount", "direction", "category")
    open_ = may_be | (income & (first < last))

    def early(month: pd.Period) -> tuple[int, ...]:
        rows = ledger[plain & (first == month)]
        return tuple(int(rows.loc[rows["date"].dt.day <= days, "amount"].sum()) for days in range(CUT_OFF + 1))

    found: list[Month] = []
    for month in _covered(parking, case):
        own = (first == month) & (last == month)
        in_ledger = bool((open_ & ~(first > month) & ~(last < month)).any())
        doubt = "停车记录" if unread & {str(month), ""} else "公共收益台账" if in_ledger else ""
        found.append(
            Month(
                month, int(paid.get(month, 0)), int(ledger.loc[income & own, "amount"].sum()),
                int(ledger.loc[fees & own, "amount"].sum()), int(late.get(month, 0)), early(month), early(month + 1),
                ledger[income & own], doubt,
            )
        )  # fmt: skip
    return found


def _covered(parking: pd.DataFrame, case: Case) -> list[pd.Period]:
    """Whole months of the period from the log's first to its last exit, but for an edge it leaves out too much of."""
    first, last = parking["exit"].min(), parking["exit"].max()
    if pd.isna(first):
        return []
    start = first.to_period("M") + (1 if first.day - 1 > EDGE else 0)
    end = last.to_period("M") - (1 if last.days_in_month - last.day > EDGE else 0)
    whole = pd.period_range(case.start, case.end, freq="M")
    return [m for m in whole if start <= m <= end and m.start_time >= case.start and m.end_time.normalize() <= case.end]


def _unread_months(parking: pd.DataFrame) -> set[str]:
    """The months whose takings hold a stay that cannot be read; "" stands for every month."""
    visitor = (parking["kind"] == VISITOR) | in_doubt(parking, "kind")
    lost = in_doubt(parking, "exit")
    rows = parking[visitor & (lost | (in_doubt(parking, "kind", "paid") & parking["exit"].notna()))]
    found: set[str] = set()
    for entry, exit_, gone in zip(rows["entry"], rows["exit"], lost[rows.index], strict=True):
        if not gone:
            found.add(str(exit_.to_period("M")))
        elif pd.isna(entry):
            found.add("")
        else:
            found |= {str(entry.to_period("M")), str(entry.to_period("M") + 1)}
    return found


def _may_be_income(ledger: pd.DataFrame) -> pd.Series[Any]:
    """Rows that are visitors' parking income, as far as can be read."""
    category = (ledger["category"] == INCOME) | in_doubt(ledger, "category")
    return category & ((ledger["direction"] == "收入") | in_doubt(ledger, "direction"))
