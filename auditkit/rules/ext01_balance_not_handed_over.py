"""EXT01: the balance of the public revenue was not handed over, or late, when the company left."""

from __future__ import annotations

import pandas as pd

from auditkit.model import Books, Case, Rule, Subject, Untested, Verdict, evidence, in_doubt
from auditkit.money import yuan
from auditkit.reconcile.closing import balance_at_exit

RULE = Rule(
    "EXT01",
    "balance-not-handed-over",
    "退出时公共收益结余未移交",
    "1.4",
    "S2",
    "exception",
    ("ledger", "compound.exit_date", "handover"),
    "公共收益结余",
    ("民法典949",),
    {"tolerance_fen": 100},
)
KIND = "公共收益结余"


def examine(books: Books, case: Case) -> Verdict:
    """The ledger's balance on the day the company left, against what the handover list has."""
    if in_doubt(books["compound"], "exit_date").any():
        return RULE.verdict(0, reason="物业企业退出日期无法读取")
    left_on = books.compound("exit_date")
    if left_on is None:
        return RULE.verdict(0)
    handover = books["handover"]
    rows = handover[(handover["kind"] == KIND) & ~in_doubt(handover, "kind")]
    rows = rows[(rows["amount"] != 0).fillna(True)]
    allowed = case.pack.number("handover_days", left_on)
    last_day = None if allowed is None else left_on + pd.Timedelta(days=int(allowed.value))
    late = rows.iloc[:0] if last_day is None else rows[rows["handed_on"] > last_day]
    closing, why = balance_at_exit(books, case, left_on)
    short = None if closing is None else closing.amount - int(rows["amount"].sum())
    if short is not None and short >= RULE.thresholds["tolerance_fen"]:
        if rows["amount"].isna().any() or in_doubt(handover, "kind").any():
            short, why = None, ("移交的公共收益结余金额未写或无法读取", "an amount handed over is blank or unreadable")
    elif last_day is not None and late.empty and rows["handed_on"].isna().any():
        why = "移交日期未写或无法读取，是否逾期", "the day of the handover is blank or unreadable"
    if late.empty and why:
        untested = Untested(Subject("kind", KIND), f"{KIND}：{why[0]}，未测试", f"{KIND}: {why[1]}")
        return RULE.verdict(1, untested=[untested])
    zh, en = [], []
    if closing is not None and short is not None and short >= RULE.thresholds["tolerance_fen"]:
        basis = "台账所写余额" if closing.written else "台账收入减支出"
        handed = int(rows["amount"].sum())
        zh.append(f"{basis} {yuan(closing.amount)} 元，移交 {yuan(handed)} 元，少 {yuan(short)} 元")
        en.append(f"balance {yuan(closing.amount)}, handed over {yuan(handed)}, short by {yuan(short)} yuan")
    if allowed is not None and last_day is not None and len(late):
        day = late["handed_on"].max()
        zh.append(f"{day:%Y-%m-%d} 移交，晚于期限 {last_day:%Y-%m-%d}（{allowed.value} 日，{allowed.source}）")
        en.append(f"handed over on {day:%Y-%m-%d}, due by {last_day:%Y-%m-%d} ({allowed.value} days)")
    if not zh:
        return RULE.verdict(1)
    finding = RULE.finding(
        Subject("kind", KIND),
        f"物业企业 {left_on:%Y-%m-%d} 退出：{'；'.join(zh)}。请核对移交协议、交接当日银行余额和承接方收款回单。",
        f"The company left on {left_on:%Y-%m-%d}: {'; '.join(en)}. See the handover deed, the bank's balance of that "
        "day and the successor's receipt.",
        (
            *evidence("compound", books["compound"], f"退出日期 {left_on:%Y-%m-%d}"),
            *(() if closing is None else evidence("ledger", closing.rows, "截至退出日的最后一行")),
            *evidence("handover", rows, "移交的公共收益结余"),
        ),
        amount=None if short is None else max(short, 0),
    )
    return RULE.verdict(1, [finding])
