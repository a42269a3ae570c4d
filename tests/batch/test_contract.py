"""The input contract over a county: the same rows as compound by compound, and a page that fetches nothing."""

import re
import shutil

import pandas as pd
import pytest

from auditkit.batch.contract import ROWS
from auditkit.batch.run import run_batch
from auditkit.check import tables as in_pandas
from auditkit.demo import write_county
from auditkit.read.case import read_case

pytest.importorskip("great_expectations")
PLACE = ["compound_id", "code", "table", "file", "sheet", "row"]


@pytest.fixture(scope="module")
def county(tmp_path_factory):
    folder = tmp_path_factory.mktemp("county")
    write_county(folder, 4, plant=False, stays=60, costs=40)
    cards = folder / "140802003" / "月卡登记.csv"
    data = cards.read_bytes().decode("utf-8-sig")
    plate = re.search(r"[\u4e00-\u9fff][A-Z]\w{5,6}", data)[0]
    cards.write_bytes(data.replace(plate, "十五号楼", 1).encode("utf-8-sig"))
    return folder


def test_all_compounds_rows_together_as_one_by_one(county, tmp_path):
    out = tmp_path / "out"
    run_batch(str(county), str(out), jobs=1, notebooks="none", contract=True)
    found = pd.read_parquet(out / "contract.parquet")
    books = {p.name: read_case(p)[0] for p in county.iterdir() if p.is_dir()}
    expected = [
        (case, i.code, i.table, i.file, i.sheet, i.row)
        for case, issues in in_pandas.check_county(books).items() for i in issues
    ]  # fmt: skip
    assert sorted(found[PLACE].itertuples(index=False, name=None)) == sorted(expected)
    assert "十五号楼" in " ".join(found["message"])
    page = (out / "contract.html").read_text(encoding="utf-8")
    assert "十五号楼" in page
    assert "月卡登记" in page
    assert not re.search(r"(?:src|href)=|url\(|@import", page)


def test_it_is_only_done_when_asked_for(county, tmp_path):
    out = tmp_path / "out"
    one = tmp_path / "county"
    shutil.copytree(county / "140802003", one / "140802003")
    run_batch(str(one), str(out), jobs=1, notebooks="none")
    assert not (out / "contract.html").exists()
    assert not (out / "tables" / ROWS.format("ledger")).exists()
    run_batch(str(one), str(out), jobs=1, notebooks="none", contract=True)
    assert (out / "contract.html").exists()
