"""All that is felt: one sample in, and out comes what is new about steps, gait, travel, falls and rolls.

To keep a sample cheap only the shaking is felt at each; motion at every second, on the mean of two; the trunk once in
eight.
"""

from array import array

from micropython import const

from backbeat import events
from backbeat.sense.clock import NOMINAL
from backbeat.sense.falls import Falls
from backbeat.sense.feet import Feet
from backbeat.sense.frame import Frame
from backbeat.sense.gait import Gait
from backbeat.sense.load import Load
from backbeat.sense.ring import Ring
from backbeat.sense.shake import Shake
from backbeat.sense.steps import Cadence, Steps
from backbeat.sense.travel import Travel

# What `feel` gives: a verdict of `falls` in the low bits, and these
VERDICT = const(7)
STEP = const(8)
GAIT = const(16)
TRAVEL = const(32)
MOUNT = const(64)

# Half seconds of the walk that shows where forward is
_WALK_LEAST = const(10)  # about ten steps
_WALK_MOST = const(24)
_WINDOW = const(8)  # what the travel sums span, ...
_OTHER = const(5)  # ... and what is not of this gait when it has just been told
_CLEAR = const(15)  # percent of accord

_STEADY = const(10)  # half seconds of one gait: 5 s, ...
_STEADY_BLOCKS = const(65)  # ... in blocks


class Body:
    """Holds the senses. `count` is the number of samples felt, `step_at` that of the last step, `period` a sample's in
    1/256 ms, and `peak` the largest size (see `shake`) since it was set to 0.
    """

    def __init__(self, forward, up, sensitivity):
        self.ring = Ring()
        self.frame = Frame(forward, up)
        self.shake = Shake()
        self.falls = Falls(sensitivity)
        self.steps = Steps()
        self.cadence = Cadence()
        self.feet = Feet()
        self.load = Load()
        self.gait = Gait()
        self.travel = Travel()
        self.count = 0
        self.period = NOMINAL
        self.step_at = 0
        self.peak = 0
        self._ax = self._ay = self._az = self._gx = self._gy = self._gz = 0  # the first sample of two
        self._sums = array("i", [0] * 6)  # of the open block, counts
        self._steady = 0
        self._walk = 0  # half seconds while forward is not known, ...
        self._way_x = self._way_y = 0  # ... and the way they went

    def feel(self, ax, ay, az, gx, gy, gz):
        """Take a sample (counts, chip's axes); give what is new."""
        self.count += 1
        if self.count & 1:
            self._ax = ax
            self._ay = ay
            self._az = az
            self._gx = gx
            self._gy = gy
            self._gz = gz
            return 0
        bx = self._ax
        by = self._ay
        bz = self._az
        hx = self._gx
        hy = self._gy
        hz = self._gz
        self.ring.put(bx, by, bz, hx, hy, hz, ax, ay, az, gx, gy, gz)
        self.shake.feel(bx, by, bz, ax, ay, az)
        ax += bx
        ay += by
        az += bz
        sums = self._sums
        sums[0] += ax
        sums[1] += ay
        sums[2] += az
        sums[3] += gx + hx
        sums[4] += gy + hy
        sums[5] += gz + hz
        frame = self.frame
        frame.turn(ax, ay, az)
        x = frame.x
        y = frame.y
        z = frame.z
        news = 0
        age = self.steps.feel(x, y, z)
        if age >= 0:
            self.step_at = self.count - 1 - age
            self.cadence.step(self.step_at)
            self.load.feel(self.shake.top)
            self.load.step()
            if self.gait.gait == events.RUN or events.LEFT <= self.travel.travel <= events.RIGHT or not frame.known:
                self.feet.foot = events.NOWHERE
            else:
                self.feet.step(self.step_at, self.falls.trunk.past)
            news = STEP
        if self.travel.feel(x, y, z):
            news |= self._half_second()
        return news if self.count & 7 else news | self._block()

    def spm(self):
        """Give the cadence in tenths of spm."""
        return self.cadence.tenths(self.count - 1, self.period)

    def _block(self):
        """Close a block of eight samples."""
        frame = self.frame
        shake = self.shake
        sums = self._sums
        frame.rest(sums, shake.unrest)
        frame.turn((sums[0] + 2) >> 2, (sums[1] + 2) >> 2, (sums[2] + 2) >> 2)
        frame.spin(sums[3], sums[4], sums[5])
        self.travel.brake(frame, self.falls.trunk.past)
        verdict = self.falls.feel(frame, shake)
        self.load.feel(shake.top)
        if shake.top > self.peak:
            self.peak = shake.top
        shake.clear()
        for i in range(6):
            sums[i] = 0
        return verdict

    def _half_second(self):
        if self.falls.rolling():
            return 0  # neither gait nor travel until the wearer is up again
        gait = self.gait
        travel = self.travel
        before = gait.gait
        # Who lies does not walk, however it seems to step; but that takes a measured up.
        lies = self.frame.level and self.falls.trunk.lies()
        cadence = -1 if lies else self.cadence.quick(self.count - 1, self.period)
        news = GAIT if gait.tell(travel, cadence, self.period) else 0
        if gait.gait == events.STILL:
            told = travel.stop()
            self._steady = 0
        else:
            if news and before != events.STILL:
                travel.forget(_OTHER)  # the sums of the other gait have the other sign
            told = travel.tell(gait.gait == events.RUN)
            self._steady = 0 if news else self._steady + 1
            if self._steady == _STEADY:
                self._stay_level()
        if self.frame.known:
            return news | TRAVEL if told else news
        if travel.travel != events.NOWHERE:
            travel.travel = events.NO_TRAVEL  # every way is a guess
        return news | self._find_forward() if self.frame.level else news

    def _find_forward(self):
        """Up is known: the first ten steps from a stand, or a longer walk, go forward."""
        gait = self.gait.gait
        travel = self.travel
        if gait != events.STILL:
            self._walk += 1
            if self._walk % _WINDOW == 0 and travel.accord >= _CLEAR:
                self._way_x += travel.along
                self._way_y += travel.aside
            if self._walk < _WALK_MOST:
                return 0
        x = self._way_x
        y = self._way_y
        found = self._walk >= _WALK_LEAST and (x or y)
        self._walk = self._way_x = self._way_y = 0
        if not found:
            return 0
        size = max(abs(x), abs(y)) >> 6 or 1
        self.frame.face((x << 6) // size, (y << 6) // size)
        travel.forget(_WINDOW)
        return MOUNT

    def _stay_level(self):
        """Over steady seconds the acceleration's mean is gravity: let the frame follow it."""
        self._steady = 0
        trunk = self.falls.trunk
        trunk.look(trunk.past.count - _STEADY_BLOCKS, trunk.past.count)
        self.frame.follow(trunk.x, trunk.y, trunk.z)
