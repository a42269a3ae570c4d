"""LDG03: the same entry twice under two vouchers."""

from __future__ import annotations

from typing import Any, Final

import pandas as pd

from auditkit.model import Books, Case, Rule, Verdict, evidence, in_doubt, row_subject
from auditkit.money import yuan
from auditkit.reconcile.costs import unread
from auditkit.reconcile.names import normal_name
from auditkit.reconcile.numbering import in_order
from auditkit.reconcile.reversals import reversals

RULE = Rule(
    "LDG03",
    "duplicate-entry",
    "重复入账",
    "0",
    "S4",
    "exception",
    ("ledger",),
    "voucher_no",
    ("会计法14",),
)
SAME: Final = ("date", "direction", "category", "party", "contract_no", "period", "amount", "words")
READ: Final = ("date", "direction", "category", "amount", "period")


def examine(books: Books, case: Case) -> Verdict:
    """Rows alike in all but the voucher, against the first of them; what was taken back is not there."""
    ledger = books["ledger"]
    doubtful = ledger[in_doubt(ledger, *READ)]
    rows = ledger.drop(index=doubtful.index)
    rows = in_order(rows[~rows.index.isin(reversals(books)["original"])])
    rows = rows.assign(party=rows["counterparty"].map(normal_name), words=rows["summary"].map(normal_name))
    alike = rows.groupby(list(SAME), sort=False)
    first_voucher = alike["voucher_no"].transform("first")
    other = (alike.cumcount() > 0) & ((rows["voucher_no"] != first_voucher) | (rows["voucher_no"] == ""))
    label = alike["row"].transform(lambda of: of.index[0])
    later = rows[other].sort_index()
    findings = [
        RULE.finding(
            subject,
            f"{row['date']:%Y-%m-%d} {row['direction']}{row['category']} {yuan(row['amount'])} 元与凭证 "
            f"{first['voucher_no'] or '（无号）'}（第 {first['row']} 行）的日期、类别、对方、金额、摘要均相同。"
            "请核对是否为同一业务，提供两张凭证的原始单据。",
            f"{row['date']:%Y-%m-%d} {yuan(row['amount'])} yuan repeats voucher "
            f"{first['voucher_no'] or 'without number'} (row {first['row']}) in every word. "
            "Ask for the papers of both.",
            evidence("ledger", ledger.loc[[first.name, row.name]], ["先入账", "后入账"]),
            amount=abs(int(row["amount"])),
        )
        for (_, row), subject, first in zip(
            later.iterrows(), row_subject(later, "voucher_no"), _rows(ledger, label[later.index]), strict=True
        )
    ]
    return RULE.verdict(len(ledger), findings, unread(doubtful))


def _rows(ledger: pd.DataFrame, labels: pd.Series[Any]) -> list[pd.Series[Any]]:
    return [row for _, row in ledger.loc[labels].iterrows()]
