"""Sums that want the same rows, against every choice there is."""

from __future__ import annotations

from itertools import combinations

from hypothesis import given
from hypothesis import strategies as st

from auditkit.reconcile.matching import packing
from auditkit.reconcile.matching.packing import Sum

USES = [2**i for i in range(12)]


@st.composite
def sums(draw: st.DrawFn) -> list[Sum]:
    rows = st.lists(st.integers(0, 6), min_size=1, max_size=3, unique=True)
    pairs = draw(st.lists(st.tuples(rows, rows, st.integers(0, 3)), min_size=1, max_size=8))
    return [Sum(tuple(sorted(one)), tuple(sorted(other)), 0, days) for one, other, days in pairs]


def every_best(found: list[Sum]) -> tuple[int, list[int]]:
    choices: dict[int, tuple[int, int, int]] = {}
    for size in range(len(found) + 1):
        for chosen in combinations(range(len(found)), size):
            rows = [row for i in chosen for row in found[i].rows()]
            if len(rows) == len(set(rows)):
                worth = len(rows), -size, -sum(found[i].days for i in chosen)
                choices[sum(1 << i for i in chosen)] = worth
    best = max(choices.values())
    return max(choices, key=lambda c: choices[c]), [c for c, worth in choices.items() if worth == best]


@given(sums())
def test_walk_and_program_know_every_best_choice(found: list[Sum]) -> None:
    _, choices = every_best(found)
    common = choices[0]
    for choice in choices:
        common &= choice
    walked = packing._walk(found, USES[: len(found)])
    assert walked is not None
    assert walked.common == common
    assert walked.first in choices
    assert walked.tie == (len(choices) > 1)
    solved = packing._program(found, USES[: len(found)])
    assert solved.common == common
    assert solved.first in choices
    assert solved.tie == (len(choices) > 1)


def test_of_choices_as_good_the_first_in_order_is_named() -> None:
    found = [Sum((0,), (0,), 0, 1), Sum((0,), (1,), 0, 1)]
    walked = packing._walk(found, [7, 7])
    assert walked is not None
    assert (walked.first, walked.common, walked.tie) == (1, 0, False)


def test_too_many_open_rows_go_to_the_program(monkeypatch) -> None:
    monkeypatch.setattr(packing, "_WIDE", 1)
    found = [Sum((i,), (j,), 0, abs(i - j)) for i in range(4) for j in range(4)]
    assert packing._walk(found, [1] * 16) is None
    assert len(packing._bits(packing._program(found, [1] * 16).first)) == 4
