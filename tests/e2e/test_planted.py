"""Clean books find nothing, planted ones exactly what was planted: in memory, over many seeds."""

from typing import ClassVar

import pytest

from auditkit.audit import judge, judge_all
from auditkit.demo import books_of, case_of, make_compound, plan
from auditkit.demo.acts import acts
from auditkit.model import Books
from auditkit.rules import catalogue
from auditkit.schema import frame, tables
from tests.e2e.judged import COUNTY_RULES, NIGHTLY, PAPER_RULES, differences, found, judged, unclear

ALONE = COUNTY_RULES | PAPER_RULES
CLEAN = range(500) if NIGHTLY else range(4)
DIRTY = [(n, names) for n, names in enumerate(plan(12)) if names]
SEEDS = range(63) if NIGHTLY else range(1)


@pytest.mark.parametrize("seed", CLEAN)
def test_clean_books_find_nothing_and_leave_nothing_untested(seed):
    verdicts, _ = judged(seed, seed)
    assert found(verdicts.values()) == {}
    assert unclear(verdicts.values(), without=ALONE) == []


@pytest.mark.parametrize("index, names", DIRTY, ids=[f"compound {n}" for n, _ in DIRTY])
@pytest.mark.parametrize("seed", SEEDS)
def test_planted_books_find_exactly_what_was_planted(seed, index, names):
    verdicts, planted = judged(seed, index, names)
    assert differences(verdicts.values(), planted, without=ALONE) == []


@pytest.mark.slow
@pytest.mark.skipif(not NIGHTLY, reason="each act alone: HYPOTHESIS_PROFILE=nightly")
@pytest.mark.parametrize("name", acts())
def test_act_alone_finds_exactly_its_own(name):
    for seed, index in ((1, 1), (2, 2), (3, 4), (4, 7)):
        verdicts, planted = judged(seed, index, [name])
        assert differences(verdicts.values(), planted, without=ALONE) == [], (seed, index)


class Watched(Books):
    """Books that remember which tables a rule looked at."""

    __slots__ = ()
    seen: ClassVar[set[str]] = set()

    def __getitem__(self, table):
        Watched.seen.add(table)
        return super().__getitem__(table)

    def has(self, need):
        Watched.seen.add(need.partition(".")[0])
        return super().has(need)


def without(books, table):
    kept = {**books.tables, table: frame(table)}
    columns = {**books.columns, table: frozenset()}
    return Books(kept, books.given - {table}, columns, books.issues, books.totals, books.statements)


def words(verdict):
    return verdict.state, verdict.population, verdict.passed, verdict.findings, verdict.untested, verdict.reason


@pytest.fixture(scope="module")
def whole():
    """One compound's books with something planted, its case, each rule's verdict and the tables it looks at."""
    compound, _ = make_compound(2024, 1, plan(12)[1])
    books, case = books_of(compound), case_of(compound)
    verdicts, seen = {}, {}
    for code, (rule, examine) in catalogue().items():
        Watched.seen = set()
        own = Watched(books.tables, books.given, books.columns, books.issues, books.totals, books.statements)
        verdicts[code] = judge(rule, examine, own, case)
        seen[code] = set(Watched.seen)
    return books, case, verdicts, seen


@pytest.mark.parametrize("table", tables())
def test_table_left_out_leaves_untested_what_needs_it_and_the_rest_alone(whole, table):
    books, case, before, seen = whole
    after = {v.rule.code: v for v in judge_all(without(books, table), case)}
    for code, (rule, _) in catalogue().items():
        needs = {need.partition(".")[0] for need in rule.needs}
        if table in needs:
            assert after[code].state == "untested", code
            assert tables()[table].zh in after[code].reason, code
        elif table not in seen[code]:
            assert words(after[code]) == words(before[code]), code
