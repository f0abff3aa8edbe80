"""A desk in virtual time: Blinka's real modules, a fake adapter, and a virtual chip behind it that feels a motion."""

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np
import pytest

from backbeat import events
from backbeat.session import Session
from backbeat_host.desk import adapter
from backbeat_host.lab.chip.i2c import VirtualBus
from backbeat_host.lab.chip.lsm6dsox import LSM6DSOX
from backbeat_host.lab.clock import VirtualClock
from backbeat_host.lab.motion import Recorded

from .mcp2221 import Mcp2221

SECOND = 10**9
_PASS_NS = 100_000  # a pass of the main loop on a laptop
_LOADED = (
    *("adafruit_blinka", "adafruit_platformdetect", "adafruit_bus_device", "adafruit_lsm6ds", "adafruit_register"),
    *("analogio", "board", "busio", "digitalio", "hid", "keypad", "microcontroller", "pwmio"),
)
_VARIABLES = (
    *("BLINKA_MCP2221", "BLINKA_FT232H", "BLINKA_U2IF", "BLINKA_SKIP_DEPENDENCY_CHECK"),
    *("BLINKA_MCP2221_RESET_DELAY", "RP2040_U2IF_RESET_DELAY"),
)


class Bench:
    """The desk. Rows play from the session's start on; instants are seconds of the session."""

    def __init__(
        self, rows: Any, kind: Callable[..., Any] = LSM6DSOX, adapter: Callable[[VirtualBus], Any] = Mcp2221
    ) -> None:
        self.clock = VirtualClock()
        self.bus = VirtualBus(self.clock)
        self.motion = Recorded(rows, 104)
        self.chip = kind(self.clock, self.motion)
        self.adapter = adapter(self.bus)
        self.told: list[tuple[int, tuple[int, ...]]] = []
        """When (ns of the virtual clock) each event was told, and its numbers."""
        self.started = 0
        self._plans: list[tuple[float, Callable[[], object]]] = []
        self.plug_chip()

    def at(self, seconds: float, action: Callable[[], object]) -> None:
        """Do something in the session."""
        self._plans.append((seconds, action))

    def plug_chip(self) -> None:
        self.chip.power_on()
        self.bus.attach(0x6A, self.chip)

    def unplug_chip(self) -> None:
        self.bus.detach(0x6A)

    def hear(self, numbers: tuple[int, ...]) -> None:
        if numbers[1] == events.SESSION_START:
            self.started = self.clock.ns
            self.motion.begin(self.chip.conversion_after(self.clock.ns))
            for seconds, action in self._plans:
                self.clock.schedule(self.clock.ns + round(seconds * SECOND), action)
        self.told.append((self.clock.ns, numbers))

    def of(self, code: int) -> list[tuple[int, tuple[int, ...]]]:
        """What was told by this code."""
        return [told for told in self.told if told[1][1] == code]


@contextmanager
def desk(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> Iterator[Bench]:
    """Put the bench under Blinka; afterwards nothing of Blinka is left."""
    clock = bench.clock
    kept = {name: module for name, module in sys.modules.items() if _is_loaded(name)}
    forget()
    for variable in _VARIABLES:
        monkeypatch.setenv(variable, "")
        monkeypatch.delenv(variable)
    bench.adapter.install(monkeypatch)
    monkeypatch.setattr(time, "sleep", lambda seconds: clock.advance(max(round(seconds * SECOND), _PASS_NS)))
    monkeypatch.setattr(time, "monotonic_ns", lambda: clock.ns)
    monkeypatch.setattr(time, "monotonic", lambda: clock.ns / SECOND)
    monkeypatch.setattr(adapter, "_serial_ports", list)
    monkeypatch.setattr(adapter, "_usb_devices", list)
    tell = Session.tell

    def heard(self: Session, code: int, a: int, b: int, c: int) -> None:
        tell(self, code, a, b, c)
        bench.hear((self._at, code, a, b, c))

    monkeypatch.setattr(Session, "tell", heard)
    try:
        yield bench
    finally:
        forget()
        sys.modules.update(kept)


def forget() -> None:
    for name in [name for name in sys.modules if _is_loaded(name)]:
        del sys.modules[name]


def _is_loaded(name: str) -> bool:
    return name.partition(".")[0] in _LOADED or name.startswith("backbeat.board")


def lively(rows: Any) -> np.ndarray:
    """Give rows with a little noise: those of a real chip never stand still."""
    noise = np.random.default_rng(5).integers(-3, 4, rows.shape)
    return (rows + noise).astype(np.int16)
