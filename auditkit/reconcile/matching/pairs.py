"""One to one: which rows of one amount could answer each other, and the pairing with the least days."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.optimize import linear_sum_assignment, linprog
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from auditkit.reconcile.matching.sides import Bools, Ints, Side

FINE: Final = 16
EVIDENCE: Final = 512 * FINE
"""A cost is evidence x EVIDENCE + days x FINE + what is left to say: evidence always comes before days."""
_MANY = 250_000
"""Pairs of one amount from which on its rows are weighed a day at a time, not one by one."""


@dataclass(frozen=True, slots=True)
class Edges:
    """Pairs that could be meant: a row of one side, a row of the other, and the days between them."""

    one: Ints
    other: Ints
    days: Ints

    def keep(self, mask: Bools | Ints) -> Edges:
        """The edges that a mask, or positions, name."""
        return Edges(self.one[mask], self.other[mask], self.days[mask])

    def __len__(self) -> int:
        return len(self.one)


@dataclass(frozen=True, slots=True)
class Cluster:
    """A solved cluster in which rows stay over: its edges, their evidence, and its pairs."""

    edges: Edges
    evidence: Ints
    pairs: list[tuple[int, int]]


@dataclass(frozen=True, slots=True)
class Crowd:
    """Rows of one amount that are too many to be weighed one by one."""

    one: Ints
    other: Ints


def edges_of_equal(
    one: Side,
    other: Side,
    window: int,
    keys: tuple[Ints, Ints],
    rows: tuple[Ints, Ints],
) -> tuple[Edges, list[Crowd]]:
    """Rows of equal key within the window, whatever their account; and the crowds left out of it."""
    (one_key, other_key), (mine, theirs) = keys, rows
    if not len(mine) or not len(theirs):
        empty = np.zeros(0, dtype=np.int64)
        return Edges(empty, empty, empty), []
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
    crowds: list[Crowd] = []
    per_key = np.bincount(a_code, weights=count, minlength=int(codes.max()) + 1)
    crowded = np.flatnonzero(per_key > _MANY)
    if len(crowded):
        crowds = [Crowd(mine[a_code == key], theirs[b_code == key]) for key in crowded.tolist()]
        count = np.where(np.isin(a_code, crowded), 0, count)
    at = np.repeat(np.arange(len(mine)), count)
    offset = np.arange(len(at)) - np.repeat(np.cumsum(count) - count, count)
    left, right = mine[at], theirs[order[np.repeat(low, count) + offset]]
    return Edges(left, right, np.abs(one.day[left] - other.day[right])), crowds


def same_account(one: Side, other: Side, edges: Edges) -> Bools:
    """A row that names an account is answered on that account only."""
    a, b = one.codes["account"][edges.one], other.codes["account"][edges.other]
    return (a == b) | (a == 0) | (b == 0)


def pair_up(
    one: Side, other: Side, edges: Edges, cost_of: Callable[[Edges], Ints]
) -> tuple[list[tuple[int, int]], list[Cluster]]:
    """Most pairs first, then the least cost, in each cluster by itself; ties go to the earlier row.

    Shape: the pairs, and the clusters in which rows stay over.
    """
    if not len(edges):
        return [], []
    size = len(one) + len(other)
    graph = coo_array((np.ones(len(edges), dtype=np.int8), (edges.one, edges.other + len(one))), shape=(size, size))
    _, label = connected_components(graph, directed=False)
    label = label[edges.one]
    order = np.lexsort((edges.other, edges.one, label))
    label = label[order]
    starts = np.flatnonzero(np.append(True, label[1:] != label[:-1]))
    sizes = np.diff(np.append(starts, len(label)))
    alone = order[starts[sizes == 1]]
    pairs = list(zip(edges.one[alone].tolist(), edges.other[alone].tolist(), strict=True))
    linked = edges.keep(order[np.repeat(sizes > 1, sizes)])
    cost = cost_of(linked)
    clusters: list[Cluster] = []
    start = 0
    for length in sizes[sizes > 1].tolist():
        at = np.arange(start, start + length)
        part, weight = linked.keep(at), cost[at]
        solved = _assign(one, other, part, weight)
        pairs += solved
        if len(solved) < max(len(np.unique(part.one)), len(np.unique(part.other))):
            clusters.append(Cluster(part, weight // EVIDENCE, solved))
        start += length
    return pairs, clusters


def _assign(one: Side, other: Side, edges: Edges, cost: Ints) -> list[tuple[int, int]]:
    rows, row_at = np.unique(edges.one, return_inverse=True)
    columns, column_at = np.unique(edges.other, return_inverse=True)
    # Ties go by days and ids, seen from whichever side comes first: a swap of the sides changes nothing.
    turned = _key(other, columns) < _key(one, rows)
    if turned:
        rows, row_at, columns, column_at = columns, column_at, rows, row_at
    if len(rows) == 1 or len(columns) == 1:
        at = min(range(len(cost)), key=lambda i: (int(cost[i]), int(row_at[i]), int(column_at[i])))
        pairs = [(int(rows[row_at[at]]), int(columns[column_at[at]]))]
    else:
        least = min(len(rows), len(columns))
        late = least * (len(rows) + len(columns))
        weight = cost * late + row_at + column_at
        never = int(weight.max() + 1) * (least + 1)
        table = np.full((len(rows), len(columns)), never, dtype=np.float64)
        table[row_at, column_at] = weight
        chosen = zip(*linear_sum_assignment(table), strict=True)
        pairs = [(int(rows[i]), int(columns[j])) for i, j in chosen if table[i, j] < never]
    return [(b, a) for a, b in pairs] if turned else pairs


def _key(side: Side, rows: Ints) -> list[tuple[int, str]]:
    return [(int(side.day[row]), str(side.ids[row])) for row in rows]


def pair_crowd(
    one: Side, other: Side, crowd: Crowd, window: int, apart: tuple[Ints, Ints]
) -> tuple[list[tuple[int, int]], dict[int, Ints], dict[int, Ints]]:
    """The pairing of many rows of one amount, a day and account at a time: most pairs, then the least days.

    `apart` are marks of the rows of either side: two rows that are both marked do not pair.
    Shape: the pairs, and for each row of either side that stays over the paired rows that could have stayed instead.
    """
    if _key(other, crowd.other[:1]) < _key(one, crowd.one[:1]):
        pairs, far, near = _crowd(other, one, Crowd(crowd.other, crowd.one), window, (apart[1], apart[0]))
        return [(b, a) for a, b in pairs], near, far
    return _crowd(one, other, crowd, window, apart)


def _crowd(
    one: Side, other: Side, crowd: Crowd, window: int, apart: tuple[Ints, Ints]
) -> tuple[list[tuple[int, int]], dict[int, Ints], dict[int, Ints]]:
    (mine, a), (theirs, b) = _classes(one, crowd.one, apart[0]), _classes(other, crowd.other, apart[1])
    link = np.abs(a[:, None, 0] - b[None, :, 0]) <= window
    link &= (a[:, None, 1] == b[None, :, 1]) | (a[:, None, 1] == 0) | (b[None, :, 1] == 0)
    link &= (a[:, None, 2] == 0) | (b[None, :, 2] == 0)
    at, to = np.nonzero(link)
    if not len(at):
        return [], {}, {}
    have, want = np.array([len(rows) for rows in mine]), np.array([len(rows) for rows in theirs])
    late = 2 * (len(mine) + len(theirs))
    cost = np.abs(a[at, 0] - b[to, 0]) * late + at + to
    worth = (int(cost.max()) + 1) * (min(len(mine), len(theirs)) + 1)
    edges, ones = np.arange(len(at)), np.ones(len(at))
    limits: Any = coo_array(
        (np.append(ones, ones), (np.append(at, to + len(mine)), np.append(edges, edges))),
        shape=(len(mine) + len(theirs), len(at)),
    ).tocsr()
    solved = linprog(cost - worth, A_ub=limits, b_ub=np.append(have, want), method="highs")
    flow = np.rint(np.asarray(solved.x)).astype(np.int64)
    pairs: list[tuple[int, int]] = []
    used, spent = np.zeros(len(mine), dtype=int), np.zeros(len(theirs), dtype=int)
    for i, j, number in zip(at.tolist(), to.tolist(), flow.tolist(), strict=True):
        some, partners = mine[i][used[i] : used[i] + number], theirs[j][spent[j] : spent[j] + number]
        pairs += zip(some.tolist(), partners.tolist(), strict=True)
        used[i] += number
        spent[j] += number
    near = _rivals(mine, used, at, to, flow)
    far = _rivals(theirs, spent, to, at, flow)
    return pairs, near, far


def _rivals(classes: list[Ints], used: Ints, at: Ints, to: Ints, flow: Ints) -> dict[int, Ints]:
    """For each row that stays over, the paired rows that an exchange of partners could leave over instead."""
    reach, holders = coo_array((np.ones(len(at)), (at, to))).tocsr(), coo_array((flow, (to, at))).tocsr()
    step = (reach @ holders).tocsr() if len(at) else reach
    found: dict[int, Ints] = {}
    for start in [i for i, rows in enumerate(classes) if used[i] < len(rows)]:
        seen, todo = {start}, [start]
        while todo:
            row = todo.pop()
            if row >= step.shape[0]:
                continue
            for rival in step.indices[step.indptr[row] : step.indptr[row + 1]].tolist():
                if rival not in seen:
                    seen.add(rival)
                    todo.append(rival)
        rivals = np.concatenate([classes[i][: used[i]] for i in sorted(seen)])
        found.update(dict.fromkeys(classes[start][used[start] :].tolist(), rivals))
    return found


def _classes(side: Side, rows: Ints, mark: Ints) -> tuple[list[Ints], npt.NDArray[np.int64]]:
    keys = np.stack([side.day[rows], side.codes["account"][rows], mark[rows]], axis=1)
    found, where = np.unique(keys, axis=0, return_inverse=True)
    order = np.argsort(where.ravel(), kind="stable")
    return np.split(rows[order], np.cumsum(np.bincount(where.ravel()))[:-1]), found


def could_be_meant(cluster: Cluster, start: int, mine: bool) -> list[int]:
    """The paired rows of the same side that could have stayed over instead of this one, on evidence as good."""
    near, far = (cluster.edges.one, cluster.edges.other) if mine else (cluster.edges.other, cluster.edges.one)
    holder = {(b if mine else a): (a if mine else b) for a, b in cluster.pairs}
    evidence = dict(zip(zip(near.tolist(), far.tolist(), strict=True), cluster.evidence.tolist(), strict=True))
    reach: dict[int, list[int]] = {}
    for row, partner in evidence:
        reach.setdefault(row, []).append(partner)
    seen, todo = {start}, [start]
    while todo:
        row = todo.pop()
        for partner in reach.get(row, []):
            rival = holder.get(partner)
            if rival is None or rival in seen or evidence[row, partner] > evidence[rival, partner]:
                continue
            seen.add(rival)
            todo.append(rival)
    return sorted(seen - {start})
