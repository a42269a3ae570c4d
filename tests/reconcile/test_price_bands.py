"""The band that a contract's price is drawn in is the one that CTR02 judges it by."""

from dataclasses import replace

import pandas as pd
import pytest

from auditkit.reconcile.price_bands import price_bands
from auditkit.rules.ctr02_price_below_peers import examine
from tests.report.made import ROWS, books, case

PEERS = [10000.0, 11000.0, 12000.0, 13000.0, 14000.0, 15000.0, 16000.0, 17000.0]


def county(prices):
    return {
        "contracts": pd.DataFrame(
            {"compound_id": [f"C{i}" for i in range(len(prices))], "category": "快递柜", "quantity": 1.0,
             "unit_price_month": prices}
        )
    }  # fmt: skip


def among(prices, **contract):
    rows = {**ROWS, "contracts": [{**ROWS["contracts"][0], "quantity": "10", "amount": "600", **contract}]}
    return replace(books(rows), county=county(prices))


def test_the_band_is_the_peers_quartiles_and_the_price_is_the_rules():
    own = among(PEERS)
    (row,) = price_bands(own, case()).to_dict("records")
    assert (row["contract_no"], row["category"], row["peers"]) == ("HT-7", "快递柜", 8)
    assert row["price"] == pytest.approx(2000.0), "600 yuan a quarter for ten: 20.00 a month each"
    assert (row["low"], row["median"], row["high"]) == (10000.0, 13500.0, 17000.0)
    assert (row["q1"], row["q3"]) == (11750.0, 15250.0)
    (found,) = examine(
        replace(own, county={**own.county, "drivers": pd.DataFrame(), "income": pd.DataFrame()}), case()
    ).findings
    assert "中位数为135.00元" in found.message


def test_fewer_than_eight_peers_are_no_band():
    (row,) = price_bands(among(PEERS[:7]), case()).to_dict("records")
    assert row["peers"] == 7
    assert pd.isna(row["median"])


def test_what_has_no_price_or_does_not_run_in_the_period_has_no_dot():
    assert price_bands(among(PEERS, quantity=""), case()).empty
    assert price_bands(among(PEERS, start="2025-01-01", end="2025-12-31"), case()).empty


def test_without_a_county_there_is_no_band():
    (row,) = price_bands(replace(among(PEERS), county=None), case()).to_dict("records")
    assert (row["peers"], pd.isna(row["median"])) == (0, True)
