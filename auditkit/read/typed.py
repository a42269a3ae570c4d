"""Raw cells under known headers become typed rows; what cannot be read becomes an issue and a doubt."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from auditkit.model import DOUBT, Issue
from auditkit.read.values import UnreadableError, parse_cell
from auditkit.schema import frame, tables


def type_rows(table: str, rows: Sequence[Mapping[str, Any]]) -> tuple[pd.DataFrame, list[Issue]]:
    """Rows of raw cells by column name, each with file, sheet, row -> the table's frame and its issues."""
    spec = tables()[table]
    typed: list[dict[str, Any]] = []
    issues: list[Issue] = []
    for raw in rows:
        row: dict[str, Any] = {place: raw[place] for place in ("file", "sheet", "row")}
        doubt: list[str] = []
        for column in spec.columns:
            try:
                value = parse_cell(table, column, raw.get(column.name))
            except UnreadableError as error:
                doubt.append(column.name)
                issues.append(
                    Issue(
                        "Q03", f"无法读取, 应为{error}", f"cannot be read, expected {error}", table,
                        raw["file"], raw["sheet"], raw["row"], column.zh, str(raw.get(column.name)),
                    )
                )  # fmt: skip
                continue
            if value is None and column.default is not None:
                value = parse_cell(table, column, column.default)
            if value is None and table == "bank" and column.name in ("credit", "debit"):
                value = 0
            if value is None and column.must:
                doubt.append(column.name)
            row[column.name] = value
        row[DOUBT] = ",".join(doubt)
        typed.append(row)
    return frame(table, typed), issues
