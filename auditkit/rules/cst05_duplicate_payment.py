"""CST05: the same bill, or the same payment, a second time."""

from __future__ import annotations

import re
from collections.abc import Hashable
from typing import Any, Final

import pandas as pd

from auditkit.model import Books, Case, Rule, Untested, Verdict, evidence, in_doubt, row_subject
from auditkit.money import fen, yuan
from auditkit.reconcile.costs import cost_rows, unread
from auditkit.reconcile.names import normal_name
from auditkit.reconcile.numbering import in_order
from auditkit.reconcile.reversals import reversals

RULE = Rule(
    "CST05",
    "duplicate-payment",
    "重复支付",
    "2.3",
    "S2",
    "exception",
    ("ledger",),
    "voucher_no",
    ("会计法14",),
    {"days": 7},
)
PARTS: Final = r"分期|首付|尾款|首期|末期|余款|预付|进度款|第[一二三四五六七八九十\d]+[期笔次]"
YUAN: Final = re.compile(r"(\d[\d,]*(?:\.\d{1,2})?)\s*(万?)元?")


def examine(books: Books, case: Case) -> Verdict:
    """Each cost row of the period against the earlier ones: by invoice and payee, then by all that is written."""
    ledger = books["ledger"]
    population, doubtful = cost_rows(ledger, case)
    population = population[population["amount"] > 0]
    rows = ledger[(ledger["direction"] == "支出") & (ledger["amount"] > 0)]
    rows = rows[~in_doubt(rows, "date", "direction", "category", "amount")]
    rows = in_order(rows[~rows.index.isin(reversals(books)["original"])])
    rows = rows.assign(party=rows["counterparty"].map(normal_name), words=rows["summary"].map(normal_name))
    earlier = _same_invoice(rows)
    earlier = earlier.where(earlier.notna(), _same_payment(rows))
    found = earlier[earlier.notna() & earlier.index.isin(population.index)]
    nameless = found[rows.loc[found.index, "party"] == ""]
    found = found.drop(nameless.index)
    later, first = ledger.loc[found.index], ledger.loc[found]
    findings = [
        RULE.finding(
            subject,
            f"{row['date']:%Y-%m-%d} 向{row['counterparty']}支付{row['category']} {yuan(row['amount'])} 元，与 "
            f"{before['date']:%Y-%m-%d} 凭证 {before['voucher_no'] or '（无号）'} 的 {yuan(before['amount'])} 元"
            f"{_alike(row, before)}。请提供两笔付款的发票、验收单和银行回单。",
            f"{row['date']:%Y-%m-%d} {yuan(row['amount'])} yuan to {row['counterparty']} repeats "
            f"{before['voucher_no'] or 'a row'} of {before['date']:%Y-%m-%d} ({yuan(before['amount'])}). Ask for the "
            "invoice, acceptance and bank slip of both.",
            places,
            amount=row["amount"],
        )
        for row, before, subject, *places in zip(
            later.to_dict("records"),
            first.to_dict("records"),
            row_subject(later, "voucher_no"),
            evidence("ledger", first, "先付"),
            evidence("ledger", later, "后付"),
            strict=True,
        )
    ]
    reason = "与较早一行相同，但对方为空，无法判断是否同一收款方"
    untested = [
        Untested(subject, reason, "repeats an earlier row, but no counterparty is named")
        for subject in row_subject(ledger.loc[nameless.index], "voucher_no")
    ]
    return RULE.verdict(len(population) + len(doubtful), findings, [*unread(doubtful), *untested])


def _same_invoice(rows: pd.DataFrame) -> pd.Series[Any]:
    """The first row of the same payee with the same invoice number, for those of other vouchers after it, unless the
    rows are parts of one bill: no amount twice, and explained. Lines of one voucher are one payment.
    """
    key = ["party", "invoice_no"]
    billed = rows[rows["invoice_no"].str.contains(r"\d")]
    billed = billed[billed.duplicated(key, keep=False)].assign(at=lambda of: of.index)
    bills = billed.groupby(key, sort=False)
    other = (billed["voucher_no"] != bills["voucher_no"].transform("first")) | (billed["voucher_no"] == "")
    total = bills["amount"].transform("sum")
    named = [whole in _amounts(text) for whole, text in zip(total, billed["summary"], strict=True)]
    told = billed["summary"].str.contains(PARTS) | pd.Series(named, index=billed.index, dtype="bool")
    explained = told.groupby([billed[c] for c in key], sort=False).transform("any")
    part = explained & (billed.groupby([*key, "amount"], sort=False).cumcount() == 0)
    again = (bills.cumcount() > 0) & other & ~part
    return bills["at"].transform("first").astype("object")[again].reindex(rows.index)


def _amounts(text: str) -> set[int]:
    """The amounts that a summary names, in fen."""
    return {fen(m[1].replace(",", "")) * (10_000 if m[2] else 1) for m in YUAN.finditer(text)}


def _same_payment(rows: pd.DataFrame) -> pd.Series[Any]:
    """The row before it of the same payee, category, amount and summary, where at most seven days lie between."""
    group = rows.groupby(["party", "category", "amount", "words"], sort=False)
    label = pd.Series(rows.index, index=rows.index, dtype="object")
    before = label.groupby([rows[c] for c in ("party", "category", "amount", "words")], sort=False).shift(1)
    days = (rows["date"] - group["date"].shift(1)).dt.days
    return before.where(days <= RULE.thresholds["days"], pd.NA)


def _alike(row: dict[Hashable, Any], first: dict[Hashable, Any]) -> str:
    if row["invoice_no"] and row["invoice_no"] == first["invoice_no"]:
        return f"票据号相同（{row['invoice_no']}）"
    return "类别、金额、摘要均相同"
