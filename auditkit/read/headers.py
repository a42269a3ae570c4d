"""Which row of a sheet is a header, and of which table: found by its words, not by its place."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, lru_cache
from typing import Any, Final

from auditkit.read.vocabulary import SUPPLIES, extra_headers
from auditkit.schema import headers, normal, tables

LOOKED_AT: Final = 300
"""A first header stands within so many rows."""
TOO_NEAR: Final = 1.0
"""A header that lacks a must is taken for a table only where no other table comes so near."""
_BRACKETS: Final = re.compile(r"[(\[【{〔][^()\[\]【】{}〔〕]*[)\]】}〕]")
_NEUTRAL: Final = re.compile(
    r"[(\[【{〔](?:单位[:：]?)?(?:人民币)?(?:元|万元|千元|百元|分|%|m2|平方米|平米|天|日|个|人|户|分钟|小时|月|必填|选填|可不填|可选|如.*|例.*|[+-]元|[\x20-\x7e]*)"
    r"[)\]】}〕]"
)
_UNIT: Final = re.compile(r"(百万元|万元|千元|百元|亿元|元|分)(?![0-9A-Za-z钟])")
_EDGE: Final = "*:：#※、·.-_ "


@dataclass(frozen=True, slots=True)
class Header:
    """A header that was found.

    Shape: `first` and `last` its rows, counted from 0; `columns` table column, or extra, -> column of the grid;
    `titles` what stands on paper above each column of the grid; `doubled` columns that two headers claim;
    `unused` columns whose header means nothing in this table.
    """

    table: str
    first: int
    last: int
    columns: Mapping[str, int]
    titles: Mapping[int, str]
    doubled: Mapping[str, tuple[int, ...]] = field(default_factory=dict[str, tuple[int, ...]])
    unused: tuple[int, ...] = ()
    missing: tuple[str, ...] = ()
    score: float = 0.0

    def unit(self, column: int) -> str | None:
        """The unit that the header over a column states, if any."""
        title = unicodedata.normalize("NFKC", self.titles.get(column, ""))
        stated = [m for bracket in _BRACKETS.findall(title) if (m := _UNIT.search(bracket))]
        return stated[-1][1] if stated else None

    def percent(self, column: int) -> bool:
        """Whether the header over a column says %."""
        return "%" in unicodedata.normalize("NFKC", self.titles.get(column, ""))


@dataclass(frozen=True, slots=True)
class Found:
    """What looking for a header gave: the header, or tables that claim the row equally, and the nearest miss."""

    header: Header | None = None
    tied: tuple[Header, ...] = ()
    nearest: Header | None = None


@lru_cache(maxsize=65_536)
def words_of(text: str) -> tuple[str, ...]:
    """The words that a header cell may stand for: as written, without neutral brackets, without any English."""
    word = normal(text).strip(_EDGE)
    if not word or len(word) > 60:
        return ()
    bare = _NEUTRAL.sub("", word).strip(_EDGE)
    chinese = re.sub(r"[\x20-\x7e]+$", "", bare) if re.search(r"[\u4e00-\u9fff]", bare) else bare
    return tuple(dict.fromkeys(w for w in (word, bare, chinese) if w))


@cache
def _columns_of(table: str) -> Mapping[str, str]:
    """Normalised header word -> column, or extra, of the table."""
    known = dict(headers(table))
    for word, extra in extra_headers(table).items():
        known.setdefault(word, extra)
    return {**known, **{bare: c for w, c in list(known.items()) if (bare := _NEUTRAL.sub("", w)) and bare not in known}}


@lru_cache(maxsize=65_536)
def column_of(table: str, text: str) -> str | None:
    """The column, or extra, that a header cell means in a table."""
    known = _columns_of(table)
    return next((known[w] for w in words_of(text) if w in known), None)


@lru_cache(maxsize=65_536)
def _means_something(text: str) -> bool:
    return any(column_of(table, text) for table in tables())


def find_header(rows: Sequence[Sequence[Any]], start: int, stop: int, merged: Sequence[Any] = ()) -> Found:
    """The first header between two rows of a grid."""
    nearest: Header | None = None
    for at in range(start, min(stop, len(rows))):
        words = [c for c in rows[at] if isinstance(c, str) and c]
        if len(words) < 2 or sum(map(_means_something, words)) < 2:
            continue
        candidates = [h for table in tables() for h in read_header(table, rows, at, merged)]
        taken = sorted((h for h in candidates if _holds(h)), key=lambda h: -h.score)
        if taken:
            near = taken[0].score - (TOO_NEAR if taken[0].missing else 0.0)
            best = {h.table: h for h in reversed(taken) if h.score >= near}
            if len(best) > 1:
                return Found(tied=tuple(best.values()), nearest=taken[0])
            return Found(header=taken[0])
        for header in candidates:
            if nearest is None or header.score > nearest.score:
                nearest = header
    return Found(nearest=nearest)


def read_header(table: str, rows: Sequence[Sequence[Any]], at: int, merged: Sequence[Any] = ()) -> list[Header]:
    """A row as the header of a table, alone, and together with the row below it where that can be."""
    one = _header(table, at, at, _titles([rows[at]]))
    below = rows[at + 1] if at + 1 < len(rows) else ()
    spans = any(m[0] == at and (m[2] > at or m[3] > m[1]) for m in merged)
    blank = any(c in ("", None) and d not in ("", None) for c, d in zip(rows[at], below, strict=False))
    if not (spans or blank) or not any(isinstance(c, str) and c for c in below):
        return [one]
    filled = _filled(rows[at], at, merged)
    both = _titles([filled, below])
    alone = {j: str(b) if isinstance(b, str) and b else both.get(j, "") for j, b in enumerate(below)} | {
        j: t for j, t in both.items() if j >= len(below)
    }
    pairs = [_header(table, at, at + 1, titles) for titles in (both, alone)]
    better = [h for h in pairs if len(h.columns) > len(one.columns) and _all_words(below)]
    return [one, *better]


def _all_words(row: Sequence[Any]) -> bool:
    """A second header row holds words alone."""
    cells = [c for c in row if c not in ("", None)]
    return all(isinstance(c, str) and not re.fullmatch(r"[\d,.\s:/-]+", c) for c in cells)


def _filled(row: Sequence[Any], at: int, merged: Sequence[Any]) -> list[Any]:
    """A row with the text of each cell that is merged over several columns in all of them."""
    cells = list(row)
    for first, left, _, right in merged:
        if first == at and right > left and left < len(cells):
            cells[left : right + 1] = [cells[left]] * (min(right, len(cells) - 1) - left + 1)
    return cells


def _titles(rows: Sequence[Sequence[Any]]) -> dict[int, str]:
    width = max(map(len, rows))
    titles: dict[int, str] = {}
    for j in range(width):
        parts = [str(row[j]).strip() for row in rows if j < len(row) and row[j] not in ("", None)]
        if parts:
            titles[j] = "".join(dict.fromkeys(parts))
    return titles


def _header(table: str, first: int, last: int, titles: Mapping[int, str]) -> Header:
    spec = tables()[table]
    exact = {normal(c.zh): c.name for c in spec.columns}
    columns: dict[str, int] = {}
    doubled: dict[str, tuple[int, ...]] = {}
    unused: list[int] = []
    score = 0.0
    for j, title in titles.items():
        name = column_of(table, title)
        if name is None:
            unused.append(j)
            continue
        other = columns.get(name)
        if other is None:
            columns[name] = j
            score += 1.25 if normal(title) in exact else 1.0
        elif normal(titles[other]) == normal(title):
            doubled[name] = (*doubled.get(name, (other,)), j)
        elif exact.get(normal(title)) == name and exact.get(normal(titles[other])) != name:
            columns[name] = j
            unused.append(other)
        else:
            unused.append(j)
    supplied = set(columns) | {c for e in columns for c in SUPPLIES.get((table, e), ())}
    must = [c.name for c in spec.columns if c.must]
    missing = tuple(m for m in must if m not in supplied)
    score += 4.0 * (len(must) - len(missing)) / len(must) - 0.05 * len(unused)
    return Header(table, first, last, columns, dict(titles), doubled, tuple(sorted(unused)), missing, score)


def _holds(header: Header) -> bool:
    """Whether a row says enough to be the header of its table."""
    must = sum(c.must for c in tables()[header.table].columns)
    met = must - len(header.missing)
    known, cells = len(header.columns), len(header.titles)
    if met == must:
        return known >= 2
    if met >= 0.75 * must:
        return known >= 3 and known >= 0.4 * cells
    return met >= 0.5 * must and known >= 5 and known >= 0.6 * cells
