"""LDG05: cost amounts whose first digits do not fall as freely grown amounts do."""

from __future__ import annotations

import math

from auditkit.model import Books, Case, Rule, Subject, Untested, Verdict, evidence
from auditkit.reconcile.allocation import shown
from auditkit.reconcile.costs import cost_rows
from auditkit.reconcile.digits import EXPECTED, first_two, mean_absolute_deviation, shares

RULE = Rule(
    "LDG05",
    "digits-unnatural",
    "金额首位分布异常",
    "0",
    "S4",
    "indicator",
    ("ledger",),
    "direction",
    (),
    {"least_fen": 1000, "rows": 300, "orders_of_magnitude": 2, "mad": 0.0022, "reach_of_chance": 0.10},
)


def examine(books: Books, case: Case) -> Verdict:
    """The cost amounts of the period that no contract fixes, as one set."""
    limit, subject = RULE.thresholds, Subject("direction", "支出")
    rows, doubtful = (of[of["contract_no"] == ""] for of in cost_rows(books["ledger"], case))
    rows = rows[rows["amount"] >= limit["least_fen"]]
    if len(rows) + len(doubtful) < limit["rows"]:
        return RULE.verdict(0, reason=f"支出金额 {len(rows)} 笔，少于 {limit['rows']} 笔，首位分布无从比较")
    if len(doubtful):
        reason = f"{len(doubtful)} 行支出的日期、收支、类别或金额无法读取"
        return RULE.verdict(1, untested=[Untested(subject, reason, f"{len(doubtful)} cost rows cannot be read")])
    amounts = rows["amount"]
    if amounts.max() < amounts.min() * 10 ** limit["orders_of_magnitude"]:
        return RULE.verdict(0, reason="支出金额的大小相差不到两个数量级，首位分布无从比较")
    mad, least = mean_absolute_deviation(amounts), max(limit["mad"], limit["reach_of_chance"] / math.sqrt(len(rows)))
    if mad < least:
        return RULE.verdict(1)
    over = shares(amounts) - EXPECTED
    most = int(over.argmax()) + 10
    count = int((first_two(amounts) == most).sum())
    message = (
        f"{len(rows)} 笔支出（不含合同付款）金额首两位的平均绝对偏差为 {mad:.4f}，不小于 {least:.4f}；"
        f"首两位为 {most} 的有 {count} 笔，按分布约应有 {len(rows) * EXPECTED[most - 10]:.0f} 笔。"
        "这是统计线索，请抽查这些支出的票据与验收。"
    )
    message_en = (
        f"{len(rows)} cost amounts: mean absolute deviation of the first two digits {mad:.4f}, at least {least:.4f}; "
        f"{count} begin with {most}. A statistical hint: look at the papers of those."
    )
    examples = shown(rows[first_two(amounts) == most])
    return RULE.verdict(1, [RULE.finding(subject, message, message_en, evidence("ledger", examples, f"首两位 {most}"))])
