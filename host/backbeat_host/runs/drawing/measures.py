"""What the picture shows beside the events: envelope of acceleration, cadence felt, trunk rotation, lying.

From samples and step times to small arrays, fast enough for hours; nothing here draws or decides for the device.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.floating[Any]]
Numbers = NDArray[np.floating[Any] | np.integer[Any]]

GAP_S = 0.5  # samples further apart than this have a gap between them
LONGEST_STEP_S = 2.0  # a longer pause between two foot strikes is standing still
STEPS_ROUND = 9  # steps in the median: about three seconds of running
TURN_WITHIN_S = 2.0  # a roll takes one to two seconds
GRID_HZ = 20.0
LYING_TILT_DEG = 60.0  # the trunk nearer to the ground than to upright
LYING_FOR_S = 3.0


def magnitude_g(acc_mg: Numbers) -> Floats:
    """Give |a| in g."""
    return np.asarray(np.linalg.norm(acc_mg.astype(float), axis=1) / 1000)


def envelope(time_s: Floats, values: Floats, columns: int) -> tuple[Floats, Floats, Floats]:
    """Give (middle, least, most) of `values` by columns of time: every peak survives; NaN where no sample is."""
    edges = np.linspace(time_s[0], time_s[-1], columns + 1)
    column = np.clip(np.searchsorted(edges, time_s, side="right") - 1, 0, columns - 1)
    used, first = np.unique(column, return_index=True)
    least, most = np.full(columns, np.nan), np.full(columns, np.nan)
    least[used] = np.minimum.reduceat(values, first)
    most[used] = np.maximum.reduceat(values, first)
    middle = (edges[:-1] + edges[1:]) / 2
    if len(time_s) < columns or (edges[1] - edges[0]) < 2 * np.median(np.diff(time_s)):
        # Fewer samples than columns would leave holes that are no gaps.
        return time_s, values, values
    return middle, least, most


def felt_cadence(steps: Sequence[float]) -> tuple[Floats, Floats, Floats]:
    """Give (time, cadence of each step, median cadence around it) in spm; NaN at each pause, to break the line."""
    at = np.asarray(sorted(steps), float)
    if len(at) < 2:
        return np.empty(0), np.empty(0), np.empty(0)
    gap = np.diff(at)
    stepping = (gap > 0.1) & (gap <= LONGEST_STEP_S)
    each = np.where(stepping, 60 / np.maximum(gap, 1e-3), np.nan)
    median = np.full(len(each), np.nan)
    for bout in np.split(np.arange(len(each)), np.flatnonzero(gap > LONGEST_STEP_S)):
        bout = bout[stepping[bout]]
        if len(bout) >= STEPS_ROUND // 2:
            padded = np.pad(gap[bout], STEPS_ROUND // 2, mode="edge")
            around = np.lib.stride_tricks.sliding_window_view(padded, STEPS_ROUND)
            median[bout] = 60 / np.median(around, axis=1)
    return (at[1:] + at[:-1]) / 2, each, median


def turned(time_s: Floats, rate_dps: Floats) -> Floats:
    """Integrate an angular rate to degrees turned since the first sample; a gap counts as no rotation."""
    step = np.diff(time_s, prepend=time_s[0])
    return np.cumsum(np.where(step > GAP_S, 0.0, step) * np.nan_to_num(rate_dps))


def most_turned(time_s: Floats, rate_dps: Floats) -> tuple[Floats, Floats]:
    """Give (time, most degrees turned, either way, within the last two seconds)."""
    grid = np.arange(time_s[0], time_s[-1], 1 / GRID_HZ)
    angle = np.interp(grid, time_s, turned(time_s, rate_dps))
    window = round(TURN_WITHIN_S * GRID_HZ)
    before = np.lib.stride_tricks.sliding_window_view(np.pad(angle, (window, 0), mode="edge"), window + 1)
    return grid, np.maximum(angle - before.min(axis=1), before.max(axis=1) - angle)


def lying(time_s: Floats, acc_mg: Numbers) -> list[tuple[float, float]]:
    """Find the spans in which the trunk lay: gravity, over a second, far from the body's own vertical."""
    samples = max(1, round(1 / max(float(np.median(np.diff(time_s))), 1e-3)))
    if len(time_s) < 3 * samples:
        return []
    total = np.cumsum(np.vstack([np.zeros(3), acc_mg.astype(float)]), axis=0)
    mean = (total[samples:] - total[:-samples]) / samples
    upright = mean[:, 2] / np.maximum(np.linalg.norm(mean, axis=1), 1.0)
    whole = time_s[samples - 1 :] - time_s[: len(mean)] < 1 + GAP_S
    flat = np.concatenate([[False], (upright < np.cos(np.radians(LYING_TILT_DEG))) & whole, [False]])
    change = np.flatnonzero(np.diff(flat.astype(np.int8)))
    centre = time_s[samples // 2 : samples // 2 + len(mean)]
    spans = [(float(centre[a]), float(centre[b - 1])) for a, b in zip(change[::2], change[1::2], strict=True)]
    return [span for span in spans if span[1] - span[0] >= LYING_FOR_S]
