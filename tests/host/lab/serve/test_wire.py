"""The pseudo-terminal as a cable."""

import os
import sys
import threading
import time

import pytest

from backbeat_host.lab.serve.wire import Terminal

pytestmark = pytest.mark.skipif(
    sys.platform == "win32", reason="Windows has no pseudo-terminals: no board is served there"
)


@pytest.fixture
def terminal():
    made = Terminal()
    yield made
    made.free()


@pytest.fixture
def line(terminal):
    """Somebody has it open."""
    handle = os.open(terminal.name, os.O_RDWR | os.O_NOCTTY | os.O_NONBLOCK)
    yield handle
    os.close(handle)


def heard(terminal, count):
    """The next packets."""
    packets = []
    limit = time.monotonic() + 20
    while len(packets) < count:
        assert time.monotonic() < limit, packets
        if packet := terminal.receive():
            packets.append(packet)
        else:
            terminal.wait(1, True)
    return packets


def test_it_knows_whether_somebody_has_it_open(terminal):
    assert not terminal.open
    handle = os.open(terminal.name, os.O_RDWR | os.O_NOCTTY)
    assert terminal.open
    os.close(handle)
    assert not terminal.open


def test_bytes_go_through_unchanged_and_are_not_echoed(terminal, line):
    every = bytes(range(256))
    assert terminal.send(every) == 256
    assert os.read(line, 300) == every
    os.write(line, every)
    assert b"".join(heard(terminal, 4)) == every and terminal.receive() == b""
    with pytest.raises(BlockingIOError):
        os.read(line, 1)


def test_packets_are_of_64_bytes_and_a_return_after_ctrl_c_begins_one(terminal, line):
    os.write(line, b"x" * 100)
    assert [len(packet) for packet in heard(terminal, 2)] == [64, 36]
    os.write(line, b"\r\x03\r\x01")
    assert heard(terminal, 2) == [b"\r\x03", b"\r\x01"]
    os.write(line, b"\x03\x01")
    assert heard(terminal, 1) == [b"\x03\x01"]


def test_what_nobody_reads_is_held_up_and_what_nobody_read_is_dropped(terminal, line):
    sent = 0
    while went := terminal.send(b"y" * 64):
        sent += went
        assert sent < 1_000_000
    terminal.drop()
    assert terminal.send(b"new") == 3
    assert os.read(line, 100) == b"new"


def test_another_thread_ends_a_wait(terminal, line):
    threading.Timer(0.05, terminal.stop).start()
    begun = time.monotonic()
    terminal.wait(30, True)
    assert terminal.stopping and time.monotonic() - begun < 20


def test_a_pulled_cable_takes_all_and_gives_nothing(terminal, line):
    terminal.close()
    assert not terminal.open and terminal.receive() == b"" and terminal.send(b"abc") == 3
    with pytest.raises(OSError, match=r"Input/output|Device not configured"):
        os.write(line, b"x")
