"""The two sides made comparable: rows in one fixed order, words as codes that both sides share."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from auditkit.reconcile.names import CHANNEL_WORDS, channel_of, normal_name

Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]
_METHODS = {"微信": 1, "支付宝": 2, "刷卡": 3}
"""Ways of payment that a channel settles, net of its fee."""
NO_CHANNEL, ANY_CHANNEL = -1, 0
NO_DAY = np.iinfo(np.int64).min // 4

_REPEATED = ("account", "category", "method", "contract_no", "counterparty")
"""Columns in which a word stands in many rows."""
_TEXTS = ("counterparty", "text", "reference", "account", "category", "method", "contract_no", "counterparty_account")


@dataclass(slots=True)
class Side:
    """One side, sorted by day, amount and id; `open` are the rows that nothing has taken yet.

    Shape: arrays of one length; codes are shared by both sides, 0 is blank.
    """

    name: str
    names: pd.Series[str]
    """The ids, as a column."""
    ids: npt.NDArray[Any]
    day: Ints
    amount: Ints
    words: dict[str, npt.NDArray[Any]]
    codes: dict[str, Ints]
    own: dict[str, tuple[Ints, list[str]]] = field(default_factory=dict[str, tuple[Ints, list[str]]])
    """Each row's word as a number of this side's own, and the words."""
    direction: Ints = field(default_factory=lambda: np.zeros(0, dtype=np.int64))
    """1 in, -1 out: of a row with a category the sign that its category mostly has, else its own."""
    reversal: Bools | None = None
    """Rows that take another back, where the frame has a column `reversal` that says so."""
    open: Bools = field(default_factory=lambda: np.zeros(0, dtype=bool))

    def __len__(self) -> int:
        return len(self.ids)

    def says(self, pattern: str) -> Bools:
        """Rows whose text says something."""
        texts = self.words["text"]
        if not len(texts) or not (texts != "").any():
            return np.zeros(len(self), dtype=bool)
        # Word boundaries are looked at in the few texts that hold the letters: the quick search knows none.
        said = pd.Series(texts, dtype="str").str.contains(pattern.replace(r"\b", ""), case=False)
        found = said.to_numpy(dtype=bool, copy=True)
        whole = re.compile(pattern, re.IGNORECASE)
        for row in np.flatnonzero(found).tolist():
            found[row] = bool(whole.search(texts[row]))
        return found

    def left(self) -> Ints:
        """Rows that are still open."""
        return np.flatnonzero(self.open)


def prepare(ledger: pd.DataFrame, statement: pd.DataFrame) -> tuple[Side, Side]:
    """Both sides in fixed order, their words as shared codes.

    Raises: ValueError where a column is missing or an id is blank or stands twice.
    """
    one, other = _side("ledger", ledger), _side("statement", statement)
    for column in ("account", "category", "method", "contract_no", "party"):
        _code_together(column, one, other)
    for side in (one, other):
        category = side.codes["category"]
        sums = np.bincount(category, weights=np.sign(side.amount), minlength=1)
        usual = np.sign(sums[category]).astype(np.int64)
        side.direction = np.where((category > 0) & (usual != 0), usual, np.sign(side.amount))
    return one, other


def _code_together(column: str, one: Side, other: Side) -> None:
    """One number a word, the same on both sides; 0 = blank."""
    codes, numbers = [one.own[column], other.own[column]], dict[str, int]({"": 0})
    for side, (code, values) in zip((one, other), codes, strict=True):
        shared = np.array([numbers.setdefault(value, len(numbers)) for value in values], dtype=np.int64)
        side.codes[column] = shared[code] if len(values) else np.zeros(len(side), dtype=np.int64)


def _side(name: str, frame: pd.DataFrame) -> Side:
    missing = [column for column in ("id", "date", "amount") if column not in frame.columns]
    if missing:
        raise ValueError(f"{name}: columns missing: {', '.join(missing)}")
    ids = _text(frame["id"])
    if (ids == "").any() or not ids.is_unique:
        raise ValueError(f"{name}: an id is blank or stands twice: {sorted(ids[ids.duplicated() | (ids == '')])[:5]}")
    dates = pd.to_datetime(frame["date"]).to_numpy(dtype="datetime64[D]")
    day = np.where(np.isnat(dates), NO_DAY, dates.astype(np.int64))
    amount: Ints = pd.to_numeric(frame["amount"]).astype("Int64").fillna(0).to_numpy(dtype=np.int64).astype(np.int64)
    order = _order(day, amount, ids)
    texts = {column: _text(frame[column]).take(order) for column in _TEXTS if column in frame.columns}
    nothing = np.full(len(frame), "", dtype=object)
    own = {column: _factors(texts.get(column)) for column in _REPEATED}
    words = {
        column: _each(*own[column], nothing)
        if column in own
        else texts[column].to_numpy(dtype=object)
        if column in texts
        else nothing
        for column in _TEXTS
    }
    sorted_ids = ids.take(order).reset_index(drop=True)
    side = Side(name, sorted_ids, sorted_ids.to_numpy(dtype=object), day[order], amount[order], words, {}, own)
    payer, names = side.own["counterparty"]
    side.own["party"] = payer, [normal_name(value) for value in names]
    side.words["party"] = _each(payer, side.own["party"][1], nothing)
    named = _each(payer, [_channel(value) for value in names], np.full(len(side), NO_CHANNEL)).astype(np.int64)
    side.codes["payee_channel"] = named
    side.codes["channel"] = np.where(words["counterparty"] == "", _told(texts.get("text"), len(side)), named)
    way, ways = side.own["method"]
    side.codes["gross"] = _each(way, [_METHODS.get(value, 0) for value in ways], np.zeros(len(side))).astype(np.int64)
    if "reversal" in frame.columns:
        side.reversal = frame["reversal"].fillna(False).to_numpy(dtype=bool)[order]
    side.open = (side.day != NO_DAY) & (side.amount != 0)
    return side


def _text(column: pd.Series[Any]) -> pd.Series[Any]:
    return column.astype("str").fillna("")


def _order(day: Ints, amount: Ints, ids: pd.Series[Any]) -> Ints:
    """Positions by day, amount and id; ids are looked at only where the rest is equal."""
    order = _by_day_and_amount(day, amount)
    days, amounts = day[order], amount[order]
    new = np.append(True, (days[1:] != days[:-1]) | (amounts[1:] != amounts[:-1])) if len(order) else days == 0
    tied = np.flatnonzero(~new | np.append(~new[1:], False))
    names = ids.iloc[order[tied]].to_numpy(dtype=object).astype(str)
    order[tied] = order[tied][np.lexsort((names, np.cumsum(new)[tied]))]
    return order


def _by_day_and_amount(day: Ints, amount: Ints) -> Ints:
    if not len(day):
        return np.zeros(0, dtype=np.int64)
    first, least = int(day.min()), int(amount.min())
    size = int(amount.max()) - least + 1
    if (int(day.max()) - first + 1) * size >= 1 << 62:
        return np.lexsort((amount, day))
    # One sort of one number is several times as fast as two of two; ties are broken by the ids.
    return np.argsort((day - first) * size + (amount - least))


def _factors(column: pd.Series[Any] | None) -> tuple[Ints, list[str]]:
    """The number of each row's word, and the words."""
    if column is None:
        return np.zeros(0, dtype=np.int64), []
    codes, values = pd.factorize(column)
    return codes.astype(np.int64), [str(value) for value in values]


def _each(codes: Ints, values: list[Any], missing: npt.NDArray[Any]) -> npt.NDArray[Any]:
    """The value of each row's code."""
    if not values:
        return missing
    found = np.empty(len(values), dtype=object)
    found[:] = values
    return found[codes]


def _told(texts: pd.Series[Any] | None, size: int) -> Ints:
    """The channel that each row's text names."""
    found = np.full(size, NO_CHANNEL, dtype=np.int64)
    if texts is not None:
        for row in np.flatnonzero(texts.str.contains(CHANNEL_WORDS, case=False).to_numpy(dtype=bool)).tolist():
            found[row] = _channel(str(texts.iat[row]))
    return found


def _channel(name: str) -> int:
    channel = channel_of(name)
    return NO_CHANNEL if channel is None else _METHODS.get(channel, ANY_CHANNEL)
