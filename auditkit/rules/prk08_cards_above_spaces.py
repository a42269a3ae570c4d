"""PRK08: more cars with a valid card than there are spaces."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd

from auditkit.model import Books, Case, Finding, Rule, Subject, Untested, Verdict, evidence, in_doubt
from auditkit.reconcile.cards import cars_on, read_cards
from auditkit.reconcile.stays import SHOWN

RULE = Rule(
    "PRK08",
    "cards-above-spaces",
    "月卡数超过车位数",
    "2.3",
    "S3",
    "indicator",
    ("cards", "compound.common_spaces"),
    "first day",
    ("民法典275",),
)


def examine(books: Books, case: Case) -> Verdict:
    """Each day of the period: cars with a card that is valid on it, a car with two cards once, against the spaces."""
    spaces = books.compound("common_spaces")
    days = pd.date_range(case.start, case.end)
    if in_doubt(books["compound"], "common_spaces").any() or spaces is None:
        return RULE.verdict(0, reason="小区概况的共有车位数空缺或无法读取")
    cards = read_cards(books["cards"])
    cars = cars_on(cards.sure, days)
    above = cars > int(spaces)
    may_be = ~above & (cars + cars_on(cards.unread, days, by_plate=False) > int(spaces))
    findings = [_finding(books["cards"], int(spaces), days[run], cars[run]) for run in _runs(above)]
    untested = [
        Untested(
            Subject("day", f"{days[run[0]]:%Y-%m-%d}"),
            f"自该日起 {len(run)} 天，有月卡的车牌或起止日空缺、无法读取，计入后可能超过车位数",
            f"{len(run)} days on which cards that cannot be read may pass the number of spaces",
            len(run),
        )
        for run in _runs(may_be)
    ]
    return RULE.verdict(len(days), findings, untested)


def _runs(marked: np.ndarray) -> Iterator[np.ndarray]:
    """Days in a row."""
    at = np.flatnonzero(marked)
    yield from (run for run in np.split(at, np.flatnonzero(np.diff(at) > 1) + 1) if len(run))


def _finding(cards: pd.DataFrame, spaces: int, days: pd.DatetimeIndex, cars: np.ndarray) -> Finding:
    first, last, most = days[0], days[-1], int(cars.max())
    valid = cards[(cards["start"] <= last) & (cards["end"] >= first) & ~in_doubt(cards, "plate", "start", "end")]
    shown = valid.sort_values("start", ascending=False, kind="stable").iloc[:SHOWN].sort_index()
    return RULE.finding(
        Subject("day", f"{first:%Y-%m-%d}"),
        f"{first:%Y-%m-%d} 至 {last:%Y-%m-%d}（{len(days)} 天）持有效月卡的车辆多于共有车位 {spaces} 个，"
        f"最多 {most} 辆。请核对车位数、发卡规则，以及有无一位多卡、规划车位的月卡混在其中。",
        f"{first:%Y-%m-%d} to {last:%Y-%m-%d} ({len(days)} days): more cars with a valid card than the {spaces} common "
        f"spaces, {most} at most. Ask for the number of spaces and the rules for cards.",
        evidence(
            "cards", shown, [f"{s:%Y-%m-%d} 至 {e:%Y-%m-%d}" for s, e in zip(shown["start"], shown["end"], strict=True)]
        ),
        items=len(days),
    )
