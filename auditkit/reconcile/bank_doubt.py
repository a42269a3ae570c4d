"""Rows that stay over only because something cannot be read or was not handed in: untested, not left over."""

from __future__ import annotations

from typing import Any, Final

import pandas as pd

from auditkit.model import Books, in_doubt
from auditkit.reconcile.accounts import PUBLIC, UNREAD, accounts
from auditkit.reconcile.names import channel_of, normal_name, one_contains_other
from auditkit.schema import categories

ASKED: Final = ["date", "amount", "sign", "counterparty", "account"]


def doubtful_ledger(books: Books) -> pd.DataFrame:
    """Ledger rows whose date, direction or amount cannot be read, with what can be.

    Shape: date, amount (signed as far as the sign is known; missing where unread), sign (0 where unread), counterparty,
    account, method, category.
    """
    ledger = books["ledger"]
    rows = ledger[in_doubt(ledger, "date", "direction", "amount")]
    aimless = in_doubt(rows, "direction")
    income = ((rows["direction"] == "收入") & ~aimless) | (aimless & rows["category"].isin(categories("income")))
    cost = ((rows["direction"] == "支出") & ~aimless) | (aimless & rows["category"].isin(categories("cost")))
    return pd.DataFrame(
        {
            "date": rows["date"].mask(in_doubt(rows, "date")),
            "amount": rows["amount"].mask(in_doubt(rows, "amount")),
            "sign": income.astype("int64") - cost.astype("int64"),
            "counterparty": rows["counterparty"],
            "account": accounts(books).numbers(rows["account"]),
            "method": rows["method"].mask(in_doubt(rows, "method"), ""),
            "category": rows["category"].mask(in_doubt(rows, "category"), ""),
        }
    )


def doubtful_bank(books: Books) -> pd.DataFrame:
    """Bank rows that may be of a public account and cannot be read, or whose account's kind cannot.

    Shape: as doubtful_ledger, with summary instead of method and category.
    """
    known, bank = accounts(books), books["bank"]
    number = known.numbers(bank["account"])
    kind = known.kinds_of(number)
    unread = in_doubt(bank, "account", "date", "credit", "debit")
    may = kind.isin((*PUBLIC, UNREAD)) | in_doubt(bank, "account")
    rows = bank[may & (unread | (kind == UNREAD))]
    in_, out = (rows[c].mask(in_doubt(rows, c)) for c in ("credit", "debit"))
    moved = in_ - out
    came = (moved > 0) | (moved.isna() & (out == 0))
    went = (moved < 0) | (moved.isna() & (in_ == 0))
    sign = came.fillna(False).astype("int64") - went.fillna(False).astype("int64")
    return pd.DataFrame(
        {
            "date": rows["date"].mask(in_doubt(rows, "date")),
            "amount": moved,
            "sign": sign,
            "counterparty": rows["counterparty"],
            "account": number.loc[rows.index].where(~in_doubt(rows, "account"), ""),
            "summary": rows["summary"],
        }
    )


def answerable(rows: pd.DataFrame, by: pd.DataFrame, window: int, *, in_part: bool = False) -> pd.Series[bool]:
    """Rows of one side that one of these rows of the other could answer, by all that can be read of it.

    What is missing in `by` rules nothing out. `in_part`: a larger row could be the sum of which this one is a part.

    Shape: rows have date, amount (signed), counterparty, account; `by` the columns ASKED.
    """
    able = pd.Series(False, index=rows.index, dtype="bool")
    sign = (rows["amount"] > 0).astype("int64") - (rows["amount"] < 0).astype("int64")
    size, parties = rows["amount"].abs(), rows["counterparty"].map(normal_name)
    for row in by[ASKED].drop_duplicates().to_dict("records"):
        fits = ~able
        if row["account"]:
            fits &= (rows["account"] == row["account"]) | (rows["account"] == "")
        if row["sign"]:
            fits &= sign == row["sign"]
        if pd.notna(row["date"]):
            fits &= (rows["date"] - row["date"]).dt.days.abs() <= window
        if pd.notna(row["amount"]):
            fits &= size <= abs(row["amount"]) if in_part else size == abs(row["amount"])
        others = [name for name in parties[fits].unique() if not _may_be_one(name, str(row["counterparty"]))]
        able |= fits & ~parties.isin(others)
    return able


def _may_be_one(one: str, other: str) -> bool:
    """Whether two names may be one payer's: one is blank or a channel's, or one contains the other."""
    if not one or not other or channel_of(one) is not None or channel_of(other) is not None:
        return True
    return one_contains_other(one, other)


def unseen_transfers(rows: pd.DataFrame, public: tuple[str, ...], covered: Any) -> pd.Series[bool]:
    """Rows that name another public account whose statement for the day was not handed in: a transfer's one half."""
    other = rows["counterparty_account"]
    named = other.isin(public) & (other != rows["account"])
    return named & ~covered.covers(other, rows["date"], rows["date"])
