"""Foot strikes from the vertical acceleration, and the cadence they make.

The vertical acceleration of the trunk, without gravity and smoothed to the steps' own frequencies, swings once a step
in walking and in running. A step is a peak that stands out from the swings around it by a share of what the last
steps made, so soft walking and hard running are found with the same rule.
"""

from array import array

from micropython import const

PERIOD = const(2)  # in samples: steps are looked for at 52 Hz, on the mean of each two samples

_BASE_SHIFT = const(6)  # gravity's mean: 64 periods, 1.2 s
_WIDTH = const(6)  # two running means of 115 ms pass 0.5 to 4 Hz, the frequencies of 30 to 240 steps a minute
_DELAY = const(8)  # periods: they come 5 late, and the trunk's swing peaks 60 ms after the foot strike (gait-a)
_MASK = const(7)

_SWING_LEAST = const(70)  # mg: slow walking of the frail swings by 150 (gait-a)
_SHARE = const(3)  # eighths of the usual swing that a peak must rise and fall
_SWING_MOST = const(1500)  # mg
_APART = const(12)  # periods, 231 ms: 260 spm
_FORGET = const(104)  # periods, 2 s without a step: the usual swing starts over

_KEPT = const(32)
_KEPT_MASK = const(31)
_WINDOW = const(520)  # samples: cadence is told over the last 5 s
_SILENCE = const(208)  # samples, 2 s without a step: no cadence


class Steps:
    """Feed it the vertical acceleration in mg at 52 Hz; `feel` gives how many periods ago a step was, or -1."""

    def __init__(self):
        self._base = 0  # gravity, 1/256 mg
        self._first = array("i", [0] * 8)  # the last inputs of the two running means
        self._second = array("i", [0] * 8)
        self._sum1 = self._sum2 = 0
        self._number = 0
        self._rising = True
        self._top = self._top_at = 0
        self._last = self._before = self._after = 0  # the value before this one; those around the top
        self._bottom = 0
        self._swing = _SWING_LEAST
        self._step_at = -_FORGET

    def feel(self, x, y, z):
        """Take one value; give the age of a step in samples (the smoothing's delay included) or -1."""
        now = self._number
        if now == 0:
            self._base = z << 8  # a belt that sits askew must not look like a step
        self._base += ((z << 8) - self._base) >> _BASE_SHIFT
        value = z - (self._base >> 8)
        self._number = now + 1
        self._sum1 += value - self._first[(now - _WIDTH) & _MASK]
        self._first[now & _MASK] = value
        value = self._sum1 // _WIDTH
        self._sum2 += value - self._second[(now - _WIDTH) & _MASK]
        self._second[now & _MASK] = value
        value = self._sum2 // _WIDTH
        least = self._swing * _SHARE >> 3
        if self._rising:
            if now == self._top_at + 1:
                self._after = value
            if value > self._top:
                self._top = value
                self._top_at = now
                self._before = self._last
            elif self._top - value > least:
                self._rising = False
                swing = self._top - self._bottom
                self._bottom = value
                if self._top_at - self._step_at >= _APART:
                    self._learn(swing)
                    self._step_at = self._top_at
                    self._last = value
                    return (now - self._top_at + _DELAY) * PERIOD - self._fine()
        elif value < self._bottom:
            self._bottom = value
        elif value - self._bottom > least:
            self._rising = True
            self._top = value
            self._top_at = now
            self._before = self._last
        self._last = value
        if now - self._step_at > _FORGET and self._swing > _SWING_LEAST:
            self._swing -= (self._swing >> 5) + 1
        return -1

    def _fine(self):
        """Give by how many samples the true top lies after the highest value: that of the parabola through three."""
        bend = self._before - 2 * self._top + self._after
        return (self._before - self._after + bend // 2) // bend if bend < 0 else 0

    def _learn(self, swing):
        swing = min(max(swing, _SWING_LEAST), _SWING_MOST)
        self._swing += (swing - self._swing) // 4
        if self._swing < _SWING_LEAST:
            self._swing = _SWING_LEAST


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
        span = (newest - self._at[(self.count - 1 - gaps) & _KEPT_MASK]) * period >> 8
        return gaps * 600_000 // span if span > 0 else 0

    def tenths(self, now, period):
        """Give the cadence in tenths of spm at sample `now`; `period` of a sample in 1/256 ms.

        It spans the first to the last step of the last 5 s, and is 0 when the last is 2 s old or the only one.
        """
        newest = self._at[(self.count - 1) & _KEPT_MASK]
        if self.count < 2 or now - newest > _SILENCE:
            return 0
        number = self.count - 1
        oldest_kept = self.count - _KEPT if self.count > _KEPT else 0
        while number > oldest_kept and now - self._at[(number - 1) & _KEPT_MASK] <= _WINDOW:
            number -= 1
        gaps = self.count - 1 - number
        span = (newest - self._at[number & _KEPT_MASK]) * period >> 8
        return gaps * 600_000 // span if gaps and span > 0 else 0
