"""`auditkit map`: a file that nobody claims is proposed, confirmed, written; the next run needs no question."""

import tomllib

import pytest

from auditkit.read.case import read_case
from auditkit.read.grids import Grid
from auditkit.read.proposing import balance_chain, propose
from auditkit.wizard import run_map
from tests.read.papers import LEDGER, ROWS, book

ODD = [
    ["户头明细", "", "", "", "", ""],
    ["哪天", "进了", "出了", "还剩", "谁", "账号"],
    ["2024-03-05", "1,000.00", "", "1,500.00", "甲传媒有限公司", "6222020001"],
    ["2024-03-09", "", "200.50", "1,299.50", "乙维修部", "6222020001"],
    ["2024-03-11", "35.00", "", "1,334.50", "", "6222020001"],
    ["2024-03-12", "", "34.50", "1,300.00", "乙维修部", "6222020001"],
]
OLD = 'period = "2024-03"  # 审计一个月\n\n[pack_values]\nposting_days = { value = 7, source = "某办法第三条" }\n'


def grid(rows):
    return Grid("x.xlsx", "表", rows)


@pytest.fixture
def case(tmp_path):
    book(tmp_path / "台账.xlsx", 台账=[LEDGER, *ROWS])
    book(tmp_path / "流水.xlsx", 明细=ODD)
    (tmp_path / "case.toml").write_text(OLD, encoding="utf-8")
    return tmp_path


def test_the_column_that_chains_is_the_balance_whatever_stands_above_it():
    made = propose(grid(ODD))
    assert made.table == "bank" and made.header == 2
    assert {made.titles[j]: g.column for j, g in made.columns.items()} == {
        "哪天": "date", "进了": "credit", "出了": "debit", "还剩": "balance", "账号": "account",
    }  # fmt: skip


def test_newest_first_chains_as_well_and_unrelated_columns_do_not():
    columns = {1: [r[1] for r in ODD[2:]], 2: [r[2] for r in ODD[2:]], 3: [r[3] for r in ODD[2:]]}
    assert balance_chain({j: c[::-1] for j, c in columns.items()}) == {"balance": 3, "credit": 1, "debit": 2}
    assert balance_chain({1: [1, 2, 3, 4], 2: [5, 9, 2, 7], 3: [8, 8, 1, 3]}) == {}


def test_an_amount_with_its_sign_chains():
    assert balance_chain({0: [100, -20, 5, -5], 1: [200, 180, 185, 180]}) == {"balance": 1, "moved": 0}


def test_accepted_as_proposed_the_next_run_needs_no_question(case, capsys):
    before = read_case(case)[2]
    assert len(before.unread) == 1
    assert run_map(case / "流水.xlsx", None, None, True, "zh") == 0
    assert "现在读出：银行流水 4 行，存疑 0 行" in capsys.readouterr().out
    books, _, intake = read_case(case)
    assert not intake.unread and not intake.issues
    assert books["bank"]["balance"].tolist() == [1500_00, 1299_50, 1334_50, 1300_00]
    assert run_map(case / "流水.xlsx", None, None, True, "zh") == 0


def test_what_stands_in_case_toml_stays(case):
    run_map(case / "流水.xlsx", None, None, True, "zh")
    text = (case / "case.toml").read_text(encoding="utf-8")
    assert text.startswith(OLD.rstrip())
    assert tomllib.loads(text)["map"]["流水.xlsx#明细"]["columns"]["还剩"] == "balance"


def test_the_user_changes_what_was_proposed(case, monkeypatch, capsys):
    """Answers in the order of the questions: table, header row, then each column."""
    answers = {"“谁”": "对方户名", "“进了”": "credit"}
    asked = []

    def prompt(text, default):
        asked.append(text)
        return next((a for word, a in answers.items() if word in text), default)

    monkeypatch.setattr("typer.prompt", prompt)
    assert run_map(case / "流水.xlsx", None, None, False, "zh") == 0
    out = capsys.readouterr().out
    assert "户头明细" in out and "1,299.50" in out, "the head of the sheet is shown"
    assert any("（按内容）" in a for a in asked)
    assert read_case(case)[0]["bank"]["counterparty"].tolist() == ["甲传媒有限公司", "乙维修部", "", "乙维修部"]


def test_a_sheet_said_to_be_no_paper_is_left_out(case, monkeypatch):
    monkeypatch.setattr("typer.prompt", lambda text, default: "-")
    run_map(case / "流水.xlsx", None, None, False, "zh")
    _, _, intake = read_case(case)
    assert not intake.unread and any(a.kind == "按 [map] 不读" for a in intake.aside)


def test_what_cannot_be_proposed_whole_is_not_written_without_asking(tmp_path, capsys):
    book(tmp_path / "甲.xlsx", 表=[["人员", "工资", "备注"], ["张三", 1, "x"], ["李四", 2, "y"]])
    assert run_map(tmp_path / "甲.xlsx", None, None, True, "zh") == 3
    assert not (tmp_path / "case.toml").exists()
    assert "没有写入" in capsys.readouterr().err


def test_a_value_for_every_row_where_no_column_gives_it(tmp_path, monkeypatch):
    book(tmp_path / "流水.xlsx", 明细=[row[:5] for row in ODD])
    monkeypatch.setattr("typer.prompt", lambda text, default: "6222020001" if "没有“账号”" in text else default)
    assert run_map(tmp_path / "流水.xlsx", None, None, False, "zh") == 0
    assert "6222020001" in (tmp_path / "case.toml").read_text(encoding="utf-8")


def test_accounts_of_company_books_are_proposed_by_name(tmp_path):
    text = "日期,凭证字号,摘要,科目编码,科目名称,借方金额,贷方金额\n"
    text += "2024-03-05,记-1,收快递柜费,1002,银行存款,500.00,\n2024-03-05,记-1,收快递柜费,605103,其他业务收入\\快递柜,,500.00\n"
    (tmp_path / "凭证.csv").write_text(text, encoding="utf-8")
    assert run_map(tmp_path / "凭证.csv", None, None, True, "zh") == 0
    assert tomllib.loads((tmp_path / "case.toml").read_text(encoding="utf-8")) == {
        "map": {"accounts": {"605103": "快递柜"}}
    }
    assert read_case(tmp_path)[0]["ledger"]["category"].tolist() == ["快递柜"]


def test_a_case_toml_that_cannot_be_read_is_left_as_it_is(case):
    (case / "case.toml").write_text("period = ", encoding="utf-8")
    with pytest.raises(Exception, match="TOML"):
        run_map(case / "流水.xlsx", None, None, True, "zh")
    assert (case / "case.toml").read_text(encoding="utf-8") == "period = "
