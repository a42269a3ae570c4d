"""How a property company leaves: the steps that the law asks for, and what is to be handed over."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any, Final

import pandas as pd

from auditkit.model import Books, Case, in_doubt
from auditkit.reconcile.closing import Account, Closing, account_to, balance_at_exit
from auditkit.reconcile.prepaid import prepaid_parts
from auditkit.reconcile.terms import in_force
from auditkit.reconcile.votes import recount

NOTICE_DAYS: Final = 60
"""Days before the end by which owners who dismiss the company tell it in writing (民法典 946)."""
WITHIN: Final = pd.DateOffset(years=1)
"""A resolution older than this hired the company or kept it; a heuristic."""
KEPT, MISSED, UNKNOWN, TOLD = "kept", "missed", "unknown", "told"

DUTIES: Final = (
    ("balance", "公共收益结余", "民法典949", ""),
    ("prepaid", "预收款项", "民法典949", ""),
    ("deposits", "押金", "民法典949", ""),
    ("drawings", "资料", "物业管理条例29", "竣工|图纸|总平面|验收|管网"),
    ("equipment", "资料", "物业管理条例29", "设施|设备|安装|维护|保养|技术|检测|检验"),
    ("warranty", "资料", "物业管理条例29", "保修|质保|使用说明"),
    ("owners", "资料", "物业管理条例29", "业主|名册|清册|档案|房屋"),
    ("accounts", "资料", "民法典949", "台账|账册|账簿|凭证|会计|票据|收据|流水|财务|账目"),
    ("contracts", "资料", "民法典949", "合同|协议"),
    ("resolutions", "资料", "民法典949", "决议|表决|公示"),
    ("parking", "资料", "民法典949", "停车|月卡|道闸|车辆|车位"),
    ("rooms", "用房设施", "物业管理条例38", "用房|办公|值班|门房"),
    ("facilities", "用房设施", "民法典949", "设施|设备|电梯|消防|配电|监控|门禁|道闸|钥匙|水泵"),
)
"""What a company hands over: key, kind of the handover list, where the law says so, words of an item that mean it."""


@dataclass(frozen=True, slots=True)
class Step:
    """A step of the exit: what the law asks for, what the papers show.

    `by` is the day by which it is asked for, `day` the one on which it took place; `days` counts between two.
    """

    key: str
    article: str
    state: str
    by: pd.Timestamp | None = None
    day: pd.Timestamp | None = None
    days: int | None = None
    note: str = ""
    rows: pd.DataFrame = field(default_factory=pd.DataFrame)


@dataclass(frozen=True, slots=True)
class Exit:
    """The exit of one company.

    Shape: `votes` as reconcile.votes.recount gives them, of the resolutions that may have dismissed it; `duties` key,
    kind, article, found, items, handed_on, expected, handed (fen, missing where no amount belongs to it); `prepaid` the
    instalments that reach past the exit.
    """

    left_on: pd.Timestamp
    steps: tuple[Step, ...]
    votes: pd.DataFrame
    account: Account
    closing: Closing | None
    why: tuple[str, str] | None
    prepaid: pd.DataFrame
    duties: pd.DataFrame


def exit_of(books: Books, case: Case) -> Exit | None:
    """How the company left; None where no day of its exit can be read."""
    left_on = books.compound("exit_date")
    if left_on is None or in_doubt(books["compound"], "exit_date").any():
        return None
    day = pd.Timestamp(left_on)
    dismissals = _dismissals(books, day)
    closing, why = balance_at_exit(books, case, day)
    ahead = prepaid_parts(books, case, day)
    votes = recount(dismissals.tail(1))
    return Exit(
        day,
        tuple(_steps(books, case, day, dismissals.tail(1), votes)),
        votes,
        account_to(books["ledger"], day),
        closing,
        why,
        ahead,
        _duties(books, day, closing, ahead),
    )


def _dismissals(books: Books, left_on: pd.Timestamp) -> pd.DataFrame:
    """Resolutions 选聘解聘 of the year before the exit, since the service began: the last may have ended it."""
    rows = books["resolutions"]
    rows = rows[(rows["matter"] == "选聘解聘") & ~in_doubt(rows, "matter", "date") & (rows["date"] <= left_on)]
    began, since = books.compound("service_start"), left_on - WITHIN
    since = since if began is None else max(since, pd.Timestamp(began))
    return rows[rows["date"] > since].sort_values(["date", "resolution_no"])


def _steps(books: Books, case: Case, left_on: pd.Timestamp, dismissal: pd.DataFrame, votes: pd.DataFrame) -> list[Step]:
    end = books.compound("service_end")
    expired = end is not None and end <= left_on
    voted = None if dismissal.empty else pd.Timestamp(dismissal["date"].iloc[0])
    due = case.pack.number("handover_days", left_on)
    last_day = None if due is None else left_on + pd.Timedelta(days=int(due.value))
    handed = books["handover"]["handed_on"].dropna()
    steps = [
        _vote(voted, dismissal, votes, expired=expired),
        _notice(left_on, voted, expired=expired),
        Step("end", "民法典949", TOLD if end is not None else UNKNOWN, day=end),
        Step("exit", "民法典949", TOLD, day=left_on, days=None if end is None else (left_on - end).days),
        Step("due", "民法典949", UNKNOWN if due is None else TOLD, by=last_day, note="" if due is None else due.source),
    ]
    for day in sorted(handed.unique()):
        state = TOLD if last_day is None else KEPT if day <= last_day else MISSED
        rows = books["handover"][books["handover"]["handed_on"] == day]
        steps.append(Step("handed", "民法典949", state, last_day, day, (day - left_on).days, rows=rows))
    if handed.empty:
        steps.append(Step("handed", "民法典949", UNKNOWN, last_day))
    return steps


def _vote(voted: pd.Timestamp | None, dismissal: pd.DataFrame, votes: pd.DataFrame, *, expired: bool) -> Step:
    """The owners' vote; a contract that ran out needs none (民法典 947)."""
    if voted is None:
        return Step("vote", "民法典947" if expired else "民法典278", TOLD if expired else UNKNOWN)
    state = UNKNOWN if not votes["verifiable"].all() else KEPT if votes["holds"].all() else MISSED
    return Step("vote", "民法典278", state, day=voted, note=dismissal["resolution_no"].iloc[0], rows=dismissal)


def _notice(left_on: pd.Timestamp, voted: pd.Timestamp | None, *, expired: bool) -> Step:
    """The written notice: its day is on no paper, but it cannot be older than the vote."""
    latest = left_on - pd.Timedelta(days=NOTICE_DAYS)
    if expired and voted is None:
        return Step("notice", "民法典947", TOLD)
    days = None if voted is None else (left_on - voted).days
    state = MISSED if days is not None and days < NOTICE_DAYS and not expired else UNKNOWN
    return Step("notice", "民法典946", state, by=latest, days=days)


def _duties(books: Books, left_on: pd.Timestamp, closing: Closing | None, ahead: pd.DataFrame) -> pd.DataFrame:
    """What is to be handed over against what the handover list has; an item counts for every duty that it names."""
    listed, contracts = books["handover"], books["contracts"]
    running = contracts[in_force(contracts, left_on, left_on)]
    expected: dict[str, Any] = {
        "balance": None if closing is None else closing.amount,
        "prepaid": int(ahead["after"].sum()),
        "deposits": int(running["deposit"].sum()),
    }
    lines: list[dict[str, Any]] = []
    for key, kind, article, words in DUTIES:
        rows = listed[listed["kind"] == kind]
        rows = rows[rows["item"].str.contains(words, flags=re.IGNORECASE, regex=True)] if words else rows
        money = key in expected
        lines.append(
            {
                "key": key, "kind": kind, "article": article, "found": len(rows) > 0,
                "items": "、".join(dict.fromkeys(rows["item"])), "handed_on": rows["handed_on"].max(),
                "expected": expected.get(key), "handed": int(rows["amount"].sum()) if money else None,
            }
        )  # fmt: skip
    frame = pd.DataFrame(lines).astype({"expected": "Int64", "handed": "Int64"})
    return frame.assign(handed_on=pd.to_datetime(frame["handed_on"]))
