"""Interest: which ledger row 利息 answers which of the bank's interest credits."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

import numpy as np
import pandas as pd
from scipy.optimize import linear_sum_assignment

WITHIN_DAYS: Final = 15
"""A ledger row answers interest credited at most so many days before or after."""
SAYS_INTEREST: Final = "结息|利息"
"""Words of a summary that say interest (结息, 利息, 存款利息)."""
_OWN: Final = "结息|存款利息|利息收入"
_NEVER: Final = 10**9


def interest_rows(ledger: pd.DataFrame) -> pd.Series[bool]:
    """Ledger income that is interest: 利息, or 其他收入 whose summary says the bank's interest."""
    said = (ledger["category"] == "其他收入") & ledger["summary"].str.contains(_OWN)
    return (ledger["direction"] == "收入") & ((ledger["category"] == "利息") | said)


def pair_interest(rows: pd.DataFrame, credits: pd.DataFrame) -> dict[Any, list[Any]]:
    """The credits that each ledger row answers: the one of its amount within 15 days, else a run of unanswered ones.

    A run is of credits that follow each other in time, on one account or on all, whose sum is the row and the last of
    which is within 15 days of it. One to one comes first: most pairs, then the least days.

    Shape: both frames have date, amount (fen), account ("" where a ledger row names none), and are indexed by their
    own labels; ledger label -> labels of credits in the order of time.
    """
    credits = credits.sort_values(["date", "amount"], kind="stable")
    rows = rows.sort_values(["date", "amount"], kind="stable")
    found: dict[Any, list[Any]] = {row: [credit] for row, credit in _one_to_one(rows, credits)}
    answered = {credit for of in found.values() for credit in of}
    for row in rows.index[~rows.index.isin(list(found))]:
        open_ = credits[~credits.index.isin(list(answered))]
        runs = sorted(_runs(rows.loc[row], open_), key=lambda run: run[:2])
        if runs:
            found[row] = runs[0][2]
            answered.update(found[row])
    return found


def _one_to_one(rows: pd.DataFrame, credits: pd.DataFrame) -> Iterator[tuple[Any, Any]]:
    for amount in np.intersect1d(rows["amount"].to_numpy(dtype="int64"), credits["amount"].to_numpy(dtype="int64")):
        one, other = rows[rows["amount"] == amount], credits[credits["amount"] == amount]
        days = np.abs(one["date"].to_numpy()[:, None] - other["date"].to_numpy()) // np.timedelta64(1, "D")
        on = one["account"].to_numpy(dtype=object)[:, None]
        able = (days <= WITHIN_DAYS) & ((on == "") | (on == other["account"].to_numpy(dtype=object)))
        at, to = linear_sum_assignment(np.where(able, days, _NEVER))
        good = able[at, to]
        yield from zip(one.index[at[good]], other.index[to[good]], strict=True)


def _runs(row: pd.Series[Any], credits: pd.DataFrame) -> Iterator[tuple[int, int, list[Any]]]:
    """Runs that end near the row and add up to it: days between, length, labels."""
    by_account = [of for account, of in credits.groupby("account", sort=True) if row["account"] in ("", account)]
    for of in by_account if row["account"] else [*by_account, credits]:
        amounts = of["amount"].to_numpy(dtype="int64")
        days = (of["date"] - row["date"]).dt.days.abs().to_numpy()
        for end in np.flatnonzero(days <= WITHIN_DAYS).tolist():
            total, start = int(amounts[end]), end
            while total < row["amount"] and start > 0:
                start -= 1
                total += int(amounts[start])
            if total == row["amount"] and end > start:
                yield int(days[end]), end - start + 1, of.index[start : end + 1].tolist()
