"""Pass 4: one row net of the channel's fee."""

from __future__ import annotations

import numpy as np

from auditkit.reconcile.matching.bands import at_rate, in_band, most_frequent_rate
from auditkit.reconcile.matching.evidence import parties
from auditkit.reconcile.matching.pairs import EVIDENCE, FINE, Edges, pair_up, same_account
from auditkit.reconcile.matching.sides import ANY_CHANNEL, NO_CHANNEL, Bools, Ints, Side
from auditkit.reconcile.matching.work import Bound, Pairs, Work

_MOST_EDGES = 3_000_000


def pass_4(work: Work) -> None:
    """One to one at a rate up to the highest: most pairs, the channel's most frequent rate, then least days."""
    joined = [_edges(near, far, work) for near, far, _ in work.sides()]
    one = np.concatenate([joined[0][0], joined[1][1]])
    other = np.concatenate([joined[0][1], joined[1][0]])
    edges = Edges(one, other, np.abs(work.one.day[one] - work.other.day[other]))
    if not len(edges):
        return
    gross_first = np.arange(len(edges)) < len(joined[0][0])
    a, b = np.abs(work.one.amount[one]), np.abs(work.other.amount[other])
    gross, net = np.where(gross_first, a, b), np.where(gross_first, b, a)
    channel = np.where(gross_first, work.one.codes["gross"][one], work.other.codes["gross"][other])
    off = np.ones(len(edges), dtype=np.int64)
    ones = np.ones(len(edges), dtype=np.int64)
    anchor = np.where(gross_first, other, -1 - one)
    for code in np.unique(channel).tolist():
        of = np.flatnonzero(channel == code)
        rate, _ = most_frequent_rate(gross[of], net[of], ones[of], anchor[of], work.settings.max_fee_rate)
        off[of] = ~at_rate(gross[of], net[of], ones[of], rate)
    weight = off * EVIDENCE * EVIDENCE + edges.days * FINE
    cost = dict(zip(zip(one.tolist(), other.tolist(), strict=True), weight.tolist(), strict=True))
    pairs, clusters = pair_up(
        work.one,
        work.other,
        edges,
        lambda e: np.array([cost[p] for p in zip(e.one.tolist(), e.other.tolist(), strict=True)], dtype=np.int64),
    )
    work.clusters += clusters
    at = np.array([a for a, _ in pairs], dtype=np.int64)
    to = np.array([b for _, b in pairs], dtype=np.int64)
    fee = np.abs(np.abs(work.one.amount[at]) - np.abs(work.other.amount[to]))
    taken = Edges(at, to, fee)
    work.take_pairs(Pairs("4", at, to, fee, parties(work.one, work.other, taken), np.ones(len(at), dtype=np.int64)))
    codes = np.maximum(work.one.codes["gross"][at], work.other.codes["gross"][to])
    whole = np.maximum(np.abs(work.one.amount[at]), np.abs(work.other.amount[to]))
    for code, part, total in zip(codes.tolist(), fee.tolist(), whole.tolist(), strict=True):
        work.rates.setdefault(code, set()).add(round(part / total, 6))


def _edges(near: Side, far: Side, work: Work) -> tuple[Ints, Ints]:
    """Gross rows of one side and rows of the other within the fee's band."""
    mine = np.flatnonzero(near.open & (near.codes["gross"] > 0))
    theirs = np.flatnonzero(far.open & (far.codes["gross"] == 0))
    if not len(mine) or not len(theirs):
        return mine[:0], theirs[:0]
    offsets = range(-work.window, work.window + 1)
    found: list[tuple[Ints, Ints]] = []
    for sign in (1, -1):
        a, b = mine[near.amount[mine] * sign > 0], theirs[far.amount[theirs] * sign > 0]
        gross = np.abs(near.amount[a])
        low = np.ceil(gross * (1 - work.settings.max_fee_rate) - 1e-6).astype(np.int64)
        i, j = in_band(near.day[a], low, gross, far.day[b], np.abs(far.amount[b]), offsets)
        found.append((a[i], b[j]))
    at, to = np.concatenate([i for i, _ in found]), np.concatenate([j for _, j in found])
    if len(at) > _MOST_EDGES:
        note = f"未搜索：扣费后可能对应的组合达 {len(at)} 对"
        work.bounds.append(Bound("4", near.name, -1, note, f"not searched: {len(at)} pairs within the fee's band"))
        return mine[:0], theirs[:0]
    edges = Edges(at, to, np.abs(near.day[at] - far.day[to]))
    keep = same_account(near, far, edges) & channel_agrees(near.codes["gross"][at], far.codes["channel"][to])
    return at[keep], to[keep]


def channel_agrees(gross: Ints, channel: Ints) -> Bools:
    """Whether a row may be of the channel that a way of payment settles through."""
    return (channel == NO_CHANNEL) | (channel == ANY_CHANNEL) | (channel == gross)
