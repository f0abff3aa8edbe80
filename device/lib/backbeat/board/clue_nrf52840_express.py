"""Adafruit CLUE: sounder and buttons are on it."""

import board

SCL = board.SCL
SDA = board.SDA
INT1 = board.ACCELEROMETER_GYRO_INTERRUPT
SOUNDER = board.SPEAKER
HAPTIC = board.P0
BUTTON = board.BUTTON_A
LIGHT = board.LED
LIGHT_ON = True
