"""matches.csv: each group of rows that answer each other."""

import csv

from auditkit.report.matches import write_matches
from tests.report.made import ROWS, books, outcome


def read(path):
    assert path.read_bytes().startswith(b"\xef\xbb\xbf"), "its mark, or Excel shows Chinese as noise"
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def test_a_pair_with_its_pass_rows_amounts_and_sentence(tmp_path):
    rows = {**ROWS, "bank": [*ROWS["bank"], {"account": "0501", "date": "2024-01-06", "credit": "3000",
                                            "counterparty": "虚构快递有限公司", "serial": "S-8"}]}  # fmt: skip
    write_matches(outcome(books=books(rows)), tmp_path / "matches.csv")
    (group,) = read(tmp_path / "matches.csv")
    assert group["pass"] == "2"
    assert group["ledger_rows"] == "公共收益台账.xlsx#公共收益台账!2"
    assert group["statement_rows"] == "银行流水.xlsx#银行流水!4"
    assert group["ledger_amount"] == group["statement_amount"] == "3000.00"
    assert group["fee"] == "0.00"
    assert group["sentence"]


def test_only_the_head_where_there_is_nothing_to_match(tmp_path):
    write_matches(outcome(books=books({})), tmp_path / "matches.csv")
    assert read(tmp_path / "matches.csv") == []
    assert "sentence" in (tmp_path / "matches.csv").read_text(encoding="utf-8-sig")
