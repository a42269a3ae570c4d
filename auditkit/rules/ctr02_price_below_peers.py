"""CTR02: a contract's price lies far below what the county's other compounds get for the same."""

from __future__ import annotations

from typing import Any

import pandas as pd

from auditkit.model import Books, Case, Rule, Subject, Untested, Verdict, evidence, in_doubt, row_subject
from auditkit.money import divide, exact, yuan
from auditkit.reconcile.doubt import untested_row
from auditkit.reconcile.peers import LEAST, unit_prices
from auditkit.reconcile.quantities import months
from auditkit.reconcile.terms import last_day

RULE = Rule(
    code="CTR02",
    name="price-below-peers",
    zh="合同价格明显低于同类",
    problem="2.3",
    severity="S2",
    kind="indicator",
    needs=("contracts", "county"),
    subject="contract_no",
    basis=("民法典942",),
    thresholds={"least_peers": LEAST, "deviations": 3.5, "consistency": 1.4826, "share_of_median": 0.60},
)
_SAME = 1e-6
_CELLS = ("category", "quantity", "amount", "cycle", "start", "end", "terminated_on")


def examine(books: Books, case: Case) -> Verdict:
    """Contracts with a quantity, against the priced contracts of their category in the other compounds."""
    peers = (books.county or {})["contracts"]
    contracts = books["contracts"]
    rows = contracts[contracts["quantity"].notna() | in_doubt(contracts, "quantity")]
    lasting = last_day(contracts)
    prices, subjects = unit_prices(rows), dict(zip(rows.index, row_subject(rows, "contract_no"), strict=True))
    findings, untested = [], []
    lines: dict[Any, pd.Series[Any]] = dict(rows.iterrows())
    for at, row in lines.items():
        subject = subjects[at]
        others = peers.loc[peers["category"] == row["category"], "unit_price_month"].dropna()
        if in_doubt(rows.loc[[at]], *_CELLS).iloc[0]:
            untested.append(untested_row("contracts", row, subject, f"合同{subject.id}", *_CELLS))
        elif len(others) < LEAST:
            untested.append(_too_few(subject, str(row["category"]), len(others)))
        elif pd.isna(prices[at]):
            untested.append(Untested(subject, f"合同{subject.id}数量为零或期限不明，无法折算单价", "no price per unit"))
        elif (row["start"] <= case.end and lasting[at] >= case.start) and _is_low(prices[at], others):
            first, last = max(row["start"], case.start), min(lasting[at], case.end)
            median = float(others.median())
            value = exact(median - prices[at]) * exact(row["quantity"]) * months(first, last)
            amount = divide(value.numerator, value.denominator)
            shown = yuan(round(prices[at])), yuan(round(median))
            findings.append(
                RULE.finding(
                    subject,
                    f"合同{subject.id}（{row['category']}，{row['counterparty']}）折合每单位每月{shown[0]}元；同县其他小区{len(others)}份"
                    f"同类合同的中位数为{shown[1]}元。按差价估算审计期间少收{yuan(amount)}元（估算）。请问明定价依据、是否比价、"
                    "位置和合同条件有无不同",
                    f"Contract {subject.id}: {shown[0]} a unit and month, median of {len(others)} peers {shown[1]}; "
                    f"about {yuan(amount)} less in the period (estimate)",
                    evidence("contracts", rows.loc[[at]], f"折合每单位每月 {shown[0]} 元"),
                    amount=amount,
                )
            )
    return RULE.verdict(len(rows), findings, untested)


def _is_low(price: float, others: pd.Series[float]) -> bool:
    median = float(others.median())
    spread = 1.4826 * float((others - median).abs().median())
    # Quotients of whole fen: what differs by less than a millionth of a fen is the same.
    return price < median - 3.5 * spread - _SAME and price <= 0.60 * median + _SAME


def _too_few(subject: Subject, category: str, count: int) -> Untested:
    return Untested(
        subject,
        f"合同{subject.id}：样本不足，同县其他小区有单价的{category}合同只有{count}份，少于{LEAST}份",
        f"Contract {subject.id}: only {count} priced contracts of its category in other compounds, {LEAST} needed",
    )
