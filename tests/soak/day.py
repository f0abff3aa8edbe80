"""An endless day of a runner: acts of the synthetic runner, one after the other, for whoever asks what a chip feels.

Made once a process and played again and again, so that a day costs no more memory than an hour.
"""

import random
from collections.abc import Sequence
from functools import cache

from backbeat_host.lab.motion import Recorded
from backbeat_host.lab.recordings.trial import RATE_HZ, Rows
from backbeat_host.lab.runner.acts import Act, BackwardRoll, Fall, GetUp, Glance, Lie, Run, Stand, Stumble, Walk
from backbeat_host.lab.runner.synthetic import synthetic

NS_PER_S = 10**9
_STILL = "still"
_STILL_TIMES = (8, 14)  # of 40 s: five to nine minutes on a bench
# Each act begins and ends standing; how often it comes, in parts of the whole.
_ACTS: dict[str, tuple[int, list[Act]]] = {
    _STILL: (1, [Stand(40)]),
    "stand": (3, [Stand(25)]),
    "walk": (4, [Stand(2), Walk("forward", 50), Stand(3)]),
    "walk back": (4, [Stand(2), Walk("backward", 45, speed=1.0, cadence=106), Stand(3)]),
    "side steps": (1, [Stand(2), Walk("left", 15), Walk("right", 15), Stand(3)]),
    "run": (6, [Stand(2), Run("forward", 70, cadence=166, speed=2.9), Stand(4)]),
    "run back": (8, [Stand(2), Run("backward", 60), Glance("left"), Run("backward", 30), Stand(4)]),
    "stumble": (2, [Stand(2), Run("backward", 30), Stumble(), Run("backward", 25), Stand(4)]),
    "roll": (2, [Stand(4), BackwardRoll(), Stand(5)]),
    "fall and run on": (4, [Stand(2), Run("backward", 20), Fall("backward"), Lie(4), GetUp(), Run("forward", 30)]),
    "fall and lie": (4, [Stand(2), Run("backward", 15), Fall("left"), Lie(75), GetUp(), Stand(4)]),
    "fall forward": (2, [Stand(2), Run("forward", 15), Fall("forward"), Lie(30), GetUp(), Stand(4)]),
}
_TAKES = 2  # of each, with another seed


@cache
def _rows(name: str, take: int) -> Rows:
    return synthetic(_ACTS[name][1], seed=100 * take + len(name)).rows


class Day:
    """A `Motion`. Asked for instants in ascending order; what nobody asks for is skipped."""

    def __init__(self, dice: random.Random) -> None:
        self.doing = ""
        self._dice = dice
        self._again = 0
        self._until = 0
        self._playing: Recorded | None = None

    @property
    def sits(self) -> bool:
        """Whether the runner rests for some minutes."""
        return self.doing == _STILL

    def at(self, ns: int) -> Sequence[int]:
        """The row nearest to the instant `ns`."""
        if ns >= self._until:
            self._next(ns)
        assert self._playing is not None
        return self._playing.at(ns)

    def _next(self, ns: int) -> None:
        if self._again:
            self._again -= 1
        else:
            names = list(_ACTS)
            self.doing = self._dice.choices(names, [_ACTS[name][0] for name in names])[0]
            if self.doing == _STILL:
                self._again = self._dice.randint(*_STILL_TIMES)
        rows = _rows(self.doing, self._dice.randrange(_TAKES))
        self._playing = Recorded(rows, RATE_HZ)
        self._playing.begin(ns)
        self._until = ns + len(rows) * NS_PER_S // RATE_HZ
