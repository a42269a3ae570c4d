"""One look for every chart: our own Chinese type, tones that a grey print and colour-blind eyes can tell apart."""

from __future__ import annotations

import io
import textwrap
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any, Final, cast

import matplotlib
import numpy as np
from matplotlib import font_manager
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.patches import PathPatch
from matplotlib.path import Path as Outline
from matplotlib.ticker import FuncFormatter
from PIL import Image

FAMILY: Final = "Auditkit Sans SC"
WIDTH: Final = 6.4
DPI: Final = 150
MARGIN: Final = 0.06
"""Inches of white around what is drawn."""
INK: Final = "#222222"
TONES: Final = ("#0072B2", "#E69F00", "#56B4E9", "#D55E00", "#009E73", "#F0E442", "#CC79A7", "#BBBBBB")
"""Okabe and Ito's colours, dark and light in turn; each goes with a hatch, for grey print takes the colour away."""
HATCHES: Final = ("", "///", "", "xxx", "...", "\\\\\\", "ooo", "")
GOOD: Final = 0
PART: Final = 1
FULL: Final = 2
SHORT: Final = 3
PALE: Final = 7
"""The series that mean something in several charts."""
RC: Final[dict[str, Any]] = {
    "font.family": [FAMILY, "DejaVu Sans"],
    "font.size": 10.5,
    "axes.unicode_minus": False,
    "axes.edgecolor": INK,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.titlesize": 12,
    "axes.titlelocation": "left",
    "axes.axisbelow": True,
    "axes.grid": True,
    "axes.grid.axis": "y",
    "grid.color": "#DDDDDD",
    "hatch.linewidth": 0.6,
    "hatch.color": "#FFFFFF",
    "legend.frameon": False,
    "legend.fontsize": 9.5,
    "pdf.fonttype": 3,
    "svg.fonttype": "path",
    "xtick.major.size": 0,
    "ytick.major.size": 0,
}


@dataclass(frozen=True, slots=True)
class Chart:
    """A drawn chart and what it shows in words, for who cannot see it."""

    png: bytes
    alt: str

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> tuple[dict[str, Any], dict[str, Any]]:
        return {"image/png": self.png, "text/plain": self.alt}, {"image/png": {"alt": self.alt}}


@cache
def font_path() -> Path:
    """Where the font of the package stands."""
    return Path(str(resources.files("auditkit").joinpath("data", "fonts", "AuditkitSansSC-Regular.otf")))


@cache
def _font_is_known() -> bool:
    font_manager.fontManager.addfont(font_path())
    return True


def draw(alt: str, paint: Callable[[Figure, Axes], None], height: float = 3.2) -> Chart:
    """A chart in the one style; `paint` puts the marks on it.

    Units: height in inches.
    """
    _font_is_known()
    with matplotlib.rc_context(cast("Any", RC)):
        figure = Figure(figsize=(WIDTH, height), dpi=DPI)
        canvas = FigureCanvasAgg(figure)
        axes = figure.add_axes((0.2, 0.2, 0.7, 0.7))
        paint(figure, axes)
        _fit(figure, axes, canvas)
        canvas.draw()
    return Chart(_png(canvas), alt)


def _fit(figure: Figure, axes: Axes, canvas: FigureCanvasAgg) -> None:
    """The axes as large as their labels, and the legend below them, leave room for.

    matplotlib's own layout engine measures every label four times for this, and is half of what a chart costs.
    """
    renderer, room = canvas.get_renderer(), MARGIN * DPI
    inner, whole = axes.get_window_extent(renderer), axes.get_tightbbox(renderer, for_layout_only=True)
    legend = sum(box.get_window_extent(renderer).height for box in figure.legends)
    if whole is None:
        return
    left, below = inner.x0 - whole.x0 + room, inner.y0 - whole.y0 + room + legend
    right, above = max(whole.x1 - inner.x1, 0) + room, max(whole.y1 - inner.y1, 0) + room
    width, height = canvas.get_width_height()
    axes.set_position((left / width, below / height, (width - left - right) / width, (height - below - above) / height))
    # A title begins at the paper's edge: over the axes alone a long one would not fit.
    axes.set_title(axes.get_title(loc="left"), loc="left", x=(room - left) / (width - left - right))


Block = tuple[float, float, float, float]
"""Left, bottom, width, height, in the units of the axes."""
_RING: Final = (Outline.MOVETO, Outline.LINETO, Outline.LINETO, Outline.LINETO, Outline.CLOSEPOLY)


def blocks(axes: Axes, at: Iterable[Block], series: int, label: str | None = None) -> None:
    """The bars of one series as one outline: its hatch is drawn once, not once a bar."""
    corners = [((x, y), (x + w, y), (x + w, y + h), (x, y + h), (x, y)) for x, y, w, h in at if w and h]
    codes = np.tile(_RING, max(len(corners), 1))
    marks = PathPatch(Outline(np.reshape(corners or [[(0.0, 0.0)] * 5], (-1, 2)), codes), label=label, **tone(series))
    marks.sticky_edges.x.append(0)
    marks.sticky_edges.y.append(0)
    axes.add_patch(marks)
    axes.autoscale_view()


def pairs(axes: Axes, series: Sequence[tuple[int, str, Iterable[Any]]], *, across: bool = False) -> None:
    """Several series of bars side by side at each place; `across` lays them on their side."""
    wide = 0.78 / len(series)
    for n, (at, label, values) in enumerate(series):
        start = -0.39 + n * wide
        bars = [(p + start, 0.0, wide * 0.96, float(v)) for p, v in enumerate(values)]
        blocks(axes, [(y, x, h, w) for x, y, w, h in bars] if across else bars, at, label)


def _png(canvas: FigureCanvasAgg) -> bytes:
    """The picture with 64 colours: a third of the bytes of a full one, and no difference to be seen."""
    drawn = Image.frombuffer("RGBA", canvas.get_width_height(), bytes(canvas.buffer_rgba())).convert("RGB")
    few = drawn.quantize(64, Image.Quantize.FASTOCTREE)
    paper, colours = int(cast("int", few.getpixel((0, 0)))), few.getpalette() or []
    colours[3 * paper : 3 * paper + 3] = [255, 255, 255]
    few.putpalette(colours)
    small = io.BytesIO()
    few.save(small, "PNG")
    return small.getvalue()


def tone(at: int) -> dict[str, Any]:
    """Colour and hatch of the n-th series."""
    return {
        "facecolor": TONES[at % len(TONES)],
        "hatch": HATCHES[at % len(HATCHES)],
        "edgecolor": "white",
        "linewidth": 0.4,
    }


def wrap(text: str, width: int = 12) -> str:
    """A label in lines of so many characters."""
    return "\n".join(textwrap.wrap(text, width)) or text


def yuan_axis(axis: Any) -> None:
    """Ticks of a money axis: fen in, yuan out, thousands set apart."""
    axis.set_major_formatter(FuncFormatter(lambda value, _: f"{value / 100:,.0f}"))
