"""The bank reconciliation statement (银行存款余额调节表): what lies between the bank's balance and the book's."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import pandas as pd

from auditkit.model import Books, Case
from auditkit.reconcile.bank import reconciled

RECEIVED: Final = "企业已收银行未收"
PAID: Final = "企业已付银行未付"
BANK_RECEIVED: Final = "银行已收企业未收"
BANK_PAID: Final = "银行已付企业未付"
FEES: Final = "渠道手续费"
KINDS: Final = (RECEIVED, PAID, BANK_RECEIVED, BANK_PAID, FEES)
_NEVER: Final = pd.Timestamp("2262-01-01")
UNASSIGNED: Final = "（未指明账户）"


@dataclass(frozen=True, slots=True)
class Bridge:
    """The statements of all public accounts and month ends, and their items.

    Shape: `statements` account, month_end, bank_balance, the five KINDS (sums, signed as money in less money out),
    book_balance, difference · `items` account, month_end, kind, table, label, date, amount, age_days.
    Units: fen; bank_balance + 企业已收 + 企业已付 + 渠道手续费 = book_balance + 银行已收 + 银行已付.
    """

    statements: pd.DataFrame
    items: pd.DataFrame


def bridge(books: Books, case: Case) -> Bridge:
    """The statements at each month's end of the period, computed once."""
    return books.once("bridge", lambda: _bridge(books, case))


def _bridge(books: Books, case: Case) -> Bridge:
    bank, ledger = _moves(books, case)
    ends = [p.end_time.normalize() for p in pd.period_range(case.start, case.end, freq="M")]
    statements: list[dict[str, Any]] = []
    items: list[pd.DataFrame] = []
    openings = _openings(books)
    for account in sorted({*bank["account"], *ledger["account"]}):
        own = {"bank": bank[bank["account"] == account], "ledger": ledger[ledger["account"] == account]}
        laid_out = _laid_out(own)
        for end in ends:
            left = laid_out[(laid_out["since"] <= end) & (laid_out["until"] > end)].drop(columns=["since", "until"])
            sums = left.groupby("kind")["amount"].sum().to_dict()
            line = {kind: int(sums.get(kind, 0)) for kind in KINDS}
            opening = openings.get(account, 0)
            balance = opening + int(own["bank"].loc[own["bank"]["date"] <= end, "amount"].sum())
            book = opening + int(own["ledger"].loc[own["ledger"]["date"] <= end, "amount"].sum())
            ours = balance + line[RECEIVED] + line[PAID] + line[FEES]
            statements.append(
                {
                    "account": account, "month_end": end, "bank_balance": balance, **line, "book_balance": book,
                    "difference": ours - book - line[BANK_RECEIVED] - line[BANK_PAID],
                }
            )  # fmt: skip
            items.append(left.assign(account=account, month_end=end, age_days=(end - left["date"]).dt.days))
    columns = ["account", "month_end", "kind", "table", "label", "date", "amount", "age_days"]
    joined = pd.concat(items, ignore_index=True)[columns] if items else pd.DataFrame(columns=columns)
    return Bridge(pd.DataFrame(statements), joined)


def _moves(books: Books, case: Case) -> tuple[pd.DataFrame, pd.DataFrame]:
    """What moved on each account by the bank, and what the book says moved, tied by groups.

    Money between listed accounts, reversed pairs and cash that was walked to the bank move on both sides alike and
    are no item: the book is given the bank's own row. Interest has rows of its own on both sides.
    """
    view = reconciled(books, case)
    statement, own = view.sides["statement"], view.sides["ledger"]
    statement = statement[~statement["repeated"]]
    bank = _side(statement, "bank")
    apart = (bank["state"] == "netted") & ~bank.index.isin(view.interest.index)
    bank.loc[apart, "group"] = [f"same-{label}" for label in bank.index[apart]]
    bank["asked"] = statement["open"].astype("int64").where(~apart, bank["amount"])
    walked = bank[bank["amount"] != bank["asked"]]
    walked = walked.assign(amount=walked["amount"] - walked["asked"], group=[f"cash-{at}" for at in walked.index])
    rest = bank.assign(amount=bank["asked"])
    alike = pd.concat([rest[apart], walked]).assign(table="ledger")
    ledger = _side(own[(own["state"] != "netted") | (own["reason"] == "利息")], "ledger")
    answers = view.interest.dropna(subset=["answer"]) if "answer" in view.interest else view.interest
    for credit, answer in answers["answer"].items() if len(answers) else ():
        rest.loc[rest["label"] == credit, "group"] = f"interest-{answer}"
        ledger.loc[ledger["label"] == answer, "group"] = f"interest-{answer}"
    ledger = _assign(ledger, rest)
    return pd.concat([rest[rest["amount"] != 0], walked]), pd.concat([ledger, alike])


def _side(side: pd.DataFrame, table: str) -> pd.DataFrame:
    frame = side[["date", "amount", "account", "group", "state"]].copy()
    frame["amount"] = frame["amount"].astype("int64")
    frame["charge"] = side["category"].eq("手续费") if "category" in side else False
    return frame.assign(table=table, label=side.index)


def _assign(ledger: pd.DataFrame, bank: pd.DataFrame) -> pd.DataFrame:
    """A row that names no account is the account's of the bank rows that answer it, or the only one's there is."""
    of = bank[bank["group"] != ""].groupby("group")["account"].first()
    answered = ledger["group"].map(of)
    known = sorted(set(bank["account"]))
    rest = known[0] if len(known) == 1 else UNASSIGNED
    own = ledger["account"].where(ledger["account"] != "", rest)
    return ledger.assign(account=own.where(answered.isna(), answered))


def _openings(books: Books) -> dict[str, int]:
    """What each account held before its first statement row; nothing where no balance is printed."""
    found: dict[str, int] = {}
    if len(books.statements):
        ordered = books.statements.sort_values(["account", "first"])
        for account, opening in zip(ordered["account"], ordered["opening"], strict=True):
            if account not in found and not pd.isna(opening):
                found[str(account)] = int(opening)
    return found


def _laid_out(own: dict[str, pd.DataFrame]) -> pd.DataFrame:
    """Every row of an account, and what a group's sides differ by, with the days between which it is an item.

    Shape: date, amount, kind, table, label; `since` the first day it stands open, `until` the day it is answered.
    """
    rows = pd.concat([own["bank"], own["ledger"]], ignore_index=True)
    by = rows[rows["group"] != ""].groupby("group")
    last = by["date"].max()[by["table"].nunique() == 2]
    fee_rows = rows["charge"] & (rows["table"] == "ledger") & (rows["amount"] < 0)
    received, paid = rows["table"].map({"bank": BANK_RECEIVED}), rows["table"].map({"bank": BANK_PAID})
    kind = received.fillna(RECEIVED).where(rows["amount"] > 0, paid.fillna(PAID)).mask(fee_rows, FEES)
    until = pd.Series(last.reindex(rows["group"]).to_numpy(), index=rows.index, dtype=rows["date"].dtype).fillna(_NEVER)
    tied = rows[until.ne(_NEVER)]
    signed = tied["amount"].where(tied["table"] == "ledger", -tied["amount"])
    gaps = signed.groupby(tied["group"]).sum()
    gaps = gaps[gaps != 0]
    day = last.reindex(gaps.index)
    fees = {"date": day, "amount": gaps, "kind": FEES, "table": "group", "label": gaps.index, "since": day}
    both = [
        rows.assign(kind=kind, since=rows["date"], until=until),
        pd.DataFrame(fees, index=gaps.index).assign(until=_NEVER),
    ]
    columns = ["date", "amount", "kind", "table", "label", "since", "until"]
    return pd.concat([one[columns] for one in both if len(one)] or [both[0][columns]], ignore_index=True)
