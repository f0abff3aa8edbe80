"""The watchdog: not fed in time, it resets the processor (or raises in the running code).

Simulated: timeout, feeding, both modes, that RESET cannot be left. Faked: it bites exactly on time.
"""

from enum import Enum
from types import ModuleType

from backbeat_host.lab.circuitpython.hardware import Hardware, module
from backbeat_host.lab.endings import BoardReset

_NS_PER_S = 10**9
_LONGEST_S = 8.388607


class WatchDogMode(Enum):
    """`watchdog.WatchDogMode`."""

    RAISE = 0
    RESET = 1


class WatchDogTimeout(Exception):  # noqa: N818  (CircuitPython's name)
    """`watchdog.WatchDogTimeout`."""


class WatchDogTimer:
    """`microcontroller.watchdog`."""

    def __init__(self, hardware: Hardware) -> None:
        self._hardware = hardware
        self._timeout_ns = 0
        self._mode: WatchDogMode | None = None
        self._deadline = 0
        self._watching = False

    @property
    def timeout(self) -> float | None:
        """Seconds until it bites."""
        return self._timeout_ns / _NS_PER_S if self._timeout_ns else None

    @timeout.setter
    def timeout(self, seconds: float) -> None:
        if not 0 < seconds <= _LONGEST_S:
            raise ValueError("timeout duration exceeded the maximum supported value")
        self._timeout_ns = round(seconds * _NS_PER_S)
        self.feed_silently()

    @property
    def mode(self) -> WatchDogMode | None:
        """What it does when it bites; None while it sleeps."""
        return self._mode

    @mode.setter
    def mode(self, mode: WatchDogMode | None) -> None:
        if self._mode is WatchDogMode.RESET and mode is not WatchDogMode.RESET:
            raise NotImplementedError("WatchDogTimer cannot be deinitialized once mode is set to RESET")
        if mode is not None and not self._timeout_ns:
            raise ValueError("WatchDogTimer.timeout must be greater than 0")
        self._mode = mode
        self.feed_silently()
        if mode is not None and not self._watching:
            self._watching = True
            self._hardware.clock.schedule(self._deadline, self._check)

    def feed(self) -> None:
        """Ask for another `timeout`."""
        if self._mode is None:
            raise ValueError("WatchDogTimer is not currently running")
        self.feed_silently()

    def feed_silently(self) -> None:
        """Move the deadline."""
        self._deadline = self._hardware.clock.ns + self._timeout_ns

    def deinit(self) -> None:
        """Stop watching, where the mode lets it."""
        self.mode = None

    def stop(self) -> None:
        """The processor starts anew: this watchdog is no more."""
        self._mode = None

    def _check(self) -> None:
        self._watching = False
        if self._mode is None:
            return
        clock = self._hardware.clock
        if clock.ns < self._deadline:
            self._watching = True
            clock.schedule(self._deadline, self._check)
        elif self._mode is WatchDogMode.RESET:
            clock.halt(BoardReset(by_watchdog=True))
        else:
            self._mode = None
            raise WatchDogTimeout("Watchdog timer expired.")


def watchdog_module() -> ModuleType:
    """`watchdog`."""
    return module("watchdog", WatchDogMode=WatchDogMode, WatchDogTimeout=WatchDogTimeout, WatchDogTimer=WatchDogTimer)
