"""CSH05: rows at which a statement's running balance does not follow from the row before."""

from __future__ import annotations

from auditkit.model import Books, Case, Rule, Subject, Untested, Verdict, evidence, row_subject
from auditkit.money import yuan
from auditkit.reconcile.chains import BROKEN, FIRST, OPEN, chained_statements

RULE = Rule(
    "CSH05",
    "statement-balance-break",
    "银行流水余额不连续",
    "0",
    "S1",
    "exception",
    ("bank",),
    "bank serial, else file#row",
    ("会计法17",),
)


def examine(books: Books, case: Case) -> Verdict:
    """Every row after the first of its account: written balance against the last written one and what moved since."""
    if not books.has("bank.balance"):
        return RULE.verdict(0, reason="银行流水没有“余额”列")
    bank = books["bank"]
    said = chained_statements(books)
    rows = bank.join(said)
    broken, open_ = rows[rows["state"] == BROKEN], rows[rows["state"] == OPEN]
    off = (broken["balance"] - broken["expected"]).abs()
    findings = [
        RULE.finding(
            subject,
            f"账户 {row['account']} {row['date']:%Y-%m-%d} 收入 {yuan(row['credit'])} 元、支出 {yuan(row['debit'])} 元"
            f"（第 {row['row']} 行），按上一行余额推算应余 {yuan(row['expected'])} 元，"
            f"流水写 {yuan(row['balance'])} 元，相差 {yuan(gap)} 元。"
            "流水此处可能被增删或改动，请向开户行另行调取原始流水核对。",
            f"Account {row['account']}, {row['date']:%Y-%m-%d}, row {row['row']}: balance {yuan(row['balance'])}, "
            f"{yuan(row['expected'])} expected from the row before, off by {yuan(gap)} yuan. Something may have been "
            "added, taken out or changed here: get the statement from the bank itself.",
            evidence("bank", bank.loc[[label]], f"余额 {yuan(row['balance'])} 元，应为 {yuan(row['expected'])} 元"),
            amount=int(gap),
        )
        for (label, row), subject, gap in zip(broken.iterrows(), row_subject(broken, "serial"), off, strict=True)
    ]
    told = bank.loc[bank["balance"].notna(), "account"]
    silent = ~open_["account"].isin(told) & (open_["account"] != "")
    untested = [
        Untested(Subject("account", str(account)), f"账户 {account} 的流水没有余额", f"{account}: no balances", len(of))
        for account, of in open_[silent].groupby("account", sort=True)
    ]
    open_ = open_[~silent]
    untested += [
        Untested(subject, f"流水 {subject.id}：{zh}", f"{subject.id}: {en}")
        for subject, zh, en in zip(row_subject(open_, "serial"), open_["reason"], open_["reason_en"], strict=True)
    ]
    return RULE.verdict(int((rows["state"] != FIRST).sum()), findings, untested)
