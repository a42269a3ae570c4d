"""Series of numbers: what a prefix is, and what is missing."""

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditkit.reconcile.numbering import gaps, in_order, split_numbers
from auditkit.schema import frame


def split(*ids, days=None):
    texts = pd.Series(list(ids), dtype="str")
    dates = None if days is None else pd.to_datetime(pd.Series(list(days)))
    frame = split_numbers(texts, dates)
    numbers = [None if pd.isna(n) else int(n) for n in frame["number"]]
    return list(zip(frame["prefix"], numbers, frame["width"], strict=True))


def missing(*ids, days=None):
    texts = pd.Series(list(ids), dtype="str")
    dates = None if days is None else pd.to_datetime(pd.Series(list(days)))
    found = gaps(split_numbers(texts, dates))
    return list(zip(found["before"], found["after"], found["first"], found["last"], found["missing"], strict=True))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("JZ-00012", ("JZ-", 12, 5)),
        ("TC20240105-0007", ("TC20240105-", 7, 4)),
        ("记-2024-01-0007", ("记-2024-01-", 7, 4)),
        ("202401050007", ("20240105", 7, 4)),
        ("2024010007", ("202401", 7, 4)),
        ("JZ2024010007", ("JZ202401", 7, 4)),
        ("000123", ("", 123, 6)),
        ("20240105", ("202401", 5, 2)),
        ("ＪＺ－００１２", ("JZ-", 12, 4)),
        (" JZ-0012 ", ("JZ-", 12, 4)),
        ("12345678901234567890123", ("12345", 678901234567890123, 18)),
        ("JZ-12号", ("", None, 0)),
        ("补录", ("", None, 0)),
        ("", ("", None, 0)),
    ],
)
def test_an_id_is_its_prefix_and_its_number(text, expected):
    assert split(text) == [expected]


def test_a_gap_is_named_by_its_missing_numbers_in_full():
    assert missing("JZ-00012", "JZ-00014", "JZ-00020") == [
        (0, 1, "JZ-00013", "JZ-00013", 1),
        (1, 2, "JZ-00015", "JZ-00019", 5),
    ]
    assert missing("记-9", "记-12") == [(0, 1, "记-10", "记-11", 2)]


def test_order_and_repeats_make_no_gap():
    assert missing("A-3", "A-1", "A-2", "A-2", "B-9") == []


def test_a_series_that_restarts_with_its_date_has_no_gap_between():
    assert missing("202401310120", "202401310121", "202402010001") == []
    assert missing("JZ2024010120", "JZ2024010121", "JZ2024020001") == []


def test_short_dates_want_the_rows_own_dates():
    ids, days = ("2401018", "2401019", "2402001"), ("2024-01-30", "2024-01-31", "2024-02-01")
    assert missing(*ids, days=days) == []
    assert len(missing(*ids)) == 1
    assert missing("2024099", "2024100", "2025001", days=("2024-12-30", "2024-12-31", "2025-01-02")) == []
    assert missing("2401018", "2401020", days=("2019-05-01", "2019-05-02")) == [(0, 1, "2401019", "2401019", 1)]


def test_one_wrong_date_does_not_hide_that_a_series_carries_dates():
    ids = [f"202401{d:02d}001" for d in range(1, 29)] + ["20241301001"]
    assert split(*ids)[-1] == ("", None, 0)
    assert missing(*ids) == []


def test_rows_keep_their_labels():
    texts = pd.Series(["A-1", "A-3"], index=[7, 4], dtype="str")
    assert gaps(split_numbers(texts))[["before", "after"]].to_numpy().tolist() == [[7, 4]]
    assert gaps(split_numbers(texts[:0])).empty


@given(st.sets(st.integers(0, 300), min_size=1, max_size=60), st.randoms())
def test_standing_and_missing_numbers_together_are_the_whole_run(numbers, random):
    ids = [f"P{n:04d}" for n in numbers]
    random.shuffle(ids)
    found = gaps(split_numbers(pd.Series(ids, dtype="str")))
    assert found["missing"].sum() + len(numbers) == max(numbers) - min(numbers) + 1
    assert not set(found["first"]) & set(ids)


def test_rows_of_a_day_stand_by_number_where_all_are_of_one_series():
    def order(*rows):
        books = frame("ledger", [{"date": pd.Timestamp(day), "voucher_no": no} for day, no in rows])
        return in_order(books)["voucher_no"].tolist()

    assert order(("2024-01-02", "记-9"), ("2024-01-02", "记-10"), ("2024-01-01", "记-11")) == ["记-11", "记-9", "记-10"]
    assert order(("2024-01-02", "记-10"), ("2024-01-02", "记-9")) == ["记-9", "记-10"]
    assert order(("2024-01-02", "记-10"), ("2024-01-02", "补-9")) == ["记-10", "补-9"]
    assert order(("2024-01-02", "记-10"), ("2024-01-02", "")) == ["记-10", ""]
