"""The panels of what was measured: how hard, along which axis, turning about which.

Above them the names of what was told; each draws itself into axes whose time is set.
"""

from typing import Final

from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator

from backbeat_host.runs.drawing import look, measures
from backbeat_host.runs.drawing.inspection import marks, verdicts
from backbeat_host.runs.drawing.inspection.marks import AXES, Key
from backbeat_host.runs.drawing.inspection.subject import Subject
from backbeat_host.runs.drawing.labels import Label, arrange, write

LANES: Final = 3  # of names above the peaks
LANE: Final = 0.13  # of the panel's height
_NAMED: Final = {"fall": 0, "roll": 0, "alarm": 1, "stumble": 2, "suspect": 3, "siren": 3, "alarm_cancelled": 3}


def size(axes: Axes, subject: Subject) -> None:
    """Draw |a|, every candidate as a dot on it, and the names of what was told where it was told."""
    force = measures.magnitude_g(subject.acc_mg)
    shown = marks.within(subject, subject.time_s)
    marks.signal(axes, subject.time_s, force, look.INK)
    axes.axhline(1, color=look.BODY, lw=0.8, zorder=1)
    top = max(3.0, float(force[shown].max(initial=0)))
    for candidate in subject.candidates:
        if subject.first <= candidate.at <= subject.last:
            colour = look.HAPPENING.get(candidate.verdict, look.QUIET)
            fill = colour if candidate.verdict != "nothing" else look.BODY if candidate.figures else "white"
            axes.plot(candidate.at, candidate.peak_g, "o", ms=4.5, mec=colour, mfc=fill, mew=1.0, zorder=4)
    labels = _labels(subject, top)
    placed = arrange(axes, labels, LANES, 8.5, lean=True)
    lanes = max((place.lane + 1 for place in placed), default=0)
    axes.set_ylim(0, top / (0.93 - LANE * lanes))
    axes.yaxis.set_major_locator(MaxNLocator(5, integer=True))
    write(axes, placed, [1.0 - LANE * (lanes - lane) for lane in range(lanes)], 8.5)
    marks.titled(axes, "|a|, g", note=_note(subject))


def _note(subject: Subject) -> str:
    judged = verdicts.judged(subject)
    if not judged:
        return "no impact to judge"
    return "o impact judged, filled: weighed" if any(one.figures for one in judged) else "o impact judged, none weighed"


def _labels(subject: Subject, top: float) -> list[Label]:
    """Name what was told at its moment; what fell together is named together."""
    together: dict[float, list[str]] = {}
    rank: dict[float, int] = {}
    at: dict[float, float] = {}
    for event in subject.events:
        name = event["event"]
        if name in _NAMED and subject.first <= event["t"] <= subject.last:
            direction = event.get("direction", "unknown")
            words = name.replace("_", " ") + (f" {direction}" if direction != "unknown" and name != "suspect" else "")
            moment = round(event["t"], 1)
            at.setdefault(moment, event["t"])
            together.setdefault(moment, []).append(words)
            rank[moment] = min(rank.get(moment, 9), _NAMED[name])
    colours = look.NAMED | {"alarm": look.VERMILLION, "siren": look.VERMILLION}
    return [
        Label(
            at[moment],
            min(1.0, 0.2 * top),
            ", ".join(dict.fromkeys(words)),
            colours.get(words[0].split()[0], look.QUIET),
            rank[moment],
        )
        for moment, words in together.items()
    ]


def acceleration(axes: Axes, subject: Subject) -> None:
    """Draw the acceleration along the body's axes."""
    values = subject.acc_mg / 1000
    shown = marks.within(subject, subject.time_s)
    axes.set_ylim(*marks.limits(values[shown], -1, 1.5))
    for axis in (2, 0, 1):
        marks.signal(axes, subject.time_s, values[:, axis], AXES[axis], 0.8)
    axes.yaxis.set_major_locator(MaxNLocator(5, integer=True))
    keys = [Key(name, colour) for name, colour in zip(("x forward", "y left", "z up"), AXES, strict=True)]
    marks.titled(axes, "Acceleration, g", keys)


def rotation(axes: Axes, subject: Subject) -> None:
    """Draw the rotation about the body's axes."""
    values = subject.rate_dps
    shown = marks.within(subject, subject.time_s)
    axes.set_ylim(*marks.limits(values[shown], -150, 150))
    for axis in (2, 0, 1):
        marks.signal(axes, subject.time_s, values[:, axis], AXES[axis], 0.8)
    axes.yaxis.set_major_locator(MaxNLocator(4))
    names = ("about x, to the side", "about y, bending forward is above 0", "about z, turning left")
    keys = [Key(name, colour) for name, colour in zip(names, AXES, strict=True)]
    marks.titled(axes, "Rotation, degrees a second", keys)
    axes.axhline(0, color=look.BODY, lw=0.8, zorder=1)
