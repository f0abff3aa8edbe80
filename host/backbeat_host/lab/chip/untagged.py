"""What the chips with the untagged FIFO share: the LSM6DS3TR-C and the LSM6DS33 / LSM6DS3."""

from backbeat_host.lab.chip import registers as reg
from backbeat_host.lab.chip.engines import Engines
from backbeat_host.lab.chip.fifo_untagged import DECIMATION, UntaggedFifo
from backbeat_host.lab.chip.lsm6ds import LSM6DS

_FIFO_CTRL1, _FIFO_CTRL2, _FIFO_CTRL3, _FIFO_CTRL5 = 0x06, 0x07, 0x08, 0x0A
_FIFO_STATUS_SIZE = 4
_FIFO_DATA = range(0x3E, 0x40)
TAP_CFG = 0x58


class Untagged(LSM6DS):
    """FIFO controls 06h to 0Ah, status 3Ah to 3Dh, data 3Eh and 3Fh; the FIFO has a rate of its own."""

    FIFO_DEPTH: int
    """Words; their number's bits are those of the watermark and of the level too."""
    STOP_ON_FTH: tuple[int, int]
    """Register and bit that make the watermark the depth."""

    READ_ONLY = reg.READ_ONLY | set(range(reg.FIFO_STATUS1, reg.FIFO_STATUS1 + _FIFO_STATUS_SIZE)) | set(_FIFO_DATA)
    FIFO_DATA = _FIFO_DATA
    FIFO_STATUS_SIZE = _FIFO_STATUS_SIZE
    FIFO_STATUS_READS = (2, 3, 4)
    fifo: UntaggedFifo

    def _new_fifo(self) -> UntaggedFifo:
        return UntaggedFifo(self.FIFO_DEPTH)

    def _new_engines(self) -> Engines:
        return Engines(TAP_CFG, finer=False)

    def _configure_fifo(self) -> None:
        registers = self._registers
        watermark = (registers[_FIFO_CTRL1] | registers[_FIFO_CTRL2] << 8) & self.FIFO_DEPTH - 1
        decimation = registers[_FIFO_CTRL3]
        self.fifo.decimate(DECIMATION[decimation >> 3 & 7], DECIMATION[decimation & 7])
        stop, bit = self.STOP_ON_FTH
        self.fifo.configure(registers[_FIFO_CTRL5] & 7, watermark, bool(registers[stop] & bit))

    def _pace_fifo(self) -> bool:
        every = reg.RATE_DIVIDERS.get(self._registers[_FIFO_CTRL5] >> 3 & 15, 0)
        self._fifo_every = max(every, self._period) if every else 0  # never faster than the faster sensor
        return self._accel_every == self._gyro_every == self._fifo_every and self.fifo.all_of_both

    def _fill_fifo(self, tick: int) -> None:
        if self._fifo_every and tick % self._fifo_every == 0:
            self.fifo.put(self._gyro, self._accel)
