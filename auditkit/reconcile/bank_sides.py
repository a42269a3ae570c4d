"""The two sides that are matched: the ledger's rows that money must have moved for, and the bank's rows."""

from __future__ import annotations

from typing import Any, Final

import pandas as pd

from auditkit.model import Books, in_doubt
from auditkit.reconcile.accounts import MERCHANT, PUBLIC, UNLISTED, accounts
from auditkit.reconcile.cash import CASH
from auditkit.reconcile.names import one_contains_other
from auditkit.reconcile.reversals import part_reversals, reversals

CHARGE: Final = "手续费|服务费|管理费|工本费"
"""Words of a debit's summary that say a bank's or a channel's charge."""
_BANK: Final = "银行|信用社|农商行|农信"
_SAME: Final = ["account", "date", "time", "credit", "debit", "balance", "counterparty", "summary"]


def statement_side(books: Books) -> pd.DataFrame:
    """Bank rows that can be read, on accounts of the list; money in is positive.

    Shape: indexed by the bank's labels: id, date, amount, counterparty, text, reference, account, counterparty_account,
    category (of a bank's own charges), method (of a merchant's account), time, public, repeated (stands on an earlier
    statement too).
    Units: fen.
    """
    known, bank = accounts(books), books["bank"]
    rows = bank[~in_doubt(bank, "account", "date", "credit", "debit")]
    number = known.numbers(rows["account"])
    kind = known.kinds_of(number)
    side = pd.DataFrame(
        {
            "id": _ids(rows, "serial"),
            "date": rows["date"],
            "amount": (rows["credit"] - rows["debit"]).astype("int64"),
            "counterparty": rows["counterparty"],
            "text": rows["summary"],
            "reference": rows["serial"],
            "account": number,
            "counterparty_account": known.numbers(rows["counterparty_account"]),
            "category": _charges(rows),
            "method": kind.map(MERCHANT).fillna("").astype("str"),
            "time": rows["time"],
            "public": kind.isin(PUBLIC),
            "repeated": repeated(rows.assign(account=number)),
        },
        index=rows.index,
    )
    return side[(side["amount"] != 0) & (number != "") & (kind != UNLISTED)]


def _charges(rows: pd.DataFrame) -> pd.Series[Any]:
    """«手续费» for what a bank charges by itself, "" for all else: no other row says its category."""
    own = (rows["counterparty"] == "") | rows["counterparty"].str.contains(_BANK)
    charge = (rows["debit"] > 0) & own & rows["summary"].str.contains(CHARGE)
    return charge.map({True: "手续费", False: ""}).astype("str")


def repeated(rows: pd.DataFrame) -> pd.Series[bool]:
    """Rows that stand on an earlier file or sheet too: two downloads overlap. Within one sheet nothing repeats."""
    told = (rows["serial"] != "") | rows["balance"].notna() | (rows["time"] != "")
    key = rows[_SAME].assign(serial=rows["serial"])
    key["again"] = rows.groupby([*key.columns, "file", "sheet"], sort=False, dropna=False).cumcount()
    return key.duplicated() & told


def ledger_side(books: Books, statement: pd.DataFrame, window: int) -> pd.DataFrame:
    """Ledger rows that can be read and are not in cash; income is positive.

    `leaves`: a red-letter row and what it takes back, unless the bank shows the movements of both; and a red-letter row
    by itself, unless the bank shows it. A row of which a red-letter row takes back a part counts with what is left.

    Shape: indexed by the ledger's labels: id, date, amount, counterparty, text, reference, account, category, method,
    contract_no, public (on a public account, or naming none), leaves.
    Units: fen.
    """
    known, ledger = accounts(books), books["ledger"]
    rows = ledger[~in_doubt(ledger, "date", "direction", "amount") & (ledger["method"] != CASH)]
    number = known.numbers(rows["account"])
    amount = rows["amount"].astype("int64")
    side = pd.DataFrame(
        {
            "id": _ids(rows, "voucher_no"),
            "date": rows["date"],
            "amount": amount.where(rows["direction"] == "收入", -amount),
            "counterparty": rows["counterparty"],
            "text": rows["summary"],
            "reference": rows["invoice_no"],
            "account": number,
            "category": rows["category"],
            "method": rows["method"],
            "contract_no": rows["contract_no"],
            "public": (number == "") | known.kinds_of(number).isin(PUBLIC),
        },
        index=rows.index,
    )
    side = side.assign(leaves=_leaves(side, amount, reversals(books), statement, window))
    return _less_parts(side, part_reversals(books).dropna(), statement, window)


def _less_parts(side: pd.DataFrame, parts: pd.DataFrame, statement: pd.DataFrame, window: int) -> pd.DataFrame:
    """Rows of which a red-letter row takes back a part, at what is left of them, unless the bank shows the whole."""
    parts = parts[parts["original"].isin(side.index) & parts["reversal"].isin(side.index)]
    back = side["amount"].loc[parts["reversal"]].groupby(parts["original"].to_numpy()).sum()
    back = back.drop(index=[label for label in back.index if _shown(side.loc[label], statement, window)])
    return side.assign(amount=side["amount"].add(back, fill_value=0).astype("int64"))


def _leaves(
    side: pd.DataFrame, written: pd.Series[Any], pairs: pd.DataFrame, statement: pd.DataFrame, window: int
) -> pd.Series[bool]:
    shown = {label for label in side.index[written < 0] if _shown(side.loc[label], statement, window)}
    out = set(side.index[written <= 0]) - shown
    for reversal, original in zip(pairs["reversal"], pairs["original"], strict=True):
        if reversal not in shown or original not in side.index or not _shown(side.loc[original], statement, window):
            out |= {reversal, original}
    return pd.Series(side.index.isin(list(out)), index=side.index, dtype="bool")


def _shown(row: pd.Series[Any], statement: pd.DataFrame, window: int) -> bool:
    """Whether the bank shows a row's own movement, with a counterparty of its name."""
    near = statement[
        (statement["amount"] == row["amount"])
        & ((statement["date"] - row["date"]).dt.days.abs() <= window)
        & ((row["account"] == "") | (statement["account"] == row["account"]))
    ]
    return any(one_contains_other(name, row["counterparty"]) for name in near["counterparty"])


def _ids(rows: pd.DataFrame, column: str) -> pd.Series[Any]:
    """The row's own number where no other row has it, else its place: the same whatever the order of the rows."""
    own = rows[column]
    place = rows["file"] + "#" + rows["sheet"] + "!" + rows["row"].astype("str")
    return own.where((own != "") & ~own.duplicated(keep=False), place).astype("str")
