"""The ribbons: what happened (where it is known) above what the device took it for, alarms, and cues.

From events and truth to coloured spans with names in them, where the names fit.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from matplotlib.axes import Axes
from matplotlib.lines import Line2D

from backbeat_host.runs.drawing import look, measures, spans
from backbeat_host.runs.drawing.spans import Span
from backbeat_host.runs.drawing.subject import RunPicture

HEIGHT: Final = 0.74  # of a row
STRIP: Final = 0.24  # of a row
THINNEST: Final = 0.0022  # of the axis: a roll of two seconds must show in an hour
NAMED_CUES: Final = 6
_CUE_MARKS: Final = ("s", "^", "D", "P", "*", "X")


@dataclass(frozen=True)
class Ribbon:
    """A row of spans, with the truth about the same as a thin strip above it where that is known."""

    name: str
    spans: Sequence[Span]
    truth: Sequence[Span] = ()

    @property
    def high(self) -> float:
        """Height in rows."""
        return 1.0 + (STRIP + 0.12 if self.truth else 0.0)


def rows(run: RunPicture) -> list[Ribbon]:
    """Give the ribbons there are, from the top."""
    end = float(run.time_s[-1])
    truth = run.truth or ()
    found = [
        Ribbon("truth", spans.truths(truth)),
        Ribbon("posture", [Span(a, b, "lying", look.LYING) for a, b in measures.lying(run.time_s, run.acc_mg)]),
        *(
            Ribbon(name, spans.states(run.events, name, colours, end), spans.true_states(truth, name, colours))
            for name, colours in (("travel", look.TRAVEL), ("gait", look.GAIT))
        ),
        Ribbon("alarm", spans.alarms(run.events, end)),
    ]
    return [row for row in found if row.spans or row.name in ("travel", "gait")]


def rows_high(run: RunPicture, given: Sequence[Ribbon]) -> float:
    """Give how many rows high the panel is."""
    return sum(row.high for row in given) + len(_points(run))


def ribbons(axes: Axes, run: RunPicture, given: Sequence[Ribbon]) -> None:
    """Draw the ribbons, then events and cues."""
    axes.set_ylim(rows_high(run, given), 0)
    names, top = [], 0.0
    for row in given:
        middle = top + row.high - 0.5
        names.append((middle, row.name))
        for span in row.truth:
            bar(axes, span, top + 0.13 + STRIP / 2, STRIP)
        for span in row.spans:
            bar(axes, span, middle, HEIGHT)
            named(axes, span, middle)
        top += row.high
    for name, points in _points(run).items():
        names.append((top + 0.5, name))
        (_told if name == "events" else _cues)(axes, points, top + 0.5)
        top += 1
    axes.set_yticks([at for at, _ in names], [name for _, name in names])
    axes.tick_params(axis="y", labelcolor=look.INK)
    axes.grid(axis="y", visible=False)
    axes.spines["left"].set_visible(False)
    strips = any(row.truth for row in given)
    look.heading(axes, "What the device made of it" + ("; thin strips: what was true" if strips else ""))


def _points(run: RunPicture) -> dict[str, list[Mapping[str, Any]]]:
    """Give the rows of instants there are: what the device told, and the cues it gave."""
    told = [event for event in run.events if event["event"] in ("fall", "roll", "stumble")]
    cues = [event for event in run.events if event["event"] == "cue"]
    return {name: points for name, points in (("events", told), ("cues", cues)) if points}


def bar(axes: Axes, span: Span, middle: float, height: float) -> None:
    """Draw one span; a very short one stays visible."""
    low, high = axes.get_xlim()
    width = max(span.end - span.start, THINNEST * (high - low))
    axes.barh(middle, width, left=span.start, height=height, color=span.colour, ec="white", lw=0.6, zorder=3)


def named(axes: Axes, span: Span, middle: float) -> None:
    """Write a span's name into it, or as much of the name as fits."""
    low, high = axes.get_xlim()
    start, end = max(span.start, low), min(span.end, high)
    for text in dict.fromkeys((span.name, span.name.split()[-1] if span.name else "")):
        if text and look.text_width(axes, text, 8.5) < 0.94 * (end - start):
            colour = "white" if look.dark(span.colour) else look.INK
            centre = (start + end) / 2
            axes.text(centre, middle + 0.03, text, size=8.5, color=colour, ha="center", va="center", zorder=4)
            break


def _told(axes: Axes, events: Sequence[Mapping[str, Any]], height: float) -> None:
    """Mark falls, rolls and stumbles with the markers they have in the panel above."""
    for event in events:
        name = event["event"]
        colour = look.HAPPENING[name]
        axes.plot(event.get("at", event["t"]), height, look.MARKER[name], ms=6, color=colour, zorder=3)


def _cues(axes: Axes, cues: Sequence[Mapping[str, Any]], height: float) -> None:
    """Mark each cue in its own shape, explained at the right above the panel."""
    kinds = list(dict.fromkeys(str(cue.get("cue")) for cue in cues))
    shapes = iter(_CUE_MARKS)
    legend: list[Line2D] = []
    for kind in kinds:
        shape = "<" if "left" in kind else ">" if "right" in kind else next(shapes, "|")
        at = [cue["t"] for cue in cues if str(cue.get("cue")) == kind]
        (marks,) = axes.plot(at, [height] * len(at), shape, ms=4.5, color=look.QUIET, mew=0.8, zorder=3)
        marks.set_label(kind.replace("_", " "))
        legend.append(marks)
    axes.legend(
        handles=legend[:NAMED_CUES], loc="lower right", bbox_to_anchor=(1.004, 0.995), ncols=NAMED_CUES, frameon=False,
        fontsize=9, labelcolor=look.QUIET, handletextpad=0.0, columnspacing=1.0, borderaxespad=0.0,
    )  # fmt: skip
