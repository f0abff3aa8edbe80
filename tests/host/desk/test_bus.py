"""The bus in front of Blinka's: bursts, errors by one name, an adapter that went away."""

import pytest

from backbeat_host.desk import bus as module
from backbeat_host.desk.adapter import Wires
from backbeat_host.desk.bus import Bus

MCP2221 = (0x04D8, 0x00DD)
STATUS, TAGGED, PLAIN, WHO_AM_I = 0x3A, 0x78, 0x3E, 0x0F


class Chip:
    """Blinka's I2C with a FIFO behind it whose bytes count up."""

    def __init__(self, level: int = 0) -> None:
        self.level = level  # words
        self.transfers: list[tuple[int, int]] = []  # register, length
        self.next = 0
        self.error: Exception | None = None

    def writeto(self, address, buffer):
        self._fail()
        self.transfers.append((buffer[0], -len(buffer)))

    def writeto_then_readfrom(self, address, out_buffer, in_buffer):
        self._fail()
        register = out_buffer[0]
        self.transfers.append((register, len(in_buffer)))
        if register == STATUS:
            in_buffer[0], in_buffer[1] = self.level & 0xFF, 0x80 | self.level >> 8
        elif register in (TAGGED, PLAIN):
            for at in range(len(in_buffer)):
                in_buffer[at] = self.next & 0xFF
                self.next += 1
        else:
            in_buffer[0] = 0x6C

    def _fail(self):
        if self.error is not None:
            raise self.error


def made(chip: Chip, name: str = "mcp2221", **given) -> Bus:
    return Bus(Wires(name, None, chip), **given).open()


def ask(bus: Bus, register: int, length: int) -> bytes:
    buffer = bytearray(length)
    bus.writeto_then_readfrom(0x6A, bytes([register]), buffer)
    return bytes(buffer)


@pytest.mark.parametrize(("data", "size", "words"), [(TAGGED, 14, 2), (PLAIN, 12, 6)])
def test_samples_come_in_order_and_several_at_a_time(data, size, words):
    chip = Chip(level=20 * words)
    bus = made(chip)
    ask(bus, STATUS, 4)
    got = b"".join(ask(bus, data, size) for _ in range(20))
    assert got == bytes(at & 0xFF for at in range(20 * size))
    fetched = [length for register, length in chip.transfers if register == data]
    assert sum(fetched) == 20 * size and len(fetched) <= 4 and max(fetched) <= 112
    assert not bus.at_hand()


def test_u2if_is_asked_for_no_more_than_its_report_holds():
    chip = Chip(level=40)
    bus = made(chip, "u2if")
    ask(bus, STATUS, 2)
    for _ in range(20):
        ask(bus, TAGGED, 14)
    assert max(length for _, length in chip.transfers) <= 62


def test_nothing_is_fetched_that_the_chip_has_not_told_of():
    chip = Chip(level=4)
    bus = made(chip)
    ask(bus, STATUS, 2)
    for _ in range(3):
        ask(bus, TAGGED, 14)
    assert [length for register, length in chip.transfers if register == TAGGED] == [28, 14]


def test_a_write_ends_what_was_fetched_for_the_fifo_begins_anew():
    chip = Chip(level=20)
    bus = made(chip)
    ask(bus, STATUS, 2)
    ask(bus, TAGGED, 14)
    assert bus.at_hand()
    bus.writeto(0x6A, b"\x0a\x06")
    assert not bus.at_hand()


def test_who_am_i_after_a_burst_is_asked_once_a_burst():
    chip = Chip(level=32)
    bus = made(chip)
    ask(bus, STATUS, 2)
    for _ in range(16):
        ask(bus, TAGGED, 14)
        assert ask(bus, WHO_AM_I, 1) == b"\x6c"
    assert sum(register == WHO_AM_I for register, _ in chip.transfers) <= 4


@pytest.mark.parametrize("error", [RuntimeError("I2C write error"), IndexError("list index"), OSError(19, "away")])
def test_whatever_a_library_raises_is_an_oserror(error):
    chip = Chip()
    bus = made(chip)
    chip.error = error
    with pytest.raises(OSError):
        ask(bus, STATUS, 2)
    with pytest.raises(OSError):
        bus.writeto(0x6A, b"\x10\x00")


class Reopened:
    """Counts how often Blinka is loaded anew."""

    def __init__(self, monkeypatch, chip):
        self.times = 0
        self.chip = chip
        monkeypatch.setattr(module, "wires", self)

    def __call__(self, name, again):
        assert again
        self.times += 1
        if self.chip is None:
            raise RuntimeError("no MCP2221 device found")
        return Wires(name, None, self.chip)


def test_a_chip_that_is_away_does_not_make_the_adapter_open_anew_at_once(monkeypatch):
    opened = Reopened(monkeypatch, Chip())
    bus = made(Chip(), there=lambda: {MCP2221})
    bus.open()
    bus.open()
    assert opened.times == 0
    bus.open()
    assert opened.times == 1


def test_an_adapter_that_was_away_is_opened_anew_when_it_is_back(monkeypatch):
    there: set[tuple[int, int]] = set()
    opened = Reopened(monkeypatch, None)
    bus = made(Chip(), there=lambda: there)
    with pytest.raises(OSError, match="no MCP2221 device found"):
        bus.open()
    there.add(MCP2221)
    opened.chip = Chip(level=3)
    assert ask(bus.open(), STATUS, 2)[0] == 3
    bus.open()
    assert opened.times == 2


def test_the_machines_own_bus_is_never_opened_anew(monkeypatch):
    opened = Reopened(monkeypatch, None)
    bus = made(Chip(), "pi", there=lambda: pytest.fail("it is no USB device"))
    for _ in range(9):
        bus.open()
    assert opened.times == 0


def test_the_lock_is_taken_once():
    bus = made(Chip())
    assert bus.try_lock() and not bus.try_lock()
    bus.unlock()
    assert bus.try_lock()
