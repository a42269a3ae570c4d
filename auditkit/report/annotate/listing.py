"""The sheet 审计发现: every finding with its amount, its evidence, and a link to the cell."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from auditkit.report.annotate.spans import MAIN, attribute, text
from auditkit.report.annotate.styles import Styles
from auditkit.report.words import say
from auditkit.rowheight import height_of, lines_of

SHEET: Final = "审计发现"
HEAD_ROW: Final = 4
_COLUMNS: Final = (
    ("no", 5), ("severity", 9), ("rule", 14), ("subject", 13), ("message", 42), ("amount", 12), ("up_to", 12),
    ("where", 22), ("link", 16), ("ask", 22), ("id", 17),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Line:
    """A finding at one row of the ledger, or at none of its rows.

    Units: amounts in fen; `place` is sheet and row, `note` what the cell's note says.
    """

    severity: str
    grade: str
    rule: str
    subject: str
    message: str
    amount: int | None
    up_to: int | None
    where: str
    ask: str
    id: str
    place: tuple[str, int] | None
    note: str

    def on(self, names: Mapping[str, str]) -> Line:
        """The same line where the sheets are called otherwise."""
        if self.place is None:
            return self
        return replace(self, place=(names.get(self.place[0], self.place[0]), self.place[1]))


def listing(lines: Sequence[Line], places: Mapping[int, str], about: str, styles: Styles, strict: bool) -> bytes:
    """The sheet as XML; text stands in the cells themselves, so that no other part is touched."""
    rows = [_row(1, [_string(1, 0, say("listing.title"), styles.plain("title"))])]
    rows.append(_row(2, [_string(2, 0, about, styles.plain("title"))]))
    head = [_string(HEAD_ROW, at, say(f"listing.{key}"), styles.plain("head")) for at, (key, _) in enumerate(_COLUMNS)]
    rows.append(_row(HEAD_ROW, head))
    rows += [_line(n, line, places.get(n, ""), styles) for n, line in enumerate(lines)]
    links = "".join(
        f'<hyperlink ref="I{HEAD_ROW + 1 + n}" location={attribute(place)}/>' for n, place in sorted(places.items())
    )
    last = HEAD_ROW + len(lines)
    columns = "".join(
        f'<col min="{at}" max="{at}" width="{width}" customWidth="1"/>'
        for at, (_, width) in enumerate(_COLUMNS, start=1)
    )
    return (
        '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
        f'<worksheet xmlns="{MAIN[strict]}"><sheetPr><pageSetUpPr fitToPage="1"/></sheetPr>'
        f'<sheetViews><sheetView workbookViewId="0"><pane ySplit="{HEAD_ROW}" topLeftCell="A{HEAD_ROW + 1}" '
        f'activePane="bottomLeft" state="frozen"/></sheetView></sheetViews><cols>{columns}</cols>'
        f'<sheetData>{"".join(rows)}</sheetData><autoFilter ref="A{HEAD_ROW}:K{last}"/>'
        f"{f'<hyperlinks>{links}</hyperlinks>' if links else ''}"
        '<pageMargins left="0.4" right="0.4" top="0.6" bottom="0.6" header="0.3" footer="0.3"/>'
        '<pageSetup paperSize="9" orientation="landscape" fitToHeight="0"/></worksheet>'
    ).encode()


def _line(n: int, line: Line, place: str, styles: Styles) -> str:
    row = HEAD_ROW + 1 + n
    plain, link = styles.plain("text"), styles.plain("link")
    cells = [
        _number(row, 0, str(n + 1), plain),
        _string(row, 1, line.grade, styles.plain("text", line.severity)),
        _string(row, 2, line.rule, plain),
        _string(row, 3, line.subject, plain),
        _string(row, 4, line.message, plain),
        _money(row, 5, line.amount, styles),
        _money(row, 6, line.up_to, styles),
        _string(row, 7, line.where, plain),
        _string(row, 8, place.replace("''", "'") if place else "", link),
        _string(row, 9, line.ask, plain),
        _string(row, 10, line.id, plain),
    ]
    texts = ("", line.grade, line.rule, line.subject, line.message, "", "", line.where, place, line.ask, line.id)
    height = height_of(max(lines_of(t, w) for t, (_, w) in zip(texts, _COLUMNS, strict=True)))
    return f'<row r="{row}" ht="{height:g}" customHeight="1">{"".join(cells)}</row>'


def _row(number: int, cells: Sequence[str]) -> str:
    return f'<row r="{number}">{"".join(cells)}</row>'


def _string(row: int, at: int, value: str, style: int) -> str:
    if not value:
        return f'<c r="{chr(65 + at)}{row}" s="{style}"/>'
    return (
        f'<c r="{chr(65 + at)}{row}" s="{style}" t="inlineStr"><is><t xml:space="preserve">{text(value)}</t></is></c>'
    )


def _number(row: int, at: int, value: str, style: int) -> str:
    return f'<c r="{chr(65 + at)}{row}" s="{style}"><v>{value}</v></c>'


def _money(row: int, at: int, fen: int | None, styles: Styles) -> str:
    style = styles.plain("money")
    if fen is None:
        return f'<c r="{chr(65 + at)}{row}" s="{style}"/>'
    whole, cents = divmod(abs(int(fen)), 100)
    return _number(row, at, f"{'-' if fen < 0 else ''}{whole}.{cents:02d}", style)
