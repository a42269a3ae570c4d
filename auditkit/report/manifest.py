"""manifest.json: which bytes went in, which came out, by which rules and numbers; nothing in it tells the time."""

from __future__ import annotations

import hashlib
import json
import operator
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from auditkit import __version__
from auditkit.model import Case, LocalNumber, Rule
from auditkit.report.outcome import Outcome

NAME: Final = "manifest.json"


def write_manifest(outcome: Outcome, folder: Path) -> None:
    """Writes the manifest of everything that stands in the compound's folder."""
    case = outcome.case
    made = {p.relative_to(folder).as_posix(): p for p in folder.rglob("*") if p.is_file() and p.name != NAME}
    record = {
        "schema": 1,
        "auditkit": __version__,
        "compound_id": case.compound_id,
        "period": [case.start.date().isoformat(), case.end.date().isoformat()],
        "compound": _compound(outcome),
        "parameters": _parameters(case),
        "pack": _pack(case),
        "rules": [_rule(rule) for _, rule in sorted(outcome.rules.items())],
        "inputs": _files(outcome.inputs),
        "outputs": _files(made),
    }
    text = json.dumps(record, ensure_ascii=False, indent=1, default=operator.index)
    (folder / NAME).write_text(text + "\n", encoding="utf-8", newline="\n")


def _compound(outcome: Outcome) -> dict[str, Any]:
    """Who the compound is, and which papers it handed in."""
    books = outcome.books
    kinds = set(books["accounts"]["kind"]) & {"公共收益专户", "监管账户", "共管账户"}
    names = ("compound_name", "county", "county_code", "street", "company_name", "company_uscc")
    return {
        **{name: books.compound(name) for name in names},
        "given": sorted(books.given),
        "discloses": not books["disclosures"].empty,
        "own_account": bool(kinds),
    }


def sha256(path: Path) -> str:
    """The file's SHA-256."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _files(files: Mapping[str, Path]) -> list[dict[str, Any]]:
    return [{"file": name, "bytes": p.stat().st_size, "sha256": sha256(p)} for name, p in sorted(files.items())]


def _parameters(case: Case) -> dict[str, Any]:
    return {
        "as_of": case.as_of.date().isoformat(),
        "window_days": case.window_days,
        "approval_threshold_fen": case.approval_threshold,
    }


def _pack(case: Case) -> dict[str, Any]:
    """The local numbers that the audit knew, each with its source."""
    numbers = {name: [_number(n) for n in several] for name, several in sorted(case.pack.numbers.items())}
    return {"code": case.pack.code, "name": case.pack.name, "loaded": case.pack.loaded, "numbers": numbers}


def _number(number: LocalNumber) -> dict[str, Any]:
    return {
        "value": number.value if not hasattr(number.value, "isoformat") else number.value.isoformat(),
        "source": number.source,
        "since": number.since and number.since.isoformat(),
        "until": number.until and number.until.isoformat(),
        "confidence": number.confidence,
        "place": number.place,
    }


def _rule(rule: Rule) -> dict[str, Any]:
    thresholds = {name: _plain(value) for name, value in sorted(rule.thresholds.items())}
    return {
        "rule": rule.code, "name": rule.name, "severity": rule.severity, "kind": rule.kind, "problem": rule.problem,
        "needs": list(rule.needs), "basis": list(rule.basis), "thresholds": thresholds,
    }  # fmt: skip


def _plain(value: Any) -> Any:
    """A threshold as JSON has it: fractions and sets as their text."""
    if isinstance(value, (str, int, float, bool)) or value is None:
        return value
    if isinstance(value, (list, tuple)):
        return [_plain(v) for v in value]
    if isinstance(value, (set, frozenset)):
        return sorted(str(v) for v in value)
    return str(value)
