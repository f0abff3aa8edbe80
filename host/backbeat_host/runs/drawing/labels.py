"""Labels that never overlap: each in a lane above its point, with a thin line down to it.

From points and names on axes whose x limits are set; the lanes needed are known before anything is drawn.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from matplotlib.axes import Axes

from backbeat_host.runs.drawing.look import text_width

ROOM = 0.006  # between two labels, in shares of the axis


@dataclass(frozen=True)
class Label:
    """A name to put above something: where that is, and how much the name matters (lower is more)."""

    x: float
    y: float
    text: str
    colour: str
    rank: int = 0


@dataclass(frozen=True)
class Placed:
    """A label with its place: the lane, 0 the lowest, and where its text begins and ends."""

    label: Label
    lane: int
    start: float
    end: float


def arrange(axes: Axes, labels: Sequence[Label], lanes: int, size: float = 9, *, lean: bool = False) -> list[Placed]:
    """Find each label a place, what matters most first; one with no room in any lane is left out.

    Neither texts nor the lines down from them cross another text. A text stands over its point where it can, or, if it
    is to `lean`, ends there: so the names of moments in quick succession make room for the next.
    """
    low, high = axes.get_xlim()
    room = (high - low) * ROOM
    placed: list[Placed] = []

    def free(lane: int, x: float, start: float, end: float) -> bool:
        for other in placed:
            if other.lane == lane and start < other.end + room and end > other.start - room:
                return False
            if other.lane < lane and other.start - room < x < other.end + room:
                return False
            if other.lane > lane and start - room < other.label.x < end + room:
                return False
        return True

    for label in sorted(labels, key=lambda label: (label.rank, label.x)):
        width = text_width(axes, label.text, size, "bold")
        over, after, before = label.x - width / 2, label.x - room / 2, label.x - width + room / 2
        wished = (before, after, over) if lean else (over, after, before)
        starts = [min(max(start, low), high - width) for start in wished]
        spots = [(lane, s) for lane in range(lanes) for s in starts if free(lane, label.x, s, s + width)]
        if spots:
            lane, start = spots[0]
            placed.append(Placed(label, lane, start, start + width))
    return placed


def write(axes: Axes, placed: Sequence[Placed], lanes: Sequence[float], size: float = 9) -> None:
    """Write placed labels at the heights of their lanes, in shares of the axes, with their lines."""
    across = axes.get_xaxis_transform()
    bottom, top = axes.get_ylim()
    for place in placed:
        label, height = place.label, lanes[place.lane]
        axes.text(
            place.start, height, label.text, size=size, weight="bold", color=label.colour, transform=across, va="bottom"
        )
        foot = (label.y - bottom) / (top - bottom)
        if foot < height:
            axes.plot([label.x, label.x], [foot, height - 0.01], transform=across, color=label.colour, lw=0.8)
