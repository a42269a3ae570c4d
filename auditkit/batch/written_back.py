"""What was judged over the county stands in each compound's findings.json too: programs look there."""

from __future__ import annotations

import json
import operator
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from auditkit.batch.county import County
from auditkit.batch.one import STATE
from auditkit.model import Verdict
from auditkit.report.findings_json import finding_record, test_record
from auditkit.report.manifest import NAME, sha256


def write_back(out: Path, county: County) -> None:
    """Puts the county's verdicts in the place of «compared in a batch only»; what is the same is left untouched.

    Both files of a compound are made before either is replaced: a full disk leaves no pair that disagrees.
    """
    work = out / STATE / "work"
    work.mkdir(parents=True, exist_ok=True)
    for record in county.records:
        folder = out / record.folder
        text = _said(folder / "findings.json", county.verdicts.get(record.compound_id, ()))
        if text == (folder / "findings.json").read_bytes():
            continue
        made = work / "findings.json"
        made.write_bytes(text)
        manifest = json.loads((folder / NAME).read_bytes())
        for entry in manifest["outputs"]:
            if entry["file"] == made.name:
                entry |= {"bytes": len(text), "sha256": sha256(made)}
        (work / NAME).write_bytes(_bytes(manifest))
        for name in (made.name, NAME):
            (work / name).replace(folder / name)


def _said(path: Path, verdicts: Sequence[Verdict]) -> bytes:
    said: dict[str, Any] = json.loads(path.read_bytes())
    codes = {v.rule.code for v in verdicts}
    found = [finding_record(said["compound_id"], f) for v in verdicts for f in v.findings]
    said["tests"] = sorted(
        [*_others(said["tests"], codes), *(test_record(v) for v in verdicts)], key=lambda t: str(t["rule"])
    )
    said["findings"] = sorted(
        [*_others(said["findings"], codes), *found],
        key=lambda f: (f["rule"], f["subject"]["type"], f["subject"]["id"]),
    )
    return _bytes(said)


def _others(entries: list[dict[str, Any]], codes: set[str]) -> Iterator[dict[str, Any]]:
    return (entry for entry in entries if entry["rule"] not in codes)


def _bytes(record: dict[str, Any]) -> bytes:
    return (json.dumps(record, ensure_ascii=False, indent=1, default=operator.index) + "\n").encode()
