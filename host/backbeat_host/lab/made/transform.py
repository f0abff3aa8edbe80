"""What can be done to the rows of a recording and leave it a possible one: pure functions, rows and chance to rows.

Reversed in time, the mount turned, a clip that rocks, noise, offset, a smaller range.
"""

import numpy as np
import numpy.typing as npt

from backbeat_host.lab.made.moved import counts, moved
from backbeat_host.lab.made.rotations import turn
from backbeat_host.lab.recordings.trial import DPS_PER_COUNT, G_PER_COUNT, RATE_HZ, Rows
from backbeat_host.lab.runner.body_tracks import GRAVITY

Bias = npt.NDArray[np.int64]

OFFSET_G, OFFSET_DPS = 0.060, 10.0  # on every axis: well beyond what such chips have typically
NOISE_G, NOISE_DPS = 0.010, 0.5  # rms: more than ten times an LSM6DSOX's at 104 Hz
RANGE_G, RANGE_DPS = 8.0, 1000.0  # the next smaller of the chip's ranges

# A clip on a belt: a small mass on a spring, turning about the belt's edge. By how much it gives to a steady force
# follows from its frequency and its length (as a pendulum's would); frequency, damping and length are assumed. A
# jogger's clip then rocks by 1 to 2 degrees rms, by several after a hard step.
CLIP_HZ = (8.0, 20.0)
CLIP_DAMPING = (0.03, 0.12)  # of critical
CLIP_LENGTH = (0.03, 0.06)  # m: of the pendulum that would swing alike
CLIP_REACH = 0.012  # m from the belt's edge to the chip
CLIP_RINGS_S = 2.0  # of its ringing are computed
CLIP_STOP = 15.0  # degrees: there the clip's jaws and the belly stop it


def reversed_in_time(rows: Rows) -> Rows:
    """Play the motion backward: acceleration, a second derivative, keeps its sign; angular rate changes it.

    To first order this is what running backward is to running forward; the shape of an impact it does not get right.
    """
    return np.asarray(np.hstack([rows[::-1, :3], counts(-rows[::-1, 3:].astype(np.int32))]), dtype=np.int16)


def mount_turned(rows: Rows, matrix: npt.NDArray[np.int64]) -> Rows:
    """Give what the chip reads when its axes are `matrix` (one of the 24 orientations) times the ones of `rows`."""
    wide = rows.astype(np.int64)
    return counts(np.hstack([wide[:, :3] @ matrix.T, wide[:, 3:] @ matrix.T]))


def tilted(rows: Rows, rotation: npt.NDArray[np.float64]) -> Rows:
    """Give what the chip reads when it sits turned by `rotation` (3, 3) in the axes of `rows`."""
    return counts(np.hstack([rows[:, :3] @ rotation, rows[:, 3:] @ rotation]))


def clip_wobble(rows: Rows, rng: np.random.Generator) -> Rows:
    """Let the clip rock and twist: two lightly damped resonances, driven by the force across each hinge.

    The chip turns with the clip and swings 12 mm beyond the hinge, so it feels both. Rocking (about the body's left) is
    driven by force forward, twisting (about its up) by force to the left; what is steady has been settled long ago.
    """
    angles = np.zeros((len(rows), 3))
    for axis, across in ((1, 0), (2, 1)):
        hz, damping = rng.uniform(*CLIP_HZ), rng.uniform(*CLIP_DAMPING)
        give = GRAVITY / (2 * np.pi * hz) ** 2 / rng.uniform(*CLIP_LENGTH)  # radians per g
        force = np.asarray(rows[:, across] * G_PER_COUNT, dtype=np.float64)
        angles[:, axis] = _driven(give * (force - _slow(force)), hz, damping)
    stop = np.radians(CLIP_STOP)
    angles = stop * np.tanh(angles / stop)
    rotation = turn(angles)
    reach = np.array([CLIP_REACH, 0.0, -CLIP_REACH])
    return moved(rows, rotation, rotation @ reach - reach)


def noisy(rows: Rows, rng: np.random.Generator, noise_g: float = NOISE_G, noise_dps: float = NOISE_DPS) -> Rows:
    """Add white noise, independent on the six axes, of so many g and dps rms."""
    rms = np.array([noise_g / G_PER_COUNT] * 3 + [noise_dps / DPS_PER_COUNT] * 3)
    return counts(rows + rng.standard_normal(rows.shape) * rms)


def any_bias(rng: np.random.Generator) -> Bias:
    """Give the counts (6) by which a chip errs that was soldered badly and never calibrated, each axis either way."""
    size = np.array([round(OFFSET_G / G_PER_COUNT)] * 3 + [round(OFFSET_DPS / DPS_PER_COUNT)] * 3, dtype=np.int64)
    return np.where(rng.choice([-1, 1], 6) < 0, -size, size)


def offset(rows: Rows, bias: Bias) -> Rows:
    """Shift every axis by its bias, in counts (6)."""
    return counts(rows + bias)


def clipped(rows: Rows, range_g: float = RANGE_G, range_dps: float = RANGE_DPS) -> Rows:
    """Cut off what a smaller range would not have seen."""
    most = np.array([range_g / G_PER_COUNT] * 3 + [range_dps / DPS_PER_COUNT] * 3)
    return counts(np.clip(rows, -most, most))


def _slow(force: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Mean over a second about each sample, ends held."""
    half = round(RATE_HZ / 2)
    wide = np.concatenate([np.full(half, force[0]), force, np.full(half, force[-1])])
    total = np.concatenate([[0.0], np.cumsum(wide)])
    return np.asarray((total[2 * half + 1 :] - total[: -2 * half - 1]) / (2 * half + 1), dtype=np.float64)


def _driven(rest: npt.NDArray[np.float64], hz: float, damping: float) -> npt.NDArray[np.float64]:
    """Angle of an oscillator whose place of rest is `rest`, from being at rest at zero: its ringing, summed."""
    omega = 2 * np.pi * hz
    ringing = omega * np.sqrt(1 - damping**2)
    times = (np.arange(round(CLIP_RINGS_S * RATE_HZ)) + 0.5) / RATE_HZ
    answer = omega**2 / ringing * np.exp(-damping * omega * times) * np.sin(ringing * times) / RATE_HZ
    return np.asarray(np.convolve(rest, answer)[: len(rest)], dtype=np.float64)
