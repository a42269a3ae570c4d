"""How an amount stands to what is still open of a receivable."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

from auditkit.money import fen
from auditkit.reconcile.receivables.sides import Due

FULL, SHORT, PART, OVER = 0, 1, 2, 3
_AMOUNT: Final = re.compile(r"(?<![\d.])(\d{1,3}(?:,\d{3})+|\d+)(\.\d{1,2})?(?![\d.]*\d|\s*[%％‰])")
_PERCENT: Final = re.compile(r"(\d{1,2})(?:\.(\d))?\s*[%％]")
_HALF_PERCENTS: Final = tuple(range(1, 11))
"""Customary deductions, in half percents of the whole: up to 5 %."""


def fit(amount: int, due: Due, text: str = "") -> int | None:
    """FULL, SHORT by what the text states or by a plain rate, PART or OVER; None where it cannot pay it."""
    if due.closed or amount == 0 or (amount > 0) != (due.open > 0):
        return None
    paid, left = abs(amount), abs(due.open)
    if paid == left:
        return FULL
    if paid > left:
        return OVER
    stated, rates = _stated(text)
    if left - paid in stated:
        return SHORT
    whole = due.open == due.amount
    return SHORT if whole and any(abs(left * (1000 - r) - paid * 1000) <= 1000 for r in rates) else PART


@lru_cache(maxsize=100_000)
def _stated(text: str) -> tuple[frozenset[int], frozenset[int]]:
    """The amounts in fen, and the rates in parts of a thousand, that may have been taken off."""
    amounts = frozenset(
        fen(whole.replace(",", "") + part) for whole, part in _AMOUNT.findall(text) if len(whole) <= len("100,000,000")
    )
    named = {int(whole) * 10 + int(part or 0) for whole, part in _PERCENT.findall(text)}
    return amounts, frozenset(named | {half * 5 for half in _HALF_PERCENTS})
