"""Why: how sure a fall each weighed impact was, along time, and for the surest what spoke for and what against it.

From the candidates; sums are log odds above the threshold, so that a fall begins at 0.
"""

from collections.abc import Sequence
from typing import Final

import numpy as np
from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator

from backbeat_host.runs.drawing import look
from backbeat_host.runs.drawing.inspection import marks
from backbeat_host.runs.drawing.inspection.subject import Candidate, Figure, Subject
from backbeat_host.runs.words import clock

DETAILED: Final = 5
APART: Final = 0.02  # of the time shown: their numbers must not run together
FOR, AGAINST = look.VERMILLION, "#5b8db8"
_OUTCOME: Final = {"fall": "fall", "stumble": "stumble", "nothing": "no fall"}


def judged(subject: Subject) -> list[Candidate]:
    """Give the candidates in the time drawn."""
    return [candidate for candidate in subject.candidates if subject.first <= candidate.at <= subject.last]


def chosen(subject: Subject) -> list[Candidate]:
    """Choose the surest few of those weighed, in order of time; of those close together the surest."""
    apart = APART * (subject.last - subject.first)
    taken: list[Candidate] = []
    for candidate in sorted(_weighed(subject), key=lambda candidate: -_margin(candidate)):
        if len(taken) < DETAILED and all(abs(candidate.at - other.at) > apart for other in taken):
            taken.append(candidate)
    return sorted(taken, key=lambda candidate: candidate.at)


def sums(axes: Axes, subject: Subject, detailed: Sequence[Candidate]) -> None:
    """Draw each weighed impact's sum as a stem from the threshold; the detailed ones are numbered."""
    weighed = _weighed(subject)
    values = np.array([_margin(candidate) for candidate in weighed])
    axes.set_ylim(*marks.limits(values, -3, 3, 0.2))
    axes.yaxis.set_major_locator(MaxNLocator(4, integer=True))
    axes.axhline(0, color=look.VERMILLION, lw=1.0, ls=(0, (4, 3)), zorder=2)
    for candidate, value in zip(weighed, values, strict=True):
        colour = look.HAPPENING.get(candidate.verdict, look.QUIET)
        axes.plot([candidate.at, candidate.at], [0, value], color=colour, lw=0.9, alpha=0.6, zorder=2)
        axes.plot(candidate.at, value, "o", ms=4.5, color=colour, zorder=3)
    for number, candidate in enumerate(detailed, 1):
        axes.annotate(
            f"{number}", (candidate.at, _margin(candidate)), (0, 5), "data", "offset points", ha="center", size=8.5,
            weight="bold", color=look.NAMED.get(candidate.verdict, look.QUIET),
        )  # fmt: skip
    note = f"{len(weighed)} weighed of {len(judged(subject))} judged; dashed: the threshold"
    marks.titled(axes, "How sure a fall: log odds above the threshold", note=note)


def details(panels: Sequence[Axes], detailed: Sequence[Candidate]) -> None:
    """Draw for each chosen candidate its figures as bars: right speaks for a fall, left against it."""
    names = rows(detailed)
    parts = [figure.part for candidate in detailed for figure in candidate.figures]
    reach = 1.06 * max([1.0, *map(abs, parts), *(abs(_margin(candidate)) for candidate in detailed)])
    last = len(names) + 0.35
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
                _bar(axes, row, by_name[name], reach)
        _sum(axes, last, candidate, reach)
        axes.set_yticks([*range(len(names)), last], [*names, "sum"] if number == 1 else [""] * (len(names) + 1))
        axes.tick_params(axis="y", labelcolor=look.INK, pad=2)
        colour = look.NAMED.get(candidate.verdict, look.INK)
        look.heading(axes, f"{number}  {clock(candidate.at)}  {_OUTCOME[candidate.verdict]}", colour=colour)


def rows(detailed: Sequence[Candidate]) -> list[str]:
    """Give the names of all figures, in the order of the model."""
    return list(dict.fromkeys(figure.name for candidate in detailed for figure in candidate.figures))


def _weighed(subject: Subject) -> list[Candidate]:
    return [candidate for candidate in judged(subject) if candidate.margin is not None]


def _margin(candidate: Candidate) -> float:
    return candidate.margin or 0.0


def _bar(axes: Axes, row: int, figure: Figure, reach: float) -> None:
    colour = FOR if figure.part > 0 else AGAINST
    axes.barh(row, figure.part, height=0.62, color=colour, alpha=0.8, lw=0, zorder=2)
    if figure.value is not None:
        _beside(axes, row, f"{figure.value}", figure.part, reach)


def _sum(axes: Axes, row: float, candidate: Candidate, reach: float) -> None:
    margin = _margin(candidate)
    axes.axhline(row - 0.62, color=look.RULE, lw=0.8, zorder=1)
    axes.barh(row, margin, height=0.7, color=look.HAPPENING.get(candidate.verdict, look.QUIET), lw=0, zorder=2)
    _beside(axes, row, f"{margin:+.1f}".replace("-", "\N{MINUS SIGN}"), margin, reach, weight="bold", color=look.INK)


def _beside(axes: Axes, row: float, text: str, value: float, reach: float, **style: str) -> None:
    """Write a bar's value on the empty side of the axis."""
    side = -1 if value >= 0 else 1
    style = {"color": look.QUIET, "ha": "right" if side < 0 else "left"} | style
    axes.text(side * 0.03 * reach, row, text, size=8, va="center", zorder=3, **style)  # type: ignore[arg-type]
