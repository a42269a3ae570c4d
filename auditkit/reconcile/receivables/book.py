"""The receivables, found by what a receipt says: their reference, their payer, the contract they are instalments of."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from functools import cached_property

from auditkit.reconcile.abbreviations import DIFFERENT, stand
from auditkit.reconcile.names import normal_name
from auditkit.reconcile.receivables.references import NONE, NUMBER, Reference, compare
from auditkit.reconcile.receivables.sides import Due


class Book:
    """All receivables, the one that falls due first first."""

    def __init__(self, dues: list[Due]) -> None:
        self.dues = dues
        self.at = {due.id: i for i, due in enumerate(dues)}
        self.by_whole: dict[str, list[Due]] = {}
        self.by_numbers: dict[tuple[int, ...], list[Due]] = {}
        self.by_party: dict[str, list[Due]] = {}
        for due in dues:
            self.by_party.setdefault(due.party, []).append(due)
            for reference in due.references:
                self.by_whole.setdefault(reference.whole, []).append(due)
                if reference.numbers:
                    self.by_numbers.setdefault(reference.numbers, []).append(due)
        self._own: dict[str, list[tuple[int, Due]]] = {}

    def named(self, reference: Reference, *, prefixed: bool = False) -> list[Due]:
        """Receivables that a reference names, as written if any is; `prefixed`: not by a bare number."""
        if not reference.whole:
            return []
        whole = self.by_whole.get(reference.whole, [])
        if whole or (prefixed and not reference.letters):
            return whole
        near = self.by_numbers.get(reference.numbers, [])
        return [due for due in near if min(compare(reference, meant) for meant in due.references) <= NUMBER]

    def own(self, payer: str) -> list[tuple[int, Due]]:
        """The receivables that a payer may owe, with how its name stands to the debtor's."""
        if payer not in self._own:
            levels = {party: stand(payer, party) for party in self.by_party if party} if payer else {}
            self._own[payer] = [(levels[d.party], d) for d in self.dues if levels.get(d.party, DIFFERENT) < DIFFERENT]
        return self._own[payer]

    def speaks_for(self, payer: str, due: Due) -> bool:
        """Whether nothing in the names is against it."""
        return not payer or not due.party or stand(payer, due.party) < DIFFERENT

    @cached_property
    def series(self) -> dict[str, list[Due]]:
        """Instalments of one contract, by the id of each: they share a reference, or a debtor and mostly one amount."""
        piles: dict[tuple[str, str], list[Due]] = {}
        for due in self.dues:
            piles.setdefault((normal_name(due.party), "" if due.reference == due.id else due.reference), []).append(due)
        found: dict[str, list[Due]] = {}
        for (party, reference), pile in piles.items():
            pile = [due for due in pile if due.amount > 0]
            usual = max(Counter(due.amount for due in pile).values(), default=0)
            if len(pile) > 1 and (reference or (party and usual > 1 and 2 * usual >= len(pile))):
                found.update((due.id, pile) for due in pile)
        return found


def slips(reference: Reference, dues: Iterable[tuple[int, Due]]) -> Iterator[Due]:
    """Receivables whose reference is one slip of the pen away from what was written."""
    for _, due in dues:
        if (
            reference.whole
            and NUMBER < min((compare(reference, meant) for meant in due.references), default=NONE) < NONE
        ):
            yield due
