"""Tables and remarks of the notebook: plain HTML, every value escaped."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from html import escape
from typing import Final

LONG: Final = 18
"""Letters from which a cell keeps a width to read in, and the table scrolls."""


@dataclass(frozen=True, slots=True)
class Note:
    """A remark where there is nothing to draw or list."""

    text: str

    def html(self) -> str:
        """The remark as HTML."""
        return f'<p class="note">{escape(self.text)}</p>'

    def _repr_html_(self) -> str:
        return self.html()

    def __repr__(self) -> str:
        return self.text


@dataclass(frozen=True, slots=True)
class Table:
    """A table to look at; `numbers` are the columns set to the right."""

    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    numbers: frozenset[int] = frozenset()
    caption: str = ""

    def html(self) -> str:
        """The table as HTML; it scrolls by itself where the screen is narrow."""
        head = "".join(f'<th scope="col">{escape(h)}</th>' for h in self.heads)
        body = "".join(f"<tr>{''.join(self._cell(at, v) for at, v in enumerate(row))}</tr>" for row in self.rows)
        caption = f"<caption>{escape(self.caption)}</caption>" if self.caption else ""
        return f'<div class="wide"><table>{caption}<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>'

    def _repr_html_(self) -> str:
        return self.html()

    def _cell(self, at: int, value: str) -> str:
        text = escape(value).replace("\n", "<br>")
        longest = max(map(len, value.split("\n")))
        kind = "n" if at in self.numbers else "t" if longest > LONG else "s" if value.isascii() else ""
        return f'<td class="{kind}">{text}</td>' if kind else f"<td>{text}</td>"

    def __repr__(self) -> str:
        return "\n".join("\t".join(row) for row in (self.heads, *self.rows))


def table(heads: Sequence[str], rows: Iterable[Sequence[str]], numbers: Iterable[int] = (), caption: str = "") -> Table:
    """A table of texts."""
    return Table(tuple(heads), tuple(tuple(row) for row in rows), frozenset(numbers), caption)
