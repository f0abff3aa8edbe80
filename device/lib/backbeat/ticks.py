"""Arithmetic on the board's clock.

`supervisor.ticks_ms()` counts milliseconds and wraps at 2**29, the first time about 65 s after power-on.
Every comparison of two instants goes through here. Spans up to 2**28 ms (three days) are told apart.
"""

from micropython import const

PERIOD = const(1 << 29)
_MASK = const((1 << 29) - 1)
_HALF = const(1 << 28)


def add(ticks, ms):
    """Give the instant `ms` after `ticks` (before, when negative)."""
    return (ticks + ms) & _MASK


def diff(later, earlier):
    """Give the ms from `earlier` to `later`, negative when the order is the other way round."""
    return ((later - earlier + _HALF) & _MASK) - _HALF
