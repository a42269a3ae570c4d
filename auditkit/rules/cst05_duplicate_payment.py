"""CST05: the same bill, or the same payment, a second time."""

from __future__ import annotations

import re
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
    findings = [
        RULE.finding(
            subject,
            f"{row['date']:%Y-%m-%d} 向{row['counterparty']}支付{row['category']} {yuan(row['amount'])} 元，与 "
            f"{first['date']:%Y-%m-%d} 凭证 {first['voucher_no'] or '(无号)'} 的 {yuan(first['amount'])} 元"
            f"{_alike(row, first)}。请提供两笔付款的发票、验收单和银行回单。",
            f"{row['date']:%Y-%m-%d} {yuan(row['amount'])} yuan to {row['counterparty']} repeats "
            f"{first['voucher_no'] or 'a row'} of {first['date']:%Y-%m-%d} ({yuan(first['amount'])}). Ask for the "
            "invoice, acceptance and bank slip of both.",
            evidence("ledger", ledger.loc[[of, label]], ["先付", "后付"]),
            amount=int(row["amount"]),
        )
        for label, subject in zip(found.index, row_subject(ledger.loc[found.index], "voucher_no"), strict=True)
        for of in [found[label]]
        for row, first in [(ledger.loc[label], ledger.loc[of])]
    ]
    reason = "与较早一行相同，但对方为空，无法判断是否同一收款方"
    untested = [
        Untested(subject, reason, "repeats an earlier row, but no counterparty is named")
        for subject in row_subject(ledger.loc[nameless.index], "voucher_no")
    ]
    return RULE.verdict(len(population) + len(doubtful), findings, [*unread(doubtful), *untested])


def _same_invoice(rows: pd.DataFrame) -> pd.Series[Any]:
    """The first earlier row of the same payee with the same invoice number, unless the two are parts of one bill.

    Lines of one voucher that differ are one payment, booked in parts.
    """
    earlier = pd.Series(pd.NA, index=rows.index, dtype="object")
    billed = rows[rows["invoice_no"].str.contains(r"\d")]
    billed = billed[billed.duplicated(["party", "invoice_no"], keep=False)]
    for _, of in billed.groupby(["party", "invoice_no"], sort=False):
        explained = _explained(of)
        for place in range(1, len(of)):
            row, before = of.iloc[place], of.iloc[:place]
            lines = (before["voucher_no"] == row["voucher_no"]) & (row["voucher_no"] != "")
            before = before[~lines]
            part = not (before["amount"] == row["amount"]).any() and explained
            if len(before) and not part:
                earlier[of.index[place]] = before.index[0]
    return earlier


def _explained(of: pd.DataFrame) -> bool:
    """Whether summaries speak of instalments, or name the amount that the parts add up to."""
    if of["summary"].str.contains(PARTS).any():
        return True
    total = int(of["amount"].sum())
    named = (m for text in of["summary"] for m in YUAN.finditer(text))
    return any(fen(m[1].replace(",", "")) * (10_000 if m[2] else 1) == total for m in named)


def _same_payment(rows: pd.DataFrame) -> pd.Series[Any]:
    """The row before it of the same payee, category, amount and summary, where at most seven days lie between."""
    group = rows.groupby(["party", "category", "amount", "words"], sort=False)
    label = pd.Series(rows.index, index=rows.index, dtype="object")
    before = label.groupby([rows[c] for c in ("party", "category", "amount", "words")], sort=False).shift(1)
    days = (rows["date"] - group["date"].shift(1)).dt.days
    return before.where(days <= RULE.thresholds["days"], pd.NA)


def _alike(row: pd.Series[Any], first: pd.Series[Any]) -> str:
    if row["invoice_no"] and row["invoice_no"] == first["invoice_no"]:
        return f"票据号相同（{row['invoice_no']}）"
    return "类别、金额、摘要均相同"
