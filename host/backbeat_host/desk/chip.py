"""The firmware's FIFO object on a slow adapter: it is looked at only when nothing else is due meanwhile.

A look takes an MCP2221 tens of milliseconds, and a beat must not wait for it.
"""

from collections import deque
from collections.abc import Callable
from typing import Any

from backbeat.ticks import diff

_LONGEST_MS = 200  # a look that never fits is made after so long all the same: the chip's memory holds seconds
_FIRST_COST_MS = 40  # of a transfer, until it has been measured
_GENTLY = 8  # the cost of the dearest transfer is forgotten by so small a share each time


class PatientFifo:
    """What `run` needs of a FIFO (see board/imu.py), from one that is slow.

    `room` gives the ms until the next beat or cue; it may be set later.
    """

    def __init__(self, fifo: Any, ticks_ms: Callable[[], int], at_hand: Callable[[], bool]) -> None:
        """`at_hand` tells whether the next sample needs no transfer."""
        self._fifo = fifo
        self._ticks_ms = ticks_ms
        self._at_hand = at_hand
        self.room: Callable[[], int] = lambda: _LONGEST_MS
        self.sample = fifo.sample
        self._stock: deque[list[int]] = deque()
        self._cost_ms = _FIRST_COST_MS
        self._took_ms = 0
        self._looked_at = ticks_ms()  # the end of the last look

    @property
    def works(self) -> bool:
        """Whether the chip answers."""
        return bool(self._fifo.works)

    @works.setter
    def works(self, works: bool) -> None:
        self._fifo.works = works

    @property
    def overrun(self) -> bool:
        """Whether samples were lost before those that wait."""
        return bool(self._fifo.overrun)

    @property
    def who(self) -> int:
        """The chip's WHO_AM_I, 0 before one was found."""
        return int(self._fifo.who)

    def restart(self) -> None:
        """Set the chip up and begin with an empty FIFO. Raises OSError when it is away."""
        self._stock.clear()
        self._fifo.restart()

    def level(self) -> int:
        """Fetch what there is time for; give how many samples waited, 0 when there is no time. Raises OSError."""
        began = self._ticks_ms()
        since = diff(began, self._looked_at)
        must = since >= _LONGEST_MS
        if since < self._took_ms or not (must or self._fits()):
            return 0  # half of the time at least is for the rest of the run
        try:
            waiting = int(self._fifo.level())
            dearest = diff(self._ticks_ms(), began)
            for number in range(waiting):
                if not (self._at_hand() or self._fits() or (must and not number)):
                    break  # the chip keeps them until the next look
                before = self._ticks_ms()
                if self._fifo.read():
                    self._stock.append(list(self._fifo.sample))
                dearest = max(dearest, diff(self._ticks_ms(), before))
        finally:
            self._looked_at = self._ticks_ms()
            self._took_ms = diff(self._looked_at, began)
        self._cost_ms = max(dearest, self._cost_ms - self._cost_ms // _GENTLY)
        return waiting

    def read(self) -> bool:
        """Take the next sample into `sample`; False when there was none."""
        if not self._stock:
            return False
        self.sample[:] = type(self.sample)(self.sample.typecode, self._stock.popleft())
        return True

    def _fits(self) -> bool:
        return self.room() > self._cost_ms

    def sleep(self) -> None:
        """Let the chip doze until it is moved."""
        self._stock.clear()
        self._fifo.sleep()

    def moved(self) -> bool:
        """Tell whether it was moved since. Raises OSError when it is away."""
        return bool(self._fifo.moved())
