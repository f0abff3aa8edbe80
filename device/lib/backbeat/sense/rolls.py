"""Is it a roll? A trunk that turns by 200 degrees within two seconds is given time to come up again.

A roll has passed head-down and ends upright. One that stays down for 6 s is a fall; a turn there and back is nothing.
"""

from micropython import const

from backbeat.sense import blocks

# In blocks of 8 samples (77 ms).
SPIN = const(26)  # 2 s: a roll makes most of its turn in less
_PATIENCE = const(78)  # 6 s
_SETTLED = const(6)  # 0.5 s
_SPIN_DEGREES = const(200)  # in 360 simulated backward falls the trunk turns 175 degrees at the most (SisFall)

GOING_ON = const(0)
UP_AGAIN = const(1)
STAYED_DOWN = const(2)
THERE_AND_BACK = const(3)


class Rolls:
    """Ask it once a block. While `rolling`, `follow` decides; then `start` (sample), `rotation` (degrees), `duration`
    (samples) tell of the roll, and `top` (size), `top_at` (sample) and `suspected` of its hardest impact.
    """

    def __init__(self, trunk, impacts):
        self.rolling = False
        self.start = self.rotation = self.duration = 0
        self.top = self.top_at = 0
        self.suspected = False
        self._trunk = trunk
        self._impacts = impacts
        self._from = 0  # block

    def begins(self):
        """Tell whether the trunk has turned so far that it may be rolling; from then on it is `rolling`."""
        trunk = self._trunk
        end = trunk.past.count
        trunk.spun(end - SPIN, end)
        if trunk.turn <= _SPIN_DEGREES:
            return False
        begin = end - 1
        while begin > end - SPIN and not trunk.calm(begin - 1):
            begin -= 1
        self.rolling = True
        self._from = begin
        trunk.upright = 0
        self.top = 0
        self.top_at = self.start = begin * blocks.SAMPLES
        self.suspected = False
        self._take_impacts()
        return True

    def follow(self):
        """Look once more; give GOING_ON, UP_AGAIN, STAYED_DOWN or THERE_AND_BACK."""
        self._take_impacts()
        trunk = self._trunk
        now = trunk.past.count
        up = trunk.upright >= _SETTLED
        if not up and now - self._from < _PATIENCE:
            return GOING_ON
        self.rolling = False
        trunk.spun(self._from, now)
        self.rotation = trunk.turn
        if not up:
            return STAYED_DOWN
        self.duration = (now - trunk.upright - self._from) * blocks.SAMPLES
        whole = trunk.turn > _SPIN_DEGREES and trunk.head_down(self._from, now)
        return UP_AGAIN if whole else THERE_AND_BACK

    def _take_impacts(self):
        """The impacts of the last seconds belong to the roll: none of them is judged by itself."""
        impacts = self._impacts
        for number in range(impacts.first, impacts.end):
            if impacts.top(number) > self.top:
                self.top = impacts.top(number)
                self.top_at = impacts.at(number)
            if impacts.suspected(number):
                self.suspected = True
        impacts.first = impacts.end
