"""How the parts of a finding are put for an inspector: grades, places, articles, what to ask and to demand."""

from __future__ import annotations

import tomllib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from importlib import resources
from typing import Any, Final

import pandas as pd

from auditkit.law import basis_on, citation
from auditkit.model import Books, Evidence, Finding, Rule, Untested, Verdict
from auditkit.report.matters import amount_class
from auditkit.report.outcome import Outcome
from auditkit.report.words import say
from auditkit.schema import tables

LEFT_OVER: Final = ("INC03", "CSH01", "CSH06", "CSH07")
"""The tests that are nothing but what the matching leaves over."""

ROWS_SHOWN: Final = 8
NAMED: Final = 20
"""So many untested items are named for one reason; the workbook lists all."""

DATES: Final[Mapping[str, str]] = {
    "ledger": "date", "bank": "date", "confirmations": "paid_on", "resources": "surveyed_on",
    "parking": "entry", "disclosures": "published_on", "handover": "handed_on",
}  # fmt: skip
"""The column of each table that dates the act."""


def severity(grade: str, lang: str = "zh") -> str:
    """A grade with its meaning, for it is never told by colour alone."""
    return say(f"severity.{grade}", lang)


def title(rule: Rule, lang: str = "zh") -> str:
    """A rule's title."""
    return rule.zh if lang == "zh" else rule.name.replace("-", " ")


def message(finding: Finding, lang: str = "zh") -> str:
    """What a finding says."""
    return finding.message if lang == "zh" else finding.message_en


def advice(code: str, what: str, lang: str = "zh") -> str:
    """What a rule's finding calls for: «expected», «ask» or «demand»."""
    return _inspection()[code][what][lang == "en"]


def places(evidence: Iterable[Evidence], lang: str = "zh") -> str:
    """Where to look: file, sheet and rows, a line a sheet."""
    sheets: defaultdict[tuple[str, str], list[int]] = defaultdict(list)
    for e in evidence:
        rows = sheets[e.file, e.sheet]
        if e.row not in rows:
            rows.append(e.row)
    return "\n".join(_place(file, sheet, rows, lang) for (file, sheet), rows in sheets.items())


def _place(file: str, sheet: str, rows: Sequence[int], lang: str) -> str:
    listed = say("place.comma", lang).join(str(r) for r in rows[:ROWS_SHOWN])
    key = "place.more" if len(rows) > ROWS_SHOWN else "place.rows"
    name = f"{file}〔{sheet}〕" if sheet and sheet not in file else file
    return say(key, lang, name=name, rows=listed, count=len(rows))


def held(outcome: Outcome, finding: Finding) -> tuple[str, ...]:
    """The articles of a finding that were in force on the day of the act."""
    day = act_day(outcome, finding)
    return basis_on(finding.basis, None if day is None else day.date())


def articles(basis: Iterable[str], lang: str = "zh") -> str:
    """Articles, a line each: «民法典282» -> «《民法典》第 282 条»."""
    return "\n".join(_article(key, lang) for key in basis)


def _article(key: str, lang: str) -> str:
    if key == "local":
        return say("basis.local", lang)
    one = citation(key)
    return say(
        "basis.article", lang, law=key.removesuffix(one.article) if lang == "zh" else one.law_en, number=one.article
    )


def act_day(outcome: Outcome, finding: Finding) -> pd.Timestamp | None:
    """The day of the act, where the finding rests first of all on a dated row."""
    if not finding.evidence:
        return None
    first = finding.evidence[0]
    day = outcome.row(first).get(DATES.get(first.table, ""))
    return day.normalize() if isinstance(day, pd.Timestamp) and not pd.isna(day) else None


def reasons(verdict: Verdict) -> str:
    """Why something of a test was not made: of the whole test, else of its items, each named."""
    if verdict.reason:
        return verdict.reason
    by_reason: defaultdict[str, list[Untested]] = defaultdict(list)
    for item in verdict.untested:
        by_reason[item.reason].append(item)
    parts = [f"{_named(items)}：{reason}" for reason, items in sorted(by_reason.items())]
    return "；".join(parts)


def _named(items: Iterable[Untested]) -> str:
    ids = sorted({u.subject.id for u in items})
    rest = f"等 {len(ids)} 项" if len(ids) > NAMED else ""
    return "、".join(ids[:NAMED]) + rest


def sureness(finding: Finding, lang: str = "zh") -> str:
    """How sure a finding's amount is; "" where it has none."""
    kind = amount_class(finding)
    return say(f"sureness.{kind}", lang) if kind else ""


def left_over(outcome: Outcome, lang: str = "zh") -> Iterator[tuple[Finding, str, Mapping[str, Any]]]:
    """The rows that the matching leaves over: the finding, its side, the row itself."""
    for f in outcome.findings:
        if f.rule in LEFT_OVER and f.evidence:
            yield f, say(f"left.{f.rule}", lang), outcome.row(f.evidence[0])


def missing(verdict: Verdict, books: Books) -> list[str]:
    """The tables and columns that a rule needs and that were not handed in; local numbers apart."""
    return [n for n in verdict.rule.needs if n != "county" and not n.startswith("pack.") and not books.has(n)]


def need_words(need: str, lang: str = "zh") -> str:
    """A table or a table's column as people call it."""
    table, _, column = need.partition(".")
    spec = tables()[table]
    if lang == "en":
        return need
    return f"{spec.zh}“{spec.column(column).zh}”" if column else spec.zh


def cure(verdict: Verdict, books: Books, lang: str = "zh") -> str:
    """Which paper would let an untested test be made; "" where all of it was made."""
    if verdict.state not in ("untested", "partial") and not verdict.untested:
        return ""
    lacking = missing(verdict, books)
    if lacking:
        return say("cure.hand_in", lang, papers="、".join(need_words(n, lang) for n in lacking))
    why = reasons(verdict)
    if "地方标准" in why:
        return say("cure.pack", lang)
    if "county" in verdict.rule.needs and books.county is None:
        return say("cure.batch", lang)
    return say("cure.mend" if verdict.untested else "cure.reason", lang)


@cache
def _inspection() -> Mapping[str, Any]:
    text = resources.files("auditkit").joinpath("data", "inspection.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


def inspection_asks(lang: str = "zh") -> dict[str, tuple[str, str]]:
    """Rule -> (what to ask on site, which document to demand)."""
    return {code: (advice(code, "ask", lang), advice(code, "demand", lang)) for code in _inspection()}
