"""Importers: files of known programs, recognised by the words of their header and the marks around it.

One file an importer, in `statements/`, `parking/` or `books/`. It ends with `IMPORTER`, mostly nothing but a table:

    IMPORTER = Importer(
        "icbc-corporate-2",
        "中国工商银行企业网上银行明细（转入转出两列）",
        "bank",
        header=("凭证号", "交易时间", "对方单位", "转入金额", "转出金额", "余额"),
        columns={"time": "交易时间", "credit": "转入金额", "debit": "转出金额", "balance": "余额", ...},
    )

To add one: write that file, a sample of invented people in tests/read/<folder>/samples with its golden table beside it,
and a page in docs/importers/. Nothing has to be entered anywhere else.

`header` are words that must all stand in one row (`A|B`: either), `without` words that must not, `marks` patterns that
must all be found around the rows; never a file's name, its ending or a row's number. `columns` say where a column of
the table, or an extra of vocabulary.toml, stands: the first of its words that is in the header. What no table of
columns can say is said by `rework`, which changes the raw cells by column before they are typed.
"""

from __future__ import annotations

import importlib
import pkgutil
import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any, Final

from auditkit.model import Issue
from auditkit.read.amounts import fold
from auditkit.read.grids import Grid
from auditkit.read.headers import LOOKED_AT, Header, words_of
from auditkit.read.layout import Line, Section, cell_text, fill, row_text, unit_in
from auditkit.schema import normal

FOLDERS: Final = ("statements", "parking", "books")
GENERAL: Final = "general"
"""How a table is called that no importer claims, and that is read by the vocabulary alone."""

MONEY_IN: Final = ("贷方金额", "贷方发生额", "收入金额", "收入", "存入金额", "贷方", "转入金额")
MONEY_OUT: Final = ("借方金额", "借方发生额", "支出金额", "支出", "取出金额", "借方", "转出金额")
BALANCE: Final = ("余额", "账户余额", "交易余额", "当前余额")
USUAL: Final = {
    "account": ("账号", "本方账号"), "date": ("交易日期", "记账日期", "日期", "交易日"), "time": ("交易时间",),
    "balance": BALANCE, "currency": "币种",
    "counterparty": ("对方户名", "对方名称", "对方账户名称", "对方账号名称", "对方单位"),
    "counterparty_account": ("对方账号", "对方账户"), "summary": ("摘要", "用途", "附言", "备注"),
    "serial": ("交易流水号", "流水号", "柜员流水号"),
}  # fmt: skip
"""The words of statements of which only some columns are known; the bank is told by a mark around the rows."""

Cells = dict[str, list[Any]]
Rework = Callable[[Cells, "Section"], None]


@dataclass(frozen=True, slots=True)
class Importer:
    """One kind of file, and where the columns of its table stand in it.

    Shape: `table` is "" for what is recognised and holds no rows of ours; `columns` column or extra -> header words,
    the first that stands there; `words` column -> word on paper -> our word, which must know every word of that column;
    `account` a pattern whose first group is the account, in the lines above; `second` the header of a line of totals
    below the rows; `unit` of bare amounts.
    """

    name: str
    zh: str
    table: str
    header: tuple[str, ...]
    columns: Mapping[str, str | tuple[str, ...]] = field(default_factory=dict[str, "str | tuple[str, ...]"])
    marks: tuple[str, ...] = ()
    without: tuple[str, ...] = ()
    words: Mapping[str, Mapping[str, str]] = field(default_factory=dict[str, Mapping[str, str]])
    account: str = ""
    second: tuple[str, ...] = ()
    unit: str = ""
    rework: Rework | None = None


@dataclass(frozen=True, slots=True)
class Claim:
    """An importer that recognised a sheet, and the header it found."""

    importer: Importer
    header: Header


@cache
def importers() -> tuple[Importer, ...]:
    """Every importer, by name."""
    found: list[Importer] = []
    for folder in FOLDERS:
        package = importlib.import_module(f"auditkit.read.{folder}")
        for module in pkgutil.iter_modules(package.__path__, f"{package.__name__}."):
            one = getattr(importlib.import_module(module.name), "IMPORTER", None)
            if one is not None:
                found.append(one)
    return tuple(sorted(found, key=lambda i: i.name))


def claims(grid: Grid) -> list[Claim]:
    """The importers that recognise a sheet: none, one, or more where two are alike.

    An importer that asks for all that another asks for, and for more, is nearer.
    """
    rows = list(_word_rows(grid))
    text: str | None = None
    found: list[Claim] = []
    for importer in importers():
        at = next((at for at, words in rows if _stands(importer, words)), None)
        if at is None:
            continue
        if importer.marks:
            text = _around(grid, [at for at, _ in rows]) if text is None else text
            if not all(re.search(mark, text) for mark in importer.marks):
                continue
        found.append(Claim(importer, header_at(grid, importer, at)))
    return [c for c in found if not any(_nearer(o.importer, c.importer) for o in found if o is not c)]


def _word_rows(grid: Grid) -> Iterator[tuple[int, frozenset[str]]]:
    """The rows that may be headers, with the words in them."""
    for at, row in enumerate(grid.rows[:LOOKED_AT]):
        cells = [c for c in row if isinstance(c, str) and c.strip()]
        if len(cells) >= 3:
            yield at, frozenset(word for cell in cells for word in words_of(cell))


def _stands(importer: Importer, words: frozenset[str]) -> bool:
    def has(word: str) -> bool:
        return any(w in words for option in word.split("|") for w in words_of(option)[:1])

    return all(map(has, importer.header)) and not any(map(has, importer.without))


def _around(grid: Grid, header_rows: Sequence[int]) -> str:
    """What is written above the likely headers, at the foot of the sheet, and as its name."""
    top = range(min(len(grid.rows), max(header_rows, default=0)))
    foot = range(max(len(top), len(grid.rows) - 20), len(grid.rows))
    lines = [row_text(grid.rows[at]) for at in (*top, *foot)]
    return unicodedata.normalize("NFKC", "\n".join([grid.sheet, *lines]))


def _nearer(one: Importer, other: Importer) -> bool:
    mine, others = {*one.header, *one.marks}, {*other.header, *other.marks}
    return mine > others or (mine == others and len(one.without) > len(other.without))


def header_at(grid: Grid, importer: Importer, at: int) -> Header:
    """A row as the header of an importer's table: columns by their words."""
    titles = {j: str(c).strip() for j, c in enumerate(grid.rows[at]) if c not in ("", None) and str(c).strip()}
    words: dict[str, int] = {}
    for j, title in titles.items():
        for word in words_of(title):
            words.setdefault(word, j)
    columns: dict[str, int] = {}
    for name, options in importer.columns.items():
        for option in (options,) if isinstance(options, str) else options:
            if (j := words.get(words_of(option)[0])) is not None:
                columns[name] = j
                break
    used = set(columns.values())
    return Header(
        importer.table, at, at, columns, titles, {}, tuple(j for j in sorted(titles) if j not in used), (), 0.0
    )


def lay_out_claimed(grid: Grid, claim: Claim) -> Section:
    """The rows of a claimed sheet, and the lines around them; a second header and its totals are lines too."""
    header, importer = claim.header, claim.importer
    above = [text for n in range(header.first) if (text := row_text(grid.rows[n]))]
    stated = [unit for text in above if (unit := unit_in(text))]
    section = Section(header, above, unit=importer.unit or (stated[-1] if stated else "元"))
    section.lines += [Line(n, "标题", text) for n in range(header.first) if (text := row_text(grid.rows[n]))]
    stop = len(grid.rows)
    if importer.second:
        wanted = {words_of(w)[0] for w in importer.second}
        for at in range(header.last + 1, len(grid.rows)):
            cells = [c for c in grid.rows[at] if isinstance(c, str) and c]
            if wanted <= {word for cell in cells for word in words_of(cell)}:
                stop = at
                break
    fill(grid, section, header.last + 1, stop, alone=True)
    section.lines += [Line(n, "合计", text) for n in range(stop, len(grid.rows)) if (text := row_text(grid.rows[n]))]
    return section


def unknown_words(importer: Importer, name: str, cells: Sequence[Any]) -> list[str]:
    """The words of a column that an importer's enumeration does not know, each once."""
    known = {normal(word) for word in importer.words.get(name, {})}
    found = dict.fromkeys(text for c in cells if (text := fold(cell_text(c))))
    return [text for text in found if normal(text) not in known]


def two_claims(grid: Grid, found: Sequence[Claim]) -> Issue:
    """The error that two importers recognise one sheet."""
    names = "、".join(f"{c.importer.zh}（{c.importer.name}）" for c in found)
    text = f"有 {len(found)} 个导入器都认得这张表：{names}；请在 case.toml 的 [map] 中写明 importer"
    english = f"claimed by {' and '.join(c.importer.name for c in found)}: say importer in [map]"
    return Issue("T08", text, english, file=grid.file, sheet=grid.sheet)
