"""How much of one row's words stands in another's: cut, run together or misspelt."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from functools import lru_cache
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.sparse import coo_array, csr_array

from auditkit.reconcile.matching.sides import Ints, Side

_NO_LETTER = re.compile(r"[\W\d_]+")
SAME_WORDS = 20
"""The likeness from which on two texts name one party: ten letters, or four characters, in one stretch."""
ALIKE = 0.7
"""Rows that are so much like a row as the likest one is are of the same party: a slip or a cut is no other party."""
_LONGEST = 96
"""Letters of a text that are compared."""
_BLOCK, _SHARED_SHINGLES, _COMMON = 1_000, 3, 100
_LETTER, _CHARACTER, _SLIP = 2, 6, 3
"""What a Latin letter in common, a Chinese character in common, and a letter that differs weigh."""


@lru_cache(maxsize=1_000_000)
def letters(text: str) -> str:
    """The letters and characters of a text, without digits, spaces and marks."""
    return _NO_LETTER.sub("", unicodedata.normalize("NFKC", text).upper())[:_LONGEST]


def words_of(side: Side, rows: Ints) -> list[str]:
    """What each row says of its counterparty: its name and its text."""
    names, texts = side.words["counterparty"], side.words["text"]
    return [letters(f"{names[row]} {texts[row]}") for row in rows.tolist()]


def likeness(one: list[str], other: list[str]) -> Ints:
    """The weight of the best stretch that each pair of texts has in common, slips taken off; 0 = nothing in common.

    Shape: one number a pair of the two lists.
    Source: Smith and Waterman 1981, for many pairs at once.
    """
    if not one:
        return np.zeros(0, dtype=np.int64)
    found = np.zeros(len(one), dtype=np.int64)
    for start in range(0, len(one), 20_000):
        block = slice(start, start + 20_000)
        found[block] = _likeness(_codes(one[block]), _codes(other[block]))
    return found


def _likeness(a: npt.NDArray[Any], b: npt.NDArray[Any]) -> Ints:
    count, width = b.shape[1], b.shape[0]
    above = np.zeros((width + 1, count), dtype=np.int16)
    best = np.zeros(count, dtype=np.int16)
    slips = (np.arange(width + 1, dtype=np.int16) * _SLIP)[:, None]
    for letter in a:
        weight = np.where(letter > 255, _CHARACTER, _LETTER).astype(np.int16)
        same = (b == letter) & (letter > 0)
        diagonal = np.where(same, above[:-1] + weight, above[:-1] - _SLIP)
        row = np.zeros_like(above)
        np.maximum(diagonal, above[1:] - _SLIP, out=row[1:])
        np.maximum(row, 0, out=row)
        # A letter left out costs the same each: the best start to the left is a running maximum.
        row = np.maximum.accumulate(row + slips, axis=0) - slips
        np.maximum(best, row.max(axis=0), out=best)
        above = row
    return best.astype(np.int64)


def _codes(texts: list[str]) -> npt.NDArray[Any]:
    width = max((len(text) for text in texts), default=0)
    table = np.zeros((max(width, 1), len(texts)), dtype=np.uint16)
    for column, text in enumerate(texts):
        table[: len(text), column] = np.frombuffer(text.encode("utf-16-le", "replace"), dtype=np.uint16)[:width]
    return table


class Words:
    """How like the words of open rows of both sides are, where a row names no counterparty.

    Pairs of one sign within some days; kept from the likeness SAME_WORDS on.
    """

    def __init__(self, one: Side, other: Side, days: int) -> None:
        at, to = _pairs_to_compare(one, other, days)
        score = likeness(words_of(one, at), words_of(other, to))
        keep = score >= SAME_WORDS
        self.at, self.to, self.score = at[keep], to[keep], score[keep]
        self._order = (np.argsort(self.at, kind="stable"), np.argsort(self.to, kind="stable"))
        self._keys = self.at[self._order[0]], self.to[self._order[1]]

    def of(self, row: int, *, mine: bool) -> tuple[Ints, Ints]:
        """The rows of the other side that a row of the first (mine) or second side is like, and how much."""
        keys, order = (self._keys[0], self._order[0]) if mine else (self._keys[1], self._order[1])
        which = order[slice(*np.searchsorted(keys, [row, row + 1]).tolist())]
        return (self.to if mine else self.at)[which], self.score[which]


def _pairs_to_compare(one: Side, other: Side, days: int) -> tuple[Ints, Ints]:
    """Pairs that have a few shingles in common: the rest is not worth the comparison."""
    found: list[tuple[Ints, Ints]] = [(np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int64))]
    for sign in (1, -1):
        mine, theirs = (side.left()[np.sign(side.amount[side.left()]) == sign] for side in (one, other))
        if (one.codes["party"][mine] > 0).all() and (other.codes["party"][theirs] > 0).all():
            continue
        a, b = _shingles(words_of(one, mine)), _shingles(words_of(other, theirs))
        if not len(mine) or not len(theirs):
            continue
        a_at, b_at = _incidence(a, b)
        for start in range(0, len(mine), _BLOCK):
            block = mine[start : start + _BLOCK]
            low, high = np.searchsorted(other.day[theirs], [one.day[block[0]] - days, one.day[block[-1]] + days + 1])
            common = (a_at[start : start + _BLOCK] @ b_at[low:high].T).tocoo()
            keep = common.data >= _SHARED_SHINGLES
            i, j = block[common.coords[0][keep]], theirs[low + common.coords[1][keep]]
            near = np.abs(one.day[i] - other.day[j]) <= days
            near &= (one.codes["party"][i] == 0) | (other.codes["party"][j] == 0)
            found.append((i[near], j[near]))
    return np.concatenate([i for i, _ in found]), np.concatenate([j for _, j in found])


def _shingles(texts: list[str]) -> list[set[str]]:
    """Runs of four letters, and pairs of Chinese characters."""
    found: list[set[str]] = []
    for text in texts:
        pieces = {text[i : i + 4] for i in range(len(text) - 3)}
        found.append({p for p in pieces if p.isascii()} | {
            text[i : i + 2] for i in range(len(text) - 1) if not text[i : i + 2].isascii()
        })  # fmt: skip
    return found


def _incidence(one: list[set[str]], other: list[set[str]]) -> tuple[csr_array, csr_array]:
    """Which row has which shingle; those that a good part of a large side has say nothing."""
    count = [Counter(piece for pieces in side for piece in pieces) for side in (one, other)]
    shared = [
        piece
        for piece in count[0].keys() & count[1].keys()
        if all(
            number <= max(_COMMON, len(side) // 5)
            for number, side in zip((c[piece] for c in count), (one, other), strict=True)
        )
    ]
    number = {piece: i for i, piece in enumerate(sorted(shared))}
    tables: list[csr_array] = []
    for side in (one, other):
        to = [number[piece] for pieces in side for piece in pieces if piece in number]
        at = [i for i, pieces in enumerate(side) for piece in pieces if piece in number]
        ones = np.ones(len(at), dtype=np.int16)
        tables.append(coo_array((ones, (at, to)), shape=(len(side), max(len(number), 1))).tocsr())
    return tables[0], tables[1]
