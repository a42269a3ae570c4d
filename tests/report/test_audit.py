"""One audit from its folder to its files: all there, the same each time, and nothing half-written."""

import json
from types import SimpleNamespace

import pytest

from auditkit import audit as auditing
from auditkit.audit import RuleError, audit, folder_name, judge_all
from auditkit.demo import write_county
from auditkit.report.manifest import sha256
from tests.report.made import RULES, books, case


@pytest.fixture(scope="module")
def county(tmp_path_factory):
    folder = tmp_path_factory.mktemp("county")
    write_county(folder / "one", 2, stays=60, costs=60)
    write_county(folder / "two", 2, stays=60, costs=60, shuffle=5)
    return folder


def dirty(folder):
    return sorted(p for p in folder.iterdir() if p.is_dir())[1]


@pytest.fixture(scope="module")
def done(county):
    outcome = audit(dirty(county / "one"), county / "out")
    return outcome, county / "out" / outcome.case.compound_id


def test_every_file_of_the_contract_is_there(done):
    outcome, folder = done
    names = {p.name for p in folder.iterdir()}
    ledger = {n for n in names if n.endswith(".标注.xlsx")}
    assert len(ledger) == 1
    assert names - ledger == {
        "findings.json", "findings.xlsx", "audit.ipynb", "audit.html", "matches.csv", "manifest.json",
    }  # fmt: skip
    assert outcome.exit_code == 1
    record = json.loads((folder / "findings.json").read_text(encoding="utf-8"))
    assert record["findings"]
    for test in record["tests"]:
        assert test["population"] == test["passed"] + test["findings"] + test["untested"], test["rule"]
        assert (test["reason"] is not None) == (test["untested"] > 0 or test["state"] == "untested"), test
    assert {t["rule"] for t in record["tests"]} == set(auditing.catalogue())


def test_the_manifest_proves_all_of_it(done, county):
    _, folder = done
    record = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    assert {o["file"]: o["sha256"] for o in record["outputs"]} == {
        p.name: sha256(p) for p in folder.iterdir() if p.name != "manifest.json"
    }
    case_folder = dirty(county / "one")
    listed = {i["file"]: i["sha256"] for i in record["inputs"]}
    assert "case.toml" in listed
    assert listed == {name: sha256(case_folder / name) for name in listed}
    assert len(record["rules"]) == len(auditing.catalogue())


def test_the_same_bytes_again(done, county):
    _, folder = done
    again = county / "again"
    audit(dirty(county / "one"), again)
    for path in folder.iterdir():
        assert path.read_bytes() == (again / folder.name / path.name).read_bytes(), path.name


def test_files_and_rows_in_another_order_give_the_same_findings(done, county):
    outcome, _ = done
    other = audit(dirty(county / "two"), county / "shuffled", notebook=False)
    assert {outcome.finding_id(f) for f in outcome.findings} == {other.finding_id(f) for f in other.findings}
    assert [(v.rule.code, v.population, v.passed) for v in outcome.verdicts] == [
        (v.rule.code, v.population, v.passed) for v in other.verdicts
    ]


def test_a_persons_file_stays_and_an_old_output_goes(done, county):
    _, folder = done
    out = county / "kept"
    audit(dirty(county / "one"), out)
    (out / folder.name / "笔记.txt").write_text("mine")
    audit(dirty(county / "one"), out, notebook=False)
    names = {p.name for p in (out / folder.name).iterdir()}
    assert "笔记.txt" in names
    assert "audit.html" not in names, "what the last run no longer makes"
    assert [p.name for p in out.iterdir()] == [folder.name], "no half-written folder is left"


def test_a_failure_leaves_the_last_result_as_it_was(done, county, monkeypatch):
    _, folder = done
    out = county / "failing"
    audit(dirty(county / "one"), out, notebook=False)
    before = {p.name: p.read_bytes() for p in (out / folder.name).iterdir()}

    def full(*args, **kwargs):
        raise OSError("no space left")

    monkeypatch.setattr(auditing, "write_manifest", full)
    with pytest.raises(OSError, match="no space"):
        audit(dirty(county / "one"), out, notebook=False)
    assert {p.name: p.read_bytes() for p in (out / folder.name).iterdir()} == before
    assert [p.name for p in out.iterdir()] == [folder.name]


def test_a_bug_in_a_rule_stops_the_run_with_its_name(monkeypatch):
    def broken(books, case):
        raise ZeroDivisionError("a bug")

    monkeypatch.setattr(auditing, "catalogue", lambda: {"INC02": (RULES["INC02"], broken)})
    with pytest.raises(RuleError, match="INC02 contract-income-short: ZeroDivisionError"):
        judge_all(books(), case())


@pytest.mark.parametrize(
    ("number", "name"), [("140802001", "140802001"), ("A/B:1", "A_B_1"), ("x. ", "x_"), ("虚构", "虚构"), ("", "_")]
)
def test_a_compounds_number_as_a_folder(number, name):
    assert folder_name(number) == name


def test_open_case_gives_what_stands_ready(tmp_path, monkeypatch):
    ready = SimpleNamespace()
    monkeypatch.setitem(auditing._opened, ("../x", "", ""), ready)
    import auditkit

    assert auditkit.open_case("../x", period="", pack="") is ready
