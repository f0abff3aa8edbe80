"""A fake Raspberry Pi: Blinka is told that it is one, and Linux's I2C (PureIO's SMBus) ends on the virtual bus."""

import sys
import types
from typing import Any

import pytest

from backbeat_host.lab.chip.i2c import I2C, VirtualBus


class RaspberryPi:
    """The machine's own pins."""

    def __init__(self, bus: VirtualBus) -> None:
        self.bus = bus
        self.error: OSError | None = None

    def install(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """Be this machine."""
        i2c = I2C(self.bus, 400_000, lambda: None)
        i2c.try_lock()
        machine = self

        class SMBus:
            def __init__(self, number: int) -> None:
                assert number == 1
                if machine.error is not None:
                    raise machine.error

            def write_bytes(self, address: int, data: Any) -> None:
                i2c.writeto(address, bytes(data))

            def read_i2c_block_data(self, address: int, command: Any, length: int) -> bytearray:
                data = bytearray(length)
                i2c.writeto_then_readfrom(address, bytes(command), data)
                return data

        smbus = types.ModuleType("Adafruit_PureIO.smbus")
        smbus.__dict__["SMBus"] = SMBus
        package = types.ModuleType("Adafruit_PureIO")
        package.__dict__["smbus"] = smbus
        monkeypatch.setitem(sys.modules, "Adafruit_PureIO", package)
        monkeypatch.setitem(sys.modules, "Adafruit_PureIO.smbus", smbus)
        gpiod = types.ModuleType("gpiod")  # its pins are the kernel's; none is used here
        monkeypatch.setitem(sys.modules, "gpiod", gpiod)
        monkeypatch.setenv("BLINKA_FORCECHIP", "BCM2XXX")
        monkeypatch.setenv("BLINKA_FORCEBOARD", "RASPBERRY_PI_4B")
        monkeypatch.setitem(sys.modules, "hid", types.SimpleNamespace(enumerate=list))
