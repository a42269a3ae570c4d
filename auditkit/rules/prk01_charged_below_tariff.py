"""PRK01: visitors' charges below the posted tariff, by operator."""

from __future__ import annotations

import pandas as pd

from auditkit.model import Books, Case, Finding, Rule, Subject, Verdict, evidence, in_doubt
from auditkit.money import yuan
from auditkit.reconcile.stays import SHOWN, by_operator, visits
from auditkit.reconcile.tariff import fees

RULE = Rule(
    "PRK01",
    "charged-below-tariff",
    "停车应收低于标准",
    "2.3",
    "S2",
    "exception",
    ("parking", "parking.due", "tariff"),
    "operator (无人值守 where empty)",
    ("价格法13", "民法典282"),
    {"sum_fen": 5000},
)


def examine(books: Books, case: Case) -> Verdict:
    """The fee by the tariff of the day of entry, less what was charged, over stays charged below it."""
    stays = visits(books, case)
    rows = stays.rows
    fee = fees(rows, books["tariff"])
    nothing = rows["due"].fillna(0) == 0
    waved = nothing & (rows["release"] == "免费")
    below = (fee - rows["due"]).where(~waved, 0)
    charged = (fee != 0).fillna(True)
    doubtful = in_doubt(rows, "entry", "due") | (in_doubt(rows, "release") & nothing & charged)
    unpriced = (fee.isna() & ~waved, "没有当日有效、足以计价的收费标准", "have no tariff on the day that prices them")
    silent = (rows["due"].isna() & ~waved & charged, "未写应收金额", "do not say what was due")

    def finding(operator: str, total: int, short: pd.DataFrame) -> Finding:
        first, last = short["exit"].min(), short["exit"].max()
        shown = short.iloc[:SHOWN]
        notes = [
            f"按标准 {yuan(f)} 元，应收 {yuan(d)} 元，少 {yuan(f - d)} 元"
            for f, d in zip(fee[shown.index], shown["due"], strict=True)
        ]
        return RULE.finding(
            Subject("operator", operator),
            f"操作员{operator}：{first:%Y-%m-%d} 至 {last:%Y-%m-%d} 有 {len(short)} 次临时停车的应收低于收费标准，"
            f"合计少 {yuan(total)} 元。请核对当班的收费设置、优惠依据和改价记录。",
            f"Operator {operator}: {len(short)} visitors' stays from {first:%Y-%m-%d} to {last:%Y-%m-%d} were charged "
            f"below the tariff, {yuan(total)} yuan in all. Ask for the settings, discounts and changed prices.",
            evidence("parking", shown, notes),
            amount=total,
        )

    short = below.clip(lower=0).fillna(0)
    return by_operator(RULE, stays, short, doubtful, {"unpriced": unpriced, "silent": silent}, finding)
