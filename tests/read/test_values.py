"""What is typed in a cell, and what it means: the value cases."""

import datetime as dt

import pytest

from auditkit.read.amounts import AmountError, parse_amount, parse_price
from auditkit.read.dates import DateError, parse_date, parse_datetime, parse_term, parse_time
from auditkit.read.marks import Masked, counts, masked, pairs_of, side_of, subject_of
from auditkit.read.values import Context, UnreadableError, read_cell
from auditkit.reconcile.names import normal_name
from auditkit.schema import tables


def cell(place, text, context=None, number_format=""):
    table, _, column = place.partition(".")
    return read_cell(table, tables()[table].column(column), text, context or Context(), number_format)


AMOUNTS = [
    ("V01", "¥1,234.56", 123456), ("V02", "￥28.16", 2816), ("V03", "１，２３４．５０", 123450),
    ("V04", "(1,234.56)", -123456), ("V05", "-2,600.00", -260000), ("V06", "+10000.00", 1000000),
    ("V07", "1,234.56元", 123456), ("V08", "3.25万元", 3250000), ("V09", "壹仟贰佰叁拾肆元伍角陆分", 123456),
    ("V10", "人民币壹万元整", 1000000), ("V11", "-", None), ("V12", "--", None),
    ("V13", "4,621.01            \t", 462101), ("V14", "CNY 123.18", 12318), ("V16", "`0.01 ", 1), ("V18", "0.00", 0),
    ("V19", "", None), ("full-width brackets", "（1,234.56）", -123456), ("trailing minus", "1,234.56-", -123456),
    ("red brackets", "(500)", -50000), ("minus sign", "−500", -50000), ("none", "无", None), ("slash", "/", None),
    ("dash", "——", None), ("NBSP", "\u00a01,000.00\u00a0", 100000), ("both forms", "1234.56（壹仟贰佰叁拾肆元伍角陆分）", 123456),
    ("jiao", "伍角", 50), ("plain numerals", "一万二千元", 1200000),
]  # fmt: skip


@pytest.mark.parametrize(("name", "text", "fen"), AMOUNTS, ids=[a[0] for a in AMOUNTS])
def test_amounts(name, text, fen):
    assert cell("ledger.amount", text).value == fen


def test_v15_an_amount_with_a_refund_noted():
    assert (parse_amount("131.77(已退款89.84)").fen, parse_amount("131.77(已退款89.84)").refunded) == (13177, 8984)
    assert "已退款 89.84" in cell("ledger.amount", "131.77(已退款89.84)").note


def test_v17_float_noise_is_rounded_and_the_original_kept():
    reading = cell("ledger.amount", 20760.839843750)
    assert reading.value == 2076084
    assert "20760.83984375" in reading.note
    assert cell("ledger.amount", 0.1 + 0.2) == cell("ledger.amount", 0.3), "what Excel shows as 0.3 is 0.3"


def test_v20_the_unit_of_a_sheet():
    assert cell("parking.paid", "1500", Context(unit="分")).value == 1500
    assert cell("ledger.amount", 3.25, Context(unit="万元")).value == 3250000
    assert cell("ledger.amount", "1,234.56元", Context(unit="万元")).value == 123456, "the cell's own unit is nearer"


REFUSED = ["约500", "100-200", "500左右", "6,7500", "1,23", "--5", "(-5)", "USD 3.72", "12.3%", "5500元/年", "3e5", "1.2.3",
           "壹拾贰佰元", "壹万伍", "1234.56（壹仟元整）", "#REF!", "#N/A", "待定", "100元整5", "2024-03-05", "五百"]  # fmt: skip


@pytest.mark.parametrize("text", REFUSED)
def test_what_is_no_amount_in_one_way_is_refused(text):
    with pytest.raises(UnreadableError):
        cell("ledger.amount", text)


DATES = [
    ("V21", "20240101", dt.date(2024, 1, 1)), ("V22", "2024/1/5", dt.date(2024, 1, 5)), ("V25", 45426, dt.date(2024, 5, 14)),
    ("V25 text", "45426", dt.date(2024, 5, 14)), ("years", "2024年3月5日", dt.date(2024, 3, 5)),
    ("numerals", "二〇二四年五月二十四日", dt.date(2024, 5, 24)), ("short", "24年3月5日", dt.date(2024, 3, 5)),
    ("short figures", "24-3-5", dt.date(2024, 3, 5)), ("weekday", "2024年3月5日 星期二", dt.date(2024, 3, 5)),
    ("spaced", "2024. 3. 5", dt.date(2024, 3, 5)), ("full width", "２０２４－０１－０５", dt.date(2024, 1, 5)),
    ("day first, told by 25", "25/03/2024", dt.date(2024, 3, 25)), ("with a time", "2026-03-02 09:30", dt.date(2026, 3, 2)),
    ("stored", dt.date(2024, 3, 5), dt.date(2024, 3, 5)), ("number", 20240305.0, dt.date(2024, 3, 5)),
]  # fmt: skip


@pytest.mark.parametrize(("name", "text", "day"), DATES, ids=[d[0] for d in DATES])
def test_dates(name, text, day):
    assert cell("ledger.date", text).value.date() == day


@pytest.mark.parametrize(
    "text",
    ["2023-11-31", "2023年11月31日", "05/06/07", "12-03-05", "05/03/2024", "7-25", "2018.1", 2018.1, 123, "长期", "2024年3月",
     "20240231", "2024-3/5", True, "1024-03-05", "合计"],
)  # fmt: skip
def test_impossible_and_ambiguous_dates_are_refused(text):
    with pytest.raises(UnreadableError):
        cell("ledger.date", text)


def test_v28_a_day_without_a_year_takes_the_year_given():
    assert cell("ledger.date", "7月25日", Context(year=2024)).value == dt.datetime(2024, 7, 25)


def test_the_1904_system():
    assert cell("ledger.date", 45426 - 1462, Context(system_1904=True)).value == dt.datetime(2024, 5, 14)


def test_v24_v26_v27_v30_days_and_times():
    assert parse_datetime("2025/12/03  14:06:51") == dt.datetime(2025, 12, 3, 14, 6, 51)
    assert parse_datetime("2026-03-02 09:30") == dt.datetime(2026, 3, 2, 9, 30)
    assert parse_datetime("2024/3/5 下午 3:05:00") == dt.datetime(2024, 3, 5, 15, 5)
    assert (parse_date("20250101"), parse_time("18:53:19")) == (dt.datetime(2025, 1, 1), "18:53:19")
    assert parse_time("123456") == "12:34:56"
    assert cell("bank.time", 0.5).value == "12:00:00"


def test_a_stay_needs_a_time():
    with pytest.raises(UnreadableError, match="只写了日期"):
        cell("parking.entry", "2024-03-05")


MONTHS = [
    ("V23", "2024年3月", "2024-03"), ("V29", "2020.5", "2020-05"), ("2018.6-7", "2018.6-7", "2018-06/2018-07"),
    ("2018.9-10", "2018.9-10", "2018-09/2018-10"), ("number", 2018.11, "2018-11"), ("number 2018.2", 2018.2, "2018-02"),
    ("quarter", "2024年第三季度", "2024-07/2024-09"), ("half", "2024年上半年", "2024-01/2024-06"),
    ("across", "2023.12-2024.1", "2023-12/2024-01"), ("compact", "202404", "2024-04"), ("stored", dt.date(2024, 4, 1), "2024-04"),
    ("two", "2018年6、7月", "2018-06/2018-07"), ("18年10月", "18年10月", "2018-10"), ("a day", "2024-04-15", "2024-04"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "text", "month"), MONTHS, ids=[m[0] for m in MONTHS])
def test_months(name, text, month):
    assert cell("ledger.period", text).value == month


@pytest.mark.parametrize("text", ["2018-06-07", "6-7月", "2018.13", "13月", 2018.123, "2018", "2018.9-6"])
def test_months_that_do_not_tell_are_refused(text):
    with pytest.raises(UnreadableError):
        cell("ledger.period", text)


@pytest.mark.parametrize(
    ("number_format", "months", "read"),
    [("0.00_ ", ("2018-10",), "2018-10"), ("0.00_ ", (), "2018-10"), ("0.0", (), "2018-01"), ("", ("2018-10",), "2018-10"),
     ("", ("2018-01",), "2018-01"), ("", (), None), ("", ("2018-01", "2018-10"), None), ("0.00_ ", ("2018-01",), None),
     ("0.0", ("2018-10",), None), ("General", ("2019-10",), None)],
)  # fmt: skip
def test_2018_1_is_decided_by_format_and_title_or_refused(number_format, months, read):
    context = Context(months=months)
    if read is None:
        with pytest.raises(UnreadableError):
            cell("ledger.period", 2018.1, context, number_format)
    else:
        reading = cell("ledger.period", 2018.1, context, number_format)
        assert (reading.value, reading.code) == (read, "Q05")
        assert "2018.1" in reading.note


def test_2018_1_as_a_text_of_a_workbook_is_january_and_of_a_csv_is_not_told():
    assert cell("ledger.period", "2018.1").value == "2018-01"
    with pytest.raises(UnreadableError):
        cell("ledger.period", "2018.1", Context(written=True))


TERMS = ["2018.01.01-2018.12.31", "2018.1.1-2018.12.31", "20180101-20181231", "201801-201812", "2018年1月1日至2018年12月31日",
         "2018-01-01~2018-12-31", "2018-01-01-2018-12-31", "自2018年1月1日起至2018年12月31日止", "2018/1/1—2018/12/31（一年）",
         "2018年1月至2018年12月"]  # fmt: skip


@pytest.mark.parametrize("text", TERMS)
def test_terms_in_one_cell(text):
    assert parse_term(text) == (dt.datetime(2018, 1, 1), dt.datetime(2018, 12, 31))


@pytest.mark.parametrize("text", ["协商续签", "统一签订", "无合同", "2018.01.01-2018.11.31", "2018.01.01", "三年", ""])
def test_what_is_no_term_is_refused(text):
    with pytest.raises(DateError):
        parse_term(text)


def test_prices_name_their_cycle():
    assert (parse_price("5500元/年").amount, parse_price("5500元/年").cycle) == (550000, "年")
    five = parse_price("4000元/年（800元/个）")
    assert (five.amount, five.cycle, five.each, five.quantity) == (400000, "年", 80000, 5)
    with pytest.raises(AmountError):
        parse_price("4000元/年（700元/个）")


@pytest.mark.parametrize(
    ("mark", "own", "side"),
    [("贷 Cr", False, "in"), ("借", False, "out"), ("借", True, "in"), ("贷", True, "out"), ("不计收支", False, "neutral"),
     ("/", False, "neutral"), ("往账", False, "out"), ("来账", False, "in"), ("待定", False, None)],
    ids=["V31", "V32", "V33", "V33b", "V34", "V35", "V36", "V36b", "unknown"],
)  # fmt: skip
def test_directions(mark, own, side):
    assert side_of(mark, own_ledger=own) == side


def test_v37_v38_names():
    assert cell("contracts.counterparty", "\u3000张三广告 \t").value == "张三广告"
    one, other = (
        cell("contracts.counterparty", t).value for t in ("某某广告（上海）有限公司", "某某广告(上海)有限公司")
    )
    assert normal_name(one) == normal_name(other)


def test_v39_masked_numbers_join_by_head_and_tail():
    assert masked("6226******5669") == Masked("6226", "5669")
    assert Masked("6226", "5669").fits("6226098765435669")
    assert not Masked("6226", "5669").fits("6226098765435660")
    assert masked("6226098765435669") is None


def test_v40_v41_v42_codes_pairs_and_status():
    assert subject_of("100206\\银行存款\\中信银行") == ("100206", ("银行存款", "中信银行"))
    text = "【银行账户：某支行0000】【绩效部门hl：工程】"
    assert pairs_of(text) == {"银行账户": "某支行0000", "绩效部门hl": "工程"}
    assert not counts("已冲正")
    assert counts("交易成功")


RATIOS = [("30%", 0.3), ("0.3", 0.3), ("三成", 0.3), ("七成五", 0.75), ("百分之三十", 0.3), ("１００％", 1.0), (0.3, 0.3), (1, 1.0),
          ("-5%", -0.05), ("5‰", 0.005), ("三成半", 0.35)]  # fmt: skip


@pytest.mark.parametrize(("text", "ratio"), RATIOS)
def test_ratios(text, ratio):
    assert cell("contracts.escalation", text).value == ratio


def test_thirty_needs_the_percent_or_the_header_to_say_so():
    with pytest.raises(UnreadableError):
        cell("contracts.escalation", 30)
    assert cell("contracts.escalation", 30, Context(percent=True)).value == 0.3
    assert cell("contracts.escalation", 0.3, Context(), "0.00%").value == 0.3
    with pytest.raises(UnreadableError):
        cell("contracts.escalation", 0.3, Context(percent=True))


@pytest.mark.parametrize("text", ["6.22E+18", "6.22260987654E+18", 6.22e18, 6226098765435669.0, dt.date(2024, 3, 5)])
def test_damaged_ids_are_refused(text):
    with pytest.raises(UnreadableError):
        cell("bank.account", text)


@pytest.mark.parametrize(
    ("place", "text", "value"),
    [("ledger.voucher_no", 7.0, "7"), ("ledger.voucher_no", "\u3000记－０００１\t", "记-0001"),
     ("bank.account", "6222 0212 3456 7890", "6222021234567890"), ("ledger.invoice_no", "无", "无"),
     ("contracts.resource_ids", "ZY-001；ZY-002、ZY-003", "ZY-001;ZY-002;ZY-003"),
     ("contracts.resource_ids", "ZY-001~ZY-003", "ZY-001;ZY-002;ZY-003"), ("contracts.resource_ids", "", None),
     ("contracts.tax_inclusive", "含税", True), ("contracts.tax_inclusive", "不含税", False),
     ("tariff.free_minutes", "30分钟", 30), ("compound.floor_area", "68,500.35㎡", 68500.35),
     ("ledger.category", "电梯广告费收入", "电梯广告"), ("disclosures.category", "合计", ""),
     ("resolutions.categories", "全部", ""), ("resources.quantity", "18块", 18.0)],
)  # fmt: skip
def test_other_cells(place, text, value):
    assert cell(place, text).value == value


@pytest.mark.parametrize(
    ("place", "text"),
    [("ledger.category", "某种新收入"), ("ledger.direction", "转账"), ("contracts.resource_ids", "ZY-009~ZY-001"),
     ("resolutions.categories", "某种新收入"), ("tariff.free_minutes", "2.5"), ("contracts.tax_inclusive", "可能")],
)  # fmt: skip
def test_unknown_words_are_refused_and_never_other(place, text):
    with pytest.raises(UnreadableError):
        cell(place, text)
