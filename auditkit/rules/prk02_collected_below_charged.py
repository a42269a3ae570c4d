"""PRK02: visitors' payments below what was charged, by operator."""

from __future__ import annotations

import pandas as pd

from auditkit.model import Books, Case, Finding, Rule, Subject, Verdict, evidence, in_doubt
from auditkit.money import yuan
from auditkit.reconcile.stays import SHOWN, by_operator, settled, visits

RULE = Rule(
    "PRK02",
    "collected-below-charged",
    "停车实收低于应收",
    "2.3",
    "S2",
    "exception",
    ("parking", "parking.due"),
    "operator (无人值守 where empty)",
    ("民法典282",),
    {"sum_fen": 5000},
)


def examine(books: Books, case: Case) -> Verdict:
    """What was charged less what was paid, over stays paid below the charge, however they were let out."""
    stays = visits(books, case)
    due, paid = settled(stays)
    rows = stays.rows

    def finding(operator: str, total: int, short: pd.DataFrame) -> Finding:
        first, last = short["exit"].min(), short["exit"].max()
        shown = short.iloc[:SHOWN]
        notes = [
            f"应收 {yuan(d)} 元，实收 {yuan(p)} 元，放行方式{r or '未写'}"
            for d, p, r in zip(due[shown.index], paid[shown.index], shown["release"], strict=True)
        ]
        return RULE.finding(
            Subject("operator", operator),
            f"操作员{operator}：{first:%Y-%m-%d} 至 {last:%Y-%m-%d} 有 {len(short)} 次临时停车实收低于应收，"
            f"合计少 {yuan(total)} 元。请提供减免依据、优惠券和退款记录。",
            f"Operator {operator}: {len(short)} visitors' stays from {first:%Y-%m-%d} to {last:%Y-%m-%d} were paid "
            f"below the charge, {yuan(total)} yuan in all. Ask for waivers, coupons and refunds.",
            evidence("parking", shown, notes),
            amount=total,
        )

    short = (due - paid).clip(lower=0).fillna(0)
    silent = due.isna() & ~((rows["release"] == "免费") & (rows["paid"] == 0)).fillna(False)
    open_ = {"silent": (silent, "未写应收金额", "do not say what was due")}
    return by_operator(RULE, stays, short, in_doubt(rows, "due", "paid") | paid.isna(), open_, finding)
