"""What the command shows on a terminal: progress on stderr and only there, results on stdout, problems in full."""

from __future__ import annotations

import json
import operator
from collections import defaultdict
from collections.abc import Callable, Generator, Iterable, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from rich.console import Console
from rich.markdown import Markdown
from rich.table import Table

from auditkit.model import Books, InputError, Issue
from auditkit.money import yuan
from auditkit.report.outcome import SEVERITIES, Outcome
from auditkit.report.words import amount_text, say

MATTERS: Final = 10
LETTERS: Final = 120
"""So many of a message fit the terminal; the workbook has it whole."""


def output() -> Console:
    """Where results go; as wide as they need where nobody watches."""
    console = Console(highlight=False, soft_wrap=True)
    return console if console.is_terminal else Console(highlight=False, soft_wrap=True, width=200)


def errors() -> Console:
    """Where problems and progress go."""
    return Console(stderr=True, highlight=False, soft_wrap=True)


def tell_issues(issues: Iterable[Issue], lang: str) -> None:
    """Every problem: where it is, what stood there, what was expected and what to do."""
    console = errors()
    for issue in issues:
        message = issue.message if lang == "zh" or not issue.message_en else issue.message_en
        where = " ".join(part for part in (issue.place(), issue.column) if part)
        stood = say("error.stood", lang, value=issue.value) if issue.value else ""
        parts = [part for part in (where, stood, message) if part]
        console.print(f"{issue.code} " + say("error.join", lang).join(parts), markup=False, style="red")


@contextmanager
def steps(lang: str) -> Generator[Callable[[str], None]]:
    """Says each step as it begins, on a terminal only."""
    console = errors()
    if not console.is_terminal:
        yield lambda step: None
        return
    with console.status("") as status:
        yield lambda step: status.update(say(f"step.{step}", lang))


def run_audit(case: Path, out: Path, period: str | None, pack: str | None, notebook: bool, lang: str) -> int:
    """Audits one case and says what was found and which files to open."""
    from auditkit.audit import audit, folder_name

    with steps(lang) as step:
        outcome = audit(case, out, period=period, pack=pack, notebook=notebook, lang=lang, say=step)
    tell_outcome(outcome, lang)
    folder = out / folder_name(outcome.case.compound_id)
    output().print(say("audit.open" if notebook else "audit.list", lang, folder=folder), markup=False)
    return outcome.exit_code


def run_county(
    county: str,
    out: str,
    jobs: int | None,
    scheduler: str | None,
    notebooks: str,
    period: str | None,
    pack: str | None,
    fresh: bool,
    contract: bool,
    lang: str,
) -> int:
    """Audits every case of a county and says what was done, what was left as it stood, and what failed."""
    from auditkit.batch.run import exit_code, run_batch

    if notebooks not in ("all", "flagged", "none"):
        errors().print(f"--notebooks {notebooks}: all | flagged | none", markup=False, style="red")
        return 2
    if not county.startswith(("s3://", "hdfs://", "gs://", "oss://")) and not Path(county).is_dir():
        errors().print(say("batch.no_folder", lang, folder=county), markup=False, style="red")
        return 2
    console = output()
    try:
        records = run_batch(
            county, out, jobs=jobs, scheduler=scheduler, notebooks=notebooks, period=period, pack=pack, fresh=fresh,
            contract=contract, lang=lang,
        )  # fmt: skip
    except KeyboardInterrupt:
        errors().print(say("batch.stopped", lang), markup=False, style="bold")
        return 130
    except OSError as error:
        errors().print(say("batch.disk", lang, error=error), markup=False, style="red")
        return 2
    failed = [r for r in records if r.error]
    if not records:
        errors().print(say("batch.empty", lang, folder=county), markup=False, style="red")
        return 2
    found = sum(r.findings for r in records)
    console.print(say("batch.done", lang, cases=len(records), failed=len(failed), findings=found), markup=False)
    for record in failed:
        console.print(f"  {record.case}: {record.error}", markup=False, style="red")
    console.print(say("batch.open", lang, out=out), markup=False)
    return exit_code(records)


def run_demo(out: Path, compounds: int, lang: str) -> int:
    """Makes the example county, audits all of it, and says which files to open."""
    from auditkit.batch.run import run_batch
    from auditkit.demo import write_county

    papers, results = out / "资料", out / "结果"
    with steps(lang) as step:
        step("county")
        truth = write_county(papers, compounds)
    records = run_batch(str(papers), str(results), notebooks="all", lang=lang)
    first = next((r for r in records if r.findings), records[0])
    ledger = next((f for f in first.files if ".标注." in f), "")
    console = output()
    found = sum(r.findings for r in records)
    console.print(
        say("demo.done", lang, compounds=len(records), findings=found, planted=len(truth.findings)), markup=False
    )
    for record in records:
        if record.error:
            errors().print(say("demo.failed", lang, case=record.case, error=record.error), markup=False, style="red")
    for key, path in (
        ("county", results / "county.html"),
        ("list", results / first.folder / "findings.xlsx"),
        ("ledger", results / first.folder / ledger),
        ("page", results / first.folder / "audit.html"),
        ("truth", papers / "truth.json"),
    ):
        console.print(say(f"demo.{key}", lang, path=path), markup=False)
    return 4 if any(r.error for r in records) else 0


def tell_outcome(outcome: Outcome, lang: str) -> None:
    """Findings by severity, the first matters, and as loudly what was not tested."""
    from auditkit.report.matters import matters, totals
    from auditkit.report.phrases import message, severity

    console, case, groups = output(), outcome.case, matters(outcome)
    console.print(
        say("audit.head", lang, name=outcome.compound_name, start=f"{case.start:%Y-%m-%d}", end=f"{case.end:%Y-%m-%d}"),
        markup=False,
    )
    if not case.pack.loaded:
        console.print(say("pack.not_loaded_long", lang), markup=False, style="bold")
    counts = [f"{severity(s, lang)} {n}" for s in SEVERITIES if (n := sum(f.severity == s for f in outcome.findings))]
    console.print(
        say("visit.figures", lang, findings=len(outcome.findings), matters=len(groups))
        + (f" ({say('place.comma', lang).join(counts)})" if counts else ""),
        markup=False,
    )
    for kind, total in totals(groups).items():
        text = say("visit.sum", lang, kind=say(f"sureness.{kind}", lang), amount=amount_text(total.low, total.high))
        console.print(f"  {text}", markup=False)
    for number, m in enumerate(groups[:MATTERS], start=1):
        codes = " ".join(dict.fromkeys(f.rule for f in m.findings))
        text = message(m.findings[0], lang)
        text = text if len(text) <= LETTERS else text[:LETTERS] + "…"
        console.print(f"  {number}. [{m.severity}] {codes} {text}", markup=False)
    if len(groups) > MATTERS:
        console.print("  " + say("story.more", lang, count=len(groups) - MATTERS), markup=False)
    states = [v.state for v in outcome.verdicts]
    console.print(
        say(
            "story.states", lang, all=len(states), findings=states.count("findings"), clean=states.count("clean"),
            empty=states.count("empty"), untested=states.count("untested") + states.count("partial"),
        ),
        markup=False,
    )  # fmt: skip
    untested = [v.rule.code for v in outcome.verdicts if v.state in ("untested", "partial") or v.untested]
    if untested:
        console.print(say("audit.untested", lang, codes=" ".join(untested)), markup=False)


def run_check(case: Path, period: str | None, pack: str | None, lang: str) -> int:
    """Reads and validates only, and says what was recognised, what is in doubt, and what is missing."""
    from auditkit.read.case import case_of, read_books
    from auditkit.read.coverage import missing_months
    from auditkit.read.settings import NAME, read_settings
    from auditkit.read.telling import tell

    with steps(lang) as step:
        step("read")
        settings = read_settings(case / NAME)
        books, intake = read_books(case, settings)
    console = output()
    try:
        parameters = case_of(case, books, settings, period, pack)
    except InputError:
        # What was read is shown before it is said that the audit lacks its period.
        console.print(tell(intake, lang, missing_months(books.statements)), markup=False)
        raise
    console.print(
        say("audit.head", lang, name=books.compound("compound_name") or parameters.compound_id,
            start=f"{parameters.start:%Y-%m-%d}", end=f"{parameters.end:%Y-%m-%d}"),
        markup=False,
    )  # fmt: skip
    if not parameters.pack.loaded:
        console.print(say("pack.not_loaded_long", lang), markup=False, style="bold")
    gaps = missing_months(books.statements, parameters.start, parameters.end)
    console.print(tell(intake, lang, gaps), markup=False)
    _tell_missing(books, lang)
    doubts = len(intake.issues)
    console.print(say("check.doubt" if doubts else "check.clean", lang, count=doubts), markup=False)
    return 3 if intake.in_doubt else 0


def _tell_missing(books: Books, lang: str) -> None:
    """Which tables and columns are missing, and the tests that each costs."""
    from auditkit.report.phrases import need_words
    from auditkit.rules import catalogue

    cost: defaultdict[str, list[str]] = defaultdict(list)
    for rule, _ in catalogue().values():
        for need in rule.needs:
            if need != "county" and not need.startswith("pack.") and not books.has(need):
                table = need.partition(".")[0]
                key = need if table in books.given else table
                if rule.code not in cost[key]:
                    cost[key].append(rule.code)
    for need, codes in cost.items():
        text = say("check.missing", lang, paper=need_words(need, lang), codes=" ".join(codes))
        output().print(text, markup=False)


def run_read(path: Path, as_json: bool, rows: Path | None, year: int | None, lang: str) -> int:
    """Says what one file holds, or each file of a folder."""
    from auditkit.report.filecard import read_cards, write_rows

    cards, frames, issues = read_cards(path, year)
    if rows is not None:
        write_rows(frames, cards, rows)
    if as_json:
        first = {**cards[0], "more": cards[1:]} if len(cards) > 1 else cards[0]
        output().print_json(json.dumps(first, ensure_ascii=False, default=operator.index))
    else:
        for card in cards:
            _tell_card(card, lang)
        tell_issues(issues, lang)
    return 3 if issues else 0


def _tell_card(card: Mapping[str, Any], lang: str) -> None:
    """One table, a line a fact; what it has nothing of is left out."""
    table = Table(show_header=False, box=None)
    for key, value in card.items():
        if key == "issues" or value in (None, "", {}, []):
            continue
        table.add_row(say(f"read.{key}", lang), _fact(key, value, lang))
    output().print(table)
    output().print()


_AMOUNTS: Final = ("in", "out", "neutral", "refunded", "opening", "closing", "debit", "credit")


def _fact(key: str, value: Any, lang: str) -> str:
    """A fact of a card in words: amounts in yuan."""
    comma = say("place.comma", lang)
    if key in _AMOUNTS:
        return yuan(value)
    if key == "break_rows":
        return comma.join(
            say("read.break_row", lang, row=b["row"], expected=yuan(b["expected"]), written=yuan(b["written"]))
            for b in value
        )
    if key == "fees_noted":
        return f"{value['rows']} {yuan(value['amount'])}"
    if key == "declared":
        return comma.join(v if isinstance(v, str) else _stated(v, lang) for v in value)
    if isinstance(value, dict):
        return comma.join(
            f"{say(f'read.{k}', lang) if key == 'checks' else k} {_fact(k, v, lang)}" for k, v in value.items()
        )
    return comma.join(str(v) for v in value) if isinstance(value, list) else str(value)


def _stated(one: Mapping[str, Any], lang: str) -> str:
    """A total that the file states, and what its rows come to where that is something else."""

    def told(count: int | None, amount: int | None) -> str:
        parts = (None if count is None else str(count), None if amount is None else yuan(amount))
        return " ".join(part for part in parts if part)

    name = say(f"read.{one['what']}", lang)
    text = f"{name} {told(one['count'], one['amount'])}"
    if not one["differs"]:
        return text
    found = told(one["found_count"] if one["count"] is not None else None, one["found_amount"])
    return text + say("read.differs", lang, found=found)


def show_catalogue(lang: str, register: str | None = None) -> int:
    """Lists every test; with a register, how often people found each to be a false alarm."""
    from auditkit.report.rulebook import entry
    from auditkit.rules import catalogue

    keys = ["code", "title", "severity", "kind", "needs"]
    rates: Mapping[str, tuple[int, int]] | None = None
    if register is not None:
        if "://" not in register and not Path(register).is_file():
            errors().print(say("help.no_register", lang, place=register), markup=False, style="red")
            return 2
        from auditkit.register.intake import false_alarms
        from auditkit.register.store import open_register

        rates = false_alarms(open_register(register))
        keys.insert(2, "false_alarms")
    table = Table(*(say(f"rules.{key}", lang) for key in keys), box=None)
    for rule, _ in catalogue().values():
        cells = list(entry(rule, lang))
        if rates is not None:
            cells.insert(2, _rate(*rates.get(rule.code, (0, 0))))
        table.add_row(*cells)
    output().print(table)
    return 0


def _rate(wrong: int, judged: int) -> str:
    """A share that says of how many; nothing where nobody has judged yet."""
    return f"{round(wrong * 100 / judged)}% ({wrong}/{judged})" if judged else "—"


def show_page(code: str, lang: str) -> int:
    """Shows a test's page: laid out on a terminal, as it is written elsewhere."""
    from auditkit.report.rulebook import page
    from auditkit.rules import catalogue

    if code not in catalogue():
        errors().print(say("rules.unknown", lang, code=code, known=" ".join(catalogue())), markup=False)
        return 2
    text, console = page(code), output()
    if not console.is_terminal:
        console.print(text, markup=False)
        return 0
    told, mark, examples = text.partition("## 示例")
    console.print(Markdown(told))
    console.print(mark + examples, markup=False)
    return 0
