"""Money is whole fen; this module is the only place where fen become text or are divided."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction


def fen(amount: Decimal | str | int) -> int:
    """Yuan to whole fen, half a fen away from zero.

    Units: yuan in, fen out.
    Raises: decimal.InvalidOperation where the text is no number.
    """
    return int((Decimal(amount) * 100).quantize(Decimal(1), rounding=ROUND_HALF_UP))


def yuan(amount: int) -> str:
    """Fen as people write it: 123456 -> «1,234.56»."""
    sign = "-" if amount < 0 else ""
    whole, cents = divmod(abs(int(amount)), 100)
    return f"{sign}{whole:,}.{cents:02d}"


def divide(numerator: int, denominator: int) -> int:
    """Whole quotient, half rounded away from zero, without a float on the way."""
    if denominator < 0:
        numerator, denominator = -numerator, -denominator
    quotient, rest = divmod(abs(numerator) * 2 + denominator, denominator * 2)
    del rest
    return -quotient if numerator < 0 else quotient


def exact(number: float | int | str) -> Fraction:
    """The decimal that was written, as a fraction: 0.3 is 3/10, not the nearest binary float."""
    return Fraction(str(number))


def share(amount: int, ratio: float | Fraction) -> int:
    """A ratio of an amount in fen, half up: share(1001, 0.3) == 300.

    Units: fen; ratio 0-1.
    """
    part = amount * (ratio if isinstance(ratio, Fraction) else exact(ratio))
    return divide(part.numerator, part.denominator)


def by_days(amount: int, days: int, whole: int) -> int:
    """The part of an instalment that falls on some days of its cycle, half up to the fen.

    Units: fen; days of the part, days of the whole cycle.
    """
    return divide(amount * days, whole)
