"""The frames of an application: what was applied, and what is left on both sides."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

import pandas as pd

from auditkit.money import yuan
from auditkit.reconcile.receivables.book import Book
from auditkit.reconcile.receivables.result import Applications
from auditkit.reconcile.receivables.sides import Due, Line, Receipt

_TWICE_DAYS: Final = 92
"""Days within which an equal amount of the same payer may be the same payment made twice."""
_EVIDENCE: Final = {
    "reference": ("单据号相符", "the reference names it"),
    "slip": ("单据号仅差一处笔误，付款方相符", "the reference is one slip away, and the payer agrees"),
    "stranger": ("单据号与金额相符，由他人代付", "reference and amount agree, paid by somebody else"),
    "series": ("同一合同分期款，指明月份者先抵，余按到期先后抵充", "instalments, the month named or the oldest first"),
    "amount": ("付款方与金额相符，别无同额应收", "payer and amount agree, and nothing else has that amount"),
    "deduction": ("付款方相符，差额为所述扣款或整数折扣", "the payer agrees, less a stated deduction or a plain rate"),
    "sum": ("付款方相符，数笔应收合计等于收款", "the payer agrees, and several receivables make the amount"),
    "only": ("付款方仅有此一笔应收，金额相近", "the payer owes nothing else, and the amount is near"),
    "alone": ("收款未载付款方，仅此一笔应收同额", "nobody is named, and one receivable has that amount"),
}  # fmt: skip
_HOW: Final = {
    "full": ("足额", "in full"), "part": ("部分", "in part"), "short": ("扣减后结清", "settled short"),
    "over": ("多付", "overpaid"), "credit": ("贷项抵扣", "credit set off"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Applied:
    """What a line paid of a receivable, and on what evidence."""

    line: Line
    due: Due
    amount: int
    evidence: str
    how: str


def answer(book: Book, money: list[Receipt], applied: list[Applied]) -> Applications:
    """Every row of both sides once; applied + left = amount."""
    applied = _one_a_pair(_within_receipts(applied))
    order = {receipt.id: i for i, receipt in enumerate(money)}
    applied.sort(key=lambda one: (order[one.line.receipt.id], one.line.id, book.at[one.due.id]))
    of_due: dict[str, list[Applied]] = {}
    of_receipt: dict[str, list[Applied]] = {}
    for one in applied:
        of_due.setdefault(one.due.id, []).append(one)
        of_receipt.setdefault(one.line.receipt.id, []).append(one)
    columns = ["receipt", "receivable", "amount", "how", "days", "sentence", "sentence_en"]
    dues = ["id", "amount", "applied", "left", "state", "paid_on", "days"]
    receipts = ["id", "amount", "applied", "left", "state", "reason", "reason_en"]
    return Applications(
        pd.DataFrame([_applied(one) for one in applied], columns=columns).astype({"amount": "int64", "days": "Int64"}),
        pd.DataFrame([_due(due, of_due.get(due.id, [])) for due in book.dues], columns=dues).astype(
            {"amount": "int64", "applied": "int64", "left": "int64", "days": "Int64", "paid_on": "datetime64[us]"}
        ),
        pd.DataFrame([_receipt(book, receipt, of_receipt.get(receipt.id, [])) for receipt in money], columns=receipts)
        .astype({"amount": "int64", "applied": "int64", "left": "int64"}),
    )  # fmt: skip


def _within_receipts(applied: list[Applied]) -> list[Applied]:
    """No more than what came in: where a line of a credit pays nothing, the last of the others pay less."""
    over: dict[str, int] = {}
    for one in applied:
        receipt = one.line.receipt
        sign = 1 if receipt.amount > 0 else -1
        over[receipt.id] = over.get(receipt.id, -abs(receipt.amount)) + one.amount * sign
    kept: list[Applied] = []
    for one in reversed(applied):
        receipt = one.line.receipt
        sign = 1 if receipt.amount > 0 else -1
        less = min(max(over[receipt.id], 0), max(one.amount * sign, 0))
        over[receipt.id] -= less
        if less and one.amount - less * sign:
            kept.append(replace(one, amount=one.amount - less * sign, how="part"))
        elif not less:
            kept.append(one)
    return kept[::-1]


def _one_a_pair(applied: list[Applied]) -> list[Applied]:
    """Several lines of a receipt that pay one receivable are one application, on the surest of their evidence."""
    found: dict[tuple[str, str], Applied] = {}
    for one in applied:
        pair = one.line.receipt.id, one.due.id
        before = found.get(pair)
        if before is None:
            found[pair] = one
            continue
        amount = before.amount + one.amount
        how = "full" if amount == one.due.amount else "short" if "short" in (before.how, one.how) else "part"
        found[pair] = replace(before, amount=amount, how=how)
    return list(found.values())


def _days(receipt: Receipt, due: Due) -> int | None:
    return None if receipt.day is None or due.day is None else (receipt.day - due.day).days


def _applied(one: Applied) -> tuple[object, ...]:
    (zh, en), (evidence, evidence_en) = _HOW[one.how], _EVIDENCE[one.evidence]
    return (
        one.line.receipt.id, one.due.id, one.amount, one.how, _days(one.line.receipt, one.due),
        f"{zh}核销 {yuan(one.amount)} 元：{evidence}。", f"{en}, {yuan(one.amount)} yuan: {evidence_en}.",
    )  # fmt: skip


def _due(due: Due, paid: list[Applied]) -> tuple[object, ...]:
    applied = sum(one.amount for one in paid)
    state = "unpaid" if not applied and due.amount else "paid" if applied == due.amount else "part"
    if state == "part" and any(one.how == "short" for one in paid):
        state = "short"
    days = [one.line.receipt.day for one in paid if one.line.receipt.day is not None]
    last = max(days) if days else None
    late = None if last is None or due.day is None else (last - due.day).days
    return due.id, due.amount, applied, due.amount - applied, state, last, late


def _receipt(book: Book, receipt: Receipt, paid: list[Applied]) -> tuple[object, ...]:
    applied = sum(one.amount for one in paid)
    left = receipt.amount - applied
    state, zh, en = "applied", "", ""
    if left and paid:
        state, zh, en = "over", f"多收 {yuan(left)} 元，无对应应收", f"{yuan(left)} yuan more than was due"
    elif left:
        twice = receipt.twice or _twice(book, receipt)
        if twice:
            state, zh, en = "twice", f"{twice} 已由同额收款付清", f"{twice} has been paid by an equal amount"
        elif receipt.ambiguous:
            names = "、".join(receipt.ambiguous[:5])
            state, zh, en = "ambiguous", f"可能为 {names}，无法确定", f"could be {names}: nothing tells which"
        else:
            state, zh, en = "left", "无对应应收", "no receivable answers it"
    return receipt.id, receipt.amount, applied, left, state, zh, en


def _twice(book: Book, receipt: Receipt) -> str:
    """The receivable that another receipt of the same amount has paid, where this one names it or is its payer's."""
    for line in receipt.lines:
        named = book.named(line.reference, prefixed=line.own)
        owed = [due for _, due in book.own(receipt.party)] if not named else []
        for due in (*named, *owed):
            for _, day, amount in due.paid_by:
                near = day is None or receipt.day is None or abs((receipt.day - day).days) <= _TWICE_DAYS
                if due.closed and amount == line.amount and near and book.speaks_for(receipt.party, due):
                    return due.id
    return ""
