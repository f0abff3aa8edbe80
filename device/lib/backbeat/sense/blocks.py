"""The last ten seconds of body motion in blocks of 8 samples: what a decision about a fall looks back on."""

from array import array

from micropython import const

SAMPLES = const(8)  # 77 ms at 104 Hz
KEPT = const(128)  # 9.8 s
RING = const(127)  # a block's place is its number and this


class Blocks:
    """`count` blocks have been closed; they are named by their number.

    `x y z` are a block's mean acceleration (mg), `p q r` its mean rotation about them (dps; to the right, forward and
    to the left positive), `unrest` how much |a| changed from sample to sample (mg, eight of them), `top` its largest
    size >> 15: 1 g is 32.
    """

    def __init__(self):
        self.count = 0
        zeros = [0] * KEPT
        self.x = array("h", zeros)
        self.y = array("h", zeros)
        self.z = array("h", zeros)
        self.p = array("h", zeros)
        self.q = array("h", zeros)
        self.r = array("h", zeros)
        self.unrest = array("h", zeros)
        self.top = array("h", zeros)

    def close(self, frame, shake):
        """Keep one more block."""
        at = self.count & RING
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
        found += values[block & RING]
    return found
