"""The FIFO of the LSM6DS3TR-C and the LSM6DS33 / LSM6DS3: bare int16 words, told apart by their place in a pattern.

Simulated: decimation, the pattern (gyro x y z, then accelerometer x y z, as far as a slot has them) and the place of
the next word in it, also after an overrun, the flags. A full FIFO counts one word more than the level's bits hold, and
the level reads 0 with the overrun flag (what a part tells then is in no source read). Faked: no third and fourth data
set, no high bytes alone.
"""

from bisect import bisect_right
from collections.abc import Sequence
from math import lcm
from struct import Struct

from backbeat_host.lab.chip.fifo import Fifo

DECIMATION = (0, 1, 2, 3, 4, 8, 16, 32)
"""Code in FIFO_CTRL3 -> every how many slots a sensor is stored; 0: never."""

_WATERMARK, _OVERRUN, _FULL_NEXT, _EMPTY = 0x80, 0x40, 0x20, 0x10
_PAIR = Struct("<6h").pack
_SINGLE = Struct("<3h").pack
_AXES = 3


class UntaggedFifo(Fifo):
    """Only the words taken or lost since it was last empty tell what the next one is."""

    WORD = 2

    def __init__(self, depth: int) -> None:
        super().__init__(depth)
        self._level_mask = depth - 1
        self._slot = 0
        self._next = 0  # place in the pattern of the oldest word
        self._taken_from = self._taken = 0
        self.decimate(0, 0)

    def decimate(self, gyro: int, accel: int) -> None:
        """Store each sensor in every so many slots; 0: never."""
        self._gyro_every, self._accel_every = gyro, accel
        self._slots: int = lcm(*(every for every in (gyro, accel) if every))
        self._pattern = 0
        self._ends: list[int] = []  # places in the pattern after which a sample is complete
        for slot in range(self._slots):
            if gyro and slot % gyro == 0:
                self._pattern += _AXES
                if not accel:
                    self._ends.append(self._pattern)
            if accel and slot % accel == 0:
                self._pattern += _AXES
                self._ends.append(self._pattern)
        self._pattern = self._pattern or 1

    @property
    def all_of_both(self) -> bool:
        """Whether every slot stores both sensors."""
        return self._gyro_every == self._accel_every == 1

    def put(self, gyro: Sequence[int], accel: Sequence[int]) -> None:
        """Store what is due in one slot: the gyro's words, then the accelerometer's."""
        slot, self._slot = self._slot, (self._slot + 1) % self._slots
        with_gyro = self._gyro_every and slot % self._gyro_every == 0
        with_accel = self._accel_every and slot % self._accel_every == 0
        if with_gyro and with_accel:
            self._store(_PAIR(*gyro, *accel), 2 * _AXES)
        elif with_gyro or with_accel:
            self._store(_SINGLE(*(gyro if with_gyro else accel)), _AXES)

    def put_both(self, counts: Sequence[int]) -> None:
        """Store a slot of both sensors, neither decimated: acceleration x y z, angular rate x y z."""
        ax, ay, az, gx, gy, gz = counts
        self._store(_PAIR(gx, gy, gz, ax, ay, az), 2 * _AXES)

    def take(self, words: int) -> bytes:
        """Pop words; zeros once it is empty."""
        self._taken_from = self._next
        self._taken = min(words, self.level)
        self._next = (self._next + self._taken) % self._pattern
        return super().take(words)

    def status(self) -> Sequence[int]:
        """FIFO_STATUS1 to FIFO_STATUS4."""
        level = self.level
        shown = level & self._level_mask
        high = shown >> 8
        if 0 < self._watermark <= level:
            high |= _WATERMARK
        if level + self._slot_words >= self._limit:
            high |= _FULL_NEXT
            if level >= self._limit:
                high |= _OVERRUN
        if not level:
            high |= _EMPTY
        return shown & 0xFF, high, self._next & 0xFF, self._next >> 8

    def samples(self, taken: bytes) -> int:
        """How many samples were completed by the words just taken."""
        turns, place = divmod(self._taken_from + self._taken, self._pattern)
        return turns * len(self._ends) + bisect_right(self._ends, place) - bisect_right(self._ends, self._taken_from)

    def _emptied(self) -> None:
        self._slot = 0
        self._next = 0

    def _lost(self, words: int) -> None:
        self._next = (self._next + words) % self._pattern
