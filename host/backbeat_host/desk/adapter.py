"""Which I2C adapter the chip hangs on, and Adafruit Blinka loaded for it: quietly, and with a sentence when it cannot.

Blinka chooses by the environment and prints when it is imported; its modules (`board`, `busio`) are loaded here only,
by the command that needs them.
"""

import importlib
import io
import os
import sys
import warnings
from collections.abc import Callable, Iterable
from contextlib import redirect_stdout
from dataclasses import dataclass
from typing import Any

from backbeat_host.errors import InputError, WorkError, from_extra

OWN = "pi"
"""The machine's own pins."""
_HZ = 400_000
_RESET_DELAYS = ("BLINKA_MCP2221_RESET_DELAY", "RP2040_U2IF_RESET_DELAY")
_BLINKA = ("adafruit_blinka", "adafruit_platformdetect", "board", "busio", "digitalio", "microcontroller")

Usb = tuple[int, int]
"""Vendor and product."""


@dataclass(frozen=True)
class Adapter:
    """A way to the chip: what a person calls it, Blinka's switch for it, and how it shows itself on USB."""

    title: str
    variable: str = ""
    usb: frozenset[Usb] = frozenset()


# The u2if products are those that adafruit_platformdetect looks for.
_U2IF = {(0xCAFE, 0x4005), (0xCAFF, 0x4005), (0x2E8A, 0x103A)} | {
    (0x239A, product) for product in (0xF1, 0xFD, 0xF7, 0x109, 0x107, 0x812C, 0x812E, 0x8130, 0x105)
}
ADAPTERS = {
    "mcp2221": Adapter("MCP2221", "BLINKA_MCP2221", frozenset([(0x04D8, 0x00DD)])),
    "ft232h": Adapter("FT232H", "BLINKA_FT232H", frozenset([(0x0403, 0x6014)])),
    "u2if": Adapter("Pico with u2if", "BLINKA_U2IF", frozenset(_U2IF)),
    OWN: Adapter("this machine's own I2C pins"),
}


@dataclass(frozen=True)
class Wires:
    """A bus that is open: its name and Blinka's modules for it."""

    name: str
    board: Any
    i2c: Any


def choose(bus: str | None, plugged: Callable[[], set[Usb]] | None = None) -> str:
    """Give the adapter to use: the one asked for, else the one Blinka was told of, else the one that is plugged in.

    Raises:
        InputError: several are plugged in.
    """
    if bus is not None:
        return bus
    told = [name for name, adapter in ADAPTERS.items() if adapter.variable and os.environ.get(adapter.variable)]
    if told:
        return told[0]
    there = (plugged or on_usb)()
    found = [name for name, adapter in ADAPTERS.items() if adapter.usb & there]
    if len(found) > 1:
        titles = " and ".join(ADAPTERS[name].title for name in found)
        raise InputError(f"{titles} are both plugged in; choose one with --bus {found[0]} or --bus {found[1]}.")
    return found[0] if found else OWN


def on_usb() -> set[Usb]:
    """Give what is plugged in, as far as this machine can be asked: as serial ports, HID and plain USB devices."""
    found: set[Usb] = set()
    for listing in (_serial_ports, _hid_devices, _usb_devices):
        try:
            found |= set(listing())
        except Exception:  # a listing that does not work here tells nothing, and the others may
            continue
    return found


def _serial_ports() -> Iterable[Usb]:
    ports = importlib.import_module("serial.tools.list_ports")
    return [(port.vid, port.pid) for port in ports.comports() if port.vid is not None]


def _hid_devices() -> Iterable[Usb]:
    hid = importlib.import_module("hid")
    return [(one["vendor_id"], one["product_id"]) for one in hid.enumerate()]


def _usb_devices() -> Iterable[Usb]:
    core = importlib.import_module("usb.core")
    return [(one.idVendor, one.idProduct) for one in core.find(find_all=True)]


def wires(name: str, again: bool = False) -> Wires:
    """Load Blinka for an adapter and open its I2C bus; `again` when it was just plugged in, and needs no reset.

    Raises:
        WorkError: it is not there, or not ours to open, or a library is missing; the sentence says what to do.
    """
    adapter = ADAPTERS[name]
    _forget()
    for other in ADAPTERS.values():
        if other.variable and other is not adapter:
            os.environ.pop(other.variable, None)
    if adapter.variable:
        os.environ.setdefault(adapter.variable, "1")  # an FT232H's may hold its address
    os.environ["BLINKA_SKIP_DEPENDENCY_CHECK"] = "1"  # or it would ask, and install
    if again:
        os.environ.update(dict.fromkeys(_RESET_DELAYS, "-1"))  # a reset would hold up the run for a second
    # Linux's I2C has one speed, and Blinka warns that it cannot be set.
    warnings.filterwarnings("ignore", message="I2C frequency is not settable", category=RuntimeWarning)
    with redirect_stdout(io.StringIO()), from_extra(f"a chip behind {_a(adapter)}", "hid", "desk"):
        try:
            board = importlib.import_module("board")
            if board.SCL is None:
                raise NotImplementedError
            importlib.import_module("digitalio")
            i2c = importlib.import_module("busio").I2C(board.SCL, board.SDA, frequency=_HZ)
        except ModuleNotFoundError as error:
            if error.name == "hid":
                raise
            raise WorkError(f"Blinka needs {error.name} for this: pip install {error.name}") from error
        except Exception as error:
            raise WorkError(_sentence(name, error)) from error
    return Wires(name, board, i2c)


def _forget() -> None:
    """Forget Blinka's modules: those of an adapter that was pulled out hold on to it, new ones do not."""
    for name in [name for name in sys.modules if name.partition(".")[0] in _BLINKA]:
        del sys.modules[name]


def _a(adapter: Adapter) -> str:
    return f"an {adapter.title}" if adapter.title[0] in "MF" else f"a {adapter.title}"


def _sentence(name: str, error: Exception) -> str:
    """Say what is wrong and what to do."""
    adapter = ADAPTERS[name]
    said = " ".join(str(error).split()) or type(error).__name__
    if "install" in said:  # Blinka says what it lacks, and how to get it
        return f"Blinka cannot use {adapter.title} yet: {said.rstrip('.')}."
    if name == OWN:
        if isinstance(error, PermissionError):
            return f"I2C: not yours to open ({said}); join its group (sudo adduser $USER i2c) and log in again."
        if "config" in said or "No Hardware I2C" in said:
            return "I2C: it is switched off on this machine; switch it on (on a Raspberry Pi: sudo raspi-config)."
        return (
            "no adapter is plugged in, and Blinka knows no I2C pins of this machine; plug in an MCP2221, an FT232H or "
            "a Pico with u2if."
        )
    if isinstance(error, (ImportError, AttributeError)):
        return (
            f"{adapter.title}: Python's hid is not the one Blinka needs ({said}); pip uninstall hid; pip install hidapi"
        )
    if "no " in said and "found" in said:
        return f"no {adapter.title} is plugged in; plug it in, or choose another adapter with --bus."
    if "No backend" in said:
        return f"{adapter.title}: libusb is missing on this machine; install it (libusb-1.0) and try again."
    return (
        f"{adapter.title}: plugged in but it cannot be opened ({said}); close other programs that use it, and on Linux "
        "see that a udev rule gives you permission."
    )
