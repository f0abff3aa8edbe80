"""Raspberry Pi Pico with an LSM6DSOX breakout."""

import board

SCL = board.GP5
SDA = board.GP4
SOUNDER = board.GP14  # piezo
HAPTIC = board.GP15  # motor, through a transistor
BUTTON = board.GP13  # to ground
LIGHT = board.GP25
LIGHT_ON = True  # lights when high
BATTERY = board.VOLTAGE_MONITOR
BATTERY_RATIO = 3, 1  # it measures a third of VSYS
