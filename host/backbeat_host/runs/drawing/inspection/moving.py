"""The panels of how one moves: steps told against steps marked, cadence, which way; and the ribbons of decisions."""

from collections.abc import Sequence
from itertools import pairwise
from typing import Any, Final

import numpy as np
from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator

from backbeat_host.runs.drawing import look, measures, ribbons, spans
from backbeat_host.runs.drawing.inspection import marks
from backbeat_host.runs.drawing.inspection.marks import Key
from backbeat_host.runs.drawing.inspection.subject import Floats, Subject
from backbeat_host.runs.drawing.spans import Span

TRUTH: Final = "truth"
SLOW: Final = 0.3  # m/s: below it nobody goes anywhere
TRUE_EVERY_S: Final = 0.5
FAR_OCTAVES: Final = 2.0  # from the line: further it does not matter how far
_TRUE_TRAVEL: Final = ("walking", "jogging")  # SisFall's, all of it forward
_MISSED: Final = look.VERMILLION
_HELD: Final = {"fall": "#fbe7dc", "roll": "#dcf1ea", "flip": "#dcf1ea"}  # pale, for nobody marked when
_LEAST_SURE: Final = 50.0  # percent of confidence: a guess ...
_SURE: Final = 99.0  # ... and as good as certain


def rows(subject: Subject) -> list[ribbons.Ribbon]:
    """Give the ribbons of decisions there are, the truth as thin strips above."""
    end = subject.last
    found = [
        ribbons.Ribbon(TRUTH, happened(subject)),
        ribbons.Ribbon("travel", spans.states(subject.events, "travel", look.TRAVEL, end), true_travel(subject)),
        ribbons.Ribbon("gait", spans.states(subject.events, "gait", look.GAIT, end), _walking(subject)),
        ribbons.Ribbon("alarm", spans.alarms(subject.events, end)),
    ]
    return [row for row in found if _within([*row.spans, *row.truth], subject) or row.name in ("travel", "gait")]


def happened(subject: Subject) -> list[Span]:
    """Give the fall, roll or flip that the labels tell of, at its moment where that is marked."""
    kind, way = str(subject.labels.get("kind")), subject.labels.get("fall_direction")
    roll, end = subject.labels.get("roll"), len(subject.time_s) / subject.rate
    if kind not in _HELD:
        return []
    name = f"{kind} {way}" if way not in (None, "unknown") else kind
    if not isinstance(roll, dict):
        return [Span(0.0, end, f"{name}, nobody marked when", _HELD[kind])]
    begin, over = roll["from"] / subject.rate, roll["to"] / subject.rate
    rolled = Span(begin, over, "roll" if kind == "fall" else name, look.HAPPENING["roll"])
    return [rolled, Span(over, end, name, _HELD[kind])] if kind == "fall" else [rolled]


def true_travel(subject: Subject) -> list[Span]:
    """Give which way one really went: as measured, as the trial's label says, or as it follows from the activity."""
    label = subject.labels.get("travel")
    daily = subject.labels.get("kind") == "daily"
    if label is None and daily and str(subject.labels.get("activity", "")).startswith(_TRUE_TRAVEL):
        label = "forward"
    if subject.speeds is None:
        if label not in look.TRAVEL:
            return []
        return [Span(float(subject.time_s[0]), float(subject.time_s[-1]), str(label), look.TRAVEL[str(label)])]
    every = round(TRUE_EVERY_S * subject.rate)
    begins = list(range(0, len(subject.speeds), every))
    names = [_way(subject.speeds[begin : begin + every]) for begin in begins]
    changes = [0, *(at for at, (a, b) in enumerate(pairwise(names), 1) if a != b), len(names)]
    found = []
    for begin, end in pairwise(changes):
        name = names[begin]
        if name:
            start, until = begins[begin] / subject.rate, min(end * every, len(subject.speeds)) / subject.rate
            found.append(Span(start, until, name, look.TRAVEL[name]))
    return found


def _way(speeds: Floats) -> str:
    """Name the way of a stretch; nothing where it is not known."""
    known = speeds[np.isfinite(speeds).all(axis=1)]
    if len(known) < 0.8 * len(speeds):
        return ""
    forward, left = known.mean(axis=0)
    if np.hypot(forward, left) < SLOW:
        return "still"
    if abs(forward) >= abs(left):
        return "forward" if forward > 0 else "backward"
    return "left" if left > 0 else "right"


def _walking(subject: Subject) -> list[Span]:
    marked = subject.labels.get("walking") or ()
    return [Span(a / subject.rate, b / subject.rate, "walking", look.GAIT["walk"]) for a, b in marked]


def steps(axes: Axes, subject: Subject) -> None:
    """Draw each step told as a line down from the middle, each marked one as a line up; lone ones in orange."""
    given = subject.steps
    compared = len(given.marked) > 0
    axes.set_ylim(-1, 1 if compared else 0)
    axes.grid(axis="y", visible=False)
    axes.axhline(0, color=look.BODY, lw=0.8, zorder=1)
    axes.spines["left"].set_visible(False)
    marked_well = {marked for marked, _ in given.pairs}
    told_well = {told for _, told in given.pairs}
    up = [look.INK if at in marked_well else _MISSED for at in range(len(given.marked))]
    down = [look.BLUE if not compared or at in told_well else _MISSED for at in range(len(given.told))]
    axes.vlines(given.marked, 0.08, 0.95, colors=up, lw=1.2, zorder=3)
    axes.vlines(given.told - given.offset_s, -0.95, -0.08, colors=down, lw=1.2, zorder=3)
    for places, fill in ((given.left, look.BLUE), (given.right, "white")):
        at = given.told[list(places)] - given.offset_s
        axes.plot(at, np.full(len(at), -0.5), "o", ms=3.5, mec=look.BLUE, mfc=fill, ls="none", zorder=4)
    axes.set_yticks([-0.5, *([0.5] if compared else [])], ["told", *(["marked"] if compared else [])])
    axes.tick_params(axis="y", labelcolor=look.INK)
    note = f"{len(given.told)} told; no steps are marked in this trial"
    if compared:
        both = len(given.marked) + len(given.told)
        f1 = 2 * len(given.pairs) / both if both else 0.0
        note = (
            f"{len(given.marked)} marked, {len(given.told)} told, {len(given.pairs)} within 0.1 s (F1 {f1:.2f}); "
            f"told ones moved by {-1000 * given.offset_s:.0f} ms, lone ones orange"
        )
    if given.left or given.right:
        note += "; a full dot is the left foot, an empty one the right"
    marks.titled(axes, "Steps", note=note)


def paces(subject: Subject) -> bool:
    """Tell whether there is any cadence to draw, told or marked."""
    true_at, _, _ = measures.felt_cadence(subject.steps.marked.tolist())
    at = np.concatenate([subject.block_s[subject.spm > 0], true_at])
    return bool(marks.within(subject, at).any())


def cadence(axes: Axes, subject: Subject) -> None:
    """Draw the device's cadence of the last 5 s, that of the steps it told, and that of the marked ones."""
    spm = np.where(subject.spm > 0, subject.spm, np.nan)
    true_at, _, true = measures.felt_cadence(subject.steps.marked.tolist())
    at, each, _ = measures.felt_cadence(subject.steps.told.tolist())
    shown = [*spm[marks.within(subject, subject.block_s)], *true]
    known = np.array([value for value in shown if np.isfinite(value)])
    low, high = (float(known.min()), float(known.max())) if len(known) else (80.0, 160.0)
    axes.set_ylim(low - 15, high + 15)
    axes.yaxis.set_major_locator(MaxNLocator(4, integer=True))
    axes.plot(at, each, ".", ms=3, color="#b9b9b9", zorder=2)
    axes.plot(true_at, true, color=marks.TRUTH, lw=2.4, alpha=0.35, zorder=3)
    axes.plot(subject.block_s, spm, color=look.BLUE, lw=1.3, zorder=4)
    keys = [Key("told, over 5 s", look.BLUE), Key("each step", "#9a9a9a")]
    if len(true):
        keys.append(Key("marked", "#777777"))
    marks.titled(axes, "Cadence, steps a minute", keys)


def bounce(axes: Axes, subject: Subject) -> None:
    """Draw what walking and running are told by: how quick and hard the body bounces, against the line between."""
    bounce = np.clip(subject.bounce, -FAR_OCTAVES, FAR_OCTAVES)
    axes.set_ylim(*marks.limits(bounce[marks.within(subject, subject.block_s)], -0.4, 0.4, 0.15))
    axes.yaxis.set_major_locator(MaxNLocator(3))
    axes.axhline(0, color=look.QUIET, lw=0.9, ls=(0, (4, 3)), zorder=2)
    axes.fill_between(subject.block_s, 0, np.maximum(bounce, 0), color=look.GAIT["run"], alpha=0.35, lw=0, zorder=1)
    axes.fill_between(subject.block_s, 0, np.minimum(bounce, 0), color=look.GAIT["walk"], alpha=0.5, lw=0, zorder=1)
    axes.plot(subject.block_s, bounce, color=look.INK, lw=1.1, zorder=3)
    marks.titled(
        axes,
        "Bounce: octaves above the line between walking and running",
        note="above: run, below: walk; slow steps need more",
    )


def bounces(subject: Subject) -> bool:
    """Tell whether there is any bounce to draw."""
    return bool(np.isfinite(subject.bounce[marks.within(subject, subject.block_s)]).any())


def goes(subject: Subject) -> bool:
    """Tell whether anybody goes anywhere, as felt or in truth."""
    felt = subject.confidence[marks.within(subject, subject.block_s)] > 0
    if subject.speeds is None:
        return bool(felt.any())
    speed = np.hypot(*subject.speeds[marks.within(subject, subject.time_s)].T)
    return bool(felt.any() or (speed >= SLOW).any())


def heading(axes: Axes, subject: Subject) -> None:
    """Draw which way the sums point, the surer the darker, and the true way where it is known."""
    axes.set_ylim(-190, 190)
    axes.set_yticks([-180, -90, 0, 90, 180], ["back", "right", "forward", "left", "back"])
    axes.tick_params(axis="y", labelcolor=look.INK)
    keys = [Key("felt, the surer the darker", look.BLUE)]
    if subject.speeds is not None:
        every = slice(None, None, 8)
        forward, left = subject.speeds[every].T
        speed = np.hypot(forward, left)
        fast = np.where(speed >= SLOW, np.degrees(np.arctan2(left, forward)), np.nan)
        axes.plot(subject.time_s[every], fast, ".", ms=5, color=marks.TRUTH, alpha=0.45, mew=0, zorder=2)
        if np.isfinite(speed).any():
            keys.append(Key(f"true, up to {np.nanmax(speed):.1f} m/s", "#777777"))
    felt = (subject.confidence > 0) & marks.within(subject, subject.block_s)
    sure = np.clip((subject.confidence[felt] - _LEAST_SURE) / (_SURE - _LEAST_SURE), 0.12, 1.0)
    colours = np.column_stack([np.tile(_rgb(look.BLUE), (len(sure), 1)), sure])
    axes.scatter(subject.block_s[felt], subject.heading[felt], s=9, c=colours, lw=0, zorder=3)
    marks.titled(axes, "Heading of travel", keys)


def decisions(axes: Axes, subject: Subject, given: list[ribbons.Ribbon]) -> None:
    """Draw the ribbons."""
    axes.set_ylim(sum(row.high for row in given), 0)
    names, top = [], 0.0
    for row in given:
        middle = top + row.high - 0.5
        names.append((middle, row.name))
        for span in _within(row.truth, subject):
            ribbons.bar(axes, _shown(span, subject), top + 0.13 + ribbons.STRIP / 2, ribbons.STRIP)
        for span in _within(row.spans, subject):
            ribbons.bar(axes, _shown(span, subject), middle, ribbons.HEIGHT)
            ribbons.named(axes, span, middle)
        top += row.high
    axes.set_yticks([at for at, _ in names], [name for _, name in names])
    axes.tick_params(axis="y", labelcolor=look.INK)
    axes.grid(axis="y", visible=False)
    axes.spines["left"].set_visible(False)
    true = ["first row"] * (given[0].name == TRUTH) + ["thin strips"] * any(row.truth for row in given)
    marks.titled(axes, "Decided" + (f"; {' and '.join(true)}: what was true" if true else ""))


def _within(spans_: Sequence[Span], subject: Subject) -> list[Span]:
    return [span for span in spans_ if span.end > subject.first and span.start < subject.last]


def _shown(span: Span, subject: Subject) -> Span:
    """Cut a span to the time shown, or it would widen the axis."""
    start, end = max(span.start, subject.first), min(span.end, subject.last)
    return Span(start, max(end, start), span.name, span.colour)


def _rgb(colour: str) -> Any:
    return [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
