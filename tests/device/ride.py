"""A session on fake parts, driven as the main loop drives it: polled whenever something is due, two samples a look."""

import numpy as np

from backbeat import events, names, settings
from backbeat.record import Writer
from backbeat.session import Session
from backbeat.ticks import PERIOD, add
from backbeat_host.runs.decode import decode_bytes

from .parts import Board

HZ = 104
STILL = (0, 0, 2049, 0, 0, 0)
UNHEARD = (events.STEP, events.BEAT)


class Ride:
    """`told` holds (ms, code, a, b, c) as the listener hears them, `fed` the rows so far."""

    def __init__(self, start=PERIOD - 5000, continued=0, **values):
        self.values = {**settings.defaults(), **{name.replace("__", "."): value for name, value in values.items()}}
        self.board = Board()
        self.log = Writer(12)
        self.log.header(0, 0, "test,none,none")
        self.log.settings(settings.dump(self.values))
        self.session = Session(self.values, self.board, self.log, continued)
        self.session.listener = self.hear
        self.told = []
        self.fed = []
        self.pressed = False
        self.ms = 0
        self._start = start
        self._blocks = []
        self._samples_from = 0.0
        self.session.start(start)

    def hear(self, *event):
        self.told.append(event)

    @property
    def ticks(self):
        return add(self._start, self.ms)

    def feel(self, rows):
        """Feed samples at 104 Hz, with all that comes due in between."""
        rows = rows.tolist() if isinstance(rows, np.ndarray) else rows
        self._samples_from = max(self._samples_from, self.ms)
        for index in range(0, len(rows), 2):
            pair = rows[index : index + 2]
            self._samples_from += 1000 * len(pair) / HZ
            self.wait_until(int(self._samples_from))
            self.session.seen(self.ticks, len(pair))
            for row in pair:
                self.session.sample(self.ticks, *row)
                self.fed.append(row)
            self._store()
        return self

    def stand(self, seconds):
        return self.feel([STILL] * round(seconds * HZ))

    def press(self, seconds):
        self.pressed = True
        self.stand(seconds)
        self.pressed = False
        return self.stand(0.02)

    def wait_until(self, ms):
        """Poll at each instant that is due, the last time at `ms`."""
        while self.ms < ms:
            due = self.session.due_in(self.ticks)
            self.ms = min(ms, self.ms + max(due, 1))
            self.board.now = self.ms
            self.session.poll(self.ticks)
            if self.session.open:
                self.session.button(self.ticks, self.pressed)
            self._store()

    def end(self, reason=events.BY_CONSOLE):
        self.session.end(self.ticks, reason)
        self._store()
        return self

    def events(self, *codes):
        """Give what was told of these codes, or of all but steps and beats."""
        return [event for event in self.told if event[1] in codes or (not codes and event[1] not in UNHEARD)]

    def names(self):
        return [names.EVENTS[code] for _, code, *_ in self.events()]

    def beats(self):
        """Give (ms sounded, number, due, accent)."""
        return [(ms, *numbers) for ms, code, *numbers in self.told if code == events.BEAT]

    def data(self):
        return b"".join(self._blocks)

    def decoded(self):
        return decode_bytes(self.data(), "ride")

    def _store(self):
        while self.log.waiting:
            self._blocks.append(bytes(self.log.block()))
            self.log.written()
