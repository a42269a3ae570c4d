"""EXT02: rent taken in advance for days after the company left was not handed over."""

from __future__ import annotations

import pandas as pd

from auditkit.model import Books, Case, Finding, Rule, Subject, Untested, Verdict, evidence, in_doubt
from auditkit.money import yuan
from auditkit.reconcile.prepaid import prepaid
from auditkit.reconcile.receipts import nameless, receipts
from auditkit.reconcile.shortfall import NEEDED, TOLERANCE

RULE = Rule(
    code="EXT02",
    name="prepaid-not-handed-over",
    zh="退出后预收款未移交",
    problem="1.4",
    severity="S2",
    kind="exception",
    needs=("contracts", "ledger", "compound.exit_date", "handover"),
    subject="contract_no",
    basis=("民法典949",),
    thresholds={"tolerance_fen": TOLERANCE},
)
_KIND = "预收款项"


def examine(books: Books, case: Case) -> Verdict:
    """Contracts with receipts before the exit for days after it."""
    if in_doubt(books["compound"], "exit_date").any():
        return RULE.verdict(0, reason="物业企业退出日期无法读取")
    left_on = books.compound("exit_date")
    if left_on is None:
        return RULE.verdict(0)
    open_ = _open(books, left_on)
    ahead = prepaid(books, case, left_on)
    ahead = ahead[~ahead.index.isin(list(open_))].reset_index().sort_values(["start", "contract_no"])
    handover = books["handover"]
    rows = handover[(handover["kind"] == _KIND) | in_doubt(handover, "kind")]
    unread = (rows["amount"].isna() | in_doubt(rows, "kind")).any()
    rest = int(rows.loc[rows["kind"] == _KIND, "amount"].sum())
    findings: list[Finding] = []
    untested = [
        Untested(Subject("contract_no", no), f"合同{no}：{why}，预收部分无法计算，未测试", f"Contract {no} is in doubt")
        for no, why in sorted(open_.items())
    ]
    for number, most, least in zip(ahead["contract_no"], ahead["prepaid"], ahead["least"], strict=True):
        given = min(rest, int(most))
        rest -= given
        short = int(most) - given
        if short >= TOLERANCE and (unread or int(least) - given < TOLERANCE):
            why = "移交的预收款项金额未写或无法读取" if unread else "台账期初的一笔收款可能属于更早一期"
            untested.append(Untested(Subject("contract_no", number), f"合同{number}：{why}，未测试", "Cannot be told"))
        elif short >= TOLERANCE:
            findings.append(_finding(books, number, left_on, int(most), given, rows))
    return RULE.verdict(len(ahead) + len(open_), findings, untested)


def _open(books: Books, left_on: pd.Timestamp) -> dict[str, str]:
    """Contracts that may run on after the exit and cannot be reckoned, and why."""
    contracts, came = books["contracts"], receipts(books)
    came = came[~(came["date"] > left_on)]
    running = contracts[~(contracts["end"] <= left_on) & ~(contracts["terminated_on"] <= left_on)]
    unnamed = running.loc[running["category"].isin(nameless(books)) & (running["start"] <= left_on), "contract_no"]
    running = running[running["contract_no"].isin(came["contract_no"])]
    doubt = running.loc[in_doubt(running, *NEEDED), "contract_no"]
    unread = came.loc[
        (came["unread"] | came["mixed"]) & came["contract_no"].isin(running["contract_no"]), "contract_no"
    ]
    found = dict.fromkeys(unread, "退出前的收款有空缺或无法读取的内容，或租金与押金未分列")
    found |= dict.fromkeys(unnamed, "台账收入既无合同编号又无对方，不知道是哪份合同的")
    return found | dict.fromkeys(doubt, "合同的日期、金额或付款方式空缺或无法读取")


def _finding(books: Books, number: str, left_on: pd.Timestamp, ahead: int, given: int, handed: pd.DataFrame) -> Finding:
    contracts, came = books["contracts"], receipts(books)
    came = came[(came["contract_no"] == number) & (came["date"] <= left_on)]
    rows = books["ledger"].loc[came["row"]]
    return RULE.finding(
        Subject("contract_no", number),
        f"合同{number}：物业企业{left_on:%Y-%m-%d}退出前所收租金中，退出之后各日的部分按天计{yuan(ahead)}元，"
        f"移交清单的预收款项抵去{yuan(given)}元，尚有{yuan(ahead - given)}元未见移交。请核对移交协议和新物业企业的收款",
        f"Contract {number}: {yuan(ahead)} yuan received before the exit on {left_on:%Y-%m-%d} is for later days, "
        f"{yuan(given)} was handed over",
        [
            *evidence("contracts", contracts[contracts["contract_no"] == number], f"退出后预收 {yuan(ahead)} 元"),
            *evidence("ledger", rows, "退出前收款"),
            *evidence("handover", handed, "移交的预收款项"),
        ],
        amount=ahead - given,
    )
