"""When the next beat is due: cadence in, instants out, without drift and without bursts.

Beat n of an unchanged cadence of c tenths of a step a minute is due floor((2 * 600000 * n + c) / (2 * c)) ms after
the first: 600000 * n / c, rounded to the nearest ms. The remainder of that division is carried from beat to beat
in units of 1 / (2 * c) ms, so nothing is lost and nothing grows, however long the session.
"""

from micropython import const

from backbeat.ticks import add, diff

_CYCLE = const(1_200_000)  # one beat in units of 1 / (2 * c) ms: 2 * 60 s * 1000 ms * 10 tenths


class Metronome:
    """Beats at a cadence. Times are ticks (ms, wrapping); the cadence is in tenths of spm, 400 to 2400.

    `due` is the next beat's instant; `count` the number of beats that were due so far, skipped ones included;
    `skipped` those that came more than half a period late and were left out.
    """

    def __init__(self, cadence, accent=0):
        self.cadence = cadence
        self.accent = accent
        self.due = 0
        self.count = 0
        self.skipped = 0
        self.sounded = 0
        self._left = cadence

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
        ahead = diff(self.due, now)
        left = ahead * 2 * self.cadence + self._left - self.cadence
        self.cadence = cadence
        unit = 2 * cadence
        self.due = add(now, (left + cadence) // unit)
        self._left = (left + cadence) % unit

    def poll(self, now):
        """Tell whether a beat is to sound now: True once for each beat, never for one over half a period late.

        After True, `count - 1` is the beat's number (0 is the first) and `sounded` its due instant.
        """
        late = diff(now, self.due)
        if late < 0:
            return False
        self.sounded = self.due
        self._step()
        half = _CYCLE // (4 * self.cadence)
        while late > half:
            self.skipped += 1
            late = diff(now, self.due)
            if late < 0:
                return False
            self.sounded = self.due
            self._step()
        return True

    def accented(self):
        """Tell whether the beat that was polled last carries the accent."""
        return self.accent > 0 and (self.count - 1) % self.accent == 0

    def _step(self):
        unit = 2 * self.cadence
        left = self._left + _CYCLE % unit
        whole = _CYCLE // unit
        if left >= unit:
            left -= unit
            whole += 1
        self._left = left
        self.due = add(self.due, whole)
        self.count += 1
