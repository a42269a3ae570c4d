"""Notices made by hand, in the forms that people give them; what each line says, and what is left open."""

import pytest

from auditkit.read.case import read_books
from auditkit.read.settings import Settings
from tests.read.papers import book


def read(tmp_path, rows, name="公示"):
    books, intake = read_books(book(tmp_path / "公示.xlsx", **{name: rows}), Settings())
    return books["disclosures"], intake


def lines(frame):
    return [
        (f"{start:%Y-%m-%d}..{end:%Y-%m-%d}", side, category, amount)
        for start, end, side, category, amount in frame[
            ["period_start", "period_end", "direction", "category", "amount"]
        ].itertuples(index=False)
    ]


Q1 = "2024-01-01..2024-03-31"
JAN, FEB = "2024-01-01..2024-01-31", "2024-02-01..2024-02-29"


def test_items_against_months(tmp_path):
    frame, intake = read(
        tmp_path,
        [
            ["某小区2024年公共收益收支公示"],
            ["项目", "1月", "2月", "合计"],
            ["一、收入"],
            ["电梯广告", 1000, 1200.5, 2200.5],
            ["临时停车费", "-", 300, 300],
            ["收入合计", 1000, 1500.5, 2500.5],
            ["二、支出"],
            ["维修养护", 80, "", 80],
            ["支出合计", 80, 0, 80],
            ["物业服务中心（盖章）"],
        ],
    )
    assert lines(frame) == [
        (JAN, "收入", "电梯广告", 1000_00), (FEB, "收入", "电梯广告", 1200_50), (FEB, "收入", "临时停车", 300_00),
        (JAN, "收入", "", 1000_00), (FEB, "收入", "", 1500_50),
        (JAN, "支出", "维修养护", 80_00), (JAN, "支出", "", 80_00), (FEB, "支出", "", 0),
    ]  # fmt: skip
    assert (frame["doubt"] == "").all() and not intake.issues
    assert frame["row"].tolist() == [4, 4, 5, 6, 6, 8, 9, 9]


def test_months_against_items(tmp_path):
    frame, _ = read(
        tmp_path,
        [
            ["2024年公共收益公示表"],
            ["月份", "电梯广告", "快递柜", "维修养护", "备注"],
            ["1月", 1000, 200, 80, ""],
            ["2月", 1000, 200, "", ""],
            ["合计", 2000, 400, 80, ""],
        ],
    )
    assert lines(frame) == [
        (JAN, "收入", "电梯广告", 1000_00), (JAN, "收入", "快递柜", 200_00), (JAN, "支出", "维修养护", 80_00),
        (FEB, "收入", "电梯广告", 1000_00), (FEB, "收入", "快递柜", 200_00),
    ]  # fmt: skip


def test_income_beside_cost_in_ten_thousands(tmp_path):
    frame, _ = read(
        tmp_path,
        [
            ["2024年第一季度公共收益收支情况公示（单位：万元）"],
            ["收入项目", "金额", "支出项目", "金额"],
            ["道闸广告", 1.2, "审计费", 0.35],
            ["场地费", "0.3万元", "", ""],
            ["收入合计", 1.5, "支出合计", 0.35],
            ["", "", "期末结余", 1.15],
        ],
    )
    assert lines(frame) == [
        (Q1, "收入", "道闸广告", 12000_00), (Q1, "支出", "审计服务", 3500_00), (Q1, "收入", "场地租赁", 3000_00),
        (Q1, "收入", "", 15000_00), (Q1, "支出", "", 3500_00), (Q1, "期末结余", "", 11500_00),
    ]  # fmt: skip


def test_the_template_with_this_period_and_this_year(tmp_path):
    frame, _ = read(
        tmp_path,
        [
            ["共用部分经营收益情况表（2024年1月至3月）"],
            ["项目", "本期数", "本年累计数", "说明"],
            ["收入"],
            ["1、共用部分车位收益", 5000, 9000, "按合同收取"],
            ["2、外墙广告", 800, 800, ""],
            ["收入小计", 5800, 9800, ""],
            ["支出"],
            ["1、物业公司提取酬金", 580, 980, "10%"],
        ],
    )
    assert lines(frame) == [
        (Q1, "收入", "地面停车", 5000_00), (Q1, "收入", "外墙广告", 800_00), (Q1, "收入", "", 5800_00),
        (Q1, "支出", "物业计提", 580_00),
    ]  # fmt: skip


def test_a_line_of_totals_alone(tmp_path):
    frame, _ = read(tmp_path, [["2024年上半年公共收益公示"], ["本期收入", "本期支出", "期末结余"], [100, 40, "60.00"]])
    half = "2024-01-01..2024-06-30"
    assert lines(frame) == [(half, "收入", "", 100_00), (half, "支出", "", 40_00), (half, "期末结余", "", 60_00)]


def test_a_total_that_its_items_do_not_come_to_is_told(tmp_path):
    _, intake = read(
        tmp_path,
        [
            ["2024年1月公共收益公示"],
            ["项目", "金额"],
            ["收入"],
            ["电梯广告", 1000],
            ["快递柜", 200],
            ["收入合计", 1300],
        ],
    )
    (issue,) = [i for i in intake.issues if i.code == "B20"]
    assert "写 1,300.00，各项相加为 1,200.00" in issue.message and issue.row == 6


def test_the_day_and_the_days_of_posting(tmp_path):
    rows = [
        ["2024年1月公共收益公示"],
        ["项目", "金额"],
        ["收入"],
        ["电梯广告", 10],
        ["快递柜", 5],
        ["公示日期：2024年2月6日至2024年2月20日"],
    ]
    frame, _ = read(tmp_path, rows)
    assert set(frame["published_on"].dt.strftime("%Y-%m-%d")) == {"2024-02-06"}
    assert set(frame["days_posted"]) == {15}
    rows[-1] = ["公示时间：2024.2.6"]
    frame, _ = read(tmp_path, rows)
    assert set(frame["published_on"].dt.day) == {6} and frame["days_posted"].isna().all()


def test_a_blank_cell_over_the_items_and_a_line_of_opening_balances(tmp_path):
    rows = [
        ["2024年公共收益收支明细公示"], ["", "1月", "2月"], ["期初结余", 0, 9], ["收入：", "", ""],
        ["临时停车费", 10, 12], ["小计", 10, 12], ["支出：", "", ""], ["物业计提", 1, ""], ["期末结余", 9, 21],
    ]  # fmt: skip
    frame, intake = read(tmp_path, rows)
    assert [row[1:] for row in lines(frame)] == [
        ("期初结余", "", 0), ("期初结余", "", 900), ("收入", "临时停车", 1000), ("收入", "临时停车", 1200),
        ("收入", "", 1000), ("收入", "", 1200), ("支出", "物业计提", 100), ("期末结余", "", 900), ("期末结余", "", 2100),
    ]  # fmt: skip
    assert not intake.issues


def test_of_several_totals_of_a_side_the_last_is_the_whole(tmp_path):
    rows = [
        ["2024年1月公共收益公示"], ["项目", "金额"], ["一、收入"], ["电梯广告", 10], ["小计", 10], ["快递柜", 5], ["小计", 5],
        ["收入合计", 15],
    ]  # fmt: skip
    frame, intake = read(tmp_path, rows)
    assert frame.loc[frame["category"] == "", "amount"].tolist() == [15_00]
    assert not intake.issues


def test_an_unknown_item_is_in_doubt_and_quoted(tmp_path):
    frame, intake = read(
        tmp_path, [["2024年1月公共收益公示"], ["项目", "金额"], ["收入"], ["神秘进项", 10], ["电梯广告", 5]]
    )
    assert frame["doubt"].tolist() == ["category", ""]
    assert [i.value for i in intake.issues] == ["神秘进项"]


def test_a_notice_without_its_period_is_in_doubt(tmp_path):
    frame, _ = read(tmp_path, [["公共收益公示"], ["项目", "金额"], ["收入"], ["电梯广告", 10], ["快递柜", 5]])
    assert set(frame["doubt"]) == {"period_start,period_end"}


@pytest.mark.parametrize(
    "rows",
    [
        [["2024年员工工资表"], ["项目", "1月", "2月"], ["电梯广告", 1, 2], ["临时停车", 3, 4]],
        [["2024年公共收益公示"], ["项目", "金额", "项目", "金额"], ["电梯广告", 1, "审计费", 2]],
    ],
)
def test_what_does_not_say_what_it_is_is_not_read(tmp_path, rows):
    frame, intake = read(tmp_path, rows, "表")
    assert frame.empty and len(intake.unread) == 1
