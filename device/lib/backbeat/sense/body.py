"""All that is felt: one sample in, and out comes what is new about steps, gait, travel, falls and rolls."""

from micropython import const

from backbeat import events
from backbeat.sense.falls import Falls
from backbeat.sense.frame import Frame
from backbeat.sense.gait import LIGHT_MG2, Gait
from backbeat.sense.steps import PERIOD, Cadence, Steps
from backbeat.sense.travel import Travel

# What `feel` returns: a verdict of `falls` in the low bits, and these.
VERDICT = const(7)
STEP = const(8)
GAIT = const(16)
TRAVEL = const(32)


class Body:
    """Holds the senses. `step_age` is how many samples ago the step was that `feel` told; `peak` the largest
    acceleration in mg squared since `peak` was last set to 0.
    """

    def __init__(self, forward, up, sensitivity):
        self.frame = Frame(forward, up)
        self.falls = Falls(sensitivity)
        self.steps = Steps()
        self.cadence = Cadence()
        self.gait = Gait()
        self.travel = Travel()
        self.step_age = 0
        self.peak = 0
        self._odd = False
        self._x = self._y = self._z = 0
        self._light = 0

    def feel(self, at, ax, ay, az, gx, gy, gz):
        """Take one sample (counts, chip's axes) of the instant `at` in ms."""
        frame = self.frame
        frame.turn(ax, ay, az, gx, gy, gz)
        x, y, z = frame.x, frame.y, frame.z
        news = self.falls.feel(x, y, z, frame.p, frame.q)
        size = x * x + y * y + z * z
        if size > self.peak:
            self.peak = size
        if size < LIGHT_MG2:
            self._light += 1
        if not self._odd:
            self._odd = True
            self._x, self._y, self._z = x, y, z
            return news
        self._odd = False
        z = (self._z + z) >> 1
        age = self.steps.feel(z)
        if age >= 0:
            self.step_age = age * PERIOD
            news |= STEP
        if self.travel.feel((self._x + x) >> 1, (self._y + y) >> 1, z):
            news |= self._half_second(at)
        return news

    def _half_second(self, at):
        news = GAIT if self.gait.tell(self._light, self.cadence.tenths(at)) else 0
        self._light = 0
        if self.gait.gait == events.STILL:
            told = self.travel.stop()
        else:
            told = self.travel.tell(self.gait.gait == events.RUN)
        return news | TRAVEL if told else news
