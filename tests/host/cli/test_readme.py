"""What the README promises, from an empty board to a fall judged again, on a served one."""

import json
import sys
import time

import pytest

from backbeat_host.lab.runner.acts import Fall, Lie, Run, Stand
from backbeat_host.lab.runner.synthetic import synthetic
from backbeat_host.runs.decode import decode

from .served import Looped, Served, becomes

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no pseudo-terminals: no board is served")

SPEED = 4.0
AFTER_S = 5.5  # of the 6 s that a raw window goes on after its impact


def test_from_an_empty_board_to_a_fall_judged_again(backbeat, homes):
    rows = synthetic([Stand(3), Run("backward", 10), Fall("backward"), Lie(12)], seed=7).rows
    with Served(homes / "drive", speed=SPEED, motion=Looped(rows)) as board:
        (found,) = json.loads(backbeat("devices", "--json").out)
        assert found["uid"].upper() == board.uid.upper()
        assert found["backbeat"] is None

        told = backbeat("install")
        assert told.code == 0, told.err
        assert becomes(board, "board"), "the run owns the drive now"
        (found,) = json.loads(backbeat("devices", "--json").out)
        assert found["backbeat"] is not None

        assert backbeat("config", "set", "cadence=172", "glance.every=30s").code == 0
        told = backbeat("config", "push")
        assert told.code == 0, told.err
        assert board.kept()["cadence"] == 1720

        frame = begun(board)
        assert frame is not None and frame.target == 172
        until = time.monotonic() + 2 * len(rows) / 104 / SPEED + 100
        while time.monotonic() < until and not is_logged(board):
            time.sleep(0.2)

        told = backbeat("logs", "pull", "--yes")
        assert told.code == 0, told.err
        path = next((homes / "DATA" / "backbeat" / "logs").glob("*/*.bbl"))
        log = decode(path)
        assert log.missing() == []
        assert log.settings()["cadence"] == 1720
        assert "fall" in [event["event"] for event in log.events()]
        assert log.events()[-1]["reason"] == "console"

        judged = backbeat("simulate", path, "--events", "-")
        assert judged.code == 0, judged.err
        assert "fall" in [event["event"] for event in judged.events]


def begun(board):
    """The first frame of the session that a press begins; a press while the board starts may be lost."""
    for _ in range(20):
        board.press(0.2)
        if (frame := board.frame(3)) is not None:
            return frame
    return None


def is_logged(board):
    """Whether the board has put a fall and its raw window to the end onto its drive."""
    logs = sorted((board.drive / "logs").glob("*.bbl"))
    if not logs or not logs[-1].stat().st_size:
        return False
    log = decode(logs[-1])
    falls = [event["at"] for event in log.events() if event["event"] == "fall"]
    ends = [(window.first + len(window.rows)) / log.rate_hz for window in log.windows]
    return bool(falls and ends) and max(ends) >= falls[0] + AFTER_S
