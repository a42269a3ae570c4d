"""What the other side says it paid, and the ledger rows that answer it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import pandas as pd
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import coo_array

from auditkit.model import Books, in_doubt
from auditkit.reconcile.matching.subsets import sums_between
from auditkit.reconcile.names import normal_name
from auditkit.reconcile.reversals import reversals

WITHIN_DAYS: Final = 15
"""A ledger row answers a payment at most so many days before or after it."""
_MOST_ROWS: Final = 24
"""Rows that a sum is searched among, at the most: the nearest."""
_MOST_PARTS: Final = 12
"""Rows in one sum, at the most."""


@dataclass(frozen=True, slots=True)
class _Answer:
    """Payments and ledger rows of the same sum, at least one side a single row."""

    payments: tuple[int, ...]
    rows: tuple[int, ...]
    days: int


def income_rows(books: Books) -> pd.DataFrame:
    """Ledger income that can be read and is not taken back, with the party's normalised name."""
    ledger = books["ledger"]
    pairs = reversals(books)
    rows = ledger[(ledger["direction"] == "收入") & (ledger["amount"] > 0)]
    rows = rows[~in_doubt(rows, "date", "direction", "amount") & ~rows.index.isin(pairs["original"])]
    return rows.assign(party=rows["counterparty"].map(normal_name).astype("str"))


def related(payments: pd.DataFrame, rows: pd.DataFrame) -> np.ndarray[Any, np.dtype[np.bool_]]:
    """Which ledger row is of the contract, or of the counterparty, of which payment."""
    contract, party = (payments[c].to_numpy(dtype=object)[:, None] for c in ("contract_no", "party"))
    own, name = (rows[c].to_numpy(dtype=object)[None, :] for c in ("contract_no", "party"))
    return np.asarray(((contract == own) & (contract != "")) | ((party == name) & (party != "")), dtype=bool)


def answered_payments(payments: pd.DataFrame, rows: pd.DataFrame) -> dict[Any, list[Any]]:
    """The ledger rows that answer each payment: one of its amount, several that add up to it, or one for several.

    Each ledger row answers once. As many payments as possible are answered; of such answers the one of least days.

    Shape: both frames have date, amount, contract_no, party; label of the payment -> labels of ledger rows.
    """
    found: dict[Any, list[Any]] = {}
    while len(payments) and len(rows):
        more = _once(payments, rows)
        if not more:
            break
        # Of equal amounts only the nearest are tried: what is left over is asked of what is left over.
        found |= more
        payments = payments.drop(index=list(more))
        rows = rows.drop(index=list({row for of in more.values() for row in of}))
    return found


def _once(payments: pd.DataFrame, rows: pd.DataFrame) -> dict[Any, list[Any]]:
    days = np.abs(payments["date"].to_numpy()[:, None] - rows["date"].to_numpy()) // np.timedelta64(1, "D")
    able = related(payments, rows) & (days <= WITHIN_DAYS)
    paid, booked = payments["amount"].to_numpy(dtype=np.int64), rows["amount"].to_numpy(dtype=np.int64)
    found = set(_answers(paid, booked, able, days))
    found |= {_Answer(a.rows, a.payments, a.days) for a in _answers(booked, paid, able.T, days.T)}
    chosen = _best(sorted(found, key=lambda a: (a.payments, a.rows)), len(payments), len(rows))
    return {payments.index[p]: [rows.index[r] for r in answer.rows] for answer in chosen for p in answer.payments}


def _answers(
    sums: np.ndarray[Any, Any], parts: np.ndarray[Any, Any], able: np.ndarray[Any, Any], days: np.ndarray[Any, Any]
) -> Iterator[_Answer]:
    """Single rows and sets of rows that are each sum."""
    for at, total in enumerate(sums.tolist()):
        near = np.flatnonzero(able[at] & (parts <= total))
        near = near[np.argsort(days[at, near], kind="stable")][:_MOST_ROWS]
        for row in near[parts[near] == total].tolist():
            yield _Answer((at,), (row,), int(days[at, row]))
        smaller = near[parts[near] < total]
        if len(smaller) < 2 or int(parts[smaller].sum()) < total:
            continue
        for chosen in sums_between(parts[smaller], total, total, range(2, _MOST_PARTS + 1)):
            rows = tuple(sorted(smaller[list(chosen)].tolist()))
            yield _Answer((at,), rows, int(days[at, list(rows)].sum()))


def _best(answers: Sequence[_Answer], payments: int, rows: int) -> list[_Answer]:
    """Answers that share no row: most payments answered, then fewest days, then the earliest."""
    if not answers:
        return []
    at = [i for i, a in enumerate(answers) for _ in (*a.payments, *a.rows)]
    to = [n for a in answers for n in (*a.payments, *(payments + r for r in a.rows))]
    shape = (payments + rows, len(answers))
    uses = coo_array((np.ones(len(at)), (to, at)), shape=shape)
    most = sum(a.days for a in answers) + 1
    worth = np.array([a.days - most * len(a.payments) for a in answers], dtype=np.float64)
    solved = milp(
        worth,
        constraints=LinearConstraint(uses.tocsr(), ub=1),
        integrality=np.ones(len(answers), dtype=np.int64),
        bounds=Bounds(0, 1),
    )
    taken = np.asarray(solved.x) > 0.5
    return [answer for answer, yes in zip(answers, taken.tolist(), strict=True) if yes]
