"""What compounds of a county are compared by: income by category, what it depends on, prices of contracts."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import pandas as pd

from auditkit.model import Books, Case
from auditkit.reconcile.quantities import months
from auditkit.reconcile.schedule import MONTHS
from auditkit.reconcile.spans import spans
from auditkit.reconcile.terms import last_day
from auditkit.schema import categories

LEAST: Final = 8
"""Fewer peers than this say nothing: 样本不足."""

BY_LIFTS: Final = ("电梯广告",)
BY_SPACES: Final = ("地面停车", "临时停车")


def facts(books: Books, case: Case) -> dict[str, pd.DataFrame]:
    """What one compound contributes to the comparison.

    Shape: income (compound_id, category, amount, months: income of the period and its calendar months) · drivers
    (compound_id, category, driver: missing where it is not known) · contracts (compound_id, category, quantity,
    unit_price_month).
    Units: amount in fen; unit_price_month fen a unit and month, a ratio and so a float.
    """
    return {"income": _income(books, case), "drivers": _drivers(books, case), "contracts": _prices(books, case)}


def peers_of(compound_id: str, frames: Mapping[str, pd.DataFrame]) -> dict[str, pd.DataFrame]:
    """The frames of all other compounds."""
    return {name: f[f["compound_id"] != compound_id] if len(f) else f for name, f in frames.items()}


def _income(books: Books, case: Case) -> pd.DataFrame:
    ledger = books["ledger"]
    counted = spans(ledger)
    rows = ledger[(counted["first"] >= case.start) & (counted["last"] <= case.end) & (ledger["direction"] == "收入")]
    sums = rows.groupby("category")["amount"].sum().astype("int64")
    present = sums[sums > 0]
    span = float(months(case.start, case.end))
    return pd.DataFrame(
        {
            "compound_id": case.compound_id,
            "category": present.index.astype("str"),
            "amount": present.to_numpy(),
            "months": span,
        }
    ).astype({"compound_id": "str", "category": "str", "amount": "int64", "months": "float64"})


def _drivers(books: Books, case: Case) -> pd.DataFrame:
    rows = [(case.compound_id, c, driver(books, c)) for c in categories("income")]
    frame = pd.DataFrame(rows, columns=["compound_id", "category", "driver"])
    return frame.astype({"compound_id": "str", "category": "str", "driver": "float64"})


def driver(books: Books, category: str) -> float | None:
    """What income of a category depends on: lifts, common spaces, else what was counted on site; None if unknown."""
    if category in BY_LIFTS or category in BY_SPACES:
        value: Any = books.compound("elevators" if category in BY_LIFTS else "common_spaces")
        return None if value is None else float(value)
    if "resources" not in books.given:
        return None
    rows = books["resources"]
    rows = rows[(rows["category"] == category) & (rows["status"] != "公益")]
    # A row without a quantity is one thing that stands there.
    return float(rows.groupby("resource_id")["quantity"].max().fillna(1).sum()) if len(rows) else 0.0


def unit_prices(contracts: pd.DataFrame) -> pd.Series[float]:
    """Price of each contract per unit and month in fen; missing without a quantity, an amount or readable dates."""
    span = contracts["cycle"].map(MONTHS).astype("float64")
    once = contracts["cycle"] == "一次性"
    terms = zip(contracts.index[once], contracts.loc[once, "start"], last_day(contracts)[once], strict=True)
    for at, first, last in terms:
        if last >= first:
            span[at] = float(months(first, last))
    quantity = contracts["quantity"].where(contracts["quantity"] > 0)
    return contracts["amount"].astype("float64") / quantity / span


def _prices(books: Books, case: Case) -> pd.DataFrame:
    contracts = books["contracts"]
    lasting = last_day(contracts)
    running = (contracts["start"] <= case.end) & (lasting >= case.start)
    frame = contracts[["category", "quantity"]].assign(
        compound_id=case.compound_id, unit_price_month=unit_prices(contracts)
    )
    frame = frame[running & frame["unit_price_month"].notna()]
    return frame[["compound_id", "category", "quantity", "unit_price_month"]].reset_index(drop=True)
