"""Published sampling tables, cell by cell (their source stands in aicpa.toml), and draws that can be drawn again."""

import math
import tomllib
from fractions import Fraction
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from auditkit.reconcile.sampling import (
    attribute_size,
    attribute_upper_limit,
    draw,
    draw_money,
    frame_hash,
    misstatement_factor,
    monetary_factor,
    monetary_size,
    monetary_upper_limit,
)
from auditkit.schema import frame

TABLES = tomllib.loads(Path(__file__).with_name("aicpa.toml").read_text(encoding="utf-8"))
RISK = {"A-1": "0.05", "A-2": "0.10", "A-3": "0.05", "A-4": "0.10"}


def up(value, places):
    """As the guide prints: rounded up, noise of the last binary digits aside."""
    return math.ceil(round(value * 10**places, 6)) / 10**places


@pytest.mark.parametrize("table", ["A-1", "A-2"])
@pytest.mark.parametrize("tolerable", list(TABLES["A-1"]))
def test_attribute_sample_sizes(table, tolerable):
    printed = TABLES[table][tolerable]
    found = [attribute_size(RISK[table], e, tolerable).size for e in TABLES["expected"][: len(printed)]]
    assert found == printed


def test_the_deviations_of_a_plan_are_those_that_the_expected_rate_gives():
    assert (attribute_size("0.05", "0", "0.05").size, attribute_size("0.05", "0", "0.05").deviations) == (59, 0)
    assert attribute_size("0.10", "0.035", "0.05").deviations == Fraction("0.035") * 400 == 14


@pytest.mark.parametrize("table", ["A-3", "A-4"])
def test_attribute_upper_limits(table):
    for size, printed in TABLES[table].items():
        found = [up(attribute_upper_limit(RISK[table], int(size), k) * 100, 1) for k in range(11)]
        assert found == printed, size


def test_an_upper_limit_is_at_most_the_whole():
    assert attribute_upper_limit(0.05, 20, 20) == 1.0


@pytest.mark.parametrize("row", TABLES["C-1"]["rows"], ids=lambda r: f"{r['risk']} {r['ratio']}")
def test_monetary_sample_sizes(row):
    found = [monetary_size(row["risk"], row["ratio"], t) for t in TABLES["C-1"]["tolerable"]]
    assert found == row["sizes"]
    assert up(monetary_factor(row["risk"], row["ratio"]) * float(row["ratio"]), 2) == row["taints"]


def test_misstatement_factors():
    for count, printed in enumerate(TABLES["C-2"]["rows"]):
        assert [up(misstatement_factor(risk, count), 2) for risk in TABLES["C-2"]["risks"]] == printed


def test_the_upper_limit_of_a_monetary_sample_weighs_each_taint_by_its_step():
    interval = 1_000_000
    factors = [misstatement_factor(0.05, n) for n in range(3)]
    by_hand = factors[0] + (factors[1] - factors[0]) * 0.5 + (factors[2] - factors[1]) * 0.1
    assert monetary_upper_limit(0.05, interval, ["0.1", "0.5"]) == math.ceil(by_hand * interval)
    assert monetary_upper_limit(0.05, interval, []) == 2_995_733


def test_a_plan_that_cannot_be_is_refused():
    with pytest.raises(ValueError, match="must lie below"):
        attribute_size(0.05, 0.05, 0.05)
    with pytest.raises(ValueError, match="must be a part"):
        monetary_factor(0.05, 1)


def ledger(amounts):
    return frame("ledger", [{"voucher_no": f"JZ-{i}", "amount": a, "file": "台账.xlsx"} for i, a in enumerate(amounts)])


def test_a_draw_is_the_same_again_and_whatever_the_order_of_rows():
    books = ledger(range(100, 300))
    first = draw(books, 20, "第一次")
    again = draw(books.sample(frac=1, random_state=3), 20, "第一次")
    assert sorted(first.rows["voucher_no"]) == sorted(again.rows["voucher_no"])
    assert len(first.rows) == 20
    assert first.frame_hash == again.frame_hash == frame_hash(books)
    assert sorted(draw(books, 20, "第二次").rows["voucher_no"]) != sorted(first.rows["voucher_no"])
    changed = books.assign(amount=books["amount"] + 1)
    assert sorted(draw(changed, 20, "第一次").rows["voucher_no"]) != sorted(first.rows["voucher_no"])


def test_every_row_has_the_same_chance():
    books = ledger([100] * 10)
    hits = pd.concat([draw(books, 3, str(seed)).rows for seed in range(400)])["voucher_no"].value_counts()
    assert hits.min() > 80
    assert hits.max() < 160


@settings(max_examples=60)
@given(st.lists(st.integers(-5_000, 200_000), min_size=1, max_size=40), st.integers(1, 30), st.text(max_size=3))
def test_a_monetary_draw_takes_the_large_for_certain_and_never_the_negative(amounts, size, seed):
    books = ledger(amounts)
    drawn = draw_money(books, size, seed).rows
    positive = sum(a for a in amounts if a > 0)
    if not positive:
        assert drawn.empty
        return
    interval = max(positive // size, 1)
    assert set(books.loc[books["amount"] >= interval, "voucher_no"]) <= set(drawn["voucher_no"]) or size > positive
    assert (drawn["amount"] > 0).all()
    again = draw_money(books.sample(frac=1, random_state=1), size, seed).rows
    assert sorted(again["voucher_no"]) == sorted(drawn["voucher_no"])
