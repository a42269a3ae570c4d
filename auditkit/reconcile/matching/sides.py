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
    open: Bools = field(default_factory=lambda: np.zeros(0, dtype=bool))

    def __len__(self) -> int:
        return len(self.ids)

    def left(self) -> Ints:
        """Rows that are still open."""
        return np.flatnonzero(self.open)


def prepare(ledger: pd.DataFrame, statement: pd.DataFrame) -> tuple[Side, Side, dict[str, list[str]]]:
    """Both sides in fixed order, and what each shared code says.

    Raises: ValueError where a column is missing or an id is blank or stands twice.
    """
    one, other = _side("ledger", ledger), _side("statement", statement)
    names: dict[str, list[str]] = {}
    for column in ("account", "category", "method", "contract_no", "party"):
        joined = np.concatenate([one.words[column], other.words[column]])
        codes, values = pd.factorize(np.append(np.array([""], dtype=object), joined), sort=False)
        names[column] = [str(value) for value in values]
        one.codes[column] = codes[1 : len(one) + 1].astype(np.int64)
        other.codes[column] = codes[len(one) + 1 :].astype(np.int64)
    return one, other, names


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
        given = frame[column].fillna("").astype(str) if column in frame.columns else pd.Series([""] * len(frame))
        words[column] = given.to_numpy(dtype=object)[order]
    codes, values = pd.factorize(words["counterparty"])
    words["party"] = _map([normal_name(str(value)) for value in values], codes)
    is_channel = _map([channel_of(str(value)) is not None for value in values], codes).astype(bool)
    side = Side(name, ids.to_numpy(dtype=object)[order], day[order], amount[order], words, {})
    side.codes["channel"] = is_channel.astype(np.int64)
    side.open = (side.day != NO_DAY) & (side.amount != 0)
    return side


def _map(values: list[Any], codes: npt.NDArray[Any]) -> npt.NDArray[Any]:
    return np.array([*values, ""], dtype=object)[codes] if len(codes) else np.zeros(0, dtype=object)
