"""LDG01: rows at which the ledger's own running balance does not follow from the row before."""

from __future__ import annotations

from auditkit.model import Books, Case, Rule, Untested, Verdict, evidence, row_subject
from auditkit.money import yuan
from auditkit.reconcile.balances import chained

RULE = Rule(
    "LDG01",
    "ledger-balance-break",
    "台账余额不连续",
    "0",
    "S4",
    "exception",
    ("ledger", "ledger.balance"),
    "voucher_no",
    ("会计法17",),
)


def examine(books: Books, case: Case) -> Verdict:
    """Every row after the first of its chain: written balance against the last written one and what moved since."""
    rows = chained(books["ledger"])
    open_ = rows["expected"].isna() | rows["balance"].isna()
    broken = rows[~open_ & (rows["balance"] != rows["expected"])]
    off = (broken["balance"] - broken["expected"]).abs()
    notes = [f"余额 {yuan(x)} 元，应为 {yuan(y)} 元" for x, y in broken[["balance", "expected"]].to_numpy()]
    places = evidence("ledger", broken, notes)
    findings = [
        RULE.finding(
            subject,
            f"{row['direction']}{row['category']} {yuan(row['amount'])} 元（第 {row['row']} 行），按上一余额推算应为 "
            f"{yuan(row['expected'])} 元，台账写 {yuan(row['balance'])} 元，相差 {yuan(gap)} 元。"
            "请核对此行前后有无增删改。",
            f"Row {row['row']}: balance {yuan(row['balance'])}, {yuan(row['expected'])} expected from the row before, "
            f"off by {yuan(gap)} yuan. Ask what was added, changed or taken out here.",
            [place],
            amount=int(gap),
        )
        for row, subject, place, gap in zip(
            broken.to_dict("records"), row_subject(broken, "voucher_no"), places, off, strict=True
        )
    ]
    untested = [
        Untested(subject, "余额、金额或收支为空或无法读取", "balance, amount or direction is blank or cannot be read")
        for subject in row_subject(rows[open_], "voucher_no")
    ]
    return RULE.verdict(len(rows), findings, untested)
