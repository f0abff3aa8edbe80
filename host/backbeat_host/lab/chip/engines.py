"""The chips' own motion engines, as far as the virtual ones have them: free-fall and wake-up.

Simulated: thresholds, durations in conversions, the slope filter (half the difference of two conversions), latching.
Faked: no high-pass filter, no quiet time, no sleep states, no taps, no orientation, no embedded functions.
"""

from collections.abc import Sequence

from backbeat_host.lab.chip import registers as reg

_MG_PER_COUNT = 0.488


class Engines:
    """Flags as of the last accelerometer conversion, fed with counts at 16 g."""

    def __init__(self, latch: int, *, finer: bool) -> None:
        """Made for a chip whose bit LIR is in register `latch`; `finer`: WAKE_UP_DUR has WAKE_THS_W."""
        self._latch = latch
        self._finer = 0x10 if finer else 0
        self.restart()

    def restart(self) -> None:
        """Begin anew, as when they are switched on: nothing was felt before, nothing is latched."""
        self._last: Sequence[int] | None = None
        self._falling = 0
        self._moving = 0
        self.source = 0
        """WAKE_UP_SRC."""

    def feed(self, accel: Sequence[int], registers: bytearray) -> None:
        """Judge one conversion by the settings in the registers."""
        source = 0
        free_fall = registers[reg.FREE_FALL]
        weight = registers[reg.WAKE_UP_DUR]
        threshold = reg.FREE_FALL_MG[free_fall & 7] / _MG_PER_COUNT
        self._falling = self._falling + 1 if all(abs(axis) < threshold for axis in accel) else 0
        if self._falling > (free_fall >> 3 | (weight & 0x80) >> 2):
            source |= reg.SRC_FREE_FALL

        range_mg = reg.ACCEL_RANGE_MG[registers[reg.CTRL1_XL] >> 2 & 3]
        step_mg = range_mg / (256 if weight & self._finer else 64)
        threshold = (registers[reg.WAKE_UP_THS] & 0x3F) * step_mg / _MG_PER_COUNT
        axes = 0
        if self._last is not None:
            for bit, now, before in zip((4, 2, 1), accel, self._last, strict=True):
                if abs(now - before) > 2 * threshold:
                    axes |= bit
        self._last = tuple(accel)
        self._moving = self._moving + 1 if axes else 0
        if self._moving > (weight >> 5 & 3):
            source |= reg.SRC_WAKE_UP | axes

        self.source = self.source | source if registers[self._latch] & reg.LATCHED else source

    def acknowledge(self) -> None:
        """A source register was read: what was latched is released until the next conversion says it again."""
        self.source = 0
