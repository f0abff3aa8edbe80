"""The panels that share the run's time axis: acceleration with what happened, cadence felt, and rotation.

Each draws itself into given axes from a RunPicture; the layout is the sheet's.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Final

import numpy as np
from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator

from backbeat_host.runs.drawing import look, measures
from backbeat_host.runs.drawing.labels import Label, arrange, write
from backbeat_host.runs.drawing.spans import alarms
from backbeat_host.runs.drawing.subject import RunPicture
from backbeat_host.runs.words import clock

COLUMNS: Final = 1400  # of the envelope: one a dot of the picture, nearly
ABSORBED_S: Final = 1.5  # a suspect this close to a fall, roll or stumble is that one's first sight
NEAR_TARGET: Final = 0.03  # of the target: about what a runner keeps to when told to follow a beat
LANES: Final = 4  # of names above the peaks
LANE: Final = 0.1  # of the panel's height
_RANK: Final = {"fall": 0, "roll": 1, "stumble": 2, "suspect": 3}


def happenings(run: RunPicture) -> list[Mapping[str, Any]]:
    """Give the falls, rolls and stumbles in the time drawn, and the suspects that became none of these."""
    events = [event for event in run.events if run.time_s[0] <= event.get("at", event["t"]) <= run.time_s[-1]]
    certain = [event for event in events if event["event"] in ("fall", "roll", "stumble")]
    told = [event.get("at", event["t"]) for event in certain]
    alone = [
        event
        for event in events
        if event["event"] == "suspect"
        and all(abs(event.get("at", event["t"]) - at) > ABSORBED_S + _length(certain, at) for at in told)
    ]
    return certain + alone


def _length(events: Sequence[Mapping[str, Any]], at: float) -> float:
    """Give how long the roll that began at `at` took; anything else is an instant."""
    return max((float(event.get("duration", 0)) for event in events if event.get("at", event["t"]) == at), default=0.0)


def acceleration(axes: Axes, run: RunPicture) -> None:
    """Draw how hard it went, least to most in each moment, with what happened named above its peak."""
    size = measures.magnitude_g(run.acc_mg)
    middle, least, most = measures.envelope(run.time_s, size, COLUMNS)
    if least is most:  # a recording so short that each sample has its own place
        axes.plot(middle, most, color=look.QUIET, lw=0.9, zorder=2)
    else:
        axes.fill_between(middle, least, most, color=look.BODY, lw=0.5, zorder=2)
    top = max(4.0, float(np.nanmax(most)))
    axes.set_yticks(np.arange(0, top + 0.3, 2 if top < 9 else 4))
    labels = []
    for event in happenings(run):
        name = event["event"]
        at = event.get("at", event["t"])
        near = (run.time_s > at - 0.3) & (run.time_s < at + max(0.3, event.get("duration", 0)))
        peak = float(size[near].max()) if near.any() else 1.0
        colour = look.HAPPENING[name]
        fill = "white" if name == "suspect" else colour
        axes.plot(
            at, peak + 0.03 * top, look.MARKER[name], ms=6, mec=colour, mfc=fill, mew=1.2, zorder=5, clip_on=False
        )
        direction = event.get("direction", "")
        words = f"{name} {direction}".strip() if direction != "unknown" else name
        labels.append(Label(at, peak + 0.08 * top, f"{words} {clock(at, 0)}", look.NAMED[name], _RANK[name]))
    placed = arrange(axes, labels, LANES)
    lanes = max((place.lane + 1 for place in placed), default=0)
    axes.set_ylim(0, top / (0.9 - LANE * lanes))
    write(axes, placed, [1.0 - LANE * (lanes - lane) for lane in range(lanes)])
    left_out = len(labels) - len(placed)
    look.heading(axes, "Acceleration felt, g", f"{left_out} more marked without a name" if left_out else "")


def cadence(axes: Axes, run: RunPicture) -> None:
    """Draw each step's cadence, the median around it, and the target."""
    at, each, median = measures.felt_cadence([event["t"] for event in run.events if event["event"] == "step"])
    known = median[np.isfinite(median)]
    shown = [*known, *([run.target_spm] if run.target_spm else [])] or [120.0, 180.0]
    low, high = float(np.min(shown)), float(np.max(shown))
    room = max(10.0, 0.15 * (high - low))
    axes.set_ylim(low - room, high + room)
    axes.yaxis.set_major_locator(MaxNLocator(4))
    axes.plot(at, each, ".", ms=2.2, color="#c4c4c4", zorder=2, rasterized=True)
    axes.plot(at, median, color=look.INK, lw=1.5, zorder=4)
    note = ""
    if run.target_spm:
        near = run.target_spm * NEAR_TARGET
        axes.axhspan(run.target_spm - near, run.target_spm + near, color=look.ORANGE, alpha=0.22, lw=0, zorder=1)
        axes.axhline(run.target_spm, color=look.ORANGE, lw=1.2, zorder=3)
        share = (
            f", {100 * np.mean(abs(known - run.target_spm) <= near):.0f} % of steps within 3 %" if len(known) else ""
        )
        note = f"target {run.target_spm:g}{share}"
    look.heading(axes, "Cadence felt, steps a minute", note)


def alarmed(axes: Axes, run: RunPicture) -> None:
    """Tint the time in which the alarm was on."""
    for span in alarms(run.events, float(run.time_s[-1])):
        axes.axvspan(span.start, span.end, color=look.ALARM, alpha=0.45, lw=0, zorder=0)


def rotation(axes: Axes, run: RunPicture) -> None:
    """Draw how far the trunk turned over forward or backward within two seconds: a roll goes all the way round."""
    at, degrees = measures.most_turned(run.time_s, run.rate_dps[:, 1].astype(float))
    axes.fill_between(at, 0, degrees, color=look.BODY, lw=0.5, zorder=2)
    axes.set_ylim(0, max(460.0, 1.3 * float(degrees.max(initial=0))))
    axes.set_yticks([0, 180, 360])
    low, high = axes.get_xlim()
    named: list[float] = []
    for event in happenings(run):
        when = event.get("at", event["t"])
        near = (at > when - 1) & (at < when + 3)
        if event["event"] in ("fall", "roll") and near.any():
            peak = int(np.argmax(np.where(near, degrees, -1.0)))
            text, x = f"{event['event']} {degrees[peak]:.0f}\N{DEGREE SIGN}", float(at[peak])
            half = look.text_width(axes, text, 9, "bold") / 2
            x = min(max(x, low + half), high - half)
            if all(abs(x - other) > 2.2 * half for other in named):
                axes.text(
                    x, degrees[peak] + 12, text, size=9, weight="bold", ha="center", color=look.NAMED[event["event"]]
                )
                named.append(x)
    look.heading(axes, "Trunk rotation within two seconds, degrees")
