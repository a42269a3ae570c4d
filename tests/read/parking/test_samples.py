"""Every parking importer on its invented sample; unknown words of an enumeration stop the file, a map settles it."""

import csv
import importlib
import pkgutil
from pathlib import Path

import pandas as pd
import pytest

import auditkit.read.parking as folder
from auditkit.read.folder import read_papers
from auditkit.read.grids import read_grids
from auditkit.read.importers import claims
from auditkit.read.mapping import parse_maps

HERE = Path(__file__).parent / "samples"
DOCS = Path(__file__).parents[3] / "docs" / "importers"
MODULES = {
    m.name: importlib.import_module(f"{folder.__name__}.{m.name}").IMPORTER
    for m in pkgutil.iter_modules(folder.__path__)
}
READ = [name for name in MODULES if (HERE / f"{name}.golden.csv").exists()]


def text(value, column):
    if pd.isna(value):
        return ""
    if column in ("due", "paid"):
        return f"{value / 100:.2f}"
    return f"{value:%Y-%m-%d %H:%M:%S}" if column in ("entry", "exit") else str(value)


@pytest.mark.parametrize("name", MODULES)
def test_exactly_one_importer_claims_it(name):
    path = HERE / f"{name}.csv"
    (grid,), _ = read_grids(path, path.name)
    assert [c.importer for c in claims(grid)] == [MODULES[name]]
    assert (DOCS / f"{MODULES[name].name}.md").read_text(encoding="utf-8").startswith(f"# {MODULES[name].zh}\n")


@pytest.mark.parametrize("name", READ)
def test_golden(name):
    (part,) = read_papers(HERE / f"{name}.csv", {}).parts
    with (HERE / f"{name}.golden.csv").open(encoding="utf-8", newline="") as file:
        golden = list(csv.DictReader(file))
    assert [{c: text(row[c], c) for c in golden[0]} for _, row in part.frame.iterrows()] == golden


@pytest.mark.parametrize("name", [n for n in MODULES if n not in READ])
def test_sums_are_recognised_and_left_alone(name):
    papers = read_papers(HERE / f"{name}.csv", {})
    assert not papers.parts
    assert [a.kind for a in papers.aside] == ["认得而不读"]


STRANGE = """parkRecordId,plate,plateType,releaseMode,entryTime,exitTime,totalAmount,paidAmount
R1,晋E10001,临时,1,2024-03-01 08:00:00,2024-03-01 10:00:00,6.00,6.00
R2,晋E10002,本地VIP,99,2024-03-01 08:00:00,2024-03-01 10:00:00,6.00,0.00
R3,晋E10003,临时,6,2024-03-01 08:00:00,2024-03-01 10:00:00,6.00,0.00
"""


def test_unknown_words_stop_the_file(tmp_path):
    (tmp_path / "记录.csv").write_text(STRANGE, encoding="utf-8")
    papers = read_papers(tmp_path, {})
    assert not papers.parts
    (issue,) = papers.issues
    assert issue.code == "I03"
    assert all(word in issue.message for word in ("99", "6", "本地VIP"))
    assert [u.file for u in papers.unread] == ["记录.csv"]


def test_a_map_settles_them(tmp_path):
    (tmp_path / "记录.csv").write_text(STRANGE, encoding="utf-8")
    words = {"release": {"99": "异常", "6": "异常"}, "kind": {"本地VIP": "月卡"}}
    maps, wrong = parse_maps({"记录.csv": {"table": "parking", "words": words}})
    assert not wrong
    (part,) = read_papers(tmp_path, maps).parts
    assert part.importer == "parking-passage-records"
    assert part.frame["release"].tolist() == ["自动", "异常", "异常"]
    assert part.frame["kind"].tolist() == ["临时", "月卡", "临时"]


def test_amounts_in_fen_that_do_not_add_up_are_in_doubt(tmp_path):
    lines = (HERE / "pyun_leaves.csv").read_text(encoding="utf-8").replace(",1000,0,0,0", ",900,0,0,0")
    (tmp_path / "p.csv").write_text(lines, encoding="utf-8")
    (part,) = read_papers(tmp_path, {}).parts
    assert part.frame["doubt"].tolist() == ["paid", ""]
