"""An output that is no folder of this machine: the county's files stand there too, the same as on a disk."""

import json
import shutil

import fsspec
import pytest

from auditkit.batch.run import run_batch
from tests.batch.test_batch import prints
from tests.batch.test_written_back import PEERS, compound


@pytest.fixture(scope="module")
def county(tmp_path_factory):
    folder = tmp_path_factory.mktemp("papers")
    for n in range(PEERS):
        compound(folder / f"C{n}", f"C{n}", "1000")
    compound(folder / "X", "X", "")
    return folder


@pytest.fixture(scope="module")
def store(county):
    """A store in memory, as an object store is: it has no folders and cannot rename."""
    fs = fsspec.filesystem("memory")
    out = "memory://store/county"
    records = run_batch(str(county), out, jobs=1, notebooks="none")
    yield fs, out, records
    fs.rm("/store", recursive=True)


def fetched(fs, out, target):
    fs.get(out, str(target), recursive=True)
    return target


def test_all_that_a_folder_of_this_machine_would_have(county, store, tmp_path):
    fs, out, records = store
    run_batch(str(county), str(tmp_path / "disk"), jobs=1, notebooks="none")
    there = prints(fetched(fs, out, tmp_path / "store"))
    assert there == prints(tmp_path / "disk")
    assert {"county.xlsx", "county.html", "findings.parquet"} <= set(there)
    assert any(name.startswith("companies/") for name in there)
    assert len(records) == PEERS + 1


def test_what_the_county_found_is_written_back(store):
    fs, out, records = store
    found = sum(len(json.loads(fs.cat_file(f"{out}/{r.folder}/findings.json"))["findings"]) for r in records)
    assert found == sum(r.findings for r in records)


def test_nothing_is_done_again(county, store):
    fs, out, records = store
    before = {p: fs.info(p)["created"] for p in fs.find(out)}
    assert run_batch(str(county), out, jobs=1, notebooks="none") == records
    assert {p: fs.info(p)["created"] for p in fs.find(out)} == before


def test_an_output_that_is_made_no_more_goes_away(county, tmp_path):
    shutil.copytree(county / "X", tmp_path / "papers" / "X")
    fs, out = fsspec.filesystem("memory"), "memory://store/one"
    run_batch(str(tmp_path / "papers"), out, jobs=1, notebooks="all")
    assert fs.exists(f"{out}/X/audit.html")
    run_batch(str(tmp_path / "papers"), out, jobs=1, notebooks="none")
    assert not fs.exists(f"{out}/X/audit.html")


def test_a_url_of_a_folder_is_that_folder(county, tmp_path):
    shutil.copytree(county / "X", tmp_path / "papers" / "X")
    run_batch(str(tmp_path / "papers"), f"file://{tmp_path}/out", jobs=1, notebooks="none")
    assert (tmp_path / "out" / "county.html").exists()
    assert (tmp_path / "out" / "run.json").exists()
