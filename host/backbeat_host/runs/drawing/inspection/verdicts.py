"""Why: each impact's weighed sum along time, and for the weightiest of them what spoke for and what against a fall.

From the candidates; the sum is shown in shares of the threshold, so that 1 is where a fall begins.
"""

from collections.abc import Sequence
from typing import Final

import numpy as np
from matplotlib.axes import Axes

from backbeat_host.runs.drawing import look
from backbeat_host.runs.drawing.inspection import marks
from backbeat_host.runs.drawing.inspection.subject import Candidate, Figure, Subject
from backbeat_host.runs.words import clock

DETAILED: Final = 5
FOR, AGAINST = look.VERMILLION, "#5b8db8"
_OUTCOME: Final = {"fall": "fall", "stumble": "stumble", "nothing": "no fall"}


def shown(subject: Subject) -> list[Candidate]:
    """Give the candidates in the time drawn."""
    return [candidate for candidate in subject.candidates if subject.first <= candidate.at <= subject.last]


def chosen(subject: Subject) -> list[Candidate]:
    """Choose the weightiest few, in order of time."""
    weighty = sorted(shown(subject), key=lambda candidate: (candidate.verdict == "nothing", -candidate.share))
    return sorted(weighty[:DETAILED], key=lambda candidate: candidate.at)


def sums(axes: Axes, subject: Subject, detailed: Sequence[Candidate]) -> None:
    """Draw each impact's sum as a stem at the impact; the detailed ones are numbered."""
    candidates = shown(subject)
    values = np.array([candidate.share for candidate in candidates])
    low, high = marks.limits(values, -0.5, 1.2, 0.14)
    axes.set_ylim(low, high)
    axes.axhline(0, color=look.BODY, lw=0.8, zorder=1)
    axes.axhline(1, color=look.VERMILLION, lw=1.0, ls=(0, (4, 3)), zorder=2)
    for candidate, value in zip(candidates, values, strict=True):
        colour = look.HAPPENING.get(candidate.verdict, look.QUIET)
        axes.plot([candidate.at, candidate.at], [min(0.0, low), value], color=colour, lw=0.9, alpha=0.6, zorder=2)
        axes.plot(candidate.at, value, "o", ms=4.5, color=colour, zorder=3)
    for number, candidate in enumerate(detailed, 1):
        axes.annotate(
            f"{number}", (candidate.at, candidate.share), (0, 5), "data", "offset points", ha="center", size=8.5,
            weight="bold", color=look.NAMED.get(candidate.verdict, look.QUIET),
        )  # fmt: skip
    axes.set_yticks([0, 1], ["0", "threshold"])
    note = f"{len(candidates)} weighed" if candidates else "no impact was hard enough to be weighed"
    marks.titled(axes, "Weighed sum of each impact", note=note)


def details(panels: Sequence[Axes], detailed: Sequence[Candidate]) -> None:
    """Draw for each chosen candidate its features as bars: right speaks for a fall, left against it."""
    names = rows(detailed)
    reach = max(
        (
            abs(figure.part or 0) / abs(candidate.threshold or 1)
            for candidate in detailed
            for figure in candidate.figures
        ),
        default=1.0,
    )
    reach = max(reach, *(abs(candidate.share) for candidate in detailed), 1.0) * 1.06
    for number, (axes, candidate) in enumerate(zip(panels, detailed, strict=True), 1):
        axes.set_xlim(-reach, reach)
        axes.set_ylim(len(names) + 1.1, -0.6)
        axes.grid(visible=False)
        axes.spines["left"].set_visible(False)
        axes.spines["bottom"].set_visible(False)
        axes.set_xticks([])
        axes.axvline(0, color=look.BODY, lw=0.8, zorder=1)
        by_name = {figure.name: figure for figure in candidate.figures}
        for row, name in enumerate(names):
            if name in by_name:
                _bar(axes, row, by_name[name], candidate.threshold, reach)
        _sum(axes, len(names) + 0.35, candidate, reach)
        first = number == 1
        axes.set_yticks([*range(len(names)), len(names) + 0.35], [*names, "sum"] if first else [""] * (len(names) + 1))
        axes.tick_params(axis="y", labelcolor=look.INK, pad=2)
        colour = look.NAMED.get(candidate.verdict, look.INK)
        look.heading(axes, f"{number}  {clock(candidate.at)}  {_OUTCOME[candidate.verdict]}", colour=colour)


def rows(detailed: Sequence[Candidate]) -> list[str]:
    """Give the names of all features, in the order of the model."""
    return list(dict.fromkeys(figure.name for candidate in detailed for figure in candidate.figures))


def _bar(axes: Axes, row: int, figure: Figure, threshold: int, reach: float) -> None:
    part = (figure.part or 0) / abs(threshold or 1)
    axes.barh(row, part, height=0.62, color=FOR if part > 0 else AGAINST, alpha=0.8, lw=0, zorder=2)
    # The value stands on the empty side of the axis.
    side = -1 if part >= 0 else 1
    axes.text(
        side * 0.03 * reach, row, f"{figure.value}", size=8, ha="right" if side < 0 else "left", va="center",
        color=look.QUIET, zorder=3,
    )  # fmt: skip


def _sum(axes: Axes, row: float, candidate: Candidate, reach: float) -> None:
    colour = look.HAPPENING.get(candidate.verdict, look.QUIET)
    axes.axhline(row - 0.62, color=look.RULE, lw=0.8, zorder=1)
    axes.barh(row, candidate.share, height=0.7, color=colour, lw=0, zorder=2)
    axes.plot([1, 1], [row - 0.5, row + 0.5], color=look.VERMILLION, lw=1.6, zorder=4)
    side = -1 if candidate.share >= 0 else 1
    text = f"{100 * candidate.share:.0f} %"
    axes.text(
        side * 0.03 * reach, row, text, size=8.5, weight="bold", ha="right" if side < 0 else "left", va="center",
        color=look.INK, zorder=3,
    )  # fmt: skip
