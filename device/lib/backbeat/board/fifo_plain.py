"""The FIFO of LSM6DS3TR-C, LSM6DS33 and LSM6DS3: bare numbers, gyro x y z and acceleration x y z in turn.

An overrun cuts a sample; only FIFO_STATUS3 tells which number is next. Every look mends that; once an overrun can have
come since, each sample is checked before and after.
"""

from micropython import const

from backbeat.board.imu_bus import counts
from backbeat.ticks import add, diff

START = b"\x0a\x00\x08\x09\x0a\x26"  # bypass, which empties it; both; continuous at 104 Hz
_STATUS = const(0x3A)
_DATA = const(0x3E)
_OVERRUN = const(0x40)
_EMPTY = const(0x10)
_FASTEST_MS = const(8)  # a sample: 104 Hz and a fifth more


class Reader:
    """`overrun`, after `level`: samples were lost."""

    def __init__(self, bus, depth, ticks):
        self._bus = bus
        self._depth = depth  # numbers
        self._ticks = ticks
        self.overrun = self._cut = False
        self._safe_until = 0
        self._status = bytearray(4)
        self._number = bytearray(2)
        self._numbers = bytearray(12)

    def level(self):
        """Count whole samples."""
        dropped = self._align()
        flags = self._status[1]
        numbers = (self._status[0] | flags << 8) & (self._depth - 1)
        if flags & _EMPTY:
            numbers = 0
        elif flags & _OVERRUN and not numbers:
            numbers = self._depth  # the level has no bit for it
        self.overrun = self._cut or flags & _OVERRUN != 0
        self._cut = False
        waiting = max(numbers - dropped, 0) // 6
        self._safe_until = add(self._ticks(), (self._depth // 6 - waiting) * _FASTEST_MS)
        return waiting

    def read(self, sample):
        """Take one; False when it was cut."""
        numbers = self._numbers
        safe = diff(self._ticks(), self._safe_until) < 0
        if not safe:
            self._align()
        self._bus.get(_DATA, numbers)
        if not safe and self._align():
            return False
        counts(numbers, 6, sample, 0)
        counts(numbers, 0, sample, 3)
        return True

    def _align(self):
        """Drop the rest of a cut sample; count it."""
        self._bus.get(_STATUS, self._status)
        place = self._status[2] | self._status[3] << 8
        if place > 5:
            self._bus.lose()
        if not place:
            return 0
        self._cut = True
        for _ in range(place, 6):
            self._bus.get(_DATA, self._number)
        return 6 - place
