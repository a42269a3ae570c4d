"""AUT01: common parts are let, and no decision of the owners gives leave."""

from __future__ import annotations

import pandas as pd

from auditkit.model import Books, Case, Finding, Rule, Subject, Untested, Verdict, evidence, in_doubt, row_subject
from auditkit.money import yuan
from auditkit.reconcile import terms
from auditkit.reconcile.authority import covering, without_assembly
from auditkit.reconcile.doubt import untested_row
from auditkit.reconcile.schedule import CALENDAR, PRICE, rent

RULE = Rule(
    code="AUT01",
    name="operation-unauthorised",
    zh="利用共有部分经营未经业主共同决定",
    problem="2.1",
    severity="S3",
    kind="exception",
    needs=("contracts", "resolutions"),
    subject="contract_no",
    basis=("民法典278", "物业管理条例54", "物业管理条例63"),
)
_NEEDED = ("contract_no", "category", *CALENDAR, *PRICE)


def examine(books: Books, case: Case) -> Verdict:
    """Contracts in force on any day of the period, each against the resolutions 授权经营."""
    contracts = books["contracts"]
    running = terms.in_force(contracts, case.start, case.end) | terms.may_be_in_force(contracts, case.start, case.end)
    contracts = contracts[running]
    pairs = covering(books, case)
    pairs = pairs[pairs["by"] == "category"].groupby("contract").agg({"sure": "any", "silent": "any"})
    doubt, early = in_doubt(contracts, *_NEEDED), without_assembly(books)
    exposure = rent(books, case.start, case.end)
    findings: list[Finding] = []
    untested: list[Untested] = []
    for at, subject in zip(contracts.index, row_subject(contracts, "contract_no"), strict=True):
        row = contracts.loc[at]
        name = f"合同{row['contract_no']}（{row['counterparty']}）"
        if doubt[at]:
            untested.append(untested_row("contracts", row, subject, name, *_NEEDED))
        elif early[at]:
            untested.append(_too_early(subject, name))
        elif at not in pairs.index:
            findings.append(_finding(subject, contracts.loc[[at]], name, int(exposure[at])))
        elif not pairs.at[at, "sure"]:
            untested.append(_unclear(subject, name, silent=bool(pairs.at[at, "silent"])))
    return RULE.verdict(len(contracts), findings, untested)


def _too_early(subject: Subject, name: str) -> Untested:
    return Untested(
        subject,
        f"{name}：业主大会当时未成立（或成立情况不明），未测试；请提供前期物业服务合同、临时管理规约及有关备案材料",
        "No owners' assembly at the time: ask for the early service contract, the interim rules and any filing",
    )


def _unclear(subject: Subject, name: str, *, silent: bool) -> Untested:
    if silent:
        why = "地方标准未载入：物业管理委员会能否授权经营不明"
        return Untested(subject, f"{name}：{why}，未测试", "No local number says whether the council may authorise")
    why = "可能授权的决议，其事项、日期或适用类别空缺或无法识别"
    return Untested(subject, f"{name}：{why}，未测试；请核对决议原件", "A resolution that may cover it cannot be read")


def _finding(subject: Subject, rows: pd.DataFrame, name: str, amount: int) -> Finding:
    row = rows.iloc[0]
    term = f"{row['start']:%Y-%m-%d}至{row['end']:%Y-%m-%d}"
    return RULE.finding(
        subject,
        f"{name}，类别“{row['category']}”，期限{term}：决议台账中没有授权经营该类别、且在合同期内有效的业主大会决议；"
        f"审计期间租金{yuan(amount)}元（涉及金额）。请提供业主共同决定的会议记录、表决票和公示材料",
        f"{subject.id} ({row['category']}, {row['start']:%Y-%m-%d} to {row['end']:%Y-%m-%d}): no resolution of the "
        f"owners' assembly to operate covers it; rent in the period {yuan(amount)} yuan",
        evidence("contracts", rows, f"决议编号栏：{row['resolution_no'] or '空'}"),
        amount=amount,
    )
