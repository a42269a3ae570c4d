"""What speaks for a pair, in a fixed order: reference, contract, counterparty, words, days."""

from __future__ import annotations

import numpy as np

from auditkit.reconcile.matching.pairs import EVIDENCE, FINE, Edges
from auditkit.reconcile.matching.references import references_agree
from auditkit.reconcile.matching.sides import NO_CHANNEL, Bools, Ints, Side
from auditkit.reconcile.matching.texts import ALIKE, SAME_WORDS, likeness, words_of
from auditkit.reconcile.names import one_contains_other

SAME, CONTAINED, UNNAMED, DIFFERENT = 0, 1, 2, 3


def parties(one: Side, other: Side, edges: Edges) -> Ints:
    """How the counterparties of a pair stand to each other: SAME, CONTAINED, UNNAMED (or a channel), DIFFERENT."""
    a, b = one.codes["party"][edges.one], other.codes["party"][edges.other]
    channel = (one.codes["payee_channel"][edges.one] != NO_CHANNEL) | (
        other.codes["payee_channel"][edges.other] != NO_CHANNEL
    )
    level = np.full(len(edges), DIFFERENT, dtype=np.int64)
    open_ = np.flatnonzero((a != b) & (a > 0) & (b > 0) & ~channel)
    if len(open_):
        size = int(max(a.max(), b.max())) + 1
        keys, first, where = np.unique(a[open_] * size + b[open_], return_index=True, return_inverse=True)
        names, others = one.words["party"], other.words["party"]
        told = [
            one_contains_other(str(names[i]), str(others[j]))
            for i, j in zip(edges.one[open_[first]].tolist(), edges.other[open_[first]].tolist(), strict=True)
        ]
        level[open_[np.array(told, dtype=bool)[where.ravel()]]] = CONTAINED
        del keys
    level[(a == 0) | (b == 0) | channel] = UNNAMED
    level[(a == b) & (a > 0)] = SAME
    return level


def contracts(one: Side, other: Side, edges: Edges) -> Ints:
    """0 where both rows name one contract, or the words of one name the other's; else 1."""
    a, b = one.codes["contract_no"][edges.one], other.codes["contract_no"][edges.other]
    found = np.where((a == b) & (a > 0), 0, 1).astype(np.int64)
    for side, far, mine, theirs in ((one, other, edges.one, edges.other), (other, one, edges.other, edges.one)):
        told = np.flatnonzero((side.codes["contract_no"][mine] > 0) & (found == 1))
        for i in told.tolist():
            contract = str(side.words["contract_no"][mine[i]])
            if len(contract) >= 4 and contract in str(far.words["text"][theirs[i]]):
                found[i] = 0
    return found


def words(one: Side, other: Side, edges: Edges) -> tuple[Ints, Ints]:
    """Whether the words of a pair name one party (0) or not (1), and how far they are from the likest (0 to 15).

    The first goes before the days, the second after them: a slip of the pen outweighs no day.
    """
    if not len(edges):
        return np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int64)
    found = likeness(words_of(one, edges.one), words_of(other, edges.other))
    best = np.zeros(max(len(one), len(other)), dtype=np.int64)
    np.maximum.at(best, edges.one, found)
    likest = best[edges.one]
    best[:] = 0
    np.maximum.at(best, edges.other, found)
    # Of a text that is cut even the likest is less like than a whole one: the lesser of the two bests counts.
    likest = np.minimum(likest, best[edges.other])
    alike = (found >= SAME_WORDS) & (found >= ALIKE * likest)
    return np.where(alike, 0, 1), FINE - 1 - np.minimum(found // 4, FINE - 1)


def weigh(one: Side, other: Side, edges: Edges, window: int) -> Ints:
    """The cost of each pair: reference, contract, counterparty, words, then days, then the likeness of the words."""
    alike, unlike = words(one, other, edges)
    cost = references_agree(one, other, edges, window)
    cost = cost * 2 + contracts(one, other, edges)
    cost = cost * 4 + parties(one, other, edges)
    cost = cost * 2 + alike
    return cost * EVIDENCE + np.minimum(edges.days, EVIDENCE // FINE - 1) * FINE + unlike


def compatible(one: Side, other: Side, edges: Edges, *, strict: bool) -> Bools:
    """Whether nothing in the names speaks against a pair; strict: whether names, numbers or words speak for it."""
    level = parties(one, other, edges)
    if not strict:
        return level != DIFFERENT
    alike = likeness(words_of(one, edges.one), words_of(other, edges.other)) >= SAME_WORDS
    numbered = references_agree(one, other, edges, EVIDENCE) == 0
    return (level <= CONTAINED) | alike | numbered
