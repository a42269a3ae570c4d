"""When a contract or a resolution is in force."""

from __future__ import annotations

from typing import Final

import pandas as pd

from auditkit.model import in_doubt

Day = pd.Timestamp | pd.Series
TERM: Final = ("start", "end", "terminated_on")
"""The cells of a contract that say when it runs."""


def last_day(contracts: pd.DataFrame) -> pd.Series[pd.Timestamp]:
    """The last day of each contract: the earlier of end and terminated_on."""
    return contracts["end"].where(
        contracts["terminated_on"].isna() | (contracts["end"] <= contracts["terminated_on"]),
        contracts["terminated_on"],
    )


def known(contracts: pd.DataFrame) -> pd.Series[bool]:
    """Contracts of which it can be read when they run."""
    return ~in_doubt(contracts, *TERM)


def in_force(contracts: pd.DataFrame, first: Day, last: Day) -> pd.Series[bool]:
    """Which contracts are in force on any day from first to last; one whose dates are unknown or contradict is not."""
    until = last_day(contracts)
    return known(contracts) & (contracts["start"] <= until) & (contracts["start"] <= last) & (until >= first)


def may_be_in_force(contracts: pd.DataFrame, first: Day, last: Day) -> pd.Series[bool]:
    """Contracts with a date in doubt that what can be read does not rule out for the days from first to last."""
    out = (contracts["start"] > last) | (contracts["end"] < first) | (contracts["terminated_on"] < first)
    return ~known(contracts) & ~out


def listings(contracts: pd.DataFrame) -> pd.DataFrame:
    """Which contract lists which resource.

    Shape: contract (index of the contracts' frame), resource_id, place (0 = first in its list).
    """
    lists = contracts["resource_ids"].map(ids)
    frame = pd.DataFrame({"contract": contracts.index, "resource_id": lists.to_numpy()}).explode("resource_id")
    frame = frame.dropna(subset=["resource_id"]).drop_duplicates(["contract", "resource_id"])
    frame["place"] = frame.groupby("contract").cumcount()
    return frame.astype({"resource_id": "str"}).reset_index(drop=True)


def valid_from(resolutions: pd.DataFrame) -> pd.Series[pd.Timestamp]:
    """The first day of each resolution: valid_from, else its date."""
    return resolutions["valid_from"].fillna(resolutions["date"])


def valid_to(resolutions: pd.DataFrame) -> pd.Series[pd.Timestamp]:
    """The last day of each resolution; one without an end runs until replaced, here the calendar's end."""
    return resolutions["valid_to"].fillna(pd.Timestamp("2262-01-01"))


def ids(joined: str) -> list[str]:
    """The ids of a list cell."""
    return [part for part in joined.split(";") if part]
