"""The real statements of ../shared: every number of expected.json, differences reported and not repaired."""

import json
from decimal import Decimal
from pathlib import Path

import pytest

from auditkit.read.folder import read_papers

REAL = Path(__file__).parents[3].parent / "shared" / "realdata"
ENTRIES = [] if not REAL.is_dir() else json.loads((REAL / "expected.json").read_text(encoding="utf-8"))["files"]
STATEMENTS = [e for e in ENTRIES if not e["kind"].startswith("ledger")]


def fen(text):
    return int(Decimal(text) * 100)


def read(entry):
    path = REAL / entry["file"]
    if not path.is_file():
        pytest.skip(f"{path.name} is not in ../shared/realdata")
    papers = read_papers(path, {})
    assert not papers.wrong
    assert len(papers.parts) == 1
    return papers.parts[0]


def some(rows, way, counted=None, yuan=True):
    there = rows["neutral"].notna() if way == "neutral" else rows[way].fillna(0) != 0
    own = rows[there & (rows["yuan"] == yuan)]
    if counted is not None:
        own = own[own["counted"] == counted]
    return {"rows": len(own), "amount": int(own[way].sum())}


def sums(part):
    """The sums of expected.json, by their names there, from all rows of the statement."""
    rows, entry = part.statement.rows, {}
    whole = {"in": some(rows, "credit"), "out": some(rows, "debit"), "neutral": some(rows, "neutral")}
    moved = {"in": some(rows, "credit", True), "out": some(rows, "debit", True), "neutral": some(rows, "neutral", True)}
    entry |= whole | {f"{k}_excluding_closed": v for k, v in moved.items()}
    entry |= {f"{k}_gross": v for k, v in whole.items()} | {f"{k}_paid": v for k, v in whole.items()}
    entry |= {"in_CNY": whole["in"], "out_CNY": whole["out"], "out_USD": some(rows, "debit", yuan=False)}
    for name, way, key in (
        ("out", "debit", "out_net_of_refunds"),
        ("neutral", "neutral", "neutral_net_of_full_refund"),
    ):
        own = rows[rows[way].notna() & ((rows[way] != 0) | (name == "neutral"))]
        entry[key] = {"rows": len(own), "amount": int(own[way].sum() - own["refunded"].fillna(0).sum())}
    lost = rows[~rows["counted"]]
    amount = int(sum(lost[way].fillna(0).sum() for way in ("credit", "debit", "neutral")))
    entry["not_successful"] = {"rows": len(lost), "amount": amount}
    doubtful = part.frame[part.frame["doubt"].str.contains("credit")]
    entry["direction_unknown"] = {"rows": len(doubtful), "amount": None}
    zero = rows[(rows["credit"].fillna(0) == 0) & (rows["debit"].fillna(0) == 0) & rows["neutral"].isna()]
    entry["zero"] = {"rows": len(zero), "amount": 0}
    return entry, moved


@pytest.mark.parametrize("entry", STATEMENTS, ids=[e["file"] for e in STATEMENTS])
def test_rows_days_sums(entry):
    part = read(entry)
    rows = part.statement.rows
    assert part.importer, "an importer claims every one of them"
    assert len(rows) == entry["rows"]
    assert part.section.header.first + 1 == entry["header_row"]
    times = [f"{d:%Y-%m-%d}{' ' + t if t else ''}" for d, t in zip(rows["date"], rows["time"], strict=True)]
    assert min(times)[:10] == entry["date_min"][:10]
    assert max(times)[:10] == entry["date_max"][:10]
    if len(entry["date_min"]) > 10 and "00:00:00" not in entry["date_max"]:
        assert (min(times), max(times)) == (entry["date_min"], entry["date_max"])
    found, moved = sums(part)
    # Where the answer counts what did not succeed apart, its sums leave it out.
    found |= moved if "not_successful" in entry["sums"] else {}
    for name, wanted in entry["sums"].items():
        if name in ("in_order", "out_order", "fees_in_remark", "raw_支出"):
            continue  # columns beside the amount paid, which no table of ours has
        assert found[name]["rows"] == wanted["rows"], name
        if found[name]["amount"] is not None:
            assert found[name]["amount"] == fen(wanted["amount"]), name


@pytest.mark.parametrize("entry", STATEMENTS, ids=[e["file"] for e in STATEMENTS])
def test_what_the_file_states_and_its_balances(entry):
    part = read(entry)
    checks = entry.get("checks", {})
    stated = {d.what: d for d in part.declared}
    for what, wanted in checks.get("declared", {}).items():
        if what == "records":
            assert stated[what].count == wanted
        elif isinstance(wanted, str):
            assert stated[what].amount == fen(wanted)
        else:
            assert (stated[what].count, stated[what].amount) == (int(wanted[0]), fen(wanted[1])), what
    said = [i for i in part.issues if i.code == "I01"]
    assert len(said) == sum(d.differs for d in part.declared)
    if checks.get("declared_matches_rows") is False:
        assert said
    if "opening" in checks:
        statement = part.statement
        assert (statement.opening, statement.closing) == (fen(checks["opening"]), fen(checks["closing"]))
        assert len(statement.breaks) == checks["balance_breaks"]


def test_the_break_of_the_ccb_file():
    entry = next((e for e in STATEMENTS if "ccb" in e["file"]), None)
    if entry is None:
        pytest.skip("../shared/realdata is not here")
    (one,) = read(entry).statement.breaks
    assert (one.expected, one.written) == (162511, 157911)


@pytest.mark.parametrize("name", ["x.csv", "x.xlsx", "x.txt"])
def test_an_old_workbook_under_another_ending(tmp_path, name):
    source = REAL / "double-entry-generator" / "spdb-debit-2025-12.xls"
    if not source.is_file():
        pytest.skip("../shared/realdata is not here")
    (tmp_path / name).write_bytes(source.read_bytes())
    (part,) = read_papers(tmp_path / name, {}).parts
    assert (part.statement.opening, part.statement.closing, part.statement.breaks) == (198_521, 198_357, ())
