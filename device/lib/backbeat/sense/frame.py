"""From the chip's axes and counts to the body's axes in mg and dps.

Body axes: x forward, y left, z up. The settings say how the chip sits (`mount.forward`, `mount.up`); the first still
second, when its gravity lies near `mount.up`, corrects up for how the belt sits today, steady walking or running for
how it slips. Where `mount.up` is its default that second's gravity is up wherever it points, until a steady walk shows
that nobody stood then. Every still second tells what the gyro reads at rest.
"""

from array import array

from micropython import const

from backbeat.sense.whole import root

# ST's typical sensitivities at +-16 g and 2000 dps (LSM6DSOX datasheet, table 2): 0.488 mg and 70 mdps per count.
_ACC_ROW = const(7995)  # 0.488 * 2**14: a row of the turning matrix gives mg << 14; |row * counts| < 2**30
_GYRO_ROW = const(4588)  # 0.070 * 2**16: likewise dps << 16
_ACC_SHIFT = const(15)  # of the sum of two samples
_GYRO_SHIFT = const(18)  # of half the sum of eight

_STILL_BLOCKS = const(13)  # of 8 samples: a still second
_PATIENCE = const(780)  # blocks, 60 s: who does not stand still by then is measured as the settings say
_STILL_UNREST = const(160)  # mg a block, 20 a sample: standing makes half of it, the softest walking twice
_STILL_ACC = const(490)  # sum of 8 counts, 30 mg: the spread of each axis while a person stands still
_STILL_GYRO = const(570)  # likewise, 5 dps
_GYRO_OFFSET = const(1143)  # half the sum of 8 counts, 20 dps: twice the most a chip reads at rest

_UPRIGHT = const(3138)  # cos 40 degrees, in 4096: further from mount.up the wearer does not stand
_ANY_WAY = const(-4200)  # no cosine is less
_ALONG = const(3862)  # cos 19.5 degrees, in 4096: nearer to it, forward is no direction across up
_TWO_G = const(32_784)  # sum of 8 counts: nobody stands still at more; the chip is stuck
_HALF_G = const(1024)  # counts: nor at less

_TILT_SHIFT = const(3)  # an eighth of the tilt is corrected each time: a slipped belt within a minute
_SLIP = const(3712)  # cos 25 degrees, in 4096: a belt slips no further

_ACROSS = const(2500)  # in 4096: one of a direction's three parts is smaller
_UP = const(6)  # row of the body's axis in the turning matrix


class Frame:
    """`turn` sets `x y z`, acceleration in mg; `spin` sets `p q r`, mean rotation about them in dps.

    A `forward` of zeros is not known yet: any stands for it until `face` tells, and every still second gives up,
    whichever way the chip sits, for it may lie on a table before it is worn.
    """

    def __init__(self, forward, up):
        self.known = bool(forward[0] or forward[1] or forward[2])
        self.level = False  # up has been measured, and is sure
        self._up = bool(up[0] or up[1] or up[2] != 1000)  # told, or found
        if not self._up and 8 * (forward[0] * forward[0] + forward[1] * forward[1]) < forward[2] * forward[2]:
            up = (1000, 0, 0)  # across forward
        self.x = self.y = self.z = self.p = self.q = self.r = 0
        self._rows = array("h", list(forward) + [0, 0, 0] + list(up))  # forward, left, up in the chip's axes; 4096 is 1
        self._m = array("h", [0] * 9)
        self._g = array("h", [0] * 9)
        self._aim()
        self._first = self._rows[_UP:]  # up as the settings say, or as it was measured
        self._patience = _PATIENCE
        self._offset = array("i", [0] * 3)
        self._still = 0  # blocks
        self._sum = array("i", [0] * 6)
        self._low = array("i", [0] * 6)
        self._high = array("i", [0] * 6)
        self._now = array("i", [0] * 6)

    def turn(self, ax, ay, az):
        """Take twice an acceleration in counts."""
        m = self._m
        self.x = (m[0] * ax + m[1] * ay + m[2] * az + 16384) >> _ACC_SHIFT
        self.y = (m[3] * ax + m[4] * ay + m[5] * az + 16384) >> _ACC_SHIFT
        self.z = (m[6] * ax + m[7] * ay + m[8] * az + 16384) >> _ACC_SHIFT

    def spin(self, gx, gy, gz):
        """Take the sum of eight samples' rotation in counts."""
        offset = self._offset
        gx = (gx >> 1) - offset[0]
        gy = (gy >> 1) - offset[1]
        gz = (gz >> 1) - offset[2]
        g = self._g
        self.p = (g[0] * gx + g[1] * gy + g[2] * gz + 131_072) >> _GYRO_SHIFT
        self.q = (g[3] * gx + g[4] * gy + g[5] * gz + 131_072) >> _GYRO_SHIFT
        self.r = (g[6] * gx + g[7] * gy + g[8] * gz + 131_072) >> _GYRO_SHIFT

    def rest(self, sums, unrest):
        """Take a block's six sums (counts) and its unrest: is this a still second?"""
        if self._patience and self.known:
            self._patience -= 1
        if unrest > _STILL_UNREST:
            self._still = 0
            return
        low = self._low
        high = self._high
        first = self._still == 0
        for axis in range(6):
            value = sums[axis]
            if first:
                self._sum[axis] = 0
                low[axis] = high[axis] = value
            self._sum[axis] += value
            if value < low[axis]:
                low[axis] = value
            elif value > high[axis]:
                high[axis] = value
            if high[axis] - low[axis] > (_STILL_ACC if axis < 3 else _STILL_GYRO):
                self._still = 0  # on the move: begin again
                return
        self._still += 1
        if self._still == _STILL_BLOCKS:
            self._still = 0
            self._settle()

    def follow(self, x, y, z):
        """Take the mean acceleration (mg) of a steady walk or run: let up go a little towards it."""
        if (z < 800 and self._up) or not 810_000 < x * x + y * y + z * z < 1_210_000:
            return
        near = _SLIP
        if z < 800:
            near = _ANY_WAY  # the still second was no standing one
        else:
            x >>= _TILT_SHIFT
            y >>= _TILT_SHIFT
        rows = self._rows
        now = self._now
        for axis in range(3):
            now[axis] = rows[axis] * x + rows[3 + axis] * y + rows[_UP + axis] * z >> 10
        if self._take_up(near):
            self._up = self.level = True
            if near < 0:
                _copy(rows, _UP, self._first, 0)

    def face(self, x, y):
        """Forward is what was (x, y) so far; parts below 2**13."""
        rows = self._rows
        for axis in range(3):
            rows[axis] = rows[axis] * x + rows[3 + axis] * y >> 12
        self.known = True
        self._patience = 0
        self._aim()

    def part(self, row, axis):
        """Give a part of forward (row 0), left or up (2) in the chip's axes, in thousandths."""
        return self._rows[3 * row + axis] * 1000 + 2048 >> 12

    def _settle(self):
        total = self._sum
        now = self._now
        for axis in range(3):
            now[axis] = total[3 + axis] // (2 * _STILL_BLOCKS)
        if max(abs(now[0]), abs(now[1]), abs(now[2])) < _GYRO_OFFSET:
            _copy(now, 0, self._offset, 0)
        if not self._patience:
            return
        for axis in range(3):
            mean = total[axis] // _STILL_BLOCKS
            if abs(mean) > _TWO_G:
                return
            now[axis] = mean >> 3
        if _dot(now, 0, now, 0) < _HALF_G * _HALF_G:
            return
        if self._take_up(_UPRIGHT if self.known else _ANY_WAY):
            self.level = self._up = True
        elif self._up or not self._take_up(_ANY_WAY):
            return
        if self.known:
            self._patience = 0
        _copy(self._rows, _UP, self._first, 0)

    def _take_up(self, cos):
        """Let up be where `_now` points, unless that is too far from the first; tell whether it was."""
        now = self._now
        _unit(now, 0)
        if _dot(now, 0, self._first, 0) >> 12 < cos or (self.known and abs(_dot(now, 0, self._rows, 0)) >> 12 > _ALONG):
            return False
        _copy(now, 0, self._rows, _UP)
        self._aim()
        return True

    def _aim(self):
        """Make forward square to up, left = up x forward, and both matrices of the three."""
        rows = self._rows
        _unit(rows, _UP)
        if not self.known:  # any will do, and across up is best
            rows[0] = rows[1] = rows[2] = 0
            rows[0 if abs(rows[6]) < _ACROSS else 1] = 4096
        _unit(rows, 0)
        along = _dot(rows, 0, rows, _UP) >> 12
        for axis in range(3):
            rows[axis] -= along * rows[6 + axis] >> 12
        _unit(rows, 0)
        rows[3] = rows[7] * rows[2] - rows[8] * rows[1] >> 12
        rows[4] = rows[8] * rows[0] - rows[6] * rows[2] >> 12
        rows[5] = rows[6] * rows[1] - rows[7] * rows[0] >> 12
        for i in range(9):
            self._m[i] = (rows[i] * _ACC_ROW + 2048) >> 12
            self._g[i] = (rows[i] * _GYRO_ROW + 2048) >> 12


def _unit(rows, at):
    """Give the direction at `at` the length 4096. Parts below 2**13 before."""
    length = root(_dot(rows, at, rows, at)) or 1
    for i in range(at, at + 3):
        rows[i] = (rows[i] << 12) // length


def _dot(a, i, b, k):
    return a[i] * b[k] + a[i + 1] * b[k + 1] + a[i + 2] * b[k + 2]


def _copy(a, i, b, k):
    for axis in range(3):
        b[k + axis] = a[i + axis]
