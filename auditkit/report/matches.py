"""matches.csv: which ledger rows and bank rows answer each other, by which pass, and why."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pandas as pd

from auditkit.money import yuan
from auditkit.reconcile.bank import reconciled
from auditkit.report.outcome import Outcome


def write_matches(outcome: Outcome, path: Path) -> None:
    """Writes matches.csv, UTF-8 with its mark so that Excel and WPS read Chinese."""
    table = reconciled(outcome.books, outcome.case).groups_table()
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file, lineterminator="\r\n")
        writer.writerow(table.columns)
        writer.writerows(_texts(table))


def _texts(table: pd.DataFrame) -> Iterator[list[str]]:
    """Rows as text; money in yuan."""
    for record in table.to_dict("records"):
        yield [_text(str(name), value) for name, value in record.items()]


def _text(name: str, value: Any) -> str:
    if isinstance(value, (list, tuple)):
        return ";".join(str(v) for v in value)
    if pd.isna(value):
        return ""
    if name.endswith(("amount", "fee")) and isinstance(value, int):
        return yuan(value).replace(",", "")
    if isinstance(value, pd.Timestamp):
        return f"{value:%Y-%m-%d}"
    return str(value)
