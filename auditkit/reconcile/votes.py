"""Whether a resolution reached its majorities: whole numbers, cross-multiplied, by the law of its date."""

from __future__ import annotations

from typing import Final

import pandas as pd

from auditkit.money import divide, exact
from auditkit.reconcile.authority import AUTHORISES

CODE_SINCE: Final = pd.Timestamp("2021-01-01")
"""民法典 in force: from here on shares are those of the owners who take part (民法典 278); before, of all owners."""

AXES: Final = ("area", "heads")


def recount(resolutions: pd.DataFrame) -> pd.DataFrame:
    """Each majority that the law of its day asks of each resolution, counted again.

    From 2021: two thirds take part, and of these three quarters agree to 授权经营, more than half to anything else.
    Before: more than half of all agree. Thresholds are met by equality where the law says 以上, not by 过半数.

    Shape: resolution (index of the frame), axis, part and whole (names of columns), counted, of (whole numbers,
    None where blank), numerator, denominator, strict (more than, not at least), verifiable, holds.
    Units: areas in hundredths of a square metre.
    """
    late = resolutions["date"] >= CODE_SINCE
    special = resolutions["matter"] == AUTHORISES
    tests = [
        test
        for axis in AXES
        for test in (
            _test(resolutions[late], axis, "participating", "total", 2, 3, strict=False),
            _test(resolutions[late & special], axis, "agreeing", "participating", 3, 4, strict=False),
            _test(resolutions[late & ~special], axis, "agreeing", "participating", 1, 2, strict=True),
            _test(resolutions[~late], axis, "agreeing", "total", 1, 2, strict=True),
        )
    ]
    every = pd.concat(tests).sort_values("resolution", kind="stable").reset_index(drop=True)
    return every.astype({"strict": "bool", "verifiable": "bool", "holds": "bool"})


def _test(
    rows: pd.DataFrame, axis: str, part: str, whole: str, numerator: int, denominator: int, *, strict: bool
) -> pd.DataFrame:
    counts = pd.DataFrame(
        {"counted": _whole(rows[f"{part}_{axis}"]), "of": _whole(rows[f"{whole}_{axis}"])}, dtype="object"
    )
    verifiable = [_verifiable(c, o) for c, o in zip(counts["counted"], counts["of"], strict=True)]
    margin = [
        c * denominator - o * numerator if ok else 0
        for c, o, ok in zip(counts["counted"], counts["of"], verifiable, strict=True)
    ]
    return counts.assign(
        resolution=rows.index.to_numpy(),
        axis=axis,
        part=f"{part}_{axis}",
        whole=f"{whole}_{axis}",
        numerator=numerator,
        denominator=denominator,
        strict=strict,
        verifiable=verifiable,
        holds=[m > 0 or (m == 0 and not strict) for m in margin],
    )


def _whole(numbers: pd.Series) -> list[int | None]:
    """Areas in hundredths, heads as they are; None where the cell is blank."""
    scale = 100 if numbers.dtype == "float64" else 1
    values = [None if pd.isna(n) else exact(n) * scale for n in numbers]
    return [None if v is None else divide(v.numerator, v.denominator) for v in values]


def _verifiable(counted: int | None, of: int | None) -> bool:
    """A number is missing, or a part is more than its whole: then nothing can be said of the vote."""
    return counted is not None and of is not None and 0 <= counted <= of and of > 0
