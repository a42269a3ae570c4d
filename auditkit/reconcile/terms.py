"""When a contract or a resolution is in force."""

from __future__ import annotations

import pandas as pd


def last_day(contracts: pd.DataFrame) -> pd.Series[pd.Timestamp]:
    """The last day of each contract: the earlier of end and terminated_on."""
    return contracts["end"].where(
        contracts["terminated_on"].isna() | (contracts["end"] <= contracts["terminated_on"]),
        contracts["terminated_on"],
    )


def in_force(contracts: pd.DataFrame, first: pd.Timestamp, last: pd.Timestamp) -> pd.Series[bool]:
    """Which contracts are in force on any day from first to last; one whose dates are unknown is not."""
    return (contracts["start"] <= last) & (last_day(contracts) >= first)


def valid_from(resolutions: pd.DataFrame) -> pd.Series[pd.Timestamp]:
    """The first day of each resolution: valid_from, else its date."""
    return resolutions["valid_from"].fillna(resolutions["date"])


def valid_to(resolutions: pd.DataFrame) -> pd.Series[pd.Timestamp]:
    """The last day of each resolution; one without an end runs until replaced, here the calendar's end."""
    return resolutions["valid_to"].fillna(pd.Timestamp("2262-01-01"))


def ids(joined: str) -> list[str]:
    """The ids of a list cell."""
    return [part for part in joined.split(";") if part]
