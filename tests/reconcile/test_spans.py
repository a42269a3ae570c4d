"""Which days a ledger row counts for."""

import pandas as pd
import pytest

from auditkit.reconcile.spans import Days, placed, spans
from auditkit.schema import frame

DAY = pd.Timestamp


def row(date="2024-01-20", period="", doubt=""):
    return frame("ledger", [{"date": DAY(date) if date else None, "period": period, "doubt": doubt}])


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        ({}, ("2024-01-20", "2024-01-20")),
        ({"period": "2023-12"}, ("2023-12-01", "2023-12-31")),
        ({"period": "2024-01/2024-03"}, ("2024-01-01", "2024-03-31")),
        ({"date": "", "doubt": "date", "period": "2024-02"}, ("2024-02-01", "2024-02-29")),
        ({"date": "", "doubt": "date"}, (None, None)),
        ({"doubt": "period"}, (None, None)),
    ],
)
def test_a_row_counts_for_its_label_else_for_its_date(cells, expected):
    found = spans(row(**cells)).iloc[0]
    assert [None if pd.isna(v) else f"{v:%Y-%m-%d}" for v in (found["first"], found["last"])] == list(expected)


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        ({}, "in"),
        ({"date": "2024-01-14"}, "out"),
        ({"date": "2024-07-01"}, "out"),
        ({"date": "2024-02-01", "period": "2023-12"}, "out"),
        ({"date": "2024-08-01", "period": "2024-05"}, "in"),
        ({"date": "2024-01-20", "period": "2024-01"}, "in"),
        ({"date": "2024-01-10", "period": "2024-01"}, "out"),
        ({"date": "2024-03-01", "period": "2024-01"}, "unsure"),
        ({"date": "2024-01-20", "period": "2024-01/2024-02"}, "unsure"),
        ({"date": "", "doubt": "date"}, "unsure"),
    ],
)
def test_a_label_that_reaches_beyond_the_days_is_placed_by_its_date_or_not_at_all(cells, expected):
    inside, unsure = placed(row(**cells), Days.between(DAY("2024-01-15"), DAY("2024-06-30")))
    assert (inside.item(), unsure.item()) == {"in": (True, False), "out": (False, False), "unsure": (False, True)}[
        expected
    ]


def test_days_may_come_in_pieces():
    days = Days.between(DAY("2024-01-01"), DAY("2024-03-31"))
    days.of[31:60] = False
    assert str(days) == "2024-01-01/2024-03-31"
    for label, expected in (
        ("2024-01", (True, False)),
        ("2024-02", (False, False)),
        ("2024-01/2024-03", (False, True)),
    ):
        inside, unsure = placed(row(period=label, date="2025-01-01"), days)
        assert (inside.item(), unsure.item()) == expected


def test_a_ledger_without_rows_has_no_days():
    assert list(spans(frame("ledger")).columns) == ["first", "last"]
    assert spans(frame("ledger")).empty
