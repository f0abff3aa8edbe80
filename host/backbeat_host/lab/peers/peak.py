"""A fall is a peak over 3 g: the simplest rule there is."""

from typing import Final

import numpy as np

from backbeat_host.lab.peers.peer import Floats, Peer, apart, size

PEAK_G: Final = 3.0


def falls(acc: Floats) -> list[tuple[int, int]]:
    """Tell a fall at each row over the threshold, at once."""
    return apart([(row, row) for row in np.flatnonzero(size(acc) > PEAK_G).tolist()])


PEER: Final = Peer(
    "peak",
    "the acceleration exceeds 3 g",
    "upper threshold at the trunk, as in Bourke and others, Gait & Posture 26 (2007)",
    falls=falls,
)
