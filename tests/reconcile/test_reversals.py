"""Which row a red-letter row takes back."""

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditkit.reconcile.reversals import pair_reversals
from auditkit.schema import frame


def pairs(*rows):
    filled = [
        {"direction": "收入", "category": "场地租赁", "counterparty": "甲", **row, "date": pd.Timestamp(row["date"])}
        for row in rows
    ]
    return pair_reversals(frame("ledger", filled)).to_numpy().tolist()


def row(date, amount, **cells):
    return {"date": date, "amount": amount, **cells}


@pytest.mark.parametrize(
    ("date", "cells", "paired"),
    [
        ("2024-03-01", {}, True),
        ("2024-08-28", {}, True),
        ("2024-08-29", {}, False),
        ("2024-02-29", {}, False),
        ("2024-03-05", {"direction": "支出"}, False),
        ("2024-03-05", {"category": "快递柜"}, False),
        ("2024-03-05", {"counterparty": "乙"}, False),
        ("2024-03-05", {"counterparty": " 甲"}, True),
        ("2024-03-05", {"amount": -4_999}, False),
        ("2024-03-05", {"doubt": "date"}, False),
    ],
)
def test_the_original_is_no_later_alike_and_at_most_180_days_older(date, cells, paired):
    assert pairs(row("2024-03-01", 5_000), {"date": date, "amount": -5_000, **cells}) == ([[1, 0]] if paired else [])


def test_an_original_is_taken_once_and_the_nearest_is_taken():
    assert pairs(row("2024-01-05", 500), row("2024-03-05", 500), row("2024-03-06", -500)) == [[2, 1]]
    assert pairs(row("2024-01-05", 500), row("2024-01-06", -500), row("2024-01-07", -500)) == [[1, 0]]


def test_as_many_as_possible_find_theirs():
    """The late reversal reaches only the later receipt, so the early one takes the earlier."""
    assert pairs(
        row("2024-01-05", 500), row("2024-03-05", 500), row("2024-03-06", -500), row("2024-08-20", -500)
    ) == [[2, 0], [3, 1]]  # fmt: skip


def test_a_voucher_that_the_summary_names_is_the_one():
    rows = [row("2024-01-05", 500, voucher_no="JZ-1"), row("2024-03-05", 500, voucher_no="JZ-2")]
    assert pairs(*rows, row("2024-03-06", -500, summary="冲销JZ-1")) == [[2, 0]]


@given(st.lists(st.tuples(st.integers(0, 400), st.booleans()), max_size=12), st.randoms())
def test_no_row_is_in_two_pairs_and_the_order_of_rows_changes_nothing(items, random):
    rows = [
        row(str((pd.Timestamp("2024-01-01") + pd.Timedelta(days=d)).date()), 500 if up else -500, row=n)
        for n, (d, up) in enumerate(items)
    ]
    found = pairs(*rows)
    flat = [label for pair in found for label in pair]
    assert len(flat) == len(set(flat))
    shuffled = list(rows)
    random.shuffle(shuffled)
    assert len(pairs(*shuffled)) == len(found)
