"""What offices do to a work ledger in Excel, WPS and LibreOffice: each comes back right, or with its row and reason."""

import datetime as dt
import shutil
import subprocess

import openpyxl
import pytest
import sqlalchemy as sa

from auditkit.model import InputError
from auditkit.register.log import verify
from auditkit.register.returned import BASE
from auditkit.register.sheet import HEADER_ROW, SHEET, apply_plan, plan_import
from auditkit.register.store import STEPS
from tests.register.test_life import bring_in, finding
from tests.register.test_sheet import COLUMN, WHO, export, fill, problems, register, take  # noqa: F401

FIRST = HEADER_ROW + 1


def changed(path, work):
    book = openpyxl.load_workbook(path)
    work(book[SHEET])
    book.save(path)
    return path


def refused(register, path):  # noqa: F811
    plan = plan_import(register, path, **WHO)
    return [(c.row, c.words) for c in plan.refused]


def by_office(path, folder):
    """Opened and saved anew by LibreOffice."""
    program = shutil.which("soffice")
    if program is None:
        pytest.skip("LibreOffice is not installed")
    profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    out = folder / "saved"
    command = [program, profile, "--headless", "--convert-to", "xlsx:Calc MS Excel 2007 XML", "--outdir", str(out)]
    subprocess.run([*command, str(path)], check=True, capture_output=True, timeout=120)
    return out / path.name


def test_saved_by_libreoffice_it_comes_back_as_it_is(register, tmp_path):  # noqa: F811
    path = export(register, tmp_path)
    fill(path, 1, 责任人="王某", 完成时限=dt.datetime(2024, 6, 30), 整改措施="公示账目\n退还差额", 本周办理="核查")
    fill(path, 2, 完成时限="2024年7月5日", 办理日期="2024/6/6", 本周办理="核查")
    fill(path, 4, 线索来源="投诉电话", 小区编号="C1", 问题类别="1.1 未按约服务", 问题描述="电梯停用两周")
    saved = by_office(path, tmp_path)
    sheet = openpyxl.load_workbook(saved)[SHEET]
    assert sheet.protection.sheet
    assert sheet.cell(FIRST, COLUMN["编号"]).protection.locked
    assert not sheet.cell(FIRST, COLUMN["责任人"]).protection.locked
    assert sheet.column_dimensions["A"].hidden
    choices = [
        v for v in sheet.data_validations.dataValidation if sheet.cell(FIRST, COLUMN["本周办理"]).coordinate in v.sqref
    ]
    assert "核查" in choices[0].formula1
    done = take(register, saved)
    assert (done.refused, done.conflicts) == ([], [])
    one, two, _, new = problems(register)
    assert (one["deadline"], two["deadline"], one["measures"]) == ("2024-06-30", "2024-07-05", "公示账目\n退还差额")
    assert (one["state"], two["state"], new["message"]) == ("核查", "核查", "电梯停用两周")
    again = take(register, saved)
    assert (again.changes, again.refused, again.conflicts) == ([], [], [])
    assert verify(register) == []


def test_reordered_columns_lines_above_and_blank_rows_do_no_harm(register, tmp_path):  # noqa: F811
    path = fill(export(register, tmp_path), 2, 责任人="王某", 完成时限=45473)
    book = openpyxl.load_workbook(path)
    old = book[SHEET]
    rows = [[c.value for c in row] for row in old.iter_rows(min_row=HEADER_ROW)]
    place = book.index(old)
    book.remove(old)
    new = book.create_sheet(SHEET, place)
    new.append(["某县住建局 第一周"])
    new.append([])
    new.append(["请于星期五前报送"])
    new.append([])
    for row in rows:
        new.append(list(reversed(row)))
        new.append([])
    book.save(path)
    done = take(register, path)
    assert (done.refused, done.conflicts) == ([], [])
    assert (problems(register)[1]["person"], problems(register)[1]["deadline"]) == ("王某", "2024-06-30")


@pytest.mark.parametrize(
    ("cells", "says"),
    [
        ({"完成时限": "六月底"}, "完成时限“六月底”不是日期, 应如2024-06-30"),
        ({"完成时限": "2024-02-30"}, "完成时限“2024-02-30”不是日期, 应如2024-06-30"),
        ({"完成时限": "6月30日"}, "完成时限“6月30日”不是日期, 应如2024-06-30"),
        ({"本周办理": "核查", "办理日期": "昨天"}, "办理日期“昨天”不是日期, 应如2024-06-30"),
        ({"本周办理": "核查", "办理日期": "2024-06-08"}, "办理日期2024-06-08晚于今天2024-06-07"),
        ({"证据": "照片三张"}, "填写了证据, 但没有选择“本周办理”"),
        ({"本周办理": "结案"}, "“线索”之后不能结案, 只能: 核查"),
        ({"内部编号": "INC02-ffffffffff"}, "内部编号“INC02-ffffffffff”不在台账中: 被改动, 或来自别的台账"),
        ({"编号": "C1-002", "责任人": "王某"}, "编号被改为“C1-002”, 应为“C1-001”"),
        ({"内部编号": "", "责任人": "王某"}, "没有内部编号却有编号或状态: 像是从别处粘贴的行"),
        ({"责任人": "=1/0"}, None),
    ],
)
def test_a_wrong_cell_is_refused_with_its_row_and_reason_and_nothing_of_the_row_is_taken(
    register, tmp_path, cells, says  # noqa: F811
):  # fmt: skip
    path = export(register, tmp_path)

    def spoil(sheet):
        for word, value in cells.items():
            cell = sheet.cell(FIRST, COLUMN[word])
            cell.value = value
            if says is None:
                cell.value, cell.data_type = "#DIV/0!", "e"

    found = refused(register, changed(path, spoil))
    words = says or "责任人是公式错误值, 请改为文字"
    assert any(row == FIRST and said.startswith(words) for row, said in found), found
    take(register, path)
    assert (problems(register)[0]["person"], problems(register)[0]["state"]) == ("", "线索")


def test_a_row_copied_below_is_refused_and_the_first_is_taken(register, tmp_path):  # noqa: F811
    def copy(sheet):
        sheet.cell(FIRST, COLUMN["责任人"]).value = "王某"
        for column in range(1, sheet.max_column + 1):
            sheet.cell(FIRST + 3, column).value = sheet.cell(FIRST, column).value
        sheet.cell(FIRST + 3, COLUMN["责任人"]).value = "李某"

    path = changed(export(register, tmp_path), copy)
    ((row, words),) = refused(register, path)
    assert (row, words.split(";")[0]) == (FIRST + 3, f"与第{FIRST}行是同一问题 (内部编号重复), 本行不取")
    take(register, path)
    assert problems(register)[0]["person"] == "王某"


def test_a_deleted_row_is_told_and_deletes_nothing(register, tmp_path):  # noqa: F811
    path = changed(export(register, tmp_path), lambda sheet: sheet.delete_rows(FIRST + 1))
    plan = plan_import(register, path, **WHO)
    assert [(c.row, c.number) for c in plan.refused] == [(0, "C1-002")]
    assert "不因删行而删除" in plan.refused[0].words
    assert len(problems(register)) == 3


def test_merged_cells_are_refused_row_by_row(register, tmp_path):  # noqa: F811
    column = COLUMN["责任人"]

    def merge(sheet):
        sheet.cell(FIRST, column).value = "王某"
        sheet.merge_cells(start_row=FIRST, end_row=FIRST + 1, start_column=column, end_column=column)

    found = refused(register, changed(export(register, tmp_path), merge))
    assert [row for row, _ in found] == [FIRST, FIRST + 1]
    assert all(words.startswith("单元格合并") for _, words in found)


def test_last_weeks_copy_and_another_offices_are_told_apart(register, tmp_path):  # noqa: F811
    old = export(register, tmp_path, "上周.xlsx")
    take(register, fill(export(register, tmp_path), 1, 本周办理="核查", 办理人="甲"))
    take(register, fill(export(register, tmp_path), 1, 本周办理="认定属实", 办理人="甲", 证据="取证单"))
    path = fill(old, 1, 本周办理="认定不属实", 办理人="丙", 证据="说明", 理由="另有收入", 审核人="丁")
    assert refused(register, path) == [(FIRST, "“属实”之后不能认定不属实, 只能: 责令整改")]
    bring_in(register, tmp_path, [finding(1), finding(2), finding(3), finding(9)], name="二")
    other = fill(export(register, tmp_path, "外.xlsx"), 1, 内部编号="X-1")
    assert "来自别的台账" in dict(refused(register, other))[FIRST]


def test_what_comes_round_again_is_taken_again_and_the_same_file_once(register, tmp_path):  # noqa: F811
    for person in ("王某", "李某", "王某", "李某"):
        path = fill(export(register, tmp_path), 1, 责任人=person)
        assert len(take(register, path).changes) == 1
        assert take(register, path).changes == []
    rounds = [("无法核实", {"理由": "资料不全"}), ("重新核查", {"理由": "补来资料"})] * 2
    for action, more in [("核查", {}), *rounds]:
        path = fill(export(register, tmp_path), 1, 本周办理=action, 办理人="甲", **more)
        assert len(take(register, path).changes) == 1, action
        assert take(register, path).changes == []
    assert (problems(register)[0]["person"], problems(register)[0]["state"]) == ("李某", "核查")
    assert verify(register) == []


def test_all_or_nothing_takes_no_new_problem_either(register, tmp_path):  # noqa: F811
    take(register, fill(export(register, tmp_path), 1, 本周办理="核查", 办理人="乙"))
    other = export(register, tmp_path, "丙.xlsx")
    fill(other, 4, 线索来源="投诉电话", 小区编号="C1", 问题类别="1.1 未按约服务", 问题描述="电梯停用", 责任人="王某")
    plan = plan_import(register, fill(other, 1, 本周办理="无法核实", 理由="缺", 办理人="甲"), **WHO)
    take(register, fill(export(register, tmp_path, "快2.xlsx"), 1, 本周办理="认定属实", 办理人="乙", 证据="单"))
    done = apply_plan(register, plan, **WHO, all_or_nothing=True)
    assert done.changes == []
    assert len(problems(register)) == 3
    done = apply_plan(register, plan, **WHO)
    assert len(done.changes) == 1
    assert (problems(register)[3]["message"], problems(register)[3]["person"]) == ("电梯停用", "王某")
    assert verify(register) == []


def test_a_workbook_that_lost_a_column_or_has_one_twice_is_refused(register, tmp_path):  # noqa: F811
    path = changed(export(register, tmp_path), lambda s: s.delete_cols(COLUMN["状态"]))
    with pytest.raises(InputError, match="缺少列: 状态"):
        plan_import(register, path, **WHO)
    path = changed(export(register, tmp_path), lambda s: s.cell(HEADER_ROW, s.max_column + 1, "责任人"))
    with pytest.raises(InputError, match="列重复: 责任人"):
        plan_import(register, path, **WHO)
    book = openpyxl.load_workbook(export(register, tmp_path))
    assert book[BASE].sheet_state == "veryHidden"
    with register.reading() as connection:
        assert connection.scalar(sa.select(sa.func.count()).select_from(STEPS)) == 3
