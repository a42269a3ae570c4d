"""The barrier: charged less, collected less, waved through, deleted, pocketed, expired cards."""

from __future__ import annotations

import datetime as dt

from auditkit.demo import names
from auditkit.demo.acts import Steps, act
from auditkit.demo.books import DAY, Compound, Row
from auditkit.demo.parking import monthly_fee, pass_card, sell_card, stay
from auditkit.demo.truth import exactly, roughly

ENOUGH = 8_000
"""Fen by which an operator's sums are made to differ: above the fifty yuan that the catalogue lets pass."""


def _operators(c: Compound) -> list[str]:
    return sorted({r["operator"] for r in c.rows["parking"]} - {""})


def _paid(c: Compound, operator: str) -> list[Row]:
    return [r for r in c.rows["parking"] if r["operator"] == operator and r["kind"] == "临时" and r["paid"]]


def _take_from(rows: list[Row], *columns: str) -> int:
    """Two yuan, or what there is, off each stay until it is enough."""
    taken = 0
    for row in rows:
        less = min(200, row["paid"])
        for column in columns:
            row[column] -= less
        taken += less
        if taken >= ENOUGH:
            return taken
    raise LookupError("too few paid stays to take from")


@act("PRK01", touches="parking")
def charged_below_the_tariff(c: Compound) -> Steps:
    """One shift charges two yuan less than posted."""
    operator = _operators(c)[0]
    taken = _take_from(_paid(c, operator), "due", "paid")
    yield
    return [exactly("PRK01", "operator", operator, taken)]


@act("PRK02", touches="parking")
def collected_below_the_charge(c: Compound) -> Steps:
    """One shift collects two yuan less than it charges."""
    operator = _operators(c)[1]
    taken = _take_from(_paid(c, operator), "paid")
    yield
    return [exactly("PRK02", "operator", operator, taken)]


@act("PRK03", touches="parking")
def waved_through(c: Compound) -> Steps:
    """One shift lets every third car out for nothing."""
    operator = _operators(c)[2]
    for row in _paid(c, operator)[::3]:
        row.update(release="免费", due=0, paid=0, method="")
    yield
    return [roughly("PRK03", "operator", operator)]


@act("PRK04", touches="log")
def sessions_deleted(c: Compound) -> Steps:
    """A stay was taken out of the log."""
    yield
    rows = c.rows["parking"]
    for before, row, after in zip(rows[200:], rows[201:], rows[202:], strict=False):
        one_day = before["entry"].date() == row["entry"].date() == after["entry"].date()
        if not row["paid"] and one_day and row["exit"]:
            c.remove("parking", row)
            return [roughly("PRK04", "session_id", before["session_id"])]
    raise LookupError(f"{c.id}: no unpaid stay between two of its day")


@act("PRK05", touches="parking")
def takings_pocketed(c: Compound) -> Steps:
    """In May a dozen drivers paid cash that reached neither ledger nor bank."""
    operator, total = _operators(c)[0], 0
    for n in range(12):
        start = dt.datetime(c.year, 5, 6 + n, 9, 30)
        row = stay(c, names.visitor(c.stays + 200 + n), start, 190, operator, "确认", "现金")
        if row:
            row["_pocketed"] = True
            total += row["paid"]
    yield
    return [exactly("PRK05", "month", f"{c.year}-05", total)]


@act("PRK06", touches="cards")
def expired_card_still_passes(c: Compound) -> Steps:
    """A card ran out at the end of July; in August it still opens the barrier."""
    plate = names.plate(c.rng, c.used_plates)
    sell_card(c, plate, dt.date(c.year, 5, 1), 3)
    for day in (10, 20):
        pass_card(c, plate, dt.date(c.year, 8, day))
    yield
    return [exactly("PRK06", "plate", plate, monthly_fee(c))]


def _card_stay(c: Compound) -> Row:
    return next(r for r in c.rows["parking"] if r["kind"] == "月卡" and r["entry"].month == 6)


@act("PRK07", touches="log")
def left_before_it_came(c: Compound) -> Steps:
    """A stay that ends five minutes before it begins."""
    row = _card_stay(c)
    row["exit"] = row["entry"] - dt.timedelta(minutes=5)
    yield
    return [exactly("PRK07", "session_id", row["session_id"])]


@act("PRK07", touches="log")
def inside_twice(c: Compound) -> Steps:
    """A car enters again while it is inside."""
    row = _card_stay(c)
    again = {**row, "entry": row["entry"] + dt.timedelta(minutes=10)}
    c.rows["parking"].append(again)
    yield
    return [exactly("PRK07", "session_id", again["session_id"])]


@act("PRK08", touches="cards")
def more_cards_than_spaces(c: Compound) -> Steps:
    """For eleven days in August more cars have a card than there are spaces."""
    first = dt.date(c.year, 8, 10)
    last = first + DAY * 10

    def valid(day: dt.date) -> int:
        return len({r["plate"] for r in c.rows["cards"] if r["start"] <= day <= r["end"]})

    least = min(valid(first + DAY * n) for n in range(11))
    for n in range(c.facts["common_spaces"] - least + 1):
        plate = names.plate(c.rng, c.used_plates)
        c.add(
            "cards",
            card_no=f"LS-{n:03d}",
            plate=plate,
            start=first,
            end=last,
            paid=0,
            exemption="临时活动，业主大会同意",
        )
    yield
    return [exactly("PRK08", "day", str(first))]
