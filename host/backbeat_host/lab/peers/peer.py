"""The form of a peer, and what several of them need: the size of the acceleration, stretches below a threshold.

A recording comes as acceleration in g, (n, 3) at 104 Hz, with the direction of up; results are places of rows.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from backbeat_host.lab.recordings.trial import RATE_HZ

Floats = npt.NDArray[np.float64]

QUIET_S: Final = 10.0  # after an alarm: a device would be counting down


@dataclass(frozen=True)
class Peer:
    """A rule with its name, its description and where it comes from; `falls` or `steps`, whichever it tells.

    `falls(acc)` gives (row of the decision, row of the impact) of each alarm; `steps(acc, up)` the rows of the steps.
    """

    name: str
    rule: str
    source: str
    falls: Callable[[Floats], list[tuple[int, int]]] | None = None
    steps: Callable[[Floats, Floats], Floats] | None = None


def rows(seconds: float) -> int:
    """Give a time as a number of rows."""
    return round(seconds * RATE_HZ)


def size(acc: Floats) -> Floats:
    """Give |a| in g."""
    squares: Floats = np.einsum("ij,ij->i", acc, acc)
    return np.sqrt(squares)


def apart(alarms: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """Leave out alarms that come within the quiet after one that counts."""
    kept: list[tuple[int, int]] = []
    for decided, impact in sorted(alarms):
        if not kept or decided - kept[-1][0] > rows(QUIET_S):
            kept.append((decided, impact))
    return kept


def dips_then_peaks(acc: Floats, dip_g: float, peak_g: float, within_s: float) -> list[tuple[int, int]]:
    """Find each first row above `peak_g` within `within_s` after a row below `dip_g`: (row of that dip, that row)."""
    total = size(acc)
    high = np.flatnonzero(total > peak_g)
    low = np.flatnonzero(total < dip_g)
    if not len(high) or not len(low):
        return []
    first = high[np.concatenate([[True], np.diff(high) > 1])]
    before = np.searchsorted(low, first) - 1
    found = zip(low[before.clip(0)].tolist(), first.tolist(), (before >= 0).tolist(), strict=True)
    return [(dip, peak) for dip, peak, there in found if there and peak - dip <= rows(within_s)]
