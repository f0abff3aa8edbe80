"""A register-level LSM6DSOX (WHO_AM_I 0x6C): what it has beyond the family. Registers from ST's datasheet DS12814."""

from fractions import Fraction

from backbeat_host.lab.chip import registers as reg
from backbeat_host.lab.chip.engines import Engines
from backbeat_host.lab.chip.fifo_tagged import ACCEL, GYRO, TaggedFifo
from backbeat_host.lab.chip.lsm6ds import DEFAULT_RATE_ERROR, LSM6DS

__all__ = ["DEFAULT_RATE_ERROR", "LSM6DSOX"]

_FIFO_CTRL1, _FIFO_CTRL2, _FIFO_CTRL3, _FIFO_CTRL4 = 0x07, 0x08, 0x09, 0x0A
_ALL_INT_SRC = 0x1A
_TAP_CFG0, _TAP_CFG2 = 0x56, 0x58
_INTERNAL_FREQ_FINE = 0x63
_FIFO_DATA = range(0x78, 0x7F)

_ALL_FREE_FALL, _ALL_WAKE_UP = 0x01, 0x02  # ALL_INT_SRC
_FREQ_FINE_STEP = Fraction(15, 10_000)
_GYRO_BATCH_RATES = reg.RATE_DIVIDERS | {11: 1024}  # 6.5 Hz
_ACCEL_BATCH_RATES = reg.RATE_DIVIDERS_TO_1_6_HZ


class LSM6DSOX(LSM6DS):
    """The chip with the tagged FIFO."""

    DEFAULTS = {reg.WHO_AM_I: 0x6C, reg.CTRL3_C: 0x04, reg.CTRL9_XL: 0xE0}
    READ_ONLY = reg.READ_ONLY | {_ALL_INT_SRC, reg.FIFO_STATUS1, reg.FIFO_STATUS2, _INTERNAL_FREQ_FINE, *_FIFO_DATA}
    FIFO_DATA = _FIFO_DATA
    FIFO_STATUS_SIZE = 2
    FIFO_STATUS_READS = (2,)
    fifo: TaggedFifo

    def power_on(self) -> None:
        """All registers to their defaults; the FIFO is empty, both sensors sleep. A chip gone mad stays so."""
        super().power_on()
        fine = round(self.rate_error / _FREQ_FINE_STEP)
        self._registers[_INTERNAL_FREQ_FINE] = max(-128, min(127, fine)) & 0xFF

    def _new_fifo(self) -> TaggedFifo:
        return TaggedFifo()

    def _new_engines(self) -> Engines:
        return Engines(_TAP_CFG0, finer=True)

    def _wants_engines(self) -> bool:
        return bool(self._registers[_TAP_CFG2] & reg.INTERRUPTS_ENABLE)

    def _configure_fifo(self) -> None:
        registers = self._registers
        high = registers[_FIFO_CTRL2]
        watermark = registers[_FIFO_CTRL1] | (high & 1) << 8
        self.fifo.configure(registers[_FIFO_CTRL4] & 7, watermark, bool(high & 0x80))

    def _pace_fifo(self) -> bool:
        batch = self._registers[_FIFO_CTRL3]
        self._accel_batch = _batch_divider(_ACCEL_BATCH_RATES.get(batch & 0x0F, 0), self._accel_every)
        self._gyro_batch = _batch_divider(_GYRO_BATCH_RATES.get(batch >> 4, 0), self._gyro_every)
        # The accelerometer's word is a sample's last, unless only the gyro is batched.
        self.fifo.last = ACCEL if self._accel_batch else GYRO
        return self._accel_every == self._gyro_every == self._accel_batch == self._gyro_batch

    def _fill_fifo(self, tick: int) -> None:
        self.fifo.put(
            self._gyro if self._gyro_batch and tick % self._gyro_batch == 0 else None,
            self._accel if self._accel_batch and tick % self._accel_batch == 0 else None,
        )

    def _read_register(self, register: int) -> int:
        if register != _ALL_INT_SRC:
            return super()._read_register(register)
        flags = 0
        if self._engines.source & reg.SRC_FREE_FALL:
            flags |= _ALL_FREE_FALL
        if self._engines.source & reg.SRC_WAKE_UP:
            flags |= _ALL_WAKE_UP
        self._engines.acknowledge()
        return flags


def _batch_divider(every: int, sensor_every: int) -> int:
    """Batching is never faster than the sensor; without a rate, or of a sleeping sensor, nothing is batched."""
    return max(every, sensor_every) if every and sensor_every else 0
