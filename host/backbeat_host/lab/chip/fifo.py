"""The FIFO of the LSM6DSOX: 512 words of seven bytes, a tag and three counts each.

Simulated: tags with their time slot counter and even parity, watermark, bypass, FIFO and continuous modes, overrun,
stopping at the watermark. Faked: the modes that wait for an event behave as continuous; no compression, no timestamps.
"""

from collections.abc import Sequence
from struct import Struct

WORD = 7
DEPTH = 512
GYRO, ACCEL = 1, 2

_BYPASS, _FIFO = 0, 1
_WATERMARK, _FILLED, _FULL_NEXT, _OVERRUN_LATCHED = 0x80, 0x40, 0x20, 0x08
_PAIR = Struct("<BhhhBhhh").pack
_SINGLE = Struct("<Bhhh").pack


def tag_byte(sensor: int, slot: int) -> int:
    """Sensor in bits 7:3, slot counter in bits 2:1, bit 0 makes the parity even."""
    tag = sensor << 3 | slot << 1
    return tag | tag.bit_count() & 1


_GYRO_TAGS = tuple(tag_byte(GYRO, slot) for slot in range(4))
_ACCEL_TAGS = tuple(tag_byte(ACCEL, slot) for slot in range(4))
_ALL_BUT = {
    sensor: bytes(value for value in range(256) if value not in tags)
    for sensor, tags in ((GYRO, _GYRO_TAGS), (ACCEL, _ACCEL_TAGS))
}


class Fifo:
    """Words waiting to be read, oldest first."""

    def __init__(self) -> None:
        self._data = bytearray()
        self._slot = 0
        self._mode = _BYPASS
        self._limit = DEPTH
        self._watermark = 0
        self._slot_words = 2
        self._overrun = False

    def configure(self, ctrl1: int, ctrl2: int, ctrl4: int) -> None:
        """Take watermark and mode from the three control registers; bypass empties the FIFO."""
        self._watermark = ctrl1 | (ctrl2 & 1) << 8
        self._limit = self._watermark if ctrl2 & 0x80 and self._watermark else DEPTH
        self._mode = ctrl4 & 7
        if self._mode == _BYPASS:
            self._data.clear()
            self._overrun = False
            self._slot = 0

    @property
    def active(self) -> bool:
        """Whether anything is stored at all."""
        return self._mode != _BYPASS

    @property
    def level(self) -> int:
        """Words waiting."""
        return len(self._data) // WORD

    @property
    def over_watermark(self) -> bool:
        """Whether at least as many words wait as the watermark says."""
        return 0 < self._watermark <= self.level

    @property
    def full_next(self) -> bool:
        """Whether the next time slot fills it."""
        return self.level + self._slot_words >= self._limit

    @property
    def filled(self) -> bool:
        """Whether no word more fits."""
        return self.level >= self._limit

    def put(self, gyro: Sequence[int] | None, accel: Sequence[int] | None) -> None:
        """Store one time slot: the gyro's word, then the accelerometer's."""
        if gyro is not None and accel is not None:
            self.put_both((*accel, *gyro))
            return
        slot = self._slot = (self._slot + 1) & 3
        if gyro is not None:
            self._store(_SINGLE(_GYRO_TAGS[slot], *gyro), 1)
        elif accel is not None:
            self._store(_SINGLE(_ACCEL_TAGS[slot], *accel), 1)

    def put_both(self, counts: Sequence[int]) -> None:
        """Store a slot of both sensors, the usual one: acceleration x y z, angular rate x y z."""
        slot = self._slot = (self._slot + 1) & 3
        ax, ay, az, gx, gy, gz = counts
        self._store(_PAIR(_GYRO_TAGS[slot], gx, gy, gz, _ACCEL_TAGS[slot], ax, ay, az), 2)

    def _store(self, words: bytes, count: int) -> None:
        data = self._data
        self._slot_words = count
        data += words
        excess = len(data) - self._limit * WORD
        if excess > 0:
            if self._mode == _FIFO:
                del data[-excess:]
            else:
                del data[:excess]
                self._overrun = True

    def status(self) -> tuple[int, int]:
        """FIFO_STATUS1 and FIFO_STATUS2."""
        level = self.level
        high = level >> 8
        if 0 < self._watermark <= level:
            high |= _WATERMARK
        if level + self._slot_words >= self._limit:
            high |= _FULL_NEXT
            if level >= self._limit:
                high |= _FILLED
        if self._overrun:
            high |= _OVERRUN_LATCHED
        return level & 0xFF, high

    def acknowledge(self) -> None:
        """FIFO_STATUS2 was read: the latched overrun is cleared."""
        self._overrun = False

    def peek(self, place: int) -> int:
        """Byte `place` of the oldest word; zero when empty."""
        return self._data[place] if self._data else 0

    def take(self, words: int) -> bytes:
        """Pop words; zeros (tag 0) once it is empty."""
        size = words * WORD
        data = self._data
        taken = bytes(data[:size])
        del data[:size]
        return taken if len(taken) == size else taken.ljust(size, b"\0")


def count_words(words: bytes, sensor: int) -> int:
    """How many of these words are the sensor's."""
    return len(words[::WORD].translate(None, _ALL_BUT[sensor]))
