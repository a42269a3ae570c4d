"""Which decision of use each cost row is charged to, and how much of its limit is gone."""

from __future__ import annotations

from typing import Final

import pandas as pd

from auditkit.model import Books, in_doubt
from auditkit.reconcile import terms
from auditkit.reconcile.reversals import reversals

DECIDES_USE: Final = "收益使用"
CATEGORIES: Final = ("维修养护", "业委会经费", "审计服务", "招待费", "物业服务成本", "其他支出")
"""Costs that need a decision of use; taxes, fees, energy, agreed labour and shares, transfers to owners do not."""

CELLS: Final = ("date", "direction", "category", "amount", "resolution_no")
"""Cells of a cost row without which it cannot be charged."""


def charges(books: Books) -> pd.DataFrame:
    """Every cost row that needs a decision of use, in date order, charged to the decision it names.

    The decision is a resolution 收益使用 dated on or before the row and valid on its day; one number on several lines
    is one decision, and the limits add up. A row that a red-letter row takes back was not spent; neither is charged.

    Shape: the ledger's columns and index; state (unread: a cell of the row is in doubt; spent: a positive row that
    stands; else back), charged (missing where a resolution in doubt decides it), limit (missing: none), limit_read,
    total (charged so far, this row included), certain (no row in doubt stands before it).
    Units: fen.
    """
    return books.once("charges", lambda: _charges(books))


def _charges(books: Books) -> pd.DataFrame:
    ledger = books["ledger"]
    cost = (ledger["direction"] == "支出") | in_doubt(ledger, "direction")
    rows = ledger[cost & (ledger["category"].isin(CATEGORIES) | in_doubt(ledger, "category"))]
    rows = rows.sort_values("date", kind="stable", na_position="first")
    pairs, unread = reversals(books), in_doubt(rows, *CELLS)
    back = rows.index.to_series().isin([*pairs["reversal"], *pairs["original"]])
    spent = ~back & (rows["amount"] > 0).fillna(False)
    rows["state"] = spent.map({True: "spent", False: "back"}).mask(unread, "unread")
    decisions = _decisions(books["resolutions"], rows)
    of = (
        decisions[~decisions["open"]]
        .groupby("at")
        .agg(limit=("spending_limit", "sum"), unlimited=("unlimited", "any"), limit_read=("limit_read", "all"))
    )
    charged, unsure = rows.index.isin(of.index), rows.index.isin(decisions.loc[decisions["open"], "at"])
    rows["charged"] = pd.Series(charged, rows.index, dtype="boolean").mask(~charged & unsure)
    rows["limit"] = of["limit"].mask(of["unlimited"]).reindex(rows.index)
    rows["limit_read"] = of["limit_read"].reindex(rows.index, fill_value=True)
    rows["total"] = rows["amount"].where(charged & ~back & ~unread, 0).groupby(rows["resolution_no"]).cumsum()
    rows["certain"] = ~unread.groupby(rows["resolution_no"]).cummax()
    return rows


def _decisions(resolutions: pd.DataFrame, rows: pd.DataFrame) -> pd.DataFrame:
    """The decisions of use that each row's number names and that were taken and valid on its day, or may have been."""
    given = pd.DataFrame(
        {
            "resolution_no": resolutions["resolution_no"],
            "decided": resolutions["date"],
            "since": terms.valid_from(resolutions),
            "until": terms.valid_to(resolutions),
            "spending_limit": resolutions["spending_limit"],
            "unlimited": resolutions["spending_limit"].isna(),
            "limit_read": ~in_doubt(resolutions, "spending_limit"),
            "open": in_doubt(resolutions, "matter", "date", "valid_from", "valid_to"),
        }
    )
    right = (resolutions["matter"] == DECIDES_USE) | in_doubt(resolutions, "matter")
    named = rows[["resolution_no", "date"]].reset_index(names="at").merge(given[right], on="resolution_no")
    early = (named["date"] < named["decided"]) | (named["date"] < named["since"])
    return named[(named["resolution_no"] != "") & ~early & ~(named["date"] > named["until"])]
