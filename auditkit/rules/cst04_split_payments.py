"""CST04: several payments to one party, each just below the approval threshold, together at or above it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pandas as pd

from auditkit.model import Books, Case, Finding, Rule, Subject, Untested, Verdict, evidence, row_subject
from auditkit.money import exact, yuan
from auditkit.reconcile.allocation import prescribed
from auditkit.reconcile.costs import cost_rows, unread
from auditkit.reconcile.names import normal_name
from auditkit.reconcile.reversals import reversals
from auditkit.reconcile.spans import spans

RULE = Rule(
    "CST04",
    "split-payments",
    "化整为零",
    "2.3",
    "S3",
    "indicator",
    ("ledger", "pack.approval_threshold"),
    "counterparty@first date",
    ("local",),
    {"days": 30, "least_share_of_threshold": 0.5, "rows": 2},
)


def examine(books: Books, case: Case) -> Verdict:
    """Runs of payments from half the threshold to below it, the longest that 30 days hold, one finding a run."""
    rows, doubtful = cost_rows(books["ledger"], case, "counterparty")
    if case.approval_threshold is None and not prescribed(case, "approval_threshold"):
        return RULE.verdict(0, reason="地方标准未载入，案件也未设定审批限额")
    limit = _thresholds(case, rows)
    unknown = rows[limit.isna()]
    near = (rows["amount"] < limit) & (rows["amount"] * 2 >= limit)
    near = near.fillna(False) & ~rows.index.isin(reversals(books)["original"]) & ~_regular(books["ledger"], rows)
    party = rows["counterparty"].map(normal_name)
    nameless = rows[near & (party == "")]
    untested = [
        *unread(doubtful),
        *_all(unknown, "当日没有有效的审批限额", "no approval threshold in force on the day"),
        *_all(nameless, "对方为空，无法判断是否同一收款方", "no counterparty named: cannot tell who was paid"),
    ]
    chosen = rows[near & (party != "")]
    findings = [_finding(run, int(limit[run.index[0]])) for run in _runs(chosen, party[chosen.index])]
    return RULE.verdict(len(rows) + len(doubtful), findings, untested)


def _finding(run: pd.DataFrame, limit: int) -> Finding:
    first, last, total = run["date"].iloc[0], run["date"].iloc[-1], int(run["amount"].sum())
    payee, category = run["counterparty"].iloc[0], run["category"].iloc[0]
    return RULE.finding(
        Subject("counterparty", f"{payee}@{first:%Y-%m-%d}"),
        f"{first:%Y-%m-%d} 至 {last:%Y-%m-%d} 向{payee}支付{category} {len(run)} 笔，"
        f"每笔低于审批限额 {yuan(limit)} 元，合计 {yuan(total)} 元。请问是否同一事项，有无整体审批。",
        f"{len(run)} payments ({category}) to {payee} from {first:%Y-%m-%d} to {last:%Y-%m-%d}, each below the "
        f"approval threshold of {yuan(limit)} yuan, together {yuan(total)}. Ask whether they are one matter and were "
        "approved as such.",
        evidence("ledger", run, [f"{yuan(a)} 元" for a in run["amount"]]),
        amount=total,
        items=len(run),
    )


def _thresholds(case: Case, rows: pd.DataFrame) -> pd.Series[int]:
    """The threshold in force on the day of each row, in fen: the case's, else the pack's."""
    limit = pd.Series(pd.NA, index=rows.index, dtype="Int64")
    if case.approval_threshold is not None:
        return limit.fillna(case.approval_threshold)
    for number, days in prescribed(case, "approval_threshold"):
        limit = limit.mask(days.count(rows["date"], rows["date"]) > 0, int(exact(number.value) * 100))
    return limit


def _regular(ledger: pd.DataFrame, rows: pd.DataFrame) -> pd.Series[bool]:
    """Regular instalments: of one contract, one a month, of one amount or in an unbroken rhythm; without a contract's
    number of one payee and category, one a month, of one amount, in an unbroken rhythm."""
    of = ledger[(ledger["direction"] == "支出") & (ledger["amount"] > 0)]
    month = spans(of)["first"].dt.to_period("M")
    facts = pd.DataFrame(
        {
            "contract": of["contract_no"], "party": of["counterparty"].map(normal_name), "category": of["category"],
            "amount": of["amount"], "place": month.dt.year * 12 + month.dt.month,
        }
    ).dropna()  # fmt: skip
    numbered, bare = facts[facts["contract"] != ""], facts[(facts["contract"] == "") & (facts["party"] != "")]
    group = numbered.groupby("contract")
    apart, unbroken = _rhythm(group["place"])
    contracts = apart.index[apart & ((group["amount"].nunique() == 1) | unbroken)]
    key = ["party", "category", "amount"]
    apart, unbroken = _rhythm(bare.groupby(key)["place"])
    steady = pd.MultiIndex.from_frame(bare[key]).isin(apart.index[apart & unbroken])
    return rows["contract_no"].isin(contracts) | rows.index.isin(bare.index[steady])


def _rhythm(place: Any) -> tuple[pd.Series[bool], pd.Series[bool]]:
    """Whether each group's months are all different, and at least three that follow each other."""
    count = place.size()
    return place.nunique() == count, (count >= 3) & (place.max() - place.min() == count - 1)


def _runs(rows: pd.DataFrame, party: pd.Series[str]) -> Iterator[pd.DataFrame]:
    """The longest runs that 30 days hold, from the earliest payment on; no payment is in two."""
    ordered = rows.sort_values(["date", "voucher_no", "file", "sheet", "row"])
    for _, of in ordered.groupby([party.loc[ordered.index], "category"], sort=True):
        while len(of) >= RULE.thresholds["rows"]:
            within = of[of["date"] <= of["date"].iloc[0] + pd.Timedelta(days=RULE.thresholds["days"])]
            if len(within) >= RULE.thresholds["rows"]:
                yield within
            of = of.iloc[len(within) :]


def _all(rows: pd.DataFrame, reason: str, reason_en: str) -> list[Untested]:
    return [Untested(subject, reason, reason_en) for subject in row_subject(rows, "voucher_no")]
