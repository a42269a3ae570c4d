"""One to one: which rows of one amount could answer each other, and the pairing with the least days."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.optimize import linear_sum_assignment
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from auditkit.reconcile.matching.sides import Bools, Ints, Side


@dataclass(frozen=True, slots=True)
class Edges:
    """Pairs that could be meant: a row of one side, a row of the other, and the days between them."""

    one: Ints
    other: Ints
    days: Ints

    def keep(self, mask: Bools) -> Edges:
        """The edges that a mask names."""
        return Edges(self.one[mask], self.other[mask], self.days[mask])


def edges_of_equal(one: Side, other: Side, window: int, one_key: Ints, other_key: Ints) -> Edges:
    """Open rows of equal key within the window, on one account where both name one."""
    mine, theirs = one.left(), other.left()
    if not len(mine) or not len(theirs):
        empty = np.zeros(0, dtype=np.int64)
        return Edges(empty, empty, empty)
    codes, _ = pd.factorize(np.concatenate([one_key[mine], other_key[theirs]]))
    a_code, b_code = codes[: len(mine)].astype(np.int64), codes[len(mine) :].astype(np.int64)
    first = min(int(one.day[mine].min()), int(other.day[theirs].min()))
    last = max(int(one.day[mine].max()), int(other.day[theirs].max()))
    span = last - first + 2 * window + 2
    a = a_code * span + (one.day[mine] - first + window)
    b = b_code * span + (other.day[theirs] - first + window)
    order = np.argsort(b, kind="stable")
    b = b[order]
    low, high = np.searchsorted(b, a - window, "left"), np.searchsorted(b, a + window, "right")
    count = high - low
    at = np.repeat(np.arange(len(mine)), count)
    offset = np.arange(len(at)) - np.repeat(np.cumsum(count) - count, count)
    left, right = mine[at], theirs[order[np.repeat(low, count) + offset]]
    found = Edges(left, right, np.abs(one.day[left] - other.day[right]))
    return found.keep(same_account(one, other, found))


def same_account(one: Side, other: Side, edges: Edges) -> Bools:
    """A row that names an account is answered on that account only."""
    a, b = one.codes["account"][edges.one], other.codes["account"][edges.other]
    return (a == b) | (a == 0) | (b == 0)


def pair_up(one: Side, other: Side, edges: Edges, cost: Ints) -> list[tuple[int, int]]:
    """Most pairs first, then the least cost, in each cluster by itself; ties go to the earlier row."""
    if not len(edges.one):
        return []
    size = len(one) + len(other)
    graph = coo_array((np.ones(len(edges.one), dtype=np.int8), (edges.one, edges.other + len(one))), shape=(size, size))
    _, label = connected_components(graph, directed=False)
    label = label[edges.one]
    order = np.lexsort((edges.other, edges.one, label))
    label = label[order]
    starts = np.flatnonzero(np.append(True, label[1:] != label[:-1]))
    sizes = np.diff(np.append(starts, len(label)))
    alone = order[starts[sizes == 1]]
    pairs = list(zip(edges.one[alone].tolist(), edges.other[alone].tolist(), strict=True))
    for start, length in zip(starts[sizes > 1].tolist(), sizes[sizes > 1].tolist(), strict=True):
        at = order[start : start + length]
        pairs += _assign(one, other, edges.one[at], edges.other[at], cost[at])
    return pairs


def _assign(one: Side, other: Side, mine: Ints, theirs: Ints, cost: Ints) -> list[tuple[int, int]]:
    rows, row_at = np.unique(mine, return_inverse=True)
    columns, column_at = np.unique(theirs, return_inverse=True)
    # Ties go by days and ids, seen from whichever side comes first: a swap of the sides changes nothing.
    turned = _key(other, columns) < _key(one, rows)
    if turned:
        rows, row_at, columns, column_at = columns, column_at, rows, row_at
    steps = len(rows) * len(columns) + 1
    late = row_at.astype(np.int64) + column_at
    weight = cost.astype(np.int64) * (steps * 2) + late
    never = int(weight.max() + 1) * (min(len(rows), len(columns)) + 1)
    table = np.full((len(rows), len(columns)), never, dtype=np.float64)
    table[row_at, column_at] = weight
    at, to = linear_sum_assignment(table)
    pairs = [(int(rows[i]), int(columns[j])) for i, j in zip(at, to, strict=True) if table[i, j] < never]
    return [(b, a) for a, b in pairs] if turned else pairs


def _key(side: Side, rows: Ints) -> list[tuple[int, str]]:
    return [(int(side.day[row]), str(side.ids[row])) for row in rows]
