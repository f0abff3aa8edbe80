"""Foot strikes from the trunk's acceleration, and the cadence they make.

Walking, the trunk is pushed up and held back at each strike: both together, smoothed, make one peak a step. Running,
the strike ends a flight: the vertical comes up through gravity. What a peak must swing depends on those before it and
on when a step is due.
"""

from array import array

from micropython import const

PERIOD = const(2)  # samples: steps are looked for at 52 Hz, on the mean of two

_BASE_SHIFT = const(6)  # gravity's mean: 1.2 s
_ASKEW = const(150)  # mg: more than a belt askew takes from gravity
_CLIP = const(2500)  # mg: jolts of the belt are no stronger steps
_WIDTH = const(7)  # two means of 135 ms pass up to 4 Hz, 240 spm
_LATE_ONE = const(2)  # samples: one delays by 6, but a walk's peak comes 4 after passing gravity
_LATE_TWO = const(12)
_MASK = const(7)

_HOLD_CLIP = const(1000)  # mg
_HOLD_GAIN = const(10)  # 1/16: its share in the peak, by its regression on the vertical
_HOLD_MOST = const(10)  # 1/16
_FADE = const(63)  # periods, each losing the sums an eighth: they hold 10 s, below 2**28
_SQUARE_REST = const(2000)  # what a stand's tremble sums to

# mg of the smoothed swing. These and the shares below were chosen on gait-a and mocap-a
_START = const(160)  # from a stand: shifting the weight swings less
_USUAL = const(200)  # taken for a step's before there are any
_LEAST = const(55)  # turning makes so little
_MOST = const(1500)
_FULL = const(10)  # 1/16 of the usual swing, where no step is due

# 1/16 of the usual time between steps
_EARLY = const(8)  # before, only twice the usual swing is no ringing
_DUE = const(12)
_LATE = const(25)  # later, the rhythm is lost
_APART = const(22)  # samples: 283 spm, a sprint (mocap-a)
_LIMP_MOST = const(92)  # samples: nobody limps at 136 spm
_STALE = const(52)  # samples: what lies further back is no step
_FORGET = const(125)  # samples, 1.2 s: then the rhythm starts over

# mg of the once smoothed vertical. Walks come down to -540 (gait-a), nine jogged steps of ten below it (SisFall)
_FLIGHT = const(580)
_FLIGHT_NEXT = const(400)  # once running
_PUSH = const(450)  # so high a first peak is a strike's, where it began, or a push-off
_DIP = const(120)  # so far one bends to push off

# A soft first step is one if the next follows in so many samples; weight shifts 0.4 s before a step
_SOFT = const(80)  # mg
_NEXT = const(50)
_NEXT_MOST = const(90)

# So do soft peaks alone, where they come evenly: slow walkers bounce by 55 to 130 mg. In SisFall's walks and its other
# daily life not one step comes of it
_EVEN = const(8)  # the gap before differs by less than an eighth, ...
_AGREE = const(3)  # ... so many times in a row

_KEPT = const(32)
_KEPT_MASK = const(31)
_WINDOW = const(520)  # samples, 5 s
_SILENCE = const(208)  # samples, 2 s: then there is no cadence
_AGES = const(200_000)  # samples: more are no three gaps
_FAR = const(3)  # a gap that differs from the mean by a third is not usual


class Steps:
    """`feel` the acceleration in mg, body axes, 52 Hz; it gives how many samples ago a step was, or -1."""

    def __init__(self):
        self._base = 0  # gravity, 1/256 mg
        self._ups = array("h", [0] * 8)  # the last inputs
        self._aheads = array("h", [0] * 8)
        self._both = array("h", [0] * 8)
        self._sum1 = self._sum2 = 0
        self._number = 0
        self._up = 0  # the once smoothed vertical
        self._fell = 0  # when it last went down through gravity
        self._trough = self._crest = 0  # since it last came up through it, at sample _strike
        self._dip = 0  # the trough before that
        self._strike = -_FORGET
        self._struck = False  # this swing's step is told
        self._cross = self._square = 0  # how the hold goes with the vertical
        self._hold = 0  # 1/16
        self._rising = True
        self._top = self._top_at = 0
        self._last = self._before = self._after = 0  # the last value; those around the top
        self._bottom = 0
        self._usual = _USUAL
        self._rise = _LEAST
        self._running = False
        self._count = 0  # steps of this rhythm
        self._beat = 0  # samples between its steps
        self._gap = 0
        self._step_at = -_SILENCE
        self._first = -_FORGET  # what may be a step
        self._first_swing = 0
        self._from = self._to = 0  # the last two peaks, the newer second
        self._agreed = 0  # so many gaps between peaks were even
        self._owed = 0  # a step to tell at the next sample

    def feel(self, x, _y, z):
        """Take one value; give the age of a step, the smoothing's delay included, or -1."""
        now = self._number
        ring = self._aheads
        if now == 0:
            self._base = min(max(z, 1000 - _ASKEW), 1000 + _ASKEW) << 8
            for i in range(8):
                ring[i] = x
        self._number = now + 1
        i = now & _MASK
        oldest = (now - _WIDTH) & _MASK
        base = self._base
        base += ((z << 8) - base) >> _BASE_SHIFT
        self._base = base
        z -= base >> 8
        if z > _CLIP:
            z = _CLIP
        elif z < -_CLIP:
            z = -_CLIP
        held = x - ring[oldest]  # how the trunk is held back, smoothed once
        ring[i] = x
        if held > _HOLD_CLIP:
            held = _HOLD_CLIP
        elif held < -_HOLD_CLIP:
            held = -_HOLD_CLIP
        ring = self._ups
        total = self._sum1 + z - ring[oldest]
        self._sum1 = total
        ring[i] = z
        up = total // _WIDTH
        if i & 1:  # every other one says as much
            self._cross += held * up >> 3
            self._square += up * up >> 3
            if now & _FADE == 1:
                self._cross -= self._cross >> 3
                self._square -= self._square >> 3
        value = up + (self._hold * held >> 4)
        ring = self._both
        total = self._sum2 + value - ring[oldest]
        self._sum2 = total
        ring[i] = value
        value = total // _WIDTH
        age = -1
        before = self._up
        self._up = up
        if up < 0:
            if before >= 0:
                self._fell = now * PERIOD
            if up < self._trough:
                self._trough = up
        elif before < 0:
            age = self._land(now * PERIOD + 1, up, before)
        elif up > self._crest:
            self._crest = up
        if self._rising:
            top = self._top
            if value > top:
                self._top = value
                self._top_at = now
                self._before = self._last
            else:
                if now == self._top_at + 1:
                    self._after = value
                if (top - value) << 2 > self._rise * 3:
                    self._rising = False
                    swing = top - self._bottom
                    self._bottom = value
                    if self._struck:
                        self._struck = False
                    else:
                        age = self._peak(now * PERIOD + 1, swing)
        else:
            if self._owed:
                age = now * PERIOD + 1 - self._owed
                self._owed = 0
            if value < self._bottom:
                self._bottom = value
            elif value - self._bottom > self._rise:
                self._rising = True
                self._top = value
                self._top_at = now
                self._before = self._last
        self._last = value
        return age

    def _land(self, now, up, before):
        """The vertical came up through gravity: a step, out of a flight."""
        strike = now - _LATE_ONE - PERIOD * up // (up - before)
        self._dip = trough = -self._trough
        self._trough = 0
        self._crest = up
        self._strike = strike
        if strike - self._fell > _STALE:  # so long nobody flies: the trunk lay down, and what it weighs was learnt
            return -1
        if trough < (_FLIGHT_NEXT if self._running else _FLIGHT):
            return -1
        self._struck = True
        if strike - self._step_at < _APART:
            return -1
        self._keep(strike, _MOST)
        self._running = True
        return now - strike

    def _peak(self, now, swing):
        """The value fell from a peak: give its age if it is a step."""
        bend = self._before - 2 * self._top + self._after  # of the parabola through three
        fine = (self._before - self._after + bend // 2) // bend if bend < 0 else 0
        at = self._top_at * PERIOD + 1 - _LATE_TWO + fine
        gap = at - self._step_at
        if gap < _APART or now - at > _STALE:
            return -1
        last = self._to - self._from
        self._agreed = self._agreed + 1 if abs(at - self._to - last) * _EVEN < last else 0
        self._from = self._to
        self._to = at
        if gap > _FORGET:
            return self._start(now, at, swing)
        phase = _DUE if self._agreed >= _AGREE else _EARLY
        if self._count > 2:
            phase = (gap << 4) // self._beat
        least = self._rise
        full = self._usual * _FULL >> 4
        if phase < _EARLY:
            least = self._usual * 2
        elif phase < _DUE:
            least = full
        elif phase > _LATE:
            least = min(max(full, least), _START)
        if swing < least:
            return -1
        self._keep(at, swing)
        return now - at

    def _start(self, now, at, swing):
        """A peak after a stand: if soft, or a push-off, it is a step only once another follows."""
        push = self._crest > _PUSH
        if push and at - self._strike < _STALE:
            at = self._strike
            push = self._dip > _DIP
        first = self._first
        gap = at - first
        hard = self._first_swing >= _START and gap < _SILENCE
        push = push and not hard and at - self._step_at > _SILENCE
        if swing >= _START and gap > _NEXT and (hard or (gap < _NEXT_MOST and not push)):
            self._keep(first, self._first_swing)
            self._owed = at
        elif self._agreed >= _AGREE and _NEXT < at - self._from < _SILENCE:
            first = at
        elif swing < _START or push:
            if swing >= _SOFT:
                self._first = at
                self._first_swing = swing
            return -1
        else:
            first = at
        self._keep(at, swing)
        return now - first

    def _keep(self, at, swing):
        """Take in a step: what is usual, the rhythm, the hold."""
        gap = at - self._step_at
        before = self._gap
        self._step_at = at
        self._running = False
        if gap > _FORGET:
            self._count = 0
            self._usual = _USUAL
        elif gap + before < _LIMP_MOST and (gap << 3 < before * 5 or before << 3 < gap * 5):
            self._beat = gap + before  # so uneven and short, one step made both
        elif self._count < 3:
            self._beat = gap
        elif gap << 4 < self._beat * _LATE:
            self._beat += (gap - self._beat) // 4
        self._gap = gap
        count = self._count
        self._count = count + 1
        usual = self._usual
        usual += (min(swing, _MOST) - usual) // (4 if count > 2 else 2)
        self._usual = usual
        self._rise = max(_LEAST, usual >> 3)  # what a peak must rise, and fall by 3/4 of
        hold = self._cross // (self._square // _HOLD_GAIN + _SQUARE_REST)
        self._hold = min(max(hold, -_HOLD_MOST), _HOLD_MOST)


class Cadence:
    """Steps a minute over the last 5 s. Instants are sample numbers."""

    def __init__(self):
        self.count = 0
        self._at = array("i", [0] * _KEPT)

    def step(self, at):
        """Count a step at sample `at`."""
        self._at[self.count & _KEPT_MASK] = at
        self.count += 1

    def quick(self, now, period):
        """Give that of the last three steps, likewise: it follows a change at once."""
        newest = self._at[(self.count - 1) & _KEPT_MASK]
        if self.count < 2 or now - newest > _SILENCE:
            return 0
        gaps = 3 if self.count > 3 else self.count - 1
        span = min(newest - self._at[(self.count - 1 - gaps) & _KEPT_MASK], _AGES) * period >> 8
        return gaps * 600_000 // span if span > 0 else 0

    def tenths(self, now, period):
        """Give the cadence in tenths of spm at sample `now`; `period` of a sample in 1/256 ms.

        It is that of the usual gap in the last 5 s; 0 when the last step is 2 s old or none was within 2 s of it.
        """
        newest = self._at[(self.count - 1) & _KEPT_MASK]
        if self.count < 2 or now - newest > _SILENCE:
            return 0
        first = self.count - 1
        while first > 0 and self.count - first < _KEPT and now - self._at[(first - 1) & _KEPT_MASK] <= _WINDOW:
            if self._gap(first) > _SILENCE:
                break  # before it was another walk
            first -= 1
        gaps = self.count - 1 - first
        if gaps == 0:
            return 0
        span = newest - self._at[first & _KEPT_MASK]
        half = gaps >> 1
        for _ in range(2):  # what is far off drags less the second time
            usual = total = 0
            for later in range(first + 1, self.count):
                gap = self._gap(later)
                if abs(gap * gaps - span) * _FAR < span:
                    usual += 1
                    total += gap
            if usual > half:
                gaps = usual
                span = total
            else:  # a halt among few steps
                gaps = 1
                span = self._middle(first)
                half = 0
        span = span * period >> 8
        return gaps * 600_000 // span if span > 0 else 0

    def _gap(self, later):
        return self._at[later & _KEPT_MASK] - self._at[(later - 1) & _KEPT_MASK]

    def _middle(self, first):
        """Give the median of the gaps after step `first`, of two the shorter."""
        last = self.count - 1
        least = 0
        while True:  # as many are at most so long as in the shorter half
            gap = _AGES
            for later in range(first + 1, last + 1):
                if least < self._gap(later) < gap:
                    gap = self._gap(later)
            below = 0
            for later in range(first + 1, last + 1):
                if self._gap(later) <= gap:
                    below += 1
            if below * 2 >= last - first:
                return gap
            least = gap
