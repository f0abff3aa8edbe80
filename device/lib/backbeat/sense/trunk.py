"""What the trunk did in the last ten seconds: which way it lay, how far it turned, how hard it was hit.

Looked at in blocks of 8 samples (77 ms): the questions a verdict on a fall or a roll asks, with their answers in
fields.
"""

from micropython import const

from backbeat import events
from backbeat.sense import blocks
from backbeat.sense.whole import root

RATE = const(13)  # blocks a second: sums of dps over blocks become degrees
UPRIGHT = const(750)  # cos 41 degrees, thousandths

_BEFORE_FROM = const(33)  # blocks: from 2.5 s ...
_BEFORE_TO = const(13)  # ... to 1 s before an impact nothing has begun
_TURN_BEFORE = const(20)  # 1.5 s: the trunk begins to turn so long before the impact at the most
_CALM_DPS = const(100)  # mean rotation of a trunk that no longer rolls
_DOWN_DEGREES = const(25)  # who sinks down turns less
_SECOND = const(13)  # blocks


class Trunk:
    """Feed it a block of eight samples at a time. `top` is its largest size (see `shake`), `top_at` that sample's
    number, `upright` how many blocks in a row the trunk has been upright and calm. `compare`, `turned` and `look` leave
    their answers in `change`, `before`, `after`, in `turn`, `direction`, and in `x`, `y`, `z`.
    """

    def __init__(self):
        self.past = blocks.Blocks()
        self.top = self.top_at = 0
        self.upright = 0
        self.change = self.before = self.after = self.turn = 0
        self.direction = events.FALL_UNKNOWN
        self.x = self.y = self.z = 0

    def feel(self, frame, shake):
        """Take a block: the body's mean acceleration and rotation from `frame`, the rest from `shake`."""
        past = self.past
        past.close(frame.x, frame.y, frame.z, frame.p, frame.q, shake.unrest)
        self.top = shake.top
        self.top_at = shake.top_at
        end = past.count
        if end < 2:
            return
        p = past.sum(blocks.P, end - 2, end) >> 1
        q = past.sum(blocks.Q, end - 2, end) >> 1
        calm = abs(p) < _CALM_DPS and abs(q) < _CALM_DPS
        self.upright = self.upright + 1 if calm and self._up(end - 2, end) else 0

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
        p = self.past.sum(blocks.P, block, block + 1)
        q = self.past.sum(blocks.Q, block, block + 1)
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

    def _up(self, begin, end):
        """Tell whether the trunk was upright in blocks begin..end-1."""
        length = self.look(begin, end)
        return self.z * 1000 > UPRIGHT * length

    def look(self, begin, end):
        """Set the mean acceleration (mg) over blocks begin..end-1 and give its length."""
        n = end - begin
        x = self.x = self.past.sum(blocks.X, begin, end) // n
        y = self.y = self.past.sum(blocks.Y, begin, end) // n
        z = self.z = self.past.sum(blocks.Z, begin, end) // n
        return root(x * x + y * y + z * z)
