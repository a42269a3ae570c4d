"""退出结算: the settlement when a property company leaves, as a workbook to sign and a page to read."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import escape
from importlib import resources
from pathlib import Path
from typing import Any, Final

import pandas as pd
import xlsxwriter

from auditkit.money import yuan
from auditkit.reconcile.exit import Exit
from auditkit.report.exit_lines import about, duties, findings, prepaid, settlement, steps, votes
from auditkit.report.outcome import Outcome
from auditkit.report.sheets import Cell, Column, Sheets, header_text
from auditkit.report.words import say
from auditkit.rowheight import height_of, lines_of

_STRONG: Final = ("income", "cost", "reckoned", "written", "short", "ahead_short")
_NUMBERS: Final = ("money", "count", "date")


@dataclass(frozen=True, slots=True)
class Section:
    """A table of the settlement, with what is to be said below it."""

    title: str
    columns: tuple[Column, ...]
    rows: tuple[Sequence[Any], ...]
    note: str = ""


def write_exit(outcome: Outcome, left: Exit, folder: Path, lang: str = "zh") -> tuple[Path, Path]:
    """Writes the workbook and the page into a folder; returns both."""
    folder.mkdir(parents=True, exist_ok=True)
    name = say("exit.file", lang)
    book, page = folder / f"{name}.xlsx", folder / f"{name}.html"
    parts = tuple(sections(outcome, left, lang))
    _write_workbook(outcome, left, parts, book, lang)
    page.write_text(_page(outcome, left, parts, lang), encoding="utf-8", newline="\n")
    return book, page


def sections(outcome: Outcome, left: Exit, lang: str) -> Iterator[Section]:
    """The tables in their order; one without rows says so."""
    for key, rows, widths in (
        ("settlement", settlement(left, lang), (("item", 34, "text"), ("amount", 16, "money"), ("remark", 50, "text"))),
        ("steps", steps(left, lang), (
            ("step", 22, "text"), ("basis", 20, "text"), ("by", 12, "date"), ("day", 12, "date"), ("state", 10, "text"),
            ("remark", 60, "text"),
        )),
        ("votes", votes(left, lang), (
            ("axis", 8, "text"), ("share", 18, "text"), ("counted", 16, "text"), ("of", 16, "text"),
            ("asked", 16, "text"), ("state", 10, "text"),
        )),
        ("duties", duties(left, lang), (
            ("duty", 34, "text"), ("kind", 14, "text"), ("basis", 22, "text"), ("state", 8, "text"),
            ("listed", 34, "text"), ("handed_on", 12, "date"), ("expected", 15, "money"), ("given", 15, "money"),
        )),
        ("prepaid", prepaid(left, lang), (
            ("contract", 22, "text"), ("from", 12, "date"), ("to", 12, "date"), ("instalment", 15, "money"),
            ("days_after", 12, "count"), ("whole", 12, "count"), ("part", 15, "money"),
        )),
        ("findings", findings(outcome, lang), (
            ("rule", 26, "text"), ("item", 18, "text"), ("state", 10, "text"), ("amount", 15, "money"),
            ("says", 80, "text"),
        )),
    ):  # fmt: skip
        columns = tuple(Column(say(f"exit.{head}", lang), width, kind) for head, width, kind in widths)
        note = say("exit.duties_note", lang) if key == "duties" else ""
        yield Section(say(f"exit.{key}", lang), columns, tuple(rows), note)


def _write_workbook(outcome: Outcome, left: Exit, parts: Sequence[Section], path: Path, lang: str) -> None:
    title = say("exit.title", lang)
    header = f"&L{header_text(outcome.compound_name)}&C&B{title}　&A&R{left.left_on:%Y-%m-%d}"
    with xlsxwriter.Workbook(str(path)) as book:
        sheets = Sheets(book, header, say("sheet.footer", lang))
        _form(sheets, outcome, left, parts[0], lang)
        for part in parts[1:]:
            rows = part.rows or ([say("exit.none", lang), *[""] * (len(part.columns) - 1)],)
            columns = part.columns if part.rows else tuple(Column(c.head, c.width) for c in part.columns)
            sheet = sheets.table(part.title, columns, rows)
            if part.note:
                sheet.write_string(len(rows) + 1, 0, part.note, sheets.form(italic=True))


def _form(sheets: Sheets, outcome: Outcome, left: Exit, part: Section, lang: str) -> None:
    """The first sheet: one page to sign."""
    sheet = sheets.book.add_worksheet(part.title)
    sheets.page(sheet, portrait=True)
    widths = [column.width for column in part.columns]
    for at, width in enumerate(widths):
        sheet.set_column(at, at, width)
    last = len(widths) - 1
    bands = ((say("exit.title", lang), 16, True), (about(outcome, left, lang), 10, False))
    for at, (text, size, bold) in enumerate(bands):
        align = "center" if bold else "left"
        form = sheets.form(bold=bold, font_size=size, align=align, valign="vcenter", text_wrap=True, border=1)
        sheet.merge_range(at, 0, at, last, text, form)
        sheet.set_row(at, height_of(lines_of(text, sum(widths))) * size / 10 + 6)
    head = sheets.form(bold=True, border=1, bg_color="#D9D9D9", align="center", valign="vcenter")
    for at, column in enumerate(part.columns):
        sheet.write_string(2, at, column.head, head)
    strong = {say(f"exit.{key}", lang) for key in _STRONG}
    row = 3
    for row, values in enumerate(part.rows, start=3):
        fill = "#F2F2F2" if values[0] in strong else ""
        cells = [Cell(value, fill=fill) for value in values]
        sheets.row(sheet, row, [c.kind for c in part.columns], cells, widths)
    sheet.merge_range(row + 2, 0, row + 2, last, say("exit.sign", lang), sheets.form(valign="vcenter"))
    sheet.set_row(row + 2, 36)
    sheet.print_area(0, 0, row + 2, last)


def _page(outcome: Outcome, left: Exit, parts: Sequence[Section], lang: str) -> str:
    css = resources.files("auditkit").joinpath("data", "page.css").read_text(encoding="utf-8")
    title = f"{say('exit.title', lang)} {outcome.compound_name}"
    body = "\n".join(_table(part, lang) for part in parts)
    return (
        f'<!doctype html>\n<html lang="{"zh-CN" if lang == "zh" else "en"}"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">"
        f"<title>{escape(title)}</title>\n<style>\n{css}</style></head>\n<body><main>\n<h1>{escape(title)}</h1>\n"
        f"<p>{escape(about(outcome, left, lang))}</p>\n{body}\n</main>"
        f"<footer>{escape(say('page.footer', lang))}</footer></body></html>\n"
    )


def _table(part: Section, lang: str) -> str:
    lines = [f"<h2>{escape(part.title)}</h2>"]
    if not part.rows:
        return lines[0] + f"\n<p>{escape(say('exit.none', lang))}</p>"
    heads = "".join(f"<th>{escape(column.head)}</th>" for column in part.columns)
    lines.append(f'<div class="wide"><table><thead><tr>{heads}</tr></thead><tbody>')
    for row in part.rows:
        cells = (
            f'<td class="{"n" if c.kind in _NUMBERS else "t" if c.width > 40 else ""}">{escape(_text(v, c.kind))}</td>'
            for c, v in zip(part.columns, row, strict=True)
        )
        lines.append(f"<tr>{''.join(cells)}</tr>")
    lines.append("</tbody></table></div>")
    if part.note:
        lines.append(f'<p class="note">{escape(part.note)}</p>')
    return "\n".join(lines)


def _text(value: Any, kind: str) -> str:
    value = value.value if isinstance(value, Cell) else value
    if value is None or value == "" or pd.isna(value):
        return ""
    if kind == "money":
        return yuan(int(value))
    return f"{pd.Timestamp(value):%Y-%m-%d}" if kind == "date" else str(value)
