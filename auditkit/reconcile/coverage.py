"""Which days the statements cover, account by account."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import pandas as pd

from auditkit.model import Books, in_doubt
from auditkit.reconcile.accounts import accounts

_DAY: Final = pd.Timedelta(days=1)
_QUIET: Final = pd.Timedelta(days=31)
"""Days that may lie between two statements of which the second opens with the balance that closed the first."""
_PART: Final = ["account", "file", "sheet"]


@dataclass(frozen=True, slots=True)
class Coverage:
    """Stretches of days that statements cover without a gap.

    Shape: `stretches` (account, first, last), sorted; no two of one account meet.
    """

    stretches: pd.DataFrame
    public: tuple[str, ...]

    def covers(self, numbers: pd.Series[Any], first: pd.Series[Any], last: pd.Series[Any]) -> pd.Series[bool]:
        """Whether one stretch of the account holds all days; of no account named, one of any public account."""
        found = np.zeros(len(numbers), dtype=bool)
        for account, low, high in self.stretches[["account", "first", "last"]].itertuples(index=False):
            named = (numbers == account) | ((numbers == "") & (account in self.public))
            found |= (named & (first >= low) & (last <= high)).to_numpy()
        return pd.Series(found, index=numbers.index, dtype="bool")

    def has(self, number: str) -> bool:
        """Whether any statement of the account was handed in."""
        return bool((self.stretches["account"] == number).any())


def coverage(books: Books) -> Coverage:
    """The days covered by the books' statements, computed once."""
    return books.once("coverage", lambda: _coverage(books))


def _coverage(books: Books) -> Coverage:
    known = accounts(books)
    parts = statement_parts(books)
    joined: list[tuple[str, pd.Timestamp, pd.Timestamp]] = []
    for account, of in parts.groupby("account", sort=True):
        stretch: list[Any] | None = None
        for part in of.sort_values(["first", "last"]).itertuples():
            if stretch and (part.first <= stretch[1] + _DAY or _follows(stretch, part)):
                if part.last >= stretch[1]:
                    stretch = [stretch[0], part.last, part.closing]
                continue
            if stretch:
                joined.append((str(account), stretch[0], stretch[1]))
            stretch = [part.first, part.last, part.closing]
        if stretch:
            joined.append((str(account), stretch[0], stretch[1]))
    frame = pd.DataFrame(joined, columns=["account", "first", "last"])
    return Coverage(frame.astype({"first": "datetime64[us]", "last": "datetime64[us]"}), known.public())


def _follows(stretch: list[Any], part: Any) -> bool:
    """Whether a statement opens with the balance at which the one before it closed: nothing lies between them."""
    _, last, closing = stretch
    if pd.isna(closing) or pd.isna(part.opening) or int(closing) == 0:
        return False
    return int(closing) == int(part.opening) and part.first <= last + _QUIET


def statement_parts(books: Books) -> pd.DataFrame:
    """Each statement with the days it covers: those that its own head states, else from its first to its last row.

    Shape: account (number), file, sheet, first, last, opening, closing. A head that covers less than the rows under
    it gives way to them.
    """
    known, bank, heads = accounts(books), books["bank"], books.statements
    rows = bank[~in_doubt(bank, "account", "date")]
    rows = rows.assign(account=known.numbers(rows["account"]), moved=rows["credit"] - rows["debit"])
    by = rows.groupby(_PART, sort=True)
    seen = by.agg(first=("date", "min"), last=("date", "max")).reset_index()
    ends = _ends(rows)
    seen = seen.merge(ends, on=_PART, how="left")
    if not len(heads):
        return seen
    heads = heads.assign(account=known.numbers(heads["account"].astype("str")))[[*_PART, "first", "last"]]
    both = seen.merge(heads, on=_PART, how="outer", suffixes=("", "_said"))
    both["first"] = both[["first", "first_said"]].min(axis=1)
    both["last"] = both[["last", "last_said"]].max(axis=1)
    return both.dropna(subset=["first", "last"]).drop(columns=["first_said", "last_said"])


def _ends(rows: pd.DataFrame) -> pd.DataFrame:
    """Opening and closing balance of each part as its first and last row give them, whichever way it is sorted."""
    ordered = rows.sort_values([*_PART, "row"])
    by = ordered.groupby(_PART, sort=True)
    first, last = by.nth(0), by.nth(-1)
    top, bottom = (end.set_index(_PART)[["date", "balance", "moved"]] for end in (first, last))
    backwards = (top["date"] > bottom["date"]).to_numpy()
    opening = top["balance"] - top["moved"]
    closing = bottom["balance"]
    return pd.DataFrame(
        {
            "opening": opening.where(~backwards, bottom["balance"] - bottom["moved"]),
            "closing": closing.where(~backwards, top["balance"]),
        }
    ).reset_index()
