"""Two sides written row by row: id, date, yuan, and what else is said."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pandas as pd

from auditkit.money import fen
from auditkit.reconcile.matching import Matches


def side(*rows: tuple[Any, ...], **same: str) -> pd.DataFrame:
    """Rows are (id, date, yuan) or (id, date, yuan, {column: text}); `same` stands in every row."""
    found = [
        {"id": i, "date": pd.Timestamp(day), "amount": fen(Decimal(str(yuan))), **same, **(more[0] if more else {})}
        for i, day, yuan, *more in rows
    ]
    columns = [
        "counterparty",
        "text",
        "reference",
        "account",
        "category",
        "method",
        "contract_no",
        "counterparty_account",
    ]
    blank = dict.fromkeys(columns, "")
    return pd.DataFrame([blank | row for row in found], columns=["id", "date", "amount", *columns]).astype(
        {"amount": "int64", "date": "datetime64[us]"}
    )


def groups(found: Matches) -> dict[str, tuple[str, str]]:
    """Each group as «ledger ids | statement ids» with its pass."""
    codes = dict(zip(found.groups["group"], found.groups["pass"], strict=True))
    rows = found.rows[found.rows["group"] != ""]
    said = {}
    for group, part in rows.groupby("group"):
        ids = [" ".join(sorted(part.loc[part["side"] == name, "id"])) for name in ("ledger", "statement")]
        said[" | ".join(ids)] = codes[group]
    return said


def state(found: Matches, row: str) -> str:
    """What became of a row."""
    return str(found.rows.set_index("id").loc[row, "state"])


def alternatives(found: Matches, row: str) -> tuple[str, ...]:
    """What else could be meant."""
    return found.rows.set_index("id").loc[row, "alternatives"]
