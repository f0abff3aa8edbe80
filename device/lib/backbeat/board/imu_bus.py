"""The chip's bus; reading and writing allocate nothing."""

import busio
from digitalio import DigitalInOut, DriveMode, Pull
from micropython import const

_HZ = const(400_000)
_PULSES = const(9)  # until a chip cut off in a byte lets go (UM10204, 3.1.16)
_WHO_AM_I = const(0x0F)
_FAULTS = (AttributeError, OSError, RuntimeError, ValueError)  # the first: it is not open


class Bus:
    """Any fault ends in the owner's `lose`, which raises OSError."""

    def __init__(self, scl, sda, lose):
        self._scl = scl
        self._sda = sda
        self.lose = lose
        self.i2c = None
        self.address = self.who = 0
        self._register = bytearray(1)
        self._answer = bytearray(1)
        self._command = bytearray(2)

    def open(self):
        """Begin anew; the lock is kept."""
        self._close()
        try:
            with DigitalInOut(self._scl) as scl, DigitalInOut(self._sda) as sda:
                scl.pull = sda.pull = Pull.UP
                if scl.value and not sda.value:
                    scl.switch_to_output(True, DriveMode.OPEN_DRAIN)
                    for _ in range(_PULSES):
                        scl.value = False
                        scl.value = True
                    scl.switch_to_input(Pull.UP)
                free = scl.value and sda.value
        except Exception:
            free = True  # pins that code cannot read
        try:
            if free:  # else a transaction would wait for a second
                self.i2c = busio.I2C(self._scl, self._sda, frequency=_HZ)
            self.i2c.try_lock()
        except _FAULTS:
            self.lose()

    def get(self, register, buffer):
        """Read from this register on."""
        if not self.i2c:
            self.open()
        self._register[0] = register
        try:
            self.i2c.writeto_then_readfrom(self.address, self._register, buffer)
        except _FAULTS:
            self._fail()
        if buffer[-1] == 0xFF and register != _WHO_AM_I and self.ask(_WHO_AM_I) != self.who:
            self.lose()  # pulled off in mid-read: 0xFF to the end

    def ask(self, register):
        """Read one register."""
        self.get(register, self._answer)
        return self._answer[0]

    def put(self, pairs):
        """Write registers: number, value, and so on."""
        if not self.i2c:
            self.open()
        command = self._command
        try:
            for i in range(0, len(pairs), 2):
                command[0] = pairs[i]
                command[1] = pairs[i + 1]
                self.i2c.writeto(self.address, command)
        except _FAULTS:
            self._fail()

    def _fail(self):
        """The next use begins anew: on a line held low it would wait for another second."""
        self._close()
        self.lose()

    def _close(self):
        if self.i2c:
            self.i2c.deinit()
            self.i2c = None


def counts(words, at, sample, axis):
    """Take a little-endian triple."""
    sample[axis] = (words[at] | (words[at + 1] ^ 0x80) << 8) - 0x8000
    sample[axis + 1] = (words[at + 2] | (words[at + 3] ^ 0x80) << 8) - 0x8000
    sample[axis + 2] = (words[at + 4] | (words[at + 5] ^ 0x80) << 8) - 0x8000
