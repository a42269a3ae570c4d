"""AUT04: public revenue was spent without a decision of use, or beyond what was decided."""

from __future__ import annotations

from typing import Any

import pandas as pd

from auditkit.model import Books, Case, Finding, Rule, Subject, Untested, Verdict, evidence, in_doubt, row_subject
from auditkit.money import yuan
from auditkit.reconcile.doubt import untested_row
from auditkit.reconcile.spending import CATEGORIES, CELLS, DECIDES_USE, charges

RULE = Rule(
    code="AUT04",
    name="spending-unauthorised",
    zh="支出无决议或超限额",
    problem="2.3",
    severity="S3",
    kind="exception",
    needs=("ledger", "resolutions"),
    subject="voucher_no",
    basis=("民法典278", "物业管理条例54"),
    thresholds={"categories": list(CATEGORIES)},
)


def examine(books: Books, case: Case) -> Verdict:
    """Cost rows of the period that need a decision of use."""
    rows = charges(books)
    rows = rows[case.in_period(rows["date"]) | in_doubt(rows, "date")]
    spent, charged = rows["state"] == "spent", rows["charged"].fillna(False).astype("bool")
    without = spent & rows["charged"].notna() & ~charged
    above = (rows["total"] - rows["limit"]).where(spent & charged & rows["limit_read"], 0).fillna(0).clip(lower=0)
    above = above.where(above <= rows["amount"], rows["amount"])
    unclear = rows["charged"].isna() | ~rows["limit_read"] | (rows["limit"].notna() & ~rows["certain"])
    unread = rows["state"] == "unread"
    subjects = dict(zip(rows.index, row_subject(rows, "voucher_no"), strict=True))
    findings = [_without(books, rows.loc[[at]], subjects[at]) for at in rows.index[without]]
    findings += [_above(books, rows.loc[[at]], subjects[at], int(above[at])) for at in rows.index[above > 0]]
    untested = [_unclear(rows.loc[at], subjects[at]) for at in rows.index[spent & unclear & ~without & (above == 0)]]
    untested += [
        untested_row("ledger", rows.loc[at], subjects[at], f"支出{subjects[at].id}", *CELLS)
        for at in rows.index[unread]
    ]
    return RULE.verdict(len(rows), findings, untested)


def _without(books: Books, rows: pd.DataFrame, subject: Subject) -> Finding:
    row = rows.iloc[0]
    named = books["resolutions"][books["resolutions"]["resolution_no"] == (row["resolution_no"] or None)]
    use = named[named["matter"] == DECIDES_USE]
    if not row["resolution_no"]:
        why, why_en = "未写决议编号", "names no resolution"
    elif use.empty:
        why = f"所写决议{row['resolution_no']}在决议台账中没有“{DECIDES_USE}”事项"
        why_en = f"names {row['resolution_no']}, which is no decision of use in the register"
    else:
        why = f"所写决议{row['resolution_no']}在支出日{row['date']:%Y-%m-%d}尚未作出或不在有效期内"
        why_en = f"names {row['resolution_no']}, not taken or not valid on {row['date']:%Y-%m-%d}"
    return RULE.finding(
        subject,
        f"{row['date']:%Y-%m-%d}“{row['category']}”支出{yuan(row['amount'])}元（{row['counterparty']}，{row['summary']}）"
        f"{why}。请提供使用公共收益的业主共同决定，或授权范围内的审批材料",
        f"Cost of {yuan(row['amount'])} yuan on {row['date']:%Y-%m-%d} ({row['category']}) {why_en}",
        [*evidence("ledger", rows, why), *evidence("resolutions", named, "支出所写决议")],
        amount=int(row["amount"]),
    )


def _above(books: Books, rows: pd.DataFrame, subject: Subject, above: int) -> Finding:
    row, resolutions = rows.iloc[0], books["resolutions"]
    named = resolutions[(resolutions["resolution_no"] == row["resolution_no"]) & (resolutions["matter"] == DECIDES_USE)]
    total, limit = yuan(row["total"]), yuan(row["limit"])
    return RULE.finding(
        subject,
        f"{row['date']:%Y-%m-%d}“{row['category']}”支出{yuan(row['amount'])}元（{row['counterparty']}，{row['summary']}）"
        f"后，决议{row['resolution_no']}名下累计支出{total}元，支出上限{limit}元，本笔超出{yuan(above)}元。请提供追加授权的决议",
        f"With this cost of {yuan(row['amount'])} yuan, {total} is charged to {row['resolution_no']}, limit {limit}: "
        f"{yuan(above)} above",
        [*evidence("ledger", rows, f"累计 {total} 元"), *evidence("resolutions", named, f"支出上限合计 {limit} 元")],
        amount=above,
    )


def _unclear(row: pd.Series[Any], subject: Subject) -> Untested:
    return Untested(
        subject,
        f"支出{subject.id}：决议{row['resolution_no']}的事项、日期或支出上限无法读取，或其名下另有无法读取的支出，未测试",
        f"Cost {subject.id}: resolution {row['resolution_no']}, or another cost charged to it, cannot be read",
    )
