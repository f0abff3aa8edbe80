"""A register-level LSM6DS33 (WHO_AM_I 0x69), and so an LSM6DS3, which differs in nothing that is simulated.

Registers from ST's header lsm6ds3_reg.h. Faked: TAP_CFG has no enable bit, so the engines run while MD1_CFG or MD2_CFG
routes one of them to a pin; the enable bits of single axes (CTRL9_XL, CTRL10_C) do nothing.
"""

from backbeat_host.lab.chip import registers as reg
from backbeat_host.lab.chip.untagged import Untagged

_CTRL4_C = 0x13


class LSM6DS33(Untagged):
    """The chip of the CLUE and of earlier Feather Bluefruit Senses."""

    DEFAULTS = {reg.WHO_AM_I: 0x69, reg.CTRL3_C: 0x04, reg.CTRL9_XL: 0x38, reg.CTRL10_C: 0x38}
    ACCEL_RATES = reg.RATE_DIVIDERS
    FIFO_DEPTH = 4096
    STOP_ON_FTH = (_CTRL4_C, 0x01)
    TEMPERATURE_PER_C = 16

    def _wants_engines(self) -> bool:
        return bool((self._registers[reg.MD1_CFG] | self._registers[reg.MD2_CFG]) & (reg.MD_FREE_FALL | reg.MD_WAKE_UP))
