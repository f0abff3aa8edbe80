"""Arduino Nano RP2040 Connect. Its light is also SCK, which is free; the sounder has a PWM slice of its own."""

import board

SCL = board.SCL
SDA = board.SDA
INT1 = board.INT1
SOUNDER = board.D4
HAPTIC = board.D6
BUTTON = board.D8
LIGHT = board.LED
LIGHT_ON = True
