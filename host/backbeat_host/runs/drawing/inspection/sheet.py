"""The sheet an inspected trial is drawn on: title and verdict, the panels over one time axis, the details below.

From a Subject to a file; every measure is in inches.
"""

from collections.abc import Callable
from pathlib import Path
from typing import Final

import matplotlib
import numpy as np
from matplotlib.axes import Axes
from matplotlib.text import Text

from backbeat_host.runs.drawing import look
from backbeat_host.runs.drawing.inspection import marks, moving, signals, trunk, verdicts
from backbeat_host.runs.drawing.inspection.subject import Subject
from backbeat_host.runs.drawing.sheet import LEFT, RIGHT, ROW, SPACE, TITLE, WIDTH, Sheet

FOOT: Final = 0.35
EMPTY: Final = 0.2  # more of it where it says what was left out
DETAIL_SPACE: Final = 0.9  # above the details: the time axis's names are there too
DETAIL_LEFT: Final = 1.15  # their own names are longer
FEATURE: Final = 0.165  # a row of the details
BETWEEN: Final = 0.25
APART: Final = 0.15  # two texts on one line
SMALLEST: Final = 9  # of a text, in points

Panel = Callable[[Axes, Subject], None]


def drawn(subject: Subject, path: Path) -> None:
    """Draw the trial and save it, in the format of the path's suffix."""
    with matplotlib.rc_context(look.STYLE):
        figure = _sheet(subject).figure
        dated = {".svg": {"Date": None}, ".pdf": {"CreationDate": None}}
        figure.savefig(path, metadata=dated.get(path.suffix.lower(), {"Software": None}))


def _sheet(subject: Subject) -> Sheet:
    """Lay out and fill the sheet."""
    ribbons = moving.rows(subject)
    detailed = verdicts.chosen(subject)
    features = len(verdicts.rows(detailed))
    panels: list[tuple[float, Panel]] = [
        (1.5, signals.size),
        (1.0, signals.acceleration),
        (1.0, signals.rotation),
        (0.95, trunk.posture),
        (0.95, trunk.turn),
        (0.6, trunk.unrest),
    ]
    stepped = marks.within(subject, np.concatenate([subject.steps.marked, subject.steps.told])).any()
    may_be_empty: list[tuple[str, object, float, Panel]] = [
        ("how sure a fall", detailed, 0.8, lambda axes, subject: verdicts.sums(axes, subject, detailed)),
        ("steps", stepped, 0.5, moving.steps),
        ("cadence", moving.paces(subject), 0.8, moving.cadence),
        ("bounce", moving.bounces(subject), 0.5, moving.bounce),
        ("heading", moving.goes(subject), 0.85, moving.heading),
    ]
    panels += [(high, draw) for _, there, high, draw in may_be_empty if there]
    panels.append(
        (ROW * sum(row.high for row in ribbons), lambda axes, subject: moving.decisions(axes, subject, ribbons))
    )
    empty = [name for name, there, *_ in may_be_empty if not there]
    below = FEATURE * (features + 1.7)
    height = TITLE + sum(high for high, _ in panels) + SPACE * (len(panels) - 1)
    sheet = Sheet(height + (DETAIL_SPACE + below if features else EMPTY if empty else 0) + FOOT)
    _title(sheet, subject)
    sheet.used = TITLE
    drawn_in = []
    for number, (high, draw) in enumerate(panels, 1):
        axes = sheet.panel(high)
        look.minutes(axes, subject.first, subject.last, named=number == len(panels))
        draw(axes, subject)
        axes.set_xlim(subject.first, subject.last)
        drawn_in.append(axes)
        sheet.used += high + SPACE
    marks.moments(drawn_in, subject)
    marks.end(drawn_in, subject)
    if features:
        sheet.used += DETAIL_SPACE - SPACE
        width = (WIDTH - DETAIL_LEFT - RIGHT - BETWEEN * (verdicts.DETAILED - 1)) / verdicts.DETAILED
        lefts = [DETAIL_LEFT + number * (width + BETWEEN) for number in range(len(detailed))]
        verdicts.details([sheet.panel(below, left, width) for left in lefts], detailed)
        words = "bars, in log odds: right for a fall, left against it; beside them the figures, named as in the code"
        sheet.figure.text(1 - RIGHT / WIDTH, 0.12 / sheet.height, words, size=9, color=look.QUIET, ha="right")
    if empty:
        words = f"left out, as there is nothing to show: {', '.join(empty)}"
        sheet.figure.text(LEFT / WIDTH, 0.12 / sheet.height, words, size=9, color=look.QUIET)
    return sheet


def _title(sheet: Sheet, subject: Subject) -> None:
    left, right = LEFT / WIDTH, 1 - RIGHT / WIDTH
    colour = {True: "#00734f", False: look.VERMILLION, None: look.QUIET}[subject.right]
    title = sheet.figure.text(left, 1 - 0.36 / sheet.height, subject.title, size=17, weight="bold")
    subtitle = sheet.figure.text(left, 1 - 0.58 / sheet.height, subject.subtitle, size=10, color=look.QUIET)
    verdict = sheet.figure.text(
        right, 1 - 0.36 / sheet.height, subject.verdict, size=13, weight="bold", color=colour, ha="right"
    )  # fmt: skip
    notes = ["lines: a fall, roll or stumble; dotted: when it was told"] if marks.happened(subject) else []
    if subject.last > float(subject.time_s[-1]) + 1 / subject.rate + 1e-6:
        notes.append("grey: stillness added after the recording")
    note = sheet.figure.text(right, 1 - 0.58 / sheet.height, "; ".join(notes), size=9, color=look.QUIET, ha="right")
    _fit(sheet, title, verdict)
    _fit(sheet, subtitle, note)


def _fit(sheet: Sheet, left: Text, right: Text) -> None:
    """Make the left text of a line smaller, then shorter, until it ends before the right one."""
    renderer = sheet.canvas.get_renderer()
    end = right.get_window_extent(renderer).x0 if right.get_text() else (WIDTH - RIGHT) * sheet.figure.dpi
    room = float(end - left.get_window_extent(renderer).x0 - APART * sheet.figure.dpi)

    def too_wide() -> bool:
        return bool(left.get_window_extent(renderer).width > room)

    size = float(left.get_fontsize())
    while too_wide() and size > SMALLEST:
        size -= 1
        left.set_fontsize(size)
    while too_wide() and len(left.get_text()) > 1:
        left.set_text(left.get_text()[:-2].rstrip(" ,\N{MIDDLE DOT}") + "\N{HORIZONTAL ELLIPSIS}")
