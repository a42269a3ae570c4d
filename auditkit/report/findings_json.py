"""findings.json: the whole audit for programs, in the contract's schema 1."""

from __future__ import annotations

import json
import operator
from pathlib import Path
from typing import Any, Final

from auditkit import __version__
from auditkit.model import Evidence, Finding, Issue, Subject, Verdict
from auditkit.report.matters import Matter, matters
from auditkit.report.outcome import Outcome
from auditkit.report.phrases import reasons

SCHEMA: Final = 1


def write_findings(outcome: Outcome, path: Path) -> None:
    """Writes findings.json; the same inputs give the same bytes, whatever the order of files and rows."""
    text = json.dumps(findings_record(outcome), ensure_ascii=False, indent=1, default=operator.index)
    path.write_text(text + "\n", encoding="utf-8", newline="\n")


def findings_record(outcome: Outcome) -> dict[str, Any]:
    """What findings.json holds.

    Units: amounts in fen.
    """
    case = outcome.case
    return {
        "schema": SCHEMA,
        "auditkit": __version__,
        "compound_id": case.compound_id,
        "period": [case.start.date().isoformat(), case.end.date().isoformat()],
        "pack": case.pack.code,
        "tests": [test_record(v) for v in sorted(outcome.verdicts, key=lambda v: v.rule.code)],
        "findings": [finding_record(case.compound_id, f) for f in outcome.findings],
        "issues": [_issue(i) for i in outcome.ordered_issues],
        "matters": [_matter(outcome, m) for m in matters(outcome)],
    }


def test_record(verdict: Verdict) -> dict[str, Any]:
    """One entry of `tests`."""
    return {
        "rule": verdict.rule.code,
        "state": verdict.state,
        "population": verdict.population,
        "passed": verdict.passed,
        "findings": verdict.found_items,
        "untested": verdict.untested_items,
        "reason": reasons(verdict) or None,
    }


def finding_record(compound_id: str, finding: Finding) -> dict[str, Any]:
    """One entry of `findings`."""
    return {
        "id": finding.id(compound_id),
        "rule": finding.rule,
        "subject": _subject(finding.subject),
        "severity": finding.severity,
        "kind": finding.kind,
        "problem": finding.problem,
        "amount_low": finding.amount_low,
        "amount_high": finding.amount_high,
        "message": finding.message,
        "message_en": finding.message_en,
        "basis": list(finding.basis),
        "evidence": [_evidence(e) for e in finding.evidence],
        "alternatives": [_subject(s) for s in finding.alternatives],
    }


def _subject(subject: Subject) -> dict[str, str]:
    return {"type": subject.type, "id": subject.id}


def _evidence(e: Evidence) -> dict[str, Any]:
    return {"table": e.table, "file": e.file, "sheet": e.sheet, "row": e.row, "note": e.note}


def _issue(issue: Issue) -> dict[str, Any]:
    return {
        "code": issue.code, "message": issue.message, "table": issue.table, "file": issue.file, "sheet": issue.sheet,
        "row": issue.row, "column": issue.column, "value": issue.value,
    }  # fmt: skip


def _matter(outcome: Outcome, matter: Matter) -> dict[str, Any]:
    """Additive to the contract: which findings are one act, and the one amount at stake."""
    amount = matter.amount
    return {
        "id": matter.id,
        "severity": matter.severity,
        "findings": [outcome.finding_id(f) for f in matter.findings],
        "amount_kind": matter.amount_kind or None,
        "amount_low": amount and amount.low,
        "amount_high": amount and amount.high,
    }
