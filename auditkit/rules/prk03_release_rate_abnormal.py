"""PRK03: operators who let out by hand or for nothing far more often than all others together."""

from __future__ import annotations

from fractions import Fraction
from typing import Any, Final

import numpy as np
import pandas as pd
from scipy.stats import false_discovery_control, fisher_exact

from auditkit.model import Books, Case, Finding, Rule, Subject, Untested, Verdict, evidence
from auditkit.money import divide, yuan
from auditkit.reconcile.releases import manned_stays, releases_by_operator
from auditkit.reconcile.stays import SHOWN, mean_ticket, visits
from auditkit.reconcile.tariff import minutes

RULE = Rule(
    "PRK03",
    "release-rate-abnormal",
    "人工或免费放行异常",
    "2.3",
    "S1",
    "indicator",
    ("parking", "parking.release", "parking.operator"),
    "operator",
    ("刑法271",),
    {"stays": 50, "times": 3, "q": 0.01, "outage_stays": 10, "outage_share": 0.5},
)
FEW: Final = ("有记录的操作员不足 2 人，无法比较", "fewer than 2 operators: nobody to compare with")


def examine(books: Books, case: Case) -> Verdict:
    """Each operator's share of such releases against that of all others together, on days without an outage."""
    outage = {name: RULE.thresholds[name] for name in ("outage_stays", "outage_share")}
    rows, doubtful = manned_stays(books, case, **outage)
    each = releases_by_operator(rows)
    unread = doubtful["operator"].value_counts().reindex(each.index, fill_value=0)
    enough = each[each["stays"] + unread >= RULE.thresholds["stays"]]
    if (each["stays"] > 0).sum() < 2:
        alone = [Untested(Subject("operator", str(name)), *FEW) for name in enough.index]
        return RULE.verdict(len(alone), untested=alone, reason="" if alone else FEW[0])
    untested = [
        Untested(
            Subject("operator", str(name)),
            f"{unread[name]} 次停放的时间、类型或放行方式空缺或无法读取，或免费分钟无法读取",
            f"{unread[name]} stays cannot be read",
        )
        for name in enough.index[unread[enough.index] > 0]
    ]
    judged = _compared(each, enough.index[unread[enough.index] == 0])
    ticket = mean_ticket(visits(books, case).rows)
    findings = [_finding(rows, str(name), row, ticket) for name, row in judged[judged["found"]].iterrows()]
    return RULE.verdict(len(enough), findings, untested)


def _compared(each: pd.DataFrame, names: pd.Index[str]) -> pd.DataFrame:
    """The operators judged: whether the share is so much above the others', and by how little chance would do it."""
    judged = each.loc[names]
    of, all_, theirs, others = (judged[c].to_numpy(dtype="int64") for c in ("let_out", "stays", "theirs", "others"))
    tables = np.stack([of, all_ - of, theirs, others - theirs], axis=1).reshape(-1, 2, 2)
    chance = [float(fisher_exact(table, alternative="greater").pvalue) for table in tables]
    q = np.asarray(false_discovery_control(chance) if chance else [], dtype=np.float64)
    above = (of > 0) & (others > 0) & (of * others >= RULE.thresholds["times"] * theirs * all_)
    return judged.assign(q=q, found=above & (q <= RULE.thresholds["q"]))


def _finding(rows: pd.DataFrame, operator: str, of: pd.Series[Any], ticket: Fraction | None) -> Finding:
    stays, let_out, others, theirs = (int(of[c]) for c in ("stays", "let_out", "others", "theirs"))
    least = max(let_out - RULE.thresholds["times"] * Fraction(stays * (theirs + 1), others + 1), Fraction(0))
    low, high, told = None, None, ""
    if ticket is not None:
        low = divide(*(least * ticket).as_integer_ratio())
        high = divide(*((let_out - Fraction(stays * theirs, others)) * ticket).as_integer_ratio())
        told = f"多出的放行按次均实收 {yuan(divide(*ticket.as_integer_ratio()))} 元估算。"
    shown = rows[(rows["operator"] == operator) & rows["let_out"]].iloc[:SHOWN]
    notes = [f"放行方式{r}，{lasted} 分钟" for r, lasted in zip(shown["release"], minutes(shown), strict=True)]
    return RULE.finding(
        Subject("operator", operator),
        f"操作员{operator}：超过免费时长的临时停车 {stays} 次，手动、免费、异常、离线放行 {let_out} 次"
        f"（{let_out / stays:.1%}）；其余操作员合计 {others} 次中 {theirs} 次（{theirs / others:.1%}），"
        f"校正后 q = {of['q']:.2g}。{told}请逐次说明放行原因，调取出口录像和开闸记录。",
        f"Operator {operator} let out {let_out} of {stays} visitors by hand or for nothing ({let_out / stays:.1%}); "
        f"all others together {theirs} of {others} ({theirs / others:.1%}), q = {of['q']:.2g}. Ask for the reason of "
        "each, and for the footage.",
        evidence("parking", shown, notes),
        amount=low,
        up_to=high,
    )
