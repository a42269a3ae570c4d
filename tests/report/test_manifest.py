"""manifest.json proves what went in and what came out."""

import hashlib
import json

from auditkit.report.manifest import write_manifest
from tests.report.made import outcome


def test_inputs_outputs_rules_and_numbers(tmp_path):
    ledger = tmp_path / "台账.xlsx"
    ledger.write_bytes(b"ledger")
    out = tmp_path / "out"
    (out / "sub").mkdir(parents=True)
    (out / "findings.json").write_bytes(b"{}")
    (out / "sub" / "x.csv").write_bytes(b"x")
    made = outcome(inputs={"台账.xlsx": ledger})
    write_manifest(made, out)
    first = (out / "manifest.json").read_bytes()
    record = json.loads(first)
    assert record["inputs"] == [{"file": "台账.xlsx", "bytes": 6, "sha256": hashlib.sha256(b"ledger").hexdigest()}]
    assert [o["file"] for o in record["outputs"]] == ["findings.json", "sub/x.csv"]
    assert record["outputs"][0]["sha256"] == hashlib.sha256(b"{}").hexdigest()
    assert record["parameters"] == {"as_of": "2024-12-31", "window_days": 5, "approval_threshold_fen": None}
    assert record["pack"]["loaded"] is False
    assert {r["rule"]: r["thresholds"] for r in record["rules"]}["CTR02"] == {"mad": 3.5}
    write_manifest(made, out)
    assert (out / "manifest.json").read_bytes() == first
