"""How high a row has to be for its texts to be read on paper."""

from __future__ import annotations

import math
from typing import Any


def lines_of(value: Any, width: float) -> int:
    """How many lines a value takes in a column; a Chinese character is as wide as two others."""
    if not isinstance(value, str):
        return 1
    room = max(width * 0.95 - 0.5, 2)
    return sum(max(1, math.ceil(sum(1 + (ord(c) > 0x2E7F) for c in part) / room)) for part in value.split("\n"))


def height_of(lines: int) -> float:
    """The height of a row of so many lines, at most what a row can have.

    Units: points.
    """
    return min(13.5 * lines + 4, 409)
