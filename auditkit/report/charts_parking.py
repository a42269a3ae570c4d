"""Charts of the barrier: what was to be charged, charged, collected and booked; who lets out how often."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from scipy.stats import beta

from auditkit.money import yuan
from auditkit.reconcile.releases import manned_stays, releases_by_operator
from auditkit.reconcile.stays import settled, visits
from auditkit.reconcile.takings import months as log_months
from auditkit.reconcile.tariff import fees
from auditkit.report.charts import month_names, not_handed_in
from auditkit.report.outcome import Outcome
from auditkit.report.style import GOOD, PALE, PART, SHORT, Chart, draw, pairs, tone, yuan_axis
from auditkit.report.tables import Note
from auditkit.report.words import say

OPERATORS: Final = 15
STEPS: Final = (("expected", PART), ("charged", PALE), ("collected", 4), ("booked", GOOD))
RATE_RULE: Final = "PRK03"


def parking_money(outcome: Outcome) -> Chart | Note:
    """Visitors' parking month by month: by the tariff, charged, collected, booked."""
    if lacking := not_handed_in(outcome, "parking"):
        return lacking
    books, case = outcome.books, outcome.case
    covered = log_months(books["parking"], books["ledger"], case)
    if not covered:
        return Note(say("chart.no_whole_month"))
    stays = visits(books, case)
    due, paid = settled(stays)
    columns = {"collected": paid}
    missing: list[str] = []
    if books.has("parking.due"):
        columns["charged"] = due
    else:
        missing.append(say("chart.no_due"))
    unpriced = 0
    if books.has("tariff"):
        fee = fees(stays.rows, books["tariff"])
        unpriced = int(fee.isna().sum())
        # A stay whose payment was refunded and made again is one stay: it owes one fee.
        again = (due == 0) & (paid == 0) & ((stays.rows["due"].fillna(0) > 0) | (stays.rows["paid"].fillna(0) > 0))
        columns["expected"] = fee.mask(again.fillna(False), 0)
    else:
        missing.append(say("chart.no_tariff"))
    of = stays.rows["exit"].dt.to_period("M")
    names = [of_month.month for of_month in covered]
    sums = pd.DataFrame(columns).groupby(of).sum().reindex(names, fill_value=0).astype("int64")
    if books.has("ledger"):
        sums["booked"] = [of_month.booked for of_month in covered]
    else:
        missing.append(say("chart.no_ledger"))
    shown = [(series, step) for step, series in STEPS if step in sums]
    totals = "、".join(f"{say(f'chart.{step}')} {yuan(int(sums[step].sum()))}" for _, step in shown)
    told = [say("chart.unpriced", count=unpriced)] if unpriced else []
    told += [say("chart.not_tested", papers="、".join(missing))] if missing else []
    alt = say("chart.parking_alt", parts=totals) + "".join(told)

    def paint(figure: Figure, axes: Axes) -> None:
        pairs(axes, [(series, say(f"chart.{step}"), sums[step]) for series, step in shown])
        axes.set_xticks(range(len(names)), month_names(names))
        axes.set_title("\n".join([say("chart.parking_title"), *told]))
        axes.set_ylabel(say("chart.yuan"))
        yuan_axis(axes.yaxis)
        figure.legend(loc="lower center", ncols=4)

    return draw(alt, paint, 3.2)


def release_rates(outcome: Outcome) -> Chart | Note:
    """How often each operator lets out by hand or for nothing, with the interval that chance leaves.

    What stands out is what the test found, with its thresholds; the interval (Clopper and Pearson's, as sure as the
    test's q) only shows how much a rate over so many stays says: docs/decisions/0120.
    """
    if lacking := not_handed_in(outcome, "parking", "parking.release", "parking.operator"):
        return lacking
    made = next((v for v in outcome.verdicts if v.rule.code == RATE_RULE), None)
    if made is None or (made.state in ("empty", "untested") and not made.population):
        return Note(say("chart.no_operators"))
    bounds = made.rule.thresholds
    rows, _ = manned_stays(
        outcome.books, outcome.case, outage_stays=bounds["outage_stays"], outage_share=bounds["outage_share"]
    )
    each = releases_by_operator(rows)
    each = each[each["stays"] >= bounds["stays"]]
    if each.empty:
        return Note(say("chart.no_operators"))
    found, open_ = {f.subject.id for f in made.findings}, {u.subject.id for u in made.untested}
    series = [SHORT if str(n) in found else PALE if str(n) in open_ else GOOD for n in each.index]
    each = each.assign(rate=each["let_out"] / each["stays"], series=series)
    each = each.sort_values(["rate", "stays"], ascending=False, kind="stable").head(OPERATORS)
    low, high = interval(each["let_out"], each["stays"], 1 - bounds["q"])
    alt = say("chart.rates_alt", parts="、".join(
        f"{name} {let_out}/{stays}（{let_out / stays:.1%}，{lowest:.1%}~{highest:.1%}）"
        for name, let_out, stays, lowest, highest in zip(
            each.index, each["let_out"], each["stays"], low, high, strict=True
        )
    ))  # fmt: skip

    def paint(figure: Figure, axes: Axes) -> None:
        limit = bounds["times"] * each["theirs"] / each["others"].where(each["others"] > 0)
        for y, (rate, kind) in enumerate(zip(each["rate"], each["series"], strict=True)):
            axes.plot([low[y], high[y]], [y, y], color="#444444", linewidth=1.6)
            axes.plot([rate], [y], **_dot(kind))
            axes.text(high[y], y, f"  {each['let_out'].iloc[y]} / {each['stays'].iloc[y]}", va="center", fontsize=9)
        at: list[Any] = list(range(len(each)))
        known = limit.notna().to_numpy()
        axes.plot(
            limit[known], np.array(at)[known], "|", color="#222222", markersize=16, markeredgewidth=1.4, linestyle=""
        )
        axes.set_yticks(at, [str(name) for name in each.index])
        axes.set_ylim(len(each) - 0.4, -0.6)
        axes.set_xlim(0, min(1.0, max(*high, float(limit.max()) if known.any() else 0.0)) * 1.25)
        axes.xaxis.set_major_formatter(lambda value, _: f"{value:.0%}")
        axes.grid(axis="x")
        axes.grid(visible=False, axis="y")
        axes.set_title(say("chart.rates_title"))
        axes.set_xlabel(say("chart.rates_axis", times=bounds["times"]))
        words = {SHORT: "rate_found", GOOD: "rate_passed", PALE: "left_untested"}
        used = [k for k in words if k in set(each["series"])]
        dots = [Line2D([], [], linestyle="", label=say(f"chart.{words[k]}"), **_dot(k)) for k in used]
        figure.legend(handles=dots, loc="lower center", ncols=3)

    return draw(alt, paint, 1.5 + 0.34 * len(each))


def _dot(series: int) -> dict[str, Any]:
    """A mark that is told by its shape where the colour is lost."""
    colour = "white" if series == PALE else tone(series)["facecolor"]
    shape = {SHORT: "D", PALE: "s", GOOD: "o"}[series]
    return {"marker": shape, "color": colour, "markeredgecolor": "#222222", "markersize": 8}


def interval(hits: pd.Series[int], of: pd.Series[int], sure: float) -> tuple[list[float], list[float]]:
    """Clopper and Pearson's interval of each share."""
    tail = (1 - sure) / 2
    k, n = hits.to_numpy(dtype="float64"), of.to_numpy(dtype="float64")
    low = np.where(k > 0, beta.ppf(tail, np.maximum(k, 1), n - k + 1), 0.0)
    high = np.where(k < n, beta.ppf(1 - tail, k + 1, np.maximum(n - k, 1)), 1.0)
    return low.tolist(), high.tolist()
