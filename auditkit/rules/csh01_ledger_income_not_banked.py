"""CSH01: income of the ledger that no public account received."""

from __future__ import annotations

from auditkit.model import Books, Case, Rule, Verdict, row_subject
from auditkit.money import yuan
from auditkit.reconcile.bank_items import ledger_items, unanswered

RULE = Rule(
    "CSH01",
    "ledger-income-not-banked",
    "台账收入无银行到账",
    "2.3",
    "S2",
    "exception",
    ("ledger", "bank", "accounts"),
    "voucher_no",
    ("会计法17", "民法典282"),
)


def examine(books: Books, case: Case) -> Verdict:
    """Income rows of the period, not in cash, that are in no match group with a bank credit."""
    items = ledger_items(books, case, income=True)
    left = items.left
    findings = [
        unanswered(
            RULE,
            items,
            label,
            subject,
            (
                f"{row['date']:%Y-%m-%d} 台账记{row['category']}收入 {yuan(row['amount'])} 元"
                f"（对方：{row['counterparty'] or '空'}，结算方式：{row['method'] or '空'}），"
                f"{'账户 ' + row['account'] if row['account'] else '公共收益账户'}前后 {case.window_days} 天的流水中"
                "没有与之对应的到账。",
                f"{row['date']:%Y-%m-%d}: the ledger has {row['category']} of {yuan(row['amount'])} yuan from "
                f"{row['counterparty'] or 'nobody named'}; no credit within {case.window_days} days answers it.",
            ),
            (
                "请问这笔收入进入了哪个账户；请提供到账回单或收款记录。",
                "Ask which account received it; see the bank slip.",
            ),
        )
        for (label, row), subject in zip(left.iterrows(), row_subject(left, "voucher_no"), strict=True)
    ]
    return RULE.verdict(len(items), findings, items.untested())
