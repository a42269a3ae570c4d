"""findings.xlsx as an inspector meets it."""

import datetime as dt
import zipfile

import openpyxl
import pytest

from auditkit.model import Subject
from auditkit.report.workbook import write_workbook
from tests.report.made import RULES, outcome


@pytest.fixture(scope="module")
def book(tmp_path_factory):
    path = tmp_path_factory.mktemp("xlsx") / "findings.xlsx"
    write_workbook(outcome(), path)
    return openpyxl.load_workbook(path)


def rows(sheet):
    head, *body = sheet.iter_rows(values_only=True)
    return [dict(zip(head, row, strict=True)) for row in body]


def test_one_row_a_finding_ranked_by_matter(book):
    listed = rows(book["疑点清单"])
    assert [r["序号"] for r in listed] == [1, 2, 3, 4, 5, 6]
    assert [r["事项号"] for r in listed] == [1, 2, 2, 2, 3, 4]
    assert [r["检查项目"].split()[0] for r in listed] == ["PRK03", "INC02", "INC03", "AUT01", "INC03", "LDG02"]
    short = listed[1]
    assert short["金额(元)"] == 2000
    assert short["金额上限(元)"] is None
    assert short["对象"] == "HT-7"
    assert "应收 5,000.00 元" in short["资料记载与差异"]
    assert short["在哪里看"] == "经营合同台账.xlsx 第 2 行\n公共收益台账.xlsx 第 2 行"
    assert "《民法典》第 282 条" in short["依据"]
    assert short["程度"].startswith("S2 ")
    assert short["应当如何"]
    assert short["问什么"]
    assert short["调取资料"]
    assert listed[0]["金额(元)"] == 100
    assert listed[0]["金额上限(元)"] == 300
    assert listed[2]["日期"] == dt.datetime(2024, 1, 8)


def test_printed_on_a4_landscape_with_its_header_on_each_page(book):
    sheet = book["疑点清单"]
    assert sheet.page_setup.orientation == "landscape"
    assert sheet.page_setup.paperSize == 9
    assert sheet.freeze_panes == "A2"
    assert sheet.auto_filter.ref == "A1:T7"
    assert sheet.print_title_rows == "$1:$1"
    assert "虚构花园" in sheet.oddHeader.left.text
    assert "地方标准未载入" in sheet.oddHeader.right.text
    assert "核查人" in sheet.oddFooter.left.text
    assert sheet.sheet_properties.pageSetUpPr.fitToPage


def test_the_sheets_of_the_workbook(book):
    assert book.sheetnames == [
        "疑点清单",
        "事项",
        "核查单",
        "测试情况",
        "未测试项目",
        "未匹配",
        "余额调节表",
        "未达账项",
        "资料问题",
        "依据",
    ]
    assert book["核查单"].page_setup.orientation == "portrait"
    assert book["核查单"].page_setup.fitToHeight in (None, 1)


def test_matters_are_totalled_by_kind_and_lead_to_the_list(book):
    listed = rows(book["事项"])
    assert [(r["金额性质"], r["金额(元)"], r["金额上限(元)"]) for r in listed] == [
        ("金额为估计", 100, 300), ("金额有据", 2000, None), ("金额有据", 88.88, None), (None, None, None),
        ("金额有据", 2088.88, None), ("金额为估计", 100, 300),
    ]  # fmt: skip
    assert book["事项"]["I3"].hyperlink.location == "'疑点清单'!A3"
    assert book["事项"]["I3"].value == "3-5"


def test_what_was_not_tested_is_said_with_the_paper_that_would_cure_it(book):
    told = {r["编号"]: r for r in rows(book["测试情况"])}
    assert len(told) == 8
    assert told["DSC04"]["结论"] == "未测试"
    assert told["DSC04"]["补什么可以测试"] == "补交：公示记录"
    assert told["CTR02"]["补什么可以测试"] == "在全县批量审计中比较"
    assert told["CSH01"]["结论"] == "通过"
    assert told["CSH01"]["补什么可以测试"] is None
    assert told["INC02"]["应测"] == 3
    items = rows(book["未测试项目"])
    assert "地方标准未载入" in items[0]["原因"]
    assert (items[1]["编号"], items[1]["对象"], items[1]["原因"]) == ("INC02", "HT-9", "截止日无法读取")


def test_what_the_matching_leaves_over(book):
    left = rows(book["未匹配"])
    assert [(r["哪一方"], r["对方"], r["金额(元)"]) for r in left] == [
        ("银行收款", "另一家公司", 88.88), ("银行收款", "虚构快递有限公司", 2000),
    ]  # fmt: skip


def test_the_articles_are_told_in_our_words_with_their_source(book):
    law = {r["条文"]: r for r in rows(book["依据"])}
    assert "共有部分" in law["《民法典》第 282 条"]["内容（本系统概括，以原文为准）"]
    assert law["《民法典》第 282 条"]["施行日"] == dt.datetime(2021, 1, 1)
    assert law["《民法典》第 282 条"]["出处"]


def test_text_from_a_ledger_never_becomes_a_formula(tmp_path):
    r = RULES["CSH01"]
    texts = ["=HYPERLINK(1)", "+86", "-1+1", "@SUM(A1)", "{=A1}"]
    found = [r.finding(Subject("voucher_no", t), t, t, ()) for t in texts]
    path = tmp_path / "f.xlsx"
    write_workbook(outcome(verdicts=(r.verdict(9, found),)), path)
    listed = rows(openpyxl.load_workbook(path)["疑点清单"])
    assert {r["对象"] for r in listed} == set(texts)
    with zipfile.ZipFile(path) as z:
        for name in z.namelist():
            assert b"<f>" not in z.read(name)


def test_nothing_found_is_an_empty_list_with_its_head(tmp_path):
    path = tmp_path / "f.xlsx"
    write_workbook(outcome(verdicts=(RULES["CSH01"].verdict(2),), issues=()), path)
    book = openpyxl.load_workbook(path)
    assert rows(book["疑点清单"]) == []
    assert rows(book["资料问题"]) == []


def test_english(tmp_path):
    path = tmp_path / "f.xlsx"
    write_workbook(outcome(), path, "en")
    book = openpyxl.load_workbook(path)
    listed = rows(book["疑点清单"])
    assert "due 5,000.00" in listed[1]["What the papers say"]
    han = [
        c.value
        for s in book
        for row in s.iter_rows()
        for c in row
        if isinstance(c.value, str) and "合同应收" in c.value
    ]
    assert not han


def test_the_same_bytes_twice(tmp_path):
    for name in "ab":
        write_workbook(outcome(), tmp_path / f"{name}.xlsx")
    assert (tmp_path / "a.xlsx").read_bytes() == (tmp_path / "b.xlsx").read_bytes()
