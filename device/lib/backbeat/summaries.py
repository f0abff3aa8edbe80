"""The record of every 5 s: what has happened since the last one, from the senses, the metronome and the clock."""

from micropython import const

from backbeat.sense.shake import mg

EVERY_MS = const(5000)
_U16 = const(65535)


class Summaries:
    """Remembers what the last record told."""

    def __init__(self, log):
        self._log = log
        self._steps = self._beats = self._skipped = 0

    def begin_beats(self, metronome):
        """The metronome is about to count anew."""
        self._skipped -= metronome.skipped

    def write(self, ms, sense, session):
        """Put one into the log, and how the steps hit if there were any."""
        metronome = session.metronome
        steps = sense.cadence.count
        self._log.summary(
            ms,
            (steps - self._steps) & _U16,
            min(sense.spm(), _U16),
            session.cadence,
            (session.beats - self._beats) & _U16,
            sense.gait.gait,
            sense.travel.travel,
            sense.travel.heading,
            sense.travel.confidence,
            mg(sense.peak),
            session.clock.period,
            (metronome.skipped - self._skipped) & _U16,
        )
        self._steps = steps
        self._beats = session.beats
        self._skipped = metronome.skipped
        sense.peak = 0
        load = sense.load
        if load.steps:
            self._log.steps(ms, load.mean(), load.top, session.timing.counts)
            load.clear()
            session.timing.clear()
