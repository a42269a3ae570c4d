"""Several sums that want the same rows: which of them hold together, and whether that is the only answer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import coo_array, csr_array

from auditkit.reconcile.matching.sides import Side

_WIDE: Final = 3_000
"""Different sets of rows that choices may block at a time, up to which all choices are walked through."""
_WHOLE: Final = (1 << 64) - 1


@dataclass(frozen=True, slots=True)
class Sum:
    """Rows of one side and rows of the other that amount to the same, a fee included."""

    one: tuple[int, ...]
    other: tuple[int, ...]
    fee: int
    days: int
    note: str = ""
    note_en: str = ""

    def rows(self) -> list[tuple[int, int]]:
        """Its rows, each with the number of its side."""
        return [(0, row) for row in self.one] + [(1, row) for row in self.other]


def choose(one: Side, other: Side, sums: Sequence[Sum]) -> tuple[list[Sum], list[list[Sum]]]:
    """Sums that share no row: fewest rows over, then fewest groups, then least days; a tie is ambiguous.

    Shape: what is taken, and the lists of sums of which only some can hold, with nothing to say which.
    """
    taken: list[Sum] = []
    doubtful: list[list[Sum]] = []
    for part in _components(sums):
        if len(part) == 1:
            taken += part
            continue
        ordered = sorted(part, key=lambda s: _order(one, other, s))
        uses = [_uses(one, other, found) for found in ordered]
        best = _walk(ordered, uses) or _program(ordered, uses)
        if not best.tie:
            taken += [ordered[i] for i in _bits(best.first)]
            continue
        sure = [ordered[i] for i in _bits(best.common)]
        held = {row for found in sure for row in found.rows()}
        taken += sure
        doubtful += _components([found for found in ordered if not held.intersection(found.rows())])
    return taken, doubtful


def _components(sums: Sequence[Sum]) -> list[list[Sum]]:
    parent = list(range(len(sums)))

    def root(i: int) -> int:
        while parent[i] != i:
            parent[i] = parent[parent[i]]
            i = parent[i]
        return i

    holder: dict[tuple[int, int], int] = {}
    for i, found in enumerate(sums):
        for row in found.rows():
            parent[root(i)] = root(holder.setdefault(row, i))
    parts: dict[int, list[Sum]] = {}
    for i, found in enumerate(sums):
        parts.setdefault(root(i), []).append(found)
    return list(parts.values())


def _order(one: Side, other: Side, found: Sum) -> tuple[object, ...]:
    keys = (
        sorted([(int(one.day[r]), str(one.ids[r])) for r in found.one]),
        sorted([(int(other.day[r]), str(other.ids[r])) for r in found.other]),
    )
    return (found.days, *sorted(keys))


def _uses(one: Side, other: Side, found: Sum) -> int:
    """A number for the amounts that a sum takes from either side; of several sums they add up.

    What a choice leaves over follows from it: two choices of one number leave the same amounts.
    """
    signs = [(0, int(one.amount[row])) for row in found.one] + [(1, int(other.amount[row])) for row in found.other]
    return sum(_spread(amount * 2 + side) for side, amount in signs) & _WHOLE


def _spread(number: int) -> int:
    """A number of 64 bits that has nothing of the order of the numbers any more.

    Source: the finalizer of SplitMix64.
    """
    mixed = (number + 0x9E3779B97F4A7C15) & _WHOLE
    mixed = ((mixed ^ (mixed >> 30)) * 0xBF58476D1CE4E5B9) & _WHOLE
    mixed = ((mixed ^ (mixed >> 27)) * 0x94D049BB133111EB) & _WHOLE
    return mixed ^ (mixed >> 31)


class _Best(NamedTuple):
    """All best choices in one: their worth, the first of them, what they have in common, and whether they are a tie.

    Shape: choices are bits, one a sum; a tie = they do not all leave the same amounts over.
    """

    worth: int
    first: int
    common: int
    uses: int
    tie: bool

    def against(self, rival: _Best) -> _Best:
        """The better of two, or both where they are as good."""
        if self.worth != rival.worth:
            return self if self.worth > rival.worth else rival
        differ = self.first ^ rival.first
        first = self.first if differ & -differ & self.first else rival.first
        tie = self.tie or rival.tie or self.uses != rival.uses
        return _Best(self.worth, first, self.common & rival.common, self.uses, tie)


def _worths(sums: list[Sum]) -> list[int]:
    """Rows before groups before days: nothing is weighed against another."""
    days = sum(found.days for found in sums) + 1
    return [(len(s.one) + len(s.other)) * (len(sums) + 1) * days - days - s.days for s in sums]


def _walk(sums: list[Sum], uses: list[int]) -> _Best | None:
    """Every best choice, from the first day to the last: of choices that block the same later rows only the best.

    None where too many rows are open at a time.
    """
    held = {row: 1 << n for n, row in enumerate(dict.fromkeys(row for s in sums for row in s.rows()))}
    masks = [sum(held[row] for row in s.rows()) for s in sums]
    # The rows of a side stand in the order of their days: sums that begin together come together.
    order = sorted(range(len(sums)), key=lambda i: (min(sums[i].one), min(sums[i].other)))
    later = 0
    ahead: list[int] = []
    for i in reversed(order):
        ahead.append(later)
        later |= masks[i]
    worths = _worths(sums)
    states: dict[int, _Best] = {0: _Best(0, 0, 0, 0, False)}
    for i, rest in zip(order, reversed(ahead), strict=True):
        following: dict[int, _Best] = {}
        mask, bit, worth, use = masks[i], 1 << i, worths[i], uses[i]
        for used, best in states.items():
            key = used & rest
            before = following.get(key)
            following[key] = best if before is None else before.against(best)
            if not used & mask:
                more = _Best(
                    best.worth + worth, best.first | bit, best.common | bit, (best.uses + use) & _WHOLE, best.tie
                )
                key = (used | mask) & rest
                before = following.get(key)
                following[key] = more if before is None else before.against(more)
        states = following
        if len(states) > _WIDE:
            return None
    return states[0]


def _bits(choice: int) -> list[int]:
    return [i for i in range(choice.bit_length()) if choice >> i & 1]


def _program(sums: list[Sum], uses: list[int]) -> _Best:
    """The same by integer programming: a best choice, and others as good that have ever less in common with it."""
    rows = {row: n for n, row in enumerate(dict.fromkeys(row for s in sums for row in s.rows()))}
    at = [rows[row] for s in sums for row in s.rows()]
    to = [i for i, s in enumerate(sums) for _ in s.rows()]
    once = coo_array((np.ones(len(at)), (at, to)), shape=(len(rows), len(sums))).tocsr()
    aims = [
        np.array([-len(s.one) - len(s.other) for s in sums]),
        np.ones(len(sums), dtype=int),
        np.array([s.days for s in sums]),
    ]
    best = _as_best(_stages(once, aims), uses)
    while True:
        shared = np.array([best.common >> i & 1 for i in range(len(sums))])
        both = best.against(_as_best(_stages(once, [*aims, shared]), uses))
        if both.common == best.common:
            return both
        best = both


def _as_best(chosen: list[int], uses: list[int]) -> _Best:
    choice = sum(1 << i for i in chosen)
    return _Best(0, choice, choice, sum(uses[i] for i in chosen) & _WHOLE, False)


def _stages(once: csr_array, aims: list[Any]) -> list[int]:
    """One aim after the other, each held while the next is sought."""
    held = [LinearConstraint(once, ub=np.ones(once.shape[0]))]
    whole = np.ones(once.shape[1], dtype=np.int64)
    chosen = np.zeros(once.shape[1])
    for aim in aims:
        solved = milp(aim, constraints=held, integrality=whole, bounds=Bounds(0, 1), options={"mip_rel_gap": 0})
        chosen = np.rint(np.asarray(solved.x))
        held.append(LinearConstraint(aim[None, :], ub=int(aim @ chosen) + 0.5))
    return np.flatnonzero(chosen).tolist()
