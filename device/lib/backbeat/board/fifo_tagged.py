"""The LSM6DSOX's FIFO: words of a tag and three numbers, gyro and accelerometer in turn."""

from micropython import const

from backbeat.board.imu_bus import counts

START = b"\x0a\x00\x09\x44\x0a\x06"  # bypass, which empties it; both at 104 Hz; continuous
_STATUS = const(0x3A)
_DATA = const(0x78)
_OVERRUN = const(0x48)  # FIFO_OVR_IA or its latched twin
_SLOT = const(6)  # bits of the tag that count the instants, modulo 4
_GYRO_ACCEL = const(1 << 5 | 2)
_ACCEL_GYRO = const(2 << 5 | 1)


class Reader:
    """`overrun`, after `level`: samples were lost."""

    def __init__(self, bus, depth, _):
        self._bus = bus
        self._depth = depth  # words
        self.overrun = False
        self._status = bytearray(2)
        self._words = bytearray(14)
        self._word = bytearray(7)

    def level(self):
        """Count whole samples; one burst, for reading the flags clears them."""
        status = self._status
        self._bus.get(_STATUS, status)
        self.overrun = status[1] & _OVERRUN != 0
        words = status[0] | (status[1] & 3) << 8
        if words > self._depth:
            self._bus.lose()
        return words >> 1

    def read(self, sample):
        """Take one; False when there is none whole."""
        words = self._words
        self._bus.get(_DATA, words)
        if (words[0] ^ words[7]) & _SLOT:  # of two instants
            self._bus.get(_DATA, self._word)  # the second's partner
            return False
        tags = words[0] >> 3 << 5 | words[7] >> 3
        gyro = 1
        if tags == _ACCEL_GYRO:
            gyro = 8
        elif tags != _GYRO_ACCEL:
            return False
        counts(words, 9 - gyro, sample, 0)
        counts(words, gyro, sample, 3)
        return True
