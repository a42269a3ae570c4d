"""AUT03: the contract was signed first, the owners' decision came later."""

from __future__ import annotations

import pandas as pd

from auditkit.model import Books, Case, Finding, Rule, Subject, Untested, Verdict, evidence, in_doubt, row_subject
from auditkit.reconcile.authority import covering
from auditkit.reconcile.doubt import untested_row
from auditkit.reconcile.terms import TERM

RULE = Rule(
    code="AUT03",
    name="contract-before-resolution",
    zh="先签约后决议",
    problem="2.1",
    severity="S3",
    kind="exception",
    needs=("contracts", "resolutions"),
    subject="contract_no",
    basis=("民法典278",),
)
_NEEDED = ("contract_no", "category", "signed_on", *TERM)


def examine(books: Books, case: Case) -> Verdict:
    """Contracts that a resolution covers: the one they name, else the earliest of their category."""
    pairs = covering(books, case)
    named = pairs["contract"].isin(pairs.loc[pairs["by"] == "number", "contract"])
    pairs = pairs[(pairs["by"] == "number") | ~named].copy()
    contracts = books["contracts"].loc[sorted(pairs["contract"].unique())]
    signed = contracts["signed_on"].fillna(contracts["start"])
    pairs["in_time"] = pairs["date"] <= signed.loc[pairs["contract"]].to_numpy()
    passed = contracts.index.isin(pairs.loc[pairs["in_time"] & pairs["sure"], "contract"])
    doubt = in_doubt(contracts, *_NEEDED)
    left = contracts[~passed | doubt]
    findings: list[Finding] = []
    untested: list[Untested] = []
    for at, subject in zip(left.index, row_subject(left, "contract_no"), strict=True):
        row, own = left.loc[at], pairs[pairs["contract"] == at]
        if doubt[at]:
            untested.append(untested_row("contracts", row, subject, f"合同{row['contract_no']}", *_NEEDED))
        elif (~own["sure"] & (own["in_time"] | own["date"].isna())).any() or not own["sure"].any():
            untested.append(
                Untested(
                    subject,
                    f"合同{row['contract_no']}：可能授权的决议，其日期、事项或主体空缺、无法识别，或地方标准未载入，未测试",
                    f"Contract {row['contract_no']}: a resolution that may cover it cannot be judged",
                )
            )
        else:
            earliest = own[own["sure"]].sort_values(["date", "resolution"]).iloc[0]
            decided = books["resolutions"].loc[[earliest["resolution"]]]
            findings.append(_finding(subject, contracts.loc[[at]], signed[at], decided))
    return RULE.verdict(len(contracts), findings, untested)


def _finding(subject: Subject, rows: pd.DataFrame, signed: pd.Timestamp, decided: pd.DataFrame) -> Finding:
    row, resolution = rows.iloc[0], decided.iloc[0]
    what, what_en = ("签订日期", "signed on") if pd.notna(row["signed_on"]) else ("（签订日期空缺）起始日", "starts on")
    days = (resolution["date"] - signed).days
    return RULE.finding(
        subject,
        f"合同{row['contract_no']}（{row['counterparty']}）{what}{signed:%Y-%m-%d}，最早授权它的决议"
        f"{resolution['resolution_no']}日期为{resolution['date']:%Y-%m-%d}，晚{days}天。请说明签约时的依据，并查有无更早的表决",
        f"Contract {row['contract_no']} {what_en} {signed:%Y-%m-%d}; the earliest resolution that covers it, "
        f"{resolution['resolution_no']}, is dated {days} days later",
        [
            *evidence("contracts", rows, f"{what}{signed:%Y-%m-%d}"),
            *evidence("resolutions", decided, f"决议日期{resolution['date']:%Y-%m-%d}"),
        ],
    )
