"""INC04: what the other side says it paid, and the ledger does not have."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from auditkit.model import Books, Case, Rule, Untested, Verdict, evidence, in_doubt
from auditkit.money import yuan
from auditkit.reconcile.bank_doubt import doubtful_ledger
from auditkit.reconcile.doubt import untested_row
from auditkit.reconcile.names import normal_name
from auditkit.reconcile.payees import confirmation_subjects
from auditkit.reconcile.payments import WITHIN_DAYS, answered_payments, income_rows, related
from auditkit.reconcile.receipts import nameless

RULE = Rule(
    "INC04",
    "confirmed-payment-unrecorded",
    "相对方已付未入账",
    "2.3",
    "S1",
    "exception",
    ("confirmations", "ledger"),
    "(contract_no or counterparty)@paid_on",
    ("民法典282", "刑法271"),
    {"days": WITHIN_DAYS},
)


def examine(books: Books, case: Case) -> Verdict:
    """Confirmed payments of the period that no income of that contract or counterparty answers."""
    said = books["confirmations"]
    said = said.assign(date=said["paid_on"], party=said["counterparty"].map(normal_name).astype("str"))
    unread = in_doubt(said, "paid_on", "amount", "counterparty")
    timely = case.in_period(said["paid_on"])
    doubtful = said[unread & (timely | in_doubt(said, "paid_on"))]
    payments, rows = said[~unread & (said["amount"] > 0)], income_rows(books)
    answers = answered_payments(payments, rows)
    open_ = payments[timely[payments.index] & ~payments.index.isin(list(answers))]
    unsure = _unsure(open_, doubtful_ledger(books).join(books["ledger"]["contract_no"]))
    if nameless(books):
        unsure |= _near(open_, rows)
    left = open_[~unsure]
    findings = [
        RULE.finding(
            subject,
            f"{row['counterparty']}函证称 {row['paid_on']:%Y-%m-%d} 已付 {yuan(row['amount'])} 元"
            f"{_to(row)}，台账前后 {WITHIN_DAYS} 天内没有该合同或该相对方的同额收入，也没有合计相符的几笔。"
            "请对方提供付款凭证，并问物业企业该款由何账户收取、记在何处。",
            f"{row['counterparty']} says it paid {yuan(row['amount'])} yuan on {row['paid_on']:%Y-%m-%d}; no ledger "
            f"income of that contract or counterparty within {WITHIN_DAYS} days is that amount or adds up to it. Ask "
            "for the payment slip, and the company where it was received and booked.",
            evidence("confirmations", said.loc[[label]], f"函证付款 {yuan(row['amount'])} 元，台账无对应"),
            amount=int(row["amount"]),
            alternatives=confirmation_subjects(_rivals(row, payments, rows, answers)),
        )
        for (label, row), subject in zip(left.iterrows(), confirmation_subjects(left), strict=True)
    ]
    untested = [
        untested_row("confirmations", row, subject, f"函证 {subject.id}")
        for (_, row), subject in zip(doubtful.iterrows(), confirmation_subjects(doubtful), strict=True)
    ]
    untested += [
        Untested(
            s,
            f"函证 {s.id}：可能对应一笔无法读取、或没有写对方的台账收入",
            f"{s.id}: a ledger row that cannot be read, or names nobody, may be it",
        )
        for s in confirmation_subjects(open_[unsure])
    ]
    population = int((timely & ~unread & (said["amount"] > 0)).sum()) + len(doubtful)
    return RULE.verdict(population, findings, untested)


def _to(row: pd.Series[Any]) -> str:
    account = f"，收款账号 {row['payee_account']}" if row["payee_account"] else ""
    return (f"，收款户名 {row['payee_name']}" if row["payee_name"] else "") + account


def _unsure(payments: pd.DataFrame, doubtful: pd.DataFrame) -> pd.Series[bool]:
    """Payments that a ledger row in doubt could answer, alone or as a part."""
    doubtful = doubtful[doubtful["sign"] >= 0]
    doubtful = doubtful.assign(party=doubtful["counterparty"].map(normal_name).astype("str"))
    days = np.abs(payments["date"].to_numpy()[:, None] - doubtful["date"].to_numpy()) / np.timedelta64(1, "D")
    amount = doubtful["amount"].fillna(0).to_numpy(dtype=np.int64)
    able = related(payments, doubtful) & ~(days > WITHIN_DAYS)
    able &= payments["amount"].to_numpy(dtype=np.int64)[:, None] >= amount
    return pd.Series(able.any(axis=1), index=payments.index, dtype="bool")


def _near(payments: pd.DataFrame, rows: pd.DataFrame) -> pd.Series[bool]:
    """Payments that a row, whosever it is, could answer, alone or as a part."""
    days = np.abs(payments["date"].to_numpy()[:, None] - rows["date"].to_numpy()) / np.timedelta64(1, "D")
    able = payments["amount"].to_numpy(dtype=np.int64)[:, None] >= rows["amount"].to_numpy(dtype=np.int64)
    return pd.Series((able & (days <= WITHIN_DAYS)).any(axis=1), index=payments.index, dtype="bool")


def _rivals(
    row: pd.Series[Any], payments: pd.DataFrame, rows: pd.DataFrame, answers: dict[Any, list[Any]]
) -> pd.DataFrame:
    """Payments that are answered by a row which could have answered this one as well."""
    near = rows[(rows["amount"] == row["amount"]) & ((rows["date"] - row["date"]).dt.days.abs() <= WITHIN_DAYS)]
    near = near[related(row.to_frame().T, near)[0]]
    return payments.loc[[label for label, of in answers.items() if set(of) & set(near.index)]]
