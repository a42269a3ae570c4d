"""What cancels itself on one side, before the sides are compared: reversals, and transfers between own accounts."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from auditkit.reconcile.matching.evidence import compatible, weigh
from auditkit.reconcile.matching.pairs import Edges, edges_of_equal, pair_up, same_account
from auditkit.reconcile.matching.result import Settings
from auditkit.reconcile.matching.sides import Bools, Ints, Side

_DEPOSIT = "存现|现金存入|现存|ATM存款"
_REVERSAL = "冲正、退回、撤销或红字：与同额反向的原记录相抵，相差 {} 天"
_TRANSFER = "本案所列账户之间的划转，一进一出，相差 {} 天"


@dataclass(frozen=True, slots=True)
class Netted:
    """Two rows of one side that leave together, and why."""

    side: str
    rows: tuple[int, int]
    reason: str


def net(one: Side, other: Side, settings: Settings, window: int) -> list[Netted]:
    """Reversed pairs and transfers between listed accounts; both rows of a pair leave."""
    reversals = {side.name: _reversals(side, settings) for side in (one, other)}
    found: list[Netted] = []
    for side, far in ((one, other), (other, one)):
        busy = {row for netted in reversals[far.name] for row in netted.rows}
        found += [n for n in reversals[side.name] if not all(_answered(side, far, row, busy, window) for row in n.rows)]
    _leave(one, other, found)
    transfers = [netted for side in (one, other) for netted in _transfers(side, settings)]
    _leave(one, other, transfers)
    return found + transfers


def _leave(one: Side, other: Side, found: list[Netted]) -> None:
    for netted in found:
        (one if netted.side == one.name else other).open[list(netted.rows)] = False


def _opposites(side: Side, mine: Ints, theirs: Ints, days: int) -> Edges:
    edges, _ = edges_of_equal(side, side, days, (side.amount, -side.amount), (mine, theirs))
    return edges


def _reversals(side: Side, settings: Settings) -> list[Netted]:
    marked = _marked(side, settings)
    mine, theirs = np.flatnonzero(marked & side.open), np.flatnonzero(~marked & side.open)
    edges = _opposites(side, mine, theirs, max(settings.reversal_days, settings.red_letter_days))
    edges = edges.keep((side.day[edges.other] <= side.day[edges.one]) & same_account(side, side, edges))
    edges = edges.keep(_one_act(side, edges, settings))
    pairs, _ = pair_up(side, side, edges, lambda linked: weigh(side, side, linked, settings.red_letter_days))
    return [
        Netted(side.name, (a, b), _REVERSAL.format(abs(int(side.day[a]) - int(side.day[b])))) for a, b in sorted(pairs)
    ]


def _marked(side: Side, settings: Settings) -> Bools:
    """Rows that take another back: flagged, or else so worded, or else of the sign that their category never has."""
    if side.reversal is not None:
        return side.reversal
    words = [rf"\b{word}\b" if word.isascii() else word for word in settings.reversal_words]
    return side.says("|".join(words)) | (np.sign(side.amount) * side.direction < 0)


def _one_act(side: Side, edges: Edges, settings: Settings) -> Bools:
    """In books the same category and counterparty; in a statement a few days, and no names that differ."""
    a, b = edges.one, edges.other
    category, party = side.codes["category"], side.codes["party"]
    books = (category[a] > 0) | (category[b] > 0) | (side.reversal is not None)
    same = (category[a] == category[b]) & (party[a] == party[b])
    near = edges.days <= settings.reversal_days
    return np.where(books, same, near & compatible(side, side, edges, strict=False))


def _answered(side: Side, far: Side, row: int, busy: set[int], window: int) -> bool:
    """Whether the other side shows the same movement: what both sides tell is matched, not netted."""
    theirs = np.flatnonzero(far.open & (far.amount == side.amount[row]) & (np.abs(far.day - side.day[row]) <= window))
    theirs = np.array([r for r in theirs.tolist() if r not in busy], dtype=np.int64)
    mine = np.full(len(theirs), row, dtype=np.int64)
    edges = Edges(mine, theirs, np.abs(side.day[mine] - far.day[theirs]))
    edges = edges.keep(same_account(side, far, edges))
    return bool(compatible(side, far, edges, strict=False).any())


def _transfers(side: Side, settings: Settings) -> list[Netted]:
    if not settings.listed_accounts:
        return []
    listed = np.isin(side.words["account"], list(settings.listed_accounts))
    able = side.open & listed & ~side.says(_DEPOSIT)
    out, into = np.flatnonzero(able & (side.amount < 0)), np.flatnonzero(able & (side.amount > 0))
    edges = _opposites(side, out, into, settings.transfer_days)
    a, b = edges.one, edges.other
    account, names = side.words["account"], side.words["counterparty_account"]
    edges = edges.keep(
        (account[a] != account[b])
        & ((names[a] == "") | (names[a] == account[b]))
        & ((names[b] == "") | (names[b] == account[a]))
        & ((names[a] != "") | (names[b] != ""))
    )
    days = settings.transfer_days
    pairs, _ = pair_up(side, side, edges, lambda linked: weigh(side, side, linked, days))
    return [
        Netted(side.name, (a, b), _TRANSFER.format(abs(int(side.day[a]) - int(side.day[b])))) for a, b in sorted(pairs)
    ]
