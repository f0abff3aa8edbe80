"""A motion added to the one a recording holds: the wearer's trunk, or the clip, also turns and moves by so much.

The one piece of mechanics that rolls, rotations added to recordings, jumps and a rocking clip share.
"""

import numpy as np
import numpy.typing as npt

from backbeat_host.lab.made.rotations import Floats, rates
from backbeat_host.lab.recordings.trial import DPS_PER_COUNT, G_PER_COUNT, RATE_HZ, Rows
from backbeat_host.lab.runner.body_tracks import GRAVITY


def counts(values: npt.ArrayLike) -> Rows:
    """Round to whole counts, clipped at the chip's range."""
    return np.asarray(np.clip(np.rint(np.asarray(values)), -32768, 32767), dtype=np.int16)


def moved(rows: Rows, turned: Floats, place: Floats | None = None) -> Rows:
    """Let the chip turn by `turned` (n, 3, 3) and stand off by `place` (n, 3; m) against the body that `rows` are of.

    Both are given in that body's axes, at the rows' times. With its specific force f and its rate w, the chip at place
    q feels Q'(f + q" + 2 w x q' + w' x q + w x (w x q)) and turns with Q'w plus the rate of Q: gravity, being part of
    f, turns along. Rows stay rows of counts, so whatever comes of it can be done to again.
    """
    force = rows[:, :3] * (G_PER_COUNT * GRAVITY)
    rate = np.radians(rows[:, 3:] * DPS_PER_COUNT)
    if place is not None:
        speed = np.gradient(place, 1 / RATE_HZ, axis=0)
        swing = np.gradient(rate, 1 / RATE_HZ, axis=0)
        force = force + (
            _second(place) + 2 * np.cross(rate, speed) + np.cross(swing, place) + np.cross(rate, np.cross(rate, place))
        )
    back = np.swapaxes(turned, -1, -2)
    felt = np.einsum("nij,nj->ni", back, force) / GRAVITY / G_PER_COUNT
    turning = np.einsum("nij,nj->ni", back, rate) + rates(turned, RATE_HZ)
    return counts(np.hstack([felt, np.degrees(turning) / DPS_PER_COUNT]))


def _second(place: Floats) -> Floats:
    made = np.zeros_like(place)
    made[1:-1] = (place[2:] - 2 * place[1:-1] + place[:-2]) * RATE_HZ**2
    return made
