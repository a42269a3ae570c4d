"""The ledger's running balance: in which order its rows follow each other, and what each balance should be."""

from __future__ import annotations

from typing import Any

import pandas as pd

from auditkit.model import in_doubt
from auditkit.reconcile.numbering import in_order


def chained(ledger: pd.DataFrame) -> pd.DataFrame:
    """Every ledger row after the first of its chain, with `expected`: the balance that the rows before it give.

    Rows follow each other as they are written. Newest-first sheets are read backwards; where the dates show that a
    sheet was sorted otherwise since, the order that breaks least is taken: as written, or by date and number. Sheets
    that follow each other in time are one chain; sheets whose days overlap are ledgers of their own.

    Shape: the ledger's columns, then expected (Int64, missing where the rows before it cannot be read).
    Units: fen.
    """
    found = [rows.assign(expected=_expected(rows)).iloc[1:] for rows in written_order(ledger)]
    return pd.concat(found) if found else ledger.assign(expected=pd.array([], dtype="Int64"))


def written_order(ledger: pd.DataFrame) -> list[pd.DataFrame]:
    """The rows of each chain, oldest first, in the order in which their balances were written."""
    return [_ordered(sheets) for sheets in _chains(ledger)]


def _chains(ledger: pd.DataFrame) -> list[list[pd.DataFrame]]:
    sheets = [of.sort_values("row") for _, of in ledger.groupby(["file", "sheet"], sort=True)]
    sheets.sort(key=lambda of: pd.Timestamp.max if pd.isna(of["date"].min()) else of["date"].min())
    chains: list[list[pd.DataFrame]] = []
    for sheet in sheets:
        if chains and chains[-1][-1]["date"].max() <= sheet["date"].min():
            chains[-1].append(sheet)
        else:
            chains.append([sheet])
    return chains


def _ordered(sheets: list[pd.DataFrame]) -> pd.DataFrame:
    dates = [sheet["date"].dropna() for sheet in sheets]
    orders = [pd.concat(sheets)]
    if all(d.is_monotonic_decreasing for d in dates) and any(d.nunique() > 1 for d in dates):
        orders = [pd.concat([sheet.iloc[::-1] for sheet in sheets])]
    elif not all(d.is_monotonic_increasing for d in dates):
        orders.append(in_order(orders[0]))
    return min(orders, key=_breaks) if len(orders) > 1 else orders[0]


def _breaks(rows: pd.DataFrame) -> int:
    of = rows.iloc[1:]
    return int((of["balance"] != _expected(rows).iloc[1:]).fillna(False).sum())


def _expected(rows: pd.DataFrame) -> pd.Series[Any]:
    """The last written balance before each row and what moved since."""
    moved = rows["amount"].where(rows["direction"] == "收入", -rows["amount"])
    moved = moved.mask(in_doubt(rows, "direction", "amount"))
    unread = moved.isna().cumsum()
    through = moved.fillna(0).cumsum()
    written = rows["balance"].notna() & ~in_doubt(rows, "balance")
    base = (rows["balance"] - through).where(written).ffill().shift(1)
    clear = unread.where(written).ffill().shift(1) == unread
    return (base + through).where(clear)
