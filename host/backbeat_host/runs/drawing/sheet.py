"""The sheet the panels stand on: title, shared time axis, close-ups in the last row; as high as it needs to be.

From a RunPicture to a file; every measure is in inches, so that panels keep their size whatever a run has to show.
"""

from pathlib import Path
from typing import Final

import matplotlib
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from backbeat_host.runs.drawing import closeup, look, overview, ribbons
from backbeat_host.runs.drawing.subject import RunPicture

WIDTH: Final = 12.0
DOTS: Final = 140
LEFT, RIGHT = 0.8, 0.25  # margins
TITLE: Final = 1.02
ROW: Final = 0.215  # a ribbon
SPACE: Final = 0.42  # above a panel, with its heading
CLOSE_SPACE: Final = 0.85  # above the close-ups: the time axis's names are there too
FORCE, TURN, BETWEEN, FOOT = 1.45, 0.8, 0.22, 0.4


class Sheet:
    """A figure filled from the top."""

    def __init__(self, height: float) -> None:
        self.height = height
        self.figure = Figure(figsize=(WIDTH, height), dpi=DOTS, facecolor="white")
        self.canvas = FigureCanvasAgg(self.figure)
        self.used = 0.0

    def panel(self, height: float, left: float = LEFT, width: float = WIDTH - LEFT - RIGHT) -> Axes:
        """Add axes at the present depth."""
        bottom = self.height - self.used - height
        return self.figure.add_axes((left / WIDTH, bottom / self.height, width / WIDTH, height / self.height))


def drawn(run: RunPicture, path: Path) -> None:
    """Draw the run and save it, in the format of the path's suffix."""
    with matplotlib.rc_context(look.STYLE):
        figure = _sheet(run).figure
        bare = {"Date": None} if path.suffix.lower() == ".svg" else {"Software": None}
        figure.savefig(path, metadata=bare)


def _sheet(run: RunPicture) -> Sheet:
    """Lay out and fill the sheet."""
    given = ribbons.rows(run)
    close = closeup.chosen(run)
    heights = (2.0, 1.2, ROW * ribbons.rows_high(run, given), 0.8)
    body = TITLE + sum(heights) + SPACE * (len(heights) - 1)
    sheet = Sheet(body + (CLOSE_SPACE + FORCE + BETWEEN + TURN if close else 0) + FOOT)
    _title(sheet, run)
    first, last = float(run.time_s[0]), float(run.time_s[-1])
    sheet.used = TITLE
    panels = []
    for height in heights:
        panels.append(sheet.panel(height))
        look.minutes(panels[-1], first, last, named=len(panels) == len(heights))
        sheet.used += height + SPACE
    overview.acceleration(panels[0], run)
    overview.cadence(panels[1], run)
    ribbons.ribbons(panels[2], run, given)
    overview.rotation(panels[3], run)
    for panel in (panels[0], panels[1], panels[3]):
        overview.alarmed(panel, run)
    sheet.used += CLOSE_SPACE - SPACE
    between = 0.6
    width = (WIDTH - LEFT - RIGHT - between * (len(close) - 1)) / max(1, len(close))
    lefts = [LEFT + number * (width + between) for number in range(len(close))]
    forces = [sheet.panel(FORCE, left, width) for left in lefts]
    sheet.used += FORCE + BETWEEN
    turns = [sheet.panel(TURN, left, width) for left in lefts]
    closeup.closeups(list(zip(forces, turns, strict=True)), run, close)
    return sheet


def _title(sheet: Sheet, run: RunPicture) -> None:
    left = LEFT / WIDTH
    sheet.figure.text(left, 1 - 0.36 / sheet.height, run.title, size=17, weight="bold")
    sheet.figure.text(left, 1 - 0.58 / sheet.height, run.subtitle, size=10, color=look.QUIET)
