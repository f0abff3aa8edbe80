"""How hard the body is shaken: the size of the acceleration, sample by sample, whichever way the chip sits.

A size is |a| squared in halves of counts (0.976 mg), so that three squares fit a small integer.
"""

from micropython import const

from backbeat.sense.whole import root

_MOST = const(2000)  # mg
_REST = const(1_050_000)  # 1 g


def mg(size):
    """Give |a| in mg."""
    return root(size) * 125 >> 7


class Shake:
    """Since the last `clear`: `top` is the largest size, `top_at` its sample, `unrest` the sum of how much |a| changed
    from each sample to the next (mg).
    """

    def __init__(self):
        self.top = self.top_at = self.unrest = 0
        self._size = _REST
        self._number = 0  # of the next sample

    def feel(self, ax, ay, az, bx, by, bz):
        """Take the acceleration of two samples in counts."""
        ax >>= 1
        ay >>= 1
        az >>= 1
        bx >>= 1
        by >>= 1
        bz >>= 1
        one = ax * ax + ay * ay + az * az
        two = bx * bx + by * by + bz * bz
        self.unrest += min(abs(one - self._size) >> 11, _MOST) + min(abs(two - one) >> 11, _MOST)
        self._size = two
        number = self._number
        self._number = number + 2
        if two > one:
            if two > self.top:
                self.top = two
                self.top_at = number + 1
        elif one > self.top:
            self.top = one
            self.top_at = number

    def clear(self):
        """Begin another block."""
        self.top = self.unrest = 0
