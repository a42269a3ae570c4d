"""Numbers that two rows have in common: serials, vouchers, cheques."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import Final

import numpy as np
import pandas as pd

from auditkit.reconcile.matching.pairs import Edges, same_account
from auditkit.reconcile.matching.sides import Ints, Side

_RUN = re.compile(r"[A-Z0-9]+")
_JOINED = re.compile(r"[A-Z0-9]+(?:[-_/.][A-Z0-9]+)+")
_DIGITS = re.compile(r"[0-9]+")
_DATE = re.compile(r"(?:19|20)\d\d(?:0[1-9]|1[0-2])?(?:0[1-9]|[12]\d|3[01])?")
LONG: Final = 8
"""Digits from which on a number is its row's own, whatever the day."""
SHORT: Final = 4
"""Letters and digits from which on a reference counts within the window."""
_FEW: Final = 64
"""Pairs of one amount up to which numbers are looked for inside longer numbers."""


@lru_cache(maxsize=100_000)
def _whole(reference: str) -> str:
    """A serial as it is written, without spaces and marks."""
    return "".join(_RUN.findall(unicodedata.normalize("NFKC", reference).upper()))


@lru_cache(maxsize=100_000)
def numbers(text: str) -> frozenset[str]:
    """The serials and numbers that a text names; dates and years are none."""
    folded = unicodedata.normalize("NFKC", text).upper()
    runs = [run for run in _RUN.findall(folded) if len(run) >= SHORT and _DIGITS.search(run)]
    digits = [run for run in _DIGITS.findall(folded) if len(run) >= SHORT]
    joined = [run for run in map(_whole, _JOINED.findall(folded)) if _DIGITS.search(run)]
    return frozenset(run for run in (*runs, *digits, *joined) if not _DATE.fullmatch(run))


def long_digits(found: frozenset[str]) -> list[str]:
    """The numbers of eight and more digits."""
    return [run for run in found if len(run) >= LONG and run.isdigit()]


def share_a_number(one: Side, a: int, other: Side, b: int, *, window: int) -> bool:
    """Whether the reference of one row, or a long number of it, stands in the other row's reference or text."""
    return _stands_in(one, a, other, b, window) or _stands_in(other, b, one, a, window)


def _stands_in(one: Side, a: int, other: Side, b: int, window: int) -> bool:
    reference = str(one.words["reference"][a])
    if not reference:
        return False
    own = numbers(reference) | ({_whole(reference)} if len(_whole(reference)) >= SHORT else set())
    said = numbers(str(other.words["reference"][b])) | numbers(str(other.words["text"][b]))
    said |= {_whole(str(other.words["reference"][b]))}
    near = abs(int(one.day[a]) - int(other.day[b])) <= window
    if any(_own(run) or near for run in own & said if not _DATE.fullmatch(run)):
        return True
    mine, theirs = long_digits(own), long_digits(said)
    return any(m in t or t in m for m in mine for t in theirs)


def _own(run: str) -> bool:
    return len(run) >= LONG and sum(c.isdigit() for c in run) >= 6


def edges_by_number(one: Side, other: Side, window: int) -> Edges:
    """Open rows of one amount of which one names the other's number."""
    pairs = _hashed(one, other) | _hashed_inside(one, other)
    checked = sorted((a, b) for a, b in pairs if share_a_number(one, a, other, b, window=window))
    at = np.array([a for a, _ in checked], dtype=np.int64)
    to = np.array([b for _, b in checked], dtype=np.int64)
    edges = Edges(at, to, np.abs(one.day[at] - other.day[to]))
    return edges.keep(same_account(one, other, edges))


def _hashed(one: Side, other: Side) -> set[tuple[int, int]]:
    """Pairs of one amount that have a whole number in common, one of them in its reference."""
    keys, said = _index(other)
    mine_keys, mine_said = _index(one)
    found: set[tuple[int, int]] = set()
    for own, others in ((mine_keys, said), (mine_said, keys)):
        for key in own.keys() & others.keys():
            found.update((a, b) for a in own[key] for b in others[key])
    return found


def _index(side: Side) -> tuple[dict[tuple[int, str], list[int]], dict[tuple[int, str], list[int]]]:
    references: dict[tuple[int, str], list[int]] = {}
    all_said: dict[tuple[int, str], list[int]] = {}
    amounts, words, texts = side.amount, side.words["reference"], side.words["text"]
    for row in side.left().tolist():
        amount, reference, text = int(amounts[row]), words[row], texts[row]
        if not reference and not text:
            continue
        own = numbers(reference) | {_whole(reference)} if reference else frozenset[str]()
        for run in own:
            if len(run) >= SHORT:
                references.setdefault((amount, run), []).append(row)
                all_said.setdefault((amount, run), []).append(row)
        for run in numbers(text) - own:
            all_said.setdefault((amount, run), []).append(row)
    return references, all_said


def _hashed_inside(one: Side, other: Side) -> set[tuple[int, int]]:
    """Pairs of one amount in which a long number may stand inside a longer one."""
    mine, theirs = _with_long(one), _with_long(other)
    if mine.empty or theirs.empty:
        return set()
    counts = mine.groupby("amount").size().mul(theirs.groupby("amount").size()).dropna()
    few = counts.index[counts <= _FEW]
    near = mine[mine["amount"].isin(few)].merge(theirs[theirs["amount"].isin(few)], on="amount")
    found = set(zip(near["row_x"].tolist(), near["row_y"].tolist(), strict=True))
    many = counts.index[counts > _FEW]
    if len(many):
        pieces = [_pieces(side, frame[frame["amount"].isin(many)]) for side, frame in ((one, mine), (other, theirs))]
        for key in pieces[0].keys() & pieces[1].keys():
            found.update((a, b) for a in pieces[0][key] for b in pieces[1][key])
    return found


def _with_long(side: Side) -> pd.DataFrame:
    rows = [row for row in side.left().tolist() if long_digits(_all_numbers(side, row))]
    return pd.DataFrame({"row": rows, "amount": side.amount[np.array(rows, dtype=np.int64)]})


def _all_numbers(side: Side, row: int) -> frozenset[str]:
    return numbers(str(side.words["reference"][row])) | numbers(str(side.words["text"][row]))


def _pieces(side: Side, frame: pd.DataFrame) -> dict[tuple[int, str], list[int]]:
    """Every eight successive digits of the long numbers of a crowd of rows."""
    found: dict[tuple[int, str], list[int]] = {}
    for row, amount in zip(frame["row"].tolist(), frame["amount"].tolist(), strict=True):
        runs = long_digits(_all_numbers(side, row))
        for piece in {run[i : i + LONG] for run in runs for i in range(len(run) - LONG + 1)}:
            found.setdefault((amount, piece), []).append(row)
    return found


def references_agree(one: Side, other: Side, edges: Edges, window: int) -> Ints:
    """0 where the rows of a pair share a number, else 1."""
    if not any((side.words["reference"] != "").any() for side in (one, other)):
        return np.ones(len(edges), dtype=np.int64)
    return np.array(
        [
            0 if share_a_number(one, a, other, b, window=window) else 1
            for a, b in zip(edges.one.tolist(), edges.other.tolist(), strict=True)
        ],
        dtype=np.int64,
    )
