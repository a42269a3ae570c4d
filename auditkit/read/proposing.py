"""What a sheet that nobody claims may be: proposed by the words of its header and by what stands in its columns."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import permutations
from typing import Any, Final

from auditkit.read.amounts import AmountError, fold, parse_amount
from auditkit.read.dates import DateError, parse_date, parse_datetime
from auditkit.read.details import column_letters
from auditkit.read.grids import Grid
from auditkit.read.headers import column_of
from auditkit.read.layout import cell_text
from auditkit.read.marks import side_of
from auditkit.read.vocabulary import SUPPLIES, without_ending
from auditkit.schema import category_words, choice_words, normal, tables

LOOKED_AT: Final = 400
"""So many rows of a sheet are looked at."""
MOST_MONEY: Final = 7
"""Among so many columns of amounts a running balance is looked for."""
ENOUGH: Final = 0.8
"""So large a part of a column must be of a kind."""
_PLATE: Final = re.compile(r"[\u4e00-\u9fff][A-Z][A-Z0-9*]{4,6}[A-Z0-9*学警港澳挂使领]?")
_ACCOUNT: Final = re.compile(r"[\d*]{10,25}")


@dataclass(frozen=True, slots=True)
class Guess:
    """What one column of the grid is proposed to be, and why: by its «word» or its «content»."""

    column: str
    why: str


@dataclass
class Proposal:
    """A proposed [map] of one sheet.

    Shape: `header` as Excel counts, 0 for none; `titles` and `columns` by column of the grid; `missing` musts that
    no column gives.
    """

    table: str
    header: int
    titles: Mapping[int, str]
    columns: dict[int, Guess] = field(default_factory=dict[int, Guess])
    score: float = 0.0

    @property
    def missing(self) -> list[str]:
        """Musts that no column gives, directly or through an extra."""
        given = {g.column for g in self.columns.values()}
        given |= {c for g in self.columns.values() for c in SUPPLIES.get((self.table, g.column), ())}
        if self.table == "bank" and {"credit", "debit"} & given:
            given |= {"credit", "debit"}
        return [c.name for c in tables()[self.table].columns if c.must and c.name not in given]

    def name(self, column: int) -> str:
        """How [map] names a column: its header where no other has the same, else its letter."""
        title = self.titles.get(column, "")
        same = [j for j, t in self.titles.items() if normal(t) == normal(title)]
        plain = title and same == [column] and not re.fullmatch(r"[A-Za-z]{1,2}", title)
        return title if plain else column_letters(column)


def propose(grid: Grid, table: str = "", header: int | None = None) -> Proposal | None:
    """The likeliest table of a sheet, or how a given table would be read from it; None where nothing fits."""
    at = header_row(grid) if header is None else header - 1
    if at is None:
        return None
    titles = {} if at < 0 else {j: t for j, c in enumerate(grid.rows[at]) if (t := " ".join(cell_text(c).split()))}
    body = [row for row in grid.rows[at + 1 : at + 1 + LOOKED_AT] if sum(bool(cell_text(c)) for c in row) >= 2]
    width = max(map(len, [*body, list(titles)]), default=0) if body else 0
    cells = {j: [row[j] if j < len(row) else "" for row in body] for j in range(width)}
    kinds = {j: kind_of(several) for j, several in cells.items()}
    chain = balance_chain({j: c for j, c in cells.items() if kinds[j] == "money"})
    names = [table] if table else list(tables())
    found = [_of_table(name, at + 1, titles, cells, kinds, chain) for name in names]
    best = max(found, key=lambda p: p.score)
    return best if table or (best.columns and best.score > 0) else None


def header_row(grid: Grid) -> int | None:
    """The likeliest header: the row of several words above a row that is not all words; -1 where data begin at once."""
    best, most = None, 0.0
    for at, row in enumerate(grid.rows[:60]):
        texts = [c for c in row if isinstance(c, str) and cell_text(c)]
        words = [c for c in texts if not re.search(r"\d{3,}", c) and len(c) <= 20]
        if len(words) < 2:
            continue
        known = sum(any(column_of(t, c) for t in tables()) for c in words)
        below = grid.rows[at + 1] if at + 1 < len(grid.rows) else ()
        filled = sum(bool(cell_text(c)) for c in below)
        score = (
            len(words) / max(1, len([c for c in row if cell_text(c)]))
            + known
            + 0.2 * min(filled, len(words))
            - 0.02 * at
        )
        if score > most:
            best, most = at, score
    if best is None and any(sum(bool(cell_text(c)) for c in row) >= 3 for row in grid.rows[:60]):
        return -1
    return best


def kind_of(cells: Sequence[Any]) -> str:
    """What most cells of a column are: date, datetime, money, plate, account, side, category, text; "" where blank."""
    filled = [c for c in cells if cell_text(c) and fold(cell_text(c)) not in ("-", "--", "/")]
    if not filled:
        return ""
    tests: tuple[tuple[str, Callable[[Any], bool]], ...] = (
        ("datetime", _is_datetime), ("date", _is_date), ("side", lambda c: side_of(c) in ("in", "out")),
        ("plate", lambda c: bool(_PLATE.fullmatch(fold(cell_text(c)).replace("·", "")))),
        ("account", lambda c: isinstance(c, str) and bool(_ACCOUNT.fullmatch(fold(c).replace(" ", "")))),
        ("money", _is_money), ("category", _is_category),
    )  # fmt: skip
    for kind, test in tests:
        if sum(map(test, filled)) >= ENOUGH * len(filled):
            return kind
    return "text"


def _is_date(cell: Any) -> bool:
    if isinstance(cell, int | float):
        return False
    try:
        parse_date(cell)
    except DateError:
        return False
    return True


def _is_datetime(cell: Any) -> bool:
    if isinstance(cell, int | float):
        return False
    try:
        day = parse_datetime(cell)
    except DateError:
        return False
    return isinstance(cell, str) or (day.hour, day.minute, day.second) != (0, 0, 0)


def _is_money(cell: Any) -> bool:
    if isinstance(cell, bool):
        return False
    try:
        parse_amount(cell)
    except AmountError:
        return False
    return True


def _is_category(cell: Any) -> bool:
    words = category_words()
    return any(w in words for w in without_ending(normal(cell_text(cell))))


def balance_chain(columns: Mapping[int, Sequence[Any]]) -> dict[str, int]:
    """The columns that chain as a running balance: balance with credit and debit, or with moved; none where none do.

    Each balance must be the one before it plus what came in less what went out, in the order of the rows or against it.
    """
    if len(columns) > MOST_MONEY:
        columns = dict(list(columns.items())[:MOST_MONEY])
    amounts = {j: [_fen(c) for c in cells] for j, cells in columns.items()}
    best: tuple[float, dict[str, int]] = (0.0, {})
    for balance, several in amounts.items():
        if sum(a is not None for a in several) < 3:
            continue
        others = [j for j in amounts if j != balance]
        for pair in permutations(others, 2):
            share = _chained(several, amounts[pair[0]], amounts[pair[1]])
            if share > best[0]:
                best = share, {"balance": balance, "credit": pair[0], "debit": pair[1]}
        for one in others:
            share = _chained(several, amounts[one], None)
            if share > best[0]:
                best = share, {"balance": balance, "moved": one}
    return best[1] if best[0] >= ENOUGH else {}


def _fen(cell: Any) -> int | None:
    try:
        return parse_amount(cell).fen
    except AmountError:
        return None


def _chained(balance: Sequence[int | None], one: Sequence[int | None], other: Sequence[int | None] | None) -> float:
    """Which part of the steps of a column follows from the amounts, in one of the two orders of rows."""
    moved = [(a or 0) - (0 if other is None else (other[n] or 0)) for n, a in enumerate(one)]
    steps = [n for n in range(1, len(balance)) if balance[n] is not None and balance[n - 1] is not None]
    moving = [n for n in steps if moved[n]]
    if len(moving) < 2:
        return 0.0
    down = sum((balance[n] or 0) == (balance[n - 1] or 0) + moved[n] for n in steps)
    up = sum((balance[n - 1] or 0) == (balance[n] or 0) + moved[n - 1] for n in steps)
    return max(down, up) / len(steps)


_BY_KIND: Final[Mapping[str, tuple[str, ...]]] = {
    "datetime": ("entry", "exit", "time"), "date": ("date", "period_start", "start", "paid_on", "surveyed_on"),
    "plate": ("plate",), "side": ("mark", "direction"), "category": ("category",), "account": ("account",),
}  # fmt: skip


def _of_table(
    table: str, header: int, titles: Mapping[int, str], cells: Mapping[int, Sequence[Any]],
    kinds: Mapping[int, str], chain: Mapping[str, int],
) -> Proposal:  # fmt: skip
    """How a table would be read: words first, then content for what is still missing."""
    made = Proposal(table, header, titles)
    spec = tables()[table]
    known = {c.name for c in spec.columns}
    taken: set[str] = set()

    def take(column: int, name: str, why: str) -> None:
        if name not in taken and column not in made.columns:
            made.columns[column] = Guess(name, why)
            taken.add(name)

    if table == "bank" and chain:
        # What chains is what it is, whatever stands above it.
        for name, j in chain.items():
            take(j, name, "content")
    for j, title in titles.items():
        name = column_of(table, title)
        if name is not None and not _against(spec.name, name, kinds.get(j, "")):
            take(j, name, "word")
    if table == "ledger" and "balance" in chain and len(chain) == 3:
        take(chain["balance"], "balance", "content")
        if "amount" not in taken:
            take(chain["credit"], "income", "content")
            take(chain["debit"], "cost", "content")
    for j, kind in kinds.items():
        for name in _BY_KIND.get(kind, ()):
            extra = (table, name) in SUPPLIES or name == "mark"
            if (name in known and _wanted(made, name)) or (extra and table == "bank" and "moved" in taken):
                take(j, name, "content")
                break
    for j in cells:
        for column in spec.columns:
            if (
                column.must
                and column.type == "choice"
                and column.name not in taken
                and _chosen(table, column.name, cells[j])
            ):
                take(j, column.name, "content")
    money = [j for j, kind in kinds.items() if kind == "money" and j not in made.columns]
    amounts = [c.name for c in spec.columns if c.must and c.type == "money" and c.name in made.missing]
    if len(money) == 1 and len(amounts) == 1:
        take(money[0], amounts[0], "content")
    must = [c.name for c in spec.columns if c.must]
    met = len(must) - len(made.missing)
    made.score = 4 * met / len(must) + 0.5 * len(made.columns) - 0.2 * (len(titles) - len(made.columns))
    made.score += 3.0 if table == "bank" and chain else 0.0
    made.score -= 10.0 if met < 0.5 * len(must) else 0.0
    return made


def _wanted(made: Proposal, name: str) -> bool:
    return name in made.missing or name in ("plate", "time")


def _against(table: str, name: str, kind: str) -> bool:
    """Whether what stands in a column contradicts its header."""
    columns = {c.name: c.type for c in tables()[table].columns}
    kind_wanted = columns.get(name, "")
    if kind in ("", "text"):
        return False
    if kind_wanted == "money":
        return kind in ("date", "datetime", "plate", "side")
    if kind_wanted in ("date", "datetime"):
        return kind in ("plate", "side", "category")
    return False


def _chosen(table: str, column: str, cells: Sequence[Any]) -> bool:
    words = choice_words(table, column)
    filled = [normal(cell_text(c)) for c in cells if cell_text(c)]
    return bool(filled) and sum(w in words for w in filled) >= ENOUGH * len(filled)
