"""What the trunk did in the last ten seconds: which way it lay, how far it turned, how hard it was hit.

Looked at in blocks of 8 samples (77 ms): the questions a verdict on a fall or a roll asks, with their answers in
fields.
"""

from micropython import const

from backbeat import events
from backbeat.sense import blocks
from backbeat.sense.blocks import total
from backbeat.sense.whole import root

RATE = const(13)  # blocks a second: sums of dps over blocks become degrees
UPRIGHT = const(750)  # cos 41 degrees, thousandths
_LYING = const(500)  # cos 60 degrees

_BEFORE_FROM = const(33)  # blocks: from 2.5 s ...
_BEFORE_TO = const(13)  # ... to 1 s before an impact nothing has begun
_TURN_BEFORE = const(20)  # 1.5 s: the trunk begins to turn so long before the impact at the most
_CALM_DPS = const(100)  # mean rotation of a trunk that no longer rolls
_DOWN_DEGREES = const(25)  # who sinks down turns less
_SECOND = const(13)  # blocks
_RING = const(127)  # blocks kept, less one


class Trunk:
    """Feed it a block of eight samples at a time. `compare`, `turned` and `look` leave their answers in `change`,
    `before`, `after`, in `turn`, `direction`, and in `x`, `y`, `z`.
    """

    def __init__(self):
        self.past = blocks.Blocks()
        self.change = self.before = self.after = self.turn = 0
        self.direction = events.FALL_UNKNOWN
        self.x = self.y = self.z = 0

    def feel(self, frame, shake):
        """Take a block: the body's mean acceleration and rotation from `frame`, the rest from `shake`."""
        self.past.close(frame, shake)

    def compare(self, block, begin, end):
        """Hold the trunk in blocks begin..end-1 against what it was before an impact in `block`.

        Sets `change`, the cos between its two directions, and `before` and `after`, those to up; all in thousandths.
        """
        early = block - _BEFORE_FROM if block > _BEFORE_FROM else 0
        late = block - _BEFORE_TO if block > _BEFORE_TO + early else early + 1
        b = self.look(early, late) + 1
        x = self.x
        y = self.y
        z = self.z
        a = self.look(begin, end) + 1
        self.before = z * 1000 // b
        self.after = self.z * 1000 // a
        self.change = (self.x * x + self.y * y + self.z * z) // a * 1000 // b

    def turned(self, block, end):
        """Set `turn`, the most degrees about x and y from 1.5 s before `block` up to `end`, and its `direction`."""
        past = self.past
        most = side = pitch = 0
        p = q = 0
        begin = block - _TURN_BEFORE if block > _TURN_BEFORE else 0
        while end > begin:
            end -= 1
            p += past.p[end & _RING]
            q += past.q[end & _RING]
            turn = (p // RATE) * (p // RATE) + (q // RATE) * (q // RATE)
            if turn >= most:
                most = turn
                side = p // RATE
                pitch = q // RATE
        self._point(most, side, pitch)

    def spun(self, begin, end):
        """Give the degrees about x and y by which the trunk turned over blocks begin..end-1 as a whole; set `turn` and
        `direction` likewise."""
        p = total(self.past.p, begin, end) // RATE
        q = total(self.past.q, begin, end) // RATE
        self._point(p * p + q * q, p, q)
        return self.turn

    def straightness(self, begin, end):
        """Give how much of all the turning in blocks begin..end-1 went about its main axis, in percent."""
        past = self.past
        way = 1
        for block in range(begin, end):
            p = past.p[block & _RING]
            q = past.q[block & _RING]
            r = past.r[block & _RING]
            way += root(p * p + q * q + r * r)
        p = total(past.p, begin, end) // RATE
        q = total(past.q, begin, end) // RATE
        r = total(past.r, begin, end) // RATE
        return min(root(p * p + q * q + r * r) * RATE * 100 // way, 100)

    def unrest(self, begin, end):
        """Give how much |a| changed from sample to sample in blocks begin..end-1, in mg."""
        return total(self.past.unrest, begin, end) // ((end - begin) * blocks.SAMPLES)

    def hardest(self, begin, end):
        """Give the largest |a| squared of blocks begin..end-1 (1 g is 32)."""
        most = 0
        for block in range(begin, end):
            top = self.past.top[block & _RING]
            if top > most:
                most = top
        return most

    def sway(self, begin, end):
        """Give how far the trunk swung to and fro about x and y in blocks begin..end-1, in degrees."""
        p = _swing(self.past.p, begin, end)
        q = _swing(self.past.q, begin, end)
        return root(p * p + q * q)

    def stands(self):
        """Tell whether the trunk has been upright over the last second, running or standing."""
        return self._last_second() > UPRIGHT

    def lies(self):
        """Tell whether it has been nearer to lying than to standing over the last second."""
        return self._last_second() < _LYING

    def _last_second(self):
        """Give the trunk's cos to up."""
        end = self.past.count
        return self.leans(end - _SECOND if end > _SECOND else 0, end) if end else 0

    def calm(self, block):
        """Tell whether the trunk did not turn fast in a block."""
        at = block & _RING
        return abs(self.past.p[at]) + abs(self.past.q[at]) < _CALM_DPS

    def steady(self):
        """Tell whether the trunk did not turn fast in the last two blocks."""
        past = self.past
        now = (past.count - 1) & _RING
        last = (past.count - 2) & _RING
        p = (past.p[last] + past.p[now]) >> 1
        q = (past.q[last] + past.q[now]) >> 1
        return abs(p) < _CALM_DPS and abs(q) < _CALM_DPS

    def leans(self, begin, end):
        """Give the cos of the trunk to up in blocks begin..end-1, in thousandths."""
        length = self.look(begin, end)
        return self.z * 1000 // (length + 1)

    def _point(self, square, side, pitch):
        self.turn = root(square)
        if self.turn < _DOWN_DEGREES:
            self.direction = events.FALL_DOWN
        elif abs(side) > abs(pitch):
            self.direction = events.FALL_SIDEWAYS
        else:
            self.direction = events.FALL_FORWARD if pitch > 0 else events.FALL_BACKWARD

    def look(self, begin, end):
        """Set the mean acceleration (mg) over blocks begin..end-1 and give its length."""
        past = self.past
        n = end - begin
        x = self.x = total(past.x, begin, end) // n
        y = self.y = total(past.y, begin, end) // n
        z = self.z = total(past.z, begin, end) // n
        return root(x * x + y * y + z * z)


def _swing(rates, begin, end):
    """Give by how many degrees the sum of rates rose and fell."""
    turn = most = least = 0
    for block in range(begin + 1, end):
        turn += rates[block & _RING]
        if turn > most:
            most = turn
        elif turn < least:
            least = turn
    return (most - least) // RATE
