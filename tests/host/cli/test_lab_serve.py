"""`backbeat lab serve`, as a person starts and ends it."""

import contextlib
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from backbeat_host.lab.boards import BOARDS
from backbeat_host.lab.serve.faults import FAULTS

not_windows = pytest.mark.skipif(
    sys.platform == "win32", reason="Windows has no pseudo-terminals: no board is served there"
)
COMMAND = [sys.executable, "-c", "from backbeat_host.cli import main; main()", "lab", "serve"]


@pytest.fixture
def started(tmp_path):
    """`started("--fault", "x")`: a running command, its first two lines."""
    running = []

    def start(*words):
        environment = {**os.environ, "XDG_RUNTIME_DIR": str(tmp_path / "runtime")}
        pipe = subprocess.PIPE
        process = subprocess.Popen([*COMMAND, *words], stdout=pipe, stderr=pipe, text=True, env=environment)
        running.append(process)
        assert process.stdout is not None
        return process, process.stdout.readline().rstrip("\n"), process.stdout.readline().rstrip("\n")

    yield start
    for process in running:
        if process.poll() is None:
            process.kill()
        process.communicate(timeout=30)


@not_windows
@pytest.mark.parametrize("ending", ["SIGTERM", "SIGINT", "SIGHUP"])
def test_it_tells_port_and_drive_at_once_and_ends_without_a_trace(started, tmp_path, ending):
    process, port, drive = started()
    assert Path(port).exists() and "Board ID:raspberry_pi_pico" in Path(drive, "boot_out.txt").read_text()
    notes = tmp_path / "runtime" / "backbeat" / "served"
    assert len(list(notes.iterdir())) == 1
    process.send_signal(getattr(signal, ending))
    out, err = process.communicate(timeout=30)
    assert (process.returncode, out, err) == (0, "", "")
    assert list(notes.iterdir()) == [] and not Path(drive).exists()


@not_windows
def test_a_folder_that_was_named_stays_with_what_is_in_it(started, tmp_path):
    (tmp_path / "drive").mkdir()
    (tmp_path / "drive" / "mine.txt").write_text("mine")
    process, _, drive = started("--dir", str(tmp_path / "drive"), "--board", "clue_nrf52840_express")
    assert drive == str((tmp_path / "drive").resolve())
    process.terminate()
    process.communicate(timeout=30)
    assert (tmp_path / "drive" / "mine.txt").read_text() == "mine"
    assert "Board ID:clue_nrf52840_express" in (tmp_path / "drive" / "boot_out.txt").read_text()


@not_windows
def test_in_a_terminal_it_says_what_its_lines_are_and_its_keys_press_the_button(tmp_path):
    import pty  # Windows has none

    ours, theirs = pty.openpty()
    code = "import os, sys; os.login_tty(0)\n" + COMMAND[2] + "\n"
    press = "from backbeat_host.lab.serve.server import Server as S\n"
    press += "S.press = lambda self, seconds=0.1: print('pressed', seconds, flush=True)\n"
    environment = {**os.environ, "XDG_RUNTIME_DIR": str(tmp_path / "runtime")}
    process = subprocess.Popen(
        [sys.executable, "-c", press + code, "lab", "serve"], stdin=theirs, stdout=theirs, stderr=theirs,
        env=environment, start_new_session=True,
    )  # fmt: skip
    os.close(theirs)
    seen = b""

    def until(word):
        nonlocal seen
        while word not in seen:
            seen += os.read(ours, 1000)

    try:
        until(b"port, then drive; ctrl-C ends it; Enter presses its button, h and Enter holds it for 2 s\r\n")
        os.write(ours, b"\nh\n")
        until(b"pressed 0.1\r\n")
        until(b"pressed 2.0\r\n")
        os.write(ours, b"\x03")
        assert process.wait(30) == 0
    finally:
        process.kill()
        process.wait()
        os.close(ours)


@not_windows
def test_it_ends_by_itself_when_the_cable_is_pulled(started):
    process, port, _ = started("--fault", "cable=50")
    with contextlib.suppress(OSError):
        line = os.open(port, os.O_RDWR | os.O_NOCTTY)
        while os.read(line, 10):
            pass
    os.close(line)
    _, err = process.communicate(timeout=30)
    assert (process.returncode, err) == (0, "the board has no power any more\n")


def test_its_help_names_every_board_and_fault(backbeat):
    told = backbeat("lab", "serve", "--help").out
    assert all(name in told for name in (*BOARDS, *FAULTS))


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("--fault", "flood"), "--fault flood: there is no such fault; choose of cable, reset,"),
        (("--fault", "cable"), "--fault cable: after how many bytes? write cable=N."),
        (("--fault", "full=much"), "--fault full=much: 'much' is no number from 0 on; write full=N."),
        (("--dir", ""), "it is empty"),
        (("--dir", "-"), "this does not go to standard output"),
    ],
)
def test_what_cannot_be_served_is_refused(backbeat, words, sentence):
    assert sentence in backbeat("lab", "serve", *words).refused()


@not_windows
def test_a_drive_that_cannot_be_is_refused(backbeat, tmp_path):
    (tmp_path / "file").write_text("x")
    assert "is a file" in backbeat("lab", "serve", "--dir", tmp_path / "file").refused()
    assert "cannot be a drive" in backbeat("lab", "serve", "--dir", tmp_path / "file" / "below").refused(1)
