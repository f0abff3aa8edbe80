"""Tells a fall from everything else that shakes.

Every impact above 1.6 g, the largest within half a second, is a candidate. 0.2 s later posture and trunk rotation say
whether to suspect a fall (the log then keeps the raw samples); 2.5 s later six figures, each with a physical meaning,
are weighed into a verdict. Where the trunk turns so far that it may be a roll, `rolls` decides instead.
"""

from micropython import const

from backbeat import events
from backbeat.sense import rolls
from backbeat.sense.impacts import Impacts
from backbeat.sense.shake import mg
from backbeat.sense.trunk import UPRIGHT, Trunk

# Stretches of time in blocks of 8 samples (77 ms).
_SUSPECT_AFTER = const(2)  # 0.15 to 0.23 s after the impact
_DECIDE_AFTER = const(33)  # 2.5 s
_LATER = const(13)  # 1 s after the impact things have settled
_UP_AGAIN = const(13)  # 1 s upright: ready for another fall
_FORGET = const(780)  # 60 s after a fall the next may be called, upright or not

_SUSPECT_COS = const(900)  # thousandths: the trunk's direction changed by 26 degrees or more, ...
_SUSPECT_TURN = const(25)  # ... turning by so many degrees: 97 % of SisFall's falls
_MOVES_ON_MG = const(25)  # unrest of someone who walks on, several times that of sitting or standing
_STUMBLE_MG = const(2000)
_STUMBLE_TURN = const(45)  # degrees: fast jogging turns the trunk by up to 42 within 1.5 s (SisFall D04)
_ONE_STUMBLE = const(39)  # blocks, 3 s: the steps that catch it are no stumbles of their own

# The weighing: each figure is limited, multiplied and summed; above the threshold it is a fall.
# Logistic regression (log odds times 10,000) over the candidates of 2313 trials of SisFall's recordings; scored by
# subject in 5 folds, at the middle threshold: sensitivity 99.4 %, specificity 98.3 %.
_PEAK_LIMIT = const(8000)  # mg
_UNREST_LIMIT = const(250)  # mg
_TURN_LIMIT = const(150)  # degrees
_W_PEAK = const(15)  # a hard impact
_W_CHANGE = const(-48)  # the trunk lies another way than before
_W_AFTER = const(-47)  # not upright after
_W_UNREST = const(-150)  # still after
_W_BEFORE = const(50)  # upright before
_W_TURN = const(287)  # the trunk turned fast
THRESHOLDS = (89000, 74000, 64000)  # fall.sensitivity low, normal, high

NOTHING = const(0)
SUSPECTED = const(1)
FELL = const(2)
ROLLED = const(3)
RECOVERED = const(4)


class Falls:
    """Feed it blocks; when `feel` returns a verdict the fields tell about it.

    `impact` is the sample number of the impact (for a roll: of its start), `peak` the impact in mg, `direction` one
    of `events.FALL_*`, `suspected` whether the impact was told as SUSPECTED before; for a roll `rotation` is in
    degrees and `duration` in samples.
    """

    def __init__(self, sensitivity):
        self.impact = self.peak = self.rotation = self.duration = 0
        self.direction = events.FALL_UNKNOWN
        self.suspected = False
        self.trunk = Trunk()
        self._threshold = THRESHOLDS[sensitivity]
        self._impacts = Impacts()
        self._rolls = rolls.Rolls(self.trunk, self._impacts)
        self._stumbled = -_FORGET  # block
        self._down = 0  # block of the last fall while its wearer has not been up again, else 0

    def rolling(self):
        """Tell whether the body may be in a roll just now."""
        return self._rolls.rolling

    def feel(self, frame, shake):
        """Take a block of eight samples; return NOTHING, SUSPECTED, FELL, ROLLED or RECOVERED."""
        trunk = self.trunk
        trunk.feel(frame, shake)
        now = trunk.past.count
        impacts = self._impacts
        impacts.consider(trunk.top, trunk.top_at)
        if now < rolls.SPIN:
            return NOTHING
        if self._down and (trunk.upright >= _UP_AGAIN or now - self._down > _FORGET):
            self._down = 0
        if self._rolls.rolling:
            return self._follow_roll()
        if not self._down and self._rolls.begins():
            return NOTHING
        for number in range(impacts.first, impacts.end):
            age = now - (impacts.at(number) >> 3) - 1
            if age >= _DECIDE_AFTER:
                impacts.first = number + 1
                verdict = self._decide(number)
                if verdict:
                    return verdict
            elif age == _SUSPECT_AFTER and not impacts.suspected(number) and self._suspicious(number):
                impacts.suspect(number)
                return self._tell(SUSPECTED, number)
        return NOTHING

    def _suspicious(self, number):
        if self._down:
            return False
        trunk = self.trunk
        now = trunk.past.count
        block = self._impacts.at(number) >> 3
        trunk.compare(block, now - _SUSPECT_AFTER, now)
        if trunk.change > _SUSPECT_COS:
            return False
        trunk.turned(block, now)
        return trunk.turn > _SUSPECT_TURN

    def _decide(self, number):
        if self._down:
            return NOTHING
        trunk = self.trunk
        now = trunk.past.count
        settled = now - _DECIDE_AFTER + _LATER
        block = self._impacts.at(number) >> 3
        trunk.compare(block, settled, now)
        trunk.turned(block, settled)
        unrest = trunk.unrest(settled, now)
        peak = mg(self._impacts.top(number))
        weight = (
            _W_PEAK * min(peak, _PEAK_LIMIT)
            + _W_CHANGE * trunk.change
            + _W_AFTER * trunk.after
            + _W_UNREST * min(unrest, _UNREST_LIMIT)
            + _W_BEFORE * trunk.before
            + _W_TURN * min(trunk.turn, _TURN_LIMIT)
        )
        if weight > self._threshold:
            return self._fell(number)
        if (
            self._impacts.suspected(number)
            and peak > _STUMBLE_MG
            and trunk.turn > _STUMBLE_TURN
            and trunk.before > UPRIGHT
            and trunk.after > UPRIGHT
            and unrest > _MOVES_ON_MG
            and now - self._stumbled > _ONE_STUMBLE
        ):
            self._stumbled = now
            trunk.turned(block, block + 1)  # the way it went, not the way back
            return self._tell(RECOVERED, number)
        return NOTHING

    def _fell(self, number):
        trunk = self.trunk
        now = self._down = trunk.past.count
        trunk.upright = 0
        number = self._impacts.hardest(number)
        block = self._impacts.at(number) >> 3
        trunk.turned(block, min(block + _LATER, now))
        return self._tell(FELL, number)

    def _follow_roll(self):
        roll = self._rolls
        end = roll.follow()
        if end == rolls.GOING_ON or end == rolls.THERE_AND_BACK:
            return NOTHING
        self.direction = self.trunk.direction
        self.peak = mg(roll.top)
        if end == rolls.UP_AGAIN:
            self.impact = roll.start
            self.rotation = roll.rotation
            self.duration = roll.duration
            return ROLLED
        self.impact = roll.top_at
        self.suspected = roll.suspected
        self._down = self.trunk.past.count
        return FELL

    def _tell(self, verdict, number):
        self.impact = self._impacts.at(number)
        self.peak = mg(self._impacts.top(number))
        self.suspected = self._impacts.suspected(number)
        self.direction = self.trunk.direction
        return verdict
