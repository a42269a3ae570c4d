"""CSH04: cash income that was not banked, or not in time."""

from __future__ import annotations

import pandas as pd

from auditkit.model import Books, Case, Rule, Untested, Verdict, evidence, row_subject
from auditkit.money import yuan
from auditkit.reconcile.bank import reconciled
from auditkit.reconcile.bank_doubt import doubtful_bank, doubtful_ledger
from auditkit.reconcile.cash import CASH, SILENT_DAYS, deposit_terms, says_deposit
from auditkit.reconcile.doubt import untested_row
from auditkit.reconcile.workdays import workdays

RULE = Rule(
    "CSH04",
    "cash-banked-late",
    "现金收入未存或迟存",
    "2.3",
    "S2",
    "exception",
    ("ledger", "bank", "accounts"),
    "voucher_no",
    ("会计法16",),
    {"deposit_days_where_the_pack_is_silent": SILENT_DAYS},
)


def examine(books: Books, case: Case) -> Verdict:
    """Cash of the period whose last day for banking lies in it, against the deposits that the walk spends on it."""
    ledger, walk = books["ledger"], reconciled(books, case).cash
    rows = walk.rows[_due_in_period(walk.rows, case)]
    beyond = rows[rows["due"].isna()]
    late = rows[rows["due"].notna() & (rows["late"] > 0)]
    unseen, unread = late[~late["seen"]], late[late["seen"] & _may_be_banked(late, doubtful_bank(books))]
    found = late.drop(index=[*unseen.index, *unread.index])
    run = _runs(rows, found)
    findings = []
    for label, subject in zip(found.index, row_subject(ledger.loc[found.index], "voucher_no"), strict=True):
        row, paper = found.loc[label], ledger.loc[label]
        days = f"地方标准未载入，按 {row['days']} 个工作日" if row["silent"] else f"{row['days']} 个工作日"
        later = walk.pieces[(walk.pieces["row"] == label) & (walk.pieces["date"] > row["due"])]
        together = found[run == run[label]]
        said = (
            f"{row['date']:%Y-%m-%d} 现金收入{paper['category']} {yuan(int(row['amount']))} 元，"
            f"至 {row['due']:%Y-%m-%d}（{days}）只存入公共收益账户 {yuan(int(row['banked']))} 元，"
            f"{yuan(int(row['late']))} 元未按时存入{_later(later)}。",
            f"Cash of {yuan(int(row['amount']))} yuan of {row['date']:%Y-%m-%d}: {yuan(int(row['late']))} yuan were "
            f"not banked by {row['due']:%Y-%m-%d} ({row['days']} business days"
            f"{', the pack being silent' if row['silent'] else ''}).",
        )
        findings.append(
            RULE.finding(
                subject,
                f"{said[0]}{_whole_run(ledger.loc[together.index], together)}"
                "请问现金由谁保管、何时存入；请提供现金日记账和存款回单。",
                f"{said[1]} {len(together)} receipts in a row are late. Ask who held the cash and when it was banked; "
                "see the cash book and deposit slips.",
                evidence("ledger", ledger.loc[[label]], f"现金，应于 {row['due']:%Y-%m-%d} 前存入"),
                amount=int(row["late"]),
                kind="indicator" if row["silent"] else None,
            )
        )
    doubtful = _doubtful(books, case)
    untested = [
        Untested(subject, f"凭证 {subject.id}：{zh}", f"{subject.id}: {en}")
        for of, zh, en in (
            (
                beyond,
                f"工作日历只到 {workdays().last}，无法推算存款期限",
                f"business days are known to {workdays().last}",
            ),
            (unseen, "收款日至存款期限未被公共收益账户流水完整覆盖", "no statement covers the days until it was due"),
            (unread, "可能存入一笔无法读取的银行流水", "a bank row that cannot be read may have banked it"),
        )
        for subject in row_subject(ledger.loc[of.index], "voucher_no")
    ]
    untested += [
        untested_row("ledger", row, subject, f"凭证 {subject.id}")
        for (_, row), subject in zip(doubtful.iterrows(), row_subject(doubtful, "voucher_no"), strict=True)
    ]
    return RULE.verdict(len(rows) + len(doubtful), findings, untested)


def _due_in_period(rows: pd.DataFrame, case: Case) -> pd.Series[bool]:
    """Dated in the period and due by its end; a due day beyond the calendar is no earlier than as many days on."""
    least = rows["date"] + pd.to_timedelta(rows["days"], unit="D")
    return (case.in_period(rows["date"]) | rows["date"].isna()) & ~(rows["due"].fillna(least) > case.end)


def _doubtful(books: Books, case: Case) -> pd.DataFrame:
    """Rows that may be such cash and cannot be read."""
    rows = doubtful_ledger(books)
    rows = rows[(rows["method"] == CASH) & (rows["sign"] >= 0) & ~(rows["amount"] <= 0).fillna(False)]
    return books["ledger"].loc[rows.index[_due_in_period(rows.join(deposit_terms(case, rows["date"])), case)]]


def _may_be_banked(late: pd.DataFrame, doubtful: pd.DataFrame) -> pd.Series[bool]:
    """Late rows that a bank row in doubt may have banked in time."""
    deposits = doubtful[(doubtful["sign"] >= 0) & doubtful["summary"].map(says_deposit).astype("bool")]
    able = pd.Series(False, index=late.index, dtype="bool")
    for day in deposits["date"]:
        able |= True if pd.isna(day) else (late["date"] <= day) & (day <= late["due"])
    return able


def _runs(rows: pd.DataFrame, found: pd.DataFrame) -> pd.Series[int]:
    """A number for each row found, the same for those that follow each other."""
    on_time = (~rows.index.isin(found.index)).cumsum()
    return pd.Series(on_time, index=rows.index, dtype="int64").loc[found.index]


def _later(pieces: pd.DataFrame) -> str:
    by_day = pieces.groupby("date")["amount"].sum()
    said = "、".join(f"{day:%Y-%m-%d} 存入 {yuan(int(amount))} 元" for day, amount in by_day.items())
    return f"（其后 {said}）" if said else ""


def _whole_run(papers: pd.DataFrame, run: pd.DataFrame) -> str:
    if len(run) < 2:
        return ""
    names = [subject.id for subject in row_subject(papers, "voucher_no")]
    return (
        f"与本笔相连的一批现金均未按时存入：{'、'.join(names)}，共 {len(run)} 笔，"
        f"自 {run['date'].min():%Y-%m-%d} 至 {run['date'].max():%Y-%m-%d}，合计 {yuan(int(run['late'].sum()))} 元。"
    )
