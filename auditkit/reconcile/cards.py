"""Which days the monthly cards of a plate cover."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import pandas as pd

from auditkit.model import in_doubt
from auditkit.reconcile.plates import Neighbours, normal_plates

GRACE: Final = 3
"""Days after a card's end on which it still passes."""
_EVER: Final = pd.Timestamp("1900-01-01")
_ALWAYS: Final = pd.Timestamp("2200-01-01")


@dataclass(frozen=True, slots=True)
class Cards:
    """Cards by plate: those that can be read, those that cannot, and the plates that have one with an exemption.

    Shape: plate ("" where it cannot be read), start, end (open where they cannot be read), in the order of start.
    """

    sure: pd.DataFrame
    unread: pd.DataFrame
    exempt: frozenset[str]


def read_cards(cards: pd.DataFrame) -> Cards:
    """The register of cards, by plate."""
    rows = cards[["start", "end"]].assign(plate=normal_plates(cards["plate"]))
    unread = in_doubt(cards, "plate", "start", "end")
    exempt = rows.loc[(cards["exemption"] != "") & (rows["plate"] != ""), "plate"]
    open_ = rows.assign(start=rows["start"].fillna(_EVER), end=rows["end"].fillna(_ALWAYS))
    return Cards(
        open_[~unread & (rows["plate"] != "")].sort_values("start"),
        open_[unread].sort_values("start"),
        frozenset(exempt),
    )


def last_end(cards: pd.DataFrame, plates: pd.Series[str], days: pd.Series[pd.Timestamp]) -> pd.Series[pd.Timestamp]:
    """The latest end of the plate's cards that began on or before each day; missing where none did."""
    reached = cards.assign(until=cards.groupby("plate")["end"].cummax())[["plate", "start", "until"]]
    asked = pd.DataFrame({"plate": plates, "day": days, "at": plates.index}).sort_values("day")
    found = pd.merge_asof(asked, reached, left_on="day", right_on="start", by="plate")
    return found.set_index("at")["until"].reindex(plates.index)


def covered(cards: pd.DataFrame, plates: pd.Series[str], days: pd.Series[pd.Timestamp]) -> pd.Series[bool]:
    """Whether a card of the plate covers the day, the days of grace after an end included."""
    return last_end(cards, plates, days) + pd.Timedelta(days=GRACE) >= days


def may_cover(unread: pd.DataFrame, plates: pd.Series[str], days: pd.Series[pd.Timestamp]) -> pd.Series[bool]:
    """Whether a card that cannot be read may cover the day; one without a readable plate may be anybody's."""
    nobody = pd.Series("", index=plates.index, dtype="str")
    return covered(unread, plates, days) | covered(unread, nobody, days)


def misread(cards: Cards, plates: pd.Series[str], days: pd.Series[pd.Timestamp]) -> pd.Series[bool]:
    """Whether a plate one character away has a card on the day: the camera may have read one for the other."""
    near = Neighbours({*cards.sure["plate"], *cards.exempt})
    of = {plate: near.of(plate) for plate in plates.unique()}
    pairs = pd.DataFrame({"other": plates.map(of), "day": days}).explode("other").dropna(subset=["other"])
    pairs = pairs.astype({"other": "str"}).reset_index(names="at")
    valid = covered(cards.sure, pairs["other"], pairs["day"]) | pairs["other"].isin(cards.exempt)
    return pd.Series(plates.index.isin(pairs.loc[valid, "at"]), index=plates.index)


def begun_months(lapsed: pd.DataFrame, since: pd.Timestamp) -> list[pd.Timestamp]:
    """The first days of the months begun without a card: from the end of the last one to the last stay after it.

    `lapsed`: day (of a stay without a card), until (end of the last card, missing where there was none). No month
    begins before `since`; without an earlier card the first begins with the first stay.
    """
    begun: list[pd.Timestamp] = []
    known = lapsed["until"].fillna(_EVER)
    for until in sorted(known.unique()):
        days = lapsed.loc[known == until, "day"]
        first = days.min() if until == _EVER else max(pd.Timestamp(until) + pd.Timedelta(days=1), since)
        months = 0
        while (day := first + pd.DateOffset(months=months)) <= days.max():
            begun.append(day)
            months += 1
    return begun


def cars_on(
    cards: pd.DataFrame, days: pd.DatetimeIndex, *, by_plate: bool = True
) -> np.ndarray[Any, np.dtype[np.int64]]:
    """How many cars have a card that is valid on each day: a plate with several cards is one car."""
    rows = cards[cards["start"] <= cards["end"]]
    first = (rows["start"] - days[0]).dt.days.clip(0, len(days))
    after = (rows["end"] - days[0]).dt.days.add(1).clip(0, len(days))
    spans = pd.DataFrame({"plate": rows["plate"] if by_plate else rows.index, "first": first, "after": after})
    spans = spans.sort_values(["plate", "first"])
    reached = spans.groupby("plate")["after"].cummax().groupby(spans["plate"]).shift(fill_value=0)
    spans["first"] = np.maximum(spans["first"], reached)
    spans = spans[spans["first"] < spans["after"]]
    change = np.zeros(len(days) + 1, dtype=np.int64)
    np.add.at(change, spans["first"].to_numpy(), 1)
    np.add.at(change, spans["after"].to_numpy(), -1)
    return np.cumsum(change)[:-1]
