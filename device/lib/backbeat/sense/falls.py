"""Tells a fall from everything else that shakes, and a roll from a fall.

Every impact above 1.6 g, the largest within half a second, is a candidate. 0.2 s later posture and trunk rotation say
whether to suspect a fall (the log then keeps the raw samples); 2.5 s later six figures, each with a physical meaning,
are weighed into a verdict. When the trunk has turned by more than 200 degrees it may be a roll: then the verdict
waits, at the most until 6 s after that, for the wearer to be upright again.
"""

from array import array

from micropython import const

from backbeat import events
from backbeat.sense import blocks
from backbeat.sense.whole import root

_RATE = const(104)  # samples a second: sums of dps over samples become degrees

# Stretches of time in blocks of 8 samples (77 ms).
_SUSPECT_AFTER = const(2)  # 0.15 to 0.23 s after the impact
_DECIDE_AFTER = const(33)  # 2.5 s
_LATER = const(13)  # 1 s after the impact things have settled, 1 s before it nothing has begun
_TURN_BEFORE = const(20)  # 1.5 s: the trunk begins to turn so long before the impact at the most
_SPIN = const(26)  # 2 s: a roll makes most of its turn in less
_ROLL_PATIENCE = const(78)  # 6 s
_SETTLED = const(6)  # 0.5 s
_UP_AGAIN = const(13)  # 1 s upright: ready for another fall
_FORGET = const(780)  # 60 s after a fall the next may be called, upright or not
_HALF_SECOND = const(52)  # in samples

_CANDIDATE_MG2 = const(1600 * 1600)  # the weakest impacts of SisFall's falls lie at 1.65 g
_SPIN_DEGREES = const(200)  # in 360 simulated backward falls the trunk turns 175 degrees at the most (SisFall)
_SUSPECT_COS = const(900)  # thousandths: the trunk's direction changed by 26 degrees or more, ...
_SUSPECT_TURN = const(25)  # ... turning by so many degrees: 99 % of SisFall's falls
_UPRIGHT = const(750)  # cos 41 degrees, thousandths
_CALM_DPS = const(100)  # the trunk no longer rolls
_MOVES_ON_MG = const(25)  # unrest of someone who walks on, several times that of sitting or standing
_STUMBLE_MG = const(2000)
_ONE_STUMBLE = const(39)  # blocks, 3 s: the steps that catch it are no stumbles of their own
_STUMBLE_TURN = const(45)  # degrees: fast jogging turns the trunk by up to 42 within 1.5 s (SisFall D04)

# The weighing: each figure is limited, multiplied and summed; above the threshold it is a fall.
# Logistic regression (log odds times 10,000) over the candidates of 2313 trials of SisFall's recordings; scored by
# subject in 5 folds, at the middle threshold: sensitivity 99.4 %, specificity 98.3 %.
_PEAK_LIMIT = const(8000)  # mg
_UNREST_LIMIT = const(250)  # mg
_TURN_LIMIT = const(150)  # degrees
_W_PEAK = const(15)  # a hard impact
_W_CHANGE = const(-48)  # the trunk lies another way than before
_W_AFTER = const(-47)  # not upright after
_W_UNREST = const(-150)  # still after
_W_BEFORE = const(50)  # upright before
_W_TURN = const(287)  # the trunk turned fast
THRESHOLDS = (89000, 74000, 64000)  # fall.sensitivity low, normal, high

_QUEUE = const(8)  # candidates lie half a second apart and wait 2.5 s: never more than 6
_SLOT = const(7)

NOTHING = const(0)
SUSPECTED = const(1)
FELL = const(2)
ROLLED = const(3)
RECOVERED = const(4)


class Falls:
    """Feed it body samples; when `feel` returns a verdict the fields tell about it.

    `impact` is the sample number of the impact (for a roll: of its start), `peak` the impact in mg, `direction` one
    of `events.FALL_*`, `rolling` whether the body may be in a roll just now, `suspected` whether the impact was told
    as SUSPECTED before, `rotation` in degrees and `duration` in samples (rolls).
    """

    def __init__(self, sensitivity):
        self.impact = self.peak = self.rotation = self.duration = 0
        self.direction = events.FALL_UNKNOWN
        self.suspected = False
        self.change = self.before = self.after = self.unrest = self.turn = 0  # the figures of the last candidate
        self._threshold = THRESHOLDS[sensitivity]
        self._blocks = blocks.Blocks()
        self._number = 0  # of the next sample
        self._x = self._y = self._z = self._p = self._q = self._unrest = 0
        self._last = 1_000_000  # |a| squared of the sample before
        self._top = self._top_at = 0  # largest |a| squared of the open block, and its sample
        self._at = array("i", [0] * _QUEUE)  # the candidates: sample, |a| squared, already suspected
        self._top_of = array("i", [0] * _QUEUE)
        self._suspected = array("i", [0] * _QUEUE)
        self._first = self._end = 0  # of the queue; they only grow
        self.rolling = False
        self._roll_from = 0  # block
        self._roll_top = self._roll_top_at = 0
        self._roll_suspected = False
        self._upright = 0  # blocks in a row
        self._stumbled = -_FORGET  # block
        self._down = 0  # block of the last fall while its wearer has not been up again, else 0

    def feel(self, x, y, z, p, q):
        """Take one sample (mg, dps); return NOTHING, SUSPECTED, FELL, ROLLED or RECOVERED."""
        self._x += x
        self._y += y
        self._z += z
        self._p += p
        self._q += q
        top = x * x + y * y + z * z
        change = (top - self._last) >> 11  # difference of squares over 2 g: mg, near 1 g
        self._last = top
        if change < 0:
            change = -change
        self._unrest += change if change < 2000 else 2000
        if top > self._top:
            self._top = top
            self._top_at = self._number
        self._number += 1
        return NOTHING if self._number & 7 else self._close()

    def _close(self):
        past = self._blocks
        past.close(self._x, self._y, self._z, self._p, self._q, self._unrest)
        self._x = self._y = self._z = self._p = self._q = self._unrest = 0
        top = self._top
        self._top = 0
        if top > _CANDIDATE_MG2:
            self._consider(top)
        if past.count < _SPIN:
            return NOTHING
        self._posture()
        if self.rolling:
            return self._roll(top)
        if self._spinning():
            self._begin_roll()
            return NOTHING
        return self._judge()

    def _consider(self, top):
        """Make this block's largest |a| a candidate, or let it top the one less than half a second before."""
        newest = (self._end - 1) & 7
        if self._end > self._first and self._top_at - self._at[newest] <= _HALF_SECOND:
            if top > self._top_of[newest]:
                self._top_of[newest] = top
                self._at[newest] = self._top_at
            return
        slot = self._end & _SLOT
        self._end += 1
        if self._end - self._first > _QUEUE:
            self._first += 1
        self._at[slot] = self._top_at
        self._top_of[slot] = top
        self._suspected[slot] = 0

    def _judge(self):
        now = self._blocks.count
        for number in range(self._first, self._end):
            slot = number & _SLOT
            age = now - (self._at[slot] >> 3) - 1
            if age >= _DECIDE_AFTER:
                self._first = number + 1
                verdict = self._decide(slot)
                if verdict:
                    return verdict
            elif age == _SUSPECT_AFTER and not self._suspected[slot] and self._suspicious(slot):
                self._suspected[slot] = 1
                return self._tell(SUSPECTED, slot)
        return NOTHING

    def _suspicious(self, slot):
        now = self._blocks.count
        block = self._at[slot] >> 3
        self._compare(block, now - _SUSPECT_AFTER, now)
        if self.change > _SUSPECT_COS or self._down:
            return False
        self._turned(block, now)
        return self.turn > _SUSPECT_TURN

    def _decide(self, slot):
        now = self._blocks.count
        block = self._at[slot] >> 3
        self._compare(block, now - _DECIDE_AFTER + _LATER, now)
        self.unrest = self._blocks.sum(blocks.UNREST, now - _DECIDE_AFTER + _LATER, now) // (
            (_DECIDE_AFTER - _LATER) * blocks.SAMPLES
        )
        self._turned(block, now - _DECIDE_AFTER + _LATER)
        peak = root(self._top_of[slot])
        weight = (
            _W_PEAK * min(peak, _PEAK_LIMIT)
            + _W_CHANGE * self.change
            + _W_AFTER * self.after
            + _W_UNREST * min(self.unrest, _UNREST_LIMIT)
            + _W_BEFORE * self.before
            + _W_TURN * min(self.turn, _TURN_LIMIT)
        )
        if self._down:
            return NOTHING
        if weight > self._threshold:
            self._down = now
            self._upright = 0
            slot = self._hardest(slot)
            block = self._at[slot] >> 3
            self._turned(block, min(block + _LATER, now))
            return self._tell(FELL, slot)
        if (
            self._suspected[slot]
            and peak > _STUMBLE_MG
            and self.turn > _STUMBLE_TURN
            and self.before > _UPRIGHT
            and self.after > _UPRIGHT
            and self.unrest > _MOVES_ON_MG
            and now - self._stumbled > _ONE_STUMBLE
        ):
            self._stumbled = now
            self._turned(block, block + 1)  # the way it went, not the way back
            return self._tell(RECOVERED, slot)
        return NOTHING

    def _hardest(self, slot):
        """Give the hardest of this candidate and those that wait behind it: a stride may have noticed the fall."""
        for number in range(self._first, self._end):
            other = number & _SLOT
            if self._top_of[other] > self._top_of[slot]:
                slot = other
        self._first = self._end
        return slot

    def _tell(self, verdict, slot):
        self.impact = self._at[slot]
        self.peak = root(self._top_of[slot])
        self.suspected = self._suspected[slot] == 1
        return verdict

    def _compare(self, block, begin, end):
        """Set `change` (cos between the trunk's direction before and after), `before` and `after` (cos to up)."""
        past = self._blocks
        early = block - _DECIDE_AFTER if block > _DECIDE_AFTER else 0
        late = block - _LATER if block > _LATER + early else early + 1
        n = (late - early) * blocks.SAMPLES
        bx = past.sum(blocks.X, early, late) // n
        by = past.sum(blocks.Y, early, late) // n
        bz = past.sum(blocks.Z, early, late) // n
        n = (end - begin) * blocks.SAMPLES
        ax = past.sum(blocks.X, begin, end) // n
        ay = past.sum(blocks.Y, begin, end) // n
        az = past.sum(blocks.Z, begin, end) // n
        b = root(bx * bx + by * by + bz * bz) + 1
        a = root(ax * ax + ay * ay + az * az) + 1
        self.before = bz * 1000 // b
        self.after = az * 1000 // a
        self.change = (ax * bx + ay * by + az * bz) // a * 1000 // b

    def _turned(self, block, end):
        """Set `turn`, the most degrees the trunk turned about x and y up to `end`, and the direction of that turn."""
        past = self._blocks
        most = side = pitch = 0
        begin = block - _TURN_BEFORE if block > _TURN_BEFORE else 0
        while begin < end:
            p = past.sum(blocks.P, begin, end) // _RATE
            q = past.sum(blocks.Q, begin, end) // _RATE
            turn = p * p + q * q
            if turn > most:
                most = turn
                side = p
                pitch = q
            begin += 1
        self.turn = root(most)
        self.direction = _direction(self.turn, side, pitch)

    def _posture(self):
        """Count the blocks in a row that the trunk has been upright and calm."""
        past = self._blocks
        end = past.count
        x = past.sum(blocks.X, end - 2, end) >> 4
        y = past.sum(blocks.Y, end - 2, end) >> 4
        z = past.sum(blocks.Z, end - 2, end) >> 4
        p = past.sum(blocks.P, end - 2, end) >> 4
        q = past.sum(blocks.Q, end - 2, end) >> 4
        up = z * 1000 > _UPRIGHT * root(x * x + y * y + z * z)
        self._upright = self._upright + 1 if up and abs(p) < _CALM_DPS and abs(q) < _CALM_DPS else 0
        if self._down and (self._upright >= _UP_AGAIN or end - self._down > _FORGET):
            self._down = 0

    def _spinning(self):
        past = self._blocks
        end = past.count
        p = past.sum(blocks.P, end - _SPIN, end) // _RATE
        q = past.sum(blocks.Q, end - _SPIN, end) // _RATE
        return p * p + q * q > _SPIN_DEGREES * _SPIN_DEGREES and not self._down

    def _begin_roll(self):
        past = self._blocks
        begin = past.count - 1
        while begin > past.count - _SPIN:
            p = past.sum(blocks.P, begin - 1, begin) >> 3
            q = past.sum(blocks.Q, begin - 1, begin) >> 3
            if abs(p) + abs(q) < _CALM_DPS:
                break
            begin -= 1
        self.rolling = True
        self._roll_from = begin
        self._upright = 0
        self._roll_top, self._roll_top_at = 0, begin * blocks.SAMPLES
        self._roll_suspected = False
        while self._first < self._end:  # the impacts of the last seconds belong to it
            slot = self._first & _SLOT
            if self._top_of[slot] > self._roll_top:
                self._roll_top, self._roll_top_at = self._top_of[slot], self._at[slot]
            if self._suspected[slot]:
                self._roll_suspected = True
            self._first += 1

    def _roll(self, top):
        self._first = self._end
        if top > self._roll_top:
            self._roll_top, self._roll_top_at = top, self._top_at
        past = self._blocks
        now = past.count
        if self._upright < _SETTLED and now - self._roll_from < _ROLL_PATIENCE:
            return NOTHING
        self.rolling = False
        p = past.sum(blocks.P, self._roll_from, now) // _RATE
        q = past.sum(blocks.Q, self._roll_from, now) // _RATE
        self.rotation = root(p * p + q * q)
        self.direction = _direction(self.rotation, p, q)
        self.peak = root(self._roll_top)
        if self._upright >= _SETTLED:
            self.impact = self._roll_from * blocks.SAMPLES
            self.duration = (now - self._upright - self._roll_from) * blocks.SAMPLES
            return ROLLED if self.rotation > _SPIN_DEGREES and self._head_was_down(now) else NOTHING
        self.impact = self._roll_top_at
        self.suspected = self._roll_suspected
        self._down = now
        return FELL

    def _head_was_down(self, now):
        """Tell whether up has pointed to the ground since the turn began: not so when one turns there and back."""
        past = self._blocks
        for block in range(self._roll_from + 2, now + 1):
            if past.sum(blocks.Z, block - 2, block) < 0:
                return True
        return False


def _direction(turn, side, pitch):
    if turn < _SUSPECT_TURN:
        return events.FALL_DOWN
    if abs(side) > abs(pitch):
        return events.FALL_SIDEWAYS
    return events.FALL_FORWARD if pitch > 0 else events.FALL_BACKWARD
