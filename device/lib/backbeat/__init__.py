"""Backbeat on the board: what it feels, what it decides, what the wearer hears.

The same files run on the wearable, on the virtual board and in the tests.
"""

__version__ = "0.1.0"
