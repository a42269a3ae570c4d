"""The running balance of bank statements: which row does not follow from the one before."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import groupby
from typing import Any, Final

import pandas as pd

from auditkit.model import Books, in_doubt
from auditkit.read.trails import chained_order
from auditkit.reconcile.accounts import accounts
from auditkit.reconcile.bank_sides import repeated
from auditkit.reconcile.coverage import statement_parts

FIRST, FOLLOWS, BROKEN, OPEN = "first", "follows", "broken", "open"
_DAY: Final = pd.Timedelta(days=1)
_NOTHING: Final = ("", "")
_UNREAD: Final = ("余额、金额、账号或日期空缺或无法读取", "balance, amount, account or date is blank or cannot be read")
_NO_ACCOUNT: Final = ("此前可能有一行账号空缺或无法读取的流水", "a row without a readable account may stand before it")
_BEFORE: Final = ("此前各行无法读取，无从推算", "the rows before it cannot be read")
_GAP: Final = (
    "与上一份流水之间有未提供的日期，余额不衔接",
    "days before this statement were not given, balances differ",
)
_OVERLAP: Final = ("与上一份流水日期重叠而内容不一致", "this statement overlaps the one before and differs from it")

Said = dict[Any, tuple[str, int | None, str, str]]


@dataclass(slots=True)
class _Chain:
    """What has been said of the rows so far, and the balance that they end with."""

    said: Said = field(default_factory=dict[Any, tuple[str, int | None, str, str]])
    balance: int | None = None
    begun: bool = False
    breaks: int = 0

    def say(self, label: Any, state: str, expected: int | None = None, why: tuple[str, str] = _NOTHING) -> None:
        """What is the matter with a row."""
        self.said[label] = (state, expected, *why)
        self.breaks += state == BROKEN


def chained_statements(books: Books) -> pd.DataFrame:
    """Every bank row with what its balance should be.

    Statements are followed account by account from the oldest day to the newest, however they are sorted; within a day
    the rows stand as written if they chain, else in the order that chains, or breaks least. After a break the chain
    goes on from what is written.

    Shape: indexed by the bank's labels: state (first | follows | broken | open), expected (fen; missing where nothing
    is expected), reason, reason_en.
    """
    bank = books["bank"]
    rows = bank.assign(
        account=accounts(books).numbers(bank["account"]),
        moved=(bank["credit"] - bank["debit"]).mask(in_doubt(bank, "credit", "debit")),
        written=bank["balance"].mask(in_doubt(bank, "balance")),
        unread=in_doubt(bank, "account", "date"),
    )
    days = statement_parts(books).set_index(["account", "file", "sheet"])[["first", "last"]]
    said: Said = {}
    lost = rows[(rows["account"] == "") | in_doubt(bank, "account")]
    for account, of in rows.groupby("account", sort=True):
        said |= _of_account(of, days) if account else dict.fromkeys(of.index, (OPEN, None, *_UNREAD))
        said |= _may_belong_between(of, lost, said)
    frame = pd.DataFrame.from_dict(said, orient="index", columns=["state", "expected", "reason", "reason_en"])
    return frame.astype({"expected": "Int64"}).reindex(bank.index)


def _of_account(rows: pd.DataFrame, days: pd.DataFrame) -> Said:
    chain = _Chain()
    again = repeated(rows)
    before: Any = None
    for of in _statements(rows[~again]):
        _follow(of, chain)
        covered = _covered(of, days)
        label = of.index[0]
        if before is not None and chain.said[label][0] == BROKEN and covered is not None:
            if covered[0] <= before[1]:
                chain.say(label, OPEN, chain.said[label][1], _OVERLAP)
            elif covered[0] > before[1] + _DAY:
                chain.say(label, OPEN, chain.said[label][1], _GAP)
        before = covered or before
    for label in rows.index[again]:
        chain.say(label, FOLLOWS)
    return chain.said


def _may_belong_between(rows: pd.DataFrame, lost: pd.DataFrame, said: Said) -> Said:
    """Rows at which the chain breaks, but a row of no known account, of those days, may stand before them."""
    found: Said = {}
    for label, row in rows[[said[label][0] == BROKEN for label in rows.index]].iterrows():
        expected = said[label][1]
        since = rows.loc[(rows["date"] <= row["date"]) & (rows.index != label), "date"].max()
        near = lost[~(lost["date"] > row["date"]) & ~(lost["date"] < since)].drop(index=[label], errors="ignore")
        off = None if expected is None else int(row["written"]) - expected
        if near["moved"].isna().any() or off in {*near["moved"].dropna(), near["moved"].sum()} - {0}:
            found[label] = (OPEN, expected, *_NO_ACCOUNT)
    return found


def _covered(rows: pd.DataFrame, days: pd.DataFrame) -> tuple[Any, Any] | None:
    """The first and last day that a statement covers."""
    keys = list(rows[["account", "file", "sheet"]].drop_duplicates().itertuples(index=False, name=None))
    known = days.loc[days.index.isin(keys)]
    return (known["first"].min(), known["last"].max()) if len(known) else None


def _statements(rows: pd.DataFrame) -> list[pd.DataFrame]:
    """The statements of an account in the order of time, each from its oldest row to its newest.

    Sheets whose days overlap are one statement where they chain better so: money in on one sheet, money out on another.
    """
    sheets = [_in_time(of.sort_values("row")) for _, of in rows.groupby(["file", "sheet"], sort=True)]
    sheets.sort(key=lambda of: pd.Timestamp.max if of["date"].isna().all() else of["date"].min())
    found: list[pd.DataFrame] = []
    for sheet in sheets:
        if found and sheet["date"].min() < found[-1]["date"].max():
            one = pd.concat([found[-1], sheet]).sort_values("date", kind="stable")
            if _breaks(one) < _breaks(found[-1]) + _breaks(sheet):
                found[-1] = one
                continue
        found.append(sheet)
    return found


def _in_time(rows: pd.DataFrame) -> pd.DataFrame:
    """A statement from its oldest row to its newest: as written, backwards, or by date, whichever breaks least."""
    dates = rows["date"].dropna()
    if dates.nunique() > 1 and dates.is_monotonic_increasing:
        return rows
    if dates.nunique() > 1 and dates.is_monotonic_decreasing:
        return rows.iloc[::-1]
    return min((rows, rows.iloc[::-1], rows.sort_values("date", kind="stable")), key=_breaks)


def _breaks(rows: pd.DataFrame) -> int:
    chain = _Chain()
    _follow(rows, chain)
    return chain.breaks


def _follow(rows: pd.DataFrame, chain: _Chain) -> None:
    """Goes on along a statement, day by day."""
    day = (rows["date"] != rows["date"].shift()).cumsum().tolist()
    moved, written, index = rows["moved"].tolist(), rows["written"].tolist(), rows.index.tolist()
    readable = (rows["moved"].notna() & rows["written"].notna() & ~rows["unread"]).tolist()
    for _, of in groupby(range(len(rows)), key=day.__getitem__):
        places = list(of)
        labels = [index[place] for place in places]
        if not all(readable[place] for place in places):
            _as_written(labels, [(moved[p], written[p], readable[p]) for p in places], chain)
            continue
        steps = [(int(written[p]) - int(moved[p]), int(written[p])) for p in places]
        for at in chained_order(steps, chain.balance):
            _step(labels[at], steps[at], chain)


def _step(label: Any, step: tuple[int, int], chain: _Chain) -> None:
    before, after = step
    if not chain.begun:
        chain.say(label, FIRST)
    elif chain.balance is None:
        chain.say(label, OPEN, None, _BEFORE)
    else:
        state = FOLLOWS if before == chain.balance else BROKEN
        chain.say(label, state, chain.balance + after - before)
    chain.begun, chain.balance = True, after


def _as_written(labels: list[Any], rows: list[tuple[Any, Any, bool]], chain: _Chain) -> None:
    """A day with rows that cannot be read: these are open, and what can be read of them carries the chain on."""
    for label, (moved, written, readable) in zip(labels, rows, strict=True):
        if readable:
            _step(label, (int(written) - int(moved), int(written)), chain)
            continue
        chain.say(label, OPEN if chain.begun else FIRST, None, _UNREAD if chain.begun else _NOTHING)
        chain.begun = True
        if pd.notna(written):
            chain.balance = int(written)
        elif chain.balance is not None:
            chain.balance = chain.balance + int(moved) if pd.notna(moved) else None
