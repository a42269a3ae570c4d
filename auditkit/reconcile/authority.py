"""Which resolutions give leave to operate what a contract is about."""

from __future__ import annotations

from typing import Any, Final

import pandas as pd

from auditkit.model import Books, Case, in_doubt
from auditkit.reconcile import terms
from auditkit.schema import categories

AUTHORISES: Final = "授权经营"
COMMITTEE: Final = "业主委员会"
COUNCIL: Final = "物业管理委员会"


def covering(books: Books, case: Case) -> pd.DataFrame:
    """Each contract with each resolution 授权经营 that covers it, by number or by category.

    By number: the contract bears the resolution's number. By category: the resolution is the assembly's (the
    council's where the local numbers say that it may), names the contract's category or none, and is valid on some
    day of the contract. `sure` is False where a cell in doubt, or a local number that is not loaded (`silent`),
    decides it; `dated` where date and valid_to can be read.

    Shape: contract, resolution (indexes of their frames), by (number or category), sure, silent, dated, date,
    valid_to.
    """
    contracts, resolutions = books["contracts"], books["resolutions"]
    right = resolutions[(resolutions["matter"] == AUTHORISES) | in_doubt(resolutions, "matter")]
    leave = [_may(case, body, day) for body, day in zip(right["body"], right["date"], strict=True)]
    right = right[["resolution_no", "date", "valid_to", "categories"]].assign(
        resolution=right.index,
        since=terms.valid_from(right),
        until=terms.valid_to(right),
        sure=~in_doubt(right, "matter", "body", "date", "valid_from", "valid_to", "categories"),
        dated=~in_doubt(right, "date", "valid_to"),
        barred=[may is False for may in leave],
        silent=[may is None for may in leave],
    )
    left = contracts[["resolution_no", "category", "start"]].assign(
        contract=contracts.index, last=terms.last_day(contracts)
    )
    pairs = left.rename(columns={"resolution_no": "bears"}).merge(right, how="cross")
    number = pairs[(pairs["bears"] == pairs["resolution_no"]) & (pairs["bears"] != "")].assign(silent=False)
    apart = (pairs["since"] > pairs["last"]) | (pairs["until"] < pairs["start"])
    named = pd.Series(
        [_names(words, category) for words, category in zip(pairs["categories"], pairs["category"], strict=True)],
        index=pairs.index,
        dtype="boolean",
    )
    pairs["sure"] &= ~pairs["silent"] & named.notna()
    category = pairs[~apart & ~pairs["barred"] & named.fillna(True)]
    both = pd.concat([number.assign(by="number"), category.assign(by="category")], ignore_index=True)
    return both[["contract", "resolution", "by", "sure", "silent", "dated", "date", "valid_to"]]


def without_assembly(books: Books) -> pd.Series[bool]:
    """Contracts of a time at which no owners' assembly could decide: none is founded, or it was later, or unclear."""
    contracts, compound = books["contracts"], books["compound"]
    unread = bool(in_doubt(compound, "assembly").any())
    founded = books.compound("assembly_date")
    before = terms.last_day(contracts) < founded if founded is not None else pd.Series(False, contracts.index)
    return before | (books.compound("assembly") == "未成立") | unread


def _may(case: Case, body: str, day: Any) -> bool | None:
    """Whether this body's leave counts; None where the place's numbers do not say."""
    if body != COUNCIL:
        return body != COMMITTEE
    number = None if pd.isna(day) else case.pack.number("council_may_authorise", day)
    return None if number is None else bool(number.value)


def _names(words: str, category: str) -> bool | None:
    """Whether a resolution's categories name this one, or none at all; None where they use an unknown word."""
    named = terms.ids(words)
    if not named or category in named:
        return True
    return False if set(named) <= set(categories("income")) else None
