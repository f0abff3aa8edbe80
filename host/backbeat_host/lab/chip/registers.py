"""Names and code tables of the registers that the LSM6DSOX, LSM6DS3TR-C and LSM6DS33 / LSM6DS3 share.

From ST's datasheets (DS12814 for the LSM6DSOX) and ST's public register headers of the parts; nothing here computes.
What only one of them has stands in its own module.
"""

INT1_CTRL, INT2_CTRL = 0x0D, 0x0E
WHO_AM_I = 0x0F
CTRL1_XL, CTRL2_G, CTRL3_C = 0x10, 0x11, 0x12
CTRL9_XL, CTRL10_C = 0x18, 0x19
WAKE_UP_SRC = 0x1B
STATUS_REG = 0x1E
OUT_TEMP_L, OUTX_L_G, OUTX_L_A, OUTZ_H_A = 0x20, 0x22, 0x28, 0x2D
FIFO_STATUS1, FIFO_STATUS2 = 0x3A, 0x3B
WAKE_UP_THS, WAKE_UP_DUR, FREE_FALL = 0x5B, 0x5C, 0x5D
MD1_CFG, MD2_CFG = 0x5E, 0x5F

READ_ONLY = frozenset((WHO_AM_I, *range(WAKE_UP_SRC, STATUS_REG + 1), *range(OUT_TEMP_L, OUTZ_H_A + 1)))

SW_RESET, IF_INC, H_LACTIVE, BDU, BOOT = 0x01, 0x04, 0x20, 0x40, 0x80  # CTRL3_C
XLDA, GDA, TDA = 0x01, 0x02, 0x04  # STATUS_REG
INT_DRDY_XL, INT_DRDY_G, INT_FIFO_TH, INT_FIFO_OVR, INT_FIFO_FULL = 0x01, 0x02, 0x08, 0x10, 0x20  # INTx_CTRL
MD_FREE_FALL, MD_WAKE_UP = 0x10, 0x20  # MDx_CFG
SRC_FREE_FALL, SRC_WAKE_UP = 0x20, 0x08  # WAKE_UP_SRC; its bits 2, 1, 0 are the axes x, y, z
LATCHED, INTERRUPTS_ENABLE = 0x01, 0x80  # in the TAP_CFG registers, whose places differ

BASE_RATE_HZ = 6667
"""Nominal rate of the chip's oscillator; every data rate is this over a power of two."""
RATE_DIVIDERS = {1: 512, 2: 256, 3: 128, 4: 64, 5: 32, 6: 16, 7: 8, 8: 4, 9: 2, 10: 1}
"""Rate code of CTRL1_XL, CTRL2_G and the FIFO's controls -> divider (code 4 is 104 Hz)."""
RATE_DIVIDERS_TO_1_6_HZ = RATE_DIVIDERS | {11: 4096}
"""The same for an accelerometer that has code 11, 1.6 Hz."""

ACCEL_GAIN = {0: 8, 1: 1, 2: 4, 3: 2}
"""FS_XL code (2, 16, 4, 8 g) -> counts for one count at 16 g."""
ACCEL_RANGE_MG = {0: 2000, 1: 16000, 2: 4000, 3: 8000}
GYRO_GAIN = {0: 8, 1: 4, 2: 2, 3: 1}
"""FS_G code (250, 500, 1000, 2000 dps) -> counts for one count at 2000 dps."""
GYRO_GAIN_125 = 16

FREE_FALL_MG = (156, 219, 250, 312, 344, 406, 469, 500)
"""FF_THS code -> threshold."""
