"""CST03: costs that public revenue may not bear at all."""

from __future__ import annotations

from typing import Any, Final

import pandas as pd

from auditkit.model import Books, Case, Rule, Verdict, evidence, row_subject
from auditkit.money import yuan
from auditkit.reconcile.allocation import prescribed
from auditkit.reconcile.costs import cost_rows, unread
from auditkit.reconcile.reversals import reversals

RULE = Rule(
    "CST03",
    "ineligible-cost",
    "不应由公共收益列支",
    "2.3",
    "S2",
    "exception",
    ("ledger",),
    "voucher_no",
    ("民法典282",),
)
NEVER: Final = ("招待费", "物业服务成本")
LABOUR: Final = "人工"


def examine(books: Books, case: Case) -> Verdict:
    """Cost rows of the period of a category that may not be charged; red-letter rows and what they take back pass."""
    rows, doubtful = cost_rows(books["ledger"], case)
    why = pd.Series("", index=rows.index, dtype="str")
    for number, days in prescribed(case, "ineligible_costs"):
        listed = rows["category"].isin(_list(number.value)) & (days.count(rows["date"], rows["date"]) > 0)
        why = why.mask(listed & ~_agreed_labour(books, rows), number.source)
    why = why.mask(rows["category"].isin(NEVER), "公共收益只扣除合理成本")
    bad = rows[(why != "") & (rows["amount"] > 0) & ~rows.index.isin(reversals(books)["original"])]
    notes = [f"{c} {yuan(a)} 元" for c, a in zip(bad["category"], bad["amount"], strict=True)]
    places = evidence("ledger", bad, notes)
    findings = [
        RULE.finding(
            subject,
            f"{row['date']:%Y-%m-%d} 以公共收益列支{row['category']} {yuan(row['amount'])} 元（{ground}）。"
            "请说明列支依据，并核对是否已在物业费中列支。",
            f"{row['date']:%Y-%m-%d} {row['category']} {yuan(row['amount'])} yuan charged to public revenue "
            f"({ground}). Ask what it rests on and whether the property fee already covers it.",
            [place],
            amount=row["amount"],
        )
        for row, subject, place, ground in zip(
            bad.to_dict("records"), row_subject(bad, "voucher_no"), places, why[bad.index], strict=True
        )
    ]
    return RULE.verdict(len(rows) + len(doubtful), findings, unread(doubtful))


def _list(value: Any) -> list[str]:
    return [value] if isinstance(value, str) else list(value)


def _agreed_labour(books: Books, rows: pd.DataFrame) -> pd.Series[bool]:
    """Labour under an agreed key: the row names a resolution that is in the register."""
    agreed = set(books["resolutions"]["resolution_no"]) - {""}
    return (rows["category"] == LABOUR) & rows["resolution_no"].isin(agreed)
