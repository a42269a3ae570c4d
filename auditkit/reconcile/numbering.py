"""Numbers of vouchers and parking records: what belongs to a series, what is missing from it."""

from __future__ import annotations

import unicodedata
from typing import Any, Final

import numpy as np
import pandas as pd

from auditkit.model import PLACE

_DIGITS: Final = "0123456789"
_DATES: Final = (("%Y%m%d", 8), ("%Y%m", 6), ("%y%m%d", 6), ("%y%m", 4), ("%Y", 4))
"""Dates at the head of a run of digits, the finest first."""
_SURE: Final = ("%Y%m%d", "%Y%m")
"""Dates that are known by their look alone; the others want the rows' own dates to agree."""
_MOST: Final = 0.9
"""Share of a series that must carry such a date before it is taken for one: a few typing errors do not hide it."""
_LONGEST: Final = 18
"""Digits that a whole number of 64 bits holds; digits before them count to the prefix."""


def split_numbers(ids: pd.Series[Any], days: pd.Series[Any] | None = None) -> pd.DataFrame:
    """Ids with a numeric tail as prefix and number: «TC20240105-0007» is 7 of the series «TC20240105-».

    The prefix is all up to the last character that is no digit, and the date digits at the head of what follows
    («JZ2024010007» is 7 of «JZ202401»). A year of two digits, or a year alone, is taken for a date only where
    `days`, the dates of the rows, agree with it. In a series that carries dates an id without one has no number.

    Shape: prefix (text), number (Int64, missing where there is none), width (digits of the number as written), on
    the index of `ids`. prefix + number, filled with zeros to the width, is the id as written.
    """
    texts = [text.strip() if text.isascii() else _folded(text) for text in ids.astype("str").fillna("").tolist()]
    stems = [text.rstrip(_DIGITS) for text in texts]
    digits = [text[len(stem) :] for text, stem in zip(texts, stems, strict=True)]
    heads = _date_digits(pd.Series(stems, dtype="str"), digits, days)
    lengths = np.array([len(run) for run in digits], dtype="int64")
    numbered = (lengths > 0) & (heads >= 0)
    cuts = np.where(numbered, np.maximum(heads, lengths - _LONGEST), lengths)
    tails = [run[cut:] for run, cut in zip(digits, cuts.tolist(), strict=True)]
    number = np.array([int(tail or 0) for tail in tails], dtype="int64")
    prefix = pd.Series(
        [stem + run[:cut] for stem, run, cut in zip(stems, digits, cuts.tolist(), strict=True)],
        index=ids.index,
        dtype="str",
    )
    return pd.DataFrame(
        {
            "prefix": prefix.where(numbered, ""),
            "number": pd.Series(pd.arrays.IntegerArray(number, ~numbered), index=ids.index),
            "width": pd.Series(np.where(numbered, lengths - cuts, 0), index=ids.index),
        }
    )


def _folded(text: str) -> str:
    return unicodedata.normalize("NFKC", text).strip()


def _date_digits(stems: pd.Series[Any], digits: list[str], days: pd.Series[Any] | None) -> np.ndarray[Any, Any]:
    """How many digits at the head of each run are a date; -1 where its series carries one and this run does not."""
    lengths = pd.Series([len(run) for run in digits])
    found = np.zeros(len(digits), dtype="int64")
    undecided = lengths > 0
    for form, width in _DATES:
        able = undecided & (lengths > width)
        if not able.any() or (form not in _SURE and days is None):
            continue
        heads = pd.Series([run[:width] if ok else "" for run, ok in zip(digits, able, strict=True)])
        codes, words = pd.factorize(heads)
        dates = pd.to_datetime(pd.Series(words), format=form, errors="coerce")
        dates = dates.where(dates.dt.year.between(1990, 2099))
        carries = dates.notna().to_numpy()[codes]
        if days is not None and form not in _SURE:
            own = pd.to_datetime(days.dt.strftime(form), format=form, errors="coerce").to_numpy()
            carries &= dates.to_numpy()[codes] == own
        share = pd.Series(carries)[undecided].groupby(stems[undecided]).transform("mean")
        dated = undecided & (share.reindex(undecided.index, fill_value=0.0) >= _MOST)
        found[dated] = np.where(carries, width, -1)[dated]
        undecided &= ~dated
    return found


def gaps(numbers: pd.DataFrame) -> pd.DataFrame:
    """Where numbers are missing between two that stand, per prefix.

    `numbers` is what split_numbers gives, on any unique index.
    Shape: one row a gap, in the order of prefix and number: before, after (index labels of the rows on either
    side), prefix, first and last (missing numbers as they would be written), missing (how many).
    """
    there = numbers[numbers["number"].notna()].sort_values(["prefix", "number"], kind="stable")
    there = there.drop_duplicates(["prefix", "number"])
    labels, same = there.index[:-1], (there["prefix"].iloc[1:].to_numpy() == there["prefix"].iloc[:-1].to_numpy())
    number = there["number"].to_numpy(dtype="int64")
    missing = np.where(same, number[1:] - number[:-1] - 1, 0)
    at = np.flatnonzero(missing > 0)
    prefix, width = there["prefix"].to_numpy()[at], there["width"].to_numpy()[at]
    first, last = number[at] + 1, number[at + 1] - 1
    return pd.DataFrame(
        {
            "before": labels[at],
            "after": there.index[at + 1],
            "prefix": prefix,
            "first": [f"{p}{n:0{w}d}" for p, n, w in zip(prefix, first, width, strict=True)],
            "last": [f"{p}{n:0{w}d}" for p, n, w in zip(prefix, last, width, strict=True)],
            "missing": missing[at],
        }
    )


def restarts(numbers: pd.DataFrame, days: pd.Series[Any]) -> pd.Series[Any]:
    """The month, or year, with which a row's series begins again at 1 though its prefix does not say so; else "".

    A series is taken for one that restarts where 1 stands in each month (year) that has any of its numbers, and 1
    and 2 in at least two of them: a number that was merely used twice does not look so.
    """
    run = pd.Series("", index=numbers.index, dtype="str")
    known = numbers["number"].notna() & days.notna()
    first = numbers.loc[known, ["prefix", "number"]]
    first = first.assign(one=first["number"] == 1, two=first["number"] == 2)
    for form in ("%Y", "%Y-%m"):
        unit = days.dt.strftime(form)
        of = first.groupby(["prefix", unit[known].rename("unit")])
        facts = pd.DataFrame({"one": of["one"].any(), "two": of["two"].any(), "count": of["number"].nunique()})
        begun = facts["one"] & (facts["two"] | (facts["count"] == 1))
        both = (facts["one"] & facts["two"]).groupby("prefix").sum()
        again = both.index[(both >= 2) & begun.groupby("prefix").all()]
        run = run.mask(known & numbers["prefix"].isin(again), unit)
    return run


def in_order(rows: pd.DataFrame) -> pd.DataFrame:
    """Ledger rows as they were entered: by date; on one day by voucher number where all numbers are of one series, so
    that a sheet sorted otherwise tells the same; else as they stand."""
    numbers = split_numbers(rows["voucher_no"], rows["date"])
    prefix = numbers["prefix"].where(numbers["number"].notna(), rows["voucher_no"])
    one_series = prefix.groupby(rows["date"]).transform("nunique") == 1
    number = numbers["number"].where(one_series).fillna(-1)
    return rows.assign(number=number).sort_values(["date", "number", *PLACE]).drop(columns="number")
