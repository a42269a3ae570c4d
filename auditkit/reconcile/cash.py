"""Cash on its way to the bank: which deposit banks which receipt, oldest cash first."""

from __future__ import annotations

import re
import unicodedata
from collections import deque
from dataclasses import dataclass
from typing import Any, Final

import pandas as pd

from auditkit.model import Books, Case, in_doubt
from auditkit.reconcile.coverage import coverage
from auditkit.reconcile.reversals import reversals
from auditkit.reconcile.workdays import due_days

CASH: Final = "现金"
SILENT_DAYS: Final = 10
"""Business days where the pack names none."""
_DEPOSIT: Final = re.compile("存现|现金存|现存|现金[缴交解]|ATM存")


def says_deposit(summary: str) -> bool:
    """Whether a statement's summary says a cash deposit: 存现, 现金存入, 现存, ATM存款."""
    return bool(_DEPOSIT.search(re.sub(r"\s", "", unicodedata.normalize("NFKC", summary)).upper()))


@dataclass(frozen=True, slots=True)
class CashWalk:
    """Which deposit banked which cash.

    Shape: `rows` (indexed by the ledger's labels, oldest first): date, amount, days (business days allowed), silent
    (the pack names none), due (missing beyond the calendar), seen (statements cover all days from receipt to due),
    banked (in time), late (what was not). `pieces`: deposit, row (labels), date (of the deposit), amount.
    Units: fen.
    """

    rows: pd.DataFrame
    pieces: pd.DataFrame

    def spent(self) -> pd.Series[Any]:
        """Fen that each deposit banked, by its label."""
        return self.pieces.groupby("deposit")["amount"].sum()


def walk_cash(books: Books, case: Case, deposits: pd.DataFrame) -> CashWalk:
    """Spends each deposit on the oldest open cash; what it has over lapses for cash booked later.

    Cash of days that no statement shows is banked last: whether an earlier deposit held it cannot be seen.

    Shape: deposits (date, amount), indexed by the bank's labels, in the order of time.
    """
    ledger = books["ledger"]
    taken_back = reversals(books)
    cash = (ledger["direction"] == "收入") & (ledger["method"] == CASH) & (ledger["amount"] > 0)
    cash &= ~in_doubt(ledger, "date", "direction", "amount", "method")
    cash &= ~ledger.index.isin(taken_back["original"])
    rows = ledger[cash].sort_values(["date", "voucher_no", "file", "sheet", "row"])[["date", "amount"]]
    rows = rows.join(deposit_terms(case, rows["date"]))
    anywhere = pd.Series("", index=rows.index, dtype="str")
    rows["seen"] = rows["due"].notna() & coverage(books).covers(anywhere, rows["date"], rows["due"])
    left = {label: int(amount) for label, amount in deposits["amount"].items()}
    pieces = [piece for seen in (True, False) for piece in _spend(rows[rows["seen"] == seen], deposits["date"], left)]
    found = pd.DataFrame(pieces, columns=["deposit", "row", "date", "amount"])
    in_time = found[found["date"] <= found["row"].map(rows["due"])] if pieces else found
    banked = in_time.groupby("row")["amount"].sum().reindex(rows.index, fill_value=0).astype("int64")
    return CashWalk(rows.assign(banked=banked, late=rows["amount"] - banked), found)


def deposit_terms(case: Case, dates: pd.Series[Any]) -> pd.DataFrame:
    """Until when cash of each day is to be banked.

    Shape: days (business days allowed), silent (the pack names none), due (missing beyond the calendar).
    """
    allowed = {day: case.pack.number("deposit_days", day) for day in dates.unique()}
    days = {day: SILENT_DAYS if number is None else int(number.value) for day, number in allowed.items()}
    silent = {day: number is None for day, number in allowed.items()}
    terms = pd.DataFrame(
        {"days": dates.map(days).astype("int64"), "silent": dates.map(silent).astype("bool")}, index=dates.index
    )
    return terms.assign(due=due_days(dates, terms["days"]))


def _spend(rows: pd.DataFrame, deposits: pd.Series[Any], left: dict[Any, int]) -> list[tuple[Any, Any, Any, int]]:
    """One walk; what the deposits have over stays in `left`."""
    waiting = deque((label, date, int(amount)) for label, date, amount in rows[["date", "amount"]].itertuples())
    pieces: list[tuple[Any, Any, Any, int]] = []
    for deposit, day in deposits.items():
        while left[deposit] > 0 and waiting and waiting[0][1] <= day:
            row, date, open_ = waiting.popleft()
            part = min(open_, left[deposit])
            left[deposit] -= part
            pieces.append((deposit, row, day, part))
            if open_ > part:
                waiting.appendleft((row, date, open_ - part))
    return pieces
