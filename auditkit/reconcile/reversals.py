"""Red-letter rows and the rows they take back."""

from __future__ import annotations

import re
from typing import Any, Final

import numpy as np
import pandas as pd
from scipy.optimize import linear_sum_assignment

from auditkit.model import Books, in_doubt
from auditkit.reconcile.names import normal_name

WITHIN_DAYS: Final = 180
"""A reversal answers a row at most so many days older."""

_NAMED: Final = 1_000
"""Days that a summary naming the original voucher is worth."""
_NEVER: Final = 10**9


def reversals(books: Books) -> pd.DataFrame:
    """The pairs of the books' ledger, computed once."""
    return books.once("reversals", lambda: pair_reversals(books["ledger"]))


def part_reversals(books: Books) -> pd.DataFrame:
    """Red-letter rows that take back a part of a row, computed once.

    Such a row is in no pair, and its summary names the voucher of a larger row of its direction that is no later; of
    several rows of that voucher the one of its category and counterparty, if that is one.

    Shape: reversal, original (labels of the ledger; original is missing where the voucher's row cannot be told).
    """
    return books.once("part reversals", lambda: _parts(books["ledger"], reversals(books)))


def _parts(ledger: pd.DataFrame, pairs: pd.DataFrame) -> pd.DataFrame:
    readable = ledger[~in_doubt(ledger, "date", "direction", "amount")]
    red = readable[(readable["amount"] < 0) & ~readable.index.isin(pairs["reversal"]) & (readable["summary"] != "")]
    large = readable[(readable["amount"] > 0) & (readable["voucher_no"] != "")]
    large = large.assign(party=large["counterparty"].map(normal_name))
    found: list[tuple[Any, Any]] = []
    for label, row in red.iterrows():
        able = large[
            (large["direction"] == row["direction"])
            & (large["amount"] > -row["amount"])
            & (large["date"] <= row["date"])
        ]
        named = able[np.array([_names(row["summary"], no) for no in able["voucher_no"]], dtype=bool)]
        alike = named[(named["category"] == row["category"]) & (named["party"] == normal_name(row["counterparty"]))]
        one = alike if len(alike) else named
        if len(named):
            found.append((label, one.index[0] if len(one) == 1 else pd.NA))
    return pd.DataFrame(found, columns=["reversal", "original"])


def _names(summary: str, number: str) -> bool:
    """Whether a summary names a voucher: its number in full, not a piece of a longer one."""
    return bool(re.search(rf"(?<![0-9A-Za-z]){re.escape(number)}(?![0-9])", summary))


def pair_reversals(ledger: pd.DataFrame) -> pd.DataFrame:
    """Each red-letter row with the row it takes back, as far as there is one.

    The original is a positive row, earlier or of the same day and at most 180 days older, of the same direction,
    category, counterparty and amount; each is taken once. As many reversals as possible find theirs; among such
    pairings one whose summaries name the voucher, then the one of least days, is taken.

    Shape: reversal, original (index labels of the ledger), in the ledger's order. Rows in doubt are in no pair.
    """
    readable = ledger[~in_doubt(ledger, "date", "direction", "category", "counterparty", "amount")]
    keys = pd.DataFrame(
        {
            "direction": readable["direction"],
            "category": readable["category"],
            "party": readable["counterparty"].map(normal_name),
            "amount": readable["amount"].abs(),
        }
    )
    group = keys.groupby(list(keys.columns), sort=False).ngroup()
    negative = readable["amount"] < 0
    both = group.isin(set(group[negative]) & set(group[readable["amount"] > 0]))
    pairs: list[tuple[Any, Any]] = []
    for labels in readable[both].groupby(group[both], sort=False).groups.values():
        of = readable.loc[labels].sort_values(["date", "voucher_no", "file", "sheet", "row"])
        pairs += _assign(of[of["amount"] < 0], of[of["amount"] > 0])
    found = pd.DataFrame(pairs, columns=["reversal", "original"])
    return found.sort_values("reversal", ignore_index=True)


def _assign(reversals: pd.DataFrame, originals: pd.DataFrame) -> list[tuple[Any, Any]]:
    days = (reversals["date"].to_numpy()[:, None] - originals["date"].to_numpy()) // np.timedelta64(1, "D")
    named = np.array(
        [[bool(no) and no in text for no in originals["voucher_no"]] for text in reversals["summary"]], dtype=bool
    )
    able = (days >= 0) & (days <= WITHIN_DAYS)
    cost = np.where(able, days + np.where(named, 0, _NAMED), _NEVER)
    at, of = linear_sum_assignment(cost)
    good = able[at, of]
    return list(zip(reversals.index[at[good]], originals.index[of[good]], strict=True))
