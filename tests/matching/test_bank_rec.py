"""The public bank-reconciliation set, of which nothing here was written by us: English names, cut and misspelt."""

from __future__ import annotations

import pytest

from tests.matching.scores import SHARED, run, score

DEV = SHARED / "bank-rec" / "dev"
pytestmark = pytest.mark.skipif(not DEV.is_dir(), reason="the shared measuring data are not here")


@pytest.mark.parametrize("window_days", [14, 31])
def test_the_aims_are_met_whatever_the_wide_window(window_days: int) -> None:
    found, truth = run(DEV, window_days=window_days)
    reached = score(found, truth)
    assert reached.precision >= 0.995, reached.wrong
    assert reached.f1 >= 0.96, reached.missed
    assert reached.batches >= 0.85


def test_the_window_of_an_audit_pairs_nothing_wrongly() -> None:
    found, truth = run(DEV)
    reached = score(found, truth)
    assert not reached.wrong
    assert reached.f1 >= 0.96
    assert reached.batches >= 0.85


def test_voids_leave_with_what_they_void_and_nothing_else_does() -> None:
    found, truth = run(DEV, window_days=14)
    netted = set(found.rows.loc[found.rows["state"] == "netted", "id"])
    assert netted == {row for pair in truth["offsets"] for row in pair}
