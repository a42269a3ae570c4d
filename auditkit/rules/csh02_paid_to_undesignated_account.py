"""CSH02: public money that goes to an account not meant for it."""

from __future__ import annotations

from auditkit.model import Books, Case, Rule, Verdict
from auditkit.reconcile.accounts import COMPANY, UNLISTED
from auditkit.reconcile.payees import TABLES, payees

RULE = Rule(
    "CSH02",
    "paid-to-undesignated-account",
    "公共收益收入非专用账户",
    "2.3",
    "S2",
    "exception",
    ("accounts",),
    "contract_no, voucher_no, or (contract_no or counterparty)@paid_on",
    ("民法典282", "会计法16"),
)


def examine(books: Books, case: Case) -> Verdict:
    """Payee accounts that are the property company's own, or on no list."""
    if not books.given & set(TABLES):
        return RULE.verdict(0, reason="未提供：经营合同台账、公共收益台账、函证回函")
    payee = payees(books, case)
    wrong = payee.items[payee.items["kind"].isin((COMPANY, UNLISTED))]
    said = [_said(*cells) for cells in zip(wrong["account"], wrong["holder"], wrong["kind"], strict=True)]
    ask = (
        "应收入公共收益专户或监管、共管账户。请问该账户由谁开立、款项是否已转入专户；请提供开户资料和该账户流水。",
        "It should go to a public account. Ask who opened this one and whether the money was passed on; see its papers "
        "and statement.",
    )
    return RULE.verdict(len(payee), payee.findings(RULE, wrong, said, ask), payee.unread)


def _said(account: str, holder: str, kind: str) -> tuple[str, str]:
    name = f"（户名：{holder}）" if holder else ""
    if kind == COMPANY:
        return f"收款账号 {account}{name}是物业企业账户", f"payee account {account} is the property company's own"
    return f"收款账号 {account} 未列入账户清单", f"payee account {account} is not on the list of accounts"
