"""LDG03: the same entry twice under two vouchers."""

from __future__ import annotations

from typing import Final

from auditkit.model import Books, Case, Rule, Untested, Verdict, evidence, in_doubt, row_subject
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
SAME: Final = ("date", "direction", "category", "party", "contract_no", "period", "amount", "words", "ticket")
MANY: Final = ("临时停车", "场地租赁")
"""Categories of many equal small receipts a day, which their tickets tell apart."""
READ: Final = ("date", "direction", "category", "amount", "period")


def examine(books: Books, case: Case) -> Verdict:
    """Rows alike in all but the voucher, against the first of them; what was taken back is not there."""
    ledger = books["ledger"]
    doubtful = ledger[in_doubt(ledger, *READ)]
    rows = ledger.drop(index=doubtful.index)
    rows = in_order(rows[~rows.index.isin(reversals(books)["original"])])
    rows = rows.assign(
        party=rows["counterparty"].map(normal_name), words=rows["summary"].map(normal_name), at=rows.index
    )
    rows = rows.assign(ticket=rows["invoice_no"].where(rows["category"].isin(MANY), ""))
    alike = rows.groupby(list(SAME), sort=False)
    first_voucher = alike["voucher_no"].transform("first")
    other = (alike.cumcount() > 0) & ((rows["voucher_no"] != first_voucher) | (rows["voucher_no"] == ""))
    label = alike["at"].transform("first")
    # Rows that say nothing of themselves are alike by what is not written: that tells nothing.
    unnamed = (rows["party"] == "") & (rows["contract_no"] == "") | rows["category"].isin(MANY)
    mute = other & (rows["words"] == "") & (rows["ticket"] == "") & unnamed
    later = rows[other & ~mute].sort_index()
    first = ledger.loc[label[later.index]]
    findings = [
        RULE.finding(
            subject,
            f"{row['date']:%Y-%m-%d} {row['direction']}{row['category']} {yuan(row['amount'])} 元与凭证 "
            f"{before['voucher_no'] or '（无号）'}（第 {before['row']} 行）的日期、类别、对方、金额、摘要均相同。"
            "请核对是否为同一业务，提供两张凭证的原始单据。",
            f"{row['date']:%Y-%m-%d} {yuan(row['amount'])} yuan repeats voucher "
            f"{before['voucher_no'] or 'without number'} (row {before['row']}) in every word. "
            "Ask for the papers of both.",
            places,
            amount=abs(row["amount"]),
        )
        for row, before, subject, *places in zip(
            later.to_dict("records"),
            first.to_dict("records"),
            row_subject(later, "voucher_no"),
            evidence("ledger", first, "先入账"),
            evidence("ledger", later, "后入账"),
            strict=True,
        )
    ]
    untested = [
        Untested(
            subject,
            "与前一行日期、类别、金额相同，摘要、对方均空，无法分辨是否同一笔",
            "too little is written to tell it apart",
        )
        for subject in row_subject(rows[mute], "voucher_no")
    ]
    return RULE.verdict(len(ledger), findings, [*unread(doubtful), *untested])
