"""The example county as a batch: with the county's own tests, every planted act is found and nothing else."""

import json

import pytest

from auditkit.batch.run import run_batch
from auditkit.demo import write_county


@pytest.fixture(scope="module")
def county(tmp_path_factory):
    papers, out = tmp_path_factory.mktemp("papers"), tmp_path_factory.mktemp("out")
    truth = write_county(papers, 12, stays=400)
    return truth, out, run_batch(str(papers), str(out), notebooks="none")


def test_every_planted_act_is_found_and_nothing_else(county):
    truth, out, records = county
    found = [
        (told["compound_id"], f["rule"], f["subject"]["id"])
        for record in records
        for told in [json.loads((out / record.folder / "findings.json").read_bytes())]
        for f in told["findings"]
    ]
    assert sorted(found) == sorted((p.compound_id, p.rule, p.subject_id) for p in truth.findings)


def test_a_clean_compound_is_clean_in_the_county_too(county):
    truth, _, records = county
    ends = {r.compound_id: (r.exit, r.findings) for r in records}
    assert {c: ends[c] for c in truth.clean} == dict.fromkeys(truth.clean, (0, 0))
    assert sum(r.findings for r in records) == len(truth.findings)
