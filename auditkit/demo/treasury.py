"""The accounts themselves: interest, charges, bank errors, transfers, and cash on its way to the bank."""

from __future__ import annotations

import datetime as dt

from auditkit.demo import names
from auditkit.demo.books import DAY, Compound, Row
from auditkit.demo.workdays import is_workday, workdays_after

DEPOSIT_WORDS = ("存现", "现金存入", "现存", "ATM存款")


def open_accounts(c: Compound) -> None:
    """The list of accounts: the compound's own, the channel's, the company's, the fund's, a closed private one."""
    holder = c.facts["compound_name"] + ("物业管理委员会" if c.style.council else "业主大会")

    def account(name: str, kind: str, closed: dt.date | None = None) -> str:
        number = "0501" + names.digits(c.rng, 13)
        c.add("accounts", account=number, account_name=name, kind=kind, opened_on=dt.date(2021, 6, 1), closed_on=closed)
        return number

    c.account = account(holder, "公共收益专户")
    if c.style.joint_account:
        c.joint = account(holder + "共管户", "共管账户")
    if c.style.channel == "merchant":
        c.merchant = account(holder + "（微信商户）", "微信商户")
    c.company_account = account(c.facts["company_name"], "物业企业账户")
    c.fund_account = account("虚构县住宅专项维修资金管理中心", "维修资金专户")
    c.personal_account = account(names.person(c.rng), "个人账户", dt.date(c.year - 1, 6, 30))


def use_accounts(c: Compound) -> None:
    """What passes over the accounts beside income and cost, and the rows that show what days a statement covers."""
    holder = c.rows["accounts"][0]["account_name"]
    before, after = dt.date(c.year - 1, 12, 11), dt.date(c.year + 1, 1, 24)
    for other in filter(None, (c.joint, c.merchant)):
        _transfer(c, c.account, other, 50_000, before, holder)
        _transfer(c, other, c.account, 20_000, after, holder)
    for day in (before, after):
        c.debit(day, 300, "", "账户管理费")
    c.debit(dt.date(c.year, 7, 1), 200, "", "短信服务费")
    fee = 4_500
    c.cost("charge", dt.date(c.year, 3, 27), "手续费", fee, summary="回单打印手续费")
    payer, wrong = c.company("room"), 130_000 + c.rng.randrange(9_000)
    day = dt.date(c.year, 10, 21)
    c.credit(day, wrong, payer, "转账")
    c.debit(day + DAY, wrong, payer, "冲正 误入账退回")
    _returned_payment(c)
    _interest(c)


def _transfer(c: Compound, source: str, target: str, amount: int, day: dt.date, holder: str) -> None:
    c.debit(day, amount, holder, "账户间划转", account=source, counterparty_account=target)
    c.credit(day, amount, holder, "账户间划转", account=target, counterparty_account=source)


def _returned_payment(c: Compound) -> None:
    """A payment bounced for a wrong account number and was made again; the ledger has it once."""
    entry = next(e for e in c.entries if e.kind == "parts")
    paid = entry.bank[0]
    earlier = paid["date"] - DAY * 4
    c.debit(earlier, paid["debit"], paid["counterparty"], paid["summary"])
    c.credit(earlier + DAY, paid["debit"], paid["counterparty"], "退回 账号有误")


def _interest(c: Compound) -> None:
    """Each quarter's interest; that of the middle two quarters was booked as one."""
    amounts = [c.rng.randint(3_000, 15_000) for _ in range(4)]
    days = [dt.date(c.year, month, 21) for month in (3, 6, 9, 12)]
    credits = [c.credit(d, a, "", "结息") for d, a in zip(days, amounts, strict=True)]

    def book(day: dt.date, picked: list[int]) -> None:
        row = c.ledger(
            day, "收入", "利息", sum(amounts[n] for n in picked), method="其他", summary=f"{len(picked)}个季度存款利息"
        )
        c.enter("interest", [row], [credits[n] for n in picked])

    book(days[0], [0])
    book(days[2] + DAY * 4, [1, 2])
    book(days[3] + DAY * 2, [3])


def stalls(c: Compound) -> None:
    """Weekend stalls pay in cash; equal fees of one day are told apart by their ticket."""
    ticket = c.rng.randrange(1000, 5000)
    day = c.first + DAY * ((5 - c.first.weekday()) % 7)
    while day <= c.last - DAY * 10:
        for _ in range(c.rng.randrange(4)):
            ticket += 1
            c.ledger(
                day, "收入", "场地租赁", c.rng.choice((3000, 5000, 8000)), method="现金",
                summary=f"临时摆位费 票号{ticket:06d}",
            )  # fmt: skip
        day += DAY * 7
    c.ledger(dt.date(c.year, 9, 27), "收入", "场地租赁", 20_000, method="现金", summary="国庆促销场地费 票号900001")


def bank_cash(c: Compound) -> list[Row]:
    """The till is emptied into the account, at the latest on the last day that is allowed; the deposits."""
    cash = [r for r in c.rows["ledger"] if r["method"] == "现金" and r["direction"] == "收入" and "_held" not in r]
    rows = sorted(cash, key=lambda r: r["date"])
    deposits: list[Row] = []
    till: list[Row] = []
    day, patience = c.first, 2
    while rows or till:
        if till and is_workday(day):
            limit = workdays_after(till[0]["date"], c.style.deposit_days)
            if day >= min(limit, workdays_after(till[0]["date"], patience)):
                word = DEPOSIT_WORDS[len(deposits) % len(DEPOSIT_WORDS)]
                deposits.append(c.credit(day, sum(r["amount"] for r in till), "", word, _cash=till))
                till, patience = [], c.rng.randint(2, c.style.deposit_days)
        while rows and rows[0]["date"] == day:
            till.append(rows.pop(0))
        day += DAY
    return deposits
