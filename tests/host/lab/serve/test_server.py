"""A served board on a real pseudo-terminal, in real time."""

import os
import sys
import time

import pytest
import serial

from backbeat_host.errors import InputError
from backbeat_host.lab.board import SOUNDER
from backbeat_host.lab.serve import notes
from backbeat_host.lab.serve.server import Server
from backbeat_host.link.layout import contents
from backbeat_host.runs.decode import decode

pytestmark = pytest.mark.skipif(
    sys.platform == "win32", reason="Windows has no pseudo-terminals: no board is served there"
)
ANY_KEY = b"Press any key to enter the REPL. Use CTRL-D to reload.\r\n"
CODE_OWNS = "import storage\nstorage.remount('/', readonly=False)\n"


def until(true, seconds=20.0):
    """Wait until something holds."""
    limit = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < limit
        time.sleep(0.01)


def test_a_board_is_noted_with_the_uid_that_drive_and_console_tell_and_is_gone_at_the_end(
    serve, call, runtime, tmp_path
):
    with Server(tmp_path / "one") as board:
        (noted,) = notes.served()
        assert (noted.port, noted.drive, noted.board_id) == (board.port, board.drive, "raspberry_pi_pico")
        assert f"UID:{noted.uid}\r\n".encode() in (board.drive / "boot_out.txt").read_bytes()
        phone = call(board.port)
        phone.hear(ANY_KEY)
        phone.say(b"a").hear(b">>> ")
        uid = phone.say(b"\x01").hear(b">") and phone.run(
            "import microcontroller\nprint(microcontroller.cpu.uid.hex())"
        )
        assert uid.strip().upper() == noted.uid
        assert noted.laptop_writes and noted.pid == os.getpid()
    assert notes.served() == [] and not os.path.exists(noted.port)  # noqa: PTH110
    assert list((runtime / "backbeat" / "served").iterdir()) == []


def test_two_boards_differ_and_one_folder_is_one_board(serve, tmp_path):
    one, other = serve(tmp_path / "one"), serve(tmp_path / "other")
    assert one.uid != other.uid and one.port != other.port
    assert [noted.uid for noted in notes.served()] == [one.uid.upper(), other.uid.upper()]
    one.stop()
    assert serve(tmp_path / "one").uid == one.uid


def test_a_drive_of_its_own_is_gone_with_the_board(runtime):
    with Server() as board:
        assert board.drive.is_dir()
    assert not board.drive.exists()


def test_sleeping_takes_its_time_and_ctrl_c_ends_it_at_once(serve, call):
    phone = call(serve().port).raw()
    begun = time.monotonic()
    assert float(phone.run("import time\na = time.monotonic()\ntime.sleep(1.5)\nprint(time.monotonic() - a)")) >= 1.5
    assert time.monotonic() - begun >= 0.4  # its clock may have been a second behind on a busy machine
    phone.say(b"time.sleep(1000)\x04").hear(b"OK")
    phone.say(b"\x03").hear(b"KeyboardInterrupt: \r\n\x04>")
    phone.say(b"while True: pass\x04").hear(b"OK")
    phone.say(b"\x03").hear(b"KeyboardInterrupt: \r\n\x04>")


def test_what_the_laptop_writes_runs_after_a_while(serve, call):
    board = serve()
    phone = call(board.port)
    phone.hear(ANY_KEY)
    begun_ns = board.board.clock.ns
    (board.drive / "code.py").write_text("print('new')")
    assert b"soft reboot\r\n" in phone.hear(b"new\r\n")
    assert board.board.clock.ns - begun_ns >= 750_000_000


def test_the_note_tells_when_the_code_has_the_drive(serve, tmp_path):
    (tmp_path / "drive").mkdir()
    (tmp_path / "drive" / "boot.py").write_text(CODE_OWNS)
    serve()
    until(lambda: not notes.served()[0].laptop_writes)


def test_a_reset_keeps_the_port(serve, call, tmp_path):
    board = serve()
    (board.drive / "code.py").write_text("import supervisor\nprint('started', supervisor.runtime.run_reason)")
    phone = call(board.port).raw()
    phone.say(b"import microcontroller\nmicrocontroller.reset()\x04")
    phone.hear(b"started RunReason.STARTUP\r\n")
    phone.hear(ANY_KEY)


def test_a_port_can_be_left_and_opened_again_and_nothing_old_is_heard(serve, call):
    board = serve()
    port = board.port
    phone = call(port).raw()
    phone.say(b"import time\ntime.sleep(0.2)\nfor i in range(200): print('unread')\x04").hear(b"OK")
    until(lambda: len(phone.heard) + phone.line.in_waiting == 200 * len(b"unread\r\n") + len(b"\x04\x04>"))
    phone.line.close()
    until(lambda: not board.board.hardware.console.open)
    board.do(lambda board: None)  # it has dropped what lay there, too
    assert b"unread" not in call(port).say(b"\x04").hear(b"soft reboot\r\n")


def test_a_second_program_finds_the_port_taken(serve, call):
    port = serve().port
    call(port)
    with pytest.raises(serial.SerialException):
        serial.Serial(port, exclusive=True)


def test_print_waits_for_a_reader_and_goes_on_when_one_comes(serve, call):
    board = serve()
    phone = call(board.port).raw()
    printed_ns = board.board.clock.ns
    phone.say(b"import time\nfor i in range(3000): print('line', i)\nprint('waited', time.monotonic_ns())\x04")
    # Nobody reads: what an operating system keeps for a terminal is far less than these 30 KB.
    until(lambda: board.board.clock.ns > printed_ns + 300_000_000)
    read_ns = board.board.clock.ns
    told = phone.hear(b"\x04\x04>")
    assert b"line 2999\r\nwaited " in told
    assert int(told.partition(b"waited ")[2].split()[0]) >= read_ns


def test_a_pulled_cable_ends_the_board_and_whoever_talks_to_it_notices(serve, call):
    board = serve(faults=("cable=400",))
    phone = call(board.port)
    with pytest.raises((OSError, serial.SerialException)):
        phone.hear(ANY_KEY)
        for _ in range(1000):
            phone.say(b"\r")
            phone.line.read(100)
    assert board.wait(20)


def test_a_paced_board_answers_at_most_a_megabyte_a_second(serve, call):
    board = serve(paced=True)
    phone = call(board.port).raw()
    begun_ns = board.board.clock.ns
    phone.run("for i in range(100): print('x' * 1000, end='')")
    assert board.board.clock.ns - begun_ns >= 100_000_000


def test_its_time_can_run_faster_and_its_button_be_pressed(serve, call):
    board = serve(speed=20)
    phone = call(board.port).raw()
    ask = "import board, digitalio, time\nb = digitalio.DigitalInOut(board.GP13)\nb.pull = digitalio.Pull.UP\n"
    phone.say(ask.encode() + b"while b.value: time.sleep(0.01)\nprint('pressed')\x04").hear(b"OK")
    board.press(1.0)
    assert phone.hear(b"pressed\r\n")
    begun = time.monotonic()
    phone.hear(b">")
    phone.run("time.sleep(20)")
    assert time.monotonic() - begun < 20


def test_a_fault_can_strike_later_and_counts_from_then_on(serve, call):
    board = serve()
    phone = call(board.port).raw()
    board.strike("cable=10")
    phone.say(b"print('x' * 100)\x04")
    assert board.wait(20)


def test_a_session_of_the_real_firmware_beats_ends_by_ctrl_c_and_leaves_its_log(serve, call, tmp_path):
    for place, raw in contents().items():
        tmp_path.joinpath("drive", place).parent.mkdir(parents=True, exist_ok=True)
        tmp_path.joinpath("drive", place).write_bytes(raw)
    (tmp_path / "drive" / "settings.json").write_text('{"start": "power"}')
    board = serve(speed=5)
    until(lambda: len([edge for edge in board.board.trace if edge[1] == SOUNDER]) > 20, 60)
    phone = call(board.port)
    phone.say(b"\x03").hear(ANY_KEY)
    (log,) = (board.drive / "logs").glob("*.bbl")
    (*_, last) = decode(log).events()
    assert (last["event"], last["reason"]) == ("session_end", "console")
    assert not notes.served()[0].laptop_writes


def test_a_board_without_a_pseudo_terminal_is_a_sentence(monkeypatch, runtime):
    monkeypatch.setattr(sys, "platform", "win32")
    with pytest.raises(Exception, match=r"a virtual board needs a pseudo-terminal, and Windows has none; use"):
        Server()


def test_a_folder_is_one_boards_at_a_time(serve, tmp_path):
    one = serve(tmp_path / "one")
    before = (one.drive / "boot_out.txt").stat()
    (tmp_path / "alias").symlink_to(tmp_path / "one")
    for folder in (tmp_path / "one", tmp_path / "alias"):
        with pytest.raises(InputError, match="served from here already"):
            Server(folder)
    assert (one.drive / "boot_out.txt").stat().st_mtime_ns == before.st_mtime_ns
    one.stop()
    serve(tmp_path / "one")
