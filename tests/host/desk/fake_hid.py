"""A fake `hid` with one device of 64-byte reports on a plug that can be pulled, in virtual time.

Each report takes the millisecond of a full-speed interrupt endpoint.
"""

import sys
from abc import ABC, abstractmethod
from typing import Any

import pytest

from backbeat_host.lab.chip.i2c import I2C, VirtualBus

REPORT = 64
_REPORT_NS = 1_000_000


class FakeHid(ABC):
    """The device; it stands in for the module `hid`, too."""

    USB = (0, 0)

    def __init__(self, bus: VirtualBus) -> None:
        self.bus = bus
        self.plugged = True
        self.plug()

    def install(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """Be plugged into this machine."""
        monkeypatch.setitem(sys.modules, "hid", self)

    # ---- the module ----

    def enumerate(self) -> list[dict[str, int]]:
        return [{"vendor_id": self.USB[0], "product_id": self.USB[1]}] if self.plugged else []

    def device(self) -> "Handle":
        return Handle(self)

    # ---- the plug ----

    def pull(self) -> None:
        """Pull it: what was open is dead for ever."""
        self.plugged = False

    def plug(self) -> None:
        """Plug it in: it begins anew."""
        self.life = object()  # what was opened in another life is dead
        self.reset()
        self.plugged = True

    # ---- the device ----

    @abstractmethod
    def reset(self) -> None:
        """Begin anew."""

    @abstractmethod
    def take(self, report: bytes, answer: bytearray) -> bool:
        """Fill the answer to a report; False when there is none."""

    def i2c(self, frequency: int) -> I2C:
        """Give the bus, locked."""
        made = I2C(self.bus, frequency, lambda: None)
        made.try_lock()
        return made


class Handle:
    """What `hid.device()` gives."""

    def __init__(self, adapter: FakeHid) -> None:
        self._adapter = adapter
        self._life: Any = None
        self._answer: bytes | None = None

    def open(self, vid: int, pid: int) -> None:
        if (vid, pid) != self._adapter.USB or not self._adapter.plugged:
            raise OSError("open failed")
        self._life = self._adapter.life

    def close(self) -> None:
        self._life = None

    def write(self, frame: bytes) -> int:
        self._adapter.bus.clock.advance(_REPORT_NS)
        if not self._lives():
            return -1
        assert len(frame) == REPORT + 1 and frame[0] == 0
        answer = bytearray(REPORT)
        answer[0] = frame[1]
        answered = self._adapter.take(bytes(frame[1:]), answer)
        self._answer = bytes(answer) if answered else None
        return len(frame)

    def read(self, length: int) -> list[int]:
        self._adapter.bus.clock.advance(_REPORT_NS)
        if not self._lives() or self._answer is None:
            raise OSError("read error")
        return list(self._answer[:length])

    def _lives(self) -> bool:
        return self._life is self._adapter.life and self._adapter.plugged
