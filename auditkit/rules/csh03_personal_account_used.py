"""CSH03: public money that goes to a natural person's account."""

from __future__ import annotations

from auditkit.model import Books, Case, Rule, Verdict
from auditkit.reconcile.accounts import PERSONAL
from auditkit.reconcile.payees import TABLES, payees
from auditkit.reconcile.persons import is_assembly, is_person

RULE = Rule(
    "CSH03",
    "personal-account-used",
    "公共收益进入个人账户",
    "2.3",
    "S1",
    "exception",
    ("accounts",),
    "contract_no, voucher_no, or (contract_no or counterparty)@paid_on",
    ("会计法16", "刑法271"),
)


def examine(books: Books, case: Case) -> Verdict:
    """Payee accounts that are a person's by the list, or by the payee's name in a confirmation."""
    if not books.given & set(TABLES):
        return RULE.verdict(0, reason="未提供：经营合同台账、公共收益台账、函证回函")
    payee = payees(books, case)
    items = payee.items
    named = items["payee_name"].map(is_person).astype("bool")
    assembly = items["holder"].map(is_assembly).astype("bool")
    wrong = items[((items["kind"] == PERSONAL) | named) & ~assembly]
    said = [_said(*cells) for cells in zip(wrong["account"], wrong["kind"], wrong["payee_name"], strict=True)]
    ask = (
        "请问户主与物业企业或项目的关系、款项去向；请提供该账户收款记录和转交凭据。",
        "Ask how the holder is related to the company or the site and where the money went; see the account's receipts "
        "and proof of handing over.",
    )
    return RULE.verdict(len(payee), payee.findings(RULE, wrong, said, ask), payee.unread)


def _said(account: str, kind: str, name: str) -> tuple[str, str]:
    if kind == PERSONAL:
        return f"收款账号 {account} 是个人账户", f"payee account {account} is a person's"
    return f"收款户名“{name}”像是自然人姓名", "the payee's name looks like a natural person's"
