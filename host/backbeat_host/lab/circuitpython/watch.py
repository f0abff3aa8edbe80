"""The watchdog: not fed in time, it resets the processor (or raises in the running code).

Simulated: timeout, feeding, both modes, that RESET cannot be left and, on an nRF52840, outlives a reset, after which
nothing but a new RESET mode feeds it. Faked: it bites exactly on time.
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
        self._raises_ns = 0

    @property
    def timeout(self) -> float | None:
        """Seconds until it bites."""
        return self._timeout_ns / _NS_PER_S if self._timeout_ns else None

    @timeout.setter
    def timeout(self, seconds: float) -> None:
        if not 0 < seconds <= _LONGEST_S:
            raise ValueError("timeout duration exceeded the maximum supported value")
        self._timeout_ns = round(seconds * _NS_PER_S)
        self._postpone()

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
        changed = mode is not self._mode
        self._mode = mode
        self._postpone()
        if changed and mode is not None:
            self._look() if mode is WatchDogMode.RAISE else _guard(self._hardware)

    def feed(self) -> None:
        """Ask for another `timeout`."""
        if self._mode is None:
            raise ValueError("WatchDogTimer is not currently running")
        self._postpone()

    def deinit(self) -> None:
        """Stop watching, where the mode lets it."""
        self.mode = None

    def stop(self) -> None:
        """The code is gone: nobody is left to raise in."""
        self._mode = None

    def _postpone(self) -> None:
        deadline = self._hardware.clock.ns + self._timeout_ns
        if self._mode is WatchDogMode.RESET:
            self._hardware.watchdog_ns = deadline
        else:
            self._raises_ns = deadline

    def _look(self) -> None:
        if self._mode is not WatchDogMode.RAISE:
            return
        clock = self._hardware.clock
        if clock.ns < self._raises_ns:
            clock.schedule(self._raises_ns, self._look)
        else:
            self._mode = None
            raise WatchDogTimeout("Watchdog timer expired.")


def _guard(hardware: Hardware) -> None:
    """The part of it that runs on without any code; each call looks again at the next deadline."""
    clock, deadline = hardware.clock, hardware.watchdog_ns
    if deadline is None:
        return
    if clock.ns < deadline:
        clock.schedule(deadline, lambda: _guard(hardware))
    else:
        hardware.watchdog_ns = None
        clock.halt(BoardReset(by_watchdog=True))


def watchdog_module() -> ModuleType:
    """`watchdog`."""
    return module("watchdog", WatchDogMode=WatchDogMode, WatchDogTimeout=WatchDogTimeout, WatchDogTimer=WatchDogTimer)
