"""INC03: money that came into a public account and is not in the ledger."""

from __future__ import annotations

from auditkit.model import Books, Case, Rule, Verdict, row_subject
from auditkit.money import yuan
from auditkit.reconcile.bank_items import bank_items, unanswered

RULE = Rule(
    "INC03",
    "bank-receipt-unrecorded",
    "银行收款未入账",
    "2.3",
    "S2",
    "exception",
    ("bank", "ledger", "accounts"),
    "bank serial, else file#row",
    ("民法典282", "会计法16"),
)


def examine(books: Books, case: Case) -> Verdict:
    """Credits of the period that are in no match group with ledger income."""
    items = bank_items(books, case, into=True)
    left = items.left
    findings = []
    for (label, row), subject in zip(left.iterrows(), row_subject(left, "serial"), strict=True):
        open_, whole = int(row["open"]), int(row["credit"] - row["debit"])
        part, part_en = "", ""
        if open_ < whole:
            part = f"其中 {yuan(whole - open_)} 元是台账所记现金的存入，其余 {yuan(open_)} 元"
            part_en = f" {yuan(whole - open_)} yuan of it bank the ledger's cash; for the other {yuan(open_)} yuan"
        said = (
            f"{row['date']:%Y-%m-%d} 账户 {row['account']} 收入 {yuan(whole)} 元"
            f"（对方户名：{row['counterparty'] or '空'}，摘要：{row['summary'] or '空'}）。"
            f"{part}在台账前后 {case.window_days} 天内没有与之对应的收入。",
            f"{row['date']:%Y-%m-%d}: {yuan(whole)} yuan came into account {row['account']} from "
            f"{row['counterparty'] or 'nobody named'}.{part_en} No ledger income within {case.window_days} days "
            "answers it.",
        )
        ask = (
            "请问这笔款由谁、因何支付，记在哪一张凭证；请提供合同、收据存根和银行回单。",
            "Ask who paid it and for what, and where it was booked; see contract, receipt stub and bank slip.",
        )
        findings.append(unanswered(RULE, items, label, subject, said, ask))
    return RULE.verdict(len(items), findings, items.untested())
