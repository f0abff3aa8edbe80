"""What the trunk did in the last ten seconds: which way it lay, how far it turned, how hard it was hit.

Looked at in blocks of 8 samples (77 ms): the questions a verdict on a fall or a roll asks, with their answers in
fields.
"""

from micropython import const

from backbeat import events
from backbeat.sense import blocks
from backbeat.sense.whole import root

RATE = const(104)  # samples a second: sums of dps over samples become degrees
UPRIGHT = const(750)  # cos 41 degrees, thousandths

_BEFORE_FROM = const(33)  # blocks: from 2.5 s ...
_BEFORE_TO = const(13)  # ... to 1 s before an impact nothing has begun
_TURN_BEFORE = const(20)  # 1.5 s: the trunk begins to turn so long before the impact at the most
_CALM_DPS = const(100)  # mean rotation of a trunk that no longer rolls
_DOWN_DEGREES = const(25)  # who sinks down turns less
_UNREST_MOST = const(2000)  # mg
_SECOND = const(13)  # blocks


class Trunk:
    """Feed it body samples (mg, dps). After `feel` gives True a block is closed:

    `top` is its largest |a| squared, `top_at` that sample's number, `upright` how many blocks in a row the trunk has
    been upright and calm. `size` is |a| squared of the last sample. `compare` and `turned` leave their answers in
    `change`, `before`, `after` and in `turn`, `direction`.
    """

    def __init__(self):
        self.past = blocks.Blocks()
        self.size = 1_000_000
        self.top = self.top_at = 0
        self.upright = 0
        self.change = self.before = self.after = self.turn = 0
        self.direction = events.FALL_UNKNOWN
        self._number = 0  # of the next sample
        self._x = self._y = self._z = self._p = self._q = self._unrest = 0
        self._highest = self._highest_at = 0  # of the open block
        self._mean_x = self._mean_y = self._mean_z = 0

    def feel(self, x, y, z, p, q):
        """Take one sample; True when it closes a block."""
        self._x += x
        self._y += y
        self._z += z
        self._p += p
        self._q += q
        size = x * x + y * y + z * z
        change = (size - self.size) >> 11  # difference of squares over 2 g: mg, near 1 g
        self.size = size
        if change < 0:
            change = -change
        self._unrest += change if change < _UNREST_MOST else _UNREST_MOST
        if size > self._highest:
            self._highest = size
            self._highest_at = self._number
        self._number += 1
        if self._number & 7:
            return False
        self._close()
        return True

    def compare(self, block, begin, end):
        """Hold the trunk in blocks begin..end-1 against what it was before an impact in `block`.

        Sets `change`, the cos between its two directions, and `before` and `after`, those to up; all in thousandths.
        """
        early = block - _BEFORE_FROM if block > _BEFORE_FROM else 0
        late = block - _BEFORE_TO if block > _BEFORE_TO + early else early + 1
        b = self._mean(early, late) + 1
        x = self._mean_x
        y = self._mean_y
        z = self._mean_z
        a = self._mean(begin, end) + 1
        self.before = z * 1000 // b
        self.after = self._mean_z * 1000 // a
        self.change = (self._mean_x * x + self._mean_y * y + self._mean_z * z) // a * 1000 // b

    def turned(self, block, end):
        """Set `turn`, the most degrees about x and y from 1.5 s before `block` up to `end`, and its `direction`."""
        past = self.past
        most = side = pitch = 0
        begin = block - _TURN_BEFORE if block > _TURN_BEFORE else 0
        while begin < end:
            p = past.sum(blocks.P, begin, end) // RATE
            q = past.sum(blocks.Q, begin, end) // RATE
            turn = p * p + q * q
            if turn > most:
                most = turn
                side = p
                pitch = q
            begin += 1
        self._point(most, side, pitch)

    def spun(self, begin, end):
        """Set `turn` and `direction` of the turn over blocks begin..end-1 as a whole."""
        p = self.past.sum(blocks.P, begin, end) // RATE
        q = self.past.sum(blocks.Q, begin, end) // RATE
        self._point(p * p + q * q, p, q)

    def unrest(self, begin, end):
        """Give how much |a| changed from sample to sample in blocks begin..end-1, in mg."""
        return self.past.sum(blocks.UNREST, begin, end) // ((end - begin) * blocks.SAMPLES)

    def stands(self):
        """Tell whether the trunk has been upright over the last second, running or standing."""
        end = self.past.count
        begin = end - _SECOND if end > _SECOND else 0
        return begin < end and self._up(begin, end)

    def calm(self, block):
        """Tell whether the trunk did not turn fast in a block."""
        p = self.past.sum(blocks.P, block, block + 1) >> 3
        q = self.past.sum(blocks.Q, block, block + 1) >> 3
        return abs(p) + abs(q) < _CALM_DPS

    def head_down(self, begin, end):
        """Tell whether up pointed to the ground at some time in blocks begin..end-1."""
        for block in range(begin + 2, end + 1):
            if self.past.sum(blocks.Z, block - 2, block) < 0:
                return True
        return False

    def _point(self, square, side, pitch):
        self.turn = root(square)
        if self.turn < _DOWN_DEGREES:
            self.direction = events.FALL_DOWN
        elif abs(side) > abs(pitch):
            self.direction = events.FALL_SIDEWAYS
        else:
            self.direction = events.FALL_FORWARD if pitch > 0 else events.FALL_BACKWARD

    def _close(self):
        past = self.past
        past.close(self._x, self._y, self._z, self._p, self._q, self._unrest)
        self._x = self._y = self._z = self._p = self._q = self._unrest = 0
        self.top = self._highest
        self.top_at = self._highest_at
        self._highest = 0
        end = past.count
        if end < 2:
            return
        p = past.sum(blocks.P, end - 2, end) >> 4
        q = past.sum(blocks.Q, end - 2, end) >> 4
        calm = abs(p) < _CALM_DPS and abs(q) < _CALM_DPS
        self.upright = self.upright + 1 if calm and self._up(end - 2, end) else 0

    def _up(self, begin, end):
        """Tell whether the trunk was upright in blocks begin..end-1."""
        length = self._mean(begin, end)
        return self._mean_z * 1000 > UPRIGHT * length

    def _mean(self, begin, end):
        """Set the mean acceleration (mg) over blocks begin..end-1 and give its length."""
        n = (end - begin) * blocks.SAMPLES
        x = self._mean_x = self.past.sum(blocks.X, begin, end) // n
        y = self._mean_y = self.past.sum(blocks.Y, begin, end) // n
        z = self._mean_z = self.past.sum(blocks.Z, begin, end) // n
        return root(x * x + y * y + z * z)
