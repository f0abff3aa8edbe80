"""Arithmetic on the board's clock: every comparison of two instants goes through here.

`supervisor.ticks_ms()` counts milliseconds and wraps at 2**29, the first time about 65 s after power-on.
"""

from micropython import const

PERIOD = const(1 << 29)
_MASK = const((1 << 29) - 1)
_HALF = const(1 << 28)


def add(ticks, ms):
    """Give the instant `ms` after `ticks` (before, when negative)."""
    return (ticks + ms) & _MASK


def diff(later, earlier):
    """Give the ms from `earlier` to `later`, negative when it is the other way round; below 2**28 (three days)."""
    return ((later - earlier + _HALF) & _MASK) - _HALF
