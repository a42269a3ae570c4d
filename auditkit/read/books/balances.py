"""Tables of account balances: opening, movement and closing of each account, and whether they follow."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise
from typing import Any, Final

import pandas as pd

from auditkit.money import yuan
from auditkit.read.amounts import fold
from auditkit.read.books.checks import MOST_TOLD
from auditkit.read.books.entries import SUMMED, Reader, plain
from auditkit.read.headers import Header
from auditkit.read.layout import Line, cell_text, row_text
from auditkit.schema import normal

COLUMNS: Final = (
    "row", "month", "code", "name", "aux", "opening", "debit", "credit", "year_debit", "year_credit", "closing",
    "doubt",
)  # fmt: skip
_AMOUNTS: Final = ("opening", "debit", "credit", "year_debit", "year_credit", "closing")
_GROUPS: Final = (
    ("opening", r"期初|年初"), ("year", r"累计"), ("closing", r"期末"), ("", r"本期|本月|发生"),
)  # fmt: skip


def two_rows(rows: Sequence[Sequence[Any]], header: Header) -> Header:
    """The header together with the row of 借方 and 贷方 below it, where there is one."""
    below = rows[header.last + 1] if header.last + 1 < len(rows) else ()
    sides = [j for j, c in enumerate(below) if normal(cell_text(c))[:1] in ("借", "贷") and len(cell_text(c)) <= 6]
    figures = any(re.search(r"\d", cell_text(c)) for c in below)
    if len(sides) < 2 or figures or header.last > header.first:
        return header
    columns, titles, group = dict(header.columns), dict(header.titles), ""
    for j in range(max(len(rows[header.first]), len(below))):
        group = titles.get(j, "") or group
        if j not in sides:
            group = titles.get(j, "")
            continue
        side = "debit" if normal(cell_text(below[j])).startswith("借") else "credit"
        what = next((key for key, pattern in _GROUPS if re.search(pattern, group)), None)
        titles[j] = f"{group}{cell_text(below[j])}"
        if what is None:
            continue
        columns = {n: at for n, at in columns.items() if at != j}
        columns[f"{what}_{side}".strip("_")] = j
    return Header(header.table, header.first, header.last + 1, columns, titles)


def read_balances(reader: Reader, first: int) -> tuple[pd.DataFrame, list[Line]]:
    """The accounts of a table of balances; a balance on the credit side is negative. Units: fen."""
    rows: list[dict[str, Any]] = []
    lines: list[Line] = []
    for at in range(first, len(reader.grid.rows)):
        texts = [t for c in reader.grid.rows[at] if (t := cell_text(c))]
        if not texts:
            continue
        code = reader.text(at, "code")
        name = cell_text(reader.cell(at, "name"))
        if not re.match(r"[A-Za-z]?\d", code):
            total = any(SUMMED.fullmatch(plain(t)) for t in texts)
            lines.append(Line(at, "合计" if total else "说明", row_text(reader.grid.rows[at])))
            continue
        doubt: list[str] = []
        side = reader.text(at, "side")
        rows.append(
            {
                "row": at + 1, "month": reader.text(at, "month"), "code": code, "name": name,
                "aux": reader.text(at, "aux"), "doubt": "",
                "opening": _balance(reader, at, "opening", reader.text(at, "opening_side") or side, doubt),
                "closing": _balance(reader, at, "closing", reader.text(at, "closing_side") or side, doubt),
                **{n: reader.fen(at, n, doubt) or 0 for n in ("debit", "credit", "year_debit", "year_credit")},
            }
        )  # fmt: skip
        rows[-1]["doubt"] = ",".join(doubt)
    frame = pd.DataFrame(rows, columns=list(COLUMNS))
    for name in _AMOUNTS:
        frame[name] = frame[name].astype("Int64")
    return frame, lines


def _balance(reader: Reader, at: int, name: str, side: str, doubt: list[str]) -> int | None:
    """A balance, debit positive: from two columns, or from one with its side."""
    columns = reader.header.columns
    if f"{name}_debit" in columns or f"{name}_credit" in columns:
        one, other = reader.fen(at, f"{name}_debit", doubt), reader.fen(at, f"{name}_credit", doubt)
        return (one or 0) - (other or 0)
    amount = reader.fen(at, name, doubt)
    if amount is None:
        return 0 if name in columns and name not in doubt else None
    return -amount if fold(side)[:1] == "贷" else amount


def check_balances(reader: Reader, frame: pd.DataFrame, whole: bool) -> dict[str, Any]:
    """Opening + movement = closing for each account; where all accounts stand there, as many debits as credits."""
    wrong = 0
    kept = frame[frame["doubt"] == ""].dropna(subset=["opening", "closing"])
    for row in kept.to_dict("records"):
        due = int(row["opening"] + row["debit"] - row["credit"])
        # One balance column without a side has the side of the account: a credit account moves the other way.
        other = int(row["opening"] - row["debit"] + row["credit"])
        sided = any(n in reader.header.columns for n in ("side", "opening_side", "opening_debit"))
        if int(row["closing"]) == due or (not sided and int(row["closing"]) == other):
            continue
        wrong += 1
        if wrong <= MOST_TOLD:
            text = (
                f"科目 {row['code']} {row['name']} 期初 {yuan(int(row['opening']))} 加减本期发生应为 {yuan(due)}，"
                f"期末写 {yuan(int(row['closing']))}"
            )
            english = f"account {row['code']}: opening and movement do not come to its closing"
            reader.tell("B15", text, english, int(row["row"]))
    top = _lowest(frame)
    debit, credit = int(top["debit"].sum()), int(top["credit"].sum())
    if whole and debit != credit:
        text = (
            f"末级科目本期借方合计 {yuan(debit)}，贷方合计 {yuan(credit)}，差 {yuan(debit - credit)}；"
            "如只导出部分科目则属正常"
        )
        reader.tell("B10", text, f"movement: {yuan(debit)} debit, {yuan(credit)} credit")
    return {"accounts": len(frame), "debit": debit, "credit": credit, "not_following": wrong}


def _lowest(frame: pd.DataFrame) -> pd.DataFrame:
    """The accounts that have none below them, without the lines of their auxiliary items."""
    codes = sorted({re.sub(r"\D", "", c) for c in frame["code"]})
    above = {a for a, b in pairwise(codes) if b.startswith(a)}
    digits = frame["code"].str.replace(r"\D", "", regex=True)
    own = frame[~digits.isin(above)]
    # An account is listed once more for each auxiliary item; its own line has none.
    bare = own[own["aux"] == ""]
    return bare if set(bare["code"]) == set(own["code"]) else own
