"""A fall is a dip below 0.6 g, an impact of 2 g within 1 s, then lying 2 s later."""

from typing import Final

import numpy as np

from backbeat_host.lab.peers.peer import Floats, Peer, apart, dips_then_peaks, rows

DIP_G: Final = 0.6
IMPACT_G: Final = 2.0
WITHIN_S: Final = 1.0
LATER_S: Final = 2.0
LYING_COS: Final = 0.5  # 60 degrees from the trunk's direction before
MEAN_S: Final = 1.0  # of acceleration is averaged for a direction
BEFORE_S: Final = 1.5  # between the direction before and the dip: who falls has bent or tipped by then


def falls(acc: Floats) -> list[tuple[int, int]]:
    """Tell a fall once the posture after the impact is known."""
    sums = np.concatenate([np.zeros((1, 3)), np.cumsum(acc, axis=0)])
    found = []
    for dip, impact in dips_then_peaks(acc, DIP_G, IMPACT_G, WITHIN_S):
        decided = impact + rows(LATER_S + MEAN_S / 2)
        before = _sum(sums, dip - rows(BEFORE_S + MEAN_S), dip - rows(BEFORE_S))
        after = _sum(sums, decided - rows(MEAN_S), decided)
        both = float(np.linalg.norm(before) * np.linalg.norm(after))
        if both > 0 and float(before @ after) < LYING_COS * both:
            found.append((min(decided, len(acc) - 1), impact))
    return apart(found)


def _sum(sums: Floats, first: int, last: int) -> Floats:
    """Add up the rows from `first` to `last`, as many of them as there are."""
    ends = np.clip([first, last], 0, len(sums) - 1)
    summed: Floats = sums[ends[1]] - sums[ends[0]]
    return summed


PEER: Final = Peer(
    "dip, impact, lying",
    "below 0.6 g, 2 g within 1 s, then the trunk more than 60 degrees from before, 2 s later",
    "start of fall, impact and posture, as in Kangas and others, Gait & Posture 28 (2008)",
    falls=falls,
)
