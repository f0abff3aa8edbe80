"""Which way the body moves: forward, backward, left or right, from how it sways against how it bounces.

Over the last seconds the horizontal acceleration is correlated with the vertical velocity v of the trunk. A walker is
a pendulum, slowest when the hip is highest; a runner is a spring and rises and speeds up together. So forward walking
gives a negative sum with the forward axis and forward running a positive one; going backward flips each, going
sideways moves the sum to the left axis. `gait` reads the same bounce.

Sway and v pass filters of equal phase: a movement played backward in time then gives exactly the opposite sum.
"""

from array import array

from micropython import const

from backbeat import events
from backbeat.sense.whole import angle, root

# At 26 Hz: each two values felt make one, their sum.
_SHIFT = const(3)  # high passes at 0.5 Hz, below the steps: two for the sway, one and a leaky integral for v
_LEVEL_SHIFT = const(6)  # the mean that tells light from heavy moves slowly, over 2.5 s, and so turns no phase
_LIMIT = const(8000)  # half mg: an impact must not outweigh the sway of seconds
_SCALE = const(2)
_V_SCALE = const(3)
_V_LIMIT = const(2500)  # 1.9 m/s

_BIN = const(13)  # 0.5 s
_BINS = const(8)  # 4 s
_X = const(0)  # the sums of a bin: sway forward and left with v, then squares of sway, v and swing, then counts
_Y = const(1)
_SWAY = const(2)
_LIFT = const(3)
_SWING = const(4)
_HEAVY = const(5)
_FELT = const(6)
_SUMS = const(7)
_STILL = const(3000)  # swing of half a second, 30 mg: less is no movement
_NEW = const(3)  # bins that tell the new movement when it changes,
_JUMP = const(4)  # as when they swing so many times more, or less, than all the others
_LEAST = const(39)  # values: 1.5 s of movement before anything is said

_SURE = const(5)  # percent of accord; below it nothing new is said (walking and jogging lie at 35 to 50)
_CERTAIN = const(99)  # percent; of what is told 77 % is right at an accord of 15, 95 at 25, 99 above 35 (all corpora)
_SQUARABLE = const(16383)
_FIRST = const(2)  # bins in a row that say the same before the first word is believed,
_AGREE = const(3)  # and another one: 1.5 s against flicker
_ASIDE = const(60)  # degrees: a turn or a limp adds a part sideways to who goes forward, no more than that
_BORDER = const(8)  # degrees


class Travel:
    """Feed it body acceleration (mg) at 52 Hz; after each half second ask `tell`.

    `heading` is in degrees, 0 forward, left positive; `confidence` is the chance in percent that `travel` is right.
    The rest is what the last 4 s felt like: `swing`, the sum of squares of the vertical acceleration (in 2 mg), and
    `lift`, that of v (in 2/26 mg s), over `felt` values at 26 Hz in which the body moved; in `heavy` of them it was
    pushed up with more than its weight; `along` and `aside`, how sway forward and left goes with the bounce, and
    `accord`, the percentage of their correlation.
    """

    def __init__(self):
        self.heading = 0
        self.confidence = 0
        self.travel = events.NO_TRAVEL
        self.swing = self.lift = self.heavy = self.felt = self.accord = 0
        self.along = self.aside = 0
        self._waiting = False
        self._x = self._y = self._z = 0
        self._means = array("i", [0, 0, 0, 0, 2000 << 6, 2000 << 6])
        self._v = 0
        self._count = 0
        self._bins = array("i", [0] * (_BINS * _SUMS))
        self._bin = 0
        self._open = array("i", [0] * _SUMS)
        self._totals = array("i", [0] * _SUMS)
        self._next = events.NO_TRAVEL
        self._agreed = 0
        self._needed = _FIRST

    def feel(self, x, y, z):
        """Take one value; True when half a second is full."""
        if not self._waiting:
            self._waiting = True
            self._x = x
            self._y = y
            self._z = z
            return False
        self._waiting = False
        x += self._x
        y += self._y
        z += self._z
        mean = self._means
        mean[0] += ((x << 6) - mean[0]) >> _SHIFT
        mean[1] += ((y << 6) - mean[1]) >> _SHIFT
        x -= mean[0] >> 6
        y -= mean[1] >> 6
        mean[2] += ((x << 6) - mean[2]) >> _SHIFT
        mean[3] += ((y << 6) - mean[3]) >> _SHIFT
        x = min(max(x - (mean[2] >> 6), -_LIMIT), _LIMIT) >> _SCALE
        y = min(max(y - (mean[3] >> 6), -_LIMIT), _LIMIT) >> _SCALE
        sums = self._open
        mean[5] += ((z << 6) - mean[5]) >> _LEVEL_SHIFT
        if z > mean[5] >> 6:
            sums[_HEAVY] += 1
        mean[4] += ((z << 6) - mean[4]) >> _SHIFT
        z -= mean[4] >> 6
        v = self._v
        self._v += z - (v >> _SHIFT)
        # The integral before and after this value, so that v belongs to its middle.
        v = min(max((v + self._v) >> _V_SCALE, -_V_LIMIT), _V_LIMIT)
        z = min(max(z, -_LIMIT), _LIMIT) >> _SCALE
        sums[_X] += x * v
        sums[_Y] += y * v
        sums[_SWAY] += x * x + y * y
        sums[_LIFT] += v * v
        sums[_SWING] += z * z
        self._count += 1
        if self._count < _BIN:
            return False
        self._count = 0
        self._close()
        return True

    def tell(self, spring):
        """Decide from the last 4 s; `spring` is True for running, False for walking. True when `travel` changed."""
        if self.felt < _LEAST:
            return False
        self.confidence = min(50 + self.accord * 3 // 2, _CERTAIN)
        if self.accord < _SURE:
            self._agreed = 0
            return False
        self.heading = angle(self.aside, self.along) if spring else angle(-self.aside, -self.along)
        return self._believe(_side(self.heading, self.travel))

    def stop(self):
        """The body stands still: it has no way any more. True when that is news."""
        if self.travel == events.NOWHERE:
            return False
        self.restart()
        self.heading = self.confidence = 0
        self.travel = events.NOWHERE
        return True

    def restart(self):
        """What was felt so far counts no more."""
        self._forget(_BINS)
        self._needed = _FIRST

    def forget(self):
        """The gait changed: decide from its last seconds alone; until then the way it had stands."""
        self._forget(_BINS - _NEW)
        self._needed = _FIRST

    def _forget(self, bins):
        """Empty the oldest ones."""
        at = self._bin
        for _ in range(bins):
            self._replace(at * _SUMS, False)
            at = at + 1 if at < _BINS - 1 else 0
        self._agreed = 0
        self._compare()

    def _believe(self, travel):
        self._agreed = self._agreed + 1 if travel == self._next else 1
        self._next = travel
        if travel != self.travel and self._agreed < self._needed:
            return False
        changed = travel != self.travel
        self.travel = travel
        self._needed = _AGREE
        return changed

    def _close(self):
        self._open[_FELT] = _BIN
        self._replace(self._bin * _SUMS, self._open[_SWING] > _STILL)
        self._bin = self._bin + 1 if self._bin < _BINS - 1 else 0
        for i in range(_SUMS):
            self._open[i] = 0
        if self._totals[_FELT] == _BINS * _BIN and self._changed():
            self._forget(_BINS - _NEW)
        self._compare()

    def _changed(self):
        """Do the newest bins swing far more, or far less, than those before? Then it is another movement."""
        new = 0
        at = self._bin
        for _ in range(_NEW):
            at = (at if at else _BINS) - 1
            new += self._bins[at * _SUMS + _SWING]
        old = self._totals[_SWING] - new
        return new > old * _JUMP or old > new * _JUMP

    def _replace(self, at, felt):
        """Put the open bin, or nothing, in the place of an old one."""
        bins = self._bins
        totals = self._totals
        for i in range(_SUMS):
            new = self._open[i] if felt else 0
            totals[i] += new - bins[at + i]
            bins[at + i] = new

    def _compare(self):
        totals = self._totals
        self.lift = totals[_LIFT]
        self.swing = totals[_SWING]
        self.heavy = totals[_HEAVY]
        self.felt = totals[_FELT]
        x = totals[_X] >> 7
        y = totals[_Y] >> 7
        both = root(totals[_SWAY] >> 7) * root(self.lift >> 7)
        while abs(x) > _SQUARABLE or abs(y) > _SQUARABLE:
            x >>= 1
            y >>= 1
            both >>= 1
        self.accord = min(root(x * x + y * y) * 100 // (both + 1), 100)
        self.along = x
        self.aside = y


def _side(heading, now):
    """Tell the way of a heading; on the border it is what it was, `now`."""
    aside = _ASIDE
    if now == events.FORWARD or now == events.BACKWARD:
        aside += _BORDER
    elif now == events.LEFT or now == events.RIGHT:
        aside -= _BORDER
    if abs(heading) <= aside:
        return events.FORWARD
    if abs(heading) >= 180 - aside:
        return events.BACKWARD
    return events.LEFT if heading > 0 else events.RIGHT
