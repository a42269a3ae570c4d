"""Visitors let out by hand or for nothing, by operator: what is counted, and on which days."""

from __future__ import annotations

from typing import Final

import pandas as pd

from auditkit.model import Books, Case, in_doubt
from auditkit.reconcile.stays import NOBODY, visits
from auditkit.reconcile.tariff import free_minutes, minutes

RELEASES: Final = ("手动", "免费", "异常", "离线")


def manned_stays(
    books: Books, case: Case, *, outage_stays: int, outage_share: float
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Stays longer than the free minutes at a manned exit, on days without an outage; and those that cannot be read.

    Shape: parking's columns; the first also `let_out`. An outage is a day of at least so many such stays on which at
    least this share was let out so.
    """
    stays = visits(books, case)
    free, lasted = free_minutes(stays.rows, books["tariff"]), minutes(stays.rows)
    unread = in_doubt(stays.rows, "entry", "release") | free.isna()
    long = ((lasted > free) & ~unread).fillna(False)
    manned = stays.rows["operator"] != NOBODY
    rows = stays.rows[long & manned]
    rows = rows.assign(let_out=rows["release"].isin(RELEASES))
    of_day = rows["let_out"].groupby(rows["exit"].dt.normalize())
    total, let_out = of_day.transform("size"), of_day.transform("sum")
    outage = (total >= outage_stays) & (let_out >= outage_share * total)
    lost = pd.concat([stays.rows[unread & manned], stays.unclear[stays.unclear["operator"] != NOBODY]])
    return rows[~outage], lost


def releases_by_operator(rows: pd.DataFrame) -> pd.DataFrame:
    """Stays and such releases of each operator, and of all others together.

    Shape: stays, let_out, others, theirs by operator.
    """
    of = rows["let_out"].groupby(rows["operator"], observed=False)
    each = pd.DataFrame({"stays": of.size(), "let_out": of.sum().astype("int64")}).drop(index=NOBODY, errors="ignore")
    return each.assign(others=each["stays"].sum() - each["stays"], theirs=each["let_out"].sum() - each["let_out"])
