"""Which adapter is taken, and what is said of one that cannot be."""

import os
import sys
import types
from pathlib import Path

import pytest

from backbeat_host.desk import adapter
from backbeat_host.desk.adapter import ADAPTERS, choose, on_usb, wires
from backbeat_host.errors import InputError, WorkError

MCP2221, FT232H, PICO, A_MOUSE = (0x04D8, 0x00DD), (0x0403, 0x6014), (0xCAFE, 0x4005), (0x046D, 0xC077)


@pytest.fixture(autouse=True)
def no_variables(monkeypatch):
    for name in list(os.environ):
        if name.startswith("BLINKA"):
            monkeypatch.delenv(name)


@pytest.mark.parametrize(
    ("plugged", "name"),
    [({MCP2221, A_MOUSE}, "mcp2221"), ({FT232H}, "ft232h"), ({PICO}, "u2if"), ({A_MOUSE}, "pi"), (set(), "pi")],
)
def test_what_is_plugged_in_is_taken_else_the_machines_own_pins(plugged, name):
    assert choose(None, lambda: plugged) == name


def test_the_one_that_was_asked_for_is_taken_without_a_look():
    assert choose("ft232h", lambda: pytest.fail("nobody need look")) == "ft232h"


def test_the_one_that_blinka_was_told_of_is_taken(monkeypatch):
    monkeypatch.setenv("BLINKA_FT232H", "ftdi://ftdi:ft232h/1")
    assert choose(None, lambda: {MCP2221}) == "ft232h"


def test_of_two_a_person_has_to_choose():
    with pytest.raises(InputError, match="MCP2221 and FT232H are both plugged in; choose one with --bus mcp2221 or"):
        choose(None, lambda: {MCP2221, FT232H})


def test_a_listing_that_fails_leaves_the_others(monkeypatch):
    def broken():
        raise ValueError("No backend available")

    monkeypatch.setattr(adapter, "_usb_devices", broken)
    monkeypatch.setattr(adapter, "_hid_devices", lambda: [MCP2221])
    monkeypatch.setattr(adapter, "_serial_ports", lambda: [FT232H])
    assert on_usb() == {MCP2221, FT232H}


def test_the_listings_ask_the_real_libraries():
    assert on_usb() is not None
    for listing in (adapter._serial_ports, adapter._hid_devices):
        assert list(listing()) == list(listing())


def test_the_products_are_those_that_blinka_looks_for():
    import adafruit_platformdetect

    text = (Path(adafruit_platformdetect.__file__).parent / "chip.py").read_text()
    for one in ADAPTERS.values():
        if one.variable:
            assert f'"{one.variable}"' in text
        for vendor, product in one.usb:
            assert f"0x{vendor:04X}" in text and f"0x{product:04X}" in text


@pytest.fixture
def broken(monkeypatch):
    """`broken(error)`: importing Blinka's `board` raises it."""

    def break_with(error: Exception) -> None:
        def fail(name, package=None):
            if name == "board":
                print("WARNING: something is not supported")
                raise error
            return types.ModuleType(name)

        monkeypatch.setattr(adapter.importlib, "import_module", fail)

    return break_with


@pytest.mark.parametrize(
    ("name", "error", "sentence"),
    [
        (
            "mcp2221",
            RuntimeError("set, but no MCP2221 device found"),
            "no MCP2221 is plugged in; plug it in, or choose",
        ),
        ("mcp2221", OSError("open failed"), "MCP2221: plugged in but it cannot be opened (open failed); close other"),
        ("ft232h", ValueError("No backend available"), "FT232H: libusb is missing on this machine; install it"),
        ("u2if", RuntimeError("set, but no compatible device found"), "no Pico with u2if is plugged in; plug it in"),
        ("pi", PermissionError(13, "Permission denied"), "I2C: not yours to open ([Errno 13] Permission denied); join"),
        ("pi", RuntimeError("I2C Bus #1 not found, check if enabled in config!"), "I2C: it is switched off on this"),
        (
            "pi",
            NotImplementedError("\n  unable to identify\n"),
            "no adapter is plugged in, and Blinka knows no I2C pins",
        ),
    ],
)
def test_what_goes_wrong_is_told_in_a_sentence_with_its_remedy(broken, capsys, name, error, sentence):
    broken(error)
    with pytest.raises(WorkError) as told:
        wires(name)
    assert str(told.value).startswith(sentence) and "\n" not in str(told.value)
    assert told.value.exit_code == 1
    assert capsys.readouterr() == ("", "")


def test_blinka_is_told_of_one_adapter_only_and_never_asks_to_install(broken, monkeypatch):
    monkeypatch.setenv("BLINKA_MCP2221", "1")
    monkeypatch.setenv("BLINKA_FT232H", "ftdi://ftdi:ft232h:2/1")
    monkeypatch.setenv("BLINKA_SKIP_DEPENDENCY_CHECK", "")
    broken(OSError("enough"))
    with pytest.raises(WorkError):
        wires("ft232h")
    assert "BLINKA_MCP2221" not in os.environ
    assert os.environ["BLINKA_FT232H"] == "ftdi://ftdi:ft232h:2/1"
    assert os.environ["BLINKA_SKIP_DEPENDENCY_CHECK"] == "1"


def test_this_machine_without_pins_is_told_so_by_the_real_blinka():
    if sys.platform != "linux" or Path("/dev/i2c-1").exists():
        pytest.skip("this machine may have I2C pins")
    kept = dict(sys.modules)
    try:
        with pytest.raises(WorkError, match="no adapter is plugged in, and Blinka knows no I2C pins of this machine"):
            wires("pi")
    finally:
        for name in set(sys.modules) - set(kept):
            del sys.modules[name]
