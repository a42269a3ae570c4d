"""The ledger's balance on a day."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pandas as pd

from auditkit.model import Books, Case, in_doubt
from auditkit.reconcile.balances import written_order


@dataclass(frozen=True, slots=True)
class Closing:
    """A balance; `written` says whether it rests on one that the ledger writes, `rows` are the last rows it takes in,
    one a ledger.

    Units: fen.
    """

    amount: int
    written: bool
    rows: pd.DataFrame


def balance_at_exit(books: Books, case: Case, left_on: pd.Timestamp) -> tuple[Closing | None, tuple[str, str] | None]:
    """The ledger's balance on the day the company left, or why it cannot be told.

    A company that leaves after the audit period leaves beyond the ledger, unless the ledger goes that far.
    """
    if left_on > case.end and not (books["ledger"]["date"] >= left_on).any():
        return None, ("台账没有记到退出日", "the ledger does not go as far as the exit")
    closing = balance_on(books["ledger"], left_on)
    if closing is None:
        return None, (
            "退出日以前的台账没有记录，或日期、收支、金额无法读取",
            "the ledger up to the exit cannot be read",
        )
    return closing, None


def balance_on(ledger: pd.DataFrame, day: pd.Timestamp) -> Closing | None:
    """The last balance written up to a day and what moved since; where none is written, income less cost.

    Rows are taken in the order in which the ledger writes them; one dated after the day counts nowhere, wherever it
    stands. Ledgers that run beside each other are added up.

    None where a row that it rests on cannot be read, or nothing is dated up to the day.
    """
    parts = [part for rows in written_order(ledger) if (part := _balance(rows, day)) is not None]
    if not parts or any(pd.isna(amount) for amount, _, _ in parts):
        return None
    return Closing(
        sum(int(amount) for amount, _, _ in parts),
        all(written for _, written, _ in parts),
        pd.concat([last for _, _, last in parts]),
    )


def _balance(rows: pd.DataFrame, day: pd.Timestamp) -> tuple[Any, bool, pd.DataFrame] | None:
    """The balance (missing where it cannot be told), whether it is written, the last row it takes in."""
    later = (rows["date"] > day).cummax()
    timely = rows["date"] <= day
    if not timely.any() and not (rows["date"].isna() & ~later).any():
        return None
    moved = rows["amount"].where(rows["direction"] == "收入", -rows["amount"])
    moved = moved.mask(in_doubt(rows, "direction", "amount"))
    undated = rows["date"].isna() | in_doubt(rows, "date")
    noted = timely & rows["balance"].notna() & ~in_doubt(rows, "balance")
    place = pd.Series(range(len(rows)), index=rows.index)
    base = int(place[noted].max()) if noted.any() else -1
    start = int(rows["balance"].iloc[base]) if base >= 0 else 0
    since, before = place > base, place <= base
    unknown = (undated & since & ~later) | (moved.isna() & ((timely & since) | (~timely & ~undated & before)))
    last = rows.iloc[[int(place[timely].max())]] if timely.any() else rows.iloc[:0]
    if unknown.any():
        return pd.NA, base >= 0, last
    total = start + int(moved[timely & since].sum()) - int(moved[~timely & ~undated & before].sum())
    return total, base >= 0, last
