"""Books of accounting programs, each from an invented sample: what was read, and what its checks say."""

import datetime as dt
import json
import shutil
from pathlib import Path

import pytest

from auditkit.read.case import read_books, read_case
from auditkit.read.settings import Settings
from tests.read.papers import book

SAMPLES = Path(__file__).parent / "samples"
FILES = sorted(p.name for p in SAMPLES.iterdir() if p.suffix in (".csv", ".xml"))


def opened(name, maps=None):
    return read_books(SAMPLES / name, Settings(maps=maps or {}))


def told(book):
    """A book as its golden table has it."""
    rows = []
    for row in book.frame.drop(columns=["void", "closing"] if book.kind in ("entries", "daybook") else []).to_dict(
        "records"
    ):
        cells = {k: str(v)[:10] if k == "date" else v for k, v in row.items()}
        rows.append(
            {
                k: v if isinstance(v, int | str) else str(v)
                for k, v in cells.items()
                if str(v) not in ("", "<NA>", "NaT", "None")
            }
        )
    issues = [[i.code, i.row, i.message] for i in book.issues]
    return {"importer": book.importer, "kind": book.kind, "checks": dict(book.checks), "rows": rows, "issues": issues}


@pytest.mark.parametrize("name", FILES)
def test_sample_is_read_as_its_golden_table(name, request):
    _, intake = opened(name)
    assert not intake.unread
    found = json.loads(json.dumps([told(b) for b in intake.books], ensure_ascii=False, default=int))
    golden = SAMPLES / f"{name}.json"
    if not golden.exists():
        golden.write_text(json.dumps(found, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
        pytest.fail(f"{golden.name} was written: look at it")
    assert found == json.loads(golden.read_text(encoding="utf-8"))


def only(name, maps=None):
    books, intake = opened(name, maps)
    return books, intake, intake.books[0]


def said(intake, code):
    return [i for i in intake.issues if i.code == code]


def test_the_head_of_a_voucher_holds_for_its_lines():
    _, _, book = only("kingdee-k3.csv")
    assert book.frame["voucher"].tolist()[:4] == ["记-1", "记-1", "记-2", "记-2"]
    assert book.frame["date"].notna().all()


def test_vouchers_of_one_number_in_two_months_are_two():
    """The key is year, month, word and number: without the month the count would be one less, and still balance."""
    _, _, book = only("kingdee-k3.csv")
    assert book.checks["vouchers"] == 6 and book.checks["by_month"] == {"2024-05": 4, "2024-06": 2}


def test_a_missing_number_is_told():
    _, intake, book = only("kingdee-k3.csv")
    assert book.checks["gaps"] == 1
    assert "2024-05" in said(intake, "B12")[0].message and "缺号：3" in said(intake, "B12")[0].message


def test_a_voucher_that_does_not_balance_is_told_with_the_difference():
    _, intake, _ = only("kingdee-cloud.csv")
    (issue,) = said(intake, "B11")
    assert "记-2" in issue.message and "差 -0.10" in issue.message and issue.row == 4


def test_totals_of_day_and_month_and_the_running_balance_are_followed():
    _, intake, book = only("yonyou-u8-daybook.csv")
    assert (book.checks["opening"], book.checks["closing"]) == (5000_00, 5920_04)
    assert [i.row for i in said(intake, "B14")] == [11] and "5,920.40" in said(intake, "B14")[0].message
    assert not said(intake, "B10")


def test_balance_of_an_account_that_does_not_follow():
    _, intake, _ = only("account-balances.csv")
    (issue,) = said(intake, "B15")
    assert "224105" in issue.message and issue.row == 5


def test_totals_that_the_file_states_are_compared_and_not_repaired(tmp_path):
    text = (
        (SAMPLES / "kingdee-k3.csv")
        .read_text(encoding="utf-8")
        .replace('"21,314.50","21,314.50"', '"21,314.50","21,300.00"')
    )
    (tmp_path / "序时簿.csv").write_text(text, encoding="utf-8")
    _, intake = read_books(tmp_path, Settings())
    (issue,) = said(intake, "B10")
    assert "贷方合计 21,300.00，逐行合计 21,314.50" in issue.message and issue.row == 15
    assert not said(only("kingdee-k3.csv")[1], "B10")


CHART = {"accounts": {"6051.04": "其他收入", "6051.04.01": "电梯广告", "6051.04.02": "临时停车", "6402.04": "维修养护",
                      "1002.13.01": {"account": "6222020001"}}}  # fmt: skip


def test_accounts_named_in_the_chart_become_rows_of_the_public_ledger():
    books, _, _ = only("kingdee-k3.csv", CHART)
    ledger = books["ledger"]
    rows = list(zip(ledger["row"], ledger["direction"], ledger["category"], ledger["amount"], ledger["method"],
                    ledger["account"], strict=True))  # fmt: skip
    assert rows == [
        (4, "收入", "电梯广告", 12000_00, "银行转账", "6222020001"),
        (5, "支出", "维修养护", 850_50, "银行转账", "6222020001"),
        (8, "收入", "电梯广告", -2000_00, "银行转账", "6222020001"),
        (12, "收入", "临时停车", 365_00, "现金", ""),
    ]
    assert (ledger["doubt"] == "").all()
    assert ledger["voucher_no"].tolist() == ["记-1", "记-2", "记-4", "记-1"]
    assert not books.has("ledger.voucher_no"), "gaps among the company's numbers mean nothing for public revenue"


def test_closing_entries_and_void_vouchers_are_left_out():
    books, _, book = only("kingdee-k3.csv", CHART)
    assert book.checks["closings"] == 1 and 9 not in books["ledger"]["row"].tolist()
    books, _ = opened("gbt24589.xml", {"accounts": {"605103": "快递柜"}})
    assert books["ledger"]["amount"].tolist() == [3600_00]


def test_interest_in_red_on_the_debit_side_is_income():
    books, _, _ = only("yonyou-nc-vouchers.csv", {"accounts": {"66030201": "利息", "60510403": "灯箱广告"},
                                                  "yonyou-nc-vouchers.csv": {"year": 2024}})  # fmt: skip
    ledger = books["ledger"]
    assert ledger[["direction", "category", "amount"]].values.tolist() == [
        ["收入", "灯箱广告", 2400_00], ["收入", "利息", 17_28],
    ]  # fmt: skip
    assert ledger["counterparty"].tolist() == ["丙广告有限公司", ""]
    assert ledger["date"].dt.strftime("%Y-%m-%d").tolist() == ["2024-04-02", "2024-05-06"]


def test_without_a_year_the_rows_are_in_doubt_and_it_is_said():
    books, intake, _ = only("yonyou-nc-vouchers.csv", {"accounts": {"60510403": "灯箱广告"}})
    assert "没有年份" in said(intake, "B02")[0].message
    assert books["ledger"]["doubt"].tolist() == ["date"]


def test_a_day_book_gives_rows_by_the_other_account():
    chart = {"accounts": {"605102": "道闸广告", "605109": "充电桩", "640202": "维修养护"}}
    ledger = only("yonyou-u8-daybook.csv", chart)[0]["ledger"]
    assert ledger[["direction", "category", "amount"]].values.tolist() == [
        ["收入", "道闸广告", 1500_00], ["支出", "维修养护", 800_00], ["收入", "充电桩", 220_40],
    ]  # fmt: skip


def test_without_a_chart_the_likely_accounts_are_proposed_and_nothing_is_booked():
    books, intake, _ = only("kingdee-k3.csv")
    assert "ledger" not in books.given
    assert '"6051.04.01" = "电梯广告"' in said(intake, "B01")[0].message


def test_an_account_that_looks_public_and_is_not_in_the_chart_is_named():
    _, intake, _ = only("kingdee-k3.csv", {"accounts": {"6051.04.01": "电梯广告"}})
    assert "6051.04.02" in said(intake, "B03")[0].message and "6051.04.01" not in said(intake, "B03")[0].message
    left_out = {"accounts": {"6051.04.01": "电梯广告", "6051.04.02": False, "6402.04.02": False}}
    assert not said(only("kingdee-k3.csv", left_out)[1], "B03")


def test_money_out_of_the_owners_share_needs_its_own_category(tmp_path):
    text = "日期,凭证字号,摘要,科目编码,科目名称,借方金额,贷方金额\n"
    text += (
        "2024-03-05,记-1,收广告费,1002,银行存款,500.00,\n2024-03-05,记-1,收广告费,224105,其他应付款\\公共收益,,500.00\n"
    )
    text += (
        "2024-03-09,记-2,付维修款,224105,其他应付款\\公共收益,80.00,\n2024-03-09,记-2,付维修款,1002,银行存款,,80.00\n"
    )
    (tmp_path / "凭证.csv").write_text(text, encoding="utf-8")

    def ledger(meant):
        books, intake = read_books(tmp_path, Settings(maps={"accounts": {"224105": meant}}))
        return books["ledger"][["direction", "category", "amount", "doubt"]].values.tolist(), intake

    rows, intake = ledger("电梯广告")
    assert rows == [["收入", "电梯广告", 500_00, ""], ["支出", "", 80_00, "category"]]
    assert "用途不明" in said(intake, "B06")[0].message
    rows, _ = ledger({"credit": "电梯广告", "debit": "维修养护"})
    assert rows == [["收入", "电梯广告", 500_00, ""], ["支出", "维修养护", 80_00, ""]]


def test_a_public_ledger_that_was_handed_in_stands_for_itself(tmp_path):
    shutil.copy(SAMPLES / "kingdee-k3.csv", tmp_path)
    (tmp_path / "台账.csv").write_text("日期,收支,类别,金额\n2024-05-06,收入,电梯广告,12000\n", encoding="utf-8")
    books, intake = read_books(tmp_path, Settings(maps=CHART))
    assert len(books["ledger"]) == 1 and said(intake, "B04")


def test_a_voucher_in_two_exports_counts_once(tmp_path):
    shutil.copy(SAMPLES / "kingdee-k3.csv", tmp_path / "a.csv")
    shutil.copy(SAMPLES / "kingdee-k3.csv", tmp_path / "b.csv")
    books, intake = read_books(tmp_path, Settings(maps=CHART))
    assert len(books["ledger"]) == 4 and "另一份导出" in said(intake, "T04")[0].message


def test_a_chart_with_an_unknown_category_is_refused(tmp_path):
    shutil.copy(SAMPLES / "kingdee-k3.csv", tmp_path)
    (tmp_path / "case.toml").write_text('period = "2024"\n[map.accounts]\n"6051" = "广告牌"\n', encoding="utf-8")
    with pytest.raises(Exception, match="不是收支类别"):
        read_case(tmp_path)


def test_xml_with_entities_is_refused(tmp_path):
    text = (SAMPLES / "gbt24589.xml").read_text(encoding="utf-8")
    (tmp_path / "a.xml").write_text(
        text.replace("<总账 ", '<!DOCTYPE x [<!ENTITY a "b">]><总账 ').replace("快递柜<", "&a;<"), encoding="utf-8"
    )
    with pytest.raises(Exception, match="实体"):
        read_books(tmp_path, Settings())


@pytest.mark.parametrize("encoding", ["gb18030", "utf-16", "utf-8-sig"])
def test_a_book_is_read_in_any_encoding(tmp_path, encoding):
    text = (SAMPLES / "kingdee-k3.csv").read_text(encoding="utf-8")
    (tmp_path / "序时簿.xls").write_bytes(text.encode(encoding))
    _, intake = read_books(tmp_path, Settings())
    assert [b.importer for b in intake.books] == ["kingdee-k3"]


def test_one_number_in_two_books_is_two_vouchers(tmp_path):
    text = (SAMPLES / "yonyou-nc-vouchers.csv").read_text(encoding="utf-8")
    head, *rows = text.splitlines()
    other = [row.replace("示例物业有限公司-", "另一家公司-") for row in rows]
    (tmp_path / "凭证2024.csv").write_text("\n".join([head, *rows, *other]) + "\n", encoding="utf-8")
    _, intake = read_books(tmp_path, Settings())
    assert intake.books[0].checks["vouchers"] == 4 and intake.books[0].checks["unbalanced"] == 0


def test_a_header_of_two_merged_rows_over_balances(tmp_path):
    rows = [
        ["科目余额表"],
        ["科目编码", "科目名称", "期初余额", "", "本期发生额", "", "期末余额", ""],
        ["", "", "借方", "贷方", "借方", "贷方", "借方", "贷方"],
        ["1002", "银行存款", 500, "", 100, 40, 560, ""],
        ["2241", "其他应付款", "", 500, 40, 100, "", 560],
        ["合计", "", 500, 500, 140, 140, 560, 560],
    ]
    _, intake = read_books(book(tmp_path / "余额表.xlsx", 余额=rows), Settings())
    (balances,) = intake.books
    assert balances.frame["closing"].tolist() == [560_00, -560_00]
    assert balances.checks["not_following"] == 0 and not intake.issues


def test_a_workbook_with_days_stored_as_days_and_numbers_as_numbers(tmp_path):
    head = (SAMPLES / "kingdee-k3.csv").read_text(encoding="utf-8").splitlines()[1].split(",")

    def line(**cells):
        return [cells.get(name, "") for name in head]

    rows = [
        head,
        line(
            日期=dt.datetime(2024, 10, 6),
            会计期间=2024.1,
            凭证字号="记 - 1",
            科目代码="1002",
            科目名称="银行存款",
            借方=0.3,
        ),
        line(科目代码="6051.04.01", 科目名称="电梯广告", 贷方=0.1 + 0.2),
    ]
    _, intake = read_books(book(tmp_path / "序时簿.xlsx", 簿=rows), Settings())
    assert intake.books[0].frame[["month", "debit", "credit"]].values.tolist() == [
        ["2024-10", 30, 0],
        ["2024-10", 0, 30],
    ]
    assert intake.books[0].checks["unbalanced"] == 0
