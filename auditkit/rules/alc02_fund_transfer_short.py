"""ALC02: what went into the maintenance fund, against the least share that local rules ask for."""

from __future__ import annotations

from auditkit.model import Books, Case, Rule, Subject, Verdict, evidence
from auditkit.money import exact, share, yuan
from auditkit.reconcile.allocation import FUND, TRANSFERS, LedgerSum, ledger_sum, not_tested, prescribed, shown
from auditkit.reconcile.spans import Days

RULE = Rule(
    "ALC02",
    "fund-transfer-short",
    "维修资金划转不足",
    "2.3",
    "S2",
    "exception",
    ("ledger", "pack.fund_share_min"),
    "period",
    ("local",),
    {"shortfall_fen": 100},
)


def examine(books: Books, case: Case) -> Verdict:
    """The pack's share of its base, each number for the days on which it is in force, less the transfers."""
    numbers = prescribed(case, "fund_share_min")
    if not numbers:
        return RULE.verdict(0, reason="地方标准未载入：维修资金划转最低比例")
    subject = Subject("period", f"{case.start:%Y-%m-%d}/{case.end:%Y-%m-%d}")
    due, reckoned, earned, paid = 0, list[str](), list[LedgerSum](), list[LedgerSum]()
    for number, days in numbers:
        kind = _base(case, days)
        parts = [ledger_sum(books["ledger"], days, "收入"), *_less(books, days, kind)]
        earned.append(parts[0])
        paid.append(ledger_sum(books["ledger"], days, "支出", only=(FUND,)))
        for part in (*parts, paid[-1]):
            if len(part.unsure):
                return RULE.verdict(1, untested=[not_tested(subject, part.unsure)])
        base = max(parts[0].amount - sum(part.amount for part in parts[1:]), 0)
        due += share(base, exact(number.value))
        reckoned.append(f"{days} {kind} {yuan(base)} 元 × {float(number.value):.2%}（{number.source}）")
    transferred = sum(part.amount for part in paid)
    short = due - transferred
    if short < RULE.thresholds["shortfall_fen"]:
        return RULE.verdict(1)
    message = (
        f"按地方标准应划入维修资金 {yuan(due)} 元（{'；'.join(reckoned)}），台账维修资金划转 {yuan(transferred)} 元，"
        f"少 {yuan(short)} 元。请提供维修资金专户入账凭证，并说明差额的去向。"
    )
    message_en = (
        f"Local rules ask for {yuan(due)} yuan into the maintenance fund; the ledger has {yuan(transferred)}, short by "
        f"{yuan(short)}. Ask for the fund account's receipts."
    )
    rows = [
        *(e for part in paid for e in evidence("ledger", part.rows, "维修资金划转")),
        *(e for part in earned for e in evidence("ledger", shown(part.rows), "计入基数的收入")),
    ]
    return RULE.verdict(1, [RULE.finding(subject, message, message_en, rows, amount=short)])


def _base(case: Case, days: Days) -> str:
    """总收入, 净收入 or 结余; 净收入, as for resolutions, where the pack names none."""
    number = case.pack.number("fund_share_base", days.first)
    return "净收入" if number is None else str(number.value)


def _less(books: Books, days: Days, kind: str) -> list[LedgerSum]:
    """What the base takes off: nothing, costs, or costs and what the owners got in hand."""
    if kind == "总收入":
        return []
    return [ledger_sum(books["ledger"], days, "支出", but=TRANSFERS if kind == "净收入" else (FUND,))]
