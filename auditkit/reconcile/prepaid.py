"""Rent taken before a company left for days after it left."""

from __future__ import annotations

import pandas as pd

from auditkit.model import Books, Case
from auditkit.reconcile.receipts import receipts
from auditkit.reconcile.schedule import instalments, part
from auditkit.reconcile.spans import spans


def prepaid(books: Books, case: Case, left_on: pd.Timestamp) -> pd.DataFrame:
    """What each contract's receipts until a day pay for days after it, by days.

    Receipts are laid on the instalments in the order of their due days; only one covered in full counts as paid.
    Instalments due before the ledger begins were paid, or not, where this ledger cannot show it: they are left out.
    `least` is what is prepaid where a receipt early in the ledger may have been for the last of them.

    Shape: contract_no (index), prepaid, least, start (of its first contract row). Units: fen.
    """
    rent, total, unsure = _laid(books, case, left_on)
    found = pd.DataFrame({"prepaid": _paid_ahead(rent[~rent["older"]], total)})
    with_older = _paid_ahead(rent[~rent["older"] | rent["contract_no"].isin(unsure)], total)
    found["least"] = with_older.reindex(found.index, fill_value=0)
    found["start"] = books["contracts"].groupby("contract_no")["start"].min().reindex(found.index)
    return found[found["prepaid"] > 0]


def prepaid_parts(books: Books, case: Case, left_on: pd.Timestamp) -> pd.DataFrame:
    """The instalments that what is prepaid comes from, each with its days after a day: they add up to `prepaid`.

    Shape: contract_no, first, last, amount, days (after), whole (days of the whole cycle), after (fen), in the order of
    contracts and due days. Units: fen.
    """
    rent, total, _ = _laid(books, case, left_on)
    rows = rent[~rent["older"]]
    rows = rows[_covered(rows, total) & (rows["after"] > 0)]
    since = rows["rent_from"].where(rows["rent_from"] > left_on, left_on + pd.Timedelta(days=1))
    rows = rows.assign(days=(rows["last"] - since).dt.days + 1)
    return rows[["contract_no", "first", "last", "amount", "days", "whole", "after"]].reset_index(drop=True)


def _laid(books: Books, case: Case, left_on: pd.Timestamp) -> tuple[pd.DataFrame, pd.Series, pd.Series]:
    """Instalments with what they ask for days after a day, what came in by contract, and contracts of which a receipt
    may have been for an instalment older than the ledger."""
    contracts, rent = books["contracts"], instalments(books)
    first = spans(books["ledger"])["first"].min()
    began = case.start if pd.isna(first) else min(case.start, first)
    rent = rent.assign(contract_no=contracts["contract_no"].loc[rent["contract"]].to_numpy())
    came = receipts(books)
    came = came[(came["date"] <= left_on) & ~came["unread"] & ~came["mixed"] & ~(came["last"] < began)]
    total = came.groupby("contract_no")["amount"].sum()
    rent = rent[rent["amount"].notna() & rent["contract_no"].isin(total.index) & (rent["grace_end"] >= began)]
    rent = rent.sort_values(["contract_no", "due_on", "n"])
    rent["after"] = part(rent, left_on + pd.Timedelta(days=1), rent["last"])
    rent["older"] = rent["due_on"] < began
    grace = rent.loc[rent["older"]].groupby("contract_no")["grace_end"].max()
    early = came[~came["labelled"]]
    early = early[early["date"] <= grace.reindex(early["contract_no"]).to_numpy()]
    return rent, total, early["contract_no"]


def _covered(rent: pd.DataFrame, total: pd.Series) -> pd.Series[bool]:
    """Instalments that the receipts cover in full, laid on them in the order of their due days."""
    return (rent.groupby("contract_no")["amount"].cumsum() <= rent["contract_no"].map(total)).astype("bool")


def _paid_ahead(rent: pd.DataFrame, total: pd.Series) -> pd.Series:
    """What instalments that the receipts cover in full ask for later days."""
    return rent["after"].where(_covered(rent, total), 0).groupby(rent["contract_no"]).sum()
