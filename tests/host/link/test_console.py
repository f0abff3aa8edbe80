"""The console: the raw REPL from any state, answers cleaned, failures named, the board left as it was or running."""

import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backbeat_host.errors import InputError
from backbeat_host.link.backend import BoardError, FullError, GarbledError, GoneError, OtherOwnerError
from backbeat_host.link.console import Console, Leaving, plain, told_error
from backbeat_host.link.line import Line, opened

from .fake_port import FakePort


def console_on(port: FakePort) -> Console:
    return Console("fake", Line(port, lambda: port.now))


def at_the_prompt(port: FakePort) -> Console:
    console = console_on(port)
    console.enter()
    return console


@pytest.mark.parametrize("mode", ["running", "any key", "friendly", "raw", "paste"])
def test_python_runs_whatever_the_board_was_doing(tmp_path, mode):
    console = at_the_prompt(FakePort(tmp_path, mode))
    assert console.run("print('a')\nprint('b')") == b"a\nb\n"
    assert console.value("{'x': (1, 2.5, None, b'\\x00')}") == {"x": (1, 2.5, None, b"\x00")}


@pytest.mark.parametrize(("mode", "runs"), [("running", True), ("any key", False), ("friendly", False), ("raw", False)])
def test_it_tells_whether_code_runs_and_interrupts_nothing(tmp_path, mode, runs):
    port = FakePort(tmp_path, mode)
    assert console_on(port).running() is runs
    assert port.interrupts == 0


@pytest.mark.parametrize("session", [True, False])
def test_it_tells_a_session_from_code_that_waits(tmp_path, session):
    port = FakePort(tmp_path, "running")
    port.session = session
    assert console_on(port).in_session() is session
    assert port.interrupts == 0


def test_a_board_at_its_prompt_is_in_no_session(tmp_path):
    assert console_on(FakePort(tmp_path, "friendly")).in_session() is False


def test_a_session_that_takes_long_to_end_is_not_interrupted_twice(tmp_path):
    port = FakePort(tmp_path, "running")
    port.closing_s = 2.0
    at_the_prompt(port)
    assert port.interrupts == 1


def test_running_code_runs_again_afterwards(tmp_path):
    port = FakePort(tmp_path, "running")
    at_the_prompt(port).leave()
    assert (port.mode, port.starts) == ("running", 1)


def test_a_raw_repl_that_a_broken_off_program_left_behind_runs_its_code_again(tmp_path):
    port = FakePort(tmp_path, "raw")
    at_the_prompt(port).leave()
    assert (port.mode, port.starts) == ("running", 1)


def test_a_board_at_its_prompt_is_left_there(tmp_path):
    port = FakePort(tmp_path, "friendly")
    at_the_prompt(port).leave()
    assert (port.mode, port.starts) == ("friendly", 0)


@pytest.mark.parametrize(
    ("way", "mode", "starts", "resets"),
    [(Leaving.STAY, "friendly", 0, 0), (Leaving.RUN, "running", 1, 0), (Leaving.RESET, "running", 0, 1)],
)
@pytest.mark.parametrize("before", ["running", "friendly"])
def test_a_console_is_left_in_the_way_that_was_asked_for(tmp_path, before, way, mode, starts, resets):
    port = FakePort(tmp_path, before)
    console = at_the_prompt(port)
    console.leave_by(way)
    console.leave()
    assert (port.mode, port.starts, port.resets) == (mode, starts, resets)


def test_an_answer_that_nobody_heard_to_its_end_spoils_no_way_of_leaving(tmp_path):
    def broken_off(said):
        raise KeyboardInterrupt

    for way, starts, resets in ((Leaving.RUN, 1, 0), (Leaving.RESET, 0, 1)):
        port = FakePort(tmp_path, "running")
        console = at_the_prompt(port)
        with pytest.raises(KeyboardInterrupt):
            console.run("print('x' * 1000)", each=broken_off)
        console.leave_by(way)
        console.leave()
        assert (port.mode, port.starts, port.resets) == ("running", starts, resets)


def test_the_board_is_reset_by_its_processor(tmp_path):
    port = FakePort(tmp_path, "running")
    at_the_prompt(port).reset()
    assert (port.resets, port.mode) == (1, "running")


def test_a_watchdog_that_can_be_stopped_is_stopped(tmp_path):
    import types

    port = FakePort(tmp_path, "running")
    port.dog = types.SimpleNamespace(mode="reset", feed=lambda: None)
    at_the_prompt(port)
    assert port.dog.mode is None


def test_a_watchdog_that_cannot_be_stopped_is_fed(tmp_path):
    fed = []

    class Dog:
        def __init__(self):
            object.__setattr__(self, "mode", "reset")

        def __setattr__(self, name, value):
            raise NotImplementedError

        def feed(self):
            fed.append(1)

    port = FakePort(tmp_path, "running")
    port.dog = Dog()
    at_the_prompt(port).run("_feed()")
    assert fed == [1]


def test_what_the_board_prints_comes_as_it_is_printed(tmp_path):
    heard = []
    at_the_prompt(FakePort(tmp_path)).run("print('x' * 1000)", each=heard.append)
    assert b"".join(heard) == b"x" * 1000 + b"\r\n\x04"


def test_a_traceback_is_an_error_in_the_boards_words(tmp_path):
    console = at_the_prompt(FakePort(tmp_path))
    with pytest.raises(GarbledError, match="ZeroDivisionError: division by zero"):
        console.run("1/0")
    assert console.run("print(1)") == b"1\n"


@pytest.mark.parametrize(
    ("last", "kind"),
    [
        ("OSError: [Errno 2] No such file/directory", FileNotFoundError),
        ("OSError: [Errno 17] File exists", FileExistsError),
        ("OSError: [Errno 30] Read-only filesystem", OtherOwnerError),
        ("OSError: [Errno 28] No space left on device", FullError),
        ("OSError: 28", FullError),
        ("OSError: [Errno 5] Input/output error", OSError),
        ("MemoryError: memory allocation failed, allocating 4096 bytes", BoardError),
        ("", BoardError),
    ],
)
def test_an_errno_of_the_board_is_that_error_here(last, kind):
    assert type(told_error(f"Traceback (most recent call last):\n  File x\n{last}\n")) is kind


@given(st.text(st.characters(codec="utf-8")))
def test_no_traceback_breaks_its_reader(text):
    assert isinstance(told_error(text), OSError)


@given(st.binary())
def test_cleaning_keeps_what_is_no_escape(raw):
    if b"\x1b" not in raw:
        assert plain(raw) == raw.replace(b"\r\n", b"\n")


def test_titles_and_colours_are_taken_out():
    assert plain(b"\x1b]0;REPL | 10.2.1\x1b\\a\x1b[2K\x1b[0Gb\x1b]0;x\x07c\r\n") == b"abc\n"


def test_a_cable_pulled_at_any_byte_says_that_the_board_is_gone(tmp_path):
    whole = FakePort(tmp_path, "running")
    console = at_the_prompt(whole)
    console.run("print('x' * 100)")
    for at in range(1, whole.moved - 2, 3):
        port = FakePort(tmp_path, "running")
        port.cut_at = at
        with pytest.raises(GoneError):
            console = console_on(port)
            console.enter()
            console.run("print('x' * 100)")
        console.leave()
        assert port.now < 30


@pytest.mark.parametrize("noise", [b"", b"\x00\xff" * 50, b">>> " * 9, b"raw REPL; CTRL-B to exit\r\n>", b"\x04" * 40])
def test_a_line_of_garbage_is_given_up_in_bounded_time(tmp_path, noise):
    port = FakePort(tmp_path, "running")
    port.answer = lambda raw: noise
    with pytest.raises(GarbledError):
        at_the_prompt(port)
    assert port.now < 60


def test_a_board_that_never_stops_talking_is_given_up(tmp_path):
    port = FakePort(tmp_path, "running")
    take = port.read

    def read(count=1):
        port.now += 0.001
        return take(0) + b"spam\r\n"

    port.read = read
    with pytest.raises(GarbledError):
        at_the_prompt(port)


def test_a_line_disturbed_for_a_moment_is_asked_again(tmp_path):
    port = FakePort(tmp_path, "friendly")
    seen = []

    def answer(raw):
        seen.append(raw)
        return b"\xf0\x00?" if len(seen) < 6 else raw

    port.answer = answer
    assert at_the_prompt(port).run("print(1)") == b"1\n"


def test_an_answer_that_never_ends_is_given_up(tmp_path):
    port = FakePort(tmp_path)
    console = at_the_prompt(port)
    port.answer = lambda raw: raw.replace(b"\x04", b"")
    with pytest.raises(GarbledError):
        console.run("print(1)", patience=2)


def test_a_port_that_is_not_there_says_so():
    with pytest.raises(GoneError, match="no such port"):
        opened("/dev/no-such-port")


def test_a_port_that_is_no_serial_port_says_so(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(InputError, match="no serial port"):
        opened(str(tmp_path / "file"))


def test_a_port_that_another_program_holds_says_so(tmp_path: Path):
    pty = pytest.importorskip("pty")
    import os

    board, laptop = pty.openpty()
    name = os.ttyname(laptop)
    first = opened(name)
    try:
        with pytest.raises(OSError, match="another program has the port open"):
            opened(name)
    finally:
        first.close()
        os.close(board)
        os.close(laptop)


def test_a_port_without_permission_says_so(monkeypatch):
    def refuse(*_, **__):
        import serial

        raise serial.SerialException(13, "could not open port: Permission denied")

    monkeypatch.setattr("backbeat_host.link.line.serial.serial_for_url", refuse)
    with pytest.raises(PermissionError):
        opened("/dev/ttyACM0")


@pytest.mark.parametrize("port", ["/dev/null", "/dev/random", "socket://localhost:1", "nothing://x"])
@pytest.mark.skipif(os.name != "posix", reason="these names are POSIX's")
def test_what_is_no_serial_port_is_refused_as_the_wrong_word_that_it_is(port):
    with pytest.raises(InputError, match=f"{port}: no serial port; `backbeat devices` shows them."):
        Console(port)


def test_what_the_transport_would_print_stays_out_of_what_was_asked_for(tmp_path, capsys):
    port = FakePort(tmp_path, "friendly")
    console = at_the_prompt(port)
    port.answer = lambda raw: raw.replace(b"R\x01", b"Q\x01")
    with pytest.raises(GarbledError, match="did not take what was sent"):
        console.run("print(1)")
    assert capsys.readouterr() == ("", "")
