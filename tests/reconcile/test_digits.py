"""First two digits, from whole fen."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditkit.reconcile.digits import EXPECTED, first_two, mean_absolute_deviation, shares


@pytest.mark.parametrize(
    ("fen", "digits"), [(1000, 10), (1099, 10), (1100, 11), (29, 29), (9_999, 99), (123_456_789, 12)]
)
def test_the_first_two_digits_are_cut_not_rounded(fen, digits):
    assert first_two(pd.Series([fen], dtype="Int64")).tolist() == [digits]


@given(st.integers(10, 10**15))
def test_they_are_those_that_people_read(fen):
    assert first_two(pd.Series([fen])).tolist() == [int(str(fen)[:2])]


def test_the_law_itself():
    assert EXPECTED.sum() == pytest.approx(1)
    assert EXPECTED[0] == pytest.approx(0.04139, abs=5e-6)
    assert EXPECTED[-1] == pytest.approx(0.00436, abs=5e-6)


def test_powers_of_two_keep_the_law_and_equal_amounts_break_it():
    powers = pd.Series([int(2**n) for n in range(10, 60)] * 8)
    assert shares(powers).sum() == pytest.approx(1)
    free = pd.Series((10 ** np.random.default_rng(1).uniform(3, 7, 50_000)).astype("int64"))
    assert mean_absolute_deviation(free) < 0.0012
    assert mean_absolute_deviation(pd.Series([49_900] * 300)) == pytest.approx((1 - EXPECTED[39]) * 2 / 90)
