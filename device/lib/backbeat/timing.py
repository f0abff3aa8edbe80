"""How the steps fall on the beats: the lag of each, and how many fell into which part of a beat's period."""

from micropython import const

PARTS = const(8)  # of a period, counted from the beat; who does not listen steps into each of them alike


class Timing:
    """`counts` are the steps in each eighth of the period since `clear`: in time are those in the first and the last.
    `lag` is the last step's, in ms after the nearest beat (before it: negative).
    """

    def __init__(self):
        self.lag = 0
        self.counts = bytearray(PARTS)

    def step(self, after, cadence):
        """A step came so many ms after (before: negative) a beat; the cadence is in tenths of spm."""
        period = 600_000 // cadence  # one beat in ms: 60 s * 10 tenths
        lag = after % period
        part = lag * PARTS // period
        self.counts[part] = min(self.counts[part] + 1, 255)
        self.lag = lag if 2 * lag <= period else lag - period

    def clear(self):
        """Begin another stretch."""
        for part in range(PARTS):
            self.counts[part] = 0
