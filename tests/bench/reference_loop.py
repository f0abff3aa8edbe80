"""The least that a step counter on a board does for a sample: what the core's cost is measured against.

Whole numbers, nothing allocated: six values scaled, magnitude, gravity, two one-pole filters, a ring, a peak pick.
"""

from array import array

_ACC = 7995  # mg << 14 of a count
_GYRO = 4588  # dps << 16 of a count
_KEPT = 256
_RISE = 100  # mg


class Reference:
    """Feed it samples in counts; `steps` counts the peaks, `turned` sums the rotation."""

    def __init__(self):
        self.steps = self.turned = 0
        self._ring = array("h", [0] * _KEPT)
        self._at = 0
        self._gravity = array("i", [0, 0, 0])
        self._slow = self._fast = 1000 << 4
        self._rising = True
        self._top = 0

    def feel(self, ax, ay, az, gx, gy, gz):
        """Take one sample."""
        x = ax * _ACC >> 14
        y = ay * _ACC >> 14
        z = az * _ACC >> 14
        self.turned = abs(gx * _GYRO >> 16) + abs(gy * _GYRO >> 16) + abs(gz * _GYRO >> 16)
        gravity = self._gravity
        gravity[0] += ((x << 6) - gravity[0]) >> 6
        gravity[1] += ((y << 6) - gravity[1]) >> 6
        gravity[2] += ((z << 6) - gravity[2]) >> 6
        size = _root(x * x + y * y + z * z)
        self._fast += ((size << 4) - self._fast) >> 2
        self._slow += ((size << 4) - self._slow) >> 6
        value = (self._fast - self._slow) >> 4
        at = self._at
        self._ring[at] = value
        self._at = at + 1 if at < _KEPT - 1 else 0
        if self._rising:
            if value > self._top:
                self._top = value
            elif self._top - value > _RISE:
                self._rising = False
                self.steps += 1
        elif value < self._top:
            self._top = value
        elif value - self._top > _RISE:
            self._rising = True


def _root(square):
    guess = 1 << 10
    for _ in range(2):  # near 1 g two rounds are enough
        guess = (guess + square // guess) >> 1
    return guess
