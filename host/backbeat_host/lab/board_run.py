"""One session of the real firmware on the whole virtual board, over a recording, in virtual time.

The board boots, its session starts by itself, the recording plays, ctrl-C at the console ends it: just as on a desk,
but in a fraction of the time. What it heard, beat and logged comes back.
"""

import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Any

from backbeat import events, settings
from backbeat.session import Session
from backbeat_host.errors import WorkError
from backbeat_host.lab.board import SOUNDER, VirtualBoard
from backbeat_host.lab.chip.lsm6ds import rate_error
from backbeat_host.lab.core import END_AFTER_MS, Listener, Progress
from backbeat_host.lab.endings import Ending
from backbeat_host.lab.motion import Recorded
from backbeat_host.lab.recordings.trial import RATE_HZ, Rows
from backbeat_host.link import firmware
from backbeat_host.runs.events import OF_THE_BOARD

_NS_PER_S = 1_000_000_000
_NS_PER_MS = 1_000_000
_REPORT_EVERY_NS = 10 * _NS_PER_S
_FINEST_RATE = 10_000  # of a hertz
_LONGEST_STALL_NS = 250 * _NS_PER_MS  # of flash: none may be going on when the end comes, or the end would be late

Prepare = Callable[[VirtualBoard], object]
"""Has a look at the board before it gets power: to schedule presses, faults, a power cut."""


@dataclass(frozen=True)
class BoardRun:
    """What the board did. Times are seconds after its session began."""

    log: bytes
    log_name: str
    edges: list[tuple[float, int]]
    """The sounder's edges: time, Hz (0 off)."""
    first_sample_s: float
    """When row 0 of the recording was felt."""
    console: str


def run_board(
    rows: Rows,
    values: Mapping[str, Any],
    listener: Listener | None = None,
    *,
    prepare: Prepare | None = None,
    progress: Progress | None = None,
    rate: float = RATE_HZ,
    **costs: Any,
) -> BoardRun:
    """Run one session over `rows` (n, 6; counts, the chip's axes) with settings in the device's form.

    They come at `rate` Hz, which the chip's clock makes of its 104 Hz: it gives each row once. The session starts
    without a press whatever `start` says. `costs` go to VirtualBoard (computing times, battery).

    Raises:
        WorkError: the firmware stopped with an error; its traceback is the message.
    """
    with tempfile.TemporaryDirectory(prefix="backbeat-") as folder:
        drive = Path(folder)
        drive.joinpath("settings.json").write_text(settings.dump({**values, "start": "power"}), encoding="utf-8")
        true = Fraction(rate).limit_denominator(_FINEST_RATE)
        motion = Recorded(rows, true)
        costs = {"rate_error": rate_error(true), **costs}
        board = VirtualBoard(drive, motion, firmware=_firmware(), **costs)
        started: list[int] = []

        def hear(ms: int, code: int, a: int, b: int, c: int) -> None:
            if code == events.SESSION_START and not started:
                started.append(board.clock.ns)
                motion.begin(board.chip.conversion_after(board.clock.ns))
                end = (motion.end_ns or 0) + END_AFTER_MS * _NS_PER_MS
                board.interrupt_at(end)
                board.clock.schedule(end - _LONGEST_STALL_NS, board.drive.hurry)
                if progress is not None:
                    _report(board, motion, progress)
            if listener is not None and code not in OF_THE_BOARD:
                listener(ms, code, a, b, c)

        if prepare is not None:
            prepare(board)
        before = Session.listener
        Session.listener = staticmethod(hear)  # type: ignore[assignment]  # None on a board
        try:
            ending = board.power_on()
        finally:
            Session.listener = before
        logs = sorted(drive.glob("logs/*.bbl"))
        if not started or not logs:
            raise WorkError(f"the firmware did not start a session ({ending}): {board.console.strip()}")
        crash = drive / "crash.txt"
        if crash.exists() or ending is Ending.EXCEPTION:
            said = crash.read_text(encoding="utf-8") if crash.exists() else board.console
            raise WorkError(f"the firmware met an error that nobody foresaw: {said.strip()}")
        begun = started[0]
        edges = [((ns - begun) / _NS_PER_S, hz) for ns, part, hz in board.trace if part == SOUNDER]
        first = ((motion.begun or begun) - begun) / _NS_PER_S
        return BoardRun(logs[0].read_bytes(), logs[0].name, edges, first, board.console)


def _report(board: VirtualBoard, motion: Recorded, progress: Progress) -> None:
    """Tell the share that is done, now and at every later ten seconds of the recording."""
    begin, end = motion.begun or 0, motion.end_ns or 1
    progress(max(board.clock.ns - begin, 0) / (end - begin))
    board.clock.schedule(board.clock.ns + _REPORT_EVERY_NS, lambda: _report(board, motion, progress))


@cache
def _firmware() -> dict[str, Path]:
    return firmware.tree()
