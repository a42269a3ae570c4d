"""Which rows of the ledger's income belong to which contract."""

from __future__ import annotations

from typing import Any, Final

import pandas as pd

from auditkit.model import Books, in_doubt
from auditkit.reconcile.names import normal_name
from auditkit.reconcile.schedule import instalments
from auditkit.reconcile.spans import spans

DEPOSIT: Final = "押金|保证金"
_BOTH: Final = (
    r"(?:租金|房租)\s*[及和与、,，+＋(（]\s*含?(?:押金|保证金)"
    r"|(?:押金|保证金)\s*[及和与、,，+＋]\s*\w{0,4}(?:租金|房租)"
    r"|(?:押金|保证金)\s*(?:转|抵|冲)\w{0,4}(?:租|费)"
)
"""A summary that names rent beside the deposit: how much of the row is rent cannot be told."""

_NEAR: Final = 92
"""Days from a due day within which an equal amount speaks for the instalment."""

_NEVER: Final = 10**6

COLUMNS: Final = ("row", "contract_no", "date", "first", "last", "amount", "labelled", "pool", "mixed", "unread")


def receipts(books: Books) -> pd.DataFrame:
    """The rent that the ledger says came in, row by row, with the contract it belongs to.

    A row belongs to the contract whose number it bears; without a number, to the contract of its counterparty and
    category. Where several contracts share both, it is given to the one whose instalment it fits best, and `pool`
    says that it may be another's. Deposits are no rent. Red-letter rows count negative.

    Shape: row (index of the ledger's frame), contract_no, date, first and last day it counts for, amount, labelled
    (it has a 所属期间), pool («» or the key shared by several contracts), mixed (rent and deposit in one row),
    unread (a cell that the answer rests on is in doubt).
    Units: fen.
    """
    return books.once("receipts", lambda: _receipts(books))


def _receipts(books: Books) -> pd.DataFrame:
    contracts, ledger = books["contracts"], books["ledger"]
    income = ledger[(ledger["direction"] == "收入") | in_doubt(ledger, "direction")]
    both = income["summary"].str.contains(_BOTH, regex=True)
    income = income[both | ~income["summary"].str.contains(DEPOSIT, regex=True)]
    of = spans(income)
    labelled = (income["period"] != "") | in_doubt(income, "period")
    rows = pd.DataFrame(
        {
            "row": income.index,
            "contract_no": income["contract_no"],
            "date": income["date"],
            "first": of["first"],
            "last": of["last"],
            "amount": income["amount"],
            "labelled": labelled,
            "mixed": both.loc[income.index],
            "unread": in_doubt(income, "direction", "amount", "contract_no", "period")
            | (~labelled & in_doubt(income, "date")),
            "party": income["counterparty"].map(normal_name),
            "category": income["category"],
            "open": in_doubt(income, "category"),
        }
    )
    numbered = rows[rows["contract_no"] != ""].assign(pool="")
    parties = contracts[["contract_no"]].assign(
        party=contracts["counterparty"].map(normal_name), of=contracts["category"]
    )
    parties = parties[(parties["contract_no"] != "") & (parties["party"] != "")].drop_duplicates()
    named = rows[rows["contract_no"] == ""].drop(columns="contract_no").merge(parties, on="party")
    named = named[(named["category"] == named["of"]) | named["open"]]
    named["unread"] |= named["open"]
    frame = pd.concat([numbered[numbered["contract_no"].isin(set(contracts["contract_no"]))], _one_each(books, named)])
    return frame[list(COLUMNS)].sort_values(["row", "contract_no"]).reset_index(drop=True)


def nameless(books: Books) -> frozenset[str]:
    """Categories of income in a ledger that nowhere says whose it is: no contract's number, no counterparty."""
    income = books["ledger"]
    income = income[income["direction"] == "收入"]
    if ((income["contract_no"] != "") | (income["counterparty"] != "")).any():
        return frozenset()
    return frozenset(income["category"])


def pool_keys(contracts: pd.DataFrame) -> pd.Series[str]:
    """Contract number -> counterparty and category: what a row without a number is known by."""
    keys = contracts["counterparty"].map(normal_name) + "|" + contracts["category"]
    return keys.groupby(contracts["contract_no"]).first().drop(index="", errors="ignore").astype("str")


def _one_each(books: Books, named: pd.DataFrame) -> pd.DataFrame:
    """Each row without a number under one contract: the one that a label, then an amount, then the days speak for.

    A row in doubt stays under each contract that it may belong to.
    """
    shared = named["row"].duplicated(keep=False)
    named = named.assign(pool=(named["party"] + "|" + named["of"]).where(shared, "").astype("str"))
    choice = named[shared & ~named["unread"]]
    if choice.empty:
        return named
    rent = instalments(books)
    rent = rent.assign(contract_no=books["contracts"]["contract_no"].loc[rent["contract"]].to_numpy())
    pairs = choice.reset_index(names="at").merge(
        rent[["contract_no", "n", "first", "last", "due_on", "amount"]].rename(
            columns={"first": "begin", "last": "finish", "amount": "due"}
        ),
        on="contract_no",
        how="left",
    )
    outside = ~((pairs["begin"] <= pairs["last"]) & (pairs["finish"] >= pairs["first"]))
    far = (pairs["date"].fillna(pairs["first"]) - pairs["due_on"]).dt.days.abs().fillna(_NEVER)
    equal = (pairs["amount"].abs() == pairs["due"]).fillna(False).astype("bool") & (far <= _NEAR)
    pairs = pairs.assign(unlabelled=pairs["labelled"] & outside, other=~equal, outside=outside, far=far)
    order = ["date", "row", "unlabelled", "other", "outside", "far", "contract_no", "n"]
    taken: set[tuple[str, Any]] = set()
    best: list[int] = []
    for _, rows in pairs.sort_values(order).groupby("row", sort=False):
        fits = list(zip(rows["at"], rows["contract_no"], rows["n"], strict=True))
        at, number, n = next((f for f in fits if f[1:] not in taken), fits[0])
        taken.add((number, n))
        best.append(at)
    return pd.concat([named.drop(index=choice.index), named.loc[best]])
