"""Which way the body moves: forward, backward, left or right, from how it sways, how it bounces and how it brakes.

Over the last seconds the horizontal acceleration is correlated with the vertical velocity v of the trunk. A walker is
a pendulum, slowest when the hip is highest; a runner is a spring and rises and speeds up together. So forward walking
gives a negative sum with the forward axis and forward running a positive one; going backward flips each, going
sideways moves the sum to the left axis. `gait` reads the same bounce.

A slow walker bounces too little for that. But the foot that lands brakes a walker at once, and the speed comes back
over the rest of the step: the sharpest changes of the horizontal acceleration point back. Their cubes, summed, tell
walking at any speed, and best together with the bounce; of running they tell nothing.

Sway and v pass filters of equal phase: a movement played backward in time then gives exactly the opposite sum. The
changes need no filter, and do so too.
"""

from array import array

from micropython import const

from backbeat import events
from backbeat.sense.blocks import RING
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
_X = const(0)  # the sums of a bin: sway forward and left with v, then squares of sway, v and swing, then counts, ...
_Y = const(1)
_SWAY = const(2)
_LIFT = const(3)
_SWING = const(4)
_HEAVY = const(5)
_FELT = const(6)
_CUBE_X = const(7)  # ... then cubes of changes, forward and left, and their squares
_CUBE_Y = const(8)
_SQUARE = const(9)
_SUMS = const(10)
_MEANS = const(10)  # behind the sums of the open bin: four means of the sway and two of the bounce, ...
_HELD = const(16)  # ... the first value of two, ...
_V = const(19)
_COUNT = const(20)  # ... and the values of this bin
_STILL = const(3000)  # swing of half a second, 30 mg: less is no movement
_NEW = const(3)  # bins that tell the new movement when it changes,
_JUMP = const(4)  # as when they swing so many times more, or less, than all the others
_LEAST = const(39)  # values: 1.5 s of movement before anything is said

_AGO = const(2)  # blocks of 8 samples, 0.15 s: a change is from one to the next but one
_SHARPEST = const(2400)  # mg, forward and left together: a blow is halved until it is no more
_SQUARE_SHIFT = const(7)
_CUBE_SHIFT = const(3)
_BOUNCE = const(33)  # percent of accord: with so much the bounce counts as the braking does, with less, less

_SURE = const(7)  # percent; below it nothing new is said (walking and jogging lie at 50 and above)
_CERTAIN = const(99)  # percent; of what is told 65 % is right at 15, 81 at 25, 95 at 45, 99 above 90 (all corpora)
_ENOUGH = const(78)  # values, 3 s. With fewer,
_EARLY = const(2)  # bins in a row must say the same before a word is believed; with so many
_FIRST = const(1)  # the newest is enough for the first word,
_AGREE = const(3)  # and another takes 1.5 s, against flicker
_ASIDE = const(60)  # degrees: a turn or a limp adds a part sideways to who goes forward, no more than that
_BORDER = const(8)  # degrees


class Travel:
    """Feed it body acceleration (mg) at 52 Hz, and each block to `brake`; after each half second ask `tell`.

    `heading` is in degrees, 0 forward, left positive; `confidence` is the chance in percent that `travel` is right.
    The rest is what the last 4 s felt like: `swing`, the sum of squares of the vertical acceleration (in 2 mg), and
    `lift`, that of v (in 2/26 mg s), over `felt` values at 26 Hz in which the body moved; in `heavy` of them it was
    pushed up with more than its weight; `accord` is the percentage of the correlation of sway and bounce, `held` how
    far the braking of the feet points the way that this bounce would have a runner go, in 1024ths. `going` is how many
    half seconds in a row moved, up to now. `along` and `aside` are the way that `tell` found, forward and
    left, in 1024ths of being sure.
    """

    def __init__(self):
        self.heading = 0
        self.confidence = 0
        self.travel = events.NO_TRAVEL
        self.swing = self.lift = self.heavy = self.felt = self.accord = 0
        self.going = 0
        self.along = self.aside = self.held = 0
        self._way_x = self._way_y = 0
        self._bins = array("i", [0] * (_BINS * _SUMS))
        self._bin = 0
        self._open = array("i", [0] * (_COUNT + 1))
        self._open[_MEANS + 4] = self._open[_MEANS + 5] = 2000 << 6
        self._totals = array("i", [0] * _SUMS)
        self._next = events.NO_TRAVEL
        self._agreed = 0
        self._needed = _FIRST

    def feel(self, x, y, z):
        """Take one value; True when half a second is full."""
        sums = self._open
        sums[_COUNT] += 1
        if sums[_COUNT] & 1:
            sums[_HELD] = x
            sums[_HELD + 1] = y
            sums[_HELD + 2] = z
            return False
        x += sums[_HELD]
        y += sums[_HELD + 1]
        z += sums[_HELD + 2]
        sums[_MEANS] += ((x << 6) - sums[_MEANS]) >> _SHIFT
        sums[_MEANS + 1] += ((y << 6) - sums[_MEANS + 1]) >> _SHIFT
        x -= sums[_MEANS] >> 6
        y -= sums[_MEANS + 1] >> 6
        sums[_MEANS + 2] += ((x << 6) - sums[_MEANS + 2]) >> _SHIFT
        sums[_MEANS + 3] += ((y << 6) - sums[_MEANS + 3]) >> _SHIFT
        x -= sums[_MEANS + 2] >> 6
        y -= sums[_MEANS + 3] >> 6
        if x > _LIMIT:
            x = _LIMIT
        elif x < -_LIMIT:
            x = -_LIMIT
        if y > _LIMIT:
            y = _LIMIT
        elif y < -_LIMIT:
            y = -_LIMIT
        x >>= _SCALE
        y >>= _SCALE
        sums[_MEANS + 5] += ((z << 6) - sums[_MEANS + 5]) >> _LEVEL_SHIFT
        if z > sums[_MEANS + 5] >> 6:
            sums[_HEAVY] += 1
        sums[_MEANS + 4] += ((z << 6) - sums[_MEANS + 4]) >> _SHIFT
        z -= sums[_MEANS + 4] >> 6
        v = sums[_V]
        sums[_V] += z - (v >> _SHIFT)
        # The integral before and after this value, so that v belongs to its middle.
        v = (v + sums[_V]) >> _V_SCALE
        if v > _V_LIMIT:
            v = _V_LIMIT
        elif v < -_V_LIMIT:
            v = -_V_LIMIT
        if z > _LIMIT:
            z = _LIMIT
        elif z < -_LIMIT:
            z = -_LIMIT
        z >>= _SCALE
        sums[_X] += x * v
        sums[_Y] += y * v
        sums[_SWAY] += x * x + y * y
        sums[_LIFT] += v * v
        sums[_SWING] += z * z
        if sums[_COUNT] < 2 * _BIN:
            return False
        sums[_COUNT] = 0
        self._close()
        return True

    def brake(self, frame, past):
        """Take a block of eight samples (see `Blocks`) that `past` does not hold yet."""
        at = past.count - _AGO & RING
        x = frame.x - past.x[at]
        y = frame.y - past.y[at]
        while abs(x) + abs(y) > _SHARPEST:
            x >>= 1
            y >>= 1
        square = x * x + y * y
        sums = self._open
        sums[_SQUARE] += square
        square >>= _SQUARE_SHIFT
        sums[_CUBE_X] -= x * square >> _CUBE_SHIFT
        sums[_CUBE_Y] -= y * square >> _CUBE_SHIFT

    def tell(self, spring):
        """Decide from the last 4 s; `spring` is True for running, False for walking. True when `travel` changed."""
        if self.felt < _LEAST:
            self.along = self.aside = 0
            return False
        sure = self.accord
        if spring:
            sure += sure >> 1
        else:
            self.along = self._way_x - self.along * sure // _BOUNCE
            self.aside = self._way_y - self.aside * sure // _BOUNCE
            sure = root(self.along * self.along + self.aside * self.aside) * 25 >> 8
        self.confidence = min(50 + sure, _CERTAIN)
        if sure < _SURE:
            self._agreed = 0
            return False
        self.heading = angle(self.aside, self.along)
        travel = _side(self.heading, self.travel)
        self._agreed = self._agreed + 1 if travel == self._next else 1
        self._next = travel
        if travel != self.travel and self._agreed < (self._needed if self.felt >= _ENOUGH else _EARLY):
            return False
        self._needed = _AGREE
        changed = travel != self.travel
        self.travel = travel
        return changed

    def stop(self):
        """The body stands still: it has no way any more. True when that is news."""
        if self.travel == events.NOWHERE:
            return False
        self.forget(_BINS)
        self.heading = self.confidence = 0
        self.travel = events.NOWHERE
        return True

    def forget(self, bins):
        """Let go of so many of the eight half seconds, the oldest first; the way it had stands until they tell."""
        at = self._bin
        for _ in range(bins):
            self._replace(at * _SUMS, False)
            at = at + 1 if at < _BINS - 1 else 0
        self._agreed = 0
        if bins == _BINS:
            self._needed = _FIRST
        self._compare()

    def most(self):
        """Give the swing of the half second with the most."""
        most = 0
        for at in range(_SWING, _BINS * _SUMS, _SUMS):
            most = max(most, self._bins[at])
        return most

    def _close(self):
        """Keep the open bin. When the newest swing far more, or far less, than those before, it is another movement."""
        self._open[_FELT] = _BIN
        at = self._bin
        moved = self._open[_SWING] > _STILL
        self.going = self.going + 1 if moved else 0
        self._replace(at * _SUMS, moved)
        self._bin = at + 1 if at < _BINS - 1 else 0
        for i in range(_SUMS):
            self._open[i] = 0
        new = 0
        for _ in range(_NEW):
            new += self._bins[at * _SUMS + _SWING]
            at = (at if at else _BINS) - 1
        old = self._totals[_SWING] - new
        if self._totals[_FELT] == _BINS * _BIN and (new > old * _JUMP or old > new * _JUMP):
            self.forget(_BINS - _NEW)
        self._compare()

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
        size = (root((totals[_SWAY] >> 7) + 1) * root((self.lift >> 7) + 1) >> 3) + 1
        x = self.along = totals[_X] // size
        y = self.aside = totals[_Y] // size
        sure = root(x * x + y * y)
        self.accord = min(sure * 25 >> 8, 100)
        square = totals[_SQUARE]
        size = ((square >> _SQUARE_SHIFT + _CUBE_SHIFT) * root(square // (self.felt // 2 or 1)) >> 10) + 1
        self._way_x = totals[_CUBE_X] // size
        self._way_y = totals[_CUBE_Y] // size
        self.held = (self._way_x * x + self._way_y * y) // (sure + 1)


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
