"""REL01: dealings with parties on the list of related ones, or with the property company itself."""

from __future__ import annotations

from typing import Any

import pandas as pd

from auditkit.model import Books, Case, Finding, Rule, Subject, Untested, Verdict, evidence, in_doubt, row_subject
from auditkit.money import yuan
from auditkit.reconcile.costs import cost_rows, unread
from auditkit.reconcile.doubt import untested_row
from auditkit.reconcile.related import Relation, related_parties
from auditkit.reconcile.reversals import reversals
from auditkit.reconcile.schedule import CALENDAR, PRICE, rent
from auditkit.reconcile.terms import in_force, may_be_in_force

RULE = Rule(
    "REL01",
    "related-counterparty",
    "与关联方交易",
    "2.3",
    "S2",
    "indicator",
    ("related",),
    "contract_no or voucher_no",
    ("刑法163",),
)
ACCRUED = "物业计提"
NEEDED = ("contract_no", "counterparty", "counterparty_uscc", *CALENDAR, *PRICE)


def examine(books: Books, case: Case) -> Verdict:
    """Contracts in force and cost rows of the period, by the other side's code or normalised name."""
    if not books.given & {"contracts", "ledger"}:
        return RULE.verdict(0, reason="未提供：经营合同台账、公共收益台账")
    parties, contracts = related_parties(books), books["contracts"]
    running = contracts[in_force(contracts, case.start, case.end)]
    maybe = contracts[may_be_in_force(contracts, case.start, case.end)]
    unclear = running[in_doubt(running, *NEEDED)]
    running = running.drop(index=unclear.index)
    by = [parties.of(*cells) for cells in zip(running["counterparty"], running["counterparty_uscc"], strict=True)]
    found = running[pd.Series([relation is not None for relation in by], index=running.index, dtype="bool")]
    exposure = rent(books, case.start, case.end)
    findings = [
        _finding(books, "contracts", label, subject, relation, exposure[label])
        for label, subject, relation in zip(
            found.index, row_subject(found, "contract_no"), [r for r in by if r is not None], strict=True
        )
    ]
    costs, doubtful = cost_rows(books["ledger"], case)
    taken = costs.index.isin(reversals(books)["original"]) | (costs["amount"] <= 0)
    own = costs["contract_no"].isin(found.loc[found["contract_no"] != "", "contract_no"])
    asked = costs[~taken & ~own]
    by_name = {name: parties.of(name, "") for name in asked["counterparty"].unique()}
    asked = asked[asked["counterparty"].isin([name for name, relation in by_name.items() if relation is not None])]
    for label, subject in zip(asked.index, row_subject(asked, "voucher_no"), strict=True):
        relation = by_name[asked.at[label, "counterparty"]]
        if relation is not None and not (asked.at[label, "category"] == ACCRUED and relation.company):
            findings.append(_finding(books, "ledger", label, subject, relation, asked.at[label, "amount"]))
    untested = [*_untested(maybe, "start", "end", "terminated_on"), *_untested(unclear, *NEEDED)]
    untested += unread(doubtful)
    return RULE.verdict(len(running) + len(costs) + len(untested), findings, untested)


def _untested(rows: pd.DataFrame, *columns: str) -> list[Untested]:
    return [
        untested_row("contracts", row, subject, f"合同 {subject.id}", *columns)
        for (_, row), subject in zip(rows.iterrows(), row_subject(rows, "contract_no"), strict=True)
    ]


def _finding(books: Books, table: str, label: Any, subject: Subject, relation: Relation, amount: Any) -> Finding:
    row = books[table].loc[label]
    rent_of = table == "contracts"
    money = f"{yuan(int(amount))} 元"
    what = f"期内租金 {money}" if rent_of else f"{row['date']:%Y-%m-%d} {row['category']} {money}"
    name = f"{'合同' if rent_of else '凭证'} {subject.id}"
    listed = books["related"]
    places = evidence("related", listed[listed.index == relation.label], f"关联关系：{relation.relation}")
    return RULE.finding(
        subject,
        f"{name} 的相对方“{row['counterparty']}”与关联方清单“{relation.name}”（{relation.relation}）{relation.by}一致，"
        f"{what}。{'两处统一社会信用代码不同，请先核实是否同一主体。' if relation.codes_differ else ''}"
        "请问选定对方的程序和价格依据，是否向业主大会披露并回避。",
        f"{subject.id}: counterparty {row['counterparty']} is on the list of related parties ({relation.relation}), "
        f"{'rent in the period' if rent_of else 'amount'} {yuan(int(amount))} yuan. Ask how it was chosen and priced, "
        "and whether the owners were told.",
        (*evidence(table, books[table].loc[[label]], f"相对方：{row['counterparty']}"), *places),
        amount=int(amount),
    )
