"""What several panels of an inspection share: lines of signals, their key, and the moments that matter across all."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from matplotlib.axes import Axes

from backbeat_host.runs.drawing import look, measures
from backbeat_host.runs.drawing.inspection.subject import Floats, Subject

# Three colours for three axes, apart from those that stand for a direction or an event.
AXES: Final = ("#3b6ea5", "#b5651d", "#3d3d3d")
TRUTH: Final = "#111111"
COLUMNS: Final = 1500  # of an envelope: about one a dot of the picture
_DENSE: Final = 6  # samples a column, above which a line is no more than its envelope
_MARKED: Final = ("fall", "roll", "stumble")


@dataclass(frozen=True)
class Key:
    """One word of a panel's key, in the colour of what it names."""

    text: str
    colour: str


def signal(axes: Axes, time_s: Floats, values: measures.Floats, colour: str, width: float = 0.9) -> None:
    """Draw a line, or where it is too dense for one its least and most in each moment."""
    low, high = axes.get_xlim()
    shown = (time_s >= low) & (time_s <= high)
    time_s, values = time_s[shown], np.asarray(values[shown], dtype=np.float64)
    if len(time_s) < 2:
        return
    if len(time_s) > _DENSE * COLUMNS:
        middle, least, most = measures.envelope(time_s, values, COLUMNS)
        axes.fill_between(middle, least, most, color=colour, alpha=0.6, lw=0.3, zorder=2)
    else:
        axes.plot(time_s, values, color=colour, lw=width, zorder=2)


def titled(axes: Axes, text: str, keys: Sequence[Key] = (), note: str = "") -> None:
    """Name a panel above its left corner, with a key on the right; each word has the colour of its line."""
    look.heading(axes, text, "" if keys else note)
    right = 1.0
    width = axes.get_window_extent().width
    span = axes.get_xlim()[1] - axes.get_xlim()[0]
    for key in reversed([Key(note, look.QUIET)] * bool(note and keys) + list(keys)):
        axes.annotate(
            key.text, (right, 1), (0, 6), "axes fraction", "offset points", ha="right", color=key.colour, size=9,
            weight="bold" if key.colour != look.QUIET else "normal",
        )  # fmt: skip
        right -= look.text_width(axes, key.text, 9, "bold") / span + 10 / width


def moments(panels: Sequence[Axes], subject: Subject) -> None:
    """Draw falls, rolls and stumbles through all panels: a line at the impact, a dotted one where it was told."""
    for event in happened(subject):
        colour = look.HAPPENING[event["event"]]
        for axes in panels:
            axes.axvline(event.get("at", event["t"]), color=colour, lw=1.0, alpha=0.75, zorder=1)
            axes.axvline(event["t"], color=colour, lw=1.0, ls=(0, (1, 2.5)), alpha=0.9, zorder=1)


def happened(subject: Subject) -> list[Mapping[str, Any]]:
    """Give the falls, rolls and stumbles told of or in the time shown."""
    told = [event for event in subject.events if event["event"] in _MARKED]
    return [event for event in told if event["t"] >= subject.first and event.get("at", event["t"]) <= subject.last]


def end(panels: Sequence[Axes], subject: Subject) -> None:
    """Tint what lies beyond the recording, where stillness was added."""
    over = float(subject.time_s[-1]) + 1 / subject.rate
    if subject.last > over:
        for axes in panels:
            axes.axvspan(over, subject.last, color="#f1f1f1", lw=0, zorder=0)


def limits(values: measures.Floats, least: float, most: float, room: float = 0.08) -> tuple[float, float]:
    """Give axis limits that hold the values and the interval from `least` to `most`, with some room."""
    known = values[np.isfinite(values)]
    low = min([least, *known.min(initial=np.inf, keepdims=True).tolist()])
    high = max([most, *known.max(initial=-np.inf, keepdims=True).tolist()])
    around = room * (high - low)
    return low - around, high + around


def within(subject: Subject, time_s: Floats) -> Any:
    """Tell which of the instants are shown."""
    return (time_s >= subject.first) & (time_s <= subject.last)
