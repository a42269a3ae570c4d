"""findings.json is what outputs.md says, byte for byte the same each time."""

import json
from dataclasses import replace

import numpy as np

from auditkit.model import Subject, Untested
from auditkit.report.findings_json import findings_record, write_findings
from tests.report.made import RULES, outcome


def test_the_keys_are_those_of_the_contract():
    record = findings_record(outcome())
    assert list(record) == [
        "schema", "auditkit", "compound_id", "period", "pack", "tests", "findings", "issues", "matters",
    ]  # fmt: skip
    assert record["schema"] == 1
    assert record["compound_id"] == "140802001"
    assert record["period"] == ["2024-01-01", "2024-12-31"]
    assert record["pack"] == "140000"
    assert list(record["tests"][0]) == ["rule", "state", "population", "passed", "findings", "untested", "reason"]
    assert list(record["findings"][0]) == [
        "id", "rule", "subject", "severity", "kind", "problem", "amount_low", "amount_high", "message", "message_en",
        "basis", "evidence", "alternatives",
    ]  # fmt: skip
    assert list(record["issues"][0]) == ["code", "message", "table", "file", "sheet", "row", "column", "value"]


def test_a_finding_carries_its_facts():
    found = {f["id"]: f for f in findings_record(outcome())["findings"]}
    (short,) = [f for f in found.values() if f["rule"] == "INC02"]
    assert short["subject"] == {"type": "contract_no", "id": "HT-7"}
    assert short["amount_low"] == short["amount_high"] == 200000
    assert short["evidence"][0] == {
        "table": "contracts", "file": "经营合同台账.xlsx", "sheet": "经营合同台账", "row": 2, "note": "每期 5000.00 元, 按季",
    }  # fmt: skip
    (gap,) = [f for f in found.values() if f["rule"] == "LDG02"]
    assert gap["amount_low"] is None
    assert gap["amount_high"] is None
    (other,) = [f for f in found.values() if f["subject"]["id"] == "S-10"]
    assert other["alternatives"] == [{"type": "serial", "id": "S-9"}]
    assert len(found) == 6


def test_each_test_says_what_it_judged():
    tests = {t["rule"]: t for t in findings_record(outcome())["tests"]}
    assert tests["INC02"] == {
        "rule": "INC02", "state": "findings", "population": 3, "passed": 1, "findings": 1, "untested": 1,
        "reason": "HT-9：截止日无法读取",
    }  # fmt: skip
    assert tests["CSH01"] == {
        "rule": "CSH01", "state": "clean", "population": 2, "passed": 2, "findings": 0, "untested": 0, "reason": None,
    }  # fmt: skip
    assert tests["DSC04"]["state"] == "untested"
    assert tests["DSC04"]["reason"] == "未提供公示记录"
    assert list(tests) == sorted(tests)


def test_an_item_over_many_rows_counts_as_many():
    r = RULES["INC02"]
    many = r.verdict(5, [r.finding(Subject("contract_no", "HT-7"), "x", "x", (), items=3)])
    (test,) = findings_record(outcome(verdicts=(many,)))["tests"]
    assert (test["population"], test["passed"], test["findings"], test["untested"]) == (5, 2, 3, 0)


def test_many_untested_items_are_counted_not_all_named():
    r = RULES["INC02"]
    items = [Untested(Subject("contract_no", f"HT-{n:03d}"), "无金额", "no amount") for n in range(30)]
    (test,) = findings_record(outcome(verdicts=(r.verdict(30, untested=items),)))["tests"]
    assert test["state"] == "untested"
    assert "HT-019等 30 项：无金额" in test["reason"]
    assert "HT-020" not in test["reason"]


def test_sorted_and_the_same_bytes_in_any_order(tmp_path):
    one = outcome()
    write_findings(one, tmp_path / "one.json")
    turned = replace(one, verdicts=tuple(reversed(one.verdicts)), issues=tuple(reversed(one.issues)))
    write_findings(turned, tmp_path / "two.json")
    assert (tmp_path / "one.json").read_bytes() == (tmp_path / "two.json").read_bytes()
    record = json.loads((tmp_path / "one.json").read_text(encoding="utf-8"))
    keys = [(f["rule"], f["subject"]["type"], f["subject"]["id"]) for f in record["findings"]]
    assert keys == sorted(keys)
    assert [i["row"] for i in record["issues"]] == [7, 41]


def test_numbers_out_of_frames_are_plain_numbers(tmp_path):
    r = RULES["CSH01"]
    verdict = r.verdict(np.int64(2), [r.finding(Subject("voucher_no", "1"), "x", "x", (), amount=np.int64(12))])
    write_findings(outcome(verdicts=(verdict,)), tmp_path / "f.json")
    assert json.loads((tmp_path / "f.json").read_text(encoding="utf-8"))["findings"][0]["amount_low"] == 12
