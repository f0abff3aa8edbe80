"""Adafruit Feather Bluefruit Sense."""

import board

SCL = board.SCL
SDA = board.SDA
INT1 = board.ACCELEROMETER_GYRO_INTERRUPT
SOUNDER = board.D9
HAPTIC = board.D10
BUTTON = board.SWITCH
LIGHT = board.LED
LIGHT_ON = True
BATTERY = board.VOLTAGE_MONITOR
BATTERY_RATIO = 2, 1
