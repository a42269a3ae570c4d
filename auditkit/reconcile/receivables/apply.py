"""The steps, in order, on one screen: what each receipt says, from the surest evidence to the weakest."""

from __future__ import annotations

import pandas as pd

from auditkit.reconcile.receivables.answer import Applied, answer
from auditkit.reconcile.receivables.book import Book
from auditkit.reconcile.receivables.choices import AFTER_SERIES, BEFORE_SERIES, Choice, Parts
from auditkit.reconcile.receivables.references import Reference, read_reference, references_in
from auditkit.reconcile.receivables.result import Applications
from auditkit.reconcile.receivables.series import oldest_first
from auditkit.reconcile.receivables.sides import Due, Line, Receipt, read_receipts, read_receivables

_NOTHING = read_reference("")
_STEPS: tuple[tuple[str, Choice], ...] = (*BEFORE_SERIES, ("series", oldest_first), *AFTER_SERIES)


def apply_receipts(
    receivables: pd.DataFrame, receipts: pd.DataFrame, remittances: pd.DataFrame | None = None
) -> Applications:
    """Which receipt pays which receivable, and by how much: several at once, in part, short, over, or twice.

    Shape: receivables and receipts have id, date (the due day; the day of receipt), amount, and whatever they have of
    issued, counterparty, text, reference, method; receivables that share a reference are instalments of one contract.
    remittances have id, receipt, and what there is of reference, amount, text. A credit is a negative amount.
    Units: fen.
    Raises: ValueError where a column is missing, an id is blank or stands twice, or a line names no receipt.
    """
    book, money = Book(read_receivables(receivables)), read_receipts(receipts, remittances)
    for receipt in money:
        _lines(book, receipt)
    lines = [line for receipt in money for line in receipt.lines]
    applied: list[Applied] = []
    before = -1
    while before != len(applied):
        before = len(applied)
        for evidence, choose in _STEPS:
            for line in lines:
                if not line.done and line.amount:
                    applied += _take(line, choose(book, line), evidence)
    return answer(book, money, applied)


def _take(line: Line, parts: Parts, evidence: str) -> list[Applied]:
    found: list[Applied] = []
    for due, amount, closes in parts:
        how = _how(line, parts, evidence, due, amount, closes=closes)
        due.open -= amount
        due.closed = due.closed or closes
        due.paid_by.append((line.receipt.party, line.receipt.day, line.amount))
        line.done = True
        found.append(Applied(line, due, amount, evidence, how))
    return found


def _how(line: Line, parts: Parts, evidence: str, due: Due, amount: int, *, closes: bool) -> str:
    if (amount > 0) != (line.receipt.amount > 0):
        return "credit"
    if closes and amount != due.open:
        return "short"
    if len(parts) == 1 and evidence != "series" and line.amount != amount:
        return "over"
    return "full" if amount == due.amount else "part"


def _lines(book: Book, receipt: Receipt) -> None:
    """What a receipt says that it pays: its remittance's lines, what they leave, or what its own words name."""
    if not receipt.lines:
        receipt.lines = _own_lines(book, receipt)
        return
    blank = [line for line in receipt.lines if not line.amount]
    rest = receipt.amount - sum(line.amount for line in receipt.lines)
    for line in blank:
        due = next(iter(book.named(line.reference)), None)
        line.amount = min(rest, due.amount) if due is not None and rest > 0 else 0
        rest -= line.amount
    if rest and (rest > 0) == (receipt.amount > 0):
        receipt.lines.append(Line(receipt, "", rest, _NOTHING, receipt.text, own=True))


def _own_lines(book: Book, receipt: Receipt) -> list[Line]:
    named: dict[str, tuple[Reference, Due]] = {}
    for reference in references_in(f"{receipt.reference} {receipt.text}"):
        found = [d for d in book.named(reference, prefixed=True) if book.speaks_for(receipt.party, d)]
        if len(found) == 1 and not found[0].closed:
            named[found[0].id] = reference, found[0]
    if len(named) < 2:
        reference = next((reference for reference, _ in named.values()), _NOTHING)
        return [Line(receipt, "", receipt.amount, reference, receipt.text, own=True)]
    lines: list[Line] = []
    rest = receipt.amount
    for reference, due in sorted(named.values(), key=lambda pair: book.at[pair[1].id]):
        amount = min(rest, due.amount) if rest > 0 else 0
        lines.append(Line(receipt, due.id, amount, reference, receipt.text, own=False))
        rest -= amount
    return [*lines, Line(receipt, "", rest, _NOTHING, "", own=True)] if rest else lines
