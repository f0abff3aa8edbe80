"""The time of each sample in the board's clock.

The chip's own clock is several per cent off. Every look at its FIFO tells how many samples there are by now; from that
come the true period, over up to ten minutes, and each sample's instant, good to about a sample.
"""

from micropython import const

NOMINAL = const(2458)  # 1 / 256 ms: 9.6 ms, 104.17 Hz
_SHIFT = const(8)
_SURE = const(10_000)  # a shorter stretch may measure the period worse than the data sheet does,
_LEAST_MS = const(2_000)  # but from here on is believed
_FAR = const(30)  # where it differs by so much: a sample, and a pause between the FIFO's count and the clock's
_MOST_MS = const(600_000)
_SLOWEST = const(2712)  # 10 % off: no chip is; it was a gap
_FASTEST = const(2234)


class SampleClock:
    """Asked only at every look and when something is told: in between a sample costs it nothing.

    Times are ms since the session began; `period` is in 1/256 ms, `at` the time of the sample that came last.
    """

    def __init__(self):
        self.period = NOMINAL
        self.at = self.count = self._part = self._anchor_count = 0
        self._anchor = -1

    def take(self, count):
        """So many samples have come since the session began; give the time of the last."""
        self._part += (count - self.count) * self.period
        self.at += self._part >> _SHIFT
        self._part &= 255
        self.count = count
        return self.at

    def seen(self, now, waiting):
        """At `now`, so many samples wait beyond those taken."""
        age = now - self.at - ((waiting * self.period + self._part) >> _SHIFT)  # of the newest
        count = self.count + waiting
        if self._anchor < 0:
            self._restart(now, count, age)
            return
        period = (self.period >> _SHIFT) + 1
        if age < 0:
            self.at += age  # it cannot come from the future ...
        elif age > period:
            self.at += age - period  # ... nor be older than a period while no other is there
        span = now - self._anchor
        felt = count - self._anchor_count
        if span >= _LEAST_MS and felt > 0:
            missing = span - (felt * self.period >> _SHIFT)
            period = (span << _SHIFT) // felt
            if (span >= _SURE or abs(missing) > _FAR) and _FASTEST < period < _SLOWEST:
                self.period = period
        if span >= _MOST_MS:
            self._restart(now, count, 0)

    def lost(self, now, waiting):
        """Samples were lost: begin anew. Give the ms that are missing."""
        missing = max(now - self.at - (waiting * self.period >> _SHIFT), 0)
        self._restart(now, self.count + waiting, missing)
        return missing

    def back(self, number):
        """Give the time of the sample that was number `number` (0 is the session's first)."""
        return self.at - ((self.count - 1 - number) * self.period >> _SHIFT)

    def _restart(self, now, count, age):
        self.at += age
        self._anchor = now
        self._anchor_count = count
