"""Contract registers as people keep them: terms, rents and words in one cell; and case.toml as its page has it."""

import re
import tomllib
from pathlib import Path

import pytest

from auditkit.read.case import read_books
from auditkit.read.mapping import parse_maps
from auditkit.read.settings import Settings, read_settings
from tests.read.papers import book

PAGE = Path(__file__).parents[2] / "docs" / "case.md"
HEAD = ["合同编号", "经营类别", "承租方", "点位", "合同期限", "租金标准", "备注"]


def register(tmp_path, *rows, head=HEAD):
    books, intake = read_books(book(tmp_path / "合同.xlsx", 台账=[["合同台账"], head, *rows]), Settings())
    return books["contracts"], intake


def test_rent_cycle_and_term_in_single_cells(tmp_path):
    frame, _ = register(
        tmp_path,
        ["1", "快递柜", "乙柜", "", "2018.01.01-2018.12.31", "4000元/年（800元/个）", ""],
        ["2", "场地租赁", "甲", "", "20180501-20190430", "5000元/月 ", ""],
        ["3", "电梯广告", "丙", "", "2018年1月至2018年12月", "1500元/季度", ""],
    )
    assert frame[["amount", "cycle"]].values.tolist() == [[4000_00, "年"], [5000_00, "月"], [1500_00, "季"]]
    assert frame["start"].dt.strftime("%Y%m%d").tolist() == ["20180101", "20180501", "20180101"]
    assert frame["end"].dt.strftime("%Y%m%d").tolist() == ["20181231", "20190430", "20181231"]
    assert (frame["doubt"] == "").all()


@pytest.mark.parametrize("word", ["无合同", "未签合同", "没有合同"])
def test_a_row_that_says_there_is_no_contract_is_none(tmp_path, word):
    frame, intake = register(
        tmp_path,
        ["1", "快递柜", "乙柜", "", word, "4000元/年", ""],
        ["2", "场地租赁", "甲", "", "2018.01.01-2018.12.31", "5000元/月", ""],
    )
    assert frame["contract_no"].tolist() == ["2"]
    assert [(a.row, a.kind) for a in intake.aside if a.kind == "无合同"] == [(3, "无合同")]


@pytest.mark.parametrize("word", ["协商续签", "统一签订", ""])
def test_words_in_the_place_of_a_term_leave_it_in_doubt(tmp_path, word):
    frame, intake = register(
        tmp_path,
        ["1", "快递柜", "乙柜", "", word, "4000元/年", ""],
        ["2", "场地租赁", "甲", "", "2018.01.01-2018.12.31", "5000元/月", ""],
    )
    assert frame["doubt"].tolist() == ["start,end", ""]
    assert [i.value for i in intake.issues] == ([word] if word else [])


def test_a_price_whose_pieces_do_not_come_to_it_is_in_doubt(tmp_path):
    frame, _ = register(tmp_path, ["1", "快递柜", "乙柜", "", "2018.1.1-2018.12.31", "4000元/年（700元/个）", ""])
    assert "amount" in frame["doubt"].item()


def test_rents_by_the_year_under_their_header(tmp_path):
    head = ["合同编号", "类别", "乙方", "起止日期", "年租金", "付款方式周期"]
    frame, _ = register(tmp_path, ["1", "快递柜", "乙柜", "2025.1.1-2025.12.31", 12000, ""], head=head)
    assert frame[["amount", "cycle", "doubt"]].values.tolist() == [[12000_00, "年", ""]]


def blocks():
    return re.findall(r"```toml\n(.*?)```", PAGE.read_text(encoding="utf-8"), flags=re.S)


@pytest.mark.parametrize("number", range(len(blocks())))
def test_what_the_page_of_case_toml_shows_can_be_used(tmp_path, number):
    text = blocks()[number]
    (tmp_path / "case.toml").write_text(text, encoding="utf-8")
    settings = read_settings(tmp_path / "case.toml")
    assert settings.issues == ()
    assert [w.message for w in parse_maps(settings.maps)[1]] == []
    assert tomllib.loads(text)
