"""The annotated ledger: the ledger as handed in, with each finding at its row, and the way back to the original."""

from __future__ import annotations

import tempfile
import zipfile
from collections.abc import Sequence
from pathlib import Path, PurePosixPath
from typing import Final
from xml.parsers.expat import ExpatError

from auditkit.model import Finding
from auditkit.report.annotate.convert import write_copy
from auditkit.report.annotate.listing import HEAD_ROW, Line
from auditkit.report.annotate.package import NotAnnotatedError, Package, embed_original, original_name, restore
from auditkit.report.annotate.patch import patch
from auditkit.report.annotate.spans import PartError
from auditkit.report.matters import matters
from auditkit.report.outcome import Outcome
from auditkit.report.phrases import advice, message, places, severity, title
from auditkit.report.words import amount_text, say

__all__ = ["MARK", "NotAnnotatedError", "annotate", "annotate_ledgers", "original_name", "restore"]

MARK: Final = ".标注"


def annotate_ledgers(outcome: Outcome, folder: Path) -> list[Path]:
    """Writes the annotated copy of each file that holds ledger rows; says which."""
    files = [f for f in dict.fromkeys(outcome.books["ledger"]["file"]) if f in outcome.inputs]
    made: list[Path] = []
    for file in files:
        source = outcome.inputs[file]
        ending = source.suffix.lower() if source.suffix.lower() == ".xlsm" else ".xlsx"
        name = f"{_flat(file, files)}{MARK}{ending}"
        annotate(source, folder / name, _lines(outcome, file))
        made.append(folder / name)
    return made


def annotate(source: Path, target: Path, lines: Sequence[Line]) -> None:
    """Writes the annotated copy of one file; of one that is annotated already, a copy of its original.

    A file that is no xlsx (csv, xls, ods) is copied into one first. `restore` gives the file itself back, byte for
    byte.
    """
    with tempfile.TemporaryDirectory(dir=target.parent) as temporary:
        own = Path(temporary) / "original"
        if _annotated(source):
            own = own.with_name(original_name(source))
            restore(source, own)
            source = own
        try:
            patch(source, target, lines, say("listing.about", name=source.name))
        except (zipfile.BadZipFile, PartError, ExpatError):
            copied, noted = Path(temporary) / "copy.xlsx", Path(temporary) / "noted.xlsx"
            names = write_copy(source, copied)
            patch(copied, noted, [line.on(names) for line in lines], say("listing.converted", name=source.name))
            embed_original(noted, source, target)


def _annotated(source: Path) -> bool:
    if not zipfile.is_zipfile(source):
        return False
    package = Package(source)
    try:
        return package.annotated()
    finally:
        package.close()


def _flat(file: str, files: Sequence[str]) -> str:
    """A file's name without its ending; with its folders where two have one name."""
    path = PurePosixPath(file)
    twins = [f for f in files if PurePosixPath(f).stem == path.stem]
    if len(twins) == 1:
        return path.stem
    same = [f for f in twins if PurePosixPath(f).with_suffix("") == path.with_suffix("")]
    return "_".join((path if len(same) > 1 else path.with_suffix("")).parts)


def _lines(outcome: Outcome, file: str) -> list[Line]:
    """A line a finding and row of this file; a finding with none of its rows here has one line without a link."""
    found: list[Line] = []
    for m in matters(outcome):
        for f in m.findings:
            here = list(dict.fromkeys((e.sheet, e.row) for e in f.evidence if e.file == file))
            for n, place in enumerate(here or [None]):
                found.append(_line(outcome, f, place, HEAD_ROW + 1 + len(found), first=n == 0))
    return found


def _line(outcome: Outcome, f: Finding, place: tuple[str, int] | None, row: int, *, first: bool) -> Line:
    """Only a finding's first line carries its amount, so that the column can be summed."""
    amount = amount_text(f.amount_low, f.amount_high)
    grade, rule, own = severity(f.severity), f"{f.rule} {title(outcome.rules[f.rule])}", outcome.finding_id(f)
    note = say(
        "listing.note", grade=grade, rule=rule, message=message(f), row=row, id=own,
        amount=say("listing.note_amount", amount=amount) if amount else "",
    )  # fmt: skip
    return Line(
        f.severity, grade, rule, f.subject.id, message(f), f.amount_low if first else None,
        f.amount_high if first and f.amount_high != f.amount_low else None, places(f.evidence),
        advice(f.rule, "ask"), own, place, note,
    )  # fmt: skip
