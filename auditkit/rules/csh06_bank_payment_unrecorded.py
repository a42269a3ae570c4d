"""CSH06: money that left a public account and is not in the ledger."""

from __future__ import annotations

from auditkit.model import Books, Case, Rule, Verdict, row_subject
from auditkit.money import yuan
from auditkit.reconcile.bank import SMALL
from auditkit.reconcile.bank_items import bank_items, unanswered

RULE = Rule(
    "CSH06",
    "bank-payment-unrecorded",
    "银行付款未入账",
    "2.3",
    "S2",
    "exception",
    ("bank", "ledger", "accounts"),
    "bank serial, else file#row",
    ("民法典282", "刑法272"),
    {"charges_below_fen": SMALL},
)


def examine(books: Books, case: Case) -> Verdict:
    """Debits of the period that are in no match group with ledger cost."""
    items = bank_items(books, case, into=False)
    left = items.left
    findings = [
        unanswered(
            RULE,
            items,
            label,
            subject,
            (
                f"{row['date']:%Y-%m-%d} 账户 {row['account']} 支出 {yuan(-row['open'])} 元"
                f"（对方户名：{row['counterparty'] or '空'}，摘要：{row['summary'] or '空'}）。"
                f"台账前后 {case.window_days} 天内没有与之对应的支出。",
                f"{row['date']:%Y-%m-%d}: {yuan(-row['open'])} yuan left account {row['account']} to "
                f"{row['counterparty'] or 'nobody named'}; no ledger cost within {case.window_days} days answers it.",
            ),
            (
                "请问付给谁、为何支付、由谁批准；请提供付款申请、合同和发票。",
                "Ask who was paid, for what and by whose leave; see the order, contract and invoice.",
            ),
        )
        for (label, row), subject in zip(left.iterrows(), row_subject(left, "serial"), strict=True)
    ]
    return RULE.verdict(len(items), findings, items.untested())
