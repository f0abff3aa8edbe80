"""A few seconds close up: how hard, how far the trunk turned, and at which moments the device made up its mind.

From a RunPicture and some of its events; ten minutes hide what decides between a roll and a fall.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from matplotlib.axes import Axes
from matplotlib.ticker import FuncFormatter, MultipleLocator

from backbeat_host.runs.drawing import look, measures, overview
from backbeat_host.runs.drawing.labels import Label, arrange, write
from backbeat_host.runs.drawing.measures import Floats
from backbeat_host.runs.drawing.subject import RunPicture
from backbeat_host.runs.words import clock, words

AROUND_S: Final = 4.0
LONGEST_S: Final = 9.0  # a decision later than this is not worth flattening the rest
LANES: Final = (0.77, 0.89)  # of the moments' names
_WORTH: Final = ("fall", "roll", "stumble", "suspect")
_MOMENTS: Final = ("suspect", "fall", "roll", "stumble", "alarm", "siren")


@dataclass(frozen=True)
class Stretch:
    """What a close-up shows: an event, and the seconds, |a| and degrees turned around it."""

    event: Mapping[str, Any]
    at: float
    seconds: Floats  # from the event's own instant
    force_g: Floats
    angle_deg: Floats


def chosen(run: RunPicture) -> list[Mapping[str, Any]]:
    """Choose what is worth a close-up: the first of each of the two gravest kinds there are, in order of time.

    What lies in a gap of the recording has nothing to show.
    """
    first: dict[str, Mapping[str, Any]] = {}
    for event in overview.happenings(run):
        if np.min(np.abs(run.time_s - event.get("at", event["t"]))) < measures.GAP_S:
            first.setdefault(event["event"], event)
    return sorted([first[name] for name in _WORTH if name in first][:2], key=lambda event: float(event["t"]))


def stretch(run: RunPicture, event: Mapping[str, Any]) -> Stretch:
    """Cut out four seconds to each side of an event, more after it where the decision came later."""
    at = float(event.get("at", event["t"]))
    end = at + min(max(AROUND_S, event["t"] - at + 0.8), LONGEST_S)
    shown = (run.time_s >= at - AROUND_S) & (run.time_s <= end)
    seconds = run.time_s[shown] - at
    angle = measures.turned(run.time_s[shown], run.rate_dps[shown, 1].astype(float))
    angle = angle - np.mean(angle[seconds < seconds[0] + 1])  # upright, whatever the steps do to the trunk
    return Stretch(event, at, seconds, measures.magnitude_g(run.acc_mg[shown]), angle)


def closeups(panels: Sequence[tuple[Axes, Axes]], run: RunPicture, events: Sequence[Mapping[str, Any]]) -> None:
    """Draw each event into its pair of axes, |a| above and rotation below; all to the same scale.

    A quarter turn must look it beside a whole one.
    """
    stretches = [stretch(run, event) for event in events]
    top = max([4.0, *(float(each.force_g.max(initial=0)) for each in stretches)])
    low = min([-30.0, *(1.12 * float(each.angle_deg.min(initial=0)) for each in stretches)])
    high = max([30.0, *(1.12 * float(each.angle_deg.max(initial=0)) for each in stretches)])
    for (force, turn), each in zip(panels, stretches, strict=True):
        for axes in (force, turn):
            axes.set_xlim(-AROUND_S, max(AROUND_S, float(each.seconds.max(initial=0))))
            axes.xaxis.set_major_locator(MultipleLocator(1))
            axes.xaxis.set_major_formatter(FuncFormatter(_signed))
        force.tick_params(labelbottom=False)
        force.set_ylim(0, top * 1.42)
        force.set_yticks(np.arange(0, top + 0.3, 2 if top < 9 else 4))
        turn.set_ylim(low, high)
        turn.yaxis.set_major_locator(MultipleLocator(180 if max(-low, high) > 200 else 90))
        _draw(force, turn, each)
        _moments(force, turn, run, each)


def _draw(force: Axes, turn: Axes, each: Stretch) -> None:
    colour = look.HAPPENING[each.event["event"]]
    force.plot(each.seconds, each.force_g, color=look.INK, lw=1.0, zorder=3)
    turn.fill_between(each.seconds, 0, each.angle_deg, color=colour, alpha=0.25, lw=0)
    turn.plot(each.seconds, each.angle_deg, color=colour, lw=1.6, zorder=3)
    title = words({key: value for key, value in each.event.items() if key != "at"})
    look.heading(force, f"{title[0].upper()}{title[1:]}, at {clock(each.at)}", colour=look.NAMED[each.event["event"]])
    force.text(0.008, 0.97, "|a|, g", transform=force.transAxes, size=9, color=look.QUIET, va="top")
    turn.annotate(
        "trunk rotation, degrees (backward is below 0)", (0, 1), (3, 1), "axes fraction", "offset points", size=9,
        color=look.QUIET,
    )  # fmt: skip


def _moments(force: Axes, turn: Axes, run: RunPicture, each: Stretch) -> None:
    """Mark when the device suspected, decided and called the alarm; what fell together is named together."""
    names: dict[float, list[str]] = {}
    for other in run.events:
        moment = other["t"] - each.at
        if -0.5 <= moment <= force.get_xlim()[1] and other["event"] in _MOMENTS:
            names.setdefault(round(moment, 1), []).append("decided" if other is each.event else other["event"])
    labels = [
        Label(moment, 0.0, f"{', '.join(dict.fromkeys(together))} {_signed(moment)}", look.QUIET, rank)
        for rank, (moment, together) in enumerate(names.items())
    ]
    for moment in names:
        turn.axvline(moment, color=look.QUIET, lw=0.8, zorder=1)
    write(force, arrange(force, labels, len(LANES), 8.5, lean=True), LANES, 8.5)


def _signed(seconds: float, _: object = None) -> str:
    """Say seconds before or after the instant that 0 stands for."""
    return "0" if abs(seconds) < 0.05 else f"{seconds:+.3g} s".replace("-", "\N{MINUS SIGN}")
