"""What a contract owes and when: its instalments, one row each."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fractions import Fraction
from typing import Any, Final

import numpy as np
import pandas as pd

from auditkit.model import Books, in_doubt
from auditkit.money import divide, exact
from auditkit.reconcile.terms import TERM, last_day

MONTHS: Final = {"月": 1, "季": 3, "半年": 6, "年": 12}
"""Months of each cycle; 一次性 has none: its one instalment is for the whole term."""

CALENDAR: Final = (*TERM, "cycle", "payment", "grace_days")
"""Cells without which nobody knows when an instalment is due."""

PRICE: Final = ("amount", "escalation", "rent_free_days")
"""Cells without which nobody knows how much it is."""

_LONGEST: Final = 100
"""Years after which a run is cut: an end that far away is a slip of the pen."""

_LARGEST: Final = 2**63 - 1

_DAY: Final = np.timedelta64(1, "D")


def instalments(books: Books) -> pd.DataFrame:
    """The instalments of all contracts of the books, in the order of contracts and cycles."""
    return books.once("schedule", lambda: run(books["contracts"]))


def run(contracts: pd.DataFrame) -> pd.DataFrame:
    """Every instalment of every contract, from its start to its end or termination.

    A contract whose calendar is in doubt has none; one whose price is in doubt has them without amount.
    A cycle ends the day before the start's day of a later month, or before that month's last day where it has no
    such day. A broken last cycle and rent-free days from the start count by days; escalation compounds on each
    anniversary of the start, from the first price.

    Shape: contract (index of the contracts' frame), n (from 1), first, last, due_on, grace_end, amount; then what
    the amount comes from: rent_from (first day that costs), whole (days of the whole cycle), price (fen, exact).
    Units: fen.
    """
    grid = _cycles(contracts, last_day(contracts))
    of = contracts.loc[grid["contract"]].set_axis(grid.index)
    last = (grid["next"] - _DAY).where(grid["next"] <= last_day(of), last_day(of))
    free = _days(of["rent_free_days"])
    due_on = grid["first"].where(of["payment"] != "后付", last)
    frame = pd.DataFrame(
        {
            "contract": grid["contract"],
            "n": grid["n"],
            "first": grid["first"],
            "last": last,
            "due_on": due_on,
            "grace_end": due_on + _days(of["grace_days"]),
            "amount": pd.Series(dtype="Int64"),
            "rent_from": grid["first"].where(grid["first"] >= of["start"] + free, of["start"] + free),
            "whole": (grid["next"] - grid["first"]).dt.days,
            "price": _prices(contracts, grid),
        }
    )
    frame["amount"] = part(frame, frame["first"], frame["last"])
    return frame


def part(rows: pd.DataFrame, first: pd.Timestamp | pd.Series[Any], last: pd.Timestamp | pd.Series[Any]) -> pd.Series:
    """What each instalment costs for its days from first to last: price x days / days of the whole cycle.

    Units: fen, half up, missing where the price is in doubt.
    """
    since = rows["rent_from"].where(rows["rent_from"] >= first, first)
    until = rows["last"].where(rows["last"] <= last, last)
    return _money(rows, (until - since).dt.days + 1)


def rent(books: Books, first: pd.Timestamp, last: pd.Timestamp) -> pd.Series:
    """The rent of each contract for the days from first to last; missing where it cannot be reckoned.

    Shape: Int64 on the contracts' index. Units: fen.
    """
    contracts, rows = books["contracts"], instalments(books)
    within = rows[(rows["first"] <= last) & (rows["last"] >= first)]
    total = part(within, first, last).groupby(within["contract"]).sum()
    return total.reindex(contracts.index, fill_value=0).astype("Int64").mask(in_doubt(contracts, *CALENDAR, *PRICE))


def rent_after(contracts: pd.DataFrame, until: pd.Timestamp) -> pd.Series:
    """What each ended contract would have cost at its last price from the day after its end to a day.

    The cycles go on from the start as before; a contract paid once goes on at its price by days of its term.

    Shape: Int64 on the contracts' index. Units: fen.
    """
    ended = last_day(contracts)
    grid = _cycles(contracts, pd.Series(until, contracts.index).where(contracts["cycle"].isin(MONTHS), ended))
    end = ended.loc[grid["contract"]].set_axis(grid.index)
    once = ~contracts.loc[grid["contract"], "cycle"].isin(MONTHS).set_axis(grid.index)
    old = grid["year"].where(grid["first"] <= end).groupby(grid["contract"]).transform("max").fillna(0).astype("int64")
    since = grid["first"].where((grid["first"] > end) & ~once, end + _DAY)
    last = (grid["next"] - _DAY).where((grid["next"] <= until) & ~once, until)
    frame = pd.DataFrame(
        {"price": _prices(contracts, grid.assign(year=old)), "whole": (grid["next"] - grid["first"]).dt.days}
    )
    total = _money(frame, (last - since).dt.days + 1).groupby(grid["contract"]).sum()
    return total.reindex(contracts.index, fill_value=0).astype("Int64").mask(in_doubt(contracts, *CALENDAR, *PRICE))


def _cycles(contracts: pd.DataFrame, until: pd.Series[Any]) -> pd.DataFrame:
    """The cycles of each contract that begin by a day: contract, n, first, next (first day after it), year."""
    usable = ~in_doubt(contracts, *CALENDAR) & (contracts["end"] >= contracts["start"]) & (until >= contracts["start"])
    rows, until = contracts[usable], until[usable]
    step = rows["cycle"].map(MONTHS).fillna(0).to_numpy(dtype="int64")
    start = rows["start"].to_numpy(dtype="datetime64[D]")
    month = start.astype("datetime64[M]").astype("int64")
    span = until.to_numpy(dtype="datetime64[M]").astype("int64") - month
    count = np.where(step > 0, np.minimum(span, _LONGEST * 12) // np.maximum(step, 1) + 1, 1)
    at = np.repeat(np.arange(len(rows)), count)
    n = np.arange(len(at)) - np.repeat(np.cumsum(count) - count, count)
    once = step[at] == 0
    following = _add_months(start[at], month[at] + (n + 1) * step[at])
    following = np.where(once, rows["end"].to_numpy(dtype="datetime64[D]")[at] + _DAY, following)
    grid = pd.DataFrame(
        {
            "contract": rows.index.to_numpy()[at],
            "n": n + 1,
            "first": _add_months(start[at], month[at] + n * step[at]).astype("datetime64[us]"),
            "next": following.astype("datetime64[us]"),
            "year": n * step[at] // 12,
        }
    )
    return grid[(grid["first"] <= until.to_numpy()[at])].reset_index(drop=True)


def _add_months(start: np.ndarray[Any, Any], month: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    """The start's day of the month in another month, or that month's last day."""
    day = (start - start.astype("datetime64[M]").astype("datetime64[D]")).astype("int64")
    first = month.astype("datetime64[M]").astype("datetime64[D]")
    length = ((month + 1).astype("datetime64[M]").astype("datetime64[D]") - first).astype("int64")
    return first + np.minimum(day, length - 1).astype("timedelta64[D]")


def _days(counts: pd.Series[Any]) -> pd.Series[Any]:
    return pd.to_timedelta(counts.fillna(0).astype("int64").clip(0, _LONGEST * 366), unit="D")


def _prices(contracts: pd.DataFrame, grid: pd.DataFrame) -> pd.Series[Any]:
    """The whole instalment in each year of a contract, exact; None where a cell it rests on is in doubt."""
    readable = (~in_doubt(contracts, *PRICE) & contracts["amount"].notna()).to_dict()
    first = contracts["amount"].to_dict()
    raised = {i: 1 + exact(r) if pd.notna(r) else Fraction(1) for i, r in contracts["escalation"].items()}
    known: dict[tuple[Any, int], Fraction] = {}
    prices: list[Fraction | None] = []
    for contract, year in zip(grid["contract"], grid["year"], strict=True):
        if not readable[contract]:
            prices.append(None)
            continue
        if (contract, year) not in known:
            known[contract, year] = int(first[contract]) * raised[contract] ** int(year)
        prices.append(known[contract, year])
    return pd.Series(prices, index=grid.index, dtype="object")


def _money(rows: pd.DataFrame, days: pd.Series[Any]) -> pd.Series:
    amounts = [
        None if price is None else _bounded(divide(price.numerator * max(d, 0), price.denominator * whole))
        for price, d, whole in zip(rows["price"], _ints(days), _ints(rows["whole"]), strict=True)
    ]
    return pd.Series(amounts, index=rows.index, dtype="Int64")


def _ints(values: Iterable[Any]) -> Sequence[int]:
    return [int(v) for v in values]


def _bounded(amount: int) -> int | None:
    """An amount beyond what any ledger holds comes from a misread rate: it is in doubt."""
    return amount if abs(amount) <= _LARGEST else None
