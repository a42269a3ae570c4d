"""LDG02: voucher numbers that are missing, or stand on rows of different days."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from auditkit.model import Books, Case, Finding, Rule, Subject, Untested, Verdict, evidence, in_doubt
from auditkit.reconcile.numbering import gaps, restarts, split_numbers

RULE = Rule(
    "LDG02",
    "voucher-sequence-broken",
    "凭证号断号或重号",
    "0",
    "S4",
    "exception",
    ("ledger", "ledger.voucher_no"),
    "the missing or repeated number",
    ("会计法14",),
)


def examine(books: Books, case: Case) -> Verdict:
    """Each series of voucher numbers: what is missing between two that stand, and what stands on two days.

    An item is a number that stands; a gap counts as the number before it.
    """
    ledger = books["ledger"]
    numbers = split_numbers(ledger["voucher_no"], ledger["date"])
    run = restarts(numbers, ledger["date"])
    rows = ledger[numbers["number"].notna()]
    numbers = numbers.loc[rows.index].assign(prefix=run[rows.index] + "\x1f" + numbers["prefix"])
    item = run[rows.index] + "\x1f" + rows["voucher_no"].str.strip()
    of_item = rows["date"].groupby(item)
    unread = in_doubt(rows, "date").groupby(item).any()
    repeated = of_item.nunique() > 1
    open_ = unread & ~repeated & (of_item.size() > 1)
    untested = [
        Untested(
            Subject("voucher_no", key.split("\x1f")[1]), "同号各行的日期有无法读取的", "a row has no readable date"
        )
        for key in open_.index[open_]
    ]
    found = [*_repeats(rows, item, repeated.index[repeated]), *_missing(rows, numbers, item, repeated | open_)]
    return RULE.verdict(item.nunique(), found, untested)


def _repeats(rows: pd.DataFrame, item: pd.Series[str], repeated: pd.Index[str]) -> Iterator[Finding]:
    for key in repeated:
        of = rows[item == key]
        no, days = (
            of["voucher_no"].iloc[0].strip(),
            "、".join(f"{d:%Y-%m-%d}" for d in sorted(of["date"].dropna().unique())),
        )
        yield RULE.finding(
            Subject("voucher_no", no),
            f"凭证号 {no} 出现在不同日期：{days}。请提供两张凭证原件，说明为何同号。",
            f"Voucher {no} stands on rows of different days: {days}. Ask for both vouchers.",
            evidence(
                "ledger",
                of,
                [f"凭证号 {no}，{day}" for day in of["date"].dt.strftime("%Y-%m-%d").fillna("日期空缺或无法读取")],
            ),
        )


def _missing(
    rows: pd.DataFrame, numbers: pd.DataFrame, item: pd.Series[str], counted: pd.Series[bool]
) -> Iterator[Finding]:
    columns = ["before", "after", "first", "last", "missing"]
    for before, after, first, last, missing in gaps(numbers)[columns].to_numpy().tolist():
        first, last = (no.split("\x1f")[1] for no in (first, last))
        of = rows.loc[[before, after]]
        stand = of["voucher_no"].tolist()
        span, en = (first, first) if missing == 1 else (f"{first} 至 {last}", f"{first} to {last}")
        yield RULE.finding(
            Subject("voucher_no", first),
            f"凭证号 {stand[0]} 之后缺 {span}（{missing} 个号），下一号为 {stand[1]}。"
            "请提供缺号凭证，或作废凭证的全部联次。",
            f"After voucher {stand[0]} {en} is missing ({missing}); the next is {stand[1]}. Ask for the missing or "
            "voided vouchers.",
            evidence("ledger", of, ["缺号之前", "缺号之后"]),
            items=0 if counted[item[before]] else 1,
        )
