"""What a line pays, from the surest evidence to the weakest: each choice is made only where nothing else could be."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Final, NamedTuple

import numpy as np

from auditkit.reconcile.matching.chance import expected_hits
from auditkit.reconcile.matching.subsets import sums_between
from auditkit.reconcile.receivables.book import Book, slips
from auditkit.reconcile.receivables.fits import FULL, OVER, PART, SHORT, fit
from auditkit.reconcile.receivables.sides import Due, Line

_CANDIDATES: Final = 40
_ROWS: Final = 12
_CHANCE: Final = 0.01
"""Sums are sought among so many receivables, of so many, and taken below so many hits to be expected by chance."""
_NEAR: Final = 10
"""A payer's only open receivable is meant where the amount misses it by one part in so many at the most."""
_FAR_OVER: Final = 1.5
"""From so many times the sum due on, a slip of the pen in the reference is likelier than an overpayment."""
_FAR_DAYS: Final = 92
"""Days from the due day within which an amount alone speaks for a receivable."""


class Part(NamedTuple):
    """What goes from a line to a receivable."""

    due: Due
    amount: int
    closes: bool


Parts = list[Part]


def _pay(line: Line, due: Due, how: int | None) -> Parts:
    amount = due.open if how == OVER else line.amount
    return [Part(due, amount, how != PART)]


def _only(line: Line, found: Iterable[Due], *levels: int) -> Parts:
    """The one receivable whose amount fits best; none where two fit as well, and that is remembered."""
    fits = [(fit(line.amount, due, line.text), due) for due in found]
    best = min((level for level, _ in fits if level is not None and level in levels), default=None)
    chosen = [due for level, due in fits if level == best] if best is not None else []
    if len(chosen) > 1:
        line.receipt.ambiguous = tuple(due.id for due in chosen)
    return _pay(line, chosen[0], best) if len(chosen) == 1 else []


def _named(book: Book, line: Line) -> list[Due]:
    named = book.named(line.reference, prefixed=line.own)
    return [due for due in named if book.speaks_for(line.receipt.party, due)]


def _slips(book: Book, line: Line) -> list[Due]:
    """None where the reference as written names one of the payer's own that is paid already: that is paid twice."""
    if line.own or any(due.closed for due in _named(book, line)):
        return []
    return list(slips(line.reference, book.own(line.receipt.party)))


def reference_and_amount(book: Book, line: Line) -> Parts:
    """The reference names it, or is one slip away, and the amount is what is open, or short of it as stated.

    Both in one step, so that of two equal payments the earlier pays, slip or no slip.
    """
    return _only(line, _named(book, line), FULL, SHORT) or _only(line, _slips(book, line), FULL, SHORT)


def named(book: Book, line: Line) -> Parts:
    """The reference names it and the payer agrees: paid in part, or more came than was due."""
    found = _only(line, _named(book, line), PART, OVER)
    if found and found[0].closes and abs(line.amount) > _FAR_OVER * abs(found[0].amount):
        return slip(book, line) or (found if line.receipt.party else [])
    return found


def slip(book: Book, line: Line) -> Parts:
    """A slip of the pen in the reference, the payer agrees, and it is paid in part, or a little more came."""
    able = [due for due in _slips(book, line) if fit(line.amount, due) is not None]
    if len(able) > 1:
        line.receipt.ambiguous = tuple(due.id for due in able)
    if len(able) != 1 or abs(line.amount) > _FAR_OVER * abs(able[0].open):
        return []
    return _pay(line, able[0], fit(line.amount, able[0]))


def stranger(book: Book, line: Line) -> Parts:
    """The reference and the amount agree, and somebody else has paid: in another's stead."""
    if any(fit(line.amount, due, line.text) in (FULL, SHORT) for _, due in book.own(line.receipt.party)):
        return []
    return _only(line, book.named(line.reference, prefixed=line.own), FULL)


def _standing(book: Book, line: Line) -> list[tuple[int, Due]]:
    return [(level, due) for level, due in book.own(line.receipt.party) if due.standing(line.receipt.day)]


def _by_name(found: list[tuple[int, Due]]) -> Iterator[list[Due]]:
    """Receivables of the payers that stand nearest, then of the next."""
    for level in sorted({level for level, _ in found}):
        yield [due for at, due in found if at == level]


def amount_of_payer(book: Book, line: Line) -> Parts:
    """The payer owes exactly that, once."""
    return _first(line, _by_name(_standing(book, line)), FULL)


def short_of_payer(book: Book, line: Line) -> Parts:
    """The payer owes that less a stated deduction or a plain rate, once."""
    return _first(line, _by_name(_standing(book, line)), SHORT)


def _first(line: Line, tiers: Iterator[list[Due]], level: int) -> Parts:
    for dues in tiers:
        if any(fit(line.amount, due, line.text) == level for due in dues):
            return _only(line, dues, level)
    return []


def sum_of_payer(book: Book, line: Line) -> Parts:
    """Several that the payer owes make the amount: all, or those due first, or the only ones that do."""
    if not line.own:
        return []
    for dues in _by_name(_standing(book, line)):
        able = [due for due in dues if fit(line.amount, due) == OVER]
        if 1 < len(able) <= _CANDIDATES:
            chosen = _sum(line, able)
            if chosen:
                return [Part(due, due.open, True) for due in chosen]
    return []


def _sum(line: Line, able: list[Due]) -> list[Due]:
    amounts = np.array([abs(due.open) for due in able], dtype=np.int64)
    oldest = np.flatnonzero(np.cumsum(amounts) == abs(line.amount))
    if len(oldest) and oldest[0]:
        return able[: int(oldest[0]) + 1]
    hits = expected_hits(amounts, min(_ROWS, len(able)))
    sizes = [size for size, expected in hits.items() if expected < _CHANCE]
    sums = sums_between(amounts, abs(line.amount), abs(line.amount), sizes) if sizes else []
    if len(sums) > 1:
        line.receipt.ambiguous = tuple(sorted({able[i].id for at in sums for i in at}))
    if len(sums) != 1:
        return []
    chosen = [able[i] for i in sums[0]]
    left = [due.open for i, due in enumerate(able) if i not in sums[0]]
    return [] if any(due.open in left for due in chosen) else chosen


def only_open(book: Book, line: Line) -> Parts:
    """The payer owes nothing else, and the amount misses it by little."""
    able = [due for _, due in _standing(book, line) if fit(line.amount, due) is not None]
    if len(able) != 1 or (line.reference.whole and not line.own):
        return []
    off = abs(line.amount - able[0].open)
    return _pay(line, able[0], fit(line.amount, able[0])) if off * _NEAR <= abs(able[0].open) else []


def amount_alone(book: Book, line: Line) -> Parts:
    """The receipt names nobody, and one open receivable of these days has that amount."""
    if line.receipt.party:
        return []
    return _only(line, [due for due in book.dues if due.standing(line.receipt.day) and _near(line, due)], FULL)


def _near(line: Line, due: Due) -> bool:
    days = line.receipt.day, due.day
    return days[0] is None or days[1] is None or abs((days[0] - days[1]).days) <= _FAR_DAYS


Choice = Callable[[Book, Line], Parts]
BEFORE_SERIES: Final[tuple[tuple[str, Choice], ...]] = (
    ("reference", reference_and_amount), ("reference", named), ("slip", slip), ("stranger", stranger),
)  # fmt: skip
AFTER_SERIES: Final[tuple[tuple[str, Choice], ...]] = (
    ("amount", amount_of_payer), ("deduction", short_of_payer), ("sum", sum_of_payer), ("only", only_open),
    ("alone", amount_alone),
)  # fmt: skip
