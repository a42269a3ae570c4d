"""The two sides made comparable: rows in one fixed order, words as codes that both sides share."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from auditkit.reconcile.names import channel_of, normal_name

Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]
_METHODS = {"微信": 1, "支付宝": 2, "刷卡": 3}
"""Ways of payment that a channel settles, net of its fee."""
NO_CHANNEL, ANY_CHANNEL = -1, 0
NO_DAY = np.iinfo(np.int64).min // 4

_TEXTS = ("counterparty", "text", "reference", "account", "category", "method", "contract_no", "counterparty_account")


@dataclass(slots=True)
class Side:
    """One side, sorted by day, amount and id; `open` are the rows that nothing has taken yet.

    Shape: arrays of one length; codes are shared by both sides, 0 is blank.
    """

    name: str
    ids: npt.NDArray[Any]
    day: Ints
    amount: Ints
    words: dict[str, npt.NDArray[Any]]
    codes: dict[str, Ints]
    direction: Ints = field(default_factory=lambda: np.zeros(0, dtype=np.int64))
    """1 in, -1 out: of a row with a category the sign that its category mostly has, else its own."""
    reversal: Bools | None = None
    """Rows that take another back, where the frame has a column `reversal` that says so."""
    open: Bools = field(default_factory=lambda: np.zeros(0, dtype=bool))

    def __len__(self) -> int:
        return len(self.ids)

    def left(self) -> Ints:
        """Rows that are still open."""
        return np.flatnonzero(self.open)


def prepare(ledger: pd.DataFrame, statement: pd.DataFrame) -> tuple[Side, Side]:
    """Both sides in fixed order, their words as shared codes.

    Raises: ValueError where a column is missing or an id is blank or stands twice.
    """
    one, other = _side("ledger", ledger), _side("statement", statement)
    for column in ("account", "category", "method", "contract_no", "party"):
        joined = np.concatenate([one.words[column], other.words[column]])
        codes, _ = pd.factorize(np.append(np.array([""], dtype=object), joined))
        one.codes[column] = codes[1 : len(one) + 1].astype(np.int64)
        other.codes[column] = codes[len(one) + 1 :].astype(np.int64)
    for side in (one, other):
        category = side.codes["category"]
        sums = np.bincount(category, weights=np.sign(side.amount), minlength=1)
        usual = np.sign(sums[category]).astype(np.int64)
        side.direction = np.where((category > 0) & (usual != 0), usual, np.sign(side.amount))
    return one, other


def _side(name: str, frame: pd.DataFrame) -> Side:
    missing = [column for column in ("id", "date", "amount") if column not in frame.columns]
    if missing:
        raise ValueError(f"{name}: columns missing: {', '.join(missing)}")
    ids = frame["id"].astype(str)
    if (ids == "").any() or not ids.is_unique:
        raise ValueError(f"{name}: an id is blank or stands twice: {sorted(ids[ids.duplicated() | (ids == '')])[:5]}")
    dates = pd.to_datetime(frame["date"]).to_numpy(dtype="datetime64[D]")
    day = np.where(np.isnat(dates), NO_DAY, dates.astype(np.int64))
    amount = pd.to_numeric(frame["amount"]).astype("Int64").fillna(0).to_numpy(dtype=np.int64)
    order = np.lexsort((ids.to_numpy(dtype=str), amount, day))
    words: dict[str, npt.NDArray[Any]] = {}
    for column in _TEXTS:
        if column in frame.columns:
            words[column] = frame[column].astype(object).fillna("").astype(str).to_numpy(dtype=object)[order]
        else:
            words[column] = np.full(len(frame), "", dtype=object)
    codes, values = pd.factorize(words["counterparty"])
    words["party"] = _map([normal_name(str(value)) for value in values], codes, "")
    side = Side(name, ids.to_numpy(dtype=object)[order], day[order], amount[order], words, {})
    named = _map([_channel(str(value)) for value in values], codes, NO_CHANNEL)
    told = np.array([_channel(text) for text in words["text"].tolist()], dtype=np.int64)
    side.codes["channel"] = np.where(words["counterparty"] == "", told, named).astype(np.int64)
    side.codes["payee_channel"] = named.astype(np.int64)
    codes, values = pd.factorize(words["method"])
    side.codes["gross"] = _map([_METHODS.get(str(value), 0) for value in values], codes, 0).astype(np.int64)
    if "reversal" in frame.columns:
        side.reversal = frame["reversal"].fillna(False).to_numpy(dtype=bool)[order]
    side.open = (side.day != NO_DAY) & (side.amount != 0)
    return side


def _channel(name: str) -> int:
    channel = channel_of(name)
    return NO_CHANNEL if channel is None else _METHODS.get(channel, ANY_CHANNEL)


def _map(values: list[Any], codes: npt.NDArray[Any], missing: Any) -> npt.NDArray[Any]:
    """The value of each code."""
    found = np.empty(len(values) + 1, dtype=object)
    found[:-1], found[-1] = values, missing
    return found[codes]
