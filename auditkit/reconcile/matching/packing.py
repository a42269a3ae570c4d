"""Several sums that want the same rows: which of them hold together, and whether that is the only answer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import coo_array, csr_array

from auditkit.reconcile.matching.sides import Side

_FEW: Final = 14
"""Sums of one knot up to which every choice is looked at."""


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
        best, *rivals = _search(ordered) if len(ordered) <= _FEW else _program(ordered)
        sure = best
        if any(_uses(one, other, ordered, rival) != _uses(one, other, ordered, best) for rival in rivals):
            sure = [i for i in best if all(i in rival for rival in rivals)]
            held = {row for i in sure for row in ordered[i].rows()}
            doubtful += _components([s for s in ordered if not held.intersection(s.rows())])
        taken += [ordered[i] for i in sure]
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


def _uses(one: Side, other: Side, sums: list[Sum], chosen: list[int]) -> tuple[list[int], list[int]]:
    """The amounts that a choice takes from either side: what it leaves over follows."""
    return (
        sorted(int(one.amount[row]) for i in chosen for row in sums[i].one),
        sorted(int(other.amount[row]) for i in chosen for row in sums[i].other),
    )


def _search(sums: list[Sum]) -> list[list[int]]:
    """Every best choice among a few sums, the first in their order first."""
    bits = {row: 1 << n for n, row in enumerate(dict.fromkeys(row for s in sums for row in s.rows()))}
    masks = [sum(bits[row] for row in s.rows()) for s in sums]
    best: list[list[int]] = [[]]
    value = (0, 0, 0)

    def go(i: int, used: int, chosen: list[int], worth: tuple[int, int, int]) -> None:
        nonlocal best, value
        if worth > value:
            best, value = [chosen], worth
        elif worth == value and chosen not in best:
            best.append(chosen)
        for j in range(i, len(sums)):
            if not masks[j] & used:
                go(j + 1, used | masks[j], [*chosen, j], _plus(worth, sums[j]))

    go(0, 0, [], value)
    return best


def _plus(worth: tuple[int, int, int], found: Sum) -> tuple[int, int, int]:
    rows, groups, days = worth
    return rows + len(found.one) + len(found.other), groups - 1, days - found.days


def _program(sums: list[Sum]) -> list[list[int]]:
    """A best choice among many sums, and for each of its sums a choice as good without it where there is one."""
    rows = {row: n for n, row in enumerate(dict.fromkeys(row for s in sums for row in s.rows()))}
    at = [rows[row] for s in sums for row in s.rows()]
    to = [i for i, s in enumerate(sums) for _ in s.rows()]
    once = coo_array((np.ones(len(at)), (at, to)), shape=(len(rows), len(sums))).tocsr()
    aims = [
        np.array([-len(s.one) - len(s.other) for s in sums]),
        np.ones(len(sums), dtype=int),
        np.array([s.days for s in sums]),
    ]
    best, worth = _stages(once, aims, np.ones(len(sums)))
    choices = [best]
    for i in best:
        allowed = np.ones(len(sums))
        allowed[i] = 0
        rival, reached = _stages(once, aims, allowed)
        if reached == worth:
            choices.append(rival)
    return choices


def _stages(once: csr_array, aims: list[Any], allowed: Any) -> tuple[list[int], list[int]]:
    """One aim after the other, each held while the next is sought: nothing is weighed against another."""
    held = [LinearConstraint(once, ub=np.ones(once.shape[0]))]
    reached: list[int] = []
    chosen = np.zeros(len(allowed))
    for aim in aims:
        solved = milp(
            aim, constraints=held, integrality=np.ones(len(allowed), dtype=np.int64), bounds=Bounds(0, allowed),
            options={"mip_rel_gap": 0},
        )  # fmt: skip
        chosen = np.rint(np.asarray(solved.x))
        reached.append(int(aim @ chosen))
        held.append(LinearConstraint(aim[None, :], ub=reached[-1] + 0.5))
    return np.flatnonzero(chosen).tolist(), reached
