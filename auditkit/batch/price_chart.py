"""The contracts of a company or county whose prices stand farthest from their peers', in the peers' band."""

from __future__ import annotations

from typing import Any, Final

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from auditkit.batch.county import County
from auditkit.report.style import GOOD, SHORT, Chart, draw, tone
from auditkit.report.tables import Note

MOST: Final = 20
RULE: Final = "CTR02"
_EDGE: Final = 2.5
"""Times the median: what lies beyond is drawn at the edge."""


def price_bands(county: County) -> Chart | Note:
    """Each contract's price as a share of its peers' median, the lowest first, in the band of the peers."""
    prices = county.prices
    banded = prices[prices["median"] > 0] if len(prices) else prices
    if banded.empty:
        return Note("未测试：缺写明数量和金额、且同县有八份以上同类的合同，未比较单价。")
    shares = banded[["price", "low", "q1", "q3", "high"]].div(banded["median"], axis=0)
    shares = shares.assign(
        name=banded["category"], contract=banded["contract_no"], compound=banded["compound_id"]
    )  # fmt: skip
    shares = shares.sort_values(["price", "compound", "contract"], kind="stable").head(MOST)
    names = {r.compound_id: r.compound_name for r in county.records}
    rows: list[dict[Any, Any]] = shares.to_dict("records")
    found = county.findings[county.findings["rule"] == RULE] if len(county.findings) else county.findings
    marked = set(zip(found["compound_id"], found["subject_id"], strict=True)) if len(found) else set[Any]()
    alt = "合同单价占同县同类中位数的百分比，最低的在前：" + "、".join(
        f"{names[row['compound']]} {row['contract']} {row['name']} {row['price']:.0%}" for row in rows
    )

    def paint(figure: Figure, axes: Axes) -> None:
        for y, row in enumerate(rows):
            low, q1, q3, high = (min(row[name], _EDGE) for name in ("low", "q1", "q3", "high"))
            axes.plot([low, high], [y, y], color="#777777", linewidth=1.2)
            axes.plot([q1, q3], [y, y], color="#777777", linewidth=6, solid_capstyle="butt")
            axes.plot([min(row["price"], _EDGE)], [y], **_dot((row["compound"], row["contract"]) in marked))
        axes.axvline(1, color="#222222", linewidth=1)
        axes.set_yticks(
            range(len(rows)), [f"{names[r['compound']]} {r['contract']}\n{r['name']}" for r in rows], fontsize=8.5
        )
        axes.set_ylim(len(rows) - 0.4, -0.6)
        axes.set_xlim(left=0)
        axes.xaxis.set_major_formatter(lambda value, _: f"{value:.0%}")
        axes.grid(axis="x")
        axes.grid(visible=False, axis="y")
        axes.set_title(f"合同单价与同县同类（最低的 {len(rows)} 份）")
        axes.set_xlabel("占同类中位数（细线：最低至最高；粗线：中间一半）")
        words = ((True, f"列为疑点（{RULE}）"), (False, "未列为疑点"))
        dots = [Line2D([], [], linestyle="", label=label, **_dot(bad)) for bad, label in words]
        figure.legend(handles=dots, loc="lower center", ncols=2)

    return draw(alt, paint, 1.4 + 0.36 * len(rows))


def _dot(bad: bool) -> dict[str, Any]:
    shape, series = ("D", SHORT) if bad else ("o", GOOD)
    return {"marker": shape, "color": tone(series)["facecolor"], "markeredgecolor": "#222222", "markersize": 7}
