"""The price chart of a company and a county: whose contract lies lowest, and who was found."""

from types import SimpleNamespace

import pandas as pd

from auditkit.batch.county import County
from auditkit.batch.price_chart import price_bands
from auditkit.reconcile.price_bands import COLUMNS
from auditkit.report.style import Chart
from auditkit.report.tables import Note

BAND = (10, 900.0, 950.0, 1000.0, 1050.0, 1100.0)


def county(*rows):
    records = [SimpleNamespace(compound_id=f"C{i}", compound_name=f"{i}号花园") for i in range(3)]
    found = pd.DataFrame([{"compound_id": "C1", "rule": "CTR02", "subject_id": "HT-1"}])
    return County(
        records, [], found, pd.DataFrame(), pd.DataFrame(), pd.DataFrame(),
        prices=pd.DataFrame(list(rows), columns=list(COLUMNS)),
    )  # fmt: skip


def test_the_lowest_share_comes_first_and_says_its_compound():
    drawn = price_bands(county(("C2", "HT-9", "快递柜", 900.0, *BAND), ("C1", "HT-1", "快递柜", 400.0, *BAND)))
    assert isinstance(drawn, Chart)
    first, second = drawn.alt.split("：")[1].split("、")
    assert first == "1号花园 HT-1 快递柜 40%"
    assert second == "2号花园 HT-9 快递柜 90%"


def test_a_price_far_beyond_its_band_is_drawn_at_the_edge():
    assert isinstance(price_bands(county(("C1", "HT-1", "快递柜", 90_000.0, *BAND))), Chart)


def test_without_enough_peers_the_chart_says_that_nothing_was_compared():
    few = ("C1", "HT-1", "快递柜", 400.0, 3, None, None, None, None, None)
    said = price_bands(county(few))
    assert isinstance(said, Note)
    assert said.text.startswith("未测试：缺")
    assert isinstance(price_bands(county()), Note)
