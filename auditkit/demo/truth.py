"""What was planted: the findings that an audit of the example county must give, and no other."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Planted:
    """One finding that a planted act must give.

    Units: fen; None where the catalogue gives no amount. An estimate's amount depends on peers or on means that the
    catalogue leaves open: that it is found counts, not how much.
    """

    rule: str
    subject_type: str
    subject_id: str
    amount_low: int | None = None
    amount_high: int | None = None
    estimate: bool = False
    county: bool = False
    """Found only where the county's other compounds are there to compare with."""
    compound_id: str = ""
    act: str = ""


def exactly(rule: str, subject_type: str, subject_id: str, amount: int | None = None) -> Planted:
    """A finding with an exact amount, or none."""
    return Planted(rule, subject_type, subject_id, amount, amount)


def roughly(rule: str, subject_type: str, subject_id: str, *, county: bool = False) -> Planted:
    """A finding whose amount is an estimate."""
    return Planted(rule, subject_type, subject_id, estimate=True, county=county)


@dataclass(frozen=True, slots=True)
class Truth:
    """All that was planted in a county, and which compounds are clean."""

    compounds: tuple[str, ...]
    findings: tuple[Planted, ...]

    @property
    def clean(self) -> tuple[str, ...]:
        """Compounds in which nothing was planted."""
        dirty = {f.compound_id for f in self.findings}
        return tuple(c for c in self.compounds if c not in dirty)

    def of(self, compound_id: str) -> tuple[Planted, ...]:
        """What was planted in one compound."""
        return tuple(f for f in self.findings if f.compound_id == compound_id)

    def write(self, path: Path) -> None:
        """truth.json: compounds, clean ones, findings."""
        content = {
            "compounds": list(self.compounds),
            "clean": list(self.clean),
            "findings": [asdict(f) for f in sorted(self.findings, key=_order)],
        }
        path.write_text(json.dumps(content, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def read_truth(path: Path) -> Truth:
    """The truth that was written beside a county."""
    content = json.loads(path.read_text(encoding="utf-8"))
    return Truth(tuple(content["compounds"]), tuple(Planted(**f) for f in content["findings"]))


def _order(planted: Planted) -> tuple[str, ...]:
    return planted.compound_id, planted.act, planted.rule, planted.subject_id
