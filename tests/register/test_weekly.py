"""The weekly package: figures that foot to the register, papers an office can redraw, nothing written where they do not."""

import datetime as dt

import docx
import openpyxl
import pytest
import sqlalchemy as sa

from auditkit.model import InputError
from auditkit.register.figures import DoesNotFootError, figures
from auditkit.register.intake import Compound, import_run
from auditkit.register.log import Act, perform
from auditkit.register.store import PROBLEMS, open_register
from auditkit.register.weekly import Office, week_of, write_closing, write_notice, write_weekly
from tests.register.test_life import ALL_FACTS, finding, write_run

FRIDAY = dt.date(2024, 6, 7)
OFFICE = Office("某县住房和城乡建设局")


@pytest.fixture
def register(tmp_path):
    opened = open_register(tmp_path / "register.db")
    for n, (county, compound) in enumerate([("盐湖区", "C1"), ("盐湖区", "C2"), ("临猗县", "C3")]):
        run = write_run(
            tmp_path / compound, [finding(10 * n + i, 10000 * (i + 1)) for i in range(4)], compound=compound
        )
        known = {compound: Compound(f"{compound}花园", county, f"{compound}物业公司", "2024-05-30", "", "2024-06-03")}
        import_run(opened, [run], at="2024-05-30T10:00", who="系统", compounds=known)
    yield opened
    opened.close()


def do(register, n, *steps, second="乙"):
    for action, day, facts in steps:
        bring = ALL_FACTS | {"deadline": "2024-06-20", "bank_row": f"{n}{day}"} | facts
        perform(
            register, [Act(finding(n)["id"], action, "甲", f"2024-{day}", f"{n}{action}{day}", "因", second, bring)]
        )


def lives(register):
    do(register, 0, ("核查", "06-01", {}), ("认定属实", "06-03", {}), ("责令整改", "06-04", {"deadline": "2024-06-05"}))
    do(register, 1, ("核查", "05-31", {}), ("认定属实", "05-31", {}), ("追回", "06-04", {"amount": 20000}))
    do(register, 10, ("核查", "06-01", {}), ("认定不属实", "06-02", {}))
    do(
        register,
        20,
        *[(a, "06-03", {}) for a in ("核查", "认定部分属实", "责令整改", "整改反馈", "复核", "销号", "移送")],
    )
    do(register, 21, ("核查", "06-10", {}), ("认定属实", "06-11", {}))


def test_figures_of_the_week_and_to_date(register):
    lives(register)
    found = figures(register, week_of(FRIDAY))
    assert found.counties == ("临猗县", "盐湖区")
    row, week = found.to_date["盐湖区"], found.this_week["盐湖区"]
    assert (row["发现问题"], row["属实"], row["不属实或接受"], row["整改中"], row["逾期"]) == (8, 2, 1, 2, 1)
    assert (week["发现问题"], week["属实"], week["追回金额"]) == (0, 1, 20000)
    assert (row["涉及金额"], row["小区总数"], row["专户小区"], row["公示小区"]) == (200000, 2, 2, 0)
    assert (found.to_date["临猗县"]["已整改"], found.this_week["临猗县"]["移送"]) == (1, 1)
    earlier = figures(register, week_of(dt.date(2024, 5, 31)))
    assert earlier.sum("发现问题", week=True) == 12
    assert earlier.sum("属实", week=False) == 1


def test_a_figure_that_does_not_foot_stops_the_package(register, tmp_path):
    lives(register)
    with register.writing() as connection:
        connection.execute(sa.delete(PROBLEMS).where(PROBLEMS.c.id == finding(3)["id"]))
    with pytest.raises(DoesNotFootError, match="发现问题"):
        write_weekly(register, FRIDAY, tmp_path / "周报", OFFICE)
    assert not (tmp_path / "周报").exists()


def test_the_papers_say_what_the_register_says(register, tmp_path):
    lives(register)
    files = write_weekly(register, FRIDAY, tmp_path / "周报", OFFICE)
    assert [f.name for f in files] == [
        "工作台账.xlsx",
        "问题清单.xlsx",
        "整改台账.xlsx",
        "情况汇总表.xlsx",
        "工作简报.docx",
    ]
    ledger = openpyxl.load_workbook(files[0]).active
    head = {c.value: c.column for c in ledger[3]}
    rows = [r for r in ledger.iter_rows(min_row=4, values_only=True) if r[0]]
    assert len(rows) == 12
    assert "2024年6月1日 至 2024年6月7日" in ledger["A2"].value
    states = {r[head["编号"] - 1]: r[head["整改状态"] - 1] for r in rows}
    assert (states["C1-001"], states["C3-001"], states["C3-002"]) == ("责令整改", "销号", "线索")
    assert next(r for r in rows if r[1] == "C1-002")[head["追回金额(元)"] - 1] == 200
    summary = list(openpyxl.load_workbook(files[3]).active.iter_rows(min_row=5, max_row=10, values_only=True))
    assert [r[:2] for r in summary] == [(c, w) for c in ("临猗县", "盐湖区", "合计") for w in ("本周", "累计")]
    text = "\n".join(p.text for p in docx.Document(str(files[4])).paragraphs)
    assert (
        "累计发现问题12件（本周0件），经核查属实3件（本周2件），已整改1件（本周1件），整改中2件，逾期未整改1件" in text
    )
    assert "C1-001应于2024-06-05前完成整改" in text
    assert "花园" not in text
    assert "不属实" not in text, "a false alarm is no typical case"
    assert "{{" not in text


def test_an_office_changes_the_layout_not_the_code(register, tmp_path):
    own = tmp_path / "版式"
    own.mkdir()
    book = openpyxl.Workbook()
    book.active["B2"], book.active["A5"], book.active["B5"], book.active["B8"] = (
        "{{填报单位}}台账",
        "{{编号}}",
        "{{责任人}}",
        "制表",
    )
    book.save(own / "工作台账.xlsx")
    office = Office("某局", layouts=own)
    files = write_weekly(register, FRIDAY, tmp_path / "周报", office)
    sheet = openpyxl.load_workbook(files[0]).active
    assert sheet["B2"].value == "某局台账"
    assert [sheet.cell(r, 1).value for r in (5, 16)] == ["C3-001", "C2-004"]
    assert sheet["B19"].value == "制表"
    book.active["C5"] = "{{没有的字段}}"
    book.save(own / "工作台账.xlsx")
    with pytest.raises(InputError, match="没有的字段"):
        write_weekly(register, FRIDAY, tmp_path / "周报2", office)


def test_a_friday_that_is_a_holiday_moves_to_the_next_workday():
    assert week_of(FRIDAY).due == FRIDAY
    assert week_of(dt.date(2024, 10, 4)).due == dt.date(2024, 10, 8)
    with pytest.raises(ValueError, match="2024-06-07"):
        week_of(dt.date(2024, 6, 5))


def test_a_notice_names_no_compound_and_only_what_was_judged_so(register, tmp_path):
    lives(register)
    write_notice(register, finding(20)["id"], tmp_path / "通报.docx", OFFICE)
    text = "\n".join(p.text for p in docx.Document(str(tmp_path / "通报.docx")).paragraphs)
    assert "××小区" in text
    assert "C3" not in text
    assert "销号" in text
    with pytest.raises(ValueError, match="尚未认定属实"):
        write_notice(register, finding(10)["id"], tmp_path / "通报2.docx", OFFICE)


def test_a_long_text_has_a_row_high_enough_and_local_rules_their_name(tmp_path):
    opened = open_register(tmp_path / "register.db")
    long = finding(0, rule="DSC04") | {"message": "应收与实收的各期金额、到期日和收款凭证" * 12, "basis": ["local"]}
    import_run(opened, [write_run(tmp_path / "C1", [long])], at="2024-05-30T10:00", who="系统")
    write_weekly(opened, FRIDAY, tmp_path / "w", OFFICE)
    opened.close()
    sheet = openpyxl.load_workbook(tmp_path / "w" / "问题清单.xlsx").active
    row = next(r for r in range(1, sheet.max_row + 1) if long["message"] in {c.value for c in sheet[r]})
    assert sheet.row_dimensions[row].height > 100
    assert "地方标准" in {c.value for c in sheet[row]}


def test_a_notice_shows_no_plate_no_telephone_and_no_person(tmp_path):
    opened = open_register(tmp_path / "register.db")
    shown = finding(20) | {
        "subject": {"type": "operator", "id": "欧阳试"},
        "message": "操作员欧阳试放行晋M12345、晋A·D12345两车，电话13900000001，收款账号6222020000000000011",
    }
    import_run(opened, [write_run(tmp_path / "C3", [shown], compound="C3")], at="2024-05-30T10:00", who="系统")
    do(opened, 20, ("核查", "06-01", {}), ("认定属实", "06-03", {}))
    write_notice(opened, shown["id"], tmp_path / "通报.docx", OFFICE)
    opened.close()
    text = "\n".join(p.text for p in docx.Document(str(tmp_path / "通报.docx")).paragraphs)
    assert "操作员欧某放行晋M·***45、晋A·***45两车" in text
    assert not any(part in text for part in ("欧阳试", "12345", "13900000001", "6222020000000000011"))


def test_the_closing_summary_counts_what_is_still_open(register, tmp_path):
    lives(register)
    write_closing(register, dt.date(2024, 10, 11), tmp_path / "总结.docx", OFFICE)
    text = "\n".join(p.text for p in docx.Document(str(tmp_path / "总结.docx")).paragraphs)
    assert "发现问题12件，属实4件，已整改1件，整改中3件" in text
    assert "C1-001（责令整改）" in text
