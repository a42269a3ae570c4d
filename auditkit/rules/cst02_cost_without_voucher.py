"""CST02: costs for which no invoice or receipt is named."""

from __future__ import annotations

from typing import Final

from auditkit.model import Books, Case, Rule, Verdict, evidence, row_subject
from auditkit.money import yuan
from auditkit.reconcile.costs import cost_rows, unread
from auditkit.reconcile.reversals import reversals

RULE = Rule(
    "CST02",
    "cost-without-voucher",
    "支出无票据",
    "2.3",
    "S2",
    "exception",
    ("ledger", "ledger.invoice_no"),
    "voucher_no",
    ("区分所有权解释14", "会计法14"),
)
FREE: Final = ("手续费", "税费", "物业计提", "维修资金划转", "业主分配")
"""Categories that are proved by other papers than an invoice."""
NONE: Final = r"(?:暂|尚|现)?[无没未](?:有|开|取得|提供)?(?:正式|合规)?(?:票|发票|票据|票号|收据|单据|凭证)?|.*白条.*"


def examine(books: Books, case: Case) -> Verdict:
    """Cost rows of the period that should carry an invoice number and do not; what was taken back is no cost."""
    ledger = books["ledger"]
    rows, doubtful = (of[~of["category"].isin(FREE)] for of in cost_rows(ledger, case, "invoice_no"))
    number = rows["invoice_no"].str.strip()
    bare = rows[((number == "") | number.str.fullmatch(NONE)) & (rows["amount"] > 0)]
    bare = bare[~bare.index.isin(reversals(books)["original"])]
    notes = [f"{c} {yuan(a)} 元，无票据" for c, a in zip(bare["category"], bare["amount"], strict=True)]
    findings = [
        RULE.finding(
            subject,
            f"{row['date']:%Y-%m-%d} {row['category']}支出 {yuan(row['amount'])} 元，票据号"
            f"{'为“' + row['invoice_no'] + '”' if row['invoice_no'] else '为空'}。"
            "请提供发票或收据原件；无法证明的成本不予扣除。",
            f"{row['date']:%Y-%m-%d} cost {yuan(row['amount'])} yuan ({row['category']}), invoice number "
            f"{row['invoice_no'] or 'blank'}. Ask for the invoice; cost that is not proved is not deducted.",
            [place],
            amount=row["amount"],
        )
        for row, subject, place in zip(
            bare.to_dict("records"), row_subject(bare, "voucher_no"), evidence("ledger", bare, notes), strict=True
        )
    ]
    return RULE.verdict(len(rows) + len(doubtful), findings, unread(doubtful))
