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
_NONE: Final = frozenset[str]()
_DATE = re.compile(r"(?:19|20)\d\d(?:0[1-9]|1[0-2])?(?:0[1-9]|[12]\d|3[01])?")
LONG: Final = 8
"""Digits from which on a number is its row's own, whatever the day."""
SHORT: Final = 4
"""Letters and digits from which on a reference counts within the window."""
_RUN_OF_DIGITS = re.compile(rf"\d{{{SHORT},}}")
_LONG = re.compile(rf"\d{{{LONG},}}")
_FEW: Final = 64
"""Pairs of one amount up to which numbers are looked for inside longer numbers."""


def _folded(text: str) -> str:
    return text.upper() if text.isascii() else unicodedata.normalize("NFKC", text).upper()


@lru_cache(maxsize=100_000)
def _whole(reference: str) -> str:
    """A serial as it is written, without spaces and marks."""
    return "".join(_RUN.findall(_folded(reference)))


@lru_cache(maxsize=100_000)
def numbers(text: str) -> frozenset[str]:
    """The serials and numbers that a text names; dates and years are none."""
    if not _DIGITS.search(text):
        return _NONE
    folded = _folded(text)
    found = {run for run in _RUN.findall(folded) if len(run) >= SHORT and not run.isalpha()}
    found.update(run for run in _DIGITS.findall(folded) if len(run) >= SHORT)
    found.update(run for run in map(_whole, _JOINED.findall(folded)) if not run.isalpha())
    return frozenset(run for run in found if not _DATE.fullmatch(run))


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
    pairs = _candidates(one, other) if names_numbers(one, other) else set[tuple[int, int]]()
    checked = sorted((a, b) for a, b in pairs if share_a_number(one, a, other, b, window=window))
    at = np.array([a for a, _ in checked], dtype=np.int64)
    to = np.array([b for _, b in checked], dtype=np.int64)
    edges = Edges(at, to, np.abs(one.day[at] - other.day[to]))
    return edges.keep(same_account(one, other, edges))


def names_numbers(one: Side, other: Side) -> bool:
    """Whether there is a reference at all."""
    return any(bool((side.words["reference"] != "").any()) for side in (one, other))


def _candidates(one: Side, other: Side) -> set[tuple[int, int]]:
    """Pairs of one amount that may share a number: looked at one by one, or where there are many, by their numbers."""
    mine, theirs = _with_words(one), _with_words(other)
    counts = mine.groupby("amount").size().mul(theirs.groupby("amount").size()).dropna()
    few, many = counts.index[counts <= _FEW], counts.index[counts > _FEW]
    near = mine[mine["amount"].isin(few)].merge(theirs[theirs["amount"].isin(few)], on="amount")
    found: set[tuple[int, int]] = set()
    for a, b, reference, text, their_reference, their_text in zip(
        near["row_x"].tolist(), near["row_y"].tolist(),
        near["reference_x"].tolist(), near["text_x"].tolist(), near["reference_y"].tolist(), near["text_y"].tolist(),
        strict=True,
    ):  # fmt: skip
        if (reference and _may_stand_in(reference, f"{their_reference} {their_text}")) or (
            their_reference and _may_stand_in(their_reference, f"{reference} {text}")
        ):
            found.add((a, b))
    if len(many):
        rows = [frame.loc[frame["amount"].isin(many), "row"].to_numpy() for frame in (mine, theirs)]
        found |= _hashed(one, rows[0], other, rows[1]) | _hashed_inside(one, rows[0], other, rows[1])
    return found


def _with_words(side: Side) -> pd.DataFrame:
    reference, text = side.words["reference"], side.words["text"]
    rows = np.flatnonzero(side.open & ((reference != "") | (text != "")))
    columns = {"row": rows, "amount": side.amount[rows], "reference": reference[rows], "text": text[rows]}
    return pd.DataFrame({name: pd.Series(values, dtype=values.dtype) for name, values in columns.items()})


def _may_stand_in(reference: str, said: str) -> bool:
    """A cheap look: digits of the reference stand in what the other says, or a long number of it in the reference."""
    for run in _RUN_OF_DIGITS.findall(reference):
        if run in said:
            return True
    for run in _LONG.findall(said):
        if run in reference:
            return True
    return reference in said


def _hashed(one: Side, mine: Ints, other: Side, theirs: Ints) -> set[tuple[int, int]]:
    """Pairs of one amount that have a whole number in common, one of them in its reference."""
    (own, said), (their_own, their_said) = _index(one, mine), _index(other, theirs)
    found: set[tuple[int, int]] = set()
    for first, second in ((own, their_said), (said, their_own)):
        for key in first.keys() & second.keys():
            found.update((a, b) for a in first[key] for b in second[key])
    return found


def _index(side: Side, rows: Ints) -> tuple[dict[tuple[int, str], list[int]], dict[tuple[int, str], list[int]]]:
    """Rows by amount and number: by the numbers of their references, and by all that they name."""
    references: dict[tuple[int, str], list[int]] = {}
    all_said: dict[tuple[int, str], list[int]] = {}
    amounts, words, texts = side.amount[rows].tolist(), side.words["reference"][rows], side.words["text"][rows]
    for row, amount, reference, text in zip(rows.tolist(), amounts, words.tolist(), texts.tolist(), strict=True):
        own = numbers(reference) | {_whole(reference)} if reference else _NONE
        for run in own:
            if len(run) >= SHORT:
                references.setdefault((amount, run), []).append(row)
                all_said.setdefault((amount, run), []).append(row)
        for run in numbers(text) - own:
            all_said.setdefault((amount, run), []).append(row)
    return references, all_said


def _hashed_inside(one: Side, mine: Ints, other: Side, theirs: Ints) -> set[tuple[int, int]]:
    """Pairs of one amount in which eight digits of a long number stand in another long number."""
    pieces, their_pieces = _pieces(one, mine), _pieces(other, theirs)
    return {(a, b) for key in pieces.keys() & their_pieces.keys() for a in pieces[key] for b in their_pieces[key]}


def _all_numbers(side: Side, row: int) -> frozenset[str]:
    return numbers(str(side.words["reference"][row])) | numbers(str(side.words["text"][row]))


def _pieces(side: Side, rows: Ints) -> dict[tuple[int, str], list[int]]:
    """Every eight successive digits of the long numbers of rows, by amount."""
    found: dict[tuple[int, str], list[int]] = {}
    for row in rows.tolist():
        runs = long_digits(_all_numbers(side, row))
        for piece in {run[i : i + LONG] for run in runs for i in range(len(run) - LONG + 1)}:
            found.setdefault((int(side.amount[row]), piece), []).append(row)
    return found


def references_agree(one: Side, other: Side, edges: Edges, window: int) -> Ints:
    """0 where the rows of a pair share a number, else 1."""
    if not names_numbers(one, other):
        return np.ones(len(edges), dtype=np.int64)
    return np.array(
        [
            0 if share_a_number(one, a, other, b, window=window) else 1
            for a, b in zip(edges.one.tolist(), edges.other.tolist(), strict=True)
        ],
        dtype=np.int64,
    )
