"""The example county as files: read, judged, written; every planted act found and nothing else, whatever the order."""

import json
import subprocess
import sys

import pytest

from auditkit.audit import audit, open_case
from auditkit.check import check_books
from auditkit.demo import make_compound, plan, write_county
from auditkit.demo.papers import write_papers
from tests.e2e.judged import COUNTY_RULES, NIGHTLY, differences, found, unclear

COUNT = 12
INDEXES = range(COUNT)
MIXED = INDEXES if NIGHTLY else (1, 3)
TWICE = INDEXES if NIGHTLY else (2,)


def number(index):
    return f"140802{index + 1:03d}"


@pytest.fixture(scope="module")
def county(tmp_path_factory):
    folder = tmp_path_factory.mktemp("county")
    return folder, write_county(folder, COUNT)


@pytest.fixture(scope="module")
def outcomes(county):
    folder, _ = county
    opened = {}

    def outcome(index):
        if index not in opened:
            opened[index] = open_case(folder / number(index))
        return opened[index]

    return outcome


@pytest.mark.parametrize("index", INDEXES)
def test_every_planted_act_is_found_and_nothing_else(county, outcomes, index):
    planted = county[1].of(number(index))
    outcome = outcomes(index)
    assert differences(outcome.verdicts, planted, without=COUNTY_RULES) == []
    assert outcome.issues == ()
    assert check_books(outcome.books) == ()


@pytest.mark.parametrize("index", [n for n, names in enumerate(plan(COUNT)) if not names])
def test_clean_compound_is_clean_and_wholly_tested(outcomes, index):
    outcome = outcomes(index)
    assert found(outcome.verdicts) == {}
    assert unclear(outcome.verdicts, without=COUNTY_RULES) == []


@pytest.mark.parametrize("index", MIXED)
def test_other_order_of_files_and_rows_changes_nothing(county, outcomes, tmp_path, index):
    compound, planted = make_compound(2024, index, plan(COUNT)[index])
    write_papers(compound, tmp_path / compound.id, planted, shuffle=11)
    mixed = open_case(tmp_path / number(index))
    assert _said(mixed) == _said(outcomes(index))


def _said(outcome):
    return sorted(
        (f.id(outcome.case.compound_id), f.amount_low or -1, f.amount_high or -1)
        for v in outcome.verdicts
        for f in v.findings
    )


@pytest.mark.parametrize("index", TWICE)
def test_audited_twice_the_same_bytes(county, tmp_path, index):
    folder = county[0] / number(index)
    for run in ("a", "b"):
        audit(folder, tmp_path / run, notebook=False)
    one = {p.relative_to(tmp_path / "a"): p.read_bytes() for p in (tmp_path / "a").rglob("*") if p.is_file()}
    two = {p.relative_to(tmp_path / "b"): p.read_bytes() for p in (tmp_path / "b").rglob("*") if p.is_file()}
    assert one.keys() == two.keys()
    assert [str(name) for name in one if one[name] != two[name]] == []


def test_command_says_clean_and_found_by_its_exit_code(county, tmp_path):
    folder = county[0]
    for index, expected in ((0, {0, 3}), (1, {1})):
        done = subprocess.run(
            [
                sys.executable,
                "-m",
                "auditkit",
                "audit",
                str(folder / number(index)),
                "--out",
                str(tmp_path),
                "--no-notebook",
            ],
            capture_output=True,
            text=True,
        )
        assert done.returncode in expected, done.stderr
    said = json.loads((tmp_path / number(0) / "findings.json").read_text(encoding="utf-8"))
    assert said["findings"] == []
    assert {t["rule"] for t in said["tests"] if t["state"] not in ("clean", "empty")} <= COUNTY_RULES
