"""What findings on bank and cash say beyond their subject and amount: their kind, what else could be meant, the run."""

from dataclasses import replace

from auditkit.model import LocalNumber, Pack
from auditkit.rules import catalogue
from tests.rules.pages import books_of, case_of, examples


def one(code, title):
    """The only example of a page whose title begins so, with its books and case."""
    example = next(e for e in examples(code) if e.title.startswith(title))
    return books_of(example), case_of(example)


def findings(code, books, case):
    return {f.subject.id: f for f in catalogue()[code][1](books, case).findings}


def test_late_cash_is_an_indication_where_the_pack_names_no_days():
    books, case = one("CSH04", "超过期限才存")
    assert {f.kind for f in findings("CSH04", books, case).values()} == {"exception"}
    silent = replace(case, pack=Pack())
    books, _ = one("CSH04", "国庆长假不计")
    found = findings("CSH04", books, silent)
    assert [f.kind for f in found.values()] == ["indicator"]
    assert all("地方标准未载入" in f.message for f in found.values())


def test_late_cash_names_the_whole_run_and_when_it_was_banked():
    books, case = one("CSH04", "迟存的冲抵最早的现金")
    for finding in findings("CSH04", books, case).values():
        assert "JZ-1、JZ-2" in finding.message
        assert "合计 200.00 元" in finding.message
    assert "2024-03-19 存入 100.00 元" in findings("CSH04", books, case)["JZ-1"].message


def test_the_days_of_the_pack_count_on_the_day_of_the_receipt():
    books, case = one("CSH04", "超过期限才存")
    later = LocalNumber(30, "示例", since=case.end.date())
    numbers = {"deposit_days": (*case.pack.numbers["deposit_days"], later)}
    assert "JZ-2" in findings("CSH04", books, replace(case, pack=Pack(numbers=numbers)))


def test_a_surplus_of_equal_receipts_names_the_others_that_could_be_meant():
    books, case = one("INC03", "同额三笔")
    finding = findings("INC03", books, case)["L3"]
    assert {s.id for s in finding.alternatives} == {"L1", "L2"}
    assert finding.kind == "exception"
    assert "另有 2 笔" in finding.message


def test_the_part_of_a_deposit_that_is_the_ledgers_cash_is_told():
    books, case = one("INC03", "现金存入")
    assert "其中 2,600.00 元是台账所记现金的存入，其余 400.00 元" in findings("INC03", books, case)["L1"].message


def test_what_misses_by_days_is_named_as_the_nearest():
    books, case = one("INC03", "边界")
    assert "最接近的是台账 JZ-3" in findings("INC03", books, case)["L3"].message


def test_a_balance_that_breaks_says_what_was_expected():
    books, case = one("CSH05", "删去一行")
    message = findings("CSH05", books, case)["L3"].message
    assert "应余 850.00 元" in message
    assert "流水写 350.00 元" in message


def test_a_balance_handed_over_late_names_the_term_and_its_source():
    books, case = one("EXT01", "又少又晚")
    message = findings("EXT01", books, case)["公共收益结余"].message
    assert "移交 3,500.00 元，少 1,500.00 元" in message
    assert "晚于期限 2024-10-10（10 日，示例）" in message


def test_an_unanswered_payment_names_those_whose_answer_could_have_been_its():
    books, case = one("INC04", "一行台账只能对应一次")
    assert [s.id for s in findings("INC04", books, case)["HT-1@2024-03-01"].alternatives] == ["HT-1@2024-03-10"]


def test_equal_names_with_different_codes_ask_to_verify_who_it_is():
    books, case = one("REL01", "名称相同、两处代码不同")
    finding = findings("REL01", books, case)["HT-1"]
    assert "请先核实是否同一主体" in finding.message
    assert finding.kind == "indicator"
