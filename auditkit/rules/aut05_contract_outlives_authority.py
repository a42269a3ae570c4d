"""AUT05: a contract runs longer than its authority, than the law allows, or than the place allows."""

from __future__ import annotations

from typing import Any, Final

import pandas as pd

from auditkit.model import Books, Case, Finding, Rule, Subject, Untested, Verdict, evidence, in_doubt, row_subject
from auditkit.reconcile import terms
from auditkit.reconcile.authority import covering
from auditkit.reconcile.doubt import untested_row

_LONGEST_YEARS: Final = 20

RULE = Rule(
    code="AUT05",
    name="contract-outlives-authority",
    zh="合同期限超出授权或法定期限",
    problem="2.1",
    severity="S3",
    kind="exception",
    needs=("contracts",),
    subject="contract_no",
    basis=("民法典278", "民法典705"),
    thresholds={"longest_years": _LONGEST_YEARS, "longest_months": "pack.lease_max_months"},
)
_NEEDED = ("contract_no", "category", *terms.TERM)


def examine(books: Books, case: Case) -> Verdict:
    """Contracts in force on any day of the period."""
    contracts = books["contracts"]
    running = terms.in_force(contracts, case.start, case.end) | terms.may_be_in_force(contracts, case.start, case.end)
    contracts = contracts[running]
    doubt, pairs = in_doubt(contracts, *_NEEDED), covering(books, case)
    pairs = pairs[pairs["contract"].isin(contracts.index)]
    lasting = pairs["valid_to"].isna() | (pairs["valid_to"] >= contracts["end"].loc[pairs["contract"]].to_numpy())
    until = pairs["valid_to"].fillna(pd.Timestamp("2262-01-01"))
    pairs = pairs.assign(lasting=lasting, until=until, named=pairs["by"] == "number")
    limited = contracts.index.isin(pairs.loc[~pairs["lasting"] | ~pairs["dated"], "contract"])
    long = {at: reasons for at in contracts.index[~doubt] if (reasons := _too_long(contracts.loc[at], case))}
    left = contracts[doubt | limited | contracts.index.isin(list(long))]
    findings: list[Finding] = []
    untested: list[Untested] = []
    for at, subject in zip(left.index, row_subject(left, "contract_no"), strict=True):
        row = left.loc[at]
        if doubt[at]:
            untested.append(untested_row("contracts", row, subject, f"合同{row['contract_no']}", *_NEEDED))
            continue
        own = pairs[pairs["contract"] == at]
        reasons, lapsed, unsure = long.get(at, []), _lapsed(own[own["sure"]]), _lapsed(own)
        if lapsed is not None and unsure is not None:
            reasons.append(_outlives(books, lapsed))
        if reasons:
            decided = books["resolutions"].loc[[] if lapsed is None else [lapsed]]
            findings.append(_finding(subject, contracts.loc[[at]], decided, reasons))
        elif (lapsed != unsure or not own["dated"].all()) and not (own["sure"] & own["lasting"] & own["named"]).any():
            untested.append(
                Untested(
                    subject,
                    f"合同{subject.id}：可能授权的决议，其日期、事项或主体空缺、无法识别，或地方标准未载入，未测试",
                    f"Contract {subject.id}: a resolution that may cover it cannot be judged",
                )
            )
    note = "" if books.has("resolutions") else "未提供决议台账，授权期限未比较，只测试了法定和地方期限"
    return RULE.verdict(len(contracts), findings, untested, note)


def _lapsed(pairs: pd.DataFrame) -> int | None:
    """The latest resolution that covers the contract, where it lapses before the contract's end."""
    if pairs.empty or (pairs["lasting"] & pairs["named"]).any():
        return None
    latest = pairs.sort_values(["date", "until"]).iloc[-1]
    return None if latest["lasting"] else int(latest["resolution"])


Reason = tuple[str, str]


def _outlives(books: Books, at: int) -> Reason:
    row = books["resolutions"].loc[at]
    no, until = row["resolution_no"], f"{row['valid_to']:%Y-%m-%d}"
    return f"截止日晚于授权决议{no}的失效日{until}", f"after {until}, when resolution {no} lapses"


def _too_long(row: pd.Series[Any], case: Case) -> list[Reason]:
    """Terms are counted to the corresponding day (民法典 202): twenty years from 1 March end on 1 March."""
    reasons: list[Reason] = []
    if row["end"] > row["start"] + pd.DateOffset(years=_LONGEST_YEARS):
        reasons.append(("期限超过20年", "more than 20 years"))
    local = case.pack.number("lease_max_months", row["start"] if pd.isna(row["signed_on"]) else row["signed_on"])
    if local is not None and row["end"] > row["start"] + pd.DateOffset(months=int(local.value)):
        reasons.append(
            (f"期限超过地方标准{local.value}个月（{local.source}）", f"more than the local {local.value} months")
        )
    return reasons


def _finding(subject: Subject, rows: pd.DataFrame, decided: pd.DataFrame, reasons: list[Reason]) -> Finding:
    row = rows.iloc[0]
    stopped = "" if pd.isna(row["terminated_on"]) else f"（已于{row['terminated_on']:%Y-%m-%d}提前终止）"
    return RULE.finding(
        subject,
        f"合同{row['contract_no']}（{row['counterparty']}）期限{row['start']:%Y-%m-%d}至{row['end']:%Y-%m-%d}{stopped}："
        f"{'；'.join(zh for zh, _ in reasons)}。请说明超出部分的依据，并查有无后续决议",
        f"Contract {row['contract_no']}, {row['start']:%Y-%m-%d} to {row['end']:%Y-%m-%d}: "
        + "; ".join(en for _, en in reasons),
        [
            *evidence("contracts", rows, f"截止日{row['end']:%Y-%m-%d}"),
            *evidence("resolutions", decided, "失效日早于合同截止日"),
        ],
    )
