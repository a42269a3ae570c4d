"""One compound, from its case folder to its findings: the steps in order."""

from __future__ import annotations

import json
import os
import re
import tempfile
from collections.abc import Callable, Generator, Mapping
from contextlib import contextmanager
from pathlib import Path

from auditkit.model import Books, Case, InputError, Issue, Rule, Verdict
from auditkit.report.findings_json import write_findings
from auditkit.report.manifest import write_manifest
from auditkit.report.outcome import Outcome
from auditkit.report.words import say as words
from auditkit.rules import catalogue
from auditkit.schema import tables
from auditkit.shipped import shipped

Examine = Callable[[Books, Case], Verdict]

_opened: dict[tuple[str, str, str], Outcome] = {}
"""Audits that stand ready for the notebook that is run on them in this process."""


def audit(
    path: Path,
    out: Path,
    *,
    period: str | None = None,
    pack: str | None = None,
    notebook: bool = True,
    lang: str = "zh",
    say: Callable[[str], None] = lambda step: None,
) -> Outcome:
    """Audits one case and writes everything below out/<compound_id>/; `say` is told each step as it begins.

    Raises: InputError with all that makes the case unusable.
    """
    _refuse_output_in_case(path, out)
    say("read")
    outcome = open_case(path, period=period, pack=pack)
    folder = out / folder_name(outcome.case.compound_id)
    with _fresh(folder) as made:
        asked = {"period": period or "", "pack": pack or ""}
        write_outputs(outcome, path, made, folder, asked, notebook=notebook, lang=lang, say=say)
    return outcome


def open_case(path: Path | str, *, period: str | None = None, pack: str | None = None) -> Outcome:
    """Reads a case and runs every rule on it.

    Raises: InputError with all that makes the case unusable.
    """
    ready = _opened.get((str(path), period or "", pack or ""))
    if ready is not None:
        return ready
    from auditkit.read.case import read_case

    books, case, intake = read_case(Path(path), period=period or None, pack=pack or None)
    return Outcome(books, case, tuple(judge_all(books, case)), _inputs(Path(path), intake.files), books.issues)


def write_outputs(
    outcome: Outcome,
    path: Path,
    made: Path,
    folder: Path,
    asked: Mapping[str, str] | None = None,
    *,
    notebook: bool = True,
    lang: str = "zh",
    say: Callable[[str], None] = lambda step: None,
) -> None:
    """Writes a compound's files into `made`, which is to become `folder`; the manifest comes last.

    `asked` are the period and the pack that were asked for: the notebook of the case at `path` asks for the same.
    """
    from auditkit.report.annotate import annotate_ledgers
    from auditkit.report.matches import write_matches
    from auditkit.report.workbook import write_workbook

    say("write")
    write_findings(outcome, made / "findings.json")
    write_workbook(outcome, made / "findings.xlsx", lang)
    write_matches(outcome, made / "matches.csv")
    annotate_ledgers(outcome, made)
    if notebook:
        say("notebook")
        write_notebook(outcome, made, {"case": _from(folder, path), "period": "", "pack": "", **(asked or {})})
    write_manifest(outcome, made)


def write_notebook(outcome: Outcome, made: Path, given: Mapping[str, str]) -> None:
    """Runs the notebook on an audit that stands, and writes audit.ipynb and audit.html."""
    from auditkit.report.notebook import execute
    from auditkit.report.page import write_page

    key = (given["case"], given["period"], given["pack"])
    _opened[key] = outcome
    try:
        done = execute(shipped("notebooks") / "compound_audit.ipynb", made / "audit.ipynb", given)
    finally:
        del _opened[key]
    write_page(done, made / "audit.html", words("page.title", name=outcome.compound_name))


def judge(rule: Rule, examine: Examine, books: Books, case: Case) -> Verdict:
    """The verdict of one rule; untested, with the papers that are missing, where it lacks what it needs."""
    missing = [need for need in rule.needs if not _has(books, need)]
    if missing:
        return Verdict(rule, 0, 0, (), (), "；".join(_missing_words(need) for need in missing))
    return examine(books, case)


def judge_all(books: Books, case: Case) -> list[Verdict]:
    """The verdict of every rule, in the order of the codes.

    Raises: RuleError where a rule fails: a bug is neither a finding nor silence.
    """
    verdicts: list[Verdict] = []
    for rule, examine in catalogue().values():
        try:
            verdicts.append(judge(rule, examine, books, case))
        except Exception as error:
            raise RuleError(f"{rule.code} {rule.name}: {type(error).__name__}: {error}") from error
    return verdicts


class RuleError(RuntimeError):
    """A bug in a rule, with the rule's name."""


def folder_name(compound_id: str) -> str:
    """The compound's number as a folder may be called on every system."""
    return re.sub(r'[<>:"/\\|?*\x00-\x1f]|[. ]+$', "_", compound_id) or "_"


@contextmanager
def _fresh(folder: Path) -> Generator[Path]:
    """A folder to write in; what was made is moved to its place only when all of it stands.

    What a person put beside the outputs stays.
    """
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder.parent, prefix=f".{folder.name}-") as temporary:
        made = Path(temporary)
        yield made
        folder.mkdir(exist_ok=True)
        for name in _outputs_of(folder) - {p.name for p in made.iterdir()}:
            (folder / name).unlink(missing_ok=True)
        for path in sorted(made.iterdir()):
            path.replace(folder / path.name)


def _outputs_of(folder: Path) -> set[str]:
    """What an earlier run wrote there, by its manifest."""
    try:
        record = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
        return {Path(o["file"]).name for o in record["outputs"]}
    except (OSError, ValueError, KeyError, TypeError):
        return set()


def _refuse_output_in_case(path: Path, out: Path) -> None:
    """The next run would read its own output as papers of the case."""
    case = (path if path.is_dir() else path.parent / path.name).resolve()
    if case == out.resolve() or case in out.resolve().parents:
        zh, en = words("error.out_in_case"), words("error.out_in_case", "en")
        raise InputError([Issue("F10", zh, en, file=str(out))])


def _inputs(path: Path, papers: Mapping[str, Path]) -> dict[str, Path]:
    """The papers of the case and what else settled its audit: its case.toml."""
    settings = path / "case.toml"
    return {**papers, **({settings.name: settings} if settings.is_file() else {})}


def _from(folder: Path, path: Path) -> str:
    """The case's path as seen from the notebook's folder: it holds when both are moved together."""
    try:
        return Path(os.path.relpath(path.resolve(), folder.resolve())).as_posix()
    except ValueError:  # another drive
        return path.resolve().as_posix()


def _has(books: Books, need: str) -> bool:
    """Local numbers are asked for by the rules themselves, on the day of the act."""
    if need == "county":
        return books.county is not None
    return need.startswith("pack.") or books.has(need)


def _missing_words(need: str) -> str:
    if need == "county":
        return "只在全县批量运行中比较"
    table, _, column = need.partition(".")
    spec = tables()[table]
    return f"未提供{spec.zh}" + (f"的“{spec.column(column).zh}”" if column else "")
