"""One compound, audited: what every output is made from."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any, Final

import pandas as pd

from auditkit.model import Books, Case, Evidence, Finding, Issue, Rule, Untested, Verdict
from auditkit.reconcile.bank import reconciled
from auditkit.reconcile.decisions import Standing, misfits, standing

SEVERITIES: Final = ("S1", "S2", "S3", "S4")


@dataclass(frozen=True)
class Outcome:
    """The books, the case and the verdicts, with the files they came from.

    `inputs` is every file of the case by the name the frames' `file` column has; `issues` everything on paper that
    could not be taken as it stands.
    """

    books: Books
    case: Case
    verdicts: tuple[Verdict, ...]
    inputs: Mapping[str, Path] = field(default_factory=dict[str, Path])
    issues: tuple[Issue, ...] = ()

    @cached_property
    def findings(self) -> tuple[Finding, ...]:
        """All findings by rule and subject."""
        found = (f for v in self.verdicts for f in v.findings)
        return tuple(sorted(found, key=lambda f: (f.rule, f.subject.type, f.subject.id)))

    @cached_property
    def untested(self) -> tuple[tuple[Verdict, Untested], ...]:
        """Every item that could not be judged, with its verdict."""
        return tuple((v, u) for v in self.verdicts for u in v.untested)

    @cached_property
    def decisions(self) -> Sequence[Standing]:
        """What became of each line of decisions.csv."""
        if self.books.decisions.empty:
            return ()
        groups = set(reconciled(self.books, self.case).matches.groups["group"])
        return standing(self.books, {self.finding_id(f) for f in self.findings}, groups)

    @cached_property
    def ordered_issues(self) -> tuple[Issue, ...]:
        """All issues by their place, with the decisions that no longer fit."""
        every = (*self.issues, *misfits(self.decisions))
        return tuple(sorted(every, key=lambda i: (i.file, i.sheet, i.row or 0, i.column, i.code, i.value, i.message)))

    @cached_property
    def rules(self) -> Mapping[str, Rule]:
        """The rules that were run, by code."""
        return {v.rule.code: v.rule for v in self.verdicts}

    def finding_id(self, finding: Finding) -> str:
        """The finding's stable id."""
        return finding.id(self.case.compound_id)

    @property
    def compound_name(self) -> str:
        """The compound's name, or its number where the papers give none."""
        return self.books.compound("compound_name") or self.case.compound_id

    @cached_property
    def exit_code(self) -> int:
        """0 clean and all tested, 1 findings, 3 no finding but something untested."""
        if self.findings:
            return 1
        return 3 if any(v.untested or v.state in ("untested", "partial") for v in self.verdicts) else 0

    @cached_property
    def rows(self) -> Mapping[tuple[str, str, str, int], Mapping[str, Any]]:
        """The paper row behind each piece of evidence, by (table, file, sheet, row)."""
        return rows_of(self.books, (e for f in self.findings for e in f.evidence))

    def row(self, evidence: Evidence) -> Mapping[str, Any]:
        """The row that a piece of evidence points at; empty where it points at none of the tables."""
        return self.rows.get((evidence.table, evidence.file, evidence.sheet, evidence.row), {})


def rows_of(books: Books, evidence: Iterable[Evidence]) -> dict[tuple[str, str, str, int], Mapping[str, Any]]:
    """The rows that pieces of evidence point at; only those are looked at, however long a table is."""
    wanted: dict[str, set[tuple[str, str, int]]] = {}
    for e in evidence:
        wanted.setdefault(e.table, set()).add((e.file, e.sheet, e.row))
    found: dict[tuple[str, str, str, int], Mapping[str, Any]] = {}
    for table, places in wanted.items():
        frame = books.tables.get(table, pd.DataFrame())
        if frame.empty:
            continue
        near = frame[frame["row"].isin({row for _, _, row in places})]
        for record in near.to_dict("records"):
            place = (str(record["file"]), str(record["sheet"]), int(record["row"]))
            if place in places:
                found[table, *place] = {str(k): v for k, v in record.items()}
    return found
