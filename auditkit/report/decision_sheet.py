"""人工决定: what people decided in decisions.csv, and what became of it in this run."""

from __future__ import annotations

from auditkit.money import yuan
from auditkit.report.outcome import Outcome
from auditkit.report.sheets import Column, Sheets

_HEADS = (
    ("行", "Line", 6, "count"), ("决定", "Decision", 10, "text"), ("台账", "Ledger", 22, "text"),
    ("银行", "Bank", 26, "text"), ("疑点", "Finding", 20, "text"), ("理由", "Reason", 40, "text"),
    ("姓名", "Name", 10, "text"), ("日期", "Date", 12, "text"), ("本次结果", "In this run", 40, "text"),
)  # fmt: skip
_ACTIONS = {"match": "匹配", "unmatch": "不匹配", "accept": "接受"}


def write_decisions(sheets: Sheets, outcome: Outcome, lang: str) -> None:
    """One row a decision; nothing where the case has none."""
    if outcome.books.decisions.empty:
        return
    columns = [Column(zh if lang == "zh" else en, width, kind) for zh, en, width, kind in _HEADS]
    rows = [
        [
            line["row"], _ACTIONS[line["action"]] if lang == "zh" else line["action"], _with(line, "ledger"),
            _with(line, "bank"), line["finding"], line["reason"], line["who"], line["date"],
            one.words if lang == "zh" else one.words_en,
        ]
        for one in outcome.decisions
        for line in (one.line,)
    ]  # fmt: skip
    sheets.table("人工决定" if lang == "zh" else "Decisions", columns, rows)


def _with(line: dict[str, object], side: str) -> str:
    amount = line[f"{side}_amount"]
    return f"{line[side]} ({yuan(amount)})" if isinstance(amount, int) else str(line[side])
