"""Number plates as they are compared, and plates that a camera may have read for each other."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from typing import Any, Final

import numpy as np
import pandas as pd

_MARKS: Final = r"[\s·•・.．\-—–_]"
_NO_PLATE: Final = r"无牌|无车牌|无号牌|未识别|无法识别|识别失败|未知|空牌|^无$|^[*?？/0]*$"
"""What logs write for a car without a plate, or whose plate the camera could not read."""

_USUAL: Final = re.compile(r"[\u4e00-\u9fff][A-Z][A-Z0-9]{5,6}").fullmatch
"""A plate as it stands on the car: nothing to fold."""


def normal_plates(plates: pd.Series[Any]) -> pd.Series[Any]:
    """Upper case, half width, without dots and spaces: «晋m·12345» is «晋M12345»; "" for a car without a plate."""
    codes, found = pd.factorize(plates)
    words = np.array(found.astype(object), dtype=object)
    odd = [at for at, word in enumerate(words.tolist()) if not _USUAL(word)]
    if odd:
        words[odd] = _folded(pd.Series(words[odd], dtype="str")).to_numpy(dtype=object)
    return pd.Series(words[codes], index=plates.index, dtype="str")


def _folded(folded: pd.Series[Any]) -> pd.Series[Any]:
    wide = folded.str.contains(r"[^\x00-\x7f\u4e00-\u9fff]", regex=True)
    folded = folded.mask(wide, folded[wide].map(lambda word: unicodedata.normalize("NFKC", str(word))))
    folded = folded.str.replace(_MARKS, "", regex=True).str.upper()
    return folded.mask(folded.str.contains(_NO_PLATE, regex=True), "")


class Neighbours:
    """Plates one character away from a given one: another character, one too many or one too few."""

    def __init__(self, plates: Iterable[str]) -> None:
        self._with: dict[str, set[str]] = {}
        for plate in plates:
            for key in _keys(plate):
                self._with.setdefault(key, set()).add(plate)

    def of(self, plate: str) -> list[str]:
        """The neighbours of a plate, itself left out."""
        near = {other for key in _keys(plate) for other in self._with.get(key, ())}
        return sorted(other for other in near if other != plate and _one_away(plate, other))


def _keys(plate: str) -> Iterator[str]:
    """The plate, and the plate with each of its characters left out: what two neighbours have in common."""
    yield plate
    for at in range(len(plate)):
        yield plate[:at] + plate[at + 1 :]


def _one_away(one: str, other: str) -> bool:
    if len(one) == len(other):
        return sum(a != b for a, b in zip(one, other, strict=True)) == 1
    short, long = sorted((one, other), key=len)
    return len(long) - len(short) == 1 and any(long[:at] + long[at + 1 :] == short for at in range(len(long)))
