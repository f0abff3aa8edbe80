"""What the trunk did in the last ten seconds: which way it lay, how far it turned, how hard it was hit.

Stretches are blocks begin..end-1, of 8 samples (77 ms) each.
"""

from micropython import const

from backbeat import events
from backbeat.sense import blocks
from backbeat.sense.blocks import RING, total
from backbeat.sense.whole import root

RATE = const(13)  # blocks a second: sums of dps over blocks become degrees
UPRIGHT = const(750)  # cos 41 degrees, thousandths
_LYING = const(500)  # cos 60 degrees

_BEFORE_FROM = const(33)  # blocks: from 2.5 s ...
_BEFORE_TO = const(13)  # ... to 1 s before an impact nothing has begun
_TURN_BEFORE = const(20)  # 1.5 s: the trunk begins to turn so long before the impact at the most
_CALM = const(100)  # dps on the mean: a trunk that no longer rolls
_DOWN = const(25)  # degrees: who sinks down turns less
_LIES = const(50)  # degrees: lying counts for so much of a turn: 5 in 100 more of SisFall's falls point the right way


class Trunk:
    """Feed `past`. Answers stay in `change`, `before`, `after`; `turn`, `direction`; and `x`, `y`, `z`.

    What lies before the block `first` was another posture, as in a roll.
    """

    def __init__(self):
        self.past = blocks.Blocks()
        self.change = self.before = self.after = self.turn = self.first = 0
        self.direction = events.FALL_UNKNOWN
        self.x = self.y = self.z = 0
        self._side = self._pitch = 0

    def compare(self, block, begin, end):
        """Hold the trunk in a stretch against what it was before an impact in `block`.

        Sets `change`, the cos between its two directions, and `before` and `after`, those to up; all in thousandths.
        """
        first = max(block - _BEFORE_FROM, self.first)
        b = self.look(first, max(block - _BEFORE_TO, first + 1)) + 1
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
        most = side = pitch = p = q = 0
        for at in range(end - 1, max(block - _TURN_BEFORE, 0) - 1, -1):
            p += past.p[at & RING]
            q += past.q[at & RING]
            turn = (p // RATE) * (p // RATE) + (q // RATE) * (q // RATE)
            if turn >= most:
                most = turn
                side = p // RATE
                pitch = q // RATE
        self._point(side, pitch)

    def lay(self, begin, end):
        """Let `direction` follow how the trunk lay in a stretch, too: one may turn less far than one falls."""
        if self.turn >= _DOWN:
            self.look(begin, end)
            side = self._side + self.y * _LIES // 1000
            self._point(side, self._pitch - self.x * _LIES // 1000)

    def spun(self, begin, end):
        """Give the degrees about x and y by which the trunk turned on the whole; set `turn` and `direction` to it."""
        self._point(total(self.past.p, begin, end) // RATE, total(self.past.q, begin, end) // RATE)
        return self.turn

    def straightness(self, begin, end):
        """Give how much of all the turning went about its main axis, in percent."""
        past = self.past
        way = 1
        for block in range(begin, end):
            at = block & RING
            way += _length(past.p[at], past.q[at], past.r[at])
        p = total(past.p, begin, end) // RATE
        q = total(past.q, begin, end) // RATE
        return min(_length(p, q, total(past.r, begin, end) // RATE) * RATE * 100 // way, 100)

    def unrest(self, begin, end):
        """Give how much |a| changed from sample to sample, in mg."""
        return total(self.past.unrest, begin, end) // ((end - begin) * blocks.SAMPLES)

    def hardest(self, begin, end):
        """Give the largest |a| squared (1 g is 32)."""
        most = 0
        for block in range(begin, end):
            most = max(most, self.past.top[block & RING])
        return most

    def stands(self):
        """Tell whether the trunk has been upright over the last second, running or standing."""
        end = self.past.count
        return end > 0 and self.leans(max(end - RATE, 0), end) > UPRIGHT

    def lies(self):
        """Tell whether it has been nearer to lying than to standing over the last second."""
        end = self.past.count
        return end == 0 or self.leans(max(end - RATE, 0), end) < _LYING

    def calm(self, block):
        """Tell whether the trunk did not turn fast in a block."""
        at = block & RING
        return abs(self.past.p[at]) + abs(self.past.q[at]) < _CALM

    def steady(self):
        """Tell whether the trunk did not turn fast in the last two blocks."""
        past = self.past
        end = past.count
        p = total(past.p, end - 2, end) >> 1
        q = total(past.q, end - 2, end) >> 1
        return abs(p) < _CALM and abs(q) < _CALM

    def leans(self, begin, end):
        """Give the cos of the trunk to up, in thousandths."""
        length = self.look(begin, end)
        return self.z * 1000 // (length + 1)

    def look(self, begin, end):
        """Set the mean acceleration (mg) and give its length."""
        past = self.past
        n = end - begin
        x = self.x = total(past.x, begin, end) // n
        y = self.y = total(past.y, begin, end) // n
        z = self.z = total(past.z, begin, end) // n
        return root(x * x + y * y + z * z)

    def _point(self, side, pitch):
        self._side = side
        self._pitch = pitch
        self.turn = root(side * side + pitch * pitch)
        if self.turn < _DOWN:
            self.direction = events.FALL_DOWN
        elif abs(side) > abs(pitch):
            self.direction = events.FALL_SIDEWAYS
        else:
            self.direction = events.FALL_FORWARD if pitch > 0 else events.FALL_BACKWARD


def _length(x, y, z):
    return root(x * x + y * y + z * z)
