"""Which days a bank statement covers, and with what balance it begins and ends."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

import pandas as pd

from auditkit.read.dates import DateError, parse_date
from auditkit.read.movements import breaks_of, in_time
from auditkit.read.sheets import Part

STATEMENT: Final = ("account", "file", "sheet", "first", "last", "opening", "closing")
"""One row a statement and account. Units: opening and closing in fen."""


def statements_of(parts: Sequence[Part]) -> pd.DataFrame:
    """The statements among the parts: the days that their heads state, else those from the first row to the last."""
    rows = [row for part in parts if part.table == "bank" for row in _of_part(part)]
    found = pd.DataFrame(rows, columns=list(STATEMENT))
    for name in ("account", "file", "sheet"):
        found[name] = found[name].astype("str")
    for name in ("first", "last"):
        found[name] = found[name].astype("datetime64[us]")
    for name in ("opening", "closing"):
        found[name] = found[name].astype("Int64")
    return found


def _of_part(part: Part) -> Iterator[dict[str, Any]]:
    first, last = _stated(part.head, "first"), _stated(part.head, "last")
    for account, rows in part.frame.groupby("account", sort=True):
        opening, closing = ends(rows)
        days = rows["date"].dropna()
        yield {
            "account": account, "file": part.grid.file, "sheet": part.grid.sheet,
            "first": first if first is not None else days.min(), "last": last if last is not None else days.max(),
            "opening": opening, "closing": closing,
        }  # fmt: skip


def _stated(head: Mapping[str, str], key: str) -> pd.Timestamp | None:
    if key not in head:
        return None
    try:
        return pd.Timestamp(parse_date(head[key]))
    except DateError:
        return None


def ends(rows: pd.DataFrame) -> tuple[int | None, int | None]:
    """The balance before the first and after the last movement, in whichever order the rows stand.

    Units: fen; None where the balance is not there.
    """
    order = in_time(rows)
    if order is None:
        return None, None
    one, other = rows.iloc[order[0]], rows.iloc[order[-1]]
    return int(one["balance"] - one["credit"] + one["debit"]), int(other["balance"])


def breaks(rows: pd.DataFrame) -> int | None:
    """At how many rows the balance does not follow from the one before, in the order of time.

    None where a balance, or an amount, is missing.
    """
    order = in_time(rows)
    return None if order is None else len(breaks_of(rows, order))


def missing_months(
    statements: pd.DataFrame, start: pd.Timestamp | None = None, end: pd.Timestamp | None = None
) -> dict[str, list[str]]:
    """The months of each account of which no statement covers a day, from its first day (or `start`) to its last."""
    found: dict[str, list[str]] = {}
    for account, own in statements.dropna(subset=["first", "last"]).groupby("account", sort=True):
        there = {month for one, other in zip(own["first"], own["last"], strict=True) for month in _months(one, other)}
        days = [*own["first"], *own["last"], *(d for d in (start, end) if d is not None)]
        missing = [month for month in _months(min(days), max(days)) if month not in there]
        if missing:
            found[str(account)] = missing
    return found


def _months(first: pd.Timestamp, last: pd.Timestamp) -> list[str]:
    return [str(month) for month in pd.period_range(first, last, freq="M")]
