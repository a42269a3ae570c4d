"""What rows may share: the counterparty, the contract, the category and method; and who may be their sum."""

from __future__ import annotations

from typing import Final

import numpy as np

from auditkit.reconcile.matching.evidence import DIFFERENT, parties
from auditkit.reconcile.matching.pairs import Edges
from auditkit.reconcile.matching.sides import ANY_CHANNEL, NO_CHANNEL, Bools, Ints, Side

PARTY: Final = "party"
CONTRACT: Final = "contract"
KIND: Final = "kind"


def keys_of(side: Side, key: str) -> Ints:
    """A number a row that rows of one pile have in common, of one direction; 0 = the row says nothing of it."""
    codes = side.codes
    if key == PARTY:
        return codes["party"] * 2 * (codes["party"] > 0) + (codes["party"] > 0) * (side.amount > 0)
    if key == CONTRACT:
        return codes["contract_no"] * 2 + (codes["contract_no"] > 0) * (side.amount > 0)
    size = int(codes["method"].max(initial=0)) + 1
    kind = codes["category"] * size + codes["method"]
    return kind * 2 + (kind > 0) * (side.direction > 0)


def may_answer(near: Side, rows: Ints, key: str, far: Side, anchors: Ints) -> Bools:
    """Whether nothing forbids that a row is a sum of the pile that the other row is of."""
    if key == PARTY:
        return parties(near, far, Edges(rows, anchors, rows)) != DIFFERENT
    if key == CONTRACT:
        contract = far.codes["contract_no"][anchors]
        return (contract == 0) | (contract == near.codes["contract_no"][rows])
    keep = np.ones(len(rows), dtype=bool)
    for code in ("category", "method"):
        theirs, mine = far.codes[code][anchors], near.codes[code][rows]
        keep &= (theirs == 0) | (mine == 0) | (theirs == mine)
    for gross, channel in (
        (near.codes["gross"][rows], far.codes["channel"][anchors]),
        (far.codes["gross"][anchors], near.codes["channel"][rows]),
    ):
        keep &= (gross == 0) | (channel == NO_CHANNEL) | (channel == ANY_CHANNEL) | (channel == gross)
    return keep
