"""What is known of the way: the truth of 5 s windows, and the stretches in which a runner kept one way.

From a trial's labels and, where measured, its speeds; a window without a clear way is none.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from backbeat_host.lab.recordings.trial import RATE_HZ
from backbeat_host.lab.scores.labels import FORWARD_ACTIVITIES, Labels

Floats = npt.NDArray[np.float64]

WINDOW_S: Final = 5.0
SHORTEST_S: Final = 3.0  # a shorter trial has no window; from here to 5 s it is one
KNOWN: Final = 0.8  # share of a window whose speed must be known, and share that must go its way
MOVING: Final = 0.3  # m/s
BRISK: Final = 0.6  # m/s
ONE_WAY_COS: Final = 0.5  # 60 degrees to either side
SMOOTH_S: Final = 1.0  # about a stride: the hip sways
HOP_S: Final = 0.5
TURN_S: Final = 3.0  # a change of way may pass through a halt of this length

SLOW_BAND, BRISK_BAND, NO_BAND = "0.3 to 0.6 m/s", "above 0.6 m/s", "speed not known"


@dataclass(frozen=True)
class Window:
    """Up to `end` (s) the way was `travel`, at a speed in `band`."""

    end: float
    travel: str
    band: str


@dataclass(frozen=True)
class Stretch:
    """From `first` to `last` (s) the way was `travel`; `changed`: shortly before it was another."""

    first: float
    last: float
    travel: str
    changed: bool


def one_way(labels: Labels) -> str | None:
    """Give the travel of a trial that has one throughout: its label, or plain walking or jogging of daily life."""
    if labels.travel is not None:
        return labels.travel
    plain = labels.kind == "daily" and labels.activity.lower().startswith(FORWARD_ACTIVITIES)
    return "forward" if plain else None


def windows(labels: Labels, speeds: Floats | None = None) -> list[Window]:
    """Cut a trial into windows of 5 s from its start and keep those whose way is known.

    A trial from 3 to 5 s is one window. `speeds` are (n, 2), m/s forward and left, NaN where unknown.
    """
    if labels.seconds < SHORTEST_S:
        return []
    whole = int(labels.seconds / WINDOW_S + 1e-9)
    edges = [(k * WINDOW_S, (k + 1) * WINDOW_S) for k in range(whole)] or [(0.0, labels.seconds)]
    throughout = one_way(labels)
    if throughout is not None:
        return [Window(end, throughout, NO_BAND) for _, end in edges]
    if speeds is None:
        return []
    found = ((end, _way(speeds[round(begin * RATE_HZ) : round(end * RATE_HZ)])) for begin, end in edges)
    return [Window(end, *way) for end, way in found if way is not None]


def stretches(labels: Labels, speeds: Floats | None = None) -> list[Stretch]:
    """Find where one way was kept for 5 s or more."""
    throughout = one_way(labels)
    if throughout is not None:
        enough = throughout != "still" and labels.seconds >= WINDOW_S
        return [Stretch(0.0, labels.seconds, throughout, False)] if enough else []
    if speeds is None:
        return []
    half = round(SMOOTH_S * RATE_HZ / 2)
    centres = np.arange(half, len(speeds) - half + 1, round(HOP_S * RATE_HZ))
    ways = [_side(speeds[centre - half : centre + half]) for centre in centres]
    found: list[Stretch] = []
    begin = 0
    for place in range(1, len(ways) + 1):
        if place < len(ways) and ways[place] == ways[begin]:
            continue
        way, before = ways[begin], ways[max(begin - round(TURN_S / HOP_S), 0) : begin]
        first, last = float(centres[begin]) / RATE_HZ, float(centres[place - 1]) / RATE_HZ
        if way is not None and way != "still" and last - first >= WINDOW_S:
            found.append(Stretch(first, last, way, any(one not in (None, "still") for one in before)))
        begin = place
    return found


def side(forward: float, left: float) -> str:
    """Name the quarter that a speed lies in."""
    if abs(forward) >= abs(left):
        return "forward" if forward >= 0 else "backward"
    return "left" if left > 0 else "right"


def _known(speeds: Floats) -> Floats | None:
    rows = speeds[~np.isnan(speeds).any(axis=1)]
    return rows if len(rows) and len(rows) >= KNOWN * len(speeds) else None


def _way(speeds: Floats) -> tuple[str, str] | None:
    """Give (travel, band) of a window that has a clear way."""
    rows = _known(speeds)
    if rows is None:
        return None
    mean = rows.mean(axis=0)
    speed = float(np.hypot(*mean))
    if speed < MOVING:
        return None
    sizes = np.hypot(rows[:, 0], rows[:, 1])
    with_it: npt.NDArray[np.bool_] = rows @ mean >= ONE_WAY_COS * sizes * speed
    if float(with_it.mean()) < KNOWN:
        return None
    return side(float(mean[0]), float(mean[1])), BRISK_BAND if speed > BRISK else SLOW_BAND


def _side(speeds: Floats) -> str | None:
    rows = _known(speeds)
    if rows is None:
        return None
    forward, left = rows.mean(axis=0)
    return side(float(forward), float(left)) if np.hypot(forward, left) >= MOVING else "still"
