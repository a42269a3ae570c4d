"""Which cells of a row stand in the way of a test, in words."""

from __future__ import annotations

from typing import Any

import pandas as pd

from auditkit.model import DOUBT, Subject, Untested
from auditkit.schema import tables


def doubtful(table: str, row: pd.Series[Any], *columns: str) -> tuple[str, str]:
    """The cells of a row that are in doubt, by their headers and by their columns' names."""
    names = [name for name in str(row[DOUBT]).split(",") if name and (not columns or name in columns)]
    spec = tables()[table]
    return "、".join(f"“{spec.column(name).zh}”" for name in names), ", ".join(names)


def untested_row(table: str, row: pd.Series[Any], subject: Subject, name: str, *columns: str) -> Untested:
    """An item that cannot be judged because of a cell of its own row; `name` says it to people."""
    zh, en = doubtful(table, row, *columns)
    place = f"{row['file']}#{row['sheet']} 第{row['row']}行"
    return Untested(
        subject,
        f"{name}：{place}的{zh}空缺或无法读取，未测试；请补充或核对原件",
        f"{name}: {en} blank or unreadable in row {row['row']} of {row['file']}#{row['sheet']}",
    )
