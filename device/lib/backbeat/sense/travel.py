"""Which way the body moves: forward, backward, left or right, from how it sways against how it bounces.

Over the last 5 s the horizontal acceleration is correlated with the vertical velocity v of the trunk. A walker is a
pendulum, slowest when the hip is highest; a runner is a spring and rises and speeds up together. So forward walking
gives a negative sum with the forward axis and forward running a positive one; going backward flips each, going
sideways moves the sum to the left axis.
"""

from array import array

from micropython import const

from backbeat import events
from backbeat.sense.whole import angle, root

# At 52 Hz. The high passes stand at 0.5 Hz (1 / 16 of a period), below the slowest steps.
_SHIFT = const(4)
_ACC_LIMIT = const(4000)  # mg: an impact must not outweigh the sway of five seconds
_ACC_SCALE = const(3)
_V_SCALE = const(4)
_PRODUCT_LIMIT = const(600)

_BIN = const(26)  # 0.5 s
_BINS = const(10)  # 5 s
_SUMS = const(5)
_SURE = const(8)  # percent of correlation; below it nothing new is said (jogging lies at 25, quick walking at 45)
_SQUARABLE = const(16383)
_AGREE = const(3)  # bins in a row that say the same before it is believed: 1.5 s against flicker


class Travel:
    """Feed it two-sample means of body acceleration (mg); after each half second ask `tell`.

    `heading` is in degrees, 0 forward, left positive; `confidence` in percent.
    """

    def __init__(self):
        self.heading = 0
        self.confidence = 0
        self.travel = events.NO_TRAVEL
        self._mean = array("i", [0, 0, 1000 << 6])
        self._v = self._v_mean = 0
        self._count = 0
        self._bins = array("i", [0] * (_BINS * _SUMS))
        self._bin = 0
        self._open = array("i", [0] * _SUMS)
        self._totals = array("i", [0] * _SUMS)
        self._next = events.NO_TRAVEL
        self._agreed = 0

    def feel(self, x, y, z):
        """Take one value; True when half a second is full."""
        mean = self._mean
        mean[0] += ((x << 6) - mean[0]) >> _SHIFT
        mean[1] += ((y << 6) - mean[1]) >> _SHIFT
        mean[2] += ((z << 6) - mean[2]) >> _SHIFT
        x -= mean[0] >> 6
        y -= mean[1] >> 6
        z -= mean[2] >> 6
        self._v += z - (self._v >> _SHIFT)
        self._v_mean += ((self._v << 4) - self._v_mean) >> _SHIFT
        v = (self._v - (self._v_mean >> 4)) >> _V_SCALE
        x = min(max(x, -_ACC_LIMIT), _ACC_LIMIT) >> _ACC_SCALE
        y = min(max(y, -_ACC_LIMIT), _ACC_LIMIT) >> _ACC_SCALE
        v = min(max(v, -_PRODUCT_LIMIT), _PRODUCT_LIMIT)
        sums = self._open
        sums[0] += x * v
        sums[1] += y * v
        sums[2] += x * x
        sums[3] += y * y
        sums[4] += v * v
        self._count += 1
        if self._count < _BIN:
            return False
        self._count = 0
        self._close()
        return True

    def tell(self, spring):
        """Decide from the last 5 s; `spring` is True for running, False for walking. True when `travel` changed."""
        x = self._totals[0] >> 7
        y = self._totals[1] >> 7
        if not spring:
            x, y = -x, -y
        both = root((self._totals[2] + self._totals[3]) >> 7) * root(self._totals[4] >> 7)
        while abs(x) > _SQUARABLE or abs(y) > _SQUARABLE:
            x >>= 1
            y >>= 1
            both >>= 1
        self.confidence = min(root(x * x + y * y) * 100 // (both + 1), 100)
        if self.confidence < _SURE:
            self._agreed = 0
            return False
        self.heading = angle(y, x)
        return self._believe(_side(self.heading))

    def stop(self):
        """The body stands still: it has no way any more. True when that is news."""
        self.forget()
        self.heading = self.confidence = 0
        changed = self.travel != events.NOWHERE
        self.travel = events.NOWHERE
        return changed

    def forget(self):
        """Decide anew from what comes; until then the way it had stands."""
        for i in range(_BINS * _SUMS):
            self._bins[i] = 0
        for i in range(_SUMS):
            self._totals[i] = 0
        self._agreed = 0

    def _believe(self, travel):
        if travel == self.travel:
            self._agreed = 0
            return False
        self._agreed = self._agreed + 1 if travel == self._next else 1
        self._next = travel
        if self._agreed < _AGREE:
            return False
        self._agreed = 0
        self.travel = travel
        return True

    def _close(self):
        at = self._bin * _SUMS
        self._bin = self._bin + 1 if self._bin < _BINS - 1 else 0
        for i in range(_SUMS):
            self._totals[i] += self._open[i] - self._bins[at + i]
            self._bins[at + i] = self._open[i]
            self._open[i] = 0


def _side(heading):
    if -45 <= heading <= 45:
        return events.FORWARD
    if 45 < heading < 135:
        return events.LEFT
    return events.RIGHT if -135 < heading < -45 else events.BACKWARD
