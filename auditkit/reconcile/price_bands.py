"""Where a contract's price stands among the county's other compounds: the band that CTR02 judges it by."""

from __future__ import annotations

from typing import Any, Final

import pandas as pd

from auditkit.model import Books, Case, in_doubt
from auditkit.reconcile.peers import LEAST, unit_prices
from auditkit.reconcile.terms import last_day

COLUMNS: Final = (
    "compound_id", "contract_no", "category", "price", "peers", "low", "q1", "median", "q3", "high",
)  # fmt: skip
_READ: Final = ("category", "quantity", "amount", "cycle", "start", "end", "terminated_on")


def price_bands(books: Books, case: Case) -> pd.DataFrame:
    """Contracts of the period with a price per unit, each with the prices of its category in the other compounds.

    Shape: COLUMNS, one row a contract; the band is missing where there are fewer peers than the test asks for.
    Units: fen a unit and month.
    """
    contracts = books["contracts"]
    running = (contracts["start"] <= case.end) & (last_day(contracts) >= case.start)
    rows = contracts[running & ~in_doubt(contracts, *_READ)]
    rows = rows.assign(price=unit_prices(rows))
    rows = rows[rows["price"].notna() & (rows["contract_no"] != "")]
    peers = (books.county or {}).get("contracts", pd.DataFrame())
    priced = peers.dropna(subset=["unit_price_month"]) if len(peers) else peers
    bands = {
        str(category): (len(prices), *prices.quantile([0, 0.25, 0.5, 0.75, 1]))
        for category, prices in (priced.groupby("category")["unit_price_month"] if len(peers) else ())
        if len(prices) >= LEAST
    }
    counts = priced["category"].value_counts().to_dict() if len(peers) else {}
    found: list[tuple[Any, ...]] = []
    for number, category, price in zip(rows["contract_no"], rows["category"], rows["price"], strict=True):
        band = bands.get(category, (counts.get(category, 0), *[None] * 5))
        found.append((case.compound_id, number, category, float(price), *band))
    types = dict.fromkeys(("price", "low", "q1", "median", "q3", "high"), "float64")
    return pd.DataFrame(found, columns=list(COLUMNS)).astype(types)
