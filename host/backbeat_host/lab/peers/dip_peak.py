"""A fall is a dip below 0.5 g with a peak above 3 g inside 1.5 s: weightless, then the ground."""

from typing import Final

from backbeat_host.lab.peers.peer import Floats, Peer, apart, dips_then_peaks

DIP_G: Final = 0.5
PEAK_G: Final = 3.0
WITHIN_S: Final = 1.5


def falls(acc: Floats) -> list[tuple[int, int]]:
    """Tell a fall at the peak."""
    return apart([(peak, peak) for _, peak in dips_then_peaks(acc, DIP_G, PEAK_G, WITHIN_S)])


PEER: Final = Peer(
    "dip, peak",
    "below 0.5 g, then above 3 g inside 1.5 s",
    "the free-fall-then-impact rule of many phone applications and of accelerometer makers' notes",
    falls=falls,
)
