"""`auditkit read`: what one file, or each file of a folder, holds; every number of the real samples."""

import json
from decimal import Decimal
from pathlib import Path

import pandas as pd
import pytest

from auditkit.console import run_read
from auditkit.report.filecard import read_cards
from tests.read.papers import BANK, LEDGER, ROWS, book

REAL = Path(__file__).parents[2].parent / "shared" / "realdata"
ENTRIES = [] if not REAL.is_dir() else json.loads((REAL / "expected.json").read_text(encoding="utf-8"))["files"]
SAMPLES = Path(__file__).parents[1] / "read" / "books" / "samples"


def fen(text):
    return int(Decimal(text) * 100)


@pytest.mark.parametrize("entry", ENTRIES, ids=[e["file"] for e in ENTRIES])
def test_real_file_says_its_rows_days_sums_and_balances(entry):
    card = read_cards(REAL / entry["file"])[0][0]
    sums, checks = entry["sums"], entry.get("checks") or {}
    assert (card["rows"], card["header_row"]) == (entry["rows"], entry["header_row"])
    assert (card["first"], card["last"]) == (entry["date_min"][:10], entry["date_max"][:10])
    moved = {
        "in": ("in", "in_CNY", "in_paid"),
        "out": ("out_excluding_closed", "out", "out_CNY", "out_gross", "out_paid"),
        "neutral": ("neutral_excluding_closed", "neutral", "neutral_gross"),
    }
    for way, names in moved.items():
        name = next((n for n in names if n in sums), None)
        if name is not None:
            assert (card[f"{way}_rows"], card[way]) == (sums[name]["rows"], fen(sums[name]["amount"])), name
    if "fees_in_remark" in sums:
        fees = sums["fees_in_remark"]
        assert card["fees_noted"] == {"rows": fees["rows"], "amount": fen(fees["amount"])}
    if "out_USD" in sums:
        assert card["foreign"]["USD"]["out"] == fen(sums["out_USD"]["amount"])
    if "not_successful" in sums:
        assert sum(card["not_counted"].values()) == sums["not_successful"]["rows"]
    if "opening" in checks:
        assert (card["opening"], card["closing"]) == (fen(checks["opening"]), fen(checks["closing"]))
        assert card["breaks"] == checks["balance_breaks"]
    declared = {d["what"]: d for d in card["declared"]}
    for what, stated in checks.get("declared", {}).items():
        count, amount = (stated, None) if what == "records" else stated if isinstance(stated, list) else (None, stated)
        assert declared[what]["count"] == (None if count is None else int(count))
        assert declared[what]["amount"] == (None if amount is None else fen(amount))
    if checks.get("declared_matches_rows") is False:
        assert any(d["differs"] for d in declared.values())


def test_a_folder_is_told_file_by_file(tmp_path, capsys):
    book(tmp_path / "台账.xlsx", 台账=[LEDGER, *ROWS])
    book(tmp_path / "流水.xlsx", 流水=[BANK, ["6222020001", "2024-03-05", "", 10, "", 10, "甲", "", ""]])
    assert run_read(tmp_path, False, tmp_path / "行.csv", None, "zh") == 0
    out = capsys.readouterr().out
    assert "台账.xlsx" in out and "流水.xlsx" in out and "期初余额" in out
    assert (tmp_path / "行.csv").exists() and (tmp_path / "行-2.csv").exists()


def test_rows_as_parquet_keep_money_in_fen(tmp_path):
    path = book(tmp_path / "台账.xlsx", 台账=[LEDGER, *ROWS])
    run_read(path, True, tmp_path / "rows.parquet", None, "en")
    assert pd.read_parquet(tmp_path / "rows.parquet")["amount"].tolist() == [1000_00, 200_50, 35_00]


def test_balance_breaks_are_named_by_row(tmp_path):
    rows = [[3, "100.00", "", "1100.00"], [9, "", "30.00", "1050.00"]]
    lines = [["6222020001", f"2024-01-{d:02d}", "", i, o, b, "", "", ""] for d, i, o, b in rows]
    card = read_cards(book(tmp_path / "流水.xlsx", 流水=[BANK, *lines]))[0][0]
    assert card["break_rows"] == [{"row": 3, "expected": 1070_00, "written": 1050_00}]


def test_a_year_can_be_given_for_a_file_without_one():
    cards, _, _ = read_cards(SAMPLES / "yonyou-nc-vouchers.csv", 2023)
    assert (cards[0]["first"], cards[0]["last"]) == ("2023-04-02", "2023-05-06")
    assert read_cards(SAMPLES / "yonyou-nc-vouchers.csv")[0][0]["first"] == "04-02"
