"""What the notebook tells of a compound, in an auditor's order; every function gives something to look at."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from html import escape
from typing import Any, Final

import pandas as pd

from auditkit.law import citation
from auditkit.model import Evidence, Finding
from auditkit.money import yuan
from auditkit.reconcile.instalments_paid import paid_instalments
from auditkit.report.charts import not_handed_in
from auditkit.report.matters import matters, totals
from auditkit.report.outcome import Outcome
from auditkit.report.phrases import (
    act_day,
    advice,
    articles,
    cure,
    held,
    message,
    places,
    reasons,
    severity,
    sureness,
    title,
)
from auditkit.report.phrases import left_over as left_over_rows
from auditkit.report.tables import Note, Table, table
from auditkit.report.words import amount_text, say
from auditkit.schema import tables

CARDS: Final = 40
OPENED: Final = 12
"""Up to so many findings stand open; more are opened one by one, and all on paper."""
MATTERS: Final = 60
ROWS: Final = 6
"""So many are shown on the page; the workbook has all."""


def overview(outcome: Outcome) -> Table:
    """Compound, company, period, standards, and how many findings and tests there are."""
    case = outcome.case
    groups = matters(outcome)
    states = [v.state for v in outcome.verdicts]
    pack = f"{case.pack.name} {case.pack.code}" + ("" if case.pack.loaded else f"（{say('pack.not_loaded')}）")
    rows = [
        (say("story.compound"), f"{outcome.compound_name}（{case.compound_id}）"),
        (say("story.company"), outcome.books.compound("company_name") or "—"),
        (say("story.period"), f"{case.start:%Y-%m-%d} 至 {case.end:%Y-%m-%d}"),
        (say("story.pack"), pack),
        (say("story.findings"), say("visit.figures", findings=len(outcome.findings), matters=len(groups))),
        *((say(f"sureness.{kind}"), amount_text(a.low, a.high) + " 元") for kind, a in totals(groups).items()),
        (
            say("story.tests"),
            say(
                "story.states", all=len(states), findings=states.count("findings"), clean=states.count("clean"),
                empty=states.count("empty"), untested=states.count("untested") + states.count("partial"),
            ),
        ),
    ]  # fmt: skip
    return table((say("story.item"), say("story.content")), rows)


def handed_in(outcome: Outcome) -> Table:
    """Which of the tables were handed in, from which files, and what is in doubt in them."""
    rows = [_paper(outcome, name, spec.zh) for name, spec in tables().items()]
    heads = ("table", "given", "files", "rows", "days", "doubt")
    return table([say(f"papers.{h}") for h in heads], rows, (3, 5))


def _paper(outcome: Outcome, name: str, zh: str) -> tuple[str, ...]:
    frame = outcome.books[name]
    if not outcome.books.has(name):
        return zh, say("papers.no"), "", "", "", ""
    if frame.empty:
        return zh, say("papers.empty"), "", "0", "", ""
    files = "\n".join(dict.fromkeys(frame["file"]))
    doubt = int((frame["doubt"] != "").sum())
    return zh, say("papers.yes"), files, f"{len(frame):,}", _days(name, frame), str(doubt) if doubt else ""


def _days(name: str, frame: pd.DataFrame) -> str:
    column = {"ledger": "date", "bank": "date", "parking": "entry", "confirmations": "paid_on", "resolutions": "date"}
    days = frame[column[name]].dropna() if name in column else pd.Series(dtype="datetime64[us]")
    return f"{days.min():%Y-%m-%d} ~ {days.max():%Y-%m-%d}" if len(days) else ""


def doubts(outcome: Outcome) -> Table | Note:
    """What stands on paper and could not be taken as it stands."""
    if not outcome.issues:
        return Note(say("story.no_issues"))
    heads = ("file", "sheet", "row", "column", "value", "message")
    shown = outcome.ordered_issues[: ROWS * 5]
    rows = [(i.file, i.sheet, "" if i.row is None else str(i.row), i.column, i.value, i.message) for i in shown]
    more = len(outcome.issues) - len(shown)
    return table([say(f"issues.{h}") for h in heads], rows, (2,), say("story.more", count=more) if more else "")


def matters_list(outcome: Outcome) -> Table | Note:
    """The matters, the gravest first, each with the one amount at stake."""
    groups = matters(outcome)
    if not groups:
        return Note(say("chart.no_findings"))
    rows = [
        (
            str(n), severity(m.severity), message(m.findings[0]), "、".join(dict.fromkeys(f.rule for f in m.findings)),
            amount_text(m.amount.low, m.amount.high) if m.amount else "",
            say(f"sureness.{m.amount_kind}") if m.amount_kind else "",
        )
        for n, m in enumerate(groups[:MATTERS], start=1)
    ]  # fmt: skip
    more = len(groups) - MATTERS
    heads = [say(f"matters.{h}") for h in ("no", "severity", "about", "tests", "amount", "sureness")]
    return table(heads, rows, (0, 4), say("story.more", count=more) if more > 0 else "")


@dataclass(frozen=True, slots=True)
class Cards:
    """Findings one under another, each opens to its evidence."""

    parts: tuple[str, ...]

    def _repr_html_(self) -> str:
        return "".join(self.parts)

    def __repr__(self) -> str:
        return say("story.cards", count=len(self.parts))


def findings(outcome: Outcome) -> Cards | Note:
    """Each finding with the rows it rests on, what was expected, what to ask and which paper to demand."""
    ordered = [f for m in matters(outcome) for f in m.findings]
    if not ordered:
        return Note(say("chart.no_findings"))
    parts = [_card(outcome, f, opened=len(ordered) <= OPENED) for f in ordered[:CARDS]]
    if len(ordered) > CARDS:
        parts.append(Note(say("story.more", count=len(ordered) - CARDS))._repr_html_())  # pyright: ignore[reportPrivateUsage]
    return Cards(tuple(parts))


def _card(outcome: Outcome, finding: Finding, *, opened: bool) -> str:
    head = f"{finding.rule} {title(outcome.rules[finding.rule])} · {finding.subject.id}"
    amount = amount_text(finding.amount_low, finding.amount_high)
    facts = [
        (say("list.message"), message(finding)),
        (say("list.expected"), advice(finding.rule, "expected")),
        (say("list.amount"), f"{amount}（{sureness(finding)}）" if amount else ""),
        (say("list.ask"), advice(finding.rule, "ask")),
        (say("list.demand"), advice(finding.rule, "demand")),
        (say("list.basis"), _law(outcome, finding)),
        (say("list.alternatives"), "、".join(s.id for s in finding.alternatives)),
    ]
    lines = "".join(
        f"<dt>{escape(name)}</dt><dd>{escape(text).replace(chr(10), '<br>')}</dd>" for name, text in facts if text
    )
    attributes = f'class="card {finding.severity.lower()}"' + (" open" if opened else "")
    told = f"<b>{escape(severity(finding.severity))}</b> {escape(head)}" + (
        f" · <b>{escape(amount)}</b>" if amount else ""
    )
    return f"<details {attributes}><summary>{told}</summary><dl>{lines}</dl>{_evidence(outcome, finding)}</details>"


def _law(outcome: Outcome, finding: Finding) -> str:
    """Each article with what it says, in our own words."""
    keys = held(outcome, finding)
    return "\n".join(f"{articles([key])}：{citation(key).zh}" for key in keys)


def _evidence(outcome: Outcome, finding: Finding) -> str:
    """The rows themselves, a table each kind of paper."""
    shown: dict[str, list[Evidence]] = {}
    for e in finding.evidence:
        shown.setdefault(e.table, []).append(e)
    return "".join(_evidence_rows(outcome, name, rows) for name, rows in shown.items())


def _evidence_rows(outcome: Outcome, name: str, evidence: list[Evidence]) -> str:
    if name not in tables():
        return Note(places(evidence)).html()
    spec = tables()[name]
    rows = [(e, outcome.row(e)) for e in evidence[:ROWS]]
    used = [c for c in spec.columns if any(_text(row, c.name, c.type) for _, row in rows)]
    noted = any(e.note for e, _ in rows)
    heads = [say("list.where"), *(c.zh for c in used), *([say("story.note")] if noted else [])]
    body = [(places([e]), *(_text(row, c.name, c.type) for c in used), *([e.note] if noted else [])) for e, row in rows]
    numbers = [at for at, c in enumerate(used, start=1) if c.type in ("money", "count", "number", "ratio")]
    more = len(evidence) - ROWS
    caption = spec.zh + (f"，{say('story.more', count=more)}" if more > 0 else "")
    return table(heads, body, numbers, caption).html()


def _text(row: Mapping[str, Any], column: str, kind: str) -> str:
    """A cell as it is shown: money in yuan, days as ISO."""
    value = row.get(column, "")
    if pd.isna(value) or value == "":
        return ""
    if kind == "money":
        return yuan(int(value))
    if kind == "date":
        return f"{value:%Y-%m-%d}"
    if kind == "datetime":
        return f"{value:%Y-%m-%d %H:%M:%S}"
    if kind == "flag":
        return "是" if value else "否"
    return f"{value:g}" if kind in ("number", "ratio") else str(value)


def instalments(outcome: Outcome) -> Table | Note:
    """The instalments of the period that are unpaid, short, or were paid after their grace: by contract and due day."""
    if lacking := not_handed_in(outcome, "contracts", "ledger"):
        return lacking
    rows = paid_instalments(outcome.books, outcome.case)
    if rows.empty:
        return Note(say("chart.nothing_due"))
    late = rows["paid_on"].notna() & (rows["paid_on"] > rows["grace_end"])
    rows = rows[rows["state"].isin(["unpaid", "part", "short"]) | late]
    if rows.empty:
        return Note(say("story.all_paid"))
    party = dict(
        zip(outcome.books["contracts"]["contract_no"], outcome.books["contracts"]["counterparty"], strict=True)
    )
    cells = [
        (
            row["contract_no"], party[row["contract_no"]], f"{row['first']:%Y-%m-%d} 至 {row['last']:%Y-%m-%d}",
            f"{row['due_on']:%Y-%m-%d}", yuan(row["amount"]), yuan(row["paid"]), yuan(row["left"]),
            "" if pd.isna(row["paid_on"]) else f"{row['paid_on']:%Y-%m-%d}",
            str(int(row["late"])) if pd.notna(row["late"]) and row["late"] > 0 else "",
        )
        for row in rows.head(CARDS).to_dict("records")
    ]  # fmt: skip
    heads = ("contract", "counterparty", "cycle", "due_on", "due", "paid", "left", "paid_on", "late")
    more = len(rows) - CARDS
    caption = say("instalment.more", count=more) if more > 0 else ""
    return table([say(f"instalment.{h}") for h in heads], cells, (4, 5, 6, 8), caption)


def left_over(outcome: Outcome) -> Table | Note:
    """The rows of ledger and bank that found no counterpart."""
    rows = [
        (
            side, f"{day:%Y-%m-%d}" if (day := act_day(outcome, f)) else "", str(row.get("counterparty", "")),
            amount_text(f.amount_low, f.amount_high), message(f), places(f.evidence[:1]),
        )
        for f, side, row in left_over_rows(outcome)
    ]  # fmt: skip
    if not rows:
        return Note(say("story.nothing_left"))
    heads = [say(f"left.{h}") for h in ("side", "date", "counterparty", "amount", "message", "where")]
    more = len(rows) - CARDS
    return table(heads, rows[:CARDS], (3,), say("story.more", count=more) if more > 0 else "")


def untested(outcome: Outcome) -> Table | Note:
    """What was not tested, why, and which paper would cure it; said as loudly as what was found."""
    rows = [
        (v.rule.code, title(v.rule), say(f"state.{v.state}"), f"{v.untested_items:,}" if v.untested_items else "",
         reasons(v), cure(v, outcome.books))
        for v in sorted(outcome.verdicts, key=lambda v: v.rule.code)
        if v.state in ("untested", "partial") or v.untested
    ]  # fmt: skip
    if not rows:
        return Note(say("story.all_tested"))
    heads = [say(f"tests.{h}") for h in ("rule", "title", "state", "untested", "reason", "cure")]
    return table(heads, rows, (3,))


def tested(outcome: Outcome) -> Table:
    """Every test that was made, and what it judged."""
    rows = [
        (v.rule.code, title(v.rule), say(f"state.{v.state}"),
         *(f"{n:,}" for n in (v.population, v.passed, v.found_items, v.untested_items)))
        for v in sorted(outcome.verdicts, key=lambda v: v.rule.code)
        if v.state != "untested"
    ]  # fmt: skip
    heads = [say(f"tests.{h}") for h in ("rule", "title", "state", "population", "passed", "findings", "untested")]
    return table(heads, rows, (3, 4, 5, 6))
