"""The ledger's balance on a day, and how it came about."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pandas as pd

from auditkit.model import Books, Case, in_doubt
from auditkit.reconcile.balances import written_order
from auditkit.schema import categories


@dataclass(frozen=True, slots=True)
class Closing:
    """A balance; `written` says whether it rests on one that the ledger writes, `rows` are the last rows it takes in,
    one a ledger.

    Units: fen.
    """

    amount: int
    written: bool
    rows: pd.DataFrame


@dataclass(frozen=True, slots=True)
class Account:
    """What moved in the ledger up to a day: opening + income - cost = reckoned.

    Shape: `lines` direction, category, amount (fen), rows, in the order of the categories. `opening` is what the ledger
    had before its first row, by its first written balance; 0 where it writes none (`opened` is False then). `unread`
    rows could not be counted; `reckoned` is then missing.
    """

    first: pd.Timestamp | None
    last: pd.Timestamp
    opening: int | None
    opened: bool
    lines: pd.DataFrame
    unread: int

    @property
    def reckoned(self) -> int | None:
        """Opening + income - cost; None where a row or the opening cannot be read."""
        if self.opening is None or self.unread:
            return None
        return self.opening + self.total("收入") - self.total("支出")

    def total(self, direction: str) -> int:
        """All income, or all cost."""
        return int(self.lines.loc[self.lines["direction"] == direction, "amount"].sum())


def account_to(ledger: pd.DataFrame, day: pd.Timestamp) -> Account:
    """The public revenue from the ledger's first row to a day, by direction and category."""
    unread = in_doubt(ledger, "date", "direction", "category", "amount")
    timely = ledger[~unread & (ledger["date"] <= day)]
    order = {name: at for at, name in enumerate((*categories("income"), *categories("cost")))}
    by = timely.groupby(["direction", "category"], sort=False)["amount"].agg(amount="sum", rows="count").reset_index()
    at = by["category"].map(order).fillna(len(order))
    lines = by.assign(at=at).sort_values(["direction", "at", "category"], ascending=[False, True, True])
    openings = [_opening(rows) for rows in written_order(ledger)]
    return Account(
        None if timely.empty else timely["date"].min(),
        day,
        None if any(pd.isna(amount) for amount, _ in openings) else sum(int(amount) for amount, _ in openings),
        bool(openings) and all(written for _, written in openings),
        lines.drop(columns="at").reset_index(drop=True),
        int((unread & ~(ledger["date"] > day)).sum()),
    )


def _opening(rows: pd.DataFrame) -> tuple[Any, bool]:
    """What a ledger had before its first row: its first written balance less what moved until then."""
    noted = rows["balance"].notna() & ~in_doubt(rows, "balance")
    if not noted.any():
        return 0, False
    until = rows.iloc[: int(noted.to_numpy().argmax()) + 1]
    moved = _moved(until)
    return (pd.NA if moved.isna().any() else int(until["balance"].iloc[-1]) - int(moved.sum())), True


def _moved(rows: pd.DataFrame) -> pd.Series[Any]:
    """What each row adds to the balance; missing where it cannot be read."""
    moved = rows["amount"].where(rows["direction"] == "收入", -rows["amount"])
    return moved.mask(in_doubt(rows, "direction", "amount"))


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
    moved = _moved(rows)
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
