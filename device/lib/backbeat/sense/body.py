"""All that is felt: one sample in, and out comes what is new about steps, gait, travel, falls and rolls."""

from micropython import const

from backbeat import events
from backbeat.sense.clock import NOMINAL
from backbeat.sense.falls import Falls
from backbeat.sense.frame import Frame
from backbeat.sense.gait import LIGHT_MG2, Gait
from backbeat.sense.steps import Cadence, Steps
from backbeat.sense.travel import Travel

# What `feel` returns: a verdict of `falls` in the low bits, and these.
VERDICT = const(7)
STEP = const(8)
GAIT = const(16)
TRAVEL = const(32)


class Body:
    """Holds the senses. `count` is the number of samples felt, `step_at` that of the step that `feel` told last,
    `period` a sample's in 1/256 ms, and `peak` the largest acceleration in mg squared since `peak` was last set to 0.
    """

    def __init__(self, forward, up, sensitivity):
        self.frame = Frame(forward, up)
        self.falls = Falls(sensitivity)
        self.steps = Steps()
        self.cadence = Cadence()
        self.gait = Gait()
        self.travel = Travel()
        self.count = 0
        self.period = NOMINAL
        self.step_at = 0
        self.peak = 0
        self._odd = False
        self._x = self._y = self._z = 0
        self._light = 0

    def feel(self, ax, ay, az, gx, gy, gz):
        """Take one sample (counts, chip's axes); give what is new."""
        self.count += 1
        frame = self.frame
        frame.turn(ax, ay, az, gx, gy, gz)
        x = frame.x
        y = frame.y
        z = frame.z
        news = self.falls.feel(x, y, z, frame.p, frame.q)
        size = self.falls.trunk.size
        if size > self.peak:
            self.peak = size
        if size < LIGHT_MG2:
            self._light += 1
        if not self._odd:
            self._odd = True
            self._x = x
            self._y = y
            self._z = z
            return news
        self._odd = False
        z = (self._z + z) >> 1
        age = self.steps.feel(z)
        if age >= 0:
            self.step_at = self.count - 1 - age
            self.cadence.step(self.step_at)
            news |= STEP
        if self.travel.feel((self._x + x) >> 1, (self._y + y) >> 1, z):
            news |= self._half_second()
        return news

    def spm(self):
        """Give the cadence in tenths of spm."""
        return self.cadence.tenths(self.count - 1, self.period)

    def _half_second(self):
        gait, travel = self.gait, self.travel
        light, self._light = self._light, 0
        if self.falls.rolling():
            return 0  # neither gait nor travel: wait until the wearer is up again
        before = gait.gait
        news = GAIT if gait.tell(light, self.cadence.quick(self.count - 1, self.period)) else 0
        if gait.gait == events.STILL:
            told = travel.stop()
        else:
            if news and before != events.STILL:
                travel.forget()  # the sums of the other gait have the other sign
            told = gait.sure and travel.tell(gait.gait == events.RUN)
        return news | TRAVEL if told else news
