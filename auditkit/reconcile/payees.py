"""The accounts to which contracts, ledger and confirmations say that public money goes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import pandas as pd

from auditkit.model import Books, Case, Evidence, Finding, Rule, Subject, Untested, evidence, in_doubt, row_subject
from auditkit.money import yuan
from auditkit.reconcile.accounts import UNREAD, accounts
from auditkit.reconcile.doubt import untested_row
from auditkit.reconcile.reversals import reversals
from auditkit.reconcile.terms import in_force, may_be_in_force

TABLES: Final = ("contracts", "ledger", "confirmations")
NAMES: Final = {"contracts": "合同", "ledger": "凭证", "confirmations": "函证"}


def confirmation_subjects(rows: pd.DataFrame) -> list[Subject]:
    """(contract_no or counterparty)@paid_on, else the row's place."""
    known = rows["contract_no"].where(rows["contract_no"] != "", rows["counterparty"])
    places = row_subject(rows.assign(none=""), "none")
    return [
        Subject("confirmation", f"{party}@{day:%Y-%m-%d}") if party and pd.notna(day) else place
        for party, day, place in zip(known, rows["paid_on"], places, strict=True)
    ]


@dataclass(frozen=True, slots=True)
class Payees:
    """Everything that names, or could name, an account for public money.

    Shape: `items` table, label (of the row there), subject, account (number), kind, holder, payee_name, amount (fen;
    missing for contracts); `unread` what cannot be read well enough to belong here for certain.
    """

    books: Books
    items: pd.DataFrame
    unread: list[Untested]

    def __len__(self) -> int:
        return len(self.items) + len(self.unread)

    def findings(
        self, rule: Rule, wrong: pd.DataFrame, said: Sequence[tuple[str, str]], ask: tuple[str, str]
    ) -> list[Finding]:
        """A finding an item: what is said of its account, how much was paid there, what to ask."""
        found: list[Finding] = []
        for item, (zh, en) in zip(wrong.to_dict("records"), said, strict=True):
            amount = None if pd.isna(item["amount"]) else int(item["amount"])
            sum_zh, sum_en = ("", "") if amount is None else (f"，{yuan(amount)} 元", f", {yuan(amount)} yuan")
            found.append(
                rule.finding(
                    item["subject"],
                    f"{NAMES[item['table']]} {item['subject'].id}{sum_zh}：{zh}。{ask[0]}",
                    f"{item['subject'].id}{sum_en}: {en}. {ask[1]}",
                    (
                        *evidence(item["table"], self.books[item["table"]].loc[[item["label"]]], zh),
                        *self._listed(item["account"], item["kind"]),
                    ),
                    amount=amount,
                )
            )
        return found

    def _listed(self, account: str, kind: str) -> tuple[Evidence, ...]:
        listed = self.books["accounts"]
        if not account:
            return ()
        return evidence("accounts", listed[accounts(self.books).numbers(listed["account"]) == account], kind)


def payees(books: Books, case: Case) -> Payees:
    """Contracts in force in the period, ledger income and confirmed payments of the period, computed once."""
    return books.once("payees", lambda: _payees(books, case))


def _payees(books: Books, case: Case) -> Payees:
    parts = [of(books, case) for of in (_contracts, _ledger, _confirmations)]
    items = pd.concat([rows for rows, _ in parts], ignore_index=True)
    known = accounts(books)
    items["account"] = known.numbers(items["account"].astype("str"))
    items["kind"] = known.kinds_of(items["account"])
    items["holder"] = items["account"].map(lambda number: known.holders.get(str(number), "")).astype("str")
    unclear = items["kind"] == UNREAD
    said = [
        Untested(subject, f"账户 {account}：{UNREAD}", f"{account}: its kind cannot be read")
        for subject, account in items.loc[unclear, ["subject", "account"]].to_numpy().tolist()
    ]
    kept = items[~unclear].reset_index(drop=True)
    return Payees(books, kept, [*said, *(item for _, unread in parts for item in unread)])


def _items(table: str, rows: pd.DataFrame, subjects: list[Subject], account: str, amount: str | None) -> pd.DataFrame:
    frame = pd.DataFrame(
        {
            "table": table,
            "label": rows.index,
            "subject": pd.Series(subjects, index=rows.index, dtype=object),
            "account": rows[account],
            "payee_name": rows["payee_name"] if "payee_name" in rows.columns else "",
        }
    )
    return frame.assign(amount=rows[amount] if amount else pd.array([pd.NA] * len(rows), dtype="Int64"))


def _untested(table: str, rows: pd.DataFrame, subjects: list[Subject], *columns: str) -> list[Untested]:
    return [
        untested_row(table, row, subject, f"{NAMES[table]} {subject.id}", *columns)
        for (_, row), subject in zip(rows.iterrows(), subjects, strict=True)
    ]


def _contracts(books: Books, case: Case) -> tuple[pd.DataFrame, list[Untested]]:
    rows = books["contracts"]
    running, maybe = rows[in_force(rows, case.start, case.end)], rows[may_be_in_force(rows, case.start, case.end)]
    return (
        _items("contracts", running, row_subject(running, "contract_no"), "payee_account", None),
        _untested("contracts", maybe, row_subject(maybe, "contract_no"), "start", "end", "terminated_on"),
    )


def _ledger(books: Books, case: Case) -> tuple[pd.DataFrame, list[Untested]]:
    """Income of the period; a red-letter row, and a row that one takes back, paid nothing anywhere."""
    rows = books["ledger"]
    unread = in_doubt(rows, "date", "direction", "amount")
    income = (rows["direction"] == "收入") | in_doubt(rows, "direction")
    timely = case.in_period(rows["date"]) | in_doubt(rows, "date")
    back = rows.index.isin(reversals(books)["original"]) | (rows["amount"] <= 0).fillna(False)
    read, doubtful = rows[income & timely & ~unread & ~back], rows[income & timely & unread]
    return (
        _items("ledger", read, row_subject(read, "voucher_no"), "account", "amount"),
        _untested("ledger", doubtful, row_subject(doubtful, "voucher_no"), "date", "direction", "amount"),
    )


def _confirmations(books: Books, case: Case) -> tuple[pd.DataFrame, list[Untested]]:
    rows = books["confirmations"]
    unread = in_doubt(rows, "paid_on", "amount", "counterparty")
    timely = case.in_period(rows["paid_on"]) | in_doubt(rows, "paid_on")
    read, doubtful = rows[timely & ~unread], rows[timely & unread]
    return (
        _items("confirmations", read, confirmation_subjects(read), "payee_account", "amount"),
        _untested("confirmations", doubtful, confirmation_subjects(doubtful), "paid_on", "amount", "counterparty"),
    )
