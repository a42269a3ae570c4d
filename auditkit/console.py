"""What the command shows on a terminal: progress on stderr and only there, results on stdout, problems in full."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable
from contextlib import contextmanager
from pathlib import Path

from rich.console import Console
from rich.markdown import Markdown
from rich.table import Table

from auditkit.model import Issue
from auditkit.report.outcome import SEVERITIES, Outcome
from auditkit.report.words import amount_text, say

MATTERS = 10


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
    output().print(say("audit.open", lang, folder=folder), markup=False)
    return outcome.exit_code


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
        console.print(f"  {number}. [{m.severity}] {codes} {message(m.findings[0], lang)}", markup=False)
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


def show_catalogue(lang: str) -> int:
    """Lists every test."""
    from auditkit.report.rulebook import entry
    from auditkit.rules import catalogue

    table = Table(*(say(f"rules.{key}", lang) for key in ("code", "title", "severity", "kind", "needs")), box=None)
    for rule, _ in catalogue().values():
        table.add_row(*entry(rule, lang))
    output().print(table)
    return 0


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
