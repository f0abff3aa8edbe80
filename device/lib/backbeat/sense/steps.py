"""Foot strikes from the trunk's acceleration, and the cadence they make.

Walking, the trunk is pushed up and held back at each strike: the two together, smoothed to the steps' own frequencies,
make one peak a step. Running, the strike ends a flight: the vertical acceleration comes up through gravity's. How
strong a peak must be depends on the peaks before it and on when a step is due.
"""

from array import array

from micropython import const

PERIOD = const(2)  # in samples: steps are looked for at 52 Hz, on the mean of each two samples

_BASE_SHIFT = const(6)  # gravity's mean: 64 periods, 1.2 s
_ASKEW = const(150)  # mg: more than a belt that sits askew takes from gravity's first value
_CLIP = const(2500)  # mg: jolts of the belt are no stronger steps
_WIDTH = const(7)  # two running means of 135 ms pass up to 4 Hz, the frequencies of 30 to 240 steps a minute
_LATE_ONE = const(6)  # samples: what one of them delays
_LATE_TWO = const(12)
_MASK = const(7)

_HOLD_CLIP = const(1000)  # mg
_HOLD_GAIN = const(10)  # 1/16: the hold's share in the peak, to its regression on the vertical
_HOLD_MOST = const(10)  # 1/16
_FADE = const(63)  # the sums lose an eighth every 64 periods: they are those of the last 10 s, and below 2**28
_SQUARE_REST = const(2000)  # what the tremble of a stand sums to, likewise divided

# In mg of the smoothed swing. These and the shares below were chosen on all of gait-a and mocap-a; searches on half of
# the people scored alike on the other half.
_START = const(160)  # from a stand: shifting the weight swings less
_USUAL = const(200)  # what a step is taken to make before there are any
_LEAST = const(55)  # steps of a turn and the last before a stand make so little
_MOST = const(1500)
_RISE = const(2)  # 1/16 of the usual swing that a peak must rise, and 3/4 of that it must fall
_FULL = const(11)  # 1/16 of the usual swing that it must rise where no step is due

# 1/16 of the usual time between steps
_EARLY = const(8)  # before, only twice the usual swing is a step: the strike's own ringing is not
_DUE = const(12)
_LATE = const(25)  # later, the rhythm is lost
_APART = const(22)  # samples, 212 ms: 283 spm, a sprint (mocap-a)
_LIMP_MOST = const(92)  # samples, 0.88 s: nobody limps at 136 spm
_STALE = const(52)  # samples, 0.5 s: what falls later than that from its peak is no step
_FORGET = const(148)  # samples, 1.4 s without a step: the rhythm starts over

# mg of the once smoothed vertical. Walking comes down to -540 (gait-a), one quick step in ten to -570 (SisFall); nine
# steps of ten come below -540 in a slow jog and below -780 in a quick one (SisFall).
_FLIGHT = const(580)
_FLIGHT_NEXT = const(400)  # once running
_PUSH = const(500)  # a first peak so high is a run's push-off: the strike was when it began
_PUSH_WITHIN = const(32)  # samples from the strike to that peak
_STRIKE = const(4)  # samples from coming up through gravity to where a walk's peak would be: both mean one instant

_KEPT = const(32)
_KEPT_MASK = const(31)
_WINDOW = const(520)  # samples: cadence is told over the last 5 s
_SILENCE = const(208)  # samples, 2 s without a step: no cadence
_AGES = const(200_000)  # samples, half an hour: three gaps in more are no cadence
_FAR = const(3)  # a gap a third longer or shorter than the mean is not the usual one


class Steps:
    """Feed it the acceleration in mg in body axes at 52 Hz; `feel` gives how many samples ago a step was, or -1."""

    def __init__(self):
        self._base = 0  # gravity, 1/256 mg
        self._ups = array("i", [0] * 8)  # the last inputs of the running means, and of the hold
        self._aheads = array("i", [0] * 8)
        self._both = array("i", [0] * 8)
        self._sum1 = self._sum2 = 0
        self._number = 0
        self._up = 0  # the once smoothed vertical
        self._trough = self._crest = 0  # its extremes since it last came up through gravity, at sample _strike
        self._strike = -_FORGET
        self._struck = False  # this swing's step was told as the end of a flight
        self._cross = self._square = 0  # sums that tell how the hold goes with the vertical
        self._hold = 0  # 1/16
        self._rising = True
        self._top = self._top_at = 0
        self._last = self._before = self._after = 0  # the value before this one; those around the top
        self._bottom = 0
        self._usual = _USUAL
        self._rise = _USUAL * _RISE >> 4
        self._running = False
        self._count = 0  # steps of this rhythm
        self._beat = 0  # samples between its steps
        self._gap = 0  # between the last two
        self._step_at = -_FORGET

    def feel(self, x, _y, z):
        """Take one value; give the age of a step in samples (the smoothing's delay included) or -1."""
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
        held = x - ring[oldest]  # how much the trunk is held back, smoothed like the vertical
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
        elif value < self._bottom:
            self._bottom = value
        elif value - self._bottom > self._rise:
            self._rising = True
            self._top = value
            self._top_at = now
            self._before = self._last
        self._last = value
        return age

    def _land(self, now, up, before):
        """The vertical came up through gravity: out of a flight, that is a step."""
        strike = now - _LATE_ONE - PERIOD * up // (up - before) + _STRIKE
        trough = -self._trough
        self._trough = 0
        self._crest = up
        self._strike = strike
        if trough < (_FLIGHT_NEXT if self._running else _FLIGHT):
            return -1
        self._struck = True
        if strike - self._step_at < _APART:
            return -1
        self._keep(strike, _MOST)
        self._running = True
        return now - strike

    def _peak(self, now, swing):
        """The smoothed acceleration fell from a peak: give its age if it is a step."""
        bend = self._before - 2 * self._top + self._after  # of the parabola through three
        fine = (self._before - self._after + bend // 2) // bend if bend < 0 else 0
        at = self._top_at * PERIOD + 1 - _LATE_TWO + fine
        usual = self._usual
        full = usual * _FULL >> 4
        least = self._rise
        gap = at - self._step_at
        if gap < _APART or now - at > _STALE:
            return -1
        if gap > _FORGET:
            self._count = 0
        phase = (gap << 4) // self._beat if self._count > 1 else 0
        if self._count == 0:
            least = _START
            if self._crest > _PUSH and at - self._strike < _PUSH_WITHIN:
                at = self._strike
        elif self._count == 1:
            least = full
        elif phase < _EARLY:
            least = usual * 2
        elif phase < _DUE:
            least = full
        elif phase > _LATE:
            least = min(max(full, least), _START)
        if swing < least:
            return -1
        self._keep(at, swing)
        self._running = False
        return now - at

    def _limps(self, gap):
        """Tell whether this gap and the last are so uneven and together so short that one step made both."""
        before = self._gap
        return gap + before < _LIMP_MOST and (gap << 3 < before * 5 or before << 3 < gap * 5)

    def _keep(self, at, swing):
        """Take in a step: what is usual, its rhythm, and how the hold goes with the vertical."""
        gap = at - self._step_at
        self._step_at = at
        if gap > _FORGET:
            self._count = 0
            self._usual = _USUAL
        elif self._limps(gap):
            self._beat = gap + self._gap
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
        self._rise = max(_LEAST, usual * _RISE >> 4)
        hold = self._cross // (self._square // _HOLD_GAIN + _SQUARE_REST)
        self._hold = min(max(hold, -_HOLD_MOST), _HOLD_MOST)


class Cadence:
    """Steps a minute over the last 5 s; none without steps. Instants are sample numbers."""

    def __init__(self):
        self.count = 0
        self._at = array("i", [0] * _KEPT)

    def step(self, at):
        """Count a step at sample `at`."""
        self._at[self.count & _KEPT_MASK] = at
        self.count += 1

    def quick(self, now, period):
        """Give the cadence of the last three steps, likewise: it follows a change of gait at once."""
        newest = self._at[(self.count - 1) & _KEPT_MASK]
        if self.count < 2 or now - newest > _SILENCE:
            return 0
        gaps = 3 if self.count > 3 else self.count - 1
        span = min(newest - self._at[(self.count - 1 - gaps) & _KEPT_MASK], _AGES) * period >> 8
        return gaps * 600_000 // span if span > 0 else 0

    def tenths(self, now, period):
        """Give the cadence in tenths of spm at sample `now`; `period` of a sample in 1/256 ms.

        It is that of the usual gap between the steps of the last 5 s, whatever was missed or told twice among them; 0
        when the last is 2 s old or the only one.
        """
        newest = self._at[(self.count - 1) & _KEPT_MASK]
        if self.count < 2 or now - newest > _SILENCE:
            return 0
        first = self.count - 1
        oldest_kept = self.count - _KEPT if self.count > _KEPT else 0
        while first > oldest_kept and now - self._at[(first - 1) & _KEPT_MASK] <= _WINDOW:
            first -= 1
        gaps = self.count - 1 - first
        span = newest - self._at[first & _KEPT_MASK]
        for _ in range(2):  # what lies far from the mean drags it less the second time
            usual = total = 0
            for later in range(first + 1, self.count):
                gap = self._at[later & _KEPT_MASK] - self._at[(later - 1) & _KEPT_MASK]
                if abs(gap * gaps - span) * _FAR < span:
                    usual += 1
                    total += gap
            if usual * 2 > self.count - 1 - first:
                gaps = usual
                span = total
        span = span * period >> 8
        return gaps * 600_000 // span if gaps and span > 0 else 0
