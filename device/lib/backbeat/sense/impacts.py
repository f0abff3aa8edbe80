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
        self.first = self.end = 0
        self._at = array("i", [0] * _QUEUE)
        self._top = array("i", [0] * _QUEUE)
        self._suspected = bytearray(_QUEUE)

    def at(self, number):
        """Give an impact's sample."""
        return self._at[number & _SLOT]

    def top(self, number):
        """Give its size (see `shake`)."""
        return self._top[number & _SLOT]

    def suspected(self, number):
        """Tell whether it is suspected of being a fall."""
        return self._suspected[number & _SLOT] == 1

    def suspect(self, number):
        """Note that it is."""
        self._suspected[number & _SLOT] = 1

    def consider(self, top, at):
        """Take a block's largest size: no impact, a new one, or the same as the last and harder."""
        if top <= _CANDIDATE:
            return
        slot = (self.end - 1) & _SLOT
        if self.end == self.first or at - self._at[slot] > _HALF_SECOND:
            slot = self.end & _SLOT
            self.end += 1
            self.first = max(self.first, self.end - _QUEUE)
            self._suspected[slot] = 0
        elif top <= self._top[slot]:
            return
        self._at[slot] = at
        self._top[slot] = top

    def hardest(self, number):
        """Give the hardest from `number` on, and end them all: a stride may have noticed the fall after it."""
        for other in range(number + 1, self.end):
            if self.top(other) > self.top(number):
                number = other
        self.first = self.end
        return number
