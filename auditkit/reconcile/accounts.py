"""The list of accounts: which of them hold public money, and which account a cell means."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from dataclasses import dataclass
from typing import Any, Final

import pandas as pd

from auditkit.model import Books, in_doubt
from auditkit.reconcile.names import normal_name

PUBLIC: Final = ("公共收益专户", "监管账户", "共管账户", "微信商户", "支付宝商户")
"""Kinds of account that hold public money."""
COMPANY: Final = "物业企业账户"
PERSONAL: Final = "个人账户"
MERCHANT: Final = {"微信商户": "微信", "支付宝商户": "支付宝"}
"""Kinds whose statement shows each payment before the channel's fee."""

UNLISTED: Final = "未列入账户清单"
UNREAD: Final = "账户性质无法读取"

_NO_ACCOUNT: Final = ("现金", "无", "库存现金")
_MASKED: Final = re.compile(r"(\d*)\*+(\d{3,})|(?:尾号|后四位)[::]?(\d{3,})")


def account_number(text: str) -> str:
    """An account as it is compared: NFKC, without spaces and dashes; "" where the cell says that there is none."""
    plain = re.sub(r"[\s\-_·.]", "", unicodedata.normalize("NFKC", text)).upper()
    return "" if plain in _NO_ACCOUNT else plain


@dataclass(frozen=True, slots=True)
class Accounts:
    """The accounts of the case: number -> kind (UNREAD where it is in doubt), number -> holder, and what else a cell
    may say for an account: its holder or its kind, where only one account has it. `others`: the kind of an account that
    is not on the list; UNREAD where a number on the list is blank or cannot be read."""

    kinds: dict[str, str]
    holders: dict[str, str]
    words: dict[str, str]
    others: str = UNLISTED

    def numbers(self, cells: pd.Series[Any]) -> pd.Series[Any]:
        """Which account each cell means; one written in part (6222****0011, 尾号0011) is the one that it fits."""
        found = {text: self._number(text) for text in cells.unique()}
        return cells.map(found).astype("str")

    def kinds_of(self, numbers: pd.Series[Any]) -> pd.Series[Any]:
        """The kind of each account: "" where there is none, `others` where it is not on the list."""
        return numbers.map(
            {number: self.kinds.get(number, self.others) if number else "" for number in numbers.unique()}
        ).astype("str")

    def public(self) -> tuple[str, ...]:
        """Accounts that hold public money."""
        return tuple(sorted(number for number, kind in self.kinds.items() if kind in PUBLIC))

    def _number(self, text: str) -> str:
        number = account_number(text)
        if number in self.kinds:
            return number
        masked = _MASKED.search(number)
        if masked is None:
            return self.words.get(normal_name(text), number)
        head, tail = masked[1] or "", masked[2] or masked[3]
        fits = [known for known in self.kinds if known.startswith(head) and known.endswith(tail)]
        return fits[0] if len(fits) == 1 else number


def accounts(books: Books) -> Accounts:
    """The case's list of accounts, read once."""
    return books.once("accounts", lambda: _accounts(books["accounts"]))


def _accounts(listed: pd.DataFrame) -> Accounts:
    known = listed.assign(number=listed["account"].map(account_number), unread=in_doubt(listed, "kind"))
    known = known[known["number"] != ""]
    kinds: dict[str, str] = {}
    holders: dict[str, str] = {}
    for number, kind, holder, unread in zip(
        known["number"], known["kind"], known["account_name"], known["unread"], strict=True
    ):
        # An account that stands twice is public if one of its lines says so.
        if kinds.get(number) not in PUBLIC:
            kinds[number] = UNREAD if unread else kind
        holders[number] = holders.get(number) or holder
    named = [(normal_name(word), number) for words in (kinds, holders) for number, word in words.items() if word]
    often = Counter(word for word, _ in named)
    words = {word: number for word, number in named if often[word] == 1}
    return Accounts(kinds, holders, words, UNREAD if in_doubt(listed, "account").any() else UNLISTED)
