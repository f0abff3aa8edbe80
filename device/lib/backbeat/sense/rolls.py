"""Is it a roll? A trunk that turns by 200 degrees within two seconds is given time to come up again.

A roll has passed head-down and ends upright. One that stays down for 6 s is a fall; a turn there and back is nothing.
"""

from micropython import const

from backbeat.sense import blocks
from backbeat.sense.trunk import UPRIGHT

# In blocks of 8 samples (77 ms)
SPIN = const(26)  # 2 s: a roll makes most of its turn in less
_PATIENCE = const(74)  # 5.7 s, and with the hand before it (_LEAD) 6
_SETTLED = const(13)  # 1 s upright on the whole, and ...
_NOW = const(6)  # ... 0.5 s now: who topples out of the crouch has not come up
_SPIN_DEGREES = const(200)  # in 360 simulated backward falls the trunk turns 175 degrees at the most (SisFall)
_WHOLE_DEGREES = const(265)  # so far, it was head-down though the floor's push may have hidden it
_ON_DEGREES = const(15)  # the turn goes on when it grows by so much
_RISING = const(500)  # cos 60 degrees, thousandths: above it who comes out of a roll crouches, and a lying trunk is at
# 300; below it the trunk has been at some time in it, or it is a gyro gone wrong (SisFall's D05_SE07_R01)
_LEAD = const(26)  # samples, 0.25 s: the hand that reaches the ground first

GOING_ON = const(0)
UP_AGAIN = const(1)
STAYED_DOWN = const(2)
THERE_AND_BACK = const(3)


class Rolls:
    """Ask it once a block; while `rolling`, `follow` decides.

    Then `start` (sample), `rotation` (degrees), `duration` of the turn and `upright_in`, from its start until the
    wearer is up (samples), and `straightness` (percent of the turn that went about its main axis) tell of the roll;
    `top` (size), `top_at` (sample) and `suspected` of its hardest impact.
    """

    def __init__(self, trunk, impacts):
        self.rolling = self.suspected = False
        self.start = self.rotation = self.duration = self.upright_in = self.straightness = self.top = self.top_at = 0
        self._trunk = trunk
        self._impacts = impacts
        self._over = 0  # block: the one before ended here
        self._from = 0
        self._to = 0  # the block after the turn's last
        self._lowest = 0  # cos of the trunk to up, thousandths

    def begins(self):
        """Tell whether the trunk has turned so far that it may be rolling; from then on it is `rolling`."""
        trunk = self._trunk
        end = trunk.past.count
        first = max(end - SPIN, self._over)
        if trunk.calm(end - 1) or trunk.spun(first, end) <= _SPIN_DEGREES:
            return False
        begin = end - 1
        while begin > first and not trunk.calm(begin - 1):
            begin -= 1
        self._from = begin
        self._to = end
        self.rotation = trunk.spun(begin, end)
        self._lowest = UPRIGHT
        for block in range(begin + 2, end + 1):
            self._lowest = min(self._lowest, trunk.leans(block - 2, block))
        self.start = self.top_at = begin * blocks.SAMPLES
        self.top = 0
        self.rolling = True
        self.suspected = False
        self._take_impacts()
        return True

    def follow(self):
        """Look once more; give GOING_ON, UP_AGAIN, STAYED_DOWN or THERE_AND_BACK."""
        self._take_impacts()
        trunk = self._trunk
        now = trunk.past.count
        begin = self._from
        self._lowest = min(self._lowest, trunk.leans(now - 2, now))
        if not trunk.calm(now - 1):
            turn = trunk.spun(begin, now)
            if turn > self.rotation + _ON_DEGREES:
                self.rotation = turn
                self._to = now
        up = self._is_up(now)
        if not up and now - begin < _PATIENCE:
            return GOING_ON
        self.rolling = False
        self._over = now
        end = self._to
        rotation = self.rotation = trunk.spun(begin, end)
        if not up:
            return STAYED_DOWN
        trunk.first = now - _SETTLED
        self.duration = (end - begin) * blocks.SAMPLES
        self.upright_in = (now - _SETTLED - begin) * blocks.SAMPLES
        self.straightness = trunk.straightness(begin, end)
        if rotation > _WHOLE_DEGREES:
            whole = self._lowest < _RISING
        else:
            whole = self._lowest < 0 and rotation > _SPIN_DEGREES
        return UP_AGAIN if whole else THERE_AND_BACK

    def _is_up(self, now):
        trunk = self._trunk
        if now < self._to + _SETTLED or not trunk.steady():
            return False
        least = _RISING if self.rotation > _WHOLE_DEGREES else UPRIGHT
        return trunk.leans(now - _SETTLED, now) > least and trunk.leans(now - _NOW, now) > least

    def _take_impacts(self):
        """No impact until the end is judged by itself; those since the start belong to the roll."""
        impacts = self._impacts
        for number in range(impacts.first, impacts.end):
            at = impacts.at(number)
            if at >= self.start - _LEAD:
                if impacts.top(number) > self.top:
                    self.top = impacts.top(number)
                    self.top_at = at
                self.suspected = self.suspected or impacts.suspected(number)
        impacts.first = impacts.end
