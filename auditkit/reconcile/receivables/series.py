"""Instalments of one contract: what a receipt pays of them, the month that it names first, else the oldest."""

from __future__ import annotations

import re
from typing import Final

from auditkit.reconcile.receivables.book import Book
from auditkit.reconcile.receivables.choices import Part, Parts
from auditkit.reconcile.receivables.references import references_in
from auditkit.reconcile.receivables.sides import Due, Line

_MONTH: Final = re.compile(
    r"(?:(20\d\d)\s*[年\-./])?\s*(1[0-2]|0?[1-9])\s*月|(20\d\d)[\-./](1[0-2]|0[1-9])(?!\d|[\-./]\d)"
)
_FAR_DAYS: Final = 92


def oldest_first(book: Book, line: Line) -> Parts:
    """The month that the text names, else the one instalment of that amount, else those due first.

    Source: 民法典第五百六十条: what the debtor names; else what fell due first.
    """
    pile = _of(book, line)
    if line.amount <= 0 or not pile:
        return []
    named = _named_months(line, pile)
    if named and all(due.closed for due in named) and any(line.amount == due.amount for due in named):
        line.receipt.twice, line.done = named[0].id, True
        return []
    open_ = [due for due in pile if not due.closed and due.standing(line.receipt.day)]
    first = [due for due in named if not due.closed] or _of_that_amount(line, open_)
    chosen: Parts = []
    rest = line.amount
    for due in [*first, *(due for due in open_ if due not in first)]:
        amount = min(rest, due.open)
        if amount > 0:
            chosen.append(Part(due, amount, amount == due.open))
            rest -= amount
    return chosen


def _of(book: Book, line: Line) -> list[Due]:
    """The one contract's instalments that a line is about: it names the contract, or the payer has no other."""
    written = [line.reference] if not line.own else references_in(f"{line.receipt.reference} {line.receipt.text}")
    named = {id(pile): pile for ref in written for due in book.named(ref) if (pile := book.series.get(due.id))}
    if not named and any(book.named(ref) for ref in written):
        return []
    owed = [due for _, due in book.own(line.receipt.party) if not due.closed and due.amount > 0]
    piles = named or {id(book.series.get(due.id)): book.series.get(due.id) for due in owed}
    if len(piles) > 1:
        piles = {key: pile for key, pile in piles.items() if pile and any(due.open == line.amount for due in pile)}
    found = next(iter(piles.values())) if len(piles) == 1 else None
    return [due for due in found or [] if book.speaks_for(line.receipt.party, due)]


def _named_months(line: Line, pile: list[Due]) -> list[Due]:
    said = [
        (int(year or of or 0), int(month or no))
        for year, month, of, no in _MONTH.findall(f"{line.text} {line.receipt.text if line.own else ''}")
    ]
    return [
        due
        for due in pile
        if due.day is not None
        and any(due.day.month == month and (due.day.year == year or not year) for year, month in said)
        and (line.receipt.day is None or abs((line.receipt.day - due.day).days) <= 2 * _FAR_DAYS)
    ]


def _of_that_amount(line: Line, open_: list[Due]) -> list[Due]:
    """The one instalment of that amount among instalments of different amounts, if it is due in these days."""
    fits = [due for due in open_ if due.open == line.amount]
    near = [due for due in fits if due.day and line.receipt.day and abs((line.receipt.day - due.day).days) <= _FAR_DAYS]
    return near[:1] if len(fits) < len(open_) else []
