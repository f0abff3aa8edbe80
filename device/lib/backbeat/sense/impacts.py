"""The impacts of the last seconds that may yet turn out to be a fall: the largest within half a second each."""

from array import array

from micropython import const

_CANDIDATE = const(1536 * 1536)  # 1.5 g: the weakest impacts of SisFall's falls lie at 1.65 g
_HALF_SECOND = const(52)  # samples
_QUEUE = const(8)  # they lie half a second apart and wait 2.5 s: never more than 6
_SLOT = const(7)


class Impacts:
    """A queue of numbers `first` to `end - 1` (they only grow), each with `at`, `top` and `suspected`."""

    def __init__(self):
        self.first = 0
        self.end = 0
        self._at = array("i", [0] * _QUEUE)  # sample
        self._top = array("i", [0] * _QUEUE)  # the size
        self._suspected = array("i", [0] * _QUEUE)

    def at(self, number):
        """Give the sample of an impact."""
        return self._at[number & _SLOT]

    def top(self, number):
        """Give the size (see `shake`) of an impact."""
        return self._top[number & _SLOT]

    def suspected(self, number):
        """Tell whether an impact is suspected of being a fall."""
        return self._suspected[number & _SLOT] == 1

    def suspect(self, number):
        """Note that it is."""
        self._suspected[number & _SLOT] = 1

    def consider(self, top, at):
        """Take a block's largest size: no impact, a new one, or the same as the last and harder."""
        if top <= _CANDIDATE:
            return
        slot = (self.end - 1) & _SLOT
        if self.end > self.first and at - self._at[slot] <= _HALF_SECOND:
            if top > self._top[slot]:
                self._top[slot] = top
                self._at[slot] = at
            return
        slot = self.end & _SLOT
        self.end += 1
        if self.end - self.first > _QUEUE:
            self.first += 1
        self._at[slot] = at
        self._top[slot] = top
        self._suspected[slot] = 0

    def hardest(self, number):
        """Give the hardest from `number` on, and end them all: a stride may have noticed the fall after it."""
        best = number
        for other in range(number, self.end):
            if self.top(other) > self.top(best):
                best = other
        self.first = self.end
        return best
