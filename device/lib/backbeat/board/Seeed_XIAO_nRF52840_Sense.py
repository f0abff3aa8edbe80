"""Seeed XIAO nRF52840 Sense: the reference."""
# ruff: noqa: N999  (the name is CircuitPython's)

import board

SCL = board.IMU_SCL
SDA = board.IMU_SDA
POWER = board.IMU_PWR
INT1 = board.IMU_INT1
SOUNDER = board.D1
HAPTIC = board.D2
BUTTON = board.D3
LIGHT = board.LED_GREEN
LIGHT_ON = False
BATTERY = board.VBATT
BATTERY_RATIO = 1510, 510
BATTERY_ENABLE = board.READ_BATT_ENABLE
CHARGING = board.CHARGE_STATUS
