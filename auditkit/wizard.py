"""`auditkit map`: shows a sheet that nobody claims, proposes what it is, asks, and writes it into case.toml."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import typer
from rich.table import Table

from auditkit.console import errors, output
from auditkit.model import InputError
from auditkit.read.books.chart import ChartError, parse_chart, proposal
from auditkit.read.books.entries import DAYBOOK, ENTRIES, Book
from auditkit.read.case import read_books
from auditkit.read.dates import DateError, parse_date
from auditkit.read.details import column_letters
from auditkit.read.grids import Grid, read_grids
from auditkit.read.intake import Intake, Unread
from auditkit.read.layout import cell_text
from auditkit.read.mapping import ACCOUNTS, parse_maps
from auditkit.read.proposing import Guess, Proposal, propose
from auditkit.read.settings import NAME, Settings, read_settings
from auditkit.read.vocabulary import extra_headers
from auditkit.read.writing import write_map
from auditkit.report.words import say
from auditkit.schema import tables

HEAD: Final = 12
WIDE: Final = 14
NONE: Final = "-"


@dataclass(frozen=True, slots=True)
class Asking:
    """Who is asked: the user, or nobody where every proposal is accepted."""

    yes: bool
    lang: str

    def ask(self, key: str, default: str, **values: Any) -> str:
        """The user's answer; the default where nobody is asked, or on a bare return."""
        if self.yes:
            return default
        return str(typer.prompt(say(f"map.{key}", self.lang, **values), default=default)).strip()


def run_map(file: Path, case: Path | None, sheet: str | None, yes: bool, lang: str) -> int:
    """Settles what of one file is not recognised; the next run needs no question."""
    asking = Asking(yes, lang)
    folder = case or file.parent
    name = file.resolve().relative_to(folder.resolve()).as_posix()
    intake = _read(file, folder, name)
    open_ = [u for u in intake.unread if sheet in (None, u.sheet)]
    if sheet is not None and not open_:
        open_ = [Unread(name, sheet, 0)]
    done = 0
    for unread in open_:
        done += _settle(file, folder, name, unread, asking)
    books = [b for b in intake.books if b.kind in (ENTRIES, DAYBOOK) and sheet in (None, b.grid.sheet)]
    done += _accounts(folder, books, asking)
    if not open_ and not books:
        output().print(say("map.nothing", lang, file=name), markup=False)
        return 0
    again = _read(file, folder, name)
    left = [u for u in again.unread if sheet in (None, u.sheet)]
    for part in again.parts:
        doubt = int((part.frame["doubt"] != "").sum())
        zh = tables()[part.table].zh if lang == "zh" else part.table
        output().print(say("map.read", lang, table=zh, rows=len(part.frame), doubt=doubt), markup=False)
    return 3 if left or not done else 0


def _read(file: Path, folder: Path, name: str) -> Intake:
    """The file as the case's case.toml has it read."""
    own = read_settings(folder / NAME)
    maps = {k: v for k, v in own.maps.items() if k == ACCOUNTS or str(k).partition("#")[0] == name}
    renamed = {k if k == ACCOUNTS else k.replace(name, file.name, 1): v for k, v in maps.items()}
    return read_books(file, Settings(maps=renamed))[1]


def _settle(file: Path, folder: Path, name: str, unread: Unread, asking: Asking) -> int:
    """One sheet: shown, proposed, asked, written; 1 where it was settled."""
    grid = next((g for g in read_grids(file, name)[0] if g.sheet == unread.sheet), None)
    key = f"{name}#{unread.sheet}" if unread.sheet else name
    if grid is None:
        errors().print(say("map.no_sheet", asking.lang, sheet=key), markup=False)
        return 0
    _show(grid, key, asking.lang)
    first = propose(grid)
    known = {t.zh: t.name for t in tables().values()} | {t: t for t in tables()}
    while True:
        default = tables()[first.table].zh if first else NONE
        chosen = asking.ask("table", default, tables="、".join(t.zh for t in tables().values()))
        if chosen in known or chosen == NONE:
            break
    if chosen == NONE:
        # Nobody was asked: a sheet that nothing is known of stays open.
        if asking.yes:
            errors().print(say("map.unknown", asking.lang, sheet=key), markup=False)
            return 0
        write_map(folder, key, {"read": False})
        return 1
    header = _number(asking, "header", first.header if first else 1, len(grid.rows))
    made = propose(grid, known[chosen], header)
    if made is None:
        return 0
    columns = _columns(made, asking)
    constants = _constants(made, asking)
    if asking.yes and made.missing:
        lacks = "、".join(tables()[made.table].column(m).zh for m in made.missing)
        errors().print(say("map.lacks", asking.lang, sheet=key, columns=lacks), markup=False)
        return 0
    spec: dict[str, Any] = {"table": made.table, "header": made.header, "columns": columns}
    if constants:
        spec["constants"] = constants
    _, wrong = parse_maps({key: spec})
    if wrong:
        raise InputError(wrong)
    path = write_map(folder, key, spec)
    output().print(say("map.written", asking.lang, sheet=key, file=path), markup=False)
    return 1


def _show(grid: Grid, key: str, lang: str) -> None:
    """The first rows of a sheet, with Excel's letters and numbers."""
    width = min(max((len(r) for r in grid.rows[:HEAD]), default=0), WIDE)
    shown = Table("", *(column_letters(j) for j in range(width)), title=key, title_justify="left")
    for n, row in enumerate(grid.rows[:HEAD], start=1):
        shown.add_row(str(n), *(cell_text(row[j])[:16] if j < len(row) else "" for j in range(width)))
    output().print(shown)


def _number(asking: Asking, key: str, default: int, most: int) -> int:
    while True:
        given = asking.ask(key, str(default))
        if given.isdecimal() and int(given) <= most:
            return int(given)


def _columns(made: Proposal, asking: Asking) -> dict[str, str]:
    """Each column of the sheet and what it is; the user's answer changes the proposal."""
    spec = tables()[made.table]
    known = {c.zh: c.name for c in spec.columns} | {c.name: c.name for c in spec.columns}
    known |= {extra: extra for extra in extra_headers(made.table).values()}
    zh = {c.name: c.zh for c in spec.columns}
    if not asking.yes:
        output().print(say("map.columns", asking.lang, columns="、".join(known)), markup=False)
    every = sorted({*made.titles, *made.columns})
    for j in every:
        guess = made.columns.get(j)
        default = NONE if guess is None else zh.get(guess.column, guess.column)
        why = "" if guess is None else say(f"map.why_{guess.why}", asking.lang)
        while True:
            given = asking.ask("column", default, letter=column_letters(j), title=made.titles.get(j, ""), why=why)
            if given == NONE or given in known:
                break
        made.columns.pop(j, None)
        if given != NONE:
            for other in [o for o, g in made.columns.items() if g.column == known[given]]:
                made.columns.pop(other)
            made.columns[j] = Guess(known[given], "asked")
    return {made.name(j): made.columns[j].column if j in made.columns else "" for j in every}


def _constants(made: Proposal, asking: Asking) -> dict[str, Any]:
    """Values that hold for every row, for musts that no column gives; a bare return leaves the rows in doubt."""
    found: dict[str, Any] = {}
    for name in made.missing:
        column = tables()[made.table].column(name)
        given = asking.ask("constant", NONE, column=column.zh)
        if given in ("", NONE):
            continue
        if column.type == "date":
            try:
                found[name] = parse_date(given).date()
                continue
            except DateError:
                pass
        found[name] = given
    return found


def _accounts(folder: Path, books: Sequence[Book], asking: Asking) -> int:
    """Accounts of a company's books that may be public revenue: each is confirmed, changed or left out."""
    stands: Mapping[str, Any] = read_settings(folder / NAME).maps.get(ACCOUNTS, {})
    chart = parse_chart(stands)
    found: dict[str, Any] = {}
    for code, name, category in proposal(books):
        if chart.of(code, name) is not None:
            continue
        while True:
            given = asking.ask("account", category or NONE, code=code, name=name)
            if given == NONE:
                # Left open where nobody was asked; said to be no public revenue where somebody was.
                if not asking.yes:
                    found[code] = False
                break
            try:
                parse_chart({code: given})
            except ChartError as error:
                errors().print(str(error), markup=False)
                continue
            found[code] = given
            break
    if not found:
        return int(bool(stands))
    path = write_map(folder, ACCOUNTS, found)
    output().print(say("map.written", asking.lang, sheet=ACCOUNTS, file=path), markup=False)
    return 1
