"""INC07: the bank's interest that is not in the ledger."""

from __future__ import annotations

from dataclasses import replace

from auditkit.model import Books, Case, Rule, Untested, Verdict, evidence, row_subject
from auditkit.money import yuan
from auditkit.reconcile.bank_items import bank_items
from auditkit.reconcile.interest import SAYS_INTEREST, WITHIN_DAYS

RULE = Rule(
    "INC07",
    "interest-unrecorded",
    "利息收入未入账",
    "2.3",
    "S4",
    "exception",
    ("bank", "ledger", "accounts"),
    "bank serial, else file#row",
    ("民法典282",),
    {"days": WITHIN_DAYS},
)


def examine(books: Books, case: Case) -> Verdict:
    """Interest credits of the period that no ledger row 利息 answers, alone or as one of a run."""
    items = bank_items(books, case, into=True)
    items = replace(
        items,
        rows=items.rows[items.rows["summary"].str.contains(SAYS_INTEREST)],
        unread=items.unread[items.unread["summary"].str.contains(SAYS_INTEREST)],
    )
    rows, interest = items.rows, items.view.interest
    open_ = interest[interest["answer"].isna()]
    left = rows[rows.index.isin(open_.index[~open_["unsure"]])]
    unsure = rows[rows.index.isin(open_.index[open_["unsure"]])]
    findings = [
        RULE.finding(
            subject,
            f"{row['date']:%Y-%m-%d} 账户 {row['account']} 结息 {yuan(row['credit'])} 元（摘要：{row['summary']}），"
            f"前后 {WITHIN_DAYS} 天内台账没有同额的利息收入，也没有将连续几次结息合并入账。请问利息记在何处。",
            f"{row['date']:%Y-%m-%d}: interest of {yuan(row['credit'])} yuan on account {row['account']}; no ledger "
            f"row within {WITHIN_DAYS} days is its amount or the sum of a run. Ask where it was booked.",
            evidence("bank", rows.loc[[label]], f"结息 {yuan(row['credit'])} 元，台账无对应"),
            amount=int(row["credit"]),
        )
        for (label, row), subject in zip(left.iterrows(), row_subject(left, "serial"), strict=True)
    ]
    untested = [
        Untested(
            s, f"流水 {s.id}：可能对应一笔无法读取的台账利息", f"{s.id}: a ledger row that cannot be read may be it"
        )
        for s in row_subject(unsure, "serial")
    ]
    return RULE.verdict(len(items), findings, [*untested, *items.untested()])
