"""One cell: what is typed, and what it means."""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from typing import Any

from auditkit.money import fen
from auditkit.schema import Column, category_words, choice_words, normal


class UnreadableError(ValueError):
    """The cell stands there but cannot be read as what its column holds; the text says what was expected."""


def parse_cell(table: str, column: Column, cell: Any) -> Any:
    """The value of a cell in fen, dates, ids as the column's type has it; None where the cell is blank.

    Raises: UnreadableError.
    """
    text = unicodedata.normalize("NFKC", "" if cell is None else str(cell)).strip()
    if text in ("", "-", "--", "—", "/"):
        return None
    match column.type:
        case "money":
            try:
                return fen(text.replace(",", ""))
            except ArithmeticError as error:
                raise UnreadableError("金额") from error
        case "count":
            return int(text)
        case "number":
            return float(text)
        case "ratio":
            return float(text.rstrip("%")) / 100 if text.endswith("%") else float(text)
        case "flag":
            return text == "是"
        case "date":
            return dt.datetime.fromisoformat(text[:10])
        case "datetime":
            return dt.datetime.fromisoformat(text)
        case "choice":
            words = choice_words(table, column.name)
            if normal(text) not in words:
                raise UnreadableError("、".join(column.choices))
            return words[normal(text)]
        case "list":
            return ";".join(
                category_words().get(normal(part), part) for part in re.split(r"[;；、,，]", text) if part.strip()
            )
        case _:
            return text
