"""Spot checks: a draw that can be repeated, a page an inspector can fill in, and what comes back from it."""

import datetime as dt

import openpyxl
import pytest
import sqlalchemy as sa

from auditkit.model import InputError
from auditkit.register.intake import Compound, import_run
from auditkit.register.log import Act, perform, verify
from auditkit.register.spot import draw_compounds, read_spot_sheets, take_visits, write_spot_sheets
from auditkit.register.store import PROBLEMS, open_register
from tests.register.test_life import ALL_FACTS, finding, write_run


@pytest.fixture
def register(tmp_path):
    opened = open_register(tmp_path / "register.db")
    for n in range(20):
        compound = f"C{n:02d}"
        found = [finding(100 * n + i) for i in range(3 if n == 7 else n % 2)]
        run = write_run(tmp_path / compound, found, compound=compound)
        known = {compound: Compound(f"{n}号花园", "某县", "某物业公司")}
        import_run(opened, [run], at="2024-06-03", who="系统", compounds=known)
    yield opened
    opened.close()


def test_the_riskiest_are_in_and_the_rest_is_drawn_the_same_again(register):
    one = draw_compounds(register, by_risk=2, at_random=5, seed="2024-06")
    assert one == draw_compounds(register, by_risk=2, at_random=5, seed="2024-06")
    assert one.compounds[0].compound_id == "C07"
    assert [c.how for c in one.compounds] == ["按风险"] * 2 + ["随机"] * 5
    assert len({c.compound_id for c in one.compounds}) == 7
    draws = (draw_compounds(register, by_risk=2, at_random=5, seed=str(s)) for s in range(5))
    others = {tuple(c.compound_id for c in d.compounds) for d in draws}
    assert len(others) > 1


def fill(path, compound, number, seen, result):
    book = openpyxl.load_workbook(path)
    sheet = next(s for s in book.worksheets if s.title.endswith(compound))
    row = next(r for r in range(5, sheet.max_row + 1) if sheet.cell(r, 1).value == number)
    sheet.cell(row, 5, seen)
    sheet.cell(row, 6, result)
    book.save(path)


def test_what_inspectors_write_comes_back(register, tmp_path):
    id_ = finding(700)["id"]
    for n, action in enumerate(["核查", "认定属实", "责令整改", "整改反馈", "复核", "销号"]):
        perform(register, [Act(id_, action, "甲", "2024-06-05", f"k{n}", "因", "乙", ALL_FACTS)])
    drawn = draw_compounds(register, by_risk=1, at_random=2, seed="1")
    path = tmp_path / "核查单.xlsx"
    write_spot_sheets(drawn, path, asks={"INC02": ("差额去向?", "合同原件")}, title="某县")
    page = openpyxl.load_workbook(path).worksheets[1]
    assert page["C5"].value == "差额去向?"
    assert "涉及 10.00 元" in page["B5"].value
    fill(path, "C07", "C07-001", "广告仍在", "问题仍存在")
    fill(path, "C07", "C07-002", "", "与记录一致")
    results = read_spot_sheets(path)
    assert results == [("C07-001", "广告仍在", "问题仍存在"), ("C07-002", "", "与记录一致")]
    day = {"who": "甲", "second": "乙", "on": dt.date(2024, 7, 1)}
    assert take_visits(register, results, **day) == []
    with register.reading() as connection:
        states = {r["number"]: r["state"] for r in connection.execute(sa.select(PROBLEMS)).mappings()}
    assert (states["C07-001-R1"], states["C07-002"]) == ("反弹重开", "核查")
    assert take_visits(register, [("C07-001-R1", "广告仍在", "问题仍存在")], **day) == []
    assert verify(register) == []


def test_an_unknown_result_is_refused_with_its_cell(register, tmp_path):
    path = tmp_path / "核查单.xlsx"
    write_spot_sheets(draw_compounds(register, by_risk=1, at_random=0, seed=""), path, asks={}, title="")
    fill(path, "C07", "C07-001", "看过", "大概没事")
    with pytest.raises(InputError) as refused:
        read_spot_sheets(path)
    (issue,) = refused.value.issues
    assert (issue.sheet, issue.row, issue.value) == ("01_C07", 5, "大概没事")
