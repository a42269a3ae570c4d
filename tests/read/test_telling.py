"""What `auditkit check` says of each file: rows, period, in and out, balances, breaks, and the months that are missing."""

from auditkit.console import run_check
from tests.read.papers import BANK, LEDGER, ROWS, book, text


def statement(path, month, rows):
    """One month's export of one account."""
    lines = [
        ["6222020001", f"2024-{month:02d}-{day:02d}", "", i, o, b, "甲传媒有限公司", "", ""] for day, i, o, b in rows
    ]
    return text(path, [BANK, *lines])


def said(folder, capsys, lang="zh"):
    code = run_check(folder, None, None, lang)
    return code, capsys.readouterr().out


def test_rows_period_sums_balances_and_breaks_of_a_statement(tmp_path, capsys):
    book(tmp_path / "台账.xlsx", 台账=[LEDGER, *ROWS])
    statement(tmp_path / "一月.csv", 1, [(3, "100.00", "", "1100.00"), (9, "", "30.00", "1050.00")])
    _, out = said(tmp_path, capsys)
    assert "银行流水：表头第 1 行，2 行 2024-01-03..2024-01-09 收入 100.00 支出 30.00" in out
    assert "期初 1,000.00 期末 1,050.00，余额断点 1 处" in out
    assert "第 3 行：按上一行应余 1,070.00，写 1,050.00" in out
    assert "opening 1,000.00 closing 1,050.00, 1 breaks" in said(tmp_path, capsys, "en")[1]


def test_months_without_a_statement_are_named_by_account(tmp_path, capsys):
    book(tmp_path / "台账.xlsx", 台账=[LEDGER, *ROWS])
    statement(tmp_path / "一月.csv", 1, [(3, "100.00", "", "1100.00")])
    statement(tmp_path / "四月.csv", 4, [(3, "100.00", "", "1200.00")])
    _, out = said(tmp_path, capsys)
    assert "断档" in out and "6222020001: 2024-02、2024-03" in out


def test_what_is_no_data_is_named_with_its_row(tmp_path, capsys):
    book(tmp_path / "台账.xlsx", 台账=[["某小区公共收益台账"], LEDGER, *ROWS, ["合计", "", "", "", "", "", 1235.5, ""]])
    code, out = said(tmp_path, capsys)
    assert "不作数据，合计：6 合计 1235.5" in out
    assert code == 0


def test_a_sheet_nobody_claims_is_shown_with_what_it_lacks_and_a_map_to_copy(tmp_path, capsys):
    book(tmp_path / "台账.xlsx", 台账=[LEDGER, *ROWS], 清单=[["合同编号", "承租方", "备注"], ["HT-1", "甲", ""]])
    code, out = said(tmp_path, capsys)
    assert code == 3
    assert "没有认出 台账.xlsx#清单" in out and "最接近经营合同台账，缺少" in out
    assert '[map."台账.xlsx#清单"]' in out and '"合同编号" = "contract_no"' in out
