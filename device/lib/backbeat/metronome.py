"""When the next beat is due: cadence in, instants out, without drift and without bursts.

Beat n at c tenths of a step a minute is due 600000 * n / c ms after the first, rounded to the nearest ms. What the
rounding leaves is carried from beat to beat in units of 1 / (2 * c) ms, so nothing grows, however long the session.
"""

from micropython import const

from backbeat.ticks import add, diff

_CYCLE = const(1_200_000)  # one beat in units of 1 / (2 * c) ms: 2 * 60 s * 1000 ms * 10 tenths


class Metronome:
    """Times are ticks (ms, wrapping); the cadence is in tenths of spm, 400 to 2400.

    `due` is the next beat's instant, `sounded` the last one's; `count` the number of beats that were due so far,
    `skipped` how many of them came more than half a period late and were left out.
    """

    def __init__(self, cadence, accent=0):
        self.cadence = cadence
        self.accent = accent
        self.sounded = 0
        self.start(0)

    def start(self, now):
        """Put the first beat at `now`."""
        self.due = now
        self.count = 0
        self.skipped = 0
        self._left = self.cadence  # half a ms: what is carried rounds to the nearest

    def change(self, cadence, now):
        """Go on at another cadence from `now`, in the same phase of the beat.

        The way to the next beat, counted in 1 / _CYCLE of a beat, is the same number at every cadence.
        """
        left = diff(self.due, now) * 2 * self.cadence + self._left - self.cadence + cadence
        self.cadence = cadence
        self.due = add(now, left // (2 * cadence))
        self._left = left % (2 * cadence)

    def poll(self, now):
        """Tell whether a beat, number `count - 1`, is to sound now: once for each, at most half a period late."""
        while True:
            late = diff(now, self.due)
            if late < 0:
                return False
            self.sounded = self.due
            unit = 2 * self.cadence
            left = self._left + _CYCLE
            self.due = add(self.due, left // unit)
            self._left = left % unit
            self.count += 1
            if late <= _CYCLE // (2 * unit):
                return True
            self.skipped += 1

    def accented(self):
        """Tell whether the beat that was polled last carries the accent."""
        return self.accent > 0 and (self.count - 1) % self.accent == 0
