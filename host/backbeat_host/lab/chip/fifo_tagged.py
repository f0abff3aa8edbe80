"""The FIFO of the LSM6DSOX: 512 words of seven bytes, a tag and three counts each.

Simulated: tags with their time slot counter and even parity, the latched overrun. Faked: no compression, no timestamps.
"""

from collections.abc import Sequence
from struct import Struct

from backbeat_host.lab.chip.fifo import Fifo

DEPTH = 512
GYRO, ACCEL = 1, 2

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


class TaggedFifo(Fifo):
    """Every word tells whose it is."""

    WORD = 7

    def __init__(self) -> None:
        super().__init__(DEPTH)
        self._slot = 0
        self._slot_words = 2
        self._overrun = False
        self.last = ACCEL
        """The sensor whose word completes a sample."""

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

    def status(self) -> Sequence[int]:
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

    def samples(self, taken: bytes) -> int:
        """How many samples were completed by the words just taken."""
        return len(taken[:: self.WORD].translate(None, _ALL_BUT[self.last]))

    def _emptied(self) -> None:
        self._overrun = False
        self._slot = 0

    def _lost(self, words: int) -> None:
        self._overrun = True
