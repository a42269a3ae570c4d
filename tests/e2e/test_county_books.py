"""The example county's own books: that they hold together, and that its writer knows nothing of the audit."""

import ast
import datetime as dt
import itertools
import re
from pathlib import Path

import chinese_calendar
import pytest

import auditkit.demo
from auditkit.demo import make_compound, plan, read_truth, write_county
from auditkit.demo.acts import acts
from auditkit.demo.workdays import is_workday
from auditkit.schema import tables

SEEDS = range(4)


@pytest.fixture(scope="module", params=SEEDS)
def compound(request):
    return make_compound(request.param, request.param)[0]


def test_statements_chain_and_serials_are_unique(compound):
    rows = compound.rows["bank"]
    for account, own in itertools.groupby(rows, key=lambda r: r["account"]):
        chain = list(own)
        for before, row in itertools.pairwise(chain):
            assert row["balance"] == before["balance"] + row["credit"] - row["debit"]
            assert row["date"] >= before["date"]
        assert len({r["serial"] for r in chain}) == len(chain), account
        assert chain[0]["date"] <= compound.first - dt.timedelta(10)
        assert chain[-1]["date"] >= compound.last + dt.timedelta(20)
        assert min(r["balance"] for r in chain) >= 0


def test_ledger_chains_and_notices_agree_with_it(compound):
    rows = compound.rows["ledger"]
    balance = compound.opening
    for row in rows:
        balance += row["amount"] if row["direction"] == "收入" else -row["amount"]
        assert row["balance"] == balance
    published = compound.rows["disclosures"]
    for direction in ("收入", "支出"):
        in_year = sum(
            r["amount"] for r in rows
            if r["direction"] == direction and (r.get("period") or f"{r['date']:%Y-%m}").startswith(str(compound.year))
        )  # fmt: skip
        posted = sum(r["amount"] for r in published if r["direction"] == direction)
        assert posted == in_year or compound.style.last_notice_pending


def test_takings_of_the_log_are_in_the_ledger_by_month(compound):
    late = compound.style.channel == "daily" and compound.style.books_month_ends_late
    for month in range(1, 13):
        log = sum(r["paid"] for r in compound.rows["parking"] if r["exit"] and r["exit"].month == month)
        booked = sum(
            r["amount"] for r in compound.rows["ledger"]
            if r["category"] == "临时停车" and r["date"].month == month and r["date"].year == compound.year
        )  # fmt: skip
        assert log == booked or late


def test_votes_add_up(compound):
    for row in compound.rows["resolutions"]:
        for axis in ("area", "heads"):
            assert row[f"agreeing_{axis}"] <= row[f"participating_{axis}"] <= row[f"total_{axis}"]


def test_every_rule_of_the_catalogue_has_an_act():
    catalogue = Path(__file__).parents[2].parent / "shared" / "design" / "rules.toml"
    if not catalogue.exists():
        pytest.skip("the catalogue ../shared/design/rules.toml is not here")
    codes = set(re.findall(r"^\[([A-Z]{3}\d\d)\]", catalogue.read_text(encoding="utf-8"), flags=re.M))
    assert {rule for one in acts().values() for rule in one.rules} == codes


def test_twelve_compounds_hold_every_act_and_a_third_stay_clean():
    planned = plan(12)
    assert {name for names in planned for name in names} == set(acts())
    assert sum(not names for names in planned) == 4


@pytest.mark.parametrize("name", acts())
def test_act_names_the_rules_that_it_trips(name):
    _, planted = make_compound(9, 1, [name])
    assert {p.rule for p in planted} == set(acts()[name].rules)
    assert all(p.subject_id and p.act == name and p.compound_id == "140802002" for p in planted)


def test_same_seed_same_bytes_and_another_seed_other_books(tmp_path):
    for folder, seed in (("a", 5), ("b", 5), ("c", 6)):
        write_county(tmp_path / folder, 4, seed, stays=300, costs=40)
    files = sorted(p.relative_to(tmp_path / "a") for p in (tmp_path / "a").rglob("*") if p.is_file())
    assert files == sorted(p.relative_to(tmp_path / "b") for p in (tmp_path / "b").rglob("*") if p.is_file())
    for file in files:
        assert (tmp_path / "a" / file).read_bytes() == (tmp_path / "b" / file).read_bytes(), file
    ledger = next(f for f in files if "台账" in f.name and f.suffix == ".csv")
    assert (tmp_path / "a" / ledger).read_bytes() != (tmp_path / "c" / ledger).read_bytes()


def test_truth_is_beside_the_cases_and_reads_back(tmp_path):
    truth = write_county(tmp_path, 3, stays=300, costs=40)
    read = read_truth(tmp_path / "truth.json")
    assert (read.compounds, set(read.findings)) == (truth.compounds, set(truth.findings))
    assert not [p for p in tmp_path.rglob("truth*") if p.parent != tmp_path]
    assert set(truth.clean) == {"140802001"}


def test_business_days_are_the_states():
    day = dt.date(2023, 12, 1)
    while day < dt.date(2025, 3, 1):
        assert is_workday(day) == chinese_calendar.is_workday(day), day
        day += dt.timedelta(1)


def test_writer_of_the_county_imports_nothing_that_judges():
    allowed = {"auditkit.schema", "auditkit.money", "auditkit.model"}
    for path in Path(auditkit.demo.__file__).parent.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            names = [node.module] if isinstance(node, ast.ImportFrom) else []
            names += [a.name for a in node.names] if isinstance(node, ast.Import) else []
            for name in names:
                assert not name.startswith("auditkit") or name.startswith("auditkit.demo") or name in allowed, path


def test_all_tables_are_there(compound):
    for name in tables():
        assert compound.rows[name] or name == "handover"
