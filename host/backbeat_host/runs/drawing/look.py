"""The look of the picture: colours that colour-blind people tell apart, sizes and headings.

The colours are Okabe and Ito's set, one meaning each; shape or name always says the same as the colour.
"""

from typing import Any, Final

from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.ticker import FuncFormatter, MultipleLocator

from backbeat_host.runs.words import clock

INK: Final = "#222222"
QUIET: Final = "#6b6b6b"
RULE: Final = "#e2e2e2"
BODY: Final = "#a9b6c1"  # raw signals: no meaning of their own

BLUE, SKY, GREEN = "#0072B2", "#56B4E9", "#009E73"
ORANGE, VERMILLION, PURPLE, YELLOW = "#E69F00", "#D55E00", "#CC79A7", "#F0E442"

TRAVEL: Final = {"backward": BLUE, "forward": SKY, "left": PURPLE, "right": "#e9c3d8", "still": "#e4e4e4"}
GAIT: Final = {"run": "#565656", "walk": "#a6a6a6", "still": "#e4e4e4"}
HAPPENING: Final = {"fall": VERMILLION, "roll": GREEN, "stumble": ORANGE, "suspect": QUIET}
NAMED: Final = HAPPENING | {"stumble": "#9A6700"}  # as text: orange on white is too faint to read
MARKER: Final = {"fall": "v", "roll": "o", "stumble": "D", "suspect": "o"}
ALARM: Final = "#f6d3bd"
SIREN: Final = VERMILLION
LYING: Final = YELLOW

STYLE: Final[dict[Any, Any]] = {
    "font.family": "DejaVu Sans",
    "font.size": 9.5,
    "text.color": INK,
    "axes.edgecolor": RULE,
    "axes.labelcolor": INK,
    "axes.linewidth": 0.8,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.grid": True,
    "axes.axisbelow": True,
    "grid.color": RULE,
    "grid.linewidth": 0.7,
    "xtick.color": QUIET,
    "ytick.color": QUIET,
    "xtick.major.pad": 5,
    "xtick.labelsize": 9,
    "ytick.labelsize": 9,
    "xtick.major.size": 0,
    "ytick.major.size": 0,
    "path.simplify": True,
    "svg.hashsalt": "backbeat",  # the same run gives the same file
}


def heading(axes: Axes, text: str, note: str = "", colour: str = INK) -> None:
    """Name a panel above its left corner, with a quiet note on the right."""
    axes.annotate(text, (0, 1), (0, 6), "axes fraction", "offset points", weight="bold", size=10, color=colour)
    if note:
        axes.annotate(note, (1, 1), (0, 6), "axes fraction", "offset points", ha="right", color=QUIET, size=9)


def minutes(axes: Axes, first: float, last: float, named: bool) -> None:
    """Lay the run's time along the axis, with round steps; only the lowest panel names them."""
    steps = (1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600)
    step = next((step for step in steps if (last - first) / step <= 12), 7200)
    axes.set_xlim(first, last)
    axes.xaxis.set_major_locator(MultipleLocator(step))
    axes.xaxis.set_major_formatter(FuncFormatter(lambda at, _: clock(at, 0)))
    axes.tick_params(labelbottom=named)


def dark(colour: str) -> bool:
    """Tell whether white reads better on this colour than ink does."""
    red, green, blue = (int(colour[i : i + 2], 16) for i in (1, 3, 5))
    return 0.299 * red + 0.587 * green + 0.114 * blue < 140


def text_width(axes: Axes, text: str, size: float, weight: str = "normal") -> float:
    """Give the width of a text in the axes' own x units."""
    probe = axes.text(0, 0, text, size=size, weight=weight)
    canvas = axes.figure.canvas
    assert isinstance(canvas, FigureCanvasAgg)
    pixels = probe.get_window_extent(canvas.get_renderer()).width
    probe.remove()
    low, high = axes.get_xlim()
    return float(pixels / axes.get_window_extent().width * (high - low))
