"""The other party of a movement, where a statement does not give it a column of its own."""

from __future__ import annotations

import re
from typing import Any, Final

from auditkit.read.importers import Cells
from auditkit.read.layout import Section, cell_text
from auditkit.read.marks import side_of

_NAME_AND_NUMBER: Final = re.compile(r"(?P<name>.*?)[\s/]*(?P<number>[0-9][0-9*]{6,})")


def split_party(cells: Cells, section: Section) -> None:
    """«张三 6222…» in one cell is a name and an account."""
    pairs = [_name_and_number(cell_text(c)) for c in cells.get("counterparty", [])]
    if pairs:
        cells["counterparty"] = [name for name, _ in pairs]
        cells["counterparty_account"] = [number for _, number in pairs]


def _name_and_number(text: str) -> tuple[str, str]:
    found = _NAME_AND_NUMBER.fullmatch(text)
    return (found["name"].strip(), found["number"]) if found else ("" if text in ("--", "-") else text, "")


def choose_party(cells: Cells, section: Section) -> None:
    """Payer and payee stand side by side and one of them is the holder: the other party is told by the direction."""
    payers, payees = cells.pop("payer", []), cells.pop("payee", [])
    from_accounts, to_accounts = cells.pop("payer_account", []), cells.pop("payee_account", [])
    ways = [_way(cells, n) for n in range(len(section.rows))]
    names: list[Any] = [_of(way, payers, payees, n) for n, way in enumerate(ways)]
    cells["counterparty"] = names
    cells["counterparty_account"] = [_of(way, from_accounts, to_accounts, n) for n, way in enumerate(ways)]


def _way(cells: Cells, n: int) -> str | None:
    if "mark" in cells:
        return side_of(cells["mark"][n])
    if cell_text(cells["credit"][n]).strip("0.- "):
        return "in"
    return "out" if cell_text(cells["debit"][n]).strip("0.- ") else None


def _of(way: str | None, ins: list[Any], outs: list[Any], n: int) -> Any:
    side = ins if way == "in" else outs if way == "out" else []
    return side[n] if n < len(side) else ""
