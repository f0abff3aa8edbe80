"""The last ten seconds of body motion in blocks of 8 samples: what a decision about a fall looks back on.

Each channel holds running totals, so the sum over any stretch is one subtraction. Totals wrap; a stretch of up to
127 blocks cannot sum beyond half the wrap.
"""

from array import array

from micropython import const

SAMPLES = const(8)  # 77 ms at 104 Hz
KEPT = const(128)  # 9.8 s
_RING = const(127)
_MASK = const((1 << 28) - 1)
_HALF = const(1 << 27)

X = const(0)  # acceleration, mg
Y = const(1)
Z = const(2)
P = const(3)  # rotation about x (to the side), dps
Q = const(4)  # rotation about y (pitch: forward positive), dps
UNREST = const(5)  # how much |a| changes from sample to sample, mg, eight of them
_CHANNELS = const(6)


class Blocks:
    """Totals up to the end of each block; `count` is the number of closed blocks."""

    def __init__(self):
        self.count = 0
        self._totals = array("i", [0] * (_CHANNELS * KEPT))

    def close(self, x, y, z, p, q, unrest):
        """Add one more block: the means of acceleration and rotation, the sum of the unrest."""
        totals = self._totals
        old = (self.count & _RING) * _CHANNELS
        self.count += 1
        new = (self.count & _RING) * _CHANNELS
        totals[new] = (totals[old] + x) & _MASK
        totals[new + 1] = (totals[old + 1] + y) & _MASK
        totals[new + 2] = (totals[old + 2] + z) & _MASK
        totals[new + 3] = (totals[old + 3] + p) & _MASK
        totals[new + 4] = (totals[old + 4] + q) & _MASK
        totals[new + 5] = (totals[old + 5] + unrest) & _MASK

    def sum(self, channel, begin, end):
        """Give a channel's sum over blocks begin..end-1; both at most KEPT - 1 blocks back from `count`."""
        late = self._totals[(end & _RING) * _CHANNELS + channel]
        early = self._totals[(begin & _RING) * _CHANNELS + channel]
        return ((late - early + _HALF) & _MASK) - _HALF
