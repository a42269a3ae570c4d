"""What statements do to their readers: every trap once."""

import itertools
from pathlib import Path

import openpyxl
import pandas as pd
import pytest

from auditkit.read.case import read_books
from auditkit.read.folder import read_papers
from auditkit.read.grids import Grid
from auditkit.read.importers import Importer, claims
from auditkit.read.settings import Settings

HEAD = ["账号", "交易日期", "交易时间", "收入金额", "支出金额", "余额", "对方户名", "摘要", "流水号"]
ACCOUNT = "1402000000000000017"


def rows(*moves, opening=1000.0):
    """Rows of a statement: (day, time, money in or out) each, the balance carried on."""
    found, balance = [], opening
    for n, (day, time, amount, *rest) in enumerate(moves):
        balance += amount
        into, out = (f"{amount:.2f}", "") if amount > 0 else ("", f"{-amount:.2f}")
        found.append(
            [ACCOUNT, day, time, into, out, f"{balance:.2f}", *(rest or ["某某广告有限公司", "广告费", f"S{n}"])]
        )
    return found


MOVES = rows(
    ("2024-03-01", "09:00:00", 500), ("2024-03-01", "09:00:00", -120), ("2024-03-01", "17:00:00", 80),
    ("2024-03-04", "10:00:00", 300), ("2024-03-05", "10:00:00", -50), ("2024-03-05", "10:00:00", -50),
)  # fmt: skip


def text(*lines, mark=","):
    return "\n".join(mark.join(line) for line in lines) + "\n"


def one(tmp_path, content, name="流水.csv"):
    path = tmp_path / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode("utf-8"))
    papers = read_papers(path, {})
    assert not papers.wrong
    (part,) = papers.parts
    return part


def sums(part):
    return int(part.frame["credit"].sum()), int(part.frame["debit"].sum())


WHOLE = (88_000, 22_000)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("name", ["流水.csv", "流水.xls", "流水.txt", "流水.xlsx"])
def test_text_under_any_ending_and_encoding(tmp_path, encoding, name):
    part = one(tmp_path, text(HEAD, *MOVES, mark="\t").encode(encoding), name)
    assert sums(part) == WHOLE
    assert part.statement.breaks == ()


def test_html_called_xls(tmp_path):
    cells = "".join("<tr>" + "".join(f"<td>{c}</td>" for c in line) + "</tr>" for line in [HEAD, *MOVES])
    page = f"<html><body><table>{cells}</table></body></html>"
    assert sums(one(tmp_path, page.encode("gb18030"), "流水.xls")) == WHOLE


def test_xlsx_called_xls_or_csv(tmp_path):
    book = openpyxl.Workbook()
    for line in [HEAD, *MOVES]:
        book.active.append(line)
    book.save(tmp_path / "x.xlsx")
    data = (tmp_path / "x.xlsx").read_bytes()
    (tmp_path / "x.xlsx").unlink()
    assert sums(one(tmp_path, data, "流水.xls")) == WHOLE
    assert sums(one(tmp_path, data, "流水.csv")) == WHOLE


@pytest.mark.parametrize("lines", [0, 1, 4, 11])
def test_the_header_moves_between_months(tmp_path, lines):
    above = [[f"说明{n}"] for n in range(lines)]
    part = one(tmp_path, text(*above, HEAD, *MOVES))
    assert part.section.header.first == lines
    assert sums(part) == WHOLE


def by_day(moves, turn):
    days = [list(own) for _, own in itertools.groupby(moves, key=lambda m: m[1])]
    return [m for day in days for m in turn(day)]


ORDERS = {
    "oldest first": MOVES,
    "newest first": MOVES[::-1],
    "descending inside a day": by_day(MOVES, lambda day: day[::-1]),
    "newest day first, ascending inside": by_day(MOVES[::-1], lambda day: day[::-1]),
    "mixed inside a day": [MOVES[1], MOVES[2], MOVES[0], *MOVES[3:]],
}


@pytest.mark.parametrize("order", ORDERS)
def test_the_balance_chain_orders_the_rows(tmp_path, order):
    part = one(tmp_path, text(HEAD, *ORDERS[order]))
    assert (part.statement.opening, part.statement.closing, part.statement.breaks) == (100_000, 166_000, ())
    assert len(part.frame) == 6, "two equal rows in one second stay two rows"


@pytest.mark.parametrize("order", ORDERS)
def test_a_row_taken_out_is_one_break(tmp_path, order):
    kept = [m for m in ORDERS[order] if m[8] != "S3"]
    (gap,) = one(tmp_path, text(HEAD, *kept)).statement.breaks
    assert abs(gap.expected - gap.written) == 30_000


def test_a_payroll_whose_rows_share_one_balance(tmp_path):
    batch = [m.copy() for m in MOVES]
    for line in batch[-2:]:
        line[5] = batch[-1][5]
    part = one(tmp_path, text(HEAD, *batch))
    assert part.statement.breaks == ()
    assert part.statement.closing == 166_000


def test_repeated_serials_drop_no_row(tmp_path):
    same = [[*m[:8], "S0"] for m in MOVES]
    assert len(one(tmp_path, text(HEAD, *same)).frame) == 6


def test_overlapping_exports_keep_true_repeats(tmp_path):
    bare = [[*m[:5], m[5], *m[6:8], ""] for m in MOVES]
    bare[5] = [*bare[4]]
    (tmp_path / "a.csv").write_text(text(HEAD, *bare), encoding="utf-8")
    (tmp_path / "b.csv").write_text(text(HEAD, *bare[3:]), encoding="utf-8")
    books, _ = read_books(tmp_path, Settings())
    assert len(books["bank"]) == 6, "the two equal rows of 2024-03-05 stand twice in each export, and are two"


STATED = [*HEAD, "状态"]


def test_a_reversed_row_without_balances_does_not_count(tmp_path):
    head = [h for h in STATED if h != "余额"]
    lines = [[*m[:5], *m[6:], "已冲正" if n == 3 else "正常"] for n, m in enumerate(MOVES)]
    part = one(tmp_path, text(head, *lines))
    assert len(part.statement.rows) == 6, "the row is kept"
    assert part.statement.rows["status"].tolist().count("已冲正") == 1
    assert sums(part) == (58_000, 22_000)


def test_a_reversed_row_with_its_reversal_counts_where_the_balances_say_so(tmp_path):
    moves = rows(("2024-03-01", "09:00:00", 500), ("2024-03-02", "09:00:00", -500), ("2024-03-03", "09:00:00", 70))
    lines = [[*m, "已冲正" if n == 0 else "正常"] for n, m in enumerate(moves)]
    part = one(tmp_path, text(STATED, *lines))
    assert (len(part.frame), part.statement.breaks) == (3, ())


def test_a_failed_row_that_left_the_balance_alone_does_not_count(tmp_path):
    moves = rows(("2024-03-01", "09:00:00", 500), ("2024-03-03", "09:00:00", 70))
    failed = [ACCOUNT, "2024-03-02", "09:00:00", "", "88.00", moves[0][5], "某甲", "退回", "F1", "交易失败"]
    part = one(tmp_path, text(STATED, [*moves[0], "成功"], failed, [*moves[1], "成功"]))
    assert (sums(part), part.statement.breaks) == ((57_000, 0), ())


def test_unreversed_is_not_reversed(tmp_path):
    lines = [[*m, "未冲正"] for m in MOVES]
    assert sums(one(tmp_path, text([*HEAD, "冲正标志"], *lines))) == WHOLE


@pytest.mark.parametrize(
    ("line", "stated"),
    [
        ("收入：3笔 880.00元,支出：3笔 220.00元", True), ("收入：3笔 900.00元,支出：3笔 220.00元", False),
        ("共7笔记录", False), ("共6笔记录", True), ("贷方发生总额：880.00", True), ("贷方发生总额：880.01", False),
        ("收入合计：880.00,支出合计：220.00", True), ("借方合计：219.00", False), ("期初余额：1000.00", True),
        ("期末余额：1660.01", False), ("总笔数,6", True),
    ],
)  # fmt: skip
@pytest.mark.parametrize("below", [False, True])
def test_what_the_file_states_is_compared_and_not_repaired(tmp_path, line, stated, below):
    lines = [HEAD, *MOVES]
    lines = [*lines, [line]] if below else [[line], *lines]
    part = one(tmp_path, text(*lines))
    assert sums(part) == WHOLE
    assert part.declared
    assert [d.differs for d in part.declared].count(True) == (not stated)
    assert len([i for i in part.issues if i.code == "I01"]) == (not stated)


def test_page_totals_and_lines_carried_forward_are_no_rows(tmp_path):
    page = ["", "本页小计", "", "580.00", "120.00", "", "", "", ""]
    carried = [["", word, "", "", "", "1460.00", "", "", ""] for word in ("过次页", "承上页", "接下页", "承前页")]
    total = ["合计", "", "", "880.00", "220.00", "", "", "", ""]
    part = one(tmp_path, text(HEAD, *MOVES[:3], page, *carried, HEAD, *MOVES[3:], total))
    assert (len(part.frame), sums(part), part.statement.breaks) == (6, WHOLE, ())


@pytest.mark.parametrize("word", ["共计", "合计", "余额", "转入", "结转", "小计"])
def test_a_remark_that_looks_like_a_total_is_a_row(tmp_path, word):
    lines = [m.copy() for m in MOVES]
    lines[2][7] = word
    assert sums(one(tmp_path, text(HEAD, *lines))) == WHOLE


def test_numbers_that_excel_rounded_are_refused(tmp_path):
    lines = [["6.22E+18", *m[1:]] for m in MOVES]
    part = one(tmp_path, text(HEAD, *lines))
    assert (part.frame["account"] == "").all()
    assert part.frame["doubt"].str.contains("account").all()


@pytest.mark.parametrize("shape", ["{}-", "({})", "-{}", "（{}）", "−{}"])
def test_money_out_written_with_a_minus(tmp_path, shape):
    lines = [[*m[:4], shape.format(m[4]) if m[4] else "", *m[5:]] for m in MOVES]
    part = one(tmp_path, text(HEAD, *lines))
    assert (sums(part), part.statement.breaks) == (WHOLE, ())


def test_a_lone_negative_without_balances_is_left_in_doubt(tmp_path):
    head = [h for h in HEAD if h != "余额"]
    lines = [[*m[:5], *m[6:]] for m in MOVES[:2]]
    lines[1][4] = "-120.00"
    part = one(tmp_path, text(head, *lines))
    assert part.frame["doubt"].tolist() == ["", "debit"]


GENERAL = {
    "amount and mark": (["账号", "交易日期", "借贷标志", "交易金额", "余额", "对方户名", "摘要"], lambda m, s: [m[0], m[1], "贷" if m[3] else "借", s, m[5], m[6], m[7]]),
    "signed amount": (["账号", "日期", "发生额", "余额", "对方名称", "摘要"], lambda m, s: [m[0], m[1], ("" if m[3] else "-") + s, m[5], m[6], m[7]]),
    "debit and credit": (["账号", "记账日期", "借方发生额", "贷方发生额", "账户余额", "对方户名", "用途"], lambda m, s: [m[0], m[1], m[4], m[3], m[5], m[6], m[7]]),
    "units in the header": (["账号", "交易日期", "收入金额（元）", "支出金额（元）", "账户余额（元）", "对方户名", "摘要"], lambda m, s: [m[0], m[1], m[3], m[4], m[5], m[6], m[7]]),
    "zeros for nothing": (["账号", "交易日期", "收入", "支出", "余额", "对方户名", "摘要"], lambda m, s: [m[0], m[1], m[3] or "0.00", m[4] or "0.00", m[5], m[6], m[7]]),
}  # fmt: skip


@pytest.mark.parametrize("shape", GENERAL)
def test_a_statement_of_no_known_bank(tmp_path, shape):
    head, line = GENERAL[shape]
    part = one(tmp_path, text(head, *(line(m, m[3] or m[4]) for m in MOVES)))
    assert (sums(part), part.statement.breaks, part.frame["doubt"].tolist()) == (WHOLE, (), [""] * 6)


def test_a_mark_that_is_not_known_leaves_its_row_in_doubt(tmp_path):
    head, line = GENERAL["amount and mark"]
    lines = [line(m, m[3] or m[4]) for m in MOVES]
    lines[0][2] = "未知方向"
    part = one(tmp_path, text(head, *lines))
    assert part.frame["doubt"].tolist() == ["credit,debit", *[""] * 5]


def test_two_importers_that_claim_one_sheet_are_an_error_naming_both(monkeypatch, tmp_path):
    twins = tuple(
        Importer(n, f"甲{n}", "bank", ("账号", "交易日期", w), {}) for n, w in (("one", "余额"), ("two", "摘要"))
    )
    monkeypatch.setattr("auditkit.read.importers.importers", lambda: twins)
    (tmp_path / "流水.csv").write_text(text(HEAD, *MOVES), encoding="utf-8")
    (issue,) = read_papers(tmp_path, {}).wrong
    assert issue.code == "T08"
    assert "one" in issue.message
    assert "two" in issue.message


def test_the_nearer_of_two_importers_is_taken():
    grid = Grid("x.csv", "", [HEAD, *MOVES], encoding="utf-8")
    assert len(claims(grid)) <= 1


def test_other_money_is_never_added_to_yuan(tmp_path):
    lines = [[*m, "美元" if n == 0 else "人民币"] for n, m in enumerate(MOVES)]
    head = [*HEAD, "币种"]
    part = one(tmp_path, text(head, *lines))
    assert sums(part) == (38_000, 22_000)
    assert pd.Series(part.statement.rows["currency"]).tolist()[0] == "美元"


def test_orders_and_the_account_they_are_paid_into_count_once(tmp_path):
    samples = Path(__file__).parent / "samples"
    for name in ("alipay_merchant_account.zip", "alipay_merchant_business.csv"):
        (tmp_path / name).write_bytes((samples / name).read_bytes())
    books, _ = read_books(tmp_path, Settings())
    assert int(books["bank"]["credit"].sum()) == 1_208_923
    assert [i.code for i in books.issues] == ["I04"]
