"""Virtual time: one counter of nanoseconds that moves only when something on the board takes time.

Bus transfers, flash writes, computing and sleeping advance it; actions can be scheduled on it (a button press, a
power cut). It keeps counting through resets; only the processor's ticks start anew.
"""

import heapq
from collections.abc import Callable

from backbeat_host.lab.endings import Halt

TICKS_PERIOD = 2**29
"""`supervisor.ticks_ms()` wraps here."""
TICKS_AT_POWER_ON = TICKS_PERIOD - 65_536
"""On metal the first wrap comes about 65 s after power-on."""

_NEVER = 2**63
_NS_PER_MS = 1_000_000


class VirtualClock:
    """Nanoseconds since the first power-on, and the actions that wait for their instant."""

    def __init__(self, ticks_at_power_on: int = TICKS_AT_POWER_ON) -> None:
        self.ns = 0
        self.due = _NEVER
        """The earliest scheduled instant, -1 while halted: one comparison serves both. Before it, nothing happens."""
        self._ticks_at_power_on = ticks_at_power_on
        self.restart_ticks()
        self._waiting: list[tuple[int, int, Callable[[], object]]] = []
        self._order = 0
        self._halt: Halt | None = None

    def advance(self, ns: int) -> None:
        """Let `ns` nanoseconds pass."""
        target = self.ns + ns
        if target < self.due:
            self.ns = target
        else:
            self._run_to(target)

    def advance_to(self, ns: int) -> None:
        """Let time pass until `ns`; an instant already gone changes nothing."""
        self.advance(max(0, ns - self.ns))

    def idle_to(self, ns: int) -> None:
        """`advance_to` of one who waits for the outside: on a clock held to real time it may end sooner."""
        self.advance_to(ns)

    def schedule(self, ns: int, action: Callable[[], object]) -> None:
        """Run `action` at `ns`, when the clock passes it; of two at one instant, the first scheduled goes first.

        An instant already gone counts as now: the action runs at the next turn of the clock.
        """
        self._order += 1
        heapq.heappush(self._waiting, (ns, self._order, action))
        self._set_due()

    def ticks_ms(self) -> int:
        """`supervisor.ticks_ms()`: milliseconds of the processor, wrapping at 2**29."""
        return (self.ns - self._ticks_zero_ns) // _NS_PER_MS % TICKS_PERIOD

    def ticks_after(self, ns: int) -> int:
        """Let `ns` nanoseconds pass, then give the ticks: a look at the clock, which code does at every turn."""
        target = self.ns + ns
        if target < self.due:
            self.ns = target
        else:
            self._run_to(target)
        return (self.ns - self._ticks_zero_ns) // _NS_PER_MS % TICKS_PERIOD

    def monotonic_ns(self) -> int:
        """Nanoseconds since the processor's last start."""
        return self.ns - self._powered_on_ns

    def restart_ticks(self) -> None:
        """The processor starts: its ticks begin anew, time itself goes on."""
        self._powered_on_ns = self.ns
        self._ticks_zero_ns = self.ns - self._ticks_at_power_on * _NS_PER_MS

    @property
    def halted(self) -> bool:
        """Whether the processor is stopped."""
        return self._halt is not None

    def halt(self, reason: Halt) -> None:
        """Stop the processor: from now every turn of the clock raises `reason`, until `resume()`."""
        if self._halt is None:
            self._halt = reason
        self.due = -1

    def resume(self) -> None:
        """Let the processor run again."""
        self._halt = None
        self._set_due()

    def _set_due(self) -> None:
        if self._halt is not None:
            self.due = -1
        else:
            self.due = self._waiting[0][0] if self._waiting else _NEVER

    def _run_to(self, target: int) -> None:
        if self._halt is not None:
            raise self._halt
        try:
            while self._waiting and self._waiting[0][0] <= target:
                instant, _, action = heapq.heappop(self._waiting)
                self.ns = max(self.ns, instant)
                action()
                if self._halt is not None:
                    raise self._halt
            self.ns = max(self.ns, target)
        finally:
            self._set_due()
