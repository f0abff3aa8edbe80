"""Left or right: which foot a step of a walk is by.

While one foot alone carries a walker, it pushes the trunk toward the other side; so the push alternates from step to
step (Zijlstra and Hof, Gait & Posture 18:1, 2003). The trunk also rolls from step to step and then weighs on the side
axis, as much as the push: the gyro takes that out. Runners are pushed too little against how they roll, and who goes
sideways pushes that way.
"""

from micropython import const

from backbeat import events
from backbeat.sense.blocks import RING

_FAR = const(16)  # blocks, 1.2 s: a longer pause, and the steps begin anew
_CLIP = const(100)  # mg: a turn or a jostle is no stronger push
_SCALE = const(43)  # 1/32: rolling by a degree puts 17.5 mg on the side axis; 13 blocks are a second
_SURE = const(80)  # mg that alternate, of 400 at the most


class Feet:
    """Give it each `step` of a walk; then `foot` is events.LEFT or RIGHT, or NOWHERE where that cannot be told."""

    def __init__(self):
        self.foot = events.NOWHERE
        self._before = self._last = -_FAR  # blocks of the last two steps
        self._swing = 0  # mg: how far the changes alternate; each step a quarter fades

    def step(self, at, past):
        """A step at sample `at`; `past` are the trunk's `Blocks`."""
        begin = self._before
        last = self._last
        end = at >> 3
        self._before = last
        self._last = end
        self.foot = events.NOWHERE
        if not (0 < end - last < _FAR and 0 < last - begin < _FAR):
            self._swing = 0
            return
        roll = before = after = 0
        for block in range(begin, end):
            at = block & RING
            roll += past.p[at]
            push = past.y[at] - (roll * _SCALE >> 5)
            if block < last:
                before += push
            else:
                after += push
        change = after // (end - last) - before // (last - begin)
        swing = self._swing = min(max(change, -_CLIP), _CLIP) - self._swing * 3 // 4
        if abs(swing) > _SURE:
            self.foot = events.LEFT if swing > 0 else events.RIGHT
