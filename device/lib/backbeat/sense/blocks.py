"""The last ten seconds of body motion in blocks of 8 samples: what a decision about a fall looks back on."""

from array import array

from micropython import const

SAMPLES = const(8)  # 77 ms at 104 Hz
KEPT = const(128)  # 9.8 s
_RING = const(127)


class Blocks:
    """What each block held; `count` is the number of closed blocks. Blocks are named by their number.

    `x y z` are its mean acceleration (mg), `p q r` its mean rotation about them (dps; to the right, forward and to the
    left positive), `unrest` how much |a| changed from sample to sample (mg, eight of them), `top` its largest size.
    """

    def __init__(self):
        self.count = 0
        self.x = array("h", [0] * KEPT)
        self.y = array("h", [0] * KEPT)
        self.z = array("h", [0] * KEPT)
        self.p = array("h", [0] * KEPT)
        self.q = array("h", [0] * KEPT)
        self.r = array("h", [0] * KEPT)
        self.unrest = array("h", [0] * KEPT)
        self.top = array("h", [0] * KEPT)  # size >> 15: 1 g is 32

    def close(self, frame, shake):
        """Keep one more block: its means from `frame`, how hard it was from `shake`."""
        at = self.count & _RING
        self.count += 1
        self.x[at] = frame.x
        self.y[at] = frame.y
        self.z[at] = frame.z
        self.p[at] = frame.p
        self.q[at] = frame.q
        self.r[at] = frame.r
        self.unrest[at] = shake.unrest
        self.top[at] = shake.top >> 15


def total(values, begin, end):
    """Sum a channel over blocks begin..end-1; none more than KEPT blocks back."""
    found = 0
    for block in range(begin, end):
        found += values[block & _RING]
    return found
