"""A rotation added to recorded falls and sits: a roll over the back that begins as a real person went down.

The turn, the arc of the back and the pushes of the ground are made; all else, the way down and what follows, is real.
"""

import numpy as np

from backbeat_host.lab.made.ground import blow
from backbeat_host.lab.made.moved import counts, moved
from backbeat_host.lab.made.roll_plan import CONTACT_WIDTH, CONTACTS, HARDEST_LOAD, Way
from backbeat_host.lab.made.rotations import Floats, smooth, turn
from backbeat_host.lab.recordings.trial import G_PER_COUNT, RATE_HZ, Rows

TURNING = (1.0, 1.8)  # s
EARLIER = 0.10  # s before the impact the turn begins: the seat strikes while the trunk already goes over
ROUND = (0.25, 0.38)  # m: the arc of the back
SLOWEST_S = 0.3  # of acceleration is averaged for the way up
ARC_PUSH = 2.0  # g at most toward the turning point, as in a made roll


def rolled_over(rows: Rows, rng: np.random.Generator, way: Way) -> tuple[Rows, int, int]:
    """Add one whole turn about the left-right axis, from just before the greatest |a| on.

    Returns the rows and those in which the turn begins and ends. It ends as the recording ends: upright or lying.
    """
    sign = -1.0 if way == "backward" else 1.0
    times = np.arange(len(rows)) / RATE_HZ
    size = np.linalg.norm(rows[:, :3].astype(np.float64), axis=1)
    turning = float(rng.uniform(*TURNING))
    latest = max(0.0, times[-1] - turning - 0.2)
    begin = float(np.clip(times[int(np.argmax(size))] - EARLIER, 0.0, latest))
    angle = 2 * np.pi * smooth((times - begin) / turning)
    fastest = float(np.gradient(angle, 1 / RATE_HZ).max())
    radius = min(float(rng.uniform(*ROUND)), ARC_PUSH * 9.81 / fastest**2)
    turned = turn(sign * angle[:, None] * np.array([0.0, 1.0, 0.0]))
    lever = np.array([-radius, 0.0, 0.0])
    pushed = rows[:, :3] + _pushes(rows, times, angle, way, rng) / G_PER_COUNT
    whole = moved(counts(np.hstack([pushed, rows[:, 3:]])), turned, turned @ lever - lever)
    return whole, round(begin * RATE_HZ), min(len(rows), round((begin + turning) * RATE_HZ))


def _pushes(rows: Rows, times: Floats, angle: Floats, way: Way, rng: np.random.Generator) -> Floats:
    """Give the pushes of the ground (n, 3; g) against gravity, as the recording's own slow acceleration tells it."""
    half = round(SLOWEST_S / 2 * RATE_HZ)
    window = np.ones(2 * half + 1) / (2 * half + 1)
    held = np.concatenate([np.repeat(rows[:1, :3], half, 0), rows[:, :3], np.repeat(rows[-1:, :3], half, 0)])
    slow = np.stack([np.convolve(held[:, axis], window, "valid") for axis in range(3)], axis=1)
    up = slow / np.maximum(np.linalg.norm(slow, axis=1), 1.0)[:, None]
    shares = np.array([share for _, share in CONTACTS[way][1:]]) * np.exp(rng.normal(0, 0.25, len(CONTACTS[way]) - 1))
    load = np.zeros(len(rows))
    for (part, _), share in zip(CONTACTS[way][1:], shares / shares.max(), strict=True):  # the first is the real one
        at = float(times[int(np.argmax(angle >= 2 * np.pi * part))])
        width = float(rng.uniform(*CONTACT_WIDTH))
        load += (rng.uniform(*HARDEST_LOAD) - 1) * share * blow(times, at, width)
    return np.asarray(load[:, None] * up, dtype=np.float64)
