"""A step is a peak of the vertical acceleration after a low pass of 3 Hz; needs the extra `analysis` (scipy)."""

from typing import Any, Final

import numpy as np

from backbeat_host.errors import from_extra
from backbeat_host.lab.peers.peer import Floats, Peer, rows
from backbeat_host.lab.recordings.trial import RATE_HZ

CUT_HZ: Final = 3.0
ORDER: Final = 4  # run forward and backward: no delay
APART_S: Final = 0.25  # 240 steps a minute
HEIGHT_G: Final = 0.1  # above its surroundings: less is standing or the hip of the slow; of 0.03 to 0.15 g it does best


def signal() -> Any:
    """Give scipy's filters.

    Raises:
        MissingExtraError: scipy is not installed.
    """
    with from_extra("--peers", "scipy", "analysis"):
        import scipy.signal
    return scipy.signal


def steps(acc: Floats, up: Floats) -> Floats:
    """Find the peaks; `up` (3,) is the direction of the vertical.

    Raises:
        MissingExtraError: scipy is not installed.
    """
    filters = signal()
    vertical = acc @ (up / np.linalg.norm(up))
    low = filters.butter(ORDER, CUT_HZ, fs=RATE_HZ, output="sos")
    smooth = filters.sosfiltfilt(low, vertical, padlen=min(len(vertical) - 1, 3 * rows(1.0)))
    peaks, _ = filters.find_peaks(smooth, distance=rows(APART_S), prominence=HEIGHT_G)
    return np.asarray(peaks, dtype=np.float64)


PEER: Final = Peer(
    "peak picking",
    "peaks of vertical acceleration, low-passed at 3 Hz",
    "the plain method for a sensor on the trunk, in the manner of Zijlstra and Hof, Gait & Posture 18 (2003)",
    steps=steps,
)
