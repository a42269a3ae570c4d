"""Whether one name may be a shorter way to write another: words cut, left out, or only their initials."""

from __future__ import annotations

import re
from difflib import SequenceMatcher
from functools import lru_cache
from typing import Final

from auditkit.reconcile.names import name_core, normal_name, one_contains_other

SAME, SHORTER, INITIALS, DIFFERENT = 0, 1, 2, 3
"""How two names stand to each other, from the strictest; one that is blank says nothing and is DIFFERENT."""

_WORD: Final = re.compile(r"[A-Z]+|[0-9]+")
_LEGAL: Final = {"INC", "CORP", "CO", "LTD", "LIMITED", "LLC", "LLP", "LP", "PLC", "GMBH", "COMPANY", "CORPORATION"}
_CUT: Final = 3
"""Letters in common from which on one word may be another one cut short."""
_LONG: Final = 5
"""Letters, or characters of a whole name, from which on a part says enough."""
_LIKE: Final = 0.88
"""How alike two long names are that differ by a slip of the pen."""


@lru_cache(maxsize=500_000)
def stand(one: str, other: str) -> int:
    """SAME, SHORTER, INITIALS or DIFFERENT."""
    a, b = normal_name(one), normal_name(other)
    if not a or not b:
        return DIFFERENT
    if a == b:
        return SAME
    if a.isascii() and b.isascii():
        return _latin(_words(one), _words(other))
    if one_contains_other(one, other):
        return SHORTER
    short, long = sorted((name_core(one), name_core(other)), key=len)
    # A company's short name; two persons' names are never each other's.
    return INITIALS if len(short) >= _CUT and len(long) >= _LONG and _short_name(short, long) else DIFFERENT


@lru_cache(maxsize=100_000)
def _words(name: str) -> tuple[str, ...]:
    found = _WORD.findall(normal_name(name.replace(" ", "-")))
    return tuple(word for word in found if word not in _LEGAL) or tuple(found)


def _latin(one: tuple[str, ...], other: tuple[str, ...]) -> int:
    numbers = [{word for word in words if word.isdigit()} for words in (one, other)]
    if all(numbers) and numbers[0] != numbers[1]:
        return DIFFERENT
    a, b = ("".join(word for word in words if word.isalpha()) for words in (one, other))
    if not a or not b:
        return DIFFERENT
    if a == b:
        return SAME if numbers[0] == numbers[1] else SHORTER
    short, long = (one, other) if len(a) <= len(b) else (other, one)
    letters, whole = sorted((a, b), key=len)
    if (len(letters) >= _LONG and letters in whole) or _cut(short, long):
        return SHORTER
    if len(letters) > _LONG and _misspelt(letters, whole):
        return SHORTER
    return INITIALS if _initials(short, long) else DIFFERENT


def _misspelt(one: str, other: str) -> bool:
    """Long names that are the same but for a letter or two: they begin or end alike."""
    if one[:_CUT] != other[:_CUT] and one[-_CUT:] != other[-_CUT:]:
        return False
    matcher = SequenceMatcher(None, one, other, autojunk=False)
    return matcher.real_quick_ratio() >= _LIKE and matcher.quick_ratio() >= _LIKE and matcher.ratio() >= _LIKE


def _cut(short: tuple[str, ...], long: tuple[str, ...]) -> bool:
    """Each word of the one is a word of the other, in order, whole or cut; one of them is more than an initial."""
    at = 0
    whole = 0
    for word in short:
        while at < len(long) and not _cut_word(word, long[at]):
            at += 1
        if at == len(long):
            return False
        whole += len(word) > _CUT
        at += 1
    return whole > 0


def _cut_word(short: str, long: str) -> bool:
    if short == long or len(short) == 1:
        return long.startswith(short)
    return short[:_CUT] == long[:_CUT] or (len(short) >= _CUT and _in_order(short, long))


def _initials(short: tuple[str, ...], long: tuple[str, ...]) -> bool:
    """The one is the other's initials, or the beginning of its first word, and what else it says is in the other."""
    first, *rest = short
    if len(first) < 2 or first.isdigit() or not set(rest) <= set(long):
        return False
    initials = "".join(word[0] for word in long if word.isalpha())
    if initials.startswith(first) or (len(initials) > 1 and first == long[0][: len(first)]):
        return True
    return len(first) >= _CUT and _in_order(initials, first) and _in_order(first, "".join(long))


def _short_name(short: str, long: str) -> bool:
    """建设银行 → 建行, and 中国电信重庆分公司 → 重庆电信: characters left out, or pairs of them in another order."""
    pairs = [short[i : i + 2] for i in range(0, len(short), 2)]
    return _in_order(short, long) or (len(short) >= _CUT + 1 and all(pair in long for pair in pairs))


def _in_order(short: str, long: str) -> bool:
    """All letters of the one stand in the other, in their order, the first one first."""
    rest = iter(long)
    return short[:1] == long[:1] and all(letter in rest for letter in short)
