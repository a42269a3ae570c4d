"""Books as any paper might have them: odd values, blanks, unreadable cells, tables left out, all joined by few ids."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from random import Random

import pandas as pd

from auditkit.model import Books, Case, LocalNumber, Pack
from auditkit.read.typed import type_rows
from auditkit.schema import tables

DAYS = (
    "2023-12-31", "2024-01-01", "2024-01-31", "2024-02-29", "2024-03-31", "2024-06-30", "2024-12-28", "2024-12-31",
    "2025-01-01", "2025-01-03", "1950-01-01", "2100-12-31", "2023-11-31", "某日", "",
)  # fmt: skip
MONEY = ("0", "0.01", "-0.01", "9.99", "10", "49.99", "50", "500", "1000", "1000", "2000", "-1000", "1090", "5000",
         "99999999.99", "若干", "")  # fmt: skip
COUNTS = ("0", "1", "2", "15", "30", "60", "1000000", "", "几个")
NUMBERS = ("0", "0.5", "1", "2", "37.5", "10000000.01", "", "很多")
RATIOS = ("0%", "5%", "30%", "33.33%", "100%", "", "一半")
MONTHS = ("2024-01", "2024-03", "2024-12", "2023-12", "2025-01", "2024-01至2024-03", "", "", "", "本季")
PARTIES = (
    "",
    "甲公司",
    "甲有限公司",
    "甲有限责任公司",
    "乙公司",
    "王五",
    "财付通支付科技有限公司",
    "示例小区业主大会",
    "示例物业",
)
TEXTS = (
    "",
    "租金",
    "利息",
    "结息",
    "冲正",
    "红字冲销JZ-0002",
    "押金",
    "提现",
    "现金存入",
    "月卡YK-1",
    "第1季度",
    "手续费",
)
IDS = {
    "contract_no": ("", "HT-1", "HT-2", "HT-3"),
    "resolution_no": ("", "JY-1", "JY-2"),
    "resource_id": ("R-1", "R-2", "R-3", ""),
    "resource_ids": ("R-1", "R-1、R-2", "R-3;R-9", ""),
    "account": ("1001", "1002", "1003", "6222020000000000018", ""),
    "payee_account": ("1001", "1002", "1003", ""),
    "counterparty_account": ("1001", "1002", ""),
    "voucher_no": ("JZ-0001", "JZ-0002", "JZ-0004", "记202401-003", "", "甲"),
    "invoice_no": ("", "P1", "P2"),
    "serial": ("S1", "S2", "S3", ""),
    "session_id": ("TC20240105-0001", "TC20240105-0003", "202401050007", "P-1", "P-3", "甲", ""),
    "card_no": ("K1", "K2"),
    "counterparty_uscc": ("", "91140802MA0000000X"),
    "uscc": ("", "91140802MA0000000X"),
    "compound_id": ("140802001",),
    "categories": ("", "电梯广告", "电梯广告、快递柜", "怪类"),
    "plate": ("晋M10001", "晋M·10001", "晋M10002", "晋M1D001", "无牌车", ""),
    "operator": ("", "甲", "乙"),
    "time": ("", "08:00:00", "25:00"),
    "exemption": ("", "", "残疾人"),
}


def cell(rng: Random, column) -> str:
    """One cell as somebody might write it."""
    if column.name in IDS:
        return rng.choice(IDS[column.name])
    if column.type == "choice":
        few = column.choices[:3] if rng.random() < 0.6 else column.choices
        return rng.choice((*few, "")) if rng.random() < 0.97 else "怪"
    if column.type in ("date", "datetime"):
        return moment(rng, column.type == "datetime")
    by_type = {
        "money": MONEY,
        "count": COUNTS,
        "number": NUMBERS,
        "ratio": RATIOS,
        "flag": ("是", "否", ""),
        "month": MONTHS,
    }
    if column.type in by_type:
        return rng.choice(by_type[column.type])
    return rng.choice(PARTIES if column.name in ("counterparty", "name", "payee_name", "occupant") else TEXTS)


def moment(rng: Random, timed: bool) -> str:
    """A day near the period, one of its edges, or none that can be read."""
    if rng.random() < 0.5:
        day = rng.choice(DAYS)
    else:
        day = (dt.date(2023, 6, 1) + dt.timedelta(rng.randrange(700))).isoformat()
    return f"{day} {rng.randrange(24):02d}:{rng.randrange(60):02d}" if timed and day[:1].isdigit() else day


def any_books(seed: int, most: int = 14) -> Books:
    """Books of one seed."""
    rng = Random(seed)
    frames, columns, issues = {}, {}, []
    for name, table in tables().items():
        told = [c for c in table.columns if c.must or rng.random() < 0.9]
        count = 1 if name == "compound" else rng.choice((0, 1, 3, most))
        rows = [
            {c.name: cell(rng, c) for c in told} | {"file": f"{table.zh}.xlsx", "sheet": table.zh, "row": n + 2}
            for n in range(count)
        ]
        frames[name], found = type_rows(name, rows)
        issues += found
        columns[name] = frozenset(c.name for c in told)
    given = frozenset(name for name in frames if rng.random() < 0.9)
    for name in set(frames) - given:
        frames[name], _ = type_rows(name, [])
        columns[name] = frozenset()
    return Books(frames, given, columns, tuple(issues))


def any_case(seed: int) -> Case:
    """The parameters of one seed: a year, a quarter or a single month, with local numbers or none."""
    rng = Random(seed)
    start, end = rng.choice((("2024-01-01", "2024-12-31"), ("2024-03-01", "2024-05-31"), ("2024-02-01", "2024-02-29")))
    numbers = {
        "disclosure_period": rng.choice(("月", "季", "半年", "年")),
        "disclosure_due": rng.choice((15, {"months": 1, "day": 15}, {"period": "季", "months": 1, "day": 31})),
        "posting_days": 30, "deposit_days": 5, "fund_share_min": 0.5,
        "fund_share_base": rng.choice(("总收入", "净收入", "结余")), "cost_cap": 0.3, "handover_days": 10,
        "lease_max_months": 12, "approval_threshold": 5000, "ineligible_costs": ["招待费"],
        "council_may_authorise": rng.random() < 0.5,
    }  # fmt: skip
    told = {name: (LocalNumber(value, "某规定"),) for name, value in numbers.items() if rng.random() < 0.7}
    case = Case(
        "140802001", pd.Timestamp(start), pd.Timestamp(end), pd.Timestamp(end), Pack(numbers=told, loaded=bool(told))
    )
    return replace(case, window_days=rng.choice((0, 5, 15)), approval_threshold=rng.choice((None, 500_000)))
