"""The charts of a compound's story; each has its words too, and says so where there is nothing to draw."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any, Final

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Patch

from auditkit.money import yuan
from auditkit.reconcile.instalments_paid import paid_instalments
from auditkit.reconcile.shortfall import compare
from auditkit.report.outcome import SEVERITIES, Outcome
from auditkit.report.phrases import LEFT_OVER, missing, need_words, severity, title
from auditkit.report.style import FULL, GOOD, INK, PALE, PART, SHORT, Block, Chart, blocks, draw, tone, wrap, yuan_axis
from auditkit.report.tables import Note
from auditkit.report.words import say

SERIES: Final = 6
CONTRACTS: Final = 15
"""So many contracts fit one chart; those with the largest gap come first."""
SHOWN: Final = {"paid": "full", "short": "part", "part": "part", "unpaid": "none", "open": "later"}
"""How the calendar shows the state of an instalment."""


def not_handed_in(outcome: Outcome, *needs: str) -> Note | None:
    """«未测试：缺…» where a chart's papers were not handed in: never an empty frame."""
    lacking = [n for n in needs if not outcome.books.has(n)]
    # A paper that is missing as a whole is named once, not column by column.
    named = [n for n in lacking if "." not in n or n.partition(".")[0] not in lacking]
    if not named:
        return None
    return Note(say("chart.not_tested", papers="、".join(need_words(n) for n in named)))


def income_by_month(outcome: Outcome) -> Chart | Note:
    """Income by category and month of the period, as the ledger has it."""
    if lacking := not_handed_in(outcome, "ledger"):
        return lacking
    ledger, case = outcome.books["ledger"], outcome.case
    income = ledger[(ledger["direction"] == "收入") & ledger["amount"].notna() & case.in_period(ledger["date"])]
    if income.empty:
        return Note(say("chart.no_income"))
    months = pd.period_range(case.start, case.end, freq="M")
    by = income.assign(month=income["date"].dt.to_period("M"), amount=income["amount"].astype("int64"))
    sums = by.pivot_table(index="month", columns="category", values="amount", aggfunc="sum", fill_value=0)
    sums = sums.reindex(months, fill_value=0)
    order = sums.sum().sort_values(ascending=False, kind="stable").index
    shown = sums[order[:SERIES]]
    if len(order) > SERIES:
        shown = shown.assign(**{say("chart.other"): sums[order[SERIES:]].sum(axis=1)})
    total = int(by["amount"].sum())
    alt = say("chart.income_alt", total=yuan(total), parts="、".join(f"{c} {yuan(int(shown[c].sum()))}" for c in shown))

    def paint(figure: Figure, axes: Axes) -> None:
        base_up, base_down = pd.Series(0, index=months), pd.Series(0, index=months)
        for at, category in enumerate(shown):
            part = shown[category]
            bottom = base_up.where(part >= 0, base_down)
            bars = ((x - 0.375, y, 0.75, h) for x, (y, h) in enumerate(zip(bottom, part, strict=True)))
            blocks(axes, bars, at, str(category))
            base_up, base_down = base_up + part.clip(lower=0), base_down + part.clip(upper=0)
        axes.set_xticks(range(len(months)), month_names(months))
        axes.set_title(say("chart.income_title", total=yuan(total)))
        axes.set_ylabel(say("chart.yuan"))
        yuan_axis(axes.yaxis)
        figure.legend(loc="lower center", ncols=4)

    return draw(alt, paint, 3.6)


def due_against_received(outcome: Outcome) -> Chart | Note:
    """What each contract owed in the period and what the ledger says came in."""
    if lacking := not_handed_in(outcome, "contracts", "ledger"):
        return lacking
    sums = compare(outcome.books, outcome.case).sums
    sums = sums[sums["tested"]].assign(gap=lambda s: s["due"] - s["received"])
    if sums.empty:
        return Note(say("chart.nothing_due"))
    sums = sums.sort_values(["gap", "due"], ascending=False, kind="stable")
    shown = sums.head(CONTRACTS)
    due, received = int(sums["due"].sum()), int(sums["received"].sum())
    names = dict(
        zip(outcome.books["contracts"]["contract_no"], outcome.books["contracts"]["counterparty"], strict=True)
    )
    short = [f"{n} {yuan(int(g))}" for n, g in sums["gap"].items() if g > 0]
    alt = say("chart.due_alt", due=yuan(due), received=yuan(received), short="、".join(short) or "—")

    def paint(figure: Figure, axes: Axes) -> None:
        at = range(len(shown))
        blocks(axes, ((0, y - 0.39, float(w), 0.38) for y, w in enumerate(shown["due"])), PALE, say("chart.due"))
        received_bars = ((0, y + 0.01, float(w), 0.38) for y, w in enumerate(shown["received"]))
        blocks(axes, received_bars, GOOD, say("chart.received"))
        for y, gap, end in zip(at, shown["gap"], shown[["due", "received"]].max(axis=1), strict=True):
            if gap > 0:
                axes.text(float(end), y, f" {say('chart.short', amount=yuan(int(gap)))}", va="center", fontsize=9)
        axes.set_yticks(list(at), [wrap(f"{n} {names.get(n, '')}", 14) for n in shown.index])
        axes.invert_yaxis()
        axes.margins(x=0.25)
        axes.grid(axis="x")
        axes.grid(visible=False, axis="y")
        axes.set_title(say("chart.due_title", due=yuan(due), received=yuan(received)))
        axes.set_xlabel(say("chart.yuan"))
        yuan_axis(axes.xaxis)
        figure.legend(loc="lower center", ncols=2)

    return draw(alt, paint, 1.4 + 0.42 * len(shown))


def receipts_calendar(outcome: Outcome) -> Chart | Note:
    """Every instalment of the period by contract and due month: paid, in part, not at all, not yet judged."""
    if lacking := not_handed_in(outcome, "contracts", "ledger"):
        return lacking
    rent = paid_instalments(outcome.books, outcome.case)
    if rent.empty:
        return Note(say("chart.nothing_due"))
    rent = rent.assign(state=rent["state"].map(SHOWN), month=rent["due_on"].dt.to_period("M"))
    months = pd.period_range(outcome.case.start, outcome.case.end, freq="M")
    open_ = rent[rent["state"].isin(["none", "part"])].groupby("contract_no").size()
    order = sorted(rent["contract_no"].unique(), key=lambda n: (-int(open_.get(n, 0)), n))[:CONTRACTS]
    counts = Counter(rent["state"])
    alt = say(
        "chart.calendar_alt", full=counts["full"], part=counts["part"], none=counts["none"], later=counts["later"]
    )  # fmt: skip
    series = {"full": FULL, "part": PART, "none": SHORT, "later": PALE}

    def paint(figure: Figure, axes: Axes) -> None:
        columns, lines = list(months), {number: y for y, number in enumerate(order)}
        at: dict[str, list[Block]] = {state: [] for state in series}
        for row in rent[rent["contract_no"].isin(order)].to_dict("records"):
            x, y = columns.index(row["month"]), lines[row["contract_no"]]
            at[row["state"]].append((x - 0.45, y - 0.4, 0.9, 0.8))
            if row["state"] in ("none", "part"):
                label = say("chart.none") if row["state"] == "none" else say("chart.part")
                axes.text(x, y, label, ha="center", va="center", fontsize=8.5, color=INK,
                          bbox={"facecolor": "white", "edgecolor": "none", "pad": 0.8})  # fmt: skip
        for state, several in at.items():
            blocks(axes, several, series[state])
        axes.set_yticks(range(len(order)), order)
        axes.set_xticks(range(len(months)), month_names(months))
        axes.set_xlim(-0.6, len(months) - 0.4)
        axes.set_ylim(len(order) - 0.4, -0.6)
        axes.grid(visible=False)
        axes.set_title(say("chart.calendar_title"))
        handles = [Patch(**tone(at), label=say(f"chart.{state}")) for state, at in series.items()]
        figure.legend(handles=handles, loc="lower center", ncols=4)

    return draw(alt, paint, 1.3 + 0.32 * len(order))


def findings_by_test(outcome: Outcome) -> Chart | Note:
    """How many findings each test has, by severity."""
    counts = Counter(f.rule for f in outcome.findings)
    if not counts:
        return Note(say("chart.no_findings"))
    order = sorted(counts, key=lambda c: (outcome.rules[c].severity, -counts[c], c))
    alt = say("chart.findings_alt", parts="、".join(f"{c} {title(outcome.rules[c])} {counts[c]} 项" for c in order))

    def paint(figure: Figure, axes: Axes) -> None:
        series = {"S1": SHORT, "S2": PART, "S3": FULL, "S4": PALE}
        for y, code in enumerate(order):
            blocks(axes, [(0, y - 0.35, counts[code], 0.7)], series[outcome.rules[code].severity])
            axes.text(counts[code], y, f" {counts[code]}", va="center", fontsize=9.5)
        axes.set_yticks(range(len(order)), [f"{c} {title(outcome.rules[c])}" for c in order])
        axes.invert_yaxis()
        axes.grid(visible=False)
        axes.margins(x=0.1)
        axes.set_xticks([])
        axes.spines["bottom"].set_visible(False)
        axes.set_title(say("chart.findings_title", count=len(outcome.findings)))
        used = [s for s in SEVERITIES if any(outcome.rules[c].severity == s for c in order)]
        handles = [Patch(**tone(series[s]), label=severity(s)) for s in used]
        figure.legend(handles=handles, loc="lower center", ncols=2)

    return draw(alt, paint, 1.2 + 0.3 * len(order))


def papers_that_would_cure(outcome: Outcome) -> Chart | Note:
    """Which papers that were not handed in keep how many tests from being made."""
    counts: Counter[str] = Counter()
    for v in outcome.verdicts:
        if v.state == "untested":
            counts.update({n.partition(".")[0] if not _given(outcome, n) else n for n in missing(v, outcome.books)})
            if not outcome.case.pack.loaded and "地方标准" in v.reason:
                counts["pack"] += 1
    if not counts:
        return Note(say("chart.all_papers"))
    order: Sequence[str] = sorted(counts, key=lambda n: (-counts[n], n))
    names = {n: say("basis.local") if n == "pack" else need_words(n) for n in order}
    alt = say("chart.cure_alt", parts="、".join(f"{names[n]} {counts[n]} 项" for n in order))

    def paint(figure: Figure, axes: Axes) -> None:
        del figure
        blocks(axes, [(0, y - 0.35, counts[n], 0.7) for y, n in enumerate(order)], PALE)
        for y, n in enumerate(order):
            axes.text(counts[n], y, f" {counts[n]}", va="center", fontsize=9.5)
        axes.set_yticks(range(len(order)), [wrap(names[n], 18) for n in order])
        axes.invert_yaxis()
        axes.grid(visible=False)
        axes.margins(x=0.1)
        axes.set_xticks([])
        axes.spines["bottom"].set_visible(False)
        axes.set_title(say("chart.cure_title"))

    return draw(alt, paint, 0.9 + 0.3 * len(order))


def _given(outcome: Outcome, need: str) -> bool:
    return outcome.books.has(need.partition(".")[0])


def month_names(months: Any) -> list[str]:
    """«1月», with the year where it begins."""
    several = len({m.year for m in months}) > 1
    return [
        f"{m.month}月" + (f"\n{m.year}" if several and (m.month == 1 or at == 0) else "") for at, m in enumerate(months)
    ]


def left_over(outcome: Outcome) -> Chart | Note:
    """Of the rows on both sides, how many found their counterpart, how many are left over or could not be judged."""
    if lacking := not_handed_in(outcome, "ledger", "bank", "accounts"):
        return lacking
    made = {v.rule.code: v for v in outcome.verdicts if v.population and v.state != "untested"}
    sides = [made[code] for code in LEFT_OVER if code in made]
    if not sides:
        return Note(say("chart.no_matching"))
    names = [say(f"left.{v.rule.code}") for v in sides]
    money = [yuan(sum(f.amount_low or 0 for f in v.findings)) for v in sides]
    alt = say("chart.left_alt", parts="；".join(
        say("chart.left_part", side=n, all=v.population, left=v.found_items, amount=m, untested=v.untested_items)
        for n, v, m in zip(names, sides, money, strict=True)
    ))  # fmt: skip

    def paint(figure: Figure, axes: Axes) -> None:
        for y, (v, amount) in enumerate(zip(sides, money, strict=True)):
            start = 0.0
            for series, count in ((FULL, v.passed), (SHORT, v.found_items), (PALE, v.untested_items)):
                blocks(axes, [(start, y - 0.3, count / v.population, 0.6)], series)
                start += count / v.population
            label = (
                say("chart.left_label", count=v.found_items, amount=amount) if v.findings else say("chart.all_matched")
            )
            axes.text(1.01, y, label, va="center", fontsize=9)
        axes.set_yticks(range(len(sides)), [f"{n}\n{v.population:,} 笔" for n, v in zip(names, sides, strict=True)])
        axes.invert_yaxis()
        axes.grid(visible=False)
        axes.set_xlim(0, 1.45)
        axes.set_xticks([])
        axes.spines["bottom"].set_visible(False)
        axes.set_title(say("chart.left_title"))
        handles = [
            Patch(**tone(series), label=say(f"chart.{key}"))
            for series, key in ((FULL, "matched"), (SHORT, "left"), (PALE, "left_untested"))
        ]
        figure.legend(handles=handles, loc="lower center", ncols=3)

    return draw(alt, paint, 1.1 + 0.55 * len(sides))
