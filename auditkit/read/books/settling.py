"""What a case's books of accounting programs come to: the rows of the public ledger, each counted once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from auditkit.model import Issue
from auditkit.read.books.chart import Chart, ledger_part, proposal
from auditkit.read.books.entries import DAYBOOK, ENTRIES, Book
from auditkit.read.books.opening import with_names
from auditkit.read.sheets import Part

MOST_NAMED: Final = 12


def settle_books(
    opened: Sequence[Book], parts: Sequence[Part], chart: Chart
) -> tuple[list[Book], list[Part], list[Issue]]:
    """The books with the names of their accounts, the ledger rows that the chart makes of them, and what is said.

    A ledger of public revenue that was handed in stands for itself: the company's books are then no second one. A
    voucher that stands in two exports counts once; a day book counts only where there are no vouchers.
    """
    books = with_names(list(opened))
    issues = [issue for book in books for issue in book.issues]
    sources = [b for b in books if b.kind == ENTRIES] or [b for b in books if b.kind == DAYBOOK]
    if not sources:
        return books, [], issues
    if any(p.table == "ledger" for p in parts):
        issues += [_beside(b) for b in sources]
        return books, [], issues
    if not chart.meant:
        issues += [_no_chart(b) for b in sources]
        return books, [], issues
    issues += _not_named(sources, chart)
    found: list[Part] = []
    seen: set[tuple[str, str, str]] = set()
    for book in sources:
        once, again = _once(book, seen)
        issues += again
        part, said = ledger_part(once, chart)
        if part is not None:
            found.append(part)
        else:
            issues += said
    return books, found, issues


def _once(book: Book, seen: set[tuple[str, str, str]]) -> tuple[Book, list[Issue]]:
    """The book without vouchers that another export has."""
    keys = list(zip(book.frame["month"], book.frame["book"], book.frame["voucher"], strict=True))
    again = [key in seen and key[2] != "" for key in keys]
    seen.update(keys)
    if not any(again):
        return book, []
    rows = book.frame.loc[again, "row"].tolist()
    text = f"{len(rows)} 行分录的凭证在另一份导出中已有（第 {rows[0]} 行起），只计一次"
    english = f"{len(rows)} lines are of vouchers that stand in another export too; they are counted once"
    issue = Issue("T04", text, english, "ledger", book.grid.file, book.grid.sheet, int(rows[0]))
    kept = book.frame[[not a for a in again]].reset_index(drop=True)
    return replace(book, frame=kept), [issue]


def _beside(book: Book) -> Issue:
    text = f"认出是{book.zh}；资料中已有公共收益台账，账套分录只作核对，没有并入台账"
    return Issue("B04", text, "a public ledger was handed in: these vouchers are not added to it", "",
                 book.grid.file, book.grid.sheet)  # fmt: skip


def _no_chart(book: Book) -> Issue:
    likely = proposal([book])
    told = "；".join(f'"{code}" = "{category or "类别"}"（{name}）' for code, name, category in likely[:MOST_NAMED])
    text = f"认出是{book.zh}，共 {len(book.frame)} 行；哪些科目属于公共收益须在 case.toml 的 [map.accounts] 写明"
    if told:
        text += f"，像的有：{told}"
    return Issue("B01", text, "say in [map.accounts] which accounts are public revenue", "",
                 book.grid.file, book.grid.sheet)  # fmt: skip


def _not_named(books: Sequence[Book], chart: Chart) -> list[Issue]:
    """Accounts that look like public revenue and that the chart says nothing of."""
    found = [one for one in proposal(books) if chart.of(one[0], one[1]) is None]
    if not found:
        return []
    told = "、".join(f"{code} {name}" for code, name, _ in found[:MOST_NAMED])
    text = f'这些科目像是公共收益，而 [map.accounts] 没有写明：{told}；不属于的请写 "科目代码" = false'
    return [Issue("B03", text, "accounts that look like public revenue are not in [map.accounts]", file="case.toml")]
