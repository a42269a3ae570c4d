"""CTR01: a contract has ended, nobody followed, and the place is still used or paid for."""

from __future__ import annotations

from collections import Counter

import pandas as pd

from auditkit.model import Books, Case, Finding, Rule, Subject, Untested, Verdict, evidence, in_doubt, row_subject
from auditkit.money import yuan
from auditkit.reconcile import terms
from auditkit.reconcile.doubt import untested_row
from auditkit.reconcile.holdover import LATE_DAYS, followed, receipts_after, seen_after
from auditkit.reconcile.schedule import CALENDAR, PRICE, rent_after

RULE = Rule(
    code="CTR01",
    name="expired-still-operating",
    zh="合同到期仍在经营",
    problem="2.3",
    severity="S2",
    kind="exception",
    needs=("contracts",),
    subject="contract_no",
    basis=("民法典734", "民法典282"),
    thresholds={"late_days": LATE_DAYS},
)
_NEEDED = ("contract_no", "category", "counterparty", *CALENDAR, *PRICE)


def examine(books: Books, case: Case) -> Verdict:
    """Contracts that ended before the period's last day and that no newer one replaces."""
    contracts = books["contracts"]
    follow = followed(books).groupby("contract").agg({"newer": "all", "maybe": "any"})
    known, doubt = terms.known(contracts), in_doubt(contracts, *_NEEDED)
    over = known & (terms.last_day(contracts) < case.end) & ~follow["newer"]
    rows = contracts[over | (~known & ~(contracts["start"] >= case.end))]
    ended = rows[~doubt.loc[rows.index]]
    seen, paid, owed = seen_after(books, ended), receipts_after(books, case, ended), rent_after(ended, case.end)
    paid["maybe"] |= paid["contract"].map(follow["maybe"])
    nothing = not any(books.has(table) for table in ("resources", "ledger", "bank", "confirmations"))
    findings: list[Finding] = []
    untested: list[Untested] = []
    for at, subject in zip(rows.index, row_subject(rows, "contract_no"), strict=True):
        site, money = seen[seen["contract"] == at], paid[paid["contract"] == at]
        late = money[money["late"]]
        if doubt[at]:
            name = f"{rows.at[at, 'counterparty']}的合同"
            untested.append(untested_row("contracts", rows.loc[at], subject, name, *_NEEDED))
        elif not site["maybe"].all() or not late["maybe"].all():
            findings.append(_finding(books, case, subject, rows.loc[[at]], site, money, int(owed[at])))
        elif len(site) or len(late) or nothing:
            untested.append(_unclear(subject, nothing=nothing))
    return RULE.verdict(len(rows), findings, untested)


def _unclear(subject: Subject, *, nothing: bool) -> Untested:
    if nothing:
        why, why_en = (
            "未提供公共资源清单、台账、银行流水和函证",
            "no survey, ledger, statement or confirmation was given",
        )
    else:
        why, why_en = (
            "到期后的核查或收款记录，或可能的续签合同，有空缺或无法读取的内容",
            "a row that decides it is in doubt",
        )
    return Untested(subject, f"合同{subject.id}：{why}，未测试", f"Contract {subject.id}: {why_en}")


def _received(money: pd.DataFrame) -> int:
    """One payment stands in several papers: of equal amounts as many as the paper that has most of them."""
    counts: Counter[int] = Counter()
    for _, rows in money[money["amount"].notna()].groupby("table"):
        counts |= Counter(int(a) for a in rows["amount"])
    return sum(counts.elements())


def _finding(
    books: Books, case: Case, subject: Subject, rows: pd.DataFrame, site: pd.DataFrame, money: pd.DataFrame, owed: int
) -> Finding:
    row, end, received = rows.iloc[0], terms.last_day(rows).iloc[0], _received(money)
    survey = books["resources"].loc[site.loc[~site["maybe"], "at"]]
    told = [
        f"{day:%Y-%m-%d}核查资源{no}仍在经营"
        for no, day in zip(survey["resource_id"], survey["surveyed_on"], strict=True)
    ]
    late = money[money["late"] & ~money["maybe"]]
    if len(late):
        told.append(f"到期{LATE_DAYS}天后仍有收款{len(late)}笔，首笔{late['date'].min():%Y-%m-%d}")
    amount = max(0, owed - received)
    papers = [
        item
        for table, items in money.groupby("table")
        for item in evidence(str(table), books[str(table)].loc[items["at"]], "到期后收款")
    ]
    return RULE.finding(
        subject,
        f"合同{row['contract_no']}（{row['counterparty']}）已于{end:%Y-%m-%d}到期，未见续签或新合同；{'；'.join(told)}。"
        f"按原价至{case.end:%Y-%m-%d}应收{yuan(owed)}元，到期后已收{yuan(received)}元，差{yuan(amount)}元。"
        f"请问明是否续租、按什么价格、款项收在何处",
        f"Contract {row['contract_no']} ended on {end:%Y-%m-%d} with no newer one; {len(survey)} surveys found it in "
        f"use, {len(late)} receipts came more than {LATE_DAYS} days later. At the old price {yuan(owed)} yuan until "
        f"{case.end:%Y-%m-%d}, received {yuan(received)}",
        [
            *evidence("contracts", rows, f"{end:%Y-%m-%d}到期"),
            *evidence("resources", survey, "到期后仍在经营"),
            *papers,
        ],
        amount=amount,
    )
