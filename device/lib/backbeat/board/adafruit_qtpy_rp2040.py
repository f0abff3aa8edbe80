"""Adafruit QT Py RP2040 with an LSM6DSOX breakout on its STEMMA QT plug."""

import board

SCL = board.SCL1
SDA = board.SDA1
SOUNDER = board.A3
HAPTIC = board.A1
BUTTON = board.BUTTON  # BOOTSEL: held at power-up it starts the loader
NEOPIXEL = board.NEOPIXEL
NEOPIXEL_POWER = board.NEOPIXEL_POWER
