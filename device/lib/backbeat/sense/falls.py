"""Tells a fall from everything else that shakes.

Every impact is a candidate. 0.2 s later posture and turn of the trunk say whether to suspect a fall (the log then keeps
the raw samples); 2.5 s later, where the trunk lies another way than before, the `figures` are weighed into a verdict.
Where the trunk turns so far that it may be a roll, `rolls` decides instead.
"""

from array import array

from micropython import const

from backbeat import events
from backbeat.sense import figures, rolls, stumbles, weights
from backbeat.sense.impacts import Impacts
from backbeat.sense.shake import mg
from backbeat.sense.trunk import Trunk

# In blocks of 8 samples (77 ms)
_SUSPECT_AFTER = const(2)  # 0.15 to 0.23 s after the impact
_DECIDE_AFTER = const(33)  # 2.5 s
_SETTLING = const(2)  # from 0.15 s ...
_LATER = const(13)  # ... to 1 s after the impact the trunk comes to lie
_UP_AGAIN = const(13)  # 1 s upright, running too: ready for another fall
_FORGET = const(780)  # 60 s after a fall the next may be called, upright or not
_ONE_STUMBLE = const(39)  # 3 s: the steps that catch it are no stumbles of their own

_SUSPECT_TURN = const(25)  # degrees: so far the trunk turned, ...
_SUSPECT_COS = const(850)  # ... and its direction changed by this, thousandths, and two more for each degree it turned:
# all but 2 of the 897 of SisFall's falls that are told, and 55 impacts in an hour of its other days
_LIES_COS = const(750)  # by 41 degrees or more: all but one of SisFall's falls, none of its walking, jogging, jumping
_MOST = const(540)  # degrees: a body that rolls turns about once, a device swung in a hand ten times
_RISES = const(300)  # thousandths nearer to upright than before: getting up, not falling
_MOVES_ON_MG = const(20)  # unrest of who walks on, several times that of sitting or standing

NOTHING = const(0)
SUSPECTED = const(1)
FELL = const(2)
ROLLED = const(3)
RECOVERED = const(4)


class Falls:
    """Feed it blocks; these tell about a verdict: `impact`, its sample (a roll's start), `peak` in mg, `direction`, one
    of `events.FALL_*`, and `suspected`, whether it was told as SUSPECTED before; a roll's further fields as in `rolls`.
    """

    def __init__(self, sensitivity):
        self.impact = self.peak = self.rotation = self.duration = self.upright_in = self.straightness = 0
        self.direction = events.FALL_UNKNOWN
        self.suspected = False
        self.trunk = Trunk()
        self.figures = array("i", [0] * figures.COUNT)
        self._threshold = weights.THRESHOLDS[sensitivity]
        self._impacts = Impacts()
        self._rolls = rolls.Rolls(self.trunk, self._impacts)
        self._stumbled = -_FORGET  # block
        self._down = 0  # block of the last fall while its wearer has not been up again, else 0

    def rolling(self):
        """Tell whether the body may be in a roll just now."""
        return self._rolls.rolling

    def feel(self, frame, shake):
        """Take a block of eight samples; give NOTHING, SUSPECTED, FELL, ROLLED or RECOVERED."""
        trunk = self.trunk
        trunk.past.close(frame, shake)
        now = trunk.past.count
        impacts = self._impacts
        impacts.consider(shake.top, shake.top_at)
        if now < rolls.SPIN:
            return NOTHING
        down = self._down
        if down and now - down > _UP_AGAIN and (trunk.stands() or now - down > _FORGET):
            down = self._down = 0
        if self._rolls.rolling:
            return self._follow_roll()
        if not down and self._rolls.begins():
            return NOTHING
        for number in range(impacts.first, impacts.end):
            block = impacts.at(number) >> 3
            age = now - block - 1
            if age >= _DECIDE_AFTER:
                impacts.first = number + 1
                verdict = NOTHING if down else self._decide(number)
                if verdict:
                    return verdict
            elif age == _SUSPECT_AFTER and not down and not impacts.suspected(number) and self._suspicious(block, now):
                impacts.suspect(number)
                return self._tell(SUSPECTED, number)
        return NOTHING

    def _suspicious(self, block, now):
        trunk = self.trunk
        trunk.compare(block, now - _SUSPECT_AFTER, now)
        trunk.turned(block, now)
        return trunk.turn > _SUSPECT_TURN and trunk.change - 2 * trunk.turn <= _SUSPECT_COS

    def _decide(self, number):
        block = self._impacts.at(number) >> 3
        if block < figures.EARLIEST:
            return NOTHING
        trunk = self.trunk
        now = trunk.past.count
        if self._is_fall(block, block + _SETTLING, block + _LATER, block):
            self._down = now
            number = self._impacts.hardest(number)
            block = self._impacts.at(number) >> 3
            trunk.turned(block, min(block + _LATER, now))
            trunk.lay(now - _LATER, now)
            return self._tell(FELL, number)
        if now - self._stumbled > _ONE_STUMBLE and stumbles.caught(trunk, block, mg(self._impacts.top(number))):
            self._stumbled = now
            trunk.turned(block, block + 1)  # the way it went, not the way back
            return self._tell(RECOVERED, number)
        return NOTHING

    def _is_fall(self, block, begin, end, before):
        """Tell whether an impact in `block`, after which the trunk lay as in blocks begin..end-1, was a fall.

        In what comes before the block `before` the trunk is as it was.
        """
        trunk = self.trunk
        trunk.compare(before, begin, end)
        if trunk.change >= _LIES_COS or trunk.after >= trunk.before + _RISES:
            return False
        now = trunk.past.count
        if trunk.stands() and trunk.unrest(now - _LATER, now) > _MOVES_ON_MG:
            return False
        return figures.take(self.figures, trunk, block) and self.weigh() > self._threshold

    def weigh(self):
        """Give how sure a fall is, from `figures`: log odds in millionths."""
        total = weights.BIAS
        for number in range(figures.COUNT):
            total += weights.WEIGHTS[number] * self.figures[number]
        return total

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
            self.upright_in = roll.upright_in
            self.straightness = roll.straightness
            return ROLLED
        block = roll.top_at >> 3
        now = self.trunk.past.count
        if roll.top == 0 or block < figures.EARLIEST or roll.rotation > _MOST:
            return NOTHING
        begin = roll.start >> 3  # the impact may be of one who came up, and toppled
        if not (self._is_fall(block, now - _LATER, now, block) or self._is_fall(block, now - _LATER, now, begin)):
            return NOTHING
        self.impact = roll.top_at
        self.suspected = roll.suspected
        self._down = now
        return FELL

    def _tell(self, verdict, number):
        self.impact = self._impacts.at(number)
        self.peak = mg(self._impacts.top(number))
        self.suspected = self._impacts.suspected(number)
        self.direction = self.trunk.direction
        return verdict
