"""CSH07: cost of the ledger that no public account paid."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd

from auditkit.model import Books, Case, Rule, Verdict, in_doubt, row_subject
from auditkit.money import yuan
from auditkit.reconcile.bank import BankView
from auditkit.reconcile.bank_items import ledger_items, unanswered
from auditkit.reconcile.matching import MATCHED, NETTED

RULE = Rule(
    "CSH07",
    "ledger-cost-not-paid",
    "台账支出无银行付款",
    "2.3",
    "S2",
    "exception",
    ("ledger", "bank", "accounts"),
    "voucher_no",
    ("会计法17",),
    {"fees_above_matches_fen": 100},
)
FEE, ACCRUED = "手续费", "物业计提"


def examine(books: Books, case: Case) -> Verdict:
    """Cost rows of the period, not in cash, that are in no match group with a bank debit."""
    items = ledger_items(books, case, income=False)
    rows = items.rows
    withheld = (rows["category"] == ACCRUED) & rows["summary"].str.contains("计提")
    kept = _kept_back(books, items.view)
    passes = withheld | rows.index.isin(kept[kept].index)
    items = replace(items, rows=rows.assign(state=rows["state"].mask(passes & (rows["state"] != MATCHED), NETTED)))
    left = items.left
    findings = [
        unanswered(
            RULE,
            items,
            label,
            subject,
            (
                f"{row['date']:%Y-%m-%d} 台账记{row['category']}支出 {yuan(row['amount'])} 元"
                f"（对方：{row['counterparty'] or '空'}，摘要：{row['summary'] or '空'}），"
                f"{'账户 ' + row['account'] if row['account'] else '公共收益账户'}前后 {case.window_days} 天的流水中"
                f"没有与之对应的付款。{_fees(row['category'], items.view)[0]}",
                f"{row['date']:%Y-%m-%d}: the ledger has {row['category']} of {yuan(row['amount'])} yuan to "
                f"{row['counterparty'] or 'nobody named'}; no debit within {case.window_days} days answers it."
                f"{_fees(row['category'], items.view)[1]}",
            ),
            (
                "请问由哪个账户、以何种方式支付；请提供付款回单。",
                "Ask which account paid it and how; see the bank slip.",
            ),
        )
        for (label, row), subject in zip(left.iterrows(), row_subject(left, "voucher_no"), strict=True)
    ]
    return RULE.verdict(len(items), findings, items.untested())


def _kept_back(books: Books, view: BankView) -> pd.Series[bool]:
    """手续费 rows that channels kept back: their running sum is at most 1 yuan above the fees of all matches."""
    side, ledger = view.sides["ledger"], books["ledger"]
    rows = ledger.loc[side.index[~side["state"].isin((MATCHED, NETTED))]]
    rows = rows[(rows["direction"] == "支出") & (rows["category"] == FEE) & ~in_doubt(rows, "category")]
    rows = rows[rows["amount"] > 0].sort_values(["date", "voucher_no", "file", "sheet", "row"])
    return rows["amount"].cumsum() <= view.fees + RULE.thresholds["fees_above_matches_fen"]


def _fees(category: str, view: BankView) -> tuple[str, str]:
    if category != FEE:
        return "", ""
    return (
        f"截至本行，台账手续费累计已超过各渠道到账时实际扣除的 {yuan(view.fees)} 元。",
        f" Fees booked so far pass the {yuan(view.fees)} yuan that channels kept back.",
    )
