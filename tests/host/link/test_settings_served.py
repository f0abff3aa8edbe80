"""Settings over the console of a served board that owns its drive, and what happens when the cable does not hold."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from backbeat import settings
from backbeat_host.errors import WorkError
from backbeat_host.link.backend import failures_told
from backbeat_host.link.console import Console
from backbeat_host.link.serial_files import SerialFiles
from backbeat_host.link.settings import LAST, SETTINGS, BoardSettings

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no pseudo-terminals: no board is served")

OLD = {**settings.defaults(), "cadence": 1500, "mount.up": (0, 1000, 0)}
NEW = {**settings.defaults(), "cadence": 1800, "volume": 50}
OWNS_ITS_DRIVE = 'import storage\nstorage.remount("/", readonly=False)\n'


@pytest.fixture
def served(tmp_path):
    """`served("cable=900")`: the port and drive of a board with old settings, with a fault."""
    drive = tmp_path / "drive"
    drive.mkdir()
    (drive / "boot.py").write_text(OWNS_ITS_DRIVE)
    for path in (SETTINGS, LAST):
        (drive / path[1:]).write_text(settings.dump(OLD))
    running = []

    def start(*faults):
        command = [sys.executable, "-c", "from backbeat_host.cli import main; main()", "lab", "serve"]
        command += ["--dir", str(drive), *(word for fault in faults for word in ("--fault", fault))]
        environment = {**os.environ, "XDG_RUNTIME_DIR": str(tmp_path / "runtime")}
        process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment)
        running.append(process)
        assert process.stdout is not None
        return process.stdout.readline().rstrip("\n"), drive

    yield start
    for process in running:
        process.kill()
        process.communicate(timeout=30)


def pushed(port):
    with failures_told(port), Console(port) as console:
        console.enter()
        board = BoardSettings(SerialFiles(console), port)
        board.push(NEW, set(NEW))
        held = board.held()
        console.leave()
        return held


def on(drive: Path):
    """What the board would use after a start."""
    return BoardSettings(_Folder(drive), "drive").held()


class _Folder:
    """A drive's files as the board sees them, whoever owns it."""

    def __init__(self, drive):
        self._drive = drive

    def read(self, path, begin=0, count=None):
        return (self._drive / path[1:]).read_bytes()[begin:][:count]


def test_settings_go_over_the_console_when_the_board_owns_its_drive(served):
    port, drive = served()
    assert pushed(port).values == NEW
    assert on(drive).values == NEW
    assert (drive / SETTINGS[1:]).read_text() == settings.dump(NEW)


@pytest.mark.parametrize("fault", ["cable=300", "cable=3000", "cable=5000", "cable=7000", "reset=6000"])
def test_a_cable_pulled_or_a_reset_leaves_the_old_or_the_new(served, fault):
    port, drive = served(fault)
    with pytest.raises(WorkError) as told:
        pushed(port)
    assert "\n" not in told.value.message and told.value.message.endswith(".")
    held = on(drive)
    assert held.values in (OLD, NEW)
    assert held.complaints == []


@pytest.mark.parametrize(("fault", "words"), [("lies", "what was written is not what is there"), ("full=100", "full")])
def test_a_drive_that_lies_or_is_full_keeps_the_old(served, fault, words):
    port, drive = served(fault)
    with pytest.raises(WorkError) as told:
        pushed(port)
    assert words in told.value.message
    assert on(drive).values == OLD


def test_garbage_on_the_line_is_told_and_nothing_half_applied(served):
    port, drive = served("garbage=400")
    with pytest.raises(WorkError) as told:
        pushed(port)
    assert "\n" not in told.value.message
    assert on(drive).values in (OLD, NEW)
