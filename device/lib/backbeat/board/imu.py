"""The motion sensor: the Adafruit driver sets it up, then its FIFO is read sample by sample without allocating.

That takes the driver half a second. A chip that comes back in the middle of a session is given the registers that the
driver had set, which takes a millisecond: no beat has to wait.

LSM6DSOX: each FIFO word is a tag and three numbers; a sample is a gyro word and an accelerometer word. The chip is
set to +-16 g, 2000 dps and 104 Hz: the driver's own start values would clip every fall.
"""

from array import array

import busio
from adafruit_lsm6ds import AccelRange, GyroRange, Rate
from adafruit_lsm6ds.lsm6dsox import LSM6DSOX
from micropython import const

_ADDRESS = const(0x6A)
_HZ = const(400_000)
_WHO_AM_I = const(0x0F)
_LSM6DSOX = const(0x6C)
_CTRL1 = const(0x10)  # and on to CTRL10: ranges, rates and how the chip answers
_CONTROLS = const(10)
_FIFO_CTRL3 = const(0x09)
_FIFO_CTRL4 = const(0x0A)
_FIFO_STATUS1 = const(0x3A)
_FIFO_DATA = const(0x78)
_BOTH_AT_104_HZ = const(0x44)
_BYPASS = const(0)
_CONTINUOUS = const(6)
_LEVEL_HIGH = const(3)  # bits of FIFO_STATUS2 that belong to the level
_OVERRUN = const(0x48)  # FIFO_OVR_IA or its latched twin
_WORD = const(7)
_SLOT = const(6)  # bits of the tag that count the instants of measuring, modulo 4
_GYRO = const(1)
_ACCELERATION = const(2)
_NO_DEVICE = const(19)


class Fifo:
    """`works` tells whether the chip answered; `sample` holds ax ay az gx gy gz in counts after `read`."""

    def __init__(self, scl, sda):
        self.works = False
        self.overrun = False
        self.sample = array("h", [0] * 6)
        self._pins = scl, sda
        self._i2c = None
        self._register = bytearray(1)
        self._status = bytearray(2)
        self._words = bytearray(2 * _WORD)
        self._half = bytearray(_WORD)
        self._command = bytearray(2)
        self._identity = bytearray(1)
        self._controls = None  # as the driver set them, behind the number of the first
        try:
            self.restart()
        except OSError:
            pass  # the session tells the wearer

    def restart(self):
        """Set the chip up if it is new or was away, and begin with an empty FIFO. Raises OSError when it is away."""
        if not self.works:
            self._set_up()
        self._write(_FIFO_CTRL4, _BYPASS)  # empties it
        self._write(_FIFO_CTRL3, _BOTH_AT_104_HZ)
        self._write(_FIFO_CTRL4, _CONTINUOUS)
        self.works = True

    def level(self):
        """Give how many whole samples wait; `overrun` tells whether older ones were lost. Raises OSError."""
        self._read(_FIFO_STATUS1, self._status)
        status = self._status
        self.overrun = status[1] & _OVERRUN != 0
        return (status[0] | (status[1] & _LEVEL_HIGH) << 8) >> 1

    def read(self):
        """Take the next sample into `sample`; False when there was none. Raises OSError."""
        words = self._words
        self._read(_FIFO_DATA, words)
        if (words[0] ^ words[_WORD]) & _SLOT:
            self._mend()
        first, second = words[0] >> 3, words[_WORD] >> 3
        if first == _GYRO and second == _ACCELERATION:
            self._take(1, 3)
            self._take(_WORD + 1, 0)
        elif first == _ACCELERATION and second == _GYRO:
            self._take(1, 0)
            self._take(_WORD + 1, 3)
        else:
            return False
        return True

    def _mend(self):
        """The two words are of different instants, for an overrun has cut a pair: drop the first, fetch the third."""
        words, half = self._words, self._half
        self._read(_FIFO_DATA, half)
        for i in range(_WORD):
            words[i] = words[_WORD + i]
            words[_WORD + i] = half[i]

    def _take(self, at, axis):
        words = self._words
        sample = self.sample
        for i in range(axis, axis + 3):
            value = words[at] | words[at + 1] << 8
            sample[i] = value - 65536 if value > 32767 else value
            at += 2

    def _set_up(self):
        self._let_go()
        try:
            self._i2c = busio.I2C(self._pins[0], self._pins[1], frequency=_HZ)
            if self._controls is None:
                self._introduce()
                return
            self._read(_WHO_AM_I, self._identity)
            if self._identity[0] != _LSM6DSOX:
                raise OSError(_NO_DEVICE)
            self._send(self._controls)
        except (ValueError, RuntimeError) as error:  # no answer, another chip, or no pull-ups: not there
            self._let_go()
            raise OSError(_NO_DEVICE) from error

    def _introduce(self):
        chip = LSM6DSOX(self._i2c, _ADDRESS)
        chip.accelerometer_range = AccelRange.RANGE_16G
        chip.gyro_range = GyroRange.RANGE_2000_DPS
        chip.accelerometer_data_rate = Rate.RATE_104_HZ
        chip.gyro_data_rate = Rate.RATE_104_HZ
        controls = bytearray(_CONTROLS)
        self._read(_CTRL1, controls)
        self._controls = bytes((_CTRL1,)) + controls

    def _let_go(self):
        if self._i2c is not None:
            self._i2c.deinit()
        self._i2c = None

    def _read(self, register, buffer):
        self._register[0] = register
        i2c = self._i2c
        if not i2c.try_lock():
            raise OSError(_NO_DEVICE)
        try:
            i2c.writeto_then_readfrom(_ADDRESS, self._register, buffer)
        except OSError:
            self.works = False
            raise
        finally:
            i2c.unlock()

    def _write(self, register, value):
        self._command[0] = register
        self._command[1] = value
        self._send(self._command)

    def _send(self, buffer):
        i2c = self._i2c
        if not i2c.try_lock():
            raise OSError(_NO_DEVICE)
        try:
            i2c.writeto(_ADDRESS, buffer)
        except OSError:
            self.works = False
            raise
        finally:
            i2c.unlock()
