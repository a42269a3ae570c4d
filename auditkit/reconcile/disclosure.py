"""What was published for which period, against what the ledger has for it, and when it was due."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

import pandas as pd

from auditkit.model import Books, Case, LocalNumber, Subject, in_doubt
from auditkit.reconcile.allocation import ledger_sum, not_tested
from auditkit.reconcile.spans import Days, placed
from auditkit.schema import categories

MONTHS: Final = {"月": 1, "季": 3, "半年": 6, "年": 12}
TOTAL: Final = "合计"
_ORDER: Final = {c: n for n, c in enumerate((*categories("income"), *categories("cost")))}


def due_day(period_end: pd.Timestamp, number: LocalNumber) -> pd.Timestamp:
    """The last day on which a period may be published: so many days after its end, or a day of a later month.

    The number is as law/ has it, a count of days or {months, day}: the 15th of the next month is {1, 15}, and a day
    that the month does not have is its last. With a rhythm {period, months, day} months count from the end of the
    calendar quarter, half or year: who publishes more often is not late for it.
    """
    value: Any = number.value
    if isinstance(value, int):
        return period_end + pd.Timedelta(days=value)
    month = _last_month(period_end.to_period("M"), value.get("period", "月")) + int(value["months"])
    return month.start_time + pd.Timedelta(days=min(int(value["day"]), month.days_in_month) - 1)


def disclosed_with(month: pd.Period, case: Case) -> pd.Timestamp | None:
    """The last day of the period with which a month is to be published; None where nothing says how often."""
    last = month.end_time.normalize()
    rhythm, due = case.pack.number("disclosure_period", last), case.pack.number("disclosure_due", last)
    if rhythm is not None:
        word = str(rhythm.value)
    elif due is not None and isinstance(due.value, dict) and "period" in due.value:
        word = str(due.value["period"])
    else:
        return None
    return _last_month(month, word).end_time.normalize()


def _last_month(month: pd.Period, rhythm: str) -> pd.Period:
    """The last month of the calendar quarter, half or year that a month lies in."""
    size = MONTHS[rhythm]
    return month + (size - 1 - (month.month - 1) % size)


def lines(disclosures: pd.DataFrame) -> pd.DataFrame:
    """The published lines that count: of one line published again on a later day, the later."""
    key = ["period_start", "period_end", "direction", "category"]
    latest = disclosures.groupby(key, dropna=False)["published_on"].transform("max")
    return disclosures[disclosures["published_on"].isna() | (disclosures["published_on"] == latest)]


def periods(disclosures: pd.DataFrame, case: Case) -> list[tuple[pd.Timestamp, pd.Timestamp]]:
    """The published periods that touch the audit period, in order."""
    known = disclosures[~in_doubt(disclosures, "period_start", "period_end")]
    touching = known[(known["period_start"] <= case.end) & (known["period_end"] >= case.start)]
    touching = touching[touching["period_start"] <= touching["period_end"]]
    pairs = touching[["period_start", "period_end"]].drop_duplicates().sort_values(["period_start", "period_end"])
    return list(pairs.itertuples(index=False, name=None))


def of_period(disclosures: pd.DataFrame, start: pd.Timestamp, end: pd.Timestamp) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The rows of one published period, and those whose period cannot be read and that may be of it."""
    open_start, open_end = in_doubt(disclosures, "period_start"), in_doubt(disclosures, "period_end")
    fits = ((disclosures["period_start"] == start) | open_start) & ((disclosures["period_end"] == end) | open_end)
    return disclosures[fits & ~open_start & ~open_end], disclosures[fits & (open_start | open_end)]


@dataclass(frozen=True, slots=True)
class Line:
    """One published period and category (or its total): the notice against the ledger, or why it cannot be told.

    Units: fen.
    """

    start: pd.Timestamp
    end: pd.Timestamp
    category: str
    disclosed: int
    ledger: int
    rows: pd.DataFrame
    entries: pd.DataFrame
    reason: str = ""
    reason_en: str = ""

    @property
    def id(self) -> str:
        """period_start/period_end/category, or /合计."""
        return f"{self.start:%Y-%m-%d}/{self.end:%Y-%m-%d}/{self.category or TOTAL}"


def compared(books: Books, case: Case, direction: str) -> Iterator[Line]:
    """Every published period by category, or in total where only a total was published.

    A category that only one side has counts as 0 on the other. A period that reaches beyond the audit period is not
    compared, since the ledger need not reach as far.
    """
    disclosures = lines(books["disclosures"])
    for start, end in periods(disclosures, case):
        whole, loose = of_period(disclosures, start, end)
        aimed = (whole["direction"] == direction) & ~in_doubt(whole, "direction")
        own = whole[aimed]
        vague = pd.concat([whole[~aimed], loose])
        vague = vague[_aimed(vague, direction) & in_doubt(vague, "direction", "period_start", "period_end")]
        nameless = in_doubt(own, "category")
        # A notice of totals that leaves this direction out altogether is compared in total too.
        said = own if len(own) else whole
        if (said["category"] == "").all() and len(said) and not in_doubt(said, "category").any():
            entries = ledger_sum(books["ledger"], Days.between(start, end), direction)
            yield _line(case, start, end, "", own, entries.rows, entries.unsure, vague)
            continue
        sure, unsure = _entries(books["ledger"], start, end, direction)
        lost = pd.concat([vague, own[nameless]])
        booked, published, open_ = _by_category(sure), _by_category(own), in_doubt(unsure, "category")
        named = {*booked, *published, *unsure["category"]} - {""}
        for category in sorted(named, key=lambda c: (_ORDER.get(c, len(_ORDER)), c)):
            may = unsure[(unsure["category"] == category) | open_] if len(unsure) else unsure
            gone = lost[lost["category"].isin([category, ""])] if len(lost) else lost
            mine, entries = published.get(category, own.iloc[:0]), booked.get(category, sure.iloc[:0])
            yield _line(case, start, end, category, mine, entries, may, gone)
        if not named and len(lost):
            yield _line(case, start, end, "", own, sure, unsure, lost)


def _by_category(rows: pd.DataFrame) -> dict[str, pd.DataFrame]:
    return {str(category): of for category, of in rows.groupby("category", sort=False)}


def _aimed(rows: pd.DataFrame, direction: str) -> pd.Series[bool]:
    """Rows that are of this direction, or may be: one that cannot be read, and a category that does not forbid it."""
    other = categories("cost" if direction == "收入" else "income")
    return (rows["direction"] == direction) | (in_doubt(rows, "direction") & ~rows["category"].isin(other))


def _entries(
    ledger: pd.DataFrame, start: pd.Timestamp, end: pd.Timestamp, direction: str
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The ledger rows of a direction that count for a period, and those in doubt that may."""
    inside, unplaced = placed(ledger, Days.between(start, end))
    aimed = _aimed(ledger, direction)
    unread = in_doubt(ledger, "date", "direction", "category", "amount")
    return ledger[aimed & inside & ~unread], ledger[aimed & (unplaced | (inside & unread))]


def _line(
    case: Case,
    start: pd.Timestamp,
    end: pd.Timestamp,
    category: str,
    rows: pd.DataFrame,
    entries: pd.DataFrame,
    unsure: pd.DataFrame,
    lost: pd.DataFrame,
) -> Line:
    reason, reason_en = "", ""
    if start < case.start or end > case.end:
        reason, reason_en = "公示期间超出审计期间，台账未必完整", "the published period reaches beyond the audit period"
    elif in_doubt(rows, "amount").any():
        reason, reason_en = "公示金额无法读取", "the published amount cannot be read"
    elif len(lost):
        reason, reason_en = "公示表有无法读取的行，可能属于本项", "a published line that cannot be read may belong here"
    elif len(unsure):
        told = not_tested(Subject("disclosure", ""), unsure)
        reason, reason_en = told.reason, told.reason_en
    disclosed = 0 if reason else int(rows["amount"].sum())
    return Line(start, end, category, disclosed, int(entries["amount"].sum()), rows, entries, reason, reason_en)
