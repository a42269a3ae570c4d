"""CTR04: more of one resource is let on a day than there is."""

from __future__ import annotations

from fractions import Fraction

import pandas as pd

from auditkit.model import Books, Case, Finding, Rule, Subject, Untested, Verdict, evidence, in_doubt
from auditkit.money import exact
from auditkit.reconcile import terms
from auditkit.reconcile.quantities import number, oversold, stock, taken

RULE = Rule(
    code="CTR04",
    name="resource-let-twice",
    zh="同一资源重复出租",
    problem="2.3",
    severity="S2",
    kind="exception",
    needs=("contracts", "resources"),
    subject="resource_id",
    basis=("民法典282",),
)


def examine(books: Books, case: Case) -> Verdict:
    """Resources that two or more contracts list, day by day of the period."""
    contracts, listed = books["contracts"], terms.listings(books["contracts"])
    parties = contracts["contract_no"].where(contracts["contract_no"] != "", contracts.index.astype("str") + "#")
    several = parties.loc[listed["contract"]].groupby(listed["resource_id"].to_numpy()).nunique()
    unread = in_doubt(books["resources"], "resource_id", "quantity", "surveyed_on")
    there = stock(books["resources"][~unread]) | dict.fromkeys(books["resources"].loc[unread, "resource_id"])
    findings: list[Finding] = []
    untested: list[Untested] = []
    population = sorted(several.index[several >= 2])
    for resource in population:
        rows = contracts.loc[listed.loc[listed["resource_id"] == resource, "contract"]]
        doubt = in_doubt(rows, "contract_no", "quantity", *terms.TERM)
        doubt &= terms.in_force(rows, case.start, case.end) | terms.may_be_in_force(rows, case.start, case.end)
        days = _judge(rows[~doubt & terms.in_force(rows, case.start, case.end)], resource, there, case)
        if sure := [day for day, over in days.items() if over]:
            findings.append(_finding(books, resource, rows[~doubt], sure[0], there.get(resource)))
        elif None in days.values() or (doubt.any() and len(rows) > 1):
            untested.append(_unclear(resource, rows[doubt]))
    return RULE.verdict(len(population), findings, untested)


def _judge(
    rows: pd.DataFrame, resource: str, there: dict[str, Fraction | None], case: Case
) -> dict[pd.Timestamp, bool | None]:
    """On each day on which a contract joins in: whether more is let than there is."""
    days: dict[pd.Timestamp, bool | None] = {}
    for day in sorted(set(rows["start"].where(rows["start"] >= case.start, case.start))):
        now = rows[terms.in_force(rows, day, day)].sort_values("quantity", ascending=False, na_position="first")
        now = now.drop_duplicates("contract_no")
        lists = now["resource_ids"].map(terms.ids)
        parts = [taken(q, resource, ids, there) for q, ids in zip(now["quantity"], lists, strict=True)]
        days[day] = len(now) > 1 and oversold(parts, there.get(resource))
    return days


def _unclear(resource: str, doubtful: pd.DataFrame) -> Untested:
    numbers = "、".join(
        no or f"{party}的合同" for no, party in zip(doubtful["contract_no"], doubtful["counterparty"], strict=True)
    )
    why = f"列有它的合同{numbers}的编号、日期或数量空缺或无法读取" if numbers else "资源数量或其在合同中的份额不明"
    return Untested(
        Subject("resource_id", resource),
        f"资源{resource}：{why}，是否重复出租未测试；请补充数量和合同期限",
        f"Resource {resource}: its quantity, or a contract that lists it, is in doubt",
    )


def _finding(books: Books, resource: str, rows: pd.DataFrame, day: pd.Timestamp, there: Fraction | None) -> Finding:
    now = rows[terms.in_force(rows, day, day)]
    until = terms.last_day(now).min()
    notes = [
        f"{s:%Y-%m-%d}至{e:%Y-%m-%d}，数量{'未写（按全部计）' if pd.isna(q) else number(exact(q))}"
        for s, e, q in zip(now["start"], terms.last_day(now), now["quantity"], strict=True)
    ]
    told = "；".join(f"{no}（{note}）" for no, note in zip(now["contract_no"], notes, strict=True))
    have = "未填" if there is None else number(there)
    survey = books["resources"][books["resources"]["resource_id"] == resource]
    return RULE.finding(
        Subject("resource_id", resource),
        f"资源{resource}数量{have}，{day:%Y-%m-%d}至{until:%Y-%m-%d}同时列入在履行的合同：{told}，合计超出。"
        f"请核对各合同的位置、数量和实际使用方",
        f"Resource {resource} (quantity {'unstated' if there is None else number(there)}) is let by contracts "
        f"{', '.join(now['contract_no'])} at once from {day:%Y-%m-%d} to {until:%Y-%m-%d}, together more than there is",
        [*evidence("contracts", now, notes), *evidence("resources", survey, f"数量 {have}")],
    )
