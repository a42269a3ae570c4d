"""What the barrier took each month, what the ledger has for it, and where one month ends and the next begins."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Final

import numpy as np
import numpy.typing as npt
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
_YUAN: Final = 100
_PARTS: Final = 100
"""One part in so many is no difference either, and the most that a channel keeps (matching.md, pass 4)."""

_FEW: Final = 8
"""So many bookings of a month's first days are tried in every combination; of more, only whole methods or days."""
_FOUND: Final = 3
"""What a month that differs weighs, where money moved across a month's end weighs 1."""
_AGREES: Final = 2
"""What a month that agrees to the yuan takes off."""
_WEIGHT: Final = 1 << 56
_ROW: Final = 1 << 48
"""Of what weighs the same, the fewest bookings count; of those the least money."""

Whole = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Bookings:
    """The sums that some of a month's first bookings make, and what it weighs to move each to the month before.

    Units: fen.
    """

    sums: Whole
    weights: Whole

    @classmethod
    def of(cls, rows: pd.DataFrame) -> Bookings:
        """Any of a few bookings, else whole methods of a day, else whole days."""
        parts: list[int] = rows["amount"].tolist()
        for by in (["date", "method"], ["date"]):
            if len(parts) > _FEW:
                parts = rows.groupby(by)["amount"].sum().tolist()
        least = {0: 0}
        for part in parts:
            for reached, several in list(least.items()):
                least[reached + part] = min(several + 1, least.get(reached + part, _FEW))
        sums = np.array(sorted(least), dtype=np.int64)
        rows_moved = np.array([least[reached] for reached in sums.tolist()], dtype=np.int64)
        return cls(sums, np.where(sums != 0, _WEIGHT, 0) + rows_moved * _ROW + np.abs(sums))

    def up_to(self, most: int) -> Bookings:
        """Those that so much money may answer."""
        fits = (self.sums >= 0) & (self.sums <= most)
        return Bookings(self.sums[fits], self.weights[fits])


@dataclass(frozen=True, slots=True)
class Month:
    """One month of the log against the ledger.

    Units: fen. `late`: taken on its last days. `early`: what may go back of the bookings without a label on the first
    days of the month itself, and of the next. `doubt`: the table in which a row of it cannot be read; `doubt_next`: a
    booking on the first days of the next month cannot be read, and may hold its money.
    """

    month: pd.Period
    paid: int
    booked: int
    fee: int
    late: int
    early: Bookings
    early_next: Bookings
    rows: pd.DataFrame
    doubt: str = ""
    doubt_next: bool = False

    @property
    def kept(self) -> int:
        """What a channel kept, where its fee is booked."""
        return min(self.fee, self.paid // _PARTS)

    def found(self, short: int | Whole) -> npt.NDArray[np.bool_]:
        """Whether a difference is one: neither small nor what a channel kept."""
        difference = np.asarray(short)
        return (difference >= LEAST) & (difference * _PARTS >= self.paid) & (difference - self.kept >= LEAST)

    def agrees(self, short: Whole, *, net: bool) -> npt.NDArray[np.bool_]:
        """Whether log and ledger say the same to the yuan, where settled net but for the fee that is booked."""
        return np.abs(short - (self.kept if net else 0)) < _YUAN


def shortfalls(months: Sequence[Month]) -> list[int]:
    """Taken less booked of each month, after what was booked across its ends.

    Of all bookings that may go back to the month before we take those under which the months agree best: see
    docs/decisions/0063. No more goes back than the last three days took.
    """
    plain = [month.paid - month.booked for month in months]
    if not any(month.found(short) for month, short in zip(months, plain, strict=True) if not month.doubt):
        return plain
    _, _, moved = min(_moved(months, net=net) for net in (False, True))
    return [short + begins - ends for short, (begins, ends) in zip(plain, pairwise(moved), strict=True)]


def _moved(months: Sequence[Month], *, net: bool) -> tuple[int, bool, list[int]]:
    """What goes back at the start of each month and at the end of the last, after what it weighs."""
    gone = months[0].early
    cost = gone.weights
    steps: list[tuple[Whole, Whole]] = []
    for month in months:
        back = month.early_next.up_to(month.late)
        short = month.paid - month.booked + gone.sums[:, None] - back.sums[None, :]
        each = np.zeros(short.shape, dtype=np.int64)
        if not month.doubt:
            each = _FOUND * month.found(short) - _AGREES * month.agrees(short, net=net)
        new = cost[:, None] + each * _WEIGHT
        steps.append((new.argmin(axis=0), gone.sums))
        cost = new.min(axis=0) + back.weights
        gone = back
    at = int(cost.argmin())
    weight, moved = int(cost[at]), [int(gone.sums[at])]
    for before, sums in reversed(steps):
        at = int(before[at])
        moved.append(int(sums[at]))
    moved.reverse()
    return weight, net, moved


def months(parking: pd.DataFrame, ledger: pd.DataFrame, case: Case) -> list[Month]:
    """The whole months of the period that the log covers."""
    covered = _covered(parking, case)
    paid, late = _taken(parking)
    unread = _unread_months(parking)
    of = spans(ledger)
    first, last = (of[side].to_numpy(dtype="datetime64[M]") for side in ("first", "last"))
    income = ((ledger["category"] == INCOME) & (ledger["direction"] == "收入")).to_numpy(dtype=bool)
    fees = ((ledger["category"] == FEE) & (ledger["direction"] == "支出")).to_numpy(dtype=bool)
    at_start = ((ledger["period"] == "") & (ledger["date"].dt.day <= CUT_OFF)).to_numpy(dtype=bool)
    early = ledger[income & at_start & ledger["amount"].notna().to_numpy(dtype=bool)]
    early_month = early["date"].to_numpy(dtype="datetime64[M]")
    may_be = _may_be_income(ledger) & in_doubt(ledger, "date", "period", "amount", "direction", "category")
    open_ = may_be.to_numpy(dtype=bool) | (income & (first < last))
    edges = [*covered, *(month + 1 for month in covered[-1:])]
    beginnings = [Bookings.of(early[early_month == _month(month)]) for month in edges]
    found: list[Month] = []
    for month, (begins, ends) in zip(covered, pairwise(beginnings), strict=True):
        own = (first == _month(month)) & (last == _month(month))
        in_ledger = bool((open_ & ~(first > _month(month)) & ~(last < _month(month))).any())
        in_next = bool((open_ & at_start & (first == _month(month + 1))).any())
        doubt = "停车记录" if unread & {str(month), ""} else "公共收益台账" if in_ledger else ""
        found.append(
            Month(
                month, paid.get(str(month), 0), int(ledger.loc[income & own, "amount"].sum()),
                int(ledger.loc[fees & own, "amount"].sum()), late.get(str(month), 0), begins, ends,
                ledger[income & own], doubt, in_next,
            )
        )  # fmt: skip
    return found


def _month(month: pd.Period) -> np.datetime64:
    return np.datetime64(str(month), "M")


def _taken(parking: pd.DataFrame) -> tuple[dict[str, int], dict[str, int]]:
    """What visitors paid by the month of their exit, and of that on its last days."""
    visitors = parking[(parking["kind"] == VISITOR) & parking["exit"].notna()]
    paid = visitors["paid"].to_numpy(dtype=np.int64, na_value=0)
    days = visitors["exit"].to_numpy(dtype="datetime64[D]")
    months = days.astype("datetime64[M]")
    left = (months + 1).astype("datetime64[D]") - days
    sums = pd.DataFrame(
        {"month": months.astype(np.int64), "paid": paid, "late": np.where(left.astype(np.int64) <= CUT_OFF, paid, 0)}
    )
    of = sums.groupby("month").sum()
    names = [str(np.datetime64(int(month), "M")) for month in of.index]
    return dict(zip(names, of["paid"].tolist(), strict=True)), dict(zip(names, of["late"].tolist(), strict=True))


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
