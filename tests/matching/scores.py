"""The bank-reconciliation set's own score: pairs (a batch counts a pair a row), precision, batches."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from auditkit import match
from auditkit.reconcile.matching import Matches

SHARED = Path(__file__).parents[2].parent / "shared" / "realdata"


@dataclass(frozen=True)
class Score:
    f1: float
    precision: float
    recall: float
    batches: float
    wrong: list[tuple[str, str]]
    missed: list[tuple[str, str]]


def read_side(path: Path) -> pd.DataFrame:
    frame = pd.read_csv(path, dtype={"reference": str}).fillna(
        {"reference": "", "text": ""} if "ledger" in path.name else ""
    )
    return frame.assign(date=pd.to_datetime(frame["date"]), amount=frame["amount_fen"].astype("int64")).drop(
        columns="amount_fen"
    )


def run(folder: Path, **options: Any) -> tuple[Matches, dict[str, Any]]:
    truth = json.loads((folder / "truth.json").read_text())
    return match(read_side(folder / "ledger.csv"), read_side(folder / "statement.csv"), **options), truth


def score(found: Matches, truth: dict[str, Any]) -> Score:
    rows = found.rows[found.rows["state"] == "matched"]
    sides = {side: rows[rows["side"] == side].groupby("group")["id"].agg(list) for side in ("ledger", "statement")}
    said = {(s, row) for g, of in sides["statement"].items() for s in of for row in sides["ledger"][g]}
    nearest = {(n.id, n.other_id) for n in found.nearest.itertuples()}
    true = {(s, row) for s, row in truth["one_to_one"]} | {(s, row) for s, of in truth["batches"] for row in of}
    mismatches = {(s, row) for s, row in truth["mismatches"]}
    said |= {(s, row) for s, row in mismatches if (s, row) in nearest or (row, s) in nearest}
    true |= mismatches
    right = said & true
    precision, recall = len(right) / max(len(said), 1), len(right) / len(true)
    whole = sum(all((s, row) in said for row in of) for s, of in truth["batches"])
    f1 = 2 * precision * recall / max(precision + recall, 1e-9)
    return Score(f1, precision, recall, whole / max(len(truth["batches"]), 1), sorted(said - true), sorted(true - said))
