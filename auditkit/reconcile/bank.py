"""Ledger against bank: what answers what, what leaves first, and what stays over."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, Final

import pandas as pd

from auditkit.model import Books, Case, Subject, row_subject
from auditkit.money import yuan
from auditkit.reconcile.accounts import accounts
from auditkit.reconcile.bank_doubt import (
    answerable,
    doubtful_bank,
    doubtful_ledger,
    may_share_a_sum,
    settled_by,
    unread_kinds,
    unseen_transfers,
)
from auditkit.reconcile.bank_sides import CHARGE, ledger_side, statement_side
from auditkit.reconcile.cash import CASH, CashWalk, says_deposit, walk_cash
from auditkit.reconcile.coverage import coverage
from auditkit.reconcile.decisions import decided, take_matches, undo_matches
from auditkit.reconcile.interest import SAYS_INTEREST, WITHIN_DAYS, interest_rows, pair_interest
from auditkit.reconcile.matching import AMBIGUOUS, LEFT, NETTED, Matches, Settings, match
from auditkit.reconcile.matching.netting import net
from auditkit.reconcile.matching.sides import prepare
from auditkit.reconcile.names import normal_name

UNTESTED: Final = "untested"
SMALL: Final = 500
"""A charge below so many fen that no ledger row answers is left alone."""

_TABLE: Final = {"ledger": ("ledger", "voucher_no", "台账"), "statement": ("bank", "serial", "银行流水")}
_MATCHED_ON: Final = [
    "id", "date", "amount", "counterparty", "text", "reference", "account", "category", "method", "contract_no",
    "counterparty_account", "reversal",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class BankView:
    """What the matching says of each row.

    Shape: `sides["ledger"]` and `sides["statement"]` are indexed by the labels of the books' frames and hold every row
    that can be read (of the ledger those not in cash, of the bank those on public accounts): state (matched | netted |
    ambiguous | left | untested), group, reason and reason_en (why netted or untested), near and near_en (the nearest
    miss in words), rivals (labels of the same side that could be meant instead), open (fen, signed, that the matching
    was asked for: of a cash deposit what the walk left over). `interest`: the bank's interest credits, by label: date,
    amount, account, answer (the ledger's label, or missing), unsure (a ledger row in doubt could answer it).
    Units: fen.
    """

    books: Books
    matches: Matches
    sides: dict[str, pd.DataFrame]
    cash: CashWalk
    interest: pd.DataFrame

    @property
    def fees(self) -> int:
        """Fen that channels kept back, over all matches of the case."""
        return int(self.matches.groups["fee"].sum())

    def rivals(self, side: str, label: Any) -> list[Subject]:
        """The other rows of the side that could be meant instead of this one."""
        table, column, _ = _TABLE[side]
        return row_subject(self.books[table].loc[list(self.sides[side].loc[label, "rivals"])], column)

    def remark(self, side: str, label: Any) -> tuple[str, str]:
        """What a finding says beside the row itself: doubt among several sums, other rows that could be meant, the
        nearest miss."""
        row = self.sides[side].loc[label]
        zh, en = "", ""
        if row["state"] == AMBIGUOUS:
            zh += f"{row['reason']}，本项仅为线索。"
            en += " Several sums are possible: an indication only."
        elif len(row["rivals"]):
            zh += f"另有 {len(row['rivals'])} 笔同样可能是没有对应的一笔。"
            en += f" {len(row['rivals'])} other rows could be meant instead."
        if row["near"]:
            zh += f"最接近的是{row['near']}。"
            en += f" Nearest: {row['near_en']}."
        return zh, en

    def groups_table(self) -> pd.DataFrame:
        """One row a match group, as matches.csv has it.

        Shape: group, pass, ledger_rows and statement_rows (lists of file#sheet!row), ledger_amount, statement_amount
        (money in less money out), fee, sentence, sentence_en, remark.
        Units: fen.
        """
        table = self.matches.groups
        for side, view in self.sides.items():
            rows = view[view["group"] != ""]
            paper = self.books[_TABLE[side][0]].loc[rows.index]
            place = paper["file"] + "#" + paper["sheet"] + "!" + paper["row"].astype("str")
            by = rows.assign(place=place).sort_index().groupby("group")
            sums = pd.DataFrame({f"{side}_rows": by["place"].agg(list), f"{side}_amount": by["open"].sum()})
            table = table.merge(sums, left_on="group", right_index=True, how="left")
        first = ["group", "pass", "ledger_rows", "statement_rows", "ledger_amount", "statement_amount", "fee"]
        return table[[*first, "sentence", "sentence_en", "remark"]].reset_index(drop=True)


def reconciled(books: Books, case: Case) -> BankView:
    """The books' ledger against their statements, computed once."""
    return books.once("bank", lambda: _reconcile(books, case))


def _reconcile(books: Books, case: Case) -> BankView:
    every = statement_side(books)
    bank = _begin(every[every["public"]])
    ledger = _begin(ledger_side(books, bank, case.window_days))
    sides = {"ledger": ledger, "statement": bank}
    _leave(bank, bank.index[bank["repeated"]], "两份流水重叠，本行已计入另一份", "it stands on another statement too")
    _leave(ledger, ledger.index[ledger["leaves"]], "红字与其冲销的原记录", "a red-letter row, or what one takes back")
    elsewhere = ledger.index[(ledger["state"] == "") & ~ledger["public"]]
    _say(
        ledger,
        elsewhere,
        UNTESTED,
        "所记账号不是公共收益账户，见 CSH02、CSH03",
        "not on a public account: see CSH02, CSH03",
    )
    _net(ledger, bank, case.window_days, accounts(books).public())
    interest = _take_interest(books, ledger, bank, case.window_days)
    walk = _take_cash(books, case, bank)
    decisions = decided(books)
    by_people = take_matches(decisions, ledger, bank)
    matches = match(_asked(ledger), _asked(bank), window_days=case.window_days, settings=Settings())
    for side, frame in sides.items():
        _answer(frame, matches.rows[matches.rows["side"] == side])
    undone = undo_matches(decisions, ledger, bank)
    if len(by_people) or undone:
        kept = matches.groups[~matches.groups["group"].isin(undone)]
        matches = replace(matches, groups=pd.concat([kept, by_people], ignore_index=True))
    _leave_charges(bank)
    _leave_transfers(bank, every)
    _set_untested(books, case, ledger, bank)
    for side, other in (("ledger", "statement"), ("statement", "ledger")):
        _name_nearest(books, matches.nearest, side, sides[side], other, sides[other])
    return BankView(books, matches, sides, walk, interest)


def _begin(side: pd.DataFrame) -> pd.DataFrame:
    words = dict.fromkeys(("state", "group", "reason", "reason_en", "near", "near_en"), "")
    return side.assign(**words, open=side["amount"], rivals=pd.Series([()] * len(side), index=side.index, dtype=object))


def _say(side: pd.DataFrame, labels: Any, state: str, zh: str, en: str) -> None:
    side.loc[labels, "state"] = state
    side.loc[labels, "reason"] = zh
    side.loc[labels, "reason_en"] = en


def _leave(side: pd.DataFrame, labels: Any, zh: str, en: str) -> None:
    _say(side, labels, NETTED, zh, en)


def _asked(side: pd.DataFrame) -> pd.DataFrame:
    """What the matching is asked about: rows that nothing has taken yet, with what is open of them."""
    rows = side[side["state"] == ""]
    rows = rows.assign(amount=rows["open"], reversal=False)
    return rows[[column for column in _MATCHED_ON if column in rows.columns]]


def _net(ledger: pd.DataFrame, bank: pd.DataFrame, window: int, listed: tuple[str, ...]) -> None:
    """Reversed pairs of the statement, and transfers between public accounts."""
    settings = Settings(listed_accounts=listed)
    one, other = prepare(_asked(ledger), _asked(bank).drop(columns="reversal"))
    label = dict(zip(bank["id"], bank.index, strict=True))
    gone: dict[str, list[Any]] = {}
    for netted in net(one, other, settings, window):
        gone.setdefault(netted.reason, []).extend(label[other.ids[row]] for row in netted.rows)
    for reason, rows in gone.items():
        _leave(bank, rows, reason, "it and its counterpart on the statements cancel out")


def _take_interest(books: Books, ledger: pd.DataFrame, bank: pd.DataFrame, window: int) -> pd.DataFrame:
    """The bank's interest and the ledger's 利息 leave, whether they answer each other or not."""
    said = (bank["state"] == "") & (bank["amount"] > 0) & bank["text"].str.contains(SAYS_INTEREST)
    of = interest_rows(books["ledger"]).reindex(ledger.index)
    plain = ledger[(ledger["state"] == "") & (ledger["amount"] > 0) & (ledger["category"] != "利息")]
    own = [label for label in bank.index[said] if not _of_a_payer(bank.loc[label], plain, window)]
    credits = bank.loc[own, ["date", "amount", "account", "counterparty"]]
    rows = ledger[of & (ledger["state"] == "") & (ledger["amount"] > 0)]
    pairs = pair_interest(rows, credits)
    answer = {credit: row for row, answered in pairs.items() for credit in answered}
    _leave(bank, credits.index, "利息，见 INC07", "interest: see INC07")
    _leave(ledger, rows.index[rows.index.isin(list(pairs)) | (rows["category"] == "利息")], "利息", "interest")
    doubtful = doubtful_ledger(books)
    doubtful = doubtful[doubtful["category"].isin(("利息", "其他收入", ""))]
    return credits.assign(
        answer=pd.Series(answer, dtype=object).reindex(credits.index),
        unsure=answerable(credits, doubtful, WITHIN_DAYS, in_part=True),
    )


def _of_a_payer(credit: pd.Series[Any], ledger: pd.DataFrame, window: int) -> bool:
    """Whether «interest» is what a payer of the ledger paid (租金及逾期利息), not what the bank did."""
    name = normal_name(str(credit["counterparty"]))
    if not name:
        return False
    near = ledger[(ledger["amount"] == credit["amount"]) & ((ledger["date"] - credit["date"]).dt.days.abs() <= window)]
    return bool((near["counterparty"].map(normal_name) == name).any())


def _take_cash(books: Books, case: Case, bank: pd.DataFrame) -> CashWalk:
    """Cash deposits leave as far as the walk spends them."""
    deposits = bank[(bank["state"] == "") & (bank["amount"] > 0) & bank["text"].map(says_deposit).astype("bool")]
    walk = walk_cash(books, case, deposits.sort_values(["date", "time", "id"])[["date", "amount"]])
    spent = walk.spent()
    bank.loc[spent.index, "open"] -= spent
    gone = spent.index[bank.loc[spent.index, "open"] == 0]
    _leave(bank, gone, "存入台账所记现金，见 CSH04", "cash of the ledger: see CSH04")
    return walk


def _answer(side: pd.DataFrame, rows: pd.DataFrame) -> None:
    label = dict(zip(side["id"], side.index, strict=True))
    rows = rows.set_index(rows["id"].map(label))
    side.loc[rows.index, ["state", "group", "reason"]] = rows[["state", "group", "reason"]]
    rivals = [tuple(label[i] for i in ids) for ids in rows["alternatives"].tolist()]
    side.loc[rows.index, "rivals"] = pd.Series(rivals, index=rows.index, dtype=object)


def _leave_charges(bank: pd.DataFrame) -> None:
    charge = bank["state"].isin((LEFT, AMBIGUOUS)) & (bank["amount"] < 0) & (bank["amount"] > -SMALL)
    charge &= bank["text"].str.contains(CHARGE)
    _leave(bank, bank.index[charge], "5 元以下的银行或通道收费", "a bank's or channel's charge below 5 yuan")


def _leave_transfers(bank: pd.DataFrame, every: pd.DataFrame) -> None:
    """Credits that no ledger row answers and that came from another listed account, as its statement shows."""
    left = bank[bank["state"].isin((LEFT, AMBIGUOUS)) & (bank["amount"] > 0)]
    senders = every[~every["public"] & ~every["repeated"] & (every["amount"] < 0)]
    if left.empty or senders.empty:
        return
    rows = pd.concat([left, senders])
    settings = Settings(listed_accounts=tuple(rows["account"].unique()))
    columns = ["id", "date", "amount", "counterparty", "text", "reference", "account", "counterparty_account"]
    none, side = prepare(rows.iloc[:0][columns], rows[columns].assign(reversal=False))
    label = dict(zip(left["id"], left.index, strict=True))
    for netted in net(none, side, settings, 0):
        gone = [label[i] for i in side.ids[list(netted.rows)] if i in label]
        _leave(bank, gone, netted.reason, "a transfer between listed accounts")


def _set_untested(books: Books, case: Case, ledger: pd.DataFrame, bank: pd.DataFrame) -> None:
    """Rows left over that rows in doubt, or days without a statement, could answer."""
    window, covered = pd.Timedelta(days=case.window_days), coverage(books)
    over = ledger["state"].isin((LEFT, AMBIGUOUS))
    beyond = over & ~covered.covers(ledger["account"], ledger["date"] - window, ledger["date"] + window)
    open_, rows = bank["state"].isin((LEFT, AMBIGUOUS)), doubtful_ledger(books)
    edge = ledger[beyond].assign(sign=ledger["amount"].gt(0).astype("int64") * 2 - 1)
    deposit = bank["text"].map(says_deposit).astype("bool")
    cash = rows[(rows["method"] == CASH) & (rows["sign"] >= 0)]
    since = pd.Timestamp.min if cash["date"].isna().any() else cash["date"].min()
    of_cash = deposit & (bank["date"] >= since)
    kinds = unread_kinds(books, ledger[over])
    unread = pd.Series(ledger.index.isin(kinds.index), ledger.index)
    batch = pd.concat([rows[rows["method"] != CASH], kinds])
    mates, wholes = may_share_a_sum(ledger[over & ~unread], bank[open_], batch, case.window_days)
    for side, mask, zh, en in (
        (ledger, beyond, "日期前后 {w} 天超出流水覆盖的期间", "the window reaches past the days that statements cover"),
        (ledger, over & unread, "类别或结算方式无法读取", "its category or method cannot be read"),
        (ledger, over & answerable(ledger, doubtful_bank(books), case.window_days),
         "可能对应一笔无法读取的银行流水", "a bank row that cannot be read could answer it"),
        (ledger, over & ledger.index.isin(list(mates)),
         "与无法读取的台账记录可能同属一笔结算", "it and a ledger row that cannot be read may be of one settlement"),
        (ledger, over & settled_by(ledger, doubtful_bank(books), case.window_days),
         "可能在一笔无法读取的渠道结算之内", "a channel's settlement that cannot be read may hold it"),
        (bank, open_ & bank.index.isin(list(wholes)),
         "可能含一笔无法读取的台账记录", "a ledger row that cannot be read may be in it"),
        (bank, open_ & answerable(bank, edge, case.window_days, in_part=True),
         "只可能对应一笔超出流水覆盖期间的台账记录", "only a ledger row beyond the statements' days could answer it"),
        (bank, open_ & answerable(bank, rows[rows["method"] != CASH], case.window_days),
         "可能对应一笔无法读取的台账记录", "a ledger row that cannot be read could answer it"),
        (bank, open_ & (bank["amount"] > 0) & of_cash,
         "可能存入一笔无法读取的现金收入", "cash of a ledger row that cannot be read may be in it"),
        (bank, open_ & unseen_transfers(bank, accounts(books).public(), covered),
         "对方是本案公共收益账户，但未提供其当日流水", "the other account is public, and its statement was not given"),
    ):  # fmt: skip
        _say(side, side.index[mask & (side["state"] != UNTESTED)], UNTESTED, zh.format(w=case.window_days), en)


def _name_nearest(
    books: Books, nearest: pd.DataFrame, side: str, view: pd.DataFrame, other: str, far: pd.DataFrame
) -> None:
    """«台账 JZ-00012 2024-03-05 900.00 元（同一相对方，差 900.00 元，数字换位？）»."""
    table, column, name = _TABLE[other]
    label = dict(zip(view["id"], view.index, strict=True))
    theirs = dict(zip(far["id"], far.index, strict=True))
    for miss in nearest[nearest["side"] == side].to_dict("records"):
        to, at = theirs[miss["other_id"]], label[miss["id"]]
        row = books[table].loc[to]
        number = row[column] or f"{row['file']}#{row['row']}"
        amount = yuan(abs(int(far.loc[[to], "open"].iloc[0])))
        view.loc[at, "near"] = f"{name} {number} {row['date']:%Y-%m-%d} {amount} 元（{miss['why']}）"
        view.loc[at, "near_en"] = f"{table} {number} of {row['date']:%Y-%m-%d}, {amount} yuan ({miss['why_en']})"
