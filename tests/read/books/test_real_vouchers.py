"""The voucher extract of ../shared: every number of expected.json."""

import json
from decimal import Decimal
from pathlib import Path

import pytest

from auditkit.report.filecard import read_cards

REAL = Path(__file__).parents[3].parent / "shared" / "realdata"


def fen(text):
    return int(Decimal(text) * 100)


def test_the_extract_says_what_was_worked_out():
    if not REAL.is_dir():
        pytest.skip("../shared/realdata is not here")
    files = json.loads((REAL / "expected.json").read_text(encoding="utf-8"))["files"]
    entry = next(e for e in files if e["kind"].startswith("ledger"))
    cards, frames, _ = read_cards(REAL / entry["file"], 2024)
    card, checks, sums = cards[0], cards[0]["checks"], entry["sums"]
    assert (card["rows"], card["header_row"]) == (entry["rows"], entry["header_row"])
    assert (card["first"], card["last"]) == (entry["date_min"], entry["date_max"])
    assert (checks["debit"], checks["credit"]) == (fen(sums["debit"]), fen(sums["credit"]))
    bank = {w: sums[f"bank_1002_{w}"] for w in ("debit", "credit")}
    assert (card["in_rows"], card["in"]) == (bank["debit"]["rows"], fen(bank["debit"]["amount"]))
    assert (card["out_rows"], card["out"]) == (bank["credit"]["rows"], fen(bank["credit"]["amount"]))
    wanted = entry["checks"]
    assert checks["vouchers"] == wanted["vouchers"]
    assert checks["unbalanced"] == wanted["unbalanced_vouchers"]
    assert checks["negative"] == wanted["negative_cells"]
    assert frames[0]["voucher"].nunique() == wanted["vouchers_if_month_is_ignored_wrongly"]
