"""What income and cost come to, what share of them was agreed or prescribed, and on which days it holds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any, Final

import numpy as np
import pandas as pd

from auditkit.model import Case, LocalNumber, Subject, Untested, in_doubt
from auditkit.money import exact, share
from auditkit.reconcile.spans import Days, placed
from auditkit.reconcile.terms import ids, valid_from, valid_to
from auditkit.schema import categories

FUND: Final = "维修资金划转"
TRANSFERS: Final = (FUND, "业主分配")
"""What reaches the owners: no cost in any ratio."""

_SHOWN: Final = 30


@dataclass(frozen=True, slots=True)
class LedgerSum:
    """A sum of ledger rows, red-letter rows negative; `unsure` are the rows in doubt that could belong to it.

    Units: fen.
    """

    amount: int
    rows: pd.DataFrame
    unsure: pd.DataFrame


def ledger_sum(
    ledger: pd.DataFrame, days: Days, direction: str, *, only: Sequence[str] = (), but: Sequence[str] = ()
) -> LedgerSum:
    """All ledger rows of one direction that count for some days: of `only` these categories, of all `but` those."""
    inside, unplaced = placed(ledger, days)
    other = "cost" if direction == "收入" else "income"
    aimless = in_doubt(ledger, "direction")
    wanted = (ledger["direction"] == direction) & ~aimless
    if only or but:
        nameless = in_doubt(ledger, "category")
        fits = ledger["category"].isin(only) if only else ~ledger["category"].isin(but)
        sure, may = wanted & fits & ~nameless, fits | nameless
    else:
        sure, may = wanted, pd.Series(True, index=ledger.index)
    may &= wanted | (aimless & ~ledger["category"].isin(categories(other)))
    taken = sure & inside & ~in_doubt(ledger, "date", "amount")
    unsure = may & (inside | unplaced) & ~taken
    rows = ledger[taken]
    return LedgerSum(int(rows["amount"].sum()), rows, ledger[unsure])


@dataclass(frozen=True, slots=True)
class Term:
    """A ratio that holds on some days of the period, and who says so.

    `rows` is the resolution (none for a local number); `mixed`: another resolution on other categories holds on the
    same days; `shaky`: a resolution that cannot be read may hold on them.
    """

    subject: Subject
    ratio: Fraction
    days: Days
    rows: pd.DataFrame
    source: str
    base: str = ""
    only: tuple[str, ...] = ()
    mixed: bool = False
    shaky: bool = False

    def of(self, amount: int) -> int:
        """The part of an amount, half up to the fen."""
        return share(amount, self.ratio)


def agreed(
    resolutions: pd.DataFrame, column: str, case: Case, matter: str = ""
) -> tuple[tuple[Term, ...], pd.DataFrame]:
    """The ratios that resolutions agree, each for the days of the period on which its resolution is the latest.

    Shape: terms in the order of their resolutions, those that are the latest on no day left out; then the
    resolutions that cannot be read and may hold in the period.
    """
    of_matter = (resolutions["matter"] == matter) | in_doubt(resolutions, "matter") if matter else True
    stated = resolutions[(resolutions[column].notna() | in_doubt(resolutions, column)) & of_matter]
    frame = stated.assign(first=valid_from(stated), last=valid_to(stated))
    unread = in_doubt(frame, "date", "valid_from", "valid_to", "matter", column, "share_base")
    order = ["date", "first", "resolution_no", "file", "sheet", "row"]
    known = _until_replaced(frame[~unread].sort_values(order))
    known = known[(known["first"] <= case.end) & (known["last"] >= case.start)]
    owner = np.full((case.end - case.start).days + 1, -1)
    holds = [_held(case, *pair) for pair in zip(known["first"], known["last"], strict=True)]
    for number, held in enumerate(holds):
        owner[held] = number
    doubtful, shaky = _doubtful(frame[unread], known["date"], owner, case)
    names = [tuple(sorted(ids(joined))) for joined in known["categories"]]
    terms: list[Term] = []
    for number, (_, row) in enumerate(known.iterrows()):
        days = owner == number
        if days.any():
            others = [n for n, held in enumerate(holds) if n != number and days[held].any()]
            terms.append(
                Term(
                    Subject("resolution_no", row["resolution_no"])
                    if row["resolution_no"]
                    else Subject("row", f"{row['file']}#{row['row']}"),
                    exact(row[column]),
                    Days(case.start, days),
                    resolutions.loc[[row.name]],
                    f"决议 {row['resolution_no']}",
                    row["share_base"],
                    names[number],
                    mixed=any(names[n] != names[number] for n in others),
                    shaky=bool((days & shaky).any()),
                )
            )
    return tuple(terms), doubtful


def _until_replaced(frame: pd.DataFrame) -> pd.DataFrame:
    """A resolution without an end lasts until a later one on the same categories, or on all, takes effect; it does
    not come back when that one lapses."""
    names = [frozenset(ids(joined)) for joined in frame["categories"]]
    first, last = frame["first"].tolist(), frame["last"].tolist()
    for number, open_end in enumerate(frame["valid_to"].isna()):
        after = [first[n] for n in range(number + 1, len(first)) if names[n] in (names[number], frozenset())]
        if open_end and after:
            last[number] = min(after) - pd.Timedelta(days=1)
    return frame.assign(last=pd.Series(last, index=frame.index, dtype="datetime64[us]"))


def _doubtful(
    unread: pd.DataFrame, dates: pd.Series[Any], owner: np.ndarray[Any, Any], case: Case
) -> tuple[pd.DataFrame, np.ndarray[Any, Any]]:
    """Resolutions that cannot be read and may be the latest on some day, and the days on which one may be."""
    shaky = np.zeros(len(owner), dtype=bool)
    owned = pd.Series(pd.NaT, index=range(len(owner)), dtype="datetime64[us]")
    owned[owner >= 0] = dates.to_numpy()[owner[owner >= 0]]
    may: list[Any] = []
    first = unread["first"].where(~in_doubt(unread, "valid_from")).fillna(case.start)
    last = unread["last"].where(~in_doubt(unread, "valid_to")).fillna(case.end)
    for label in unread.index:
        days = np.zeros(len(owner), dtype=bool)
        days[_held(case, first[label], last[label])] = True
        days &= ~(owned > unread.loc[label, "date"]).to_numpy()
        shaky |= days
        if days.any():
            may.append(label)
    return unread.loc[may], shaky


def _held(case: Case, first: pd.Timestamp, last: pd.Timestamp) -> slice:
    """The days of the period from first to last, as places."""
    return slice(max((first - case.start).days, 0), max((min(last, case.end) - case.start).days + 1, 0))


def prescribed(case: Case, name: str) -> tuple[tuple[LocalNumber, Days], ...]:
    """A local number over the period, each value with the days on which it is in force."""
    found: list[tuple[LocalNumber, Days]] = []
    length = (case.end - case.start).days + 1
    for place, day in enumerate(pd.date_range(case.start, case.end)):
        number = case.pack.number(name, day)
        if number is None:
            continue
        days = next((days for known, days in found if known is number), None)
        if days is None:
            days = Days(case.start, np.zeros(length, dtype=bool))
            found.append((number, days))
        days.of[place] = True
    return tuple(found)


def filled(terms: Sequence[Term]) -> tuple[Term, ...]:
    """The same ratios over the whole period: of two on one day the first wins; a day that none covers goes with the
    one before it, else the next."""
    if not terms:
        return ()
    owner = np.full(len(terms[0].days.of), -1)
    for number, term in reversed(list(enumerate(terms))):
        owner[term.days.of] = number
    of_day = pd.Series(owner).where(owner >= 0).ffill().bfill().to_numpy()
    spread = [replace(t, days=Days(t.days.start, of_day == n)) for n, t in enumerate(terms)]
    return tuple(t for t in spread if t.days.of.any())


def shown(rows: pd.DataFrame) -> pd.DataFrame:
    """The rows of a sum that are named as its evidence: all, or of very many the thirty largest."""
    if len(rows) <= _SHOWN:
        return rows
    return rows.loc[rows["amount"].abs().sort_values(ascending=False, kind="stable").index[:_SHOWN]].sort_index()


def not_tested(subject: Subject, unsure: pd.DataFrame, items: int = 1) -> Untested:
    """An item that rows in doubt could belong to, with the places of the first few."""
    places = [
        f"{file}#{sheet}!{row}" for file, sheet, row in zip(unsure["file"], unsure["sheet"], unsure["row"], strict=True)
    ]
    listed = "、".join(places[:5]) + ("等" if len(places) > 5 else "")
    return Untested(
        subject,
        f"{len(places)} 行存疑，可能计入此数：{listed}",
        f"{len(places)} rows in doubt could count towards it: {', '.join(places[:5])}",
        items,
    )
