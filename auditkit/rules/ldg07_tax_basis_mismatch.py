"""LDG07: contract and ledger differ by a VAT factor: one counts with tax, the other without."""

from __future__ import annotations

from auditkit.model import Books, Case, Rule, Subject, Verdict, evidence
from auditkit.money import yuan
from auditkit.reconcile.shortfall import TAX_RATES, TOLERANCE, compare, tax_basis, untested_items

RULE = Rule(
    code="LDG07",
    name="tax-basis-mismatch",
    zh="价税口径不一致",
    problem="0",
    severity="S4",
    kind="indicator",
    needs=("contracts", "ledger"),
    subject="contract_no",
    thresholds={"tolerance_fen": TOLERANCE, "rates": [float(rate) for rate in TAX_RATES]},
)


def examine(books: Books, case: Case) -> Verdict:
    """The contracts of INC02, instalment by instalment."""
    found, contracts, ledger = compare(books, case), books["contracts"], books["ledger"]
    untested = untested_items(books, case)
    findings = []
    for number, basis in tax_basis(books, case).items():
        due, received = basis.due, basis.received
        rate, way = f"{float(basis.rate) * 100:g}%", "应收不含税、实收含税" if basis.over else "应收含税、实收不含税"
        came = found.came[found.came["contract_no"] == number]
        rows = ledger.loc[came["row"]]
        findings.append(
            RULE.finding(
                Subject("contract_no", number),
                f"合同{number}已收的{basis.paid}期，每期实收与应收都相差税率{rate}的倍数（{basis.words()}），"
                f"疑为{way}：应收合计{yuan(due)}元，实收合计{yuan(received)}元，相差{yuan(abs(due - received))}元。"
                f"请核对发票的价税合计与合同含税条款",
                f"Contract {number}: each of {basis.paid} paid instalments differs from its due by the factor of a "
                f"{rate} tax ({yuan(due)} due, {yuan(received)} received)",
                [
                    *evidence("contracts", contracts[contracts["contract_no"] == number], f"税率 {rate}"),
                    *evidence("ledger", rows, [f"实收 {yuan(a)} 元" for a in rows["amount"]]),
                ],
                amount=abs(due - received),
            )
        )
    return RULE.verdict(int(found.sums["tested"].sum()) + len(untested), findings, untested)
