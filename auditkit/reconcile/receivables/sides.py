"""Receivables, receipts and their remittance lines, made comparable and put into one fixed order."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pandas as pd

from auditkit.reconcile.names import channel_of, normal_name
from auditkit.reconcile.receivables.references import Reference, read_reference

_BOUNDS = pd.Timestamp.min, pd.Timestamp.max


@dataclass(slots=True)
class Due:
    """A receivable: what was due, and what of it is still open."""

    id: str
    amount: int
    day: pd.Timestamp | None
    issued: pd.Timestamp | None
    party: str
    reference: str
    references: tuple[Reference, ...]
    open: int
    closed: bool = False
    """Nothing more is to come: paid in full, or short for a reason that was stated."""
    paid_by: list[tuple[str, pd.Timestamp | None, int]] = field(
        default_factory=list[tuple[str, "pd.Timestamp | None", int]]
    )
    """Payer, day and amount of each line that paid it."""

    def standing(self, day: pd.Timestamp | None) -> bool:
        """Whether it had been issued by a day."""
        return self.issued is None or day is None or self.issued <= day


@dataclass(slots=True)
class Line:
    """What a receipt, or one line of its remittance, says that it pays."""

    receipt: Receipt
    id: str
    amount: int
    reference: Reference
    text: str
    own: bool
    """The receipt speaks for itself: there is no remittance line."""
    done: bool = False
    sure: bool = True
    """Nothing else could have been meant, so far as was looked."""


@dataclass(slots=True)
class Receipt:
    """Money that came in."""

    id: str
    amount: int
    day: pd.Timestamp | None
    party: str
    reference: str
    text: str
    twice: str = ""
    ambiguous: tuple[str, ...] = ()
    lines: list[Line] = field(default_factory=list["Line"])


def read_receivables(frame: pd.DataFrame) -> list[Due]:
    """Receivables, the one that falls due first first."""
    found = [
        Due(
            row["id"], amount, row["date"], row["issued"], _party(row["counterparty"]), row["reference"],
            tuple(dict.fromkeys(read_reference(text) for text in (row["reference"], row["id"]) if text)),
            amount, closed=amount == 0,
        )
        for row, amount in _rows("receivables", frame, ("id", "date", "amount"))
    ]  # fmt: skip
    return sorted(found, key=lambda due: (due.day or _BOUNDS[1], due.issued or _BOUNDS[1], due.id))


def read_receipts(frame: pd.DataFrame, remittances: pd.DataFrame | None) -> list[Receipt]:
    """Receipts in the order of their days, each with its remittance lines, if there are any.

    Raises: ValueError where a column is missing, an id is blank or stands twice, or a line names no receipt.
    """
    found = [
        Receipt(row["id"], amount, row["date"], _party(row["counterparty"]), row["reference"], row["text"])
        for row, amount in _rows("receipts", frame, ("id", "date", "amount"))
    ]
    by_id = {receipt.id: receipt for receipt in found}
    given: dict[str, list[tuple[dict[str, Any], int]]] = {}
    if remittances is not None:
        for row, amount in _rows("remittances", remittances, ("id", "receipt")):
            if row["receipt"] not in by_id:
                raise ValueError(f"remittances: line {row['id']} is of a receipt that is not there: {row['receipt']}")
            given.setdefault(row["receipt"], []).append((row, amount))
    for name, rows in given.items():
        receipt = by_id[name]
        blank = [row["id"] for row, amount in rows if not amount]
        rest = receipt.amount - sum(amount for _, amount in rows)
        for row, amount in sorted(rows, key=lambda pair: str(pair[0]["id"])):
            worth = amount or (rest if len(blank) == 1 else 0)
            receipt.lines.append(
                Line(receipt, row["id"], worth, read_reference(row["reference"]), row["text"], own=False)
            )
    return sorted(found, key=lambda receipt: (receipt.day or _BOUNDS[1], receipt.id))


def _party(name: str) -> str:
    return "" if channel_of(name) is not None else normal_name(name) and name


def _rows(name: str, frame: pd.DataFrame, must: tuple[str, ...]) -> Iterator[tuple[dict[str, Any], int]]:
    missing = [column for column in must if column not in frame.columns]
    if missing:
        raise ValueError(f"{name}: columns missing: {', '.join(missing)}")
    ids = frame["id"].astype("str").fillna("")
    if (ids == "").any() or not ids.is_unique:
        raise ValueError(f"{name}: an id is blank or stands twice: {sorted(ids[ids.duplicated() | (ids == '')])[:5]}")
    texts = ("id", "receipt", "counterparty", "text", "reference", "method")
    columns: dict[str, list[Any]] = {
        column: frame[column].astype("str").fillna("").tolist() if column in frame.columns else [""] * len(frame)
        for column in texts
    }
    for column in ("date", "issued"):
        days = pd.to_datetime(frame[column]) if column in frame.columns else pd.Series(pd.NaT, index=frame.index)
        columns[column] = [None if pd.isna(day) else day.normalize() for day in days]
    amounts = frame["amount"] if "amount" in frame.columns else pd.Series(0, index=frame.index)
    whole = pd.to_numeric(amounts).astype("Int64").fillna(0).tolist()
    for *values, amount in zip(*columns.values(), whole, strict=True):
        yield dict(zip(columns, values, strict=True)), int(amount)
