"""INC02: less rent came in than the contract's instalments of the period ask for."""

from __future__ import annotations

from typing import Any

from auditkit.model import Books, Case, Evidence, Finding, Rule, Subject, Untested, Verdict, evidence
from auditkit.money import yuan
from auditkit.reconcile.instalments_paid import lines
from auditkit.reconcile.shortfall import TOLERANCE, compare, shortfalls, tax_basis, untested_items
from auditkit.reconcile.terms import ids

RULE = Rule(
    code="INC02",
    name="contract-income-short",
    zh="合同应收少收",
    problem="2.3",
    severity="S2",
    kind="exception",
    needs=("contracts", "ledger"),
    subject="contract_no",
    basis=("民法典282", "民法典722"),
    thresholds={"tolerance_fen": TOLERANCE},
)


def examine(books: Books, case: Case) -> Verdict:
    """Every contract with an instalment whose due day and grace lie in the period."""
    short = shortfalls(books, case)
    taxed = {number for number, basis in tax_basis(books, case).items() if basis.all_paid}
    untested = untested_items(books, case)
    population = len(short) + len(untested)
    findings: list[Finding] = []
    for number, row in short[(short["high"] >= TOLERANCE) & ~short.index.isin(list(taxed))].iterrows():
        subject = Subject("contract_no", str(number))
        if row["low"] < TOLERANCE:
            reason = f"合同{number}：部分收款未写合同编号，与{row['others']}合计少收，无法分清属于哪一份，未测试"
            untested.append(Untested(subject, reason, f"Contract {number}: receipts without a number, short together"))
        elif row["low"] - row["mixed"] < TOLERANCE:
            reason = f"合同{number}：有收款同时写租金和押金，未分列金额，租金是否收足无法计算"
            untested.append(Untested(subject, reason, f"Contract {number}: rent and deposit in one receipt"))
        else:
            findings.append(_finding(books, case, str(number), row.to_dict()))
    return RULE.verdict(population, findings, untested)


def _finding(books: Books, case: Case, number: str, row: dict[Any, Any]) -> Finding:
    others = ids(row["others"])
    due, received, low, high = (int(row[c]) for c in ("due", "received", "low", "high"))
    low -= max(0, int(row["mixed"]))
    short = f"{yuan(low)}元" if low == high else f"{yuan(low)}元至{yuan(high)}元"
    shared = f"与{'、'.join(others)}同一相对方、同一类别，部分收款未写合同编号，已合并比较；" if others else ""
    return RULE.finding(
        Subject("contract_no", number),
        f"合同{number}在审计期间到期且宽限已满的各期应收{yuan(due)}元，台账实收{yuan(received)}元，少{short}。{shared}"
        f"分期：{'；'.join(lines(books, case, number))}。请核对收款凭证，并向相对方函证付款日期、金额和收款账户",
        f"Contract {number}: instalments due {yuan(due)} yuan, ledger income {yuan(received)}, short {yuan(low)}",
        [*_contract(books, number), *_receipts(books, case, number)],
        amount=low,
        up_to=high,
        alternatives=[Subject("contract_no", other) for other in others],
    )


def _contract(books: Books, number: str) -> tuple[Evidence, ...]:
    contracts = books["contracts"]
    rows = contracts[(contracts["contract_no"] == number) & contracts["amount"].notna()]
    notes = [
        f"每期 {yuan(a)} 元，付款周期{c}，{p}"
        for a, c, p in zip(rows["amount"], rows["cycle"], rows["payment"], strict=True)
    ]
    return evidence("contracts", rows, notes)


def _receipts(books: Books, case: Case, number: str) -> tuple[Evidence, ...]:
    came = compare(books, case).came
    rows = books["ledger"].loc[came.loc[came["contract_no"] == number, "row"]]
    return evidence("ledger", rows, [f"计入已收 {yuan(a)} 元" for a in rows["amount"]])
