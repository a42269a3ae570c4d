"""A real compound's month through the command: what its README works out by hand, to the fen, and what is not tested."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAPERS = ROOT.parent / "shared" / "realdata" / "compound-2018-10"
CASE = ROOT / "tests" / "cases" / "compound-2018-10" / "case.toml"
WITHOUT_CONTRACT = {"6", "7", "8", "9", "10", "11", "12", "19", "22", "23"}
NO_TERM = {"1": "电动汽车充电桩", "3": "清和居会所", "5": "中国移动", "17": "精准人广告"}
"""统一签订 and the empty term beside two times 协商续签: rows 3, 5, 7 and 19 of the roll."""
NOT_HANDED_IN = {
    "银行流水": {"CSH01", "CSH04", "CSH05", "CSH06", "CSH07", "INC03", "INC07"},
    "决议台账": {"ALC01", "ALC03", "AUT01", "AUT02", "AUT03", "AUT04"},
    "公示记录": {"DSC01", "DSC02", "DSC03", "DSC04", "DSC05"},
    "停车记录": {"PRK01", "PRK02", "PRK03", "PRK04", "PRK05", "PRK06", "PRK07"},
}


@pytest.fixture(scope="module")
def said(tmp_path_factory):
    if not PAPERS.exists():
        pytest.skip("../shared/realdata/compound-2018-10 is not here")
    folder, out = tmp_path_factory.mktemp("compound-2018-10"), tmp_path_factory.mktemp("out")
    for path in PAPERS.glob("*.xlsx"):
        shutil.copy(path, folder)
    shutil.copy(CASE, folder)
    command = ["audit", folder, "--period", "2018-10", "--out", out, "--no-notebook"]
    done = subprocess.run([sys.executable, "-m", "auditkit", *map(str, command)], capture_output=True, text=True)
    assert done.returncode == 1, done.stderr
    return json.loads((out / folder.name / "findings.json").read_text(encoding="utf-8"))


def found(said, rule):
    return {f["subject"]["id"]: f["amount_low"] for f in said["findings"] if f["rule"] == rule}


def outcome_of(said, rule):
    return next(t for t in said["tests"] if t["rule"] == rule)


def test_what_is_found_is_what_was_worked_out_and_nothing_else(said):
    assert said["period"] == ["2018-10-01", "2018-10-31"]
    assert {f["rule"] for f in said["findings"]} == {"INC01", "INC02", "CTR01"}


def test_the_ten_lettings_without_contract(said):
    assert set(found(said, "INC01")) == WITHOUT_CONTRACT


def test_five_contracts_with_nothing_received(said):
    assert found(said, "INC02") == {"13": 7920_00, "14": 2062_50, "15": 975_00, "16": 1500_00, "21": 6000_00}


def test_the_parcel_lockers_that_ended_and_are_still_there(said):
    """2018-08-15 to 2018-10-31: 78 days of a price of 13000.00 a year."""
    assert found(said, "CTR01") == {"20": 2778_08}
    message = next(f["message"] for f in said["findings"] if f["rule"] == "CTR01")
    assert "2018-08-14" in message


@pytest.mark.parametrize("rule", ["INC01", "INC02", "CTR01", "CTR03"])
def test_what_gives_no_term_is_untested_each_by_name(said, rule):
    test = outcome_of(said, rule)
    assert test["untested"] == len(NO_TERM)
    for number, name in NO_TERM.items():
        assert number in test["reason"] and name in said_of_row(said, number) + test["reason"]


def said_of_row(said, number):
    """What findings.json says elsewhere of a letting."""
    return " ".join(t["reason"] or "" for t in said["tests"] if number in (t["reason"] or ""))


def test_the_words_in_the_place_of_a_term_are_quoted_with_their_rows(said):
    quoted = {(i["row"], i["value"]) for i in said["issues"] if i["code"] == "Q03"}
    assert quoted == {(5, "协商续签"), (7, "协商续签"), (19, "统一签订")}


def test_the_months_stored_as_2018_1_say_how_they_were_read_and_why(said):
    doubts = {i["row"]: i for i in said["issues"] if i["code"] == "Q05"}
    assert set(doubts) == {6, 24, 25}
    for one in doubts.values():
        assert one["value"] == "2018.1"
        assert "按 2018-10 读取" in one["message"] and "0.00_" in one["message"] and "1 月" in one["message"]


@pytest.mark.parametrize("paper", NOT_HANDED_IN)
def test_tests_of_what_was_not_handed_in_are_untested_and_say_so(said, paper):
    for rule in NOT_HANDED_IN[paper]:
        test = outcome_of(said, rule)
        assert (test["state"], test["population"], test["findings"]) == ("untested", 0, 0), rule
        assert f"未提供{paper}" in test["reason"], rule


def test_no_test_is_clean_that_could_not_be_made(said):
    for test in said["tests"]:
        assert test["population"] == test["passed"] + test["findings"] + test["untested"], test["rule"]
        assert test["state"] != "untested" or test["reason"], test["rule"]
    assert {t["rule"] for t in said["tests"] if t["state"] == "clean"} == {"LDG03", "LDG06"}


def test_the_sheets_nobody_could_read_are_named(said):
    unread = {i["sheet"] for i in said["issues"] if i["code"] == "T01"}
    assert unread == {
        "10月份共管账户应支付", "10月份托收明细", "10月份支出", "10月份营业收入", "10月支付明细", "9月份薪酬平均发放情况",
    }  # fmt: skip
