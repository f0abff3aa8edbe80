"""How the steps fall on the beats: the lag of each, and how many fell into which part of a beat's period."""

from micropython import const

PARTS = const(8)  # of a period, counted from the beat; who does not listen steps into each of them alike
_CYCLE = const(600_000)  # one beat in ms, times tenths of spm


class Timing:
    """`counts` holds the number of steps in each eighth of the period since `clear`: the first and the last are those
    within an eighth of a beat, in time. `lag` is the last step's, in ms after the nearest beat (before it: negative).
    """

    def __init__(self):
        self.lag = 0
        self.counts = bytearray(PARTS)

    def step(self, after, cadence):
        """A step came so many ms after (or, negative, before) one of the beats; the cadence is in tenths of spm."""
        period = _CYCLE // cadence
        lag = after % period
        part = lag * PARTS // period
        if self.counts[part] < 255:
            self.counts[part] += 1
        self.lag = lag if 2 * lag <= period else lag - period

    def clear(self):
        """Begin another stretch."""
        for part in range(PARTS):
            self.counts[part] = 0
