"""findings.xlsx, 疑点清单: what an inspector takes along."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

import xlsxwriter

from auditkit.law import citations
from auditkit.model import Finding
from auditkit.report.bridge_sheets import write_bridge
from auditkit.report.decision_sheet import write_decisions
from auditkit.report.matters import Matter, matters, totals
from auditkit.report.outcome import Outcome
from auditkit.report.phrases import (
    act_day,
    advice,
    articles,
    cure,
    held,
    left_over,
    message,
    places,
    reasons,
    severity,
    sureness,
    title,
)
from auditkit.report.sheets import FILLS, Cell, Column, Sheets, header_text
from auditkit.report.visit import write_visit_sheet
from auditkit.report.words import say

LIST: Final = "疑点清单"
_MOST: Final = 5_000
"""So many untested items are listed; past it a line says how many more there are."""


def write_workbook(outcome: Outcome, path: Path, lang: str = "zh") -> None:
    """Writes the inspector's workbook."""
    groups = matters(outcome)
    with xlsxwriter.Workbook(str(path)) as book:
        sheets = Sheets(book, header(outcome, lang), say("sheet.footer", lang))
        order = _findings(sheets, outcome, groups, lang)
        _matters(sheets, outcome, groups, order, lang)
        write_visit_sheet(sheets, outcome, groups, lang)
        _tests(sheets, outcome, lang)
        _untested(sheets, outcome, lang)
        _left_over(sheets, outcome, lang)
        write_bridge(sheets, outcome, lang)
        write_decisions(sheets, outcome, lang)
        _issues(sheets, outcome, lang)
        _law(sheets, outcome, lang)


def header(outcome: Outcome, lang: str) -> str:
    """The page header: the compound, what it is, the period; and loudly where local numbers are not loaded."""
    case = outcome.case
    right = f"{case.start:%Y-%m-%d} ~ {case.end:%Y-%m-%d}"
    if not case.pack.loaded:
        right += "  " + say("pack.not_loaded", lang)
    return f"&L{header_text(outcome.compound_name)}&C&B{say('sheet.title', lang)}　&A&R{header_text(right)}"


def _findings(sheets: Sheets, outcome: Outcome, groups: tuple[Matter, ...], lang: str) -> dict[Finding, int]:
    """One row a finding, ranked by matter; says on which row each stands."""
    heads: list[tuple[str, float, str]] = [
        ("no", 5, "count"), ("matter", 5.5, "count"), ("severity", 9, "text"), ("rule", 12, "text"),
        ("subject", 13, "text"), ("date", 10.5, "date"), ("message", 34, "text"), ("expected", 16, "text"),
        ("amount", 12, "money"), ("up_to", 12, "money"), ("where", 20, "text"), ("ask", 19, "text"),
        ("demand", 17, "text"), ("basis", 11, "text"), ("result", 10, "text"),
        ("kind", 12, "text"), ("sureness", 14, "text"), ("problem", 16, "text"), ("alternatives", 24, "text"),
        ("id", 18, "text"),
    ]  # fmt: skip
    columns = [Column(say(f"list.{key}", lang), width, kind) for key, width, kind in heads]
    ordered = [(number, f) for number, m in enumerate(groups, start=1) for f in m.findings]
    rows = (_finding(outcome, n, number, f, lang) for n, (number, f) in enumerate(ordered, start=1))
    sheets.table(LIST, columns, rows, printed=15)
    return {f: row for row, (_, f) in enumerate(ordered, start=2)}


def _finding(outcome: Outcome, n: int, matter: int, f: Finding, lang: str) -> list[Any]:
    return [
        n, matter, Cell(severity(f.severity, lang), fill=FILLS[f.severity]),
        f"{f.rule} {title(outcome.rules[f.rule], lang)}", f.subject.id, act_day(outcome, f), message(f, lang),
        advice(f.rule, "expected", lang), f.amount_low,
        f.amount_high if f.amount_high != f.amount_low else None,
        places(f.evidence, lang), advice(f.rule, "ask", lang), advice(f.rule, "demand", lang),
        articles(held(outcome, f), lang), "", say(f"kind.{f.kind}", lang), sureness(f, lang),
        say(f"problem.{f.problem}", lang),
        "\n".join(s.id for s in f.alternatives), outcome.finding_id(f),
    ]  # fmt: skip


def _matters(
    sheets: Sheets, outcome: Outcome, groups: tuple[Matter, ...], order: dict[Finding, int], lang: str
) -> None:
    heads: list[tuple[str, float, str]] = [
        ("no", 6, "count"), ("severity", 14, "text"), ("about", 70, "text"), ("tests", 34, "text"),
        ("count", 8, "count"), ("sureness", 14, "text"), ("amount", 14, "money"), ("up_to", 14, "money"),
        ("rows", 12, "text"),
    ]  # fmt: skip
    columns = [Column(say(f"matters.{key}", lang), width, kind) for key, width, kind in heads]
    rows: list[list[Any]] = []
    for number, m in enumerate(groups, start=1):
        first, last = order[m.findings[0]], order[m.findings[-1]]
        rows.append(
            [
                number, Cell(severity(m.severity, lang), fill=FILLS[m.severity]), message(m.findings[0], lang),
                "\n".join(dict.fromkeys(f"{f.rule} {title(outcome.rules[f.rule], lang)}" for f in m.findings)),
                len(m.findings), say(f"sureness.{m.amount_kind}", lang) if m.amount_kind else "",
                m.amount and m.amount.low, m.amount.high if m.amount and m.amount.high != m.amount.low else None,
                Cell(f"{first}-{last}" if last > first else f"{first}", link=f"'{LIST}'!A{first}"),
            ]
        )  # fmt: skip
    for kind, total in totals(groups).items():
        text = say(f"total.{kind}", lang)
        rows.append([None, None, text, None, None, say(f"sureness.{kind}", lang), total.low,
                     total.high if total.high != total.low else None, None])  # fmt: skip
    sheets.table(say("sheet.matters", lang), columns, rows)


def _tests(sheets: Sheets, outcome: Outcome, lang: str) -> None:
    heads: list[tuple[str, float, str]] = [
        ("rule", 8, "text"), ("title", 36, "text"), ("severity", 19, "text"), ("state", 12, "text"),
        ("population", 9, "count"), ("passed", 9, "count"), ("findings", 9, "count"), ("untested", 9, "count"),
        ("reason", 56, "text"), ("cure", 36, "text"),
    ]  # fmt: skip
    columns = [Column(say(f"tests.{key}", lang), width, kind) for key, width, kind in heads]
    fills = {"findings": FILLS["S2"], "untested": FILLS["S4"], "partial": FILLS["S4"]}
    rows = [
        [
            v.rule.code, title(v.rule, lang), severity(v.rule.severity, lang),
            Cell(say(f"state.{v.state}", lang), fill=fills.get(v.state, "")), v.population, v.passed, v.found_items,
            v.untested_items, reasons(v), cure(v, outcome.books, lang),
        ]
        for v in sorted(outcome.verdicts, key=lambda v: v.rule.code)
    ]  # fmt: skip
    sheets.table(say("sheet.tests", lang), columns, rows)


def _untested(sheets: Sheets, outcome: Outcome, lang: str) -> None:
    columns = [Column(say(f"untested.{key}", lang), width) for key, width in (
        ("rule", 8), ("title", 30), ("subject", 30), ("reason", 90),
    )]  # fmt: skip
    rows = [
        [v.rule.code, title(v.rule, lang), u.subject.id, u.reason if lang == "zh" else u.reason_en]
        for v, u in outcome.untested[:_MOST]
    ]
    if len(outcome.untested) > _MOST:
        rows.append(["", "", "", say("untested.more", lang, count=len(outcome.untested) - _MOST)])
    if not outcome.case.pack.loaded:
        rows.insert(0, ["", "", "", say("pack.not_loaded_long", lang)])
    sheets.table(say("sheet.untested", lang), columns, rows)


def _left_over(sheets: Sheets, outcome: Outcome, lang: str) -> None:
    heads: list[tuple[str, float, str]] = [
        ("side", 14, "text"), ("date", 11, "date"), ("counterparty", 26, "text"), ("summary", 28, "text"),
        ("amount", 14, "money"), ("message", 60, "text"), ("where", 26, "text"),
    ]  # fmt: skip
    columns = [Column(say(f"left.{key}", lang), width, kind) for key, width, kind in heads]
    rows = [
        [
            side, act_day(outcome, f), row.get("counterparty", ""), row.get("summary", ""), f.amount_low,
            message(f, lang), places(f.evidence[:1], lang),
        ]
        for f, side, row in left_over(outcome, lang)
    ]  # fmt: skip
    sheets.table(say("sheet.left", lang), columns, rows)


def _issues(sheets: Sheets, outcome: Outcome, lang: str) -> None:
    heads: list[tuple[str, float, str]] = [
        ("code", 8, "text"), ("file", 26, "text"), ("sheet", 18, "text"), ("row", 7, "count"), ("column", 14, "text"),
        ("value", 26, "text"), ("message", 70, "text"),
    ]  # fmt: skip
    columns = [Column(say(f"issues.{key}", lang), width, kind) for key, width, kind in heads]
    rows = [
        [
            i.code,
            i.file,
            i.sheet,
            i.row,
            i.column,
            i.value,
            i.message if lang == "zh" or not i.message_en else i.message_en,
        ]
        for i in outcome.ordered_issues
    ]
    sheets.table(say("sheet.issues", lang), columns, rows)


def _law(sheets: Sheets, outcome: Outcome, lang: str) -> None:
    """The articles that the findings rest on, in our own words, with their source."""
    heads: list[tuple[str, float, str]] = [
        ("article", 24, "text"), ("says", 80, "text"), ("since", 12, "date"), ("until", 12, "date"),
        ("source", 60, "text"), ("sure", 30, "text"),
    ]  # fmt: skip
    columns = [Column(say(f"law.{key}", lang), width, kind) for key, width, kind in heads]
    keys = sorted({key for f in outcome.findings for key in held(outcome, f)})
    rows = [
        [
            articles([key], lang), one.zh if lang == "zh" else one.en, one.since, one.until, one.source,
            say(f"law.{one.confidence}", lang),
        ]
        for key in keys for one in citations()[key]
    ]  # fmt: skip
    sheets.table(say("sheet.law", lang), columns, rows)
