"""The work ledger goes out to Excel, people fill it in, and it comes back: differences shown, nothing decided for them."""

import openpyxl
import pytest
import sqlalchemy as sa

from auditkit.model import InputError
from auditkit.register.log import verify
from auditkit.register.sheet import ACTING, EDITABLE, HEADER_ROW, LOCKED, SHEET, apply_plan, export_sheet, plan_import
from auditkit.register.store import PROBLEMS, open_register
from tests.register.test_life import bring_in, finding

WHO = {"who": "县住建局", "at": "2024-06-07T09:00"}
COLUMN = {zh: i for i, zh in enumerate({**LOCKED, **EDITABLE, **ACTING}.values(), 1)}


@pytest.fixture
def register(tmp_path):
    opened = open_register(tmp_path / "register.db")
    bring_in(opened, tmp_path, [finding(1), finding(2), finding(3)])
    yield opened
    opened.close()


def export(register, tmp_path, name="台账.xlsx"):
    export_sheet(register, tmp_path / name)
    return tmp_path / name


def fill(path, row, **cells):
    book = openpyxl.load_workbook(path)
    for word, value in cells.items():
        book[SHEET].cell(HEADER_ROW + row, COLUMN[word], value)
    book.save(path)
    return path


def take(register, path, **more):
    plan = plan_import(register, path, **WHO)
    return apply_plan(register, plan, **WHO, **more)


def problems(register):
    with register.reading() as connection:
        query = sa.select(PROBLEMS).order_by(PROBLEMS.c.number)
        return [dict(r) for r in connection.execute(query).mappings()]


def test_untouched_it_asks_for_nothing(register, tmp_path):
    plan = plan_import(register, export(register, tmp_path), **WHO)
    assert (plan.changes, plan.refused, plan.conflicts) == ([], [], [])


def test_what_people_fill_in_is_shown_then_taken_once(register, tmp_path):
    path = fill(export(register, tmp_path), 1, 责任人="王某", 完成时限="2024-06-30", 本周办理="核查", 办理人="赵某")
    plan = plan_import(register, path, **WHO)
    assert [c.words for c in plan.changes] == ["责任人: “”→“王某”；完成时限: “”→“2024-06-30”", "核查: 线索→核查"]
    assert problems(register)[0]["person"] == ""
    assert len(take(register, path).changes) == 2
    row = problems(register)[0]
    assert (row["person"], row["deadline"], row["state"]) == ("王某", "2024-06-30", "核查")
    again = take(register, path)
    assert (again.changes, again.refused, again.conflicts) == ([], [], [])
    assert problems(register)[0] == row
    assert verify(register) == []


def test_a_forbidden_row_is_refused_with_its_reason_and_the_rest_taken(register, tmp_path):
    path = export(register, tmp_path)
    fill(path, 1, 本周办理="销号", 证据="照片", 审核人="乙")
    fill(path, 2, 责任人="王某")
    fill(path, 3, 完成时限="六月底")
    nothing = take(register, path, all_or_nothing=True)
    assert nothing.changes == []
    assert {p["person"] for p in problems(register)} == {""}
    done = take(register, path)
    assert [(c.row, c.words.split(",")[0]) for c in done.refused] == [
        (HEADER_ROW + 1, "“线索”之后不能销号"),
        (HEADER_ROW + 3, "完成时限“六月底”不是日期"),
    ]
    assert [p["person"] for p in problems(register)] == ["", "王某", ""]


def test_two_copies_of_one_week_merge_and_a_conflict_is_shown(register, tmp_path):
    one = fill(export(register, tmp_path, "甲.xlsx"), 1, 责任人="王某")
    other = fill(export(register, tmp_path, "乙.xlsx"), 1, 责任人="李某", 整改措施="公示账目")
    take(register, one)
    done = take(register, other)
    assert [c.words for c in done.conflicts] == ["责任人: 导出时“”, 台账现为“王某”, 本表写作“李某”"]
    row = problems(register)[0]
    assert (row["person"], row["measures"]) == ("王某", "公示账目")


def test_an_id_or_a_fact_that_was_changed_is_refused(register, tmp_path):
    path = fill(export(register, tmp_path), 1, 小区编号="C9")
    assert [c.words for c in take(register, path).refused] == ["小区编号被改为“C9”, 应为“C1”"]


def test_a_complaint_comes_in_by_the_same_sheet_once(register, tmp_path):
    path = export(register, tmp_path)
    fill(path, 4, 线索来源="投诉电话", 小区编号="C1", 问题类别="1.1 未按约服务", 问题描述="电梯停用两周")
    fill(path, 5, 线索来源="投诉电话", 问题描述="没有小区")
    done = take(register, path)
    assert [c.words for c in done.refused] == ["新增问题缺少: 小区编号、问题类别"]
    take(register, path)
    (new,) = [p for p in problems(register) if p["source"] == "投诉电话"]
    assert (new["number"], new["problem"], new["state"]) == ("C1-004", "1.1", "线索")
    assert verify(register) == []


def test_an_amount_recovered_is_yuan_on_paper_and_fen_in_the_register(register, tmp_path):
    for action, more in (
        ("核查", {}),
        ("认定属实", {"证据": "取证单1"}),
        ("追回", {"金额": "1,234.50", "到账流水": "L1", "理由": "含利息"}),
    ):
        path = fill(export(register, tmp_path), 1, 本周办理=action, 办理人="赵某", **more)
        assert take(register, path).refused == []
    path = fill(export(register, tmp_path), 1, 本周办理="追回", 金额="一千", 到账流水="L2")
    assert [c.words for c in take(register, path).refused] == ["金额“一千”不是数字"]


def test_another_workbook_is_refused_with_what_it_lacks(register, tmp_path):
    book = openpyxl.Workbook()
    book.save(tmp_path / "别的.xlsx")
    with pytest.raises(InputError, match="register export"):
        plan_import(register, tmp_path / "别的.xlsx", **WHO)
