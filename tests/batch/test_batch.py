"""A county: every case once, one bad case beside good ones, unchanged cases left alone, broken runs taken up again."""

import hashlib
import json
import shutil
import subprocess
import sys

import pandas as pd
import pytest

from auditkit.batch.cases import find_cases
from auditkit.batch.run import exit_code, run_batch
from auditkit.demo import write_county

SMALL = {"compounds": 4}


@pytest.fixture(scope="module")
def county(tmp_path_factory):
    folder = tmp_path_factory.mktemp("county")
    write_county(folder, **SMALL)
    (folder / "truth.json").unlink()
    return folder


@pytest.fixture(scope="module")
def audited(county, tmp_path_factory):
    out = tmp_path_factory.mktemp("out")
    return out, run_batch(str(county), str(out), jobs=1, notebooks="none")


def prints(out):
    """What a reader of the output sees, but for how long it took."""
    seen = {}
    for path in sorted(out.rglob("*")):
        below = path.relative_to(out).as_posix()
        if path.is_file() and not below.startswith((".batch", "run.json")):
            seen[below] = hashlib.sha256(path.read_bytes()).hexdigest()
    return seen


def names(folder):
    return {p.name for p in folder.iterdir()}


def test_cases_are_folders_with_papers_and_workbooks_beside_them(county, tmp_path):
    shutil.copytree(county / "140802001", tmp_path / "北区" / "一号")
    shutil.copytree(county / "140802002", tmp_path / "二号")
    shutil.copy(next((county / "140802001").glob("*.xlsx")), tmp_path / "三号.xlsx")
    (tmp_path / "空的").mkdir()
    (tmp_path / "~$三号.xlsx").write_bytes(b"lock")
    assert [c.name for c in find_cases(tmp_path)] == ["三号.xlsx", "二号", "北区/一号"]


def test_every_compound_has_its_folder_and_the_county_its_files(audited):
    out, records = audited
    assert [r.compound_id for r in records] == ["140802001", "140802002", "140802003", "140802004"]
    for record in records:
        assert {"findings.json", "findings.xlsx", "matches.csv", "manifest.json"} <= names(out / record.folder)
    assert {"county.xlsx", "county.html", "findings.parquet", "run.json", "companies", "tables"} <= names(out)
    assert not list((out / ".batch" / "work").iterdir())
    found = pd.read_parquet(out / "findings.parquet")
    one_by_one = [
        f["id"] for r in records for f in json.loads((out / r.folder / "findings.json").read_bytes())["findings"]
    ]
    assert set(one_by_one) <= set(found["id"])
    assert exit_code(records) == 1
    for folder in (out / "companies").iterdir():
        assert names(folder) == {"company.html", "company.ipynb"}


def test_a_second_run_does_nothing_and_one_changed_case_is_done_again(county, audited, tmp_path):
    out, _ = audited
    own = tmp_path / "out"
    shutil.copytree(out, own)
    cases = tmp_path / "county"
    shutil.copytree(county, cases)
    stamps = {p: p.stat().st_mtime_ns for p in own.rglob("*") if p.is_file()}
    run_batch(str(cases), str(own), jobs=1, notebooks="none")
    assert {p: p.stat().st_mtime_ns for p in own.rglob("*") if p.is_file()} == stamps
    settings = cases / "140802003" / "case.toml"
    settings.write_text(
        settings.read_text(encoding="utf-8").replace("window_days = 5", "window_days = 4") + "\n", encoding="utf-8"
    )
    run_batch(str(cases), str(own), jobs=1, notebooks="none")
    touched = {p.relative_to(own).parts[0] for p, s in stamps.items() if p.exists() and p.stat().st_mtime_ns != s}
    assert "140802003" in touched
    assert not touched & {"140802001", "140802002", "140802004"}


def test_one_bad_case_is_told_and_the_rest_goes_on(county, tmp_path):
    cases = tmp_path / "county"
    shutil.copytree(county / "140802001", cases / "好")
    (cases / "坏").mkdir()
    (cases / "坏" / "台账.xlsx").write_bytes(b"PK\x03\x04 broken")
    shutil.copytree(county / "140802001", cases / "重号")
    out = tmp_path / "out"
    records = {r.case: r for r in run_batch(str(cases), str(out), jobs=1, notebooks="none")}
    assert records["好"].error == ""
    assert "InputError" in records["坏"].error
    assert "小区编号与案卷“好”相同" in records["重号"].error
    assert exit_code(list(records.values())) == 4
    traces = [p.read_text(encoding="utf-8") for p in (out / ".batch" / "failed").iterdir()]
    assert len(traces) == 2
    assert all("Traceback" in t for t in traces)
    run = json.loads((out / "run.json").read_bytes())
    assert [f["case"] for f in run["failures"]] == ["坏", "重号"]


def test_what_people_put_beside_the_results_stays(county, tmp_path):
    cases, out = tmp_path / "county", tmp_path / "out"
    shutil.copytree(county / "140802001", cases / "一号")
    run_batch(str(cases), str(out), jobs=1, notebooks="none")
    (out / "140802001" / "取证单.txt").write_text("现场照片三张", encoding="utf-8")
    run_batch(str(cases), str(out), jobs=1, notebooks="none", fresh=True)
    assert (out / "140802001" / "取证单.txt").read_text(encoding="utf-8") == "现场照片三张"


@pytest.mark.slow
def test_a_full_disk_stops_the_run_and_it_goes_on_after_space_is_made(county, audited, tmp_path):
    out, _ = audited
    disk = tmp_path / "disk"
    disk.mkdir()
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=700k", "tmpfs", str(disk)], capture_output=True)
    if mounted.returncode:
        pytest.skip("no tmpfs can be mounted here")
    try:
        own = disk / "out"
        with pytest.raises(OSError, match=r"No space left|Errno 28"):
            run_batch(str(county), str(own), jobs=1, notebooks="none")
        for folder in own.glob("1408*"):
            manifest = json.loads((folder / "manifest.json").read_bytes())
            for entry in manifest["outputs"]:
                assert hashlib.sha256((folder / entry["file"]).read_bytes()).hexdigest() == entry["sha256"]
        subprocess.run(["mount", "-o", "remount,size=200m", str(disk)], check=True)
        records = run_batch(str(county), str(own), jobs=1, notebooks="none")
        assert [r.error for r in records] == [""] * SMALL["compounds"]
        assert prints(own) == prints(out)
    finally:
        subprocess.run(["umount", str(disk)], check=True)


def test_the_command_says_what_it_did(county, tmp_path):
    command = [sys.executable, "-m", "auditkit", "batch", str(county), "--out", str(tmp_path / "out"), "--jobs", "1"]
    done = subprocess.run([*command, "--notebooks", "none"], capture_output=True, text=True)
    assert done.returncode == 1, done.stderr
    assert "案卷 4 个" in done.stdout
    wrong = subprocess.run([*command, "--notebooks", "some"], capture_output=True, text=True)
    assert wrong.returncode == 2
    assert "all | flagged | none" in wrong.stderr


def test_a_compound_whose_county_was_written_otherwise_before_stands_once(county, tmp_path):
    cases, out = tmp_path / "cases", tmp_path / "out"
    shutil.copytree(county / "140802001", cases / "140802001")
    run_batch(str(cases), str(out), jobs=1, notebooks="none")
    for table in (out / "tables").iterdir():
        shutil.copytree(next(table.iterdir()), table / "county_code=149999")
    run_batch(str(cases), str(out), jobs=1, notebooks="none", fresh=True)
    for table in (out / "tables").iterdir():
        assert len(list(table.glob("county_code=*/compound_id=140802001"))) == 1
