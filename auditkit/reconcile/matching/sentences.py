"""What a match says of itself, in Chinese and in English."""

from __future__ import annotations

from functools import lru_cache

from auditkit.money import yuan
from auditkit.reconcile.matching.evidence import CONTAINED, DIFFERENT, SAME, UNNAMED

_PARTY = {
    SAME: ("户名相同", "same counterparty"),
    CONTAINED: ("户名一方包含另一方", "one name contains the other"),
    UNNAMED: ("一方未载户名或仅载渠道", "one side names nobody, or a channel"),
    DIFFERENT: ("户名不符", "names differ"),
}


@lru_cache(maxsize=100_000)
def of_pair(code: str, fee: int, days: int, level: int, numbered: bool) -> tuple[str, str]:
    """A pair's sentence: its pass, and what speaks for it."""
    zh = f"第{code}遍，一对一：" + ("金额相同" if code != "4" else f"扣除手续费 {yuan(fee)} 元后金额相同")
    en = f"pass {code}, one to one: " + (
        "same amount" if code != "4" else f"same amount net of a fee of {yuan(fee)} yuan"
    )
    if numbered:
        zh, en = zh + "，流水号或单据号相符", en + ", a number in common"
    party = _PARTY[level]
    return f"{zh}，{party[0]}，日期相差 {days} 天。", f"{en}, {party[1]}, {days} days apart."


def of_sum(code: str, ledger: int, statement: int, total: int, fee: int, note: str, note_en: str) -> tuple[str, str]:
    """A sum's sentence: its pass, its rows, what they share, the fee."""
    zh = f"第{code}遍，台账 {ledger} 笔对流水 {statement} 笔，共 {yuan(total)} 元：{note}"
    en = f"pass {code}, {ledger} ledger rows to {statement} statement rows, {yuan(total)} yuan: {note_en}"
    if fee:
        zh, en = f"{zh}，手续费 {yuan(fee)} 元", f"{en}, fee {yuan(fee)} yuan"
    return f"{zh}。", f"{en}."
