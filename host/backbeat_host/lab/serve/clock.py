"""The board's clock held to real time: never ahead of the wall's, and behind only when this machine is busy.

For a served board. What the board does still advances it; it is waited for here, where something from outside (a key,
ctrl-C, the end of serving) ends the wait.
"""

import time
from collections.abc import Callable

from backbeat_host.lab.clock import TICKS_AT_POWER_ON, VirtualClock

_AHEAD_NS = 1_000_000  # so far ahead is nothing to wait for: no wait of an operating system is shorter
_SLICE_NS = 10_000_000  # of a wait, after which what was scheduled in it happens
_BEHIND_NS = 1_000_000_000  # farther behind, the machine was held up: go on from here; sooner on a faster clock
_NS_PER_S = 10**9


class RealClock(VirtualClock):
    """Nanoseconds that pass as on the wall, or `speed` times as fast."""

    def __init__(self, speed: float = 1.0) -> None:
        super().__init__(TICKS_AT_POWER_ON)
        self.wait: Callable[[float], object] = time.sleep
        """Waits so many seconds, or less when something came from outside."""
        self.broken: Callable[[], bool] = lambda: False
        """Whether the code is to be interrupted: then no wait is long."""
        self._speed = speed
        self._behind_ns = int(_BEHIND_NS / max(1.0, speed))
        self._zero_ns = time.monotonic_ns()
        self._reached_ns = 0

    def advance(self, ns: int) -> None:
        """Let `ns` nanoseconds pass, here and on the wall."""
        target = self.ns + ns
        while target - self._reached_ns >= _AHEAD_NS and self.due >= 0 and target - self._wall() >= _AHEAD_NS:
            if self.broken():
                target = self.ns
                break
            self.wait(min(target - self._reached_ns, _SLICE_NS) / self._speed / _NS_PER_S)
            super().advance(max(0, min(target, self._wall()) - self.ns))
        super().advance(max(0, target - self.ns))

    def ticks_after(self, ns: int) -> int:
        """Let `ns` nanoseconds pass, then give the ticks."""
        self.advance(ns)
        return self.ticks_ms()

    def idle_to(self, ns: int) -> None:
        """Wait until `ns`, or less when something comes from outside."""
        if (left := ns - self._wall()) > 0:
            self.wait(min(left, _SLICE_NS * 2) / self._speed / _NS_PER_S)
        super().advance(max(0, min(ns, self._wall()) - self.ns))

    def catch_up(self) -> None:
        """Code that only computes takes the time that it takes here."""
        super().advance(max(0, self._wall() - self.ns))

    def _wall(self) -> int:
        now = time.monotonic_ns()
        wall = int((now - self._zero_ns) * self._speed)
        if wall - self.ns > self._behind_ns:
            self._zero_ns += int((wall - self.ns) / self._speed)
            wall = self.ns
        self._reached_ns = wall
        return wall
