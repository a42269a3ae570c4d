"""The settlement of the company that left: a workbook to sign and a page to read."""

import openpyxl
import pytest

from auditkit.audit import judge_all
from auditkit.cli import app
from auditkit.demo import books_of, case_of, make_compound
from auditkit.reconcile.exit import exit_of
from auditkit.report.exit_settlement import write_exit
from auditkit.report.outcome import Outcome


@pytest.fixture(scope="module")
def outcome():
    compound, _ = make_compound(2024, 2, ["balance_kept"])
    books, case = books_of(compound), case_of(compound)
    return Outcome(books, case, tuple(judge_all(books, case)))


def sheet_rows(book, name):
    return [[cell.value for cell in row] for row in book[name].iter_rows()]


def test_the_form_foots_and_names_what_is_missing(outcome, tmp_path):
    left = exit_of(outcome.books, outcome.case)
    path, page = write_exit(outcome, left, tmp_path)
    book = openpyxl.load_workbook(path)
    rows = {row[0]: row for row in sheet_rows(book, "退出结算") if row[0]}
    money = {name: row[1] for name, row in rows.items()}
    income = sum(v for k, v in money.items() if k.startswith("收入："))
    cost = sum(v for k, v in money.items() if k.startswith("支出："))
    assert round(income - money["收入合计"], 2) == round(cost - money["支出合计"], 2) == 0
    assert round(money["期初结余"] + income - cost - money["推算结余"], 2) == 0
    assert money["台账结余"] == money["推算结余"]
    assert money["台账结余与推算结余之差"] == 0
    assert money["少移交（负数为多移交）"] == 2000
    assert money["预收款项少移交（负数为多移交）"] == 0
    text = page.read_text(encoding="utf-8")
    assert "少 2,000.00 元" in text
    assert "<script" not in text


def test_every_duty_of_the_law_is_listed_with_what_the_list_has(outcome, tmp_path):
    path, _ = write_exit(outcome, exit_of(outcome.books, outcome.case), tmp_path)
    rows = sheet_rows(openpyxl.load_workbook(path), "移交核对")
    states = {row[0]: row[3] for row in rows[1:] if row[3]}
    assert states["公共收益结余"] == "已列"
    assert states["物业服务用房"] == "已列"
    assert states["质量保修文件和使用说明文件"] == "未见"
    assert len(states) == 13


def test_without_a_resolution_it_says_what_a_dismissal_needs(outcome, tmp_path):
    path, _ = write_exit(outcome, exit_of(outcome.books, outcome.case), tmp_path)
    rows = sheet_rows(openpyxl.load_workbook(path), "表决核算")[1:]
    assert [row[4] for row in rows] == ["不低于 2/3", "超过 1/2"] * 2
    assert {row[5] for row in rows} == {"资料不足"}


def test_it_is_said_in_english_too(outcome, tmp_path):
    path, page = write_exit(outcome, exit_of(outcome.books, outcome.case), tmp_path, "en")
    assert path.name == "exit_settlement.xlsx"
    assert openpyxl.load_workbook(path).sheetnames[0] == "Settlement"
    assert "Written notice to the company" in page.read_text(encoding="utf-8")


def test_the_same_settlement_gives_the_same_bytes(outcome, tmp_path):
    left = exit_of(outcome.books, outcome.case)
    one, other = (write_exit(outcome, left, tmp_path / name)[0].read_bytes() for name in ("a", "b"))
    assert one == other


def test_the_command_writes_both_files_and_ends_with_what_was_found(outcome, tmp_path, capsys):
    (tmp_path / "case").mkdir()
    book = {"小区概况": "小区编号,小区名称,物业企业,物业企业退出日期\nX1,甲小区,乙物业,2024-09-30\n",
            "公共收益台账": "凭证号,日期,收支,类别,金额\nJZ-1,2024-09-05,收入,快递柜,5000.00\n",
            "移交清单": "移交事项,事项类型,金额,移交日期\n结余,公共收益结余,4000.00,2024-10-08\n"}  # fmt: skip
    for name, text in book.items():
        (tmp_path / "case" / f"{name}.csv").write_text(text, encoding="utf-8")
    with pytest.raises(SystemExit) as end:
        app(["exit", str(tmp_path / "case"), "--out", str(tmp_path / "out")])
    assert end.value.code == 1
    assert {p.name for p in (tmp_path / "out" / "X1").iterdir()} == {"退出结算.xlsx", "退出结算.html"}
    assert "退出结算.xlsx" in capsys.readouterr().out


def test_the_command_says_that_nobody_left(tmp_path, capsys):
    (tmp_path / "case").mkdir()
    (tmp_path / "case" / "小区概况.csv").write_text("小区编号,小区名称,物业企业\nX1,甲小区,乙物业\n", encoding="utf-8")
    (tmp_path / "case" / "台账.csv").write_text("日期,收支,类别,金额\n2024-03-05,收入,快递柜,5\n", encoding="utf-8")
    with pytest.raises(SystemExit) as end:
        app(["exit", str(tmp_path / "case"), "--out", str(tmp_path / "out"), "--lang", "en"])
    assert end.value.code == 2
    assert "no day of exit" in capsys.readouterr().err
