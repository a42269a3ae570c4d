"""The one-page sheet for the site visit: what to check first, what to count, which papers to demand, who signs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import pandas as pd
from xlsxwriter.worksheet import Worksheet

from auditkit.model import Evidence
from auditkit.report.matters import Matter, totals
from auditkit.report.outcome import Outcome
from auditkit.report.phrases import advice, message, missing, need_words
from auditkit.report.sheets import FILLS, Cell, Sheets
from auditkit.report.words import amount_text, say
from auditkit.rowheight import height_of, lines_of

MATTERS: Final = 6
RESOURCES: Final = 6
_MESSAGE: Final = 110
_WIDTHS: Final = (5, 34, 14, 22, 21, 16)


def write_visit_sheet(sheets: Sheets, outcome: Outcome, groups: Sequence[Matter], lang: str) -> None:
    """Writes the sheet for the compound's visit; it always fits one page."""
    sheet = sheets.book.add_worksheet(say("sheet.visit", lang))
    sheets.page(sheet, portrait=True)
    for at, width in enumerate(_WIDTHS):
        sheet.set_column(at, at, width)
    page = _Page(sheets, sheet)
    page.band(say("visit.title", lang, name=outcome.compound_name), size=16, bold=True, align="center")
    page.band(_about(outcome, lang))
    page.band(_figures(outcome, groups, lang))
    if not outcome.case.pack.loaded:
        page.band(say("pack.not_loaded_long", lang), bold=True)
    _check(page, outcome, groups[:MATTERS], lang)
    _count(page, outcome, lang)
    page.band(say("visit.papers", lang), bold=True, bg_color="#D9D9D9")
    page.band(_papers(outcome, groups, lang))
    page.band(say("visit.sign", lang), bold=True, bg_color="#D9D9D9")
    page.signatures([say(f"visit.sign_{who}", lang) for who in ("inspector", "second", "company", "owners", "day")])


class _Page:
    """The sheet, written from top to bottom."""

    def __init__(self, sheets: Sheets, sheet: Worksheet) -> None:
        self.sheets = sheets
        self.sheet = sheet
        self.at = 0

    def band(self, text: str, size: int = 10, **form: Any) -> None:
        """A line over the whole width."""
        shape = self.sheets.form(valign="vcenter", border=1, text_wrap=True, font_size=size, **form)
        self.sheet.merge_range(self.at, 0, self.at, len(_WIDTHS) - 1, text, shape)
        self.sheet.set_row(self.at, height_of(lines_of(text, sum(_WIDTHS))) * size / 10 + 4)
        self.at += 1

    def line(self, kinds: Sequence[str], values: Sequence[Any]) -> None:
        """A row of the table."""
        self.sheets.row(self.sheet, self.at, kinds, values, _WIDTHS)
        self.at += 1

    def signatures(self, names: Sequence[str]) -> None:
        """A box to sign in for each."""
        self.sheet.set_row(self.at, 54)
        form = self.sheets.form(border=1, valign="top", text_wrap=True)
        for column, name in zip((0, 2, 3, 4, 5), names, strict=True):
            if column == 0:
                self.sheet.merge_range(self.at, 0, self.at, 1, name, form)
            else:
                self.sheet.write_string(self.at, column, name, form)
        self.at += 1


def _about(outcome: Outcome, lang: str) -> str:
    case = outcome.case
    return say(
        "visit.about", lang, id=case.compound_id, company=outcome.books.compound("company_name") or "—",
        start=f"{case.start:%Y-%m-%d}", end=f"{case.end:%Y-%m-%d}", pack=f"{case.pack.name} {case.pack.code}",
    )  # fmt: skip


def _figures(outcome: Outcome, groups: Sequence[Matter], lang: str) -> str:
    parts = [say("visit.figures", lang, findings=len(outcome.findings), matters=len(groups))]
    for kind, total in totals(groups).items():
        parts.append(
            say("visit.sum", lang, kind=say(f"sureness.{kind}", lang), amount=amount_text(total.low, total.high))
        )
    open_ = sum(v.state in ("untested", "partial") for v in outcome.verdicts)
    parts.append(say("visit.untested", lang, count=open_, all=len(outcome.verdicts)))
    return say("place.semicolon", lang).join(parts)


def _check(page: _Page, outcome: Outcome, groups: Sequence[Matter], lang: str) -> None:
    page.band(say("visit.check", lang), bold=True, bg_color="#D9D9D9")
    heads = [say(f"visit.{key}", lang) for key in ("no", "what", "amount", "ask", "demand", "result")]
    page.line(["text"] * 6, heads)
    for number, m in enumerate(groups, start=1):
        f = m.findings[0]
        text = message(f, lang)
        page.line(
            ["count", "text", "text", "text", "text", "text"],
            [
                Cell(number, fill=FILLS[m.severity]), text[:_MESSAGE] + ("…" if len(text) > _MESSAGE else ""),
                amount_text(m.amount.low, m.amount.high) if m.amount else "", advice(f.rule, "ask", lang),
                advice(f.rule, "demand", lang), say("visit.boxes", lang),
            ],
        )  # fmt: skip
    if not groups:
        page.band(say("visit.nothing", lang))


def _count(page: _Page, outcome: Outcome, lang: str) -> None:
    """What stands on paper, that of findings first, and room for what is counted on site."""
    resources = outcome.books["resources"]
    if resources.empty:
        return
    page.band(say("visit.count", lang), bold=True, bg_color="#D9D9D9")
    heads = [say(f"visit.{key}", lang) for key in ("no", "resource", "quantity", "occupant", "counted", "remark")]
    page.line(["text"] * 6, heads)
    doubted = {row["resource_id"] for e in _all_evidence(outcome) if e.table == "resources" and (row := outcome.row(e))}
    ranked = resources.assign(calm=~resources["resource_id"].isin(doubted))
    chosen = ranked.sort_values(["calm", "category", "resource_id"]).drop_duplicates("resource_id").head(RESOURCES)
    for n, r in enumerate(chosen.to_dict("records"), start=1):
        name = " ".join(str(r[key]) for key in ("resource_id", "category", "location") if r[key])
        quantity = "" if pd.isna(r["quantity"]) else f"{r['quantity']:g} {r['unit']}".strip()
        page.line(["count", *["text"] * 5], [n, name, quantity, r["occupant"] or r["status"], "", ""])


def _all_evidence(outcome: Outcome) -> list[Evidence]:
    return [e for f in outcome.findings for e in f.evidence]


def _papers(outcome: Outcome, groups: Sequence[Matter], lang: str) -> str:
    asked = dict.fromkeys(advice(f.rule, "demand", lang) for m in groups[:MATTERS] for f in m.findings[:1])
    lacking = dict.fromkeys(n.partition(".")[0] for v in outcome.verdicts for n in missing(v, outcome.books))
    parts: list[str] = []
    if lacking:
        parts.append(say("visit.lacking", lang, papers="、".join(need_words(n, lang) for n in lacking)))
    if asked:
        parts.append(say("visit.asked", lang, papers=say("place.semicolon", lang).join(asked)))
    return "\n".join(parts) or "—"
