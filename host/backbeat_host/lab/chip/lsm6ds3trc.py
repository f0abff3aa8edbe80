"""A register-level LSM6DS3TR-C (WHO_AM_I 0x6A). Registers from ST's header lsm6ds3tr-c_reg.h."""

from backbeat_host.lab.chip import registers as reg
from backbeat_host.lab.chip.untagged import TAP_CFG, Untagged

_FIFO_CTRL4 = 0x09


class LSM6DS3TRC(Untagged):
    """The chip of the XIAO nRF52840 Sense and of later Feather Bluefruit Senses."""

    DEFAULTS = {reg.WHO_AM_I: 0x6A, reg.CTRL3_C: 0x04, reg.CTRL9_XL: 0xE0}
    FIFO_DEPTH = 2048
    STOP_ON_FTH = (_FIFO_CTRL4, 0x80)

    def _wants_engines(self) -> bool:
        return bool(self._registers[TAP_CFG] & reg.INTERRUPTS_ENABLE)
