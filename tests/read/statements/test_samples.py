"""Every importer on its invented sample: claimed by it alone, and read as the golden table beside it."""

import csv
from pathlib import Path

import pandas as pd
import pytest

from auditkit.read.folder import read_papers
from auditkit.read.grids import read_grids
from auditkit.read.importers import claims, importers

HERE = Path(__file__).parent / "samples"
DOCS = Path(__file__).parents[3] / "docs" / "importers"
SAMPLES = sorted(p for p in HERE.iterdir() if ".golden." not in p.name)


READ = [p for p in SAMPLES if (HERE / f"{p.name.split('.')[0]}.golden.csv").exists()]


def module(path):
    return path.name.split(".")[0]


def shown(frame, columns):
    def text(value, column):
        if column in ("credit", "debit", "balance"):
            return "" if pd.isna(value) else f"{value / 100:.2f}"
        return f"{value:%Y-%m-%d}" if column == "date" and not pd.isna(value) else str(value)

    return [{c: text(row[c], c) for c in columns} for _, row in frame.iterrows()]


@pytest.mark.parametrize("path", READ, ids=module)
def test_golden(path):
    papers = read_papers(path, {})
    assert not papers.wrong
    (part,) = papers.parts
    with (HERE / f"{module(path)}.golden.csv").open(encoding="utf-8", newline="") as file:
        golden = list(csv.DictReader(file))
    found = shown(part.frame, list(golden[0]))
    assert found == golden
    assert not (part.frame["doubt"].str.replace("account", "") != "").any()
    assert not [d for d in part.declared if d.differs]
    if part.statement.breaks is not None:
        assert part.statement.breaks == ()
        assert (part.statement.opening, part.statement.closing) == (10_000_000, 10_673_873)


@pytest.mark.parametrize("path", SAMPLES, ids=module)
def test_exactly_one_importer_claims_it(path):
    grids, _ = read_grids(path, path.name)
    found = [[c.importer for c in claims(grid)] for grid in grids]
    assert [len(several) for several in found] == [1]
    assert module(path) in [m for m in _modules() if _modules()[m] is found[0][0]]


def _modules():
    import importlib
    import pkgutil

    import auditkit.read.statements as folder

    return {
        m.name: importlib.import_module(f"{folder.__name__}.{m.name}").IMPORTER
        for m in pkgutil.iter_modules(folder.__path__)
    }


def test_every_importer_has_a_sample_and_a_page():
    assert set(_modules()) == set(map(module, SAMPLES))
    for importer in _modules().values():
        page = (DOCS / f"{importer.name}.md").read_text(encoding="utf-8")
        assert page.startswith(f"# {importer.zh}\n")


def test_names_are_used_once():
    names = [i.name for i in importers()]
    assert len(set(names)) == len(names)


@pytest.mark.parametrize("path", [p for p in SAMPLES if p not in READ], ids=module)
def test_sums_are_recognised_and_left_alone(path):
    papers = read_papers(path, {})
    assert not papers.parts
    assert [a.kind for a in papers.aside] == ["认得而不读"]
    assert not papers.unread
