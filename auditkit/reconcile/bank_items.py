"""Populations of the tests on the matching: bank rows, ledger rows, and those of them that cannot be read."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import pandas as pd

from auditkit.model import DOUBT, Books, Case, Finding, Rule, Subject, Untested, evidence, row_subject
from auditkit.money import yuan
from auditkit.reconcile.accounts import UNREAD
from auditkit.reconcile.bank import UNTESTED, BankView, reconciled
from auditkit.reconcile.bank_doubt import doubtful_bank, doubtful_ledger
from auditkit.reconcile.cash import CASH
from auditkit.reconcile.doubt import untested_row
from auditkit.reconcile.matching import AMBIGUOUS, LEFT

_SHARED: Final = ["state", "reason", "reason_en", "open"]


@dataclass(frozen=True, slots=True)
class Items:
    """Rows of one side that a test looks at.

    Shape: `rows` the paper's columns, then state, reason, reason_en, open; `unread` rows of the paper that may belong
    here and cannot be read.
    """

    view: BankView
    side: str
    rows: pd.DataFrame
    unread: pd.DataFrame

    def __len__(self) -> int:
        return len(self.rows) + len(self.unread)

    @property
    def left(self) -> pd.DataFrame:
        """Rows that nothing answers, for certain or in doubt among several sums."""
        return self.rows[self.rows["state"].isin((LEFT, AMBIGUOUS))]

    def untested(self) -> list[Untested]:
        """Rows left untested, each with its reason."""
        table, column, name = (
            ("bank", "serial", "流水") if self.side == "statement" else ("ledger", "voucher_no", "凭证")
        )
        rows = self.rows[self.rows["state"] == UNTESTED]
        found = [
            Untested(subject, f"{name} {subject.id}：{zh}", f"{subject.id}: {en}")
            for subject, zh, en in zip(row_subject(rows, column), rows["reason"], rows["reason_en"], strict=True)
        ]
        for (_, row), subject in zip(self.unread.iterrows(), row_subject(self.unread, column), strict=True):
            if row[DOUBT]:
                found.append(untested_row(table, row, subject, f"{name} {subject.id}"))
            else:
                found.append(
                    Untested(subject, f"{name} {subject.id}：{UNREAD}", f"{subject.id}: its account is unclear")
                )
        return found


def bank_items(books: Books, case: Case, *, into: bool) -> Items:
    """Credits (`into`) or debits on public accounts in the period."""
    view = reconciled(books, case)
    side, doubtful = view.sides["statement"], doubtful_bank(books)
    way = 1 if into else -1
    read = side[(side["amount"] * way > 0) & case.in_period(side["date"])]
    may = (doubtful["sign"] * way >= 0) & (case.in_period(doubtful["date"]) | doubtful["date"].isna())
    bank = books["bank"]
    return Items(view, "statement", bank.loc[read.index].join(read[_SHARED]), bank.loc[doubtful.index[may]])


def ledger_items(books: Books, case: Case, *, income: bool) -> Items:
    """Positive ledger rows of the period that are not in cash: income, or cost."""
    view = reconciled(books, case)
    side, doubtful = view.sides["ledger"], doubtful_ledger(books)
    way, ledger = 1 if income else -1, books["ledger"]
    positive = ledger.loc[side.index, "amount"] > 0
    read = side[positive & (side["amount"] * way > 0) & case.in_period(side["date"])]
    may = (doubtful["sign"] * way >= 0) & (doubtful["method"] != CASH)
    may &= case.in_period(doubtful["date"]) | doubtful["date"].isna()
    may &= doubtful["amount"].isna() | (doubtful["amount"] > 0)
    return Items(view, "ledger", ledger.loc[read.index].join(read[_SHARED]), ledger.loc[doubtful.index[may]])


def unanswered(
    rule: Rule, items: Items, label: Any, subject: Subject, said: tuple[str, str], ask: tuple[str, str]
) -> Finding:
    """The finding on a row that nothing answers: what it is, what is near it, what to ask."""
    row = items.rows.loc[label]
    zh, en = items.view.remark(items.side, label)
    table = "bank" if items.side == "statement" else "ledger"
    return rule.finding(
        subject,
        f"{said[0]}{zh}{ask[0]}",
        f"{said[1]}{en} {ask[1]}",
        evidence(table, items.rows.loc[[label]], f"{yuan(abs(int(row['open'])))} 元，无对应"),
        amount=abs(int(row["open"])),
        kind="indicator" if row["state"] == AMBIGUOUS else None,
        alternatives=items.view.rivals(items.side, label),
    )
