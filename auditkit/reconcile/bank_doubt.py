"""Rows that stay over only because something cannot be read or was not handed in: untested, not left over."""

from __future__ import annotations

from typing import Any, Final

import pandas as pd

from auditkit.model import Books, in_doubt
from auditkit.reconcile.accounts import PUBLIC, UNREAD, accounts
from auditkit.reconcile.names import channel_of, normal_name, one_contains_other
from auditkit.schema import categories

ASKED: Final = ["date", "amount", "sign", "counterparty", "account"]
_SETTLED: Final = ("微信", "支付宝", "刷卡")
"""Ways of payment that a channel settles, several days at once."""
LONGEST: Final = 35
"""Days of a channel that one settlement may hold (matching: booking_days)."""
_NEXT: Final = pd.Timedelta(days=7)
"""So far from the other days of a sum may the doubtful row's own day lie: a week in which nothing else was taken."""


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


def unread_kinds(books: Books, ledger: pd.DataFrame) -> pd.DataFrame:
    """Rows of the ledger's side whose category or method alone cannot be read, as doubtful_ledger has its rows."""
    paper = books["ledger"].loc[ledger.index]
    rows = ledger.assign(
        sign=ledger["amount"].gt(0).astype("int64") - ledger["amount"].lt(0).astype("int64"),
        method=ledger["method"].mask(in_doubt(paper, "method"), ""),
        category=ledger["category"].mask(in_doubt(paper, "category"), ""),
    )
    return rows.loc[in_doubt(paper, "category", "method"), [*ASKED, "method", "category"]]


def may_share_a_sum(
    ledger: pd.DataFrame, bank: pd.DataFrame, doubtful: pd.DataFrame, window: int
) -> tuple[set[Any], set[Any]]:
    """Rows left over that whole days of one kind with a doubtful ledger row would make: labels of both sides.

    A bank row is the sum, less a channel's fee of up to 1 %, of the left rows of some successive days that share the
    counterparty, or category and method, with the doubtful row, and of that row; where its amount cannot be read it
    may be up to three times the largest of them.

    Shape: ledger and bank are rows left over (ASKED less sign; the ledger's with method and category); doubtful as
    doubtful_ledger.
    """
    mine, theirs = set[Any](), set[Any]()
    party = ledger["counterparty"].map(normal_name)
    for row in doubtful[doubtful["sign"] != 0].drop_duplicates().to_dict("records"):
        kind = pd.Series(True, index=ledger.index)
        for column in ("category", "method"):
            kind &= (ledger[column] == row[column]) | (row[column] == "")
        named = normal_name(str(row["counterparty"]))
        mates = ledger[(kind | ((party == named) & (named != ""))) & (ledger["amount"] * row["sign"] > 0)]
        sums = bank[(bank["amount"] * row["sign"] > 0) & ((row["account"] == "") | (bank["account"] == row["account"]))]
        for label, one in sums.iterrows() if len(mates) else ():
            late = (one["date"] - mates["date"]).dt.days
            near = mates[(late <= LONGEST + window) & (late >= -window)]
            names = near["counterparty"].unique()
            near = near[near["counterparty"].isin([n for n in names if _may_be_one(one["counterparty"], n)])]
            days = _days_that_make(near, abs(int(one["amount"])), row)
            mine |= set(near.index[near["date"].isin(days)])
            theirs |= {label} if days else set()
    return mine, theirs


def _days_that_make(near: pd.DataFrame, whole: int, row: dict[Any, Any]) -> set[Any]:
    """The days of those runs that with the doubtful row make the whole."""
    by_day = near["amount"].abs().groupby(near["date"]).agg(["sum", "max"]).sort_index()
    days, found = by_day.index, set[Any]()
    for start in range(len(days)):
        total = 0
        for stop in range(start, len(days)):
            total += int(by_day["sum"].iloc[stop])
            if total > whole * 100 // 99 + 1:
                break
            apart = pd.notna(row["date"]) and not days[start] - _NEXT <= row["date"] <= days[stop] + _NEXT
            if pd.isna(row["amount"]):
                fits = total < whole <= total + 3 * int(by_day["max"].max())
            else:
                most = total + abs(int(row["amount"]))
                least = most - most // 100 - 1
                fits = least <= whole <= most
            if fits and not apart:
                found |= set(days[start : stop + 1])
    return found


def settled_by(ledger: pd.DataFrame, doubtful: pd.DataFrame, window: int) -> pd.Series[bool]:
    """Ledger rows paid through a channel that a doubtful bank row, a channel's or nobody's, may settle with others."""
    able = pd.Series(False, index=ledger.index, dtype="bool")
    for row in doubtful[ASKED].drop_duplicates().to_dict("records"):
        if row["counterparty"] and channel_of(row["counterparty"]) is None:
            continue
        late = (row["date"] - ledger["date"]).dt.days if pd.notna(row["date"]) else pd.Series(0, index=ledger.index)
        fits = (late >= -window) & (late <= LONGEST + window)
        fits &= (ledger["amount"] * row["sign"] > 0) | (row["sign"] == 0)
        if pd.notna(row["amount"]):
            fits &= ledger["amount"].abs() <= abs(row["amount"]) * 100 // 99 + 1
        able |= fits & ((ledger["account"] == row["account"]) | (ledger["account"] == "") | (row["account"] == ""))
    return able & ledger["method"].isin(_SETTLED)


def unseen_transfers(rows: pd.DataFrame, public: tuple[str, ...], covered: Any) -> pd.Series[bool]:
    """Rows that name another public account whose statement for the day was not handed in: a transfer's one half."""
    other = rows["counterparty_account"]
    named = other.isin(public) & (other != rows["account"])
    return named & ~covered.covers(other, rows["date"], rows["date"])
