"""Logs pulled from a served board over its pseudo-terminal, with faults of the line."""

import sys

import pytest

from backbeat_host.lab.serve.server import Server
from backbeat_host.link import logs
from backbeat_host.link.console import Console
from backbeat_host.link.home import Home
from backbeat_host.link.serial_files import SerialFiles

from .logs_made import made, named

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no pseudo-terminals: no board is served")

LOGS = {1: made(1), 2: made(2, marks=1500)}


@pytest.fixture
def drive(tmp_path, monkeypatch):
    monkeypatch.setattr("platformdirs.user_runtime_path", lambda name: tmp_path / "runtime" / name)
    for number, raw in LOGS.items():
        place = tmp_path / "drive" / named(number).lstrip("/")
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(raw)
    return tmp_path / "drive"


def pulled(drive, home, *faults):
    """What came, and the error that ended it."""
    came = []
    with Server(drive, faults=faults) as board:
        try:
            with Console(board.port) as console:
                console.enter()
                came.extend(logs.pull(SerialFiles(console), home, board.uid))
                console.leave()
        except OSError as error:
            return came, error
    return came, None


def here(home):
    return sorted(path.read_bytes() for path in home.folder.glob("*/*.bbl"))


@pytest.mark.parametrize("fault", ["cable=300", "cable=2500", "cable=9000", "cable=30000", "reset=9000"])
def test_a_cable_pulled_or_a_reset_at_any_phase_is_made_good_by_the_next_pull(drive, tmp_path, fault):
    home = Home(tmp_path / "home")
    _, error = pulled(drive, home, fault)
    assert isinstance(error, OSError)
    came, error = pulled(drive, home)
    assert error is None
    assert all(not outcome.trouble for outcome in came)
    assert here(home) == sorted(LOGS.values())
    assert list(home.folder.glob("*.part")) == []


def test_garbage_on_the_line_never_becomes_a_log(drive, tmp_path):
    home = Home(tmp_path / "home")
    pulled(drive, home, "garbage=2000")
    assert set(here(home)) <= set(LOGS.values())
    assert pulled(drive, home)[1] is None
    assert here(home) == sorted(LOGS.values())
