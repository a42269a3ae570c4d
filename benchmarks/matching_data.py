"""Two sides of any size: mostly one to one with a few days between, or with batches among them."""

from __future__ import annotations

import numpy as np
import pandas as pd

FIRST = np.datetime64("2024-01-01")
YEAR = 365


def one_to_one(rows: int, seed: int = 0) -> tuple[pd.DataFrame, pd.DataFrame]:
    """A ledger and its statement: 98 of 100 rows answer each other within three days, half of them name the payer."""
    random = np.random.default_rng(seed)
    day = random.integers(0, YEAR, rows)
    amount = random.integers(10_000, 50_000_000, rows)
    party = random.integers(0, max(rows // 50, 10), rows)
    ledger = _frame("L", day, amount, party, np.ones(rows, bool))
    kept = np.flatnonzero(random.random(rows) < 0.98)
    late = day[kept] + random.integers(0, 4, len(kept))
    statement = _frame("S", late, amount[kept], party[kept], random.random(len(kept)) < 0.5)
    return ledger, statement.sample(frac=1, random_state=seed, ignore_index=True)


def with_batches(rows: int, seed: int = 0) -> tuple[pd.DataFrame, pd.DataFrame]:
    """As above, and 5 of 100 statement rows are the sum of two to six ledger rows of one payer within three days."""
    random = np.random.default_rng(seed)
    batches = rows // 20
    size = random.integers(2, 7, batches)
    ledger, statement = one_to_one(rows - int(size.sum()), seed)
    at = np.repeat(np.arange(batches), size)
    day = random.integers(0, YEAR, batches)
    party = random.integers(0, max(rows // 50, 10), batches)
    amount = random.integers(10_000, 5_000_000, len(at))
    many = _frame("B", day[at] + random.integers(0, 3, len(at)), amount, party[at], np.ones(len(at), bool))
    total = np.bincount(at, weights=amount, minlength=batches).astype(np.int64)
    sums = _frame("T", day + 4, total, party, random.random(batches) < 0.7)
    return tuple(
        pd.concat(pair, ignore_index=True).sample(frac=1, random_state=seed, ignore_index=True)
        for pair in ((ledger, many), (statement, sums))
    )  # type: ignore[return-value]


def _frame(letter: str, day: np.ndarray, amount: np.ndarray, party: np.ndarray, named: np.ndarray) -> pd.DataFrame:
    names = np.array([f"第{n:06d}号传媒有限公司" for n in range(int(party.max(initial=0)) + 1)] + [""], dtype=object)
    return pd.DataFrame(
        {
            "id": [f"{letter}{i:07d}" for i in range(len(day))],
            "date": FIRST + day.astype("timedelta64[D]"),
            "amount": amount.astype(np.int64),
            "counterparty": names[np.where(named, party, len(names) - 1)],
            "text": "",
        }
    )
