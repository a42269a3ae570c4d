"""The cash-application set's own score: F1 over (payment, invoice) pairs, precision, amounts right to the fen."""

from __future__ import annotations

import json
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

import pandas as pd

from auditkit import apply_receipts
from auditkit.money import fen
from auditkit.reconcile.receivables import Applications


@dataclass(frozen=True)
class Score:
    precision: float
    recall: float
    f1: float
    amounts: float
    wrong: list[tuple[str, str]]
    missed: list[tuple[str, str]]


def _fen(value: float) -> int:
    return fen(Decimal(str(value)))


def read(path: Path) -> tuple[tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame], dict[tuple[str, str], int]]:
    data: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    receivables = pd.DataFrame(
        [
            {"id": i["invoice_id"], "date": i["due_date"], "issued": i["invoice_date"], "amount": _fen(i["amount"]),
             "counterparty": i["customer_name"], "text": i["description"], "reference": i["invoice_id"]}
            for i in data["invoices"]
        ]
    )  # fmt: skip
    receipts = pd.DataFrame(
        [
            {"id": p["payment_id"], "date": p["payment_date"], "amount": _fen(p["amount"]),
             "counterparty": p["payer_name"], "text": p["reference_info"], "method": p["method"]}
            for p in data["payments"]
        ]
    )  # fmt: skip
    remittances = pd.DataFrame(
        [
            {"id": r["remittance_id"], "receipt": r["payment_id"], "reference": r["invoice_ref"],
             "amount": _fen(r["amount"]), "text": r["memo"]}
            for r in data["remittance_lines"]
        ]
    )  # fmt: skip
    truth = {
        (a["payment_id"], a["invoice_id"]): _fen(a["applied_amount"]) for a in data["ground_truth"]["applications"]
    }
    for frame, columns in ((receivables, ["date", "issued"]), (receipts, ["date"])):
        for column in columns:
            frame[column] = pd.to_datetime(frame[column])
    return (receivables, receipts, remittances), truth


def run(path: Path) -> tuple[Applications, dict[tuple[str, str], int]]:
    frames, truth = read(path)
    return apply_receipts(*frames), truth


def score(found: Applications, truth: dict[tuple[str, str], int]) -> Score:
    applied = found.applied
    said = dict(zip(zip(applied["receipt"], applied["receivable"], strict=True), applied["amount"], strict=True))
    right = said.keys() & truth.keys()
    precision, recall = len(right) / max(len(said), 1), len(right) / max(len(truth), 1)
    amounts = sum(said[pair] == truth[pair] for pair in right) / max(len(truth), 1)
    f1 = 2 * precision * recall / max(precision + recall, 1e-9)
    return Score(precision, recall, f1, amounts, sorted(said.keys() - truth.keys()), sorted(truth.keys() - said.keys()))
