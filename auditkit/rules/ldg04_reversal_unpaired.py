"""LDG04: red-letter rows that take back nothing that stands."""

from __future__ import annotations

from auditkit.model import Books, Case, Rule, Verdict, evidence, in_doubt, row_subject
from auditkit.money import yuan
from auditkit.reconcile.costs import unread
from auditkit.reconcile.reversals import WITHIN_DAYS, part_reversals, reversals

RULE = Rule(
    "LDG04",
    "reversal-unpaired",
    "红字冲销无对应",
    "0",
    "S4",
    "exception",
    ("ledger",),
    "voucher_no",
    ("会计法24",),
    {"days": WITHIN_DAYS},
)


def examine(books: Books, case: Case) -> Verdict:
    """Negative rows without a row they take back, whole or, where the summary names its voucher, in part."""
    ledger = books["ledger"]
    doubtful = ledger[
        in_doubt(ledger, "amount") | ((ledger["amount"] < 0) & in_doubt(ledger, "date", "direction", "category"))
    ]
    negative = ledger[(ledger["amount"] < 0) & ~ledger.index.isin(doubtful.index)]
    alone = negative[~negative.index.isin(reversals(books)["reversal"])]
    alone = alone[~alone.index.isin(part_reversals(books)["reversal"])]
    places = evidence("ledger", alone, [f"红字 {yuan(a)} 元，无对应原记录" for a in alone["amount"]])
    findings = [
        RULE.finding(
            subject,
            f"{row['date']:%Y-%m-%d} 红字{row['direction']}{row['category']} {yuan(row['amount'])} 元，"
            f"此前 {WITHIN_DAYS} 天内没有同方向、同类别、同对方、同金额且未被冲销的记录。"
            "请问冲销的是哪张凭证，依据是什么。",
            f"{row['date']:%Y-%m-%d} {yuan(row['amount'])} yuan: no positive row of the same direction, category, "
            f"counterparty and amount in the {WITHIN_DAYS} days before. Ask which voucher it takes back and why.",
            [place],
            amount=-row["amount"],
        )
        for row, subject, place in zip(alone.to_dict("records"), row_subject(alone, "voucher_no"), places, strict=True)
    ]
    return RULE.verdict(len(negative) + len(doubtful), findings, unread(doubtful))
