"""From the chip's axes and counts to the body's axes in mg and dps.

Body axes: x forward, y left, z up. Which way the chip sits comes from the settings (`mount.forward`, `mount.up`);
the first still second of a session, when its gravity lies near `mount.up`, corrects up for how the belt sits today.
"""

from array import array

from micropython import const

from backbeat.sense.whole import root

# ST's typical sensitivities at +-16 g and 2000 dps (LSM6DSOX datasheet, table 2): 0.488 mg and 70 mdps per count.
_ACC_ROW = const(7995)  # 0.488 * 2**14: a row of the turning matrix gives mg << 14; |row * counts| < 2**29
_GYRO_ROW = const(4588)  # 0.070 * 2**16: likewise dps << 16
_ACC_SHIFT = const(14)
_GYRO_SHIFT = const(16)

_LEVEL_SAMPLES = const(104)  # 1 s at 104 Hz
_LEVEL_WITHIN = const(6240)  # samples, 60 s: who does not stand still by then is measured as the settings say
_STILL_COUNTS = const(120)  # 60 mg: the spread of each axis while a person stands still
_UPRIGHT = const(766)  # cos 40 degrees, thousandths: further from mount.up the wearer does not stand
_TWO_G = const(4098)  # counts: nobody stands still at more; the chip is stuck


class Frame:
    """Turns samples. After `turn`, `x y z` are acceleration in mg and `p q r` rotation about x, y, z in dps."""

    def __init__(self, forward, up):
        self.x = self.y = self.z = self.p = self.q = self.r = 0
        self._forward = forward
        self._up = up
        self._m = array("i", [0] * 9)
        self._g = array("i", [0] * 9)
        self._aim(forward, up)
        self._waiting = True  # for a still second
        self._patience = _LEVEL_WITHIN
        self._seen = 0
        self._sum = array("i", [0] * 3)
        self._low = array("i", [0] * 3)
        self._high = array("i", [0] * 3)

    def turn(self, ax, ay, az, gx, gy, gz):
        """Take one sample in counts and set the body values, rounded to the nearest."""
        if self._waiting:
            self._patience -= 1
            self._waiting = self._patience > 0
            self._level(ax, ay, az)
        m = self._m
        self.x = (m[0] * ax + m[1] * ay + m[2] * az + 8192) >> _ACC_SHIFT
        self.y = (m[3] * ax + m[4] * ay + m[5] * az + 8192) >> _ACC_SHIFT
        self.z = (m[6] * ax + m[7] * ay + m[8] * az + 8192) >> _ACC_SHIFT
        g = self._g
        self.p = (g[0] * gx + g[1] * gy + g[2] * gz + 32768) >> _GYRO_SHIFT
        self.q = (g[3] * gx + g[4] * gy + g[5] * gz + 32768) >> _GYRO_SHIFT
        self.r = (g[6] * gx + g[7] * gy + g[8] * gz + 32768) >> _GYRO_SHIFT

    def _level(self, ax, ay, az):
        for axis in range(3):
            value = ax if axis == 0 else ay if axis == 1 else az
            if self._seen == 0:
                self._sum[axis] = 0
                self._low[axis] = self._high[axis] = value
            self._sum[axis] += value
            if value < self._low[axis]:
                self._low[axis] = value
            elif value > self._high[axis]:
                self._high[axis] = value
            if self._high[axis] - self._low[axis] > _STILL_COUNTS:
                self._seen = 0  # on the move: begin again
                return
        self._seen += 1
        if self._seen == _LEVEL_SAMPLES:
            self._waiting = False
            self._settle()

    def _settle(self):
        x, y, z = [self._sum[axis] // _LEVEL_SAMPLES for axis in range(3)]
        if max(abs(x), abs(y), abs(z)) > _TWO_G:
            return
        length = root(x * x + y * y + z * z) or 1
        u = self._up
        along = (x * u[0] + y * u[1] + z * u[2]) // (root(u[0] * u[0] + u[1] * u[1] + u[2] * u[2]) or 1)
        if along * 1000 >= _UPRIGHT * length:
            self._aim(self._forward, (x * 1000 // length, y * 1000 // length, z * 1000 // length))

    def _aim(self, forward, up):
        """Build both matrices from two directions: up as given, forward made square to it, left = up x forward."""
        ux, uy, uz = _unit(up[0], up[1], up[2])
        fx, fy, fz = _unit(forward[0], forward[1], forward[2])
        along = (fx * ux + fy * uy + fz * uz) >> 12
        fx, fy, fz = _unit(fx - (along * ux >> 12), fy - (along * uy >> 12), fz - (along * uz >> 12))
        lx, ly, lz = (uy * fz - uz * fy) >> 12, (uz * fx - ux * fz) >> 12, (ux * fy - uy * fx) >> 12
        rows = (fx, fy, fz, lx, ly, lz, ux, uy, uz)
        for i in range(9):
            self._m[i] = (rows[i] * _ACC_ROW + 2048) >> 12
            self._g[i] = (rows[i] * _GYRO_ROW + 2048) >> 12


def _unit(x, y, z):
    """Give the direction with length 4096. Parts below 2**13."""
    length = root(x * x + y * y + z * z) or 1
    return (x << 12) // length, (y << 12) // length, (z << 12) // length
