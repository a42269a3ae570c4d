"""Passes 1, 2, 3 and 8: one to one, of the same amount."""

from __future__ import annotations

from typing import Final

import numpy as np

from auditkit.reconcile.matching.evidence import SAME, compatible, parties, weigh
from auditkit.reconcile.matching.pairs import (
    Cluster,
    Crowd,
    Edges,
    edges_of_equal,
    pair_crowd,
    pair_up,
    same_account,
)
from auditkit.reconcile.matching.references import edges_by_number
from auditkit.reconcile.matching.sides import NO_CHANNEL, Ints, Side
from auditkit.reconcile.matching.work import Pairs, Work

_ANY_DAY: Final = 100_000


def pass_1(work: Work) -> None:
    """Same amount, and a number of one row stands in the other."""
    edges = edges_by_number(work.one, work.other, work.window)
    pairs, clusters = pair_up(work.one, work.other, edges, lambda e: weigh(work.one, work.other, e, _ANY_DAY))
    _take(work, "1", pairs, clusters)


def pass_2(work: Work) -> None:
    """Same amount, same normalised counterparty, in the window."""
    party = max(int(side.codes["party"].max(initial=0)) for side in (work.one, work.other)) + 1
    keys = tuple(side.amount * party + side.codes["party"] for side in (work.one, work.other))
    rows = tuple(np.flatnonzero(side.open & (side.codes["party"] > 0)) for side in (work.one, work.other))
    _equal(work, "2", (keys[0], keys[1]), (rows[0], rows[1]))


def pass_3(work: Work) -> None:
    """Same amount, in the window, nothing in the names against it; not a row of a channel's batches."""
    rows = work.one.open & ~work.batched[0], work.other.open & ~work.batched[1]
    _equal(work, "3", (work.one.amount, work.other.amount), (np.flatnonzero(rows[0]), np.flatnonzero(rows[1])))


def pass_8(work: Work) -> None:
    """Same amount, in the window, and the names differ."""
    _equal(work, "8", (work.one.amount, work.other.amount), (work.one.left(), work.other.left()))


def _equal(work: Work, code: str, keys: tuple[Ints, Ints], rows: tuple[Ints, Ints]) -> None:
    one, other = work.one, work.other
    edges, crowds = edges_of_equal(one, other, work.window, keys, rows)
    edges = edges.keep(same_account(one, other, edges))
    if code == "3":
        edges = edges.keep(compatible(one, other, edges, strict=False))
    pairs, clusters = pair_up(one, other, edges, lambda e: weigh(one, other, e, work.window))
    for crowd in crowds:
        solved, near, far = pair_crowd(one, other, crowd, work.window, _apart(code, one, other, crowd))
        pairs += solved
        work.crowded[0].update(near)
        work.crowded[1].update(far)
    _take(work, code, pairs, clusters)


def _apart(code: str, one: Side, other: Side, crowd: Crowd) -> tuple[Ints, Ints]:
    """In pass 3 two rows that both name a payer do not pair in a crowd: their names differ, or pass 2 had them."""
    if code != "3":
        return np.zeros(len(one), dtype=np.int64), np.zeros(len(other), dtype=np.int64)
    marks = [
        ((side.codes["party"] > 0) & (side.codes["payee_channel"] == NO_CHANNEL)).astype(np.int64)
        for side in (one, other)
    ]
    return marks[0], marks[1]


def _take(work: Work, code: str, pairs: list[tuple[int, int]], clusters: list[Cluster]) -> None:
    work.clusters += clusters
    found = np.array(pairs, dtype=np.int64).reshape(-1, 2)
    at, to = found[:, 0], found[:, 1]
    edges = Edges(at, to, np.abs(work.one.day[at] - work.other.day[to]))
    same = np.full(len(edges), SAME, dtype=np.int64)
    level = same if code == "2" else parties(work.one, work.other, edges)
    # What shares a number has been paired in pass 1.
    number = np.full(len(edges), 0 if code == "1" else 1, dtype=np.int64)
    work.take_pairs(Pairs(code, at, to, np.zeros(len(at), dtype=np.int64), level, number))
