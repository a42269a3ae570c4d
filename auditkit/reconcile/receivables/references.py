"""References to receivables as people write them: HT-2025-003, 合同2025-3, #3, and slips of the pen in them."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import Final, NamedTuple

WHOLE, NUMBER, SLIP, NONE = 0, 1, 2, 3
"""How what was written stands to a receivable's reference, from the strictest."""

_PARTS: Final = re.compile(r"[A-Z\u4e00-\u9fff]+|[0-9]+")
_TOKEN: Final = re.compile(r"[A-Z]*(?:[-_#/.:]?[A-Z]*[-_#/.:]?[0-9]+)+[A-Z]*")
_SHORTEST: Final = 3
"""Digits from which on one that is wrong leaves a number recognisable; and of a number that may stand in a text."""
_ALONE: Final = 4
_FILLERS: Final = {"NO", "NUMBER", "NR", "REF", "号", "第", "编号", "单号"}


class Reference(NamedTuple):
    """What was written, without marks; its letters and its numbers, whose leading zeros say nothing."""

    whole: str
    letters: str
    numbers: tuple[int, ...]


@lru_cache(maxsize=200_000)
def read_reference(text: str) -> Reference:
    """A reference as it is compared."""
    parts = _PARTS.findall(unicodedata.normalize("NFKC", text).upper())
    letters = "".join(part for part in parts if not part.isdigit() and part not in _FILLERS)
    return Reference("".join(parts), letters, tuple(int(part) for part in parts if part.isdigit()))


@lru_cache(maxsize=500_000)
def compare(written: Reference, meant: Reference) -> int:
    """WHOLE, NUMBER (the same numbers, a prefix that may be meant), SLIP (one sign wrong or two swapped) or NONE."""
    if not written.whole or not meant.whole:
        return NONE
    if written.whole == meant.whole:
        return WHOLE
    if written.numbers and written.numbers == meant.numbers and _prefix(written.letters, meant.letters):
        return NUMBER
    digits = sum(sign.isdigit() for sign in meant.whole)
    return SLIP if digits >= _SHORTEST and one_slip(written.whole, meant.whole) else NONE


def _prefix(written: str, meant: str) -> bool:
    """No prefix, or one that is the other cut short: # for INV, INVOICE for INV; PO is no INV."""
    short, long = sorted((written, meant), key=len)
    return long.startswith(short) or long.endswith(short)


def one_slip(one: str, other: str) -> bool:
    """Whether one sign is wrong, missing or too many, or two stand in each other's place."""
    if abs(len(one) - len(other)) > 1:
        return False
    start = next((i for i, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))
    a, b = one[start:], other[start:]
    if len(one) != len(other):
        return a[1:] == b if len(one) > len(other) else a == b[1:]
    return a[1:] == b[1:] or (len(a) > 1 and a[:2] == b[1::-1] and a[2:] == b[2:])


def references_in(text: str) -> list[Reference]:
    """All in a text that looks like a reference: letters and digits joined, or a number of four digits and more."""
    folded = unicodedata.normalize("NFKC", text).upper()
    found = (read_reference(token) for token in _TOKEN.findall(folded))
    return [ref for ref in found if ref.letters or sum(map(str.isdigit, ref.whole)) >= _ALONE]
