"""The order of one day's rows in which each balance follows from the one before, or as many as can."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

Row = tuple[int, int]
"""The balance before a row and the balance after it."""


def breaks_of(rows: Sequence[Row], order: Sequence[int], start: int | None) -> int:
    """How many rows of an order do not begin where the one before them ended."""
    count, at = 0, start
    for place in order:
        before, after = rows[place]
        count += at is not None and before != at
        at = after
    return count


def chained_order(rows: Sequence[Row], start: int | None) -> list[int]:
    """The order of the rows that breaks least after the balance `start`; as written where that is as good.

    A row leads from one balance to another, so an order that chains is a walk that takes each row once: it exists where
    at most one balance is left once more often than it is come to. Where it does not, every such balance too many
    starts a walk of its own.

    Shape: positions of the rows.
    """
    written = list(range(len(rows)))
    least = breaks_of(rows, written, start)
    if not least:
        return written
    walks = [walk for part in _linked(rows) for walk in _walks(rows, part, start)]
    first = next((walk for walk in walks if rows[walk[0]][0] == start), walks[0] if start is None else None)
    rest = sorted((walk for walk in walks if walk is not first), key=min)
    order = [place for walk in ([first] if first else []) + rest for place in walk]
    return order if breaks_of(rows, order, start) < least else written


def _linked(rows: Sequence[Row]) -> list[list[int]]:
    """The rows in parts that share balances."""
    root: dict[int, int] = {}

    def find(node: int) -> int:
        while root.setdefault(node, node) != node:
            root[node] = root[root[node]]
            node = root[node]
        return node

    for before, after in rows:
        root[find(before)] = find(after)
    parts: dict[int, list[int]] = defaultdict(list)
    for place, (before, _) in enumerate(rows):
        parts[find(before)].append(place)
    return list(parts.values())


def _walks(rows: Sequence[Row], part: Sequence[int], start: int | None) -> list[list[int]]:
    """The fewest walks that take each row of a part once."""
    more: dict[int, int] = defaultdict(int)
    out: dict[int, list[int]] = defaultdict(list)
    for place in reversed(part):
        before, after = rows[place]
        more[before] += 1
        more[after] -= 1
        out[before].append(place)
    begins = [node for node, n in more.items() for _ in range(n)]
    ends = [node for node, n in more.items() for _ in range(-n)]
    if not begins:
        node = start if start in more else rows[part[0]][0]
        return [_circuit(rows, out, node, {})]
    first = start if start in begins else rows[min(p for p in part if rows[p][0] in begins)][0]
    begins.remove(first)
    # A bridge leads from each end but one to a further beginning, so that one walk goes over all; it is cut there.
    bridges: dict[int, tuple[int, int]] = {-1 - n: link for n, link in enumerate(zip(ends, begins, strict=False))}
    for name, (end, _) in bridges.items():
        out[end].insert(0, name)
    walks: list[list[int]] = [[]]
    for place in _circuit(rows, out, first, bridges):
        if place < 0:
            walks.append([])
        else:
            walks[-1].append(place)
    return walks


def _circuit(
    rows: Sequence[Row], out: dict[int, list[int]], start: int, bridges: dict[int, tuple[int, int]]
) -> list[int]:
    """Hierholzer's walk over all rows and bridges."""
    stack: list[tuple[int, int | None]] = [(start, None)]
    found: list[int] = []
    while stack:
        node, by = stack[-1]
        if out[node]:
            place = out[node].pop()
            stack.append((bridges[place][1] if place < 0 else rows[place][1], place))
        else:
            stack.pop()
            if by is not None:
                found.append(by)
    return found[::-1]
