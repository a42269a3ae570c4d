"""decisions.csv of a case: what people decided about matches and findings, replayed on every run."""

from __future__ import annotations

import csv
import io
from pathlib import Path
from typing import Final

import pandas as pd

from auditkit.model import InputError, Issue
from auditkit.read.amounts import AmountError, parse_amount
from auditkit.read.dates import DateError, parse_date

NAME: Final = "decisions.csv"
ACTIONS: Final = {
    "匹配": "match",
    "match": "match",
    "不匹配": "unmatch",
    "unmatch": "unmatch",
    "接受": "accept",
    "accept": "accept",
}
HEADERS: Final = {
    "决定": "action", "台账": "ledger", "银行": "bank", "疑点": "finding", "台账金额": "ledger_amount",
    "银行金额": "bank_amount", "理由": "reason", "姓名": "who", "日期": "date",
}  # fmt: skip
COLUMNS: Final = ("action", "ledger", "bank", "finding", "ledger_amount", "bank_amount", "reason", "who", "date", "row")


def read_decisions(folder: Path) -> pd.DataFrame:
    """The decisions of a case folder; none where it has no decisions.csv.

    Shape: COLUMNS; ledger and bank are ids (voucher number or serial, else file#row) joined by ";"; amounts in fen,
    missing where not written.
    Raises: InputError with every line that is not whole: a decision without reason, name or date is none.
    """
    path = folder / NAME
    if not path.is_file():
        return pd.DataFrame(columns=list(COLUMNS))
    data = path.read_bytes()
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = data.decode("gb18030")
    known = {**HEADERS, **{name: name for name in HEADERS.values()}}
    rows: list[dict[str, object]] = []
    wrong: list[Issue] = []
    reader = csv.DictReader(io.StringIO(text))
    unknown = [h for h in reader.fieldnames or () if h and h.strip() not in known]
    if unknown:
        wrong.append(_issue(1, "、".join(unknown), f"列名应为: {'、'.join(HEADERS)}", "unknown columns"))
    for number, line in enumerate(reader, 2):
        cells = {known[h.strip()]: (v or "").strip() for h, v in line.items() if h and h.strip() in known}
        if any(cells.values()):
            row = _row(number, {name: cells.get(name, "") for name in HEADERS.values()}, wrong)
            rows.append(row)
    if wrong:
        raise InputError(wrong)
    return pd.DataFrame(rows, columns=list(COLUMNS)).astype({"ledger_amount": "Int64", "bank_amount": "Int64"})


def _row(number: int, cells: dict[str, str], wrong: list[Issue]) -> dict[str, object]:
    row: dict[str, object] = {**cells, "row": number, "action": ACTIONS.get(cells["action"], "")}
    if not row["action"]:
        wrong.append(
            _issue(number, cells["action"], "决定应为: 匹配、不匹配、接受", "action: match, unmatch or accept")
        )
    needed = {"match": ("ledger", "bank"), "unmatch": ("ledger", "bank"), "accept": ("finding",)}
    words = {name: zh for zh, name in HEADERS.items()}
    wrong += [
        _issue(number, "", f"缺少{words[name]}", f"{name} is missing")
        for name in (*needed.get(str(row["action"]), ()), "reason", "who", "date")
        if not cells[name]
    ]
    for name in ("ledger_amount", "bank_amount"):
        try:
            row[name] = parse_amount(cells[name]).fen if cells[name] else None
        except AmountError:
            wrong.append(_issue(number, cells[name], f"{words[name]}应为金额", f"{name} is no amount"))
    if cells["date"]:
        try:
            row["date"] = f"{parse_date(cells['date']):%Y-%m-%d}"
        except DateError:
            wrong.append(_issue(number, cells["date"], "日期应如 2024-06-07", "date is no date"))
    return row


def _issue(row: int, value: str, zh: str, en: str) -> Issue:
    return Issue("D01", zh, en, "", NAME, "", row, "", value)
