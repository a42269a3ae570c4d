"""CTR03: the dates of a contract cannot all be right."""

from __future__ import annotations

from typing import Final

import pandas as pd

from auditkit.model import Books, Case, Rule, Verdict, evidence, in_doubt, row_subject
from auditkit.reconcile.doubt import untested_row

_LATE_DAYS: Final = 30

RULE = Rule(
    code="CTR03",
    name="contract-dates-inconsistent",
    zh="合同日期矛盾",
    problem="0",
    severity="S4",
    kind="exception",
    needs=("contracts",),
    subject="contract_no",
    thresholds={"signed_late_days": _LATE_DAYS},
)
_NEEDED = ("contract_no", "signed_on", "start", "end", "terminated_on")


def examine(books: Books, case: Case) -> Verdict:
    """All contracts, whatever their dates."""
    contracts = books["contracts"]
    start, end, signed = contracts["start"], contracts["end"], contracts["signed_on"]
    stopped, late = contracts["terminated_on"], pd.Timedelta(days=_LATE_DAYS)
    broken = {
        ("截止日早于起始日", "ends before it starts"): end < start,
        ("提前终止日期早于起始日", "terminated before its start"): stopped < start,
        ("提前终止日期晚于截止日", "terminated after its end"): stopped > end,
        ("签订日期晚于截止日", "signed after its end"): signed > end,
        (f"签订日期晚于起始日{_LATE_DAYS}天以上", f"signed more than {_LATE_DAYS} days after its start"): signed
        > start + late,
    }
    doubt = in_doubt(contracts, *_NEEDED)
    wrong = pd.concat(broken.values(), axis=1).any(axis=1) & ~doubt
    subjects = dict(zip(contracts.index, row_subject(contracts, "contract_no"), strict=True))
    findings = []
    for at in contracts.index[wrong]:
        row = contracts.loc[at]
        party = f"合同{row['contract_no']}（{row['counterparty']}）"
        words = [name for name, hit in broken.items() if hit[at]]
        dates = {"签订": row["signed_on"], "起始": row["start"], "截止": row["end"], "提前终止": row["terminated_on"]}
        told = "，".join(f"{name}{day:%Y-%m-%d}" for name, day in dates.items() if pd.notna(day))
        findings.append(
            RULE.finding(
                subjects[at],
                f"{party}{'；'.join(zh for zh, _ in words)}（{told}）。请核对合同原件",
                f"Contract {row['contract_no']} {', '.join(en for _, en in words)}",
                evidence("contracts", contracts.loc[[at]], told),
            )
        )
    untested = [
        untested_row(
            "contracts", contracts.loc[at], subjects[at], f"{contracts.at[at, 'counterparty']}的合同", *_NEEDED
        )
        for at in contracts.index[doubt]
    ]
    return RULE.verdict(len(contracts), findings, untested)
