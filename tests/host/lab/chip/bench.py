"""A chip on the bench: motions to feel, and someone who reads and writes its registers."""

import struct

import numpy as np

from backbeat_host.lab.clock import VirtualClock
from backbeat_host.lab.motion import Recorded

SECOND = 10**9
STILL = (0, 0, 2049, 0, 0, 0)


class Constant:
    """The same counts until a test sets others."""

    def __init__(self, counts=STILL):
        self.counts = counts

    def at(self, ns):
        return self.counts


def numbered(rows=20_000):
    """Every word tells its row and its axis: row 12 is 120 121 122 (acceleration) and 123 124 125 (angular rate)."""
    return Recorded((np.arange(rows)[:, None] % 3000 * 10 + np.arange(6)).astype(np.int16), 104)


class Bench:
    """A chip with someone at its registers."""

    def __init__(self, chip_class, motion=None, **options):
        self.clock = VirtualClock()
        self.motion = motion or Constant()
        self.chip = chip_class(self.clock, self.motion, **options)

    def set(self, register, *values):
        self.chip.write(bytes([register, *values]))

    def get(self, register, length=1):
        self.chip.write(bytes([register]))
        return self.chip.read(length)

    def axes(self, register):
        return struct.unpack("<hhh", self.get(register, 6))

    def run(self, seconds):
        self.clock.advance(round(seconds * SECOND))

    def conversions(self, count):
        """Let so many conversions at 104 Hz come, and half a period more."""
        self.run((count + 0.5) / 104)

    def sample_at_104_hz(self, accel_range=0x04, gyro_range=0x0C):
        self.set(0x10, 0x40 | accel_range)
        self.set(0x11, 0x40 | gyro_range)

    def begin(self):
        """Play the recording from the next conversion on."""
        self.motion.begin(self.chip.conversion_after(self.clock.ns))
