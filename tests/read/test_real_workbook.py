"""A real compound's month: a rent roll that is register, inventory and receipts at once."""

import shutil
from pathlib import Path

import pytest

from auditkit.audit import judge_all
from auditkit.read.amounts import parse_price
from auditkit.read.case import read_case

ROOT = Path(__file__).parents[2]
PAPERS = ROOT.parent / "shared" / "realdata" / "compound-2018-10"
CASE = ROOT / "tests" / "cases" / "compound-2018-10" / "case.toml"
ROLL = "10月其他收入明细"


def copy(folder, text=None):
    if not PAPERS.exists():
        pytest.skip("../shared/realdata is not here")
    for path in PAPERS.glob("*.xlsx"):
        shutil.copy(path, folder)
    (folder / "case.toml").write_text(text or CASE.read_text(encoding="utf-8"), encoding="utf-8")
    return read_case(folder)


@pytest.fixture(scope="module")
def read(tmp_path_factory):
    return copy(tmp_path_factory.mktemp("compound-2018-10"))


@pytest.fixture(scope="module")
def verdicts(read):
    return {v.rule.code: v for v in judge_all(read[0], read[1])}


def test_ten_lettings_have_no_contract(verdicts):
    found = {f.subject.id for f in verdicts["INC01"].findings}
    assert found == {"6", "7", "8", "9", "10", "11", "12", "19", "22", "23"}


def test_five_contracts_are_short_by_18457_50(verdicts):
    found = {f.subject.id: f.amount_low for f in verdicts["INC02"].findings}
    assert found == {"13": 792000, "14": 206250, "15": 97500, "16": 150000, "21": 600000}
    assert sum(found.values()) == 18_457_50


def test_the_parcel_lockers_contract_has_ended(verdicts):
    assert [f.subject.id for f in verdicts["CTR01"].findings] == ["20"]


@pytest.mark.parametrize("rule", ["INC01", "INC02", "CTR01"])
def test_what_gives_no_term_is_untested_by_name(verdicts, rule):
    """协商续签 twice, 统一签订, and an empty term."""
    assert {u.subject.id for u in verdicts[rule].untested} == {"1", "3", "5", "17"}


def test_the_words_in_the_place_of_a_term_are_quoted(read):
    said = {(i.row, i.value) for i in read[0].issues if i.code == "Q03"}
    assert said == {(5, "协商续签"), (7, "协商续签"), (19, "统一签订")}


def test_2018_1_is_read_as_october_and_says_why(read):
    books, _, _ = read
    said = {i.row: i for i in books.issues if i.code == "Q05"}
    assert set(said) == {6, 24, 25}
    for row, issue in said.items():
        assert issue.value == "2018.1"
        assert "0.00_" in issue.message and "2018-10" in issue.message and "1 月" in issue.message
        ledger = books["ledger"]
        assert ledger.loc[ledger["row"] == row, "period"].item() == "2018-10"
        assert ledger.loc[ledger["row"] == row, "doubt"].item() == ""


def test_due_a_month_and_received(read, tmp_path):
    assert read[0]["ledger"]["amount"].sum() == 23_350_00
    text = "\n".join(
        line for line in CASE.read_text(encoding="utf-8").splitlines() if "无合同" not in line or "#" in line
    )
    contracts = copy(tmp_path, text)[0]["contracts"]
    assert len(contracts) == 23
    a_year = {"月": 12, "年": 1}
    due = sum(amount * a_year[cycle] for amount, cycle in zip(contracts["amount"], contracts["cycle"], strict=True))
    assert due == 45_998_50 * 12
    assert parse_price("4000元/年（800元/个）").quantity == 5


def test_the_total_of_the_roll_foots(read):
    total = read[0].totals.set_index("cell").loc["F27"]
    assert total["written"] == total["sum_plain"] == 23_350_00
    assert total["left_out"] == ""


def test_tests_without_their_papers_are_untested(verdicts):
    for code in ("AUT01", "AUT02", "DSC01", "DSC02", "PRK01", "CSH01", "INC03"):
        if code in verdicts:
            assert verdicts[code].state == "untested" and verdicts[code].reason


def test_the_other_sheets_are_listed(read):
    intake = read[2]
    assert len(intake.unread) == 6
    assert {a.text for a in intake.aside if a.sheet == ROLL and a.kind == "合计"} >= {"租赁收入合计 23350"}
