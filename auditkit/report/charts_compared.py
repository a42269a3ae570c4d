"""Charts that set one paper against another: dues and receipts by month, ledger and notice, ledger and bank."""

from __future__ import annotations

from itertools import pairwise
from typing import Any, Final

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from auditkit.money import yuan
from auditkit.reconcile.bridge import BANK_PAID, BANK_RECEIVED, FEES, PAID, RECEIVED, bridge
from auditkit.reconcile.disclosure import compared
from auditkit.reconcile.instalments_paid import paid_instalments
from auditkit.reconcile.shortfall import compare
from auditkit.report.charts import month_names, not_handed_in
from auditkit.report.outcome import Outcome
from auditkit.report.style import GOOD, PALE, SHORT, Chart, blocks, draw, pairs, wrap, yuan_axis
from auditkit.report.tables import Note
from auditkit.report.words import say

CATEGORIES: Final = 12
"""So many categories fit one chart; those that differ most come first."""


def due_by_month(outcome: Outcome) -> Chart | Note:
    """What fell due in each month of the period over all contracts, and how much of it came in."""
    if lacking := not_handed_in(outcome, "contracts", "ledger"):
        return lacking
    rent = paid_instalments(outcome.books, outcome.case)
    if rent.empty:
        return Note(say("chart.nothing_due"))
    waiting = rent["state"] == "open"
    rent = rent[~waiting]
    months = pd.period_range(outcome.case.start, outcome.case.end, freq="M")
    sums = rent.groupby(rent["due_on"].dt.to_period("M"))[["amount", "paid"]].sum()
    sums = sums.reindex(months, fill_value=0).astype("int64")
    gap = sums["amount"] - sums["paid"]
    apart = len(compare(outcome.books, outcome.case).untested)
    told = say("chart.contracts_untested", count=apart) if apart else ""
    told += say("chart.instalments_open", count=int(waiting.sum())) if waiting.any() else ""
    parts = "、".join(f"{m} {yuan(int(g))}" for m, g in gap.items() if g > 0) or "—"
    due, paid = yuan(int(sums["amount"].sum())), yuan(int(sums["paid"].sum()))
    alt = say("chart.month_alt", due=due, received=paid, short=parts) + told

    def paint(figure: Figure, axes: Axes) -> None:
        pairs(axes, [(PALE, say("chart.due"), sums["amount"]), (GOOD, say("chart.paid"), sums["paid"])])
        for x, (total, short) in enumerate(zip(sums["amount"], gap, strict=True)):
            if short > 0:
                axes.text(x, float(total), say("chart.short_in_month", amount=f"{short / 100:,.0f}"),
                          ha="center", va="bottom", fontsize=8.5)  # fmt: skip
        axes.margins(y=0.12)
        axes.set_xticks(range(len(months)), month_names(months))
        axes.set_title(say("chart.month_title", due=due, received=paid) + ("\n" + told if told else ""))
        axes.set_ylabel(say("chart.yuan"))
        yuan_axis(axes.yaxis)
        figure.legend(loc="lower center", ncols=2)

    return draw(alt, paint, 3.0)


def income_against_disclosure(outcome: Outcome) -> Chart | Note:
    """Income of the published periods by category: what the notices say, and what the ledger has for it."""
    if lacking := not_handed_in(outcome, "ledger", "disclosures"):
        return lacking
    every = list(compared(outcome.books, outcome.case, "收入"))
    made = [line for line in every if not line.reason]
    if not made:
        return Note(say("chart.nothing_published"))
    rows = pd.DataFrame(
        [(line.category or say("chart.published_total"), line.disclosed, line.ledger) for line in made],
        columns=["category", "disclosed", "ledger"],
    )
    sums = rows.groupby("category", sort=False).sum()
    sums = sums.assign(gap=(sums["ledger"] - sums["disclosed"]).abs())
    sums = sums.sort_values(["gap", "ledger"], ascending=False, kind="stable")
    disclosed, ledger = yuan(int(sums["disclosed"].sum())), yuan(int(sums["ledger"].sum()))
    apart = len(every) - len(made)
    told = say("chart.lines_untested", count=apart) if apart else ""
    parts = "、".join(
        f"{c} {yuan(int(d))} / {yuan(int(a))}" for c, d, a, _ in sums.itertuples(name=None)
    )  # fmt: skip
    alt = say("chart.published_alt", disclosed=disclosed, ledger=ledger, parts=parts) + told
    shown = sums.head(CATEGORIES)

    def paint(figure: Figure, axes: Axes) -> None:
        pairs(
            axes, [(PALE, say("chart.disclosed"), shown["disclosed"]), (GOOD, say("chart.ledger"), shown["ledger"])],
            across=True,
        )  # fmt: skip
        for y, (_, published, booked, gap) in enumerate(shown.itertuples(name=None)):
            if gap:
                key = "chart.published_less" if booked > published else "chart.published_more"
                axes.text(float(max(published, booked, 0)), y, " " + say(key, amount=yuan(int(gap))),
                          va="center", fontsize=9)  # fmt: skip
        axes.set_yticks(range(len(shown)), [wrap(str(c), 10) for c in shown.index])
        axes.invert_yaxis()
        axes.margins(x=0.3)
        axes.grid(axis="x")
        axes.grid(visible=False, axis="y")
        axes.set_title(say("chart.published_title", disclosed=disclosed, ledger=ledger) + ("\n" + told if told else ""))
        axes.set_xlabel(say("chart.yuan"))
        yuan_axis(axes.xaxis)
        figure.legend(loc="lower center", ncols=2)

    return draw(alt, paint, 1.5 + 0.42 * len(shown))


def bank_bridge(outcome: Outcome) -> Chart | Note:
    """At the period's end: from the balance by the bank to the balance by the ledger, and what lies between them."""
    if lacking := not_handed_in(outcome, "ledger", "bank", "accounts"):
        return lacking
    made = bridge(outcome.books, outcome.case).statements
    if made.empty:
        return Note(say("chart.no_statements"))
    last = made[made["month_end"] == made["month_end"].max()]
    sums = {str(name): int(last[name].sum()) for name in last.columns.drop(["account", "month_end"])}
    steps = [(name, sums[name]) for name in (RECEIVED, PAID, FEES)]
    steps += [(name, -sums[name]) for name in (BANK_RECEIVED, BANK_PAID)]
    if sums["difference"]:
        steps.append((say("chart.unexplained"), -sums["difference"]))
    bank, book = sums["bank_balance"], sums["book_balance"]
    stands = [bank]
    for _, step in steps:
        stands.append(stands[-1] + step)
    day = f"{last['month_end'].iloc[0]:%Y-%m-%d}"
    alt = say(
        "chart.bridge_alt", day=day, bank=yuan(bank), book=yuan(book), gap=yuan(book - bank),
        parts="、".join(f"{_signed(name)} {_plus(step)}" for name, step in steps),
    )  # fmt: skip

    def paint(figure: Figure, axes: Axes) -> None:
        up = [(s, y - 0.3, e - s, 0.6) for y, (s, e) in enumerate(pairwise(stands), 1) if e > s]
        down = [(e, y - 0.3, s - e, 0.6) for y, (s, e) in enumerate(pairwise(stands), 1) if e < s]
        blocks(axes, up, GOOD, say("chart.adds"))
        blocks(axes, down, SHORT, say("chart.takes"))
        ends: list[Any] = [0, len(steps) + 1]
        axes.plot([bank, book], ends, "D", color="#222222", markersize=7)
        for y, stand in enumerate(stands):
            axes.plot([stand, stand], [y, y + 1], color="#888888", linewidth=0.8, linestyle=":")
        right = [bank, *(max(pair) for pair in pairwise(stands)), book]
        texts = [yuan(bank), *(_plus(step) for _, step in steps), yuan(book)]
        for y, (x, text) in enumerate(zip(right, texts, strict=True)):
            axes.text(x, y, f"   {text}", va="center", fontsize=9)
        names = [say("chart.by_bank"), *(_signed(name) for name, _ in steps), say("chart.by_book")]
        axes.set_yticks(range(len(names)), names)
        axes.margins(x=0.3)
        axes.set_ylim(len(names) - 0.4, -0.6)
        axes.grid(axis="x")
        axes.grid(visible=False, axis="y")
        axes.set_title(say("chart.bridge_title", day=day, gap=yuan(book - bank)))
        axes.set_xlabel(say("chart.yuan"))
        axes.locator_params(axis="x", nbins=5)
        yuan_axis(axes.xaxis)
        figure.legend(loc="lower center", ncols=2)

    return draw(alt, paint, 3.4)


def _signed(name: str) -> str:
    """«加» or «减» before an item, as the reconciliation statement has it."""
    return {
        RECEIVED: "加：" + RECEIVED, PAID: "减：" + PAID, FEES: "减：" + FEES,
        BANK_RECEIVED: "减：" + BANK_RECEIVED, BANK_PAID: "加：" + BANK_PAID,
    }.get(name, name)  # fmt: skip


def _plus(amount: int) -> str:
    return ("+" if amount > 0 else "") + yuan(amount)
