"""One served board: its thread, its port, its folder, its note; for `backbeat lab serve` and for tests.

with Server() as board:
    talk to board.port, write into board.drive
"""

import hashlib
import tempfile
import threading
from collections.abc import Callable, Iterable, Sequence
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from backbeat_host.errors import InputError, WorkError
from backbeat_host.lab.board import VirtualBoard
from backbeat_host.lab.boards import BOARDS
from backbeat_host.lab.circuitpython.hardware import Pace
from backbeat_host.lab.motion import Motion
from backbeat_host.lab.serve import faults as faulty
from backbeat_host.lab.serve.clock import RealClock
from backbeat_host.lab.serve.line_faults import LineFaults
from backbeat_host.lab.serve.notes import Posted, posted, served
from backbeat_host.lab.serve.port import Port
from backbeat_host.lab.serve.supervisor import BOOT_OUT, Supervisor
from backbeat_host.lab.serve.wire import Terminal

BOARD_PACE = Pace(line=5_000, source_byte=10_000, shown_byte=5_000, wire_byte=1_000)
"""A PC runs a line of simple Python in 50 ns: a board is taken as 100 times slower. Compiling, `repr` and the cable go
by the byte: 100 KB a second read and compiled, 200 KB/s shown, 1 MB/s on the cable (USB full speed, 64-byte packets of
64 us). With it `mpremote fs cp` of 100 KB costs the board about 2 s; on an emulated real CircuitPython it was 3.8 s."""

_ASK_NS = 20_000_000
_NS_PER_S = 10**9
_START_S = 5.0  # by the board's clock, on which a busy machine counts less; a boot.py that never ends is its own affair
_JOIN_S = 30.0


class Still:
    """A board that lies on the table, its z axis up."""

    def at(self, ns: int) -> Sequence[int]:
        """1 g."""
        return (0, 0, 2049, 0, 0, 0)


class Server:
    """Serves a board from `start` (or `with`) until `stop`, or until the board's power goes."""

    def __init__(
        self,
        folder: Path | None = None,
        *,
        board: str = "raspberry_pi_pico",
        faults: Iterable[str] = (),
        paced: bool = False,
        speed: float = 1.0,
        motion: Motion | None = None,
        nvm: bytes = b"",
    ) -> None:
        """Make the board; it has no power yet.

        Args:
            folder: Its drive; without one a folder that is gone when the board is.
            board: Which of `BOARDS`.
            faults: As `--fault` takes them.
            paced: Whether Python and the cable take the time they take on a board (`BOARD_PACE`).
            speed: How many times as fast as on the wall its time passes.
            motion: What its chip feels; without one, that it lies on a table.
            nvm: What its non-volatile memory begins with.

        Raises:
            InputError: a fault is not what it must be, or the folder is another served board's.
            WorkError: there is no pseudo-terminal on this system, or no drive can be where it is to be.
        """
        wanted = [f"{name}={number}" for name, number in faulty.parsed(faults)]
        self._stack = ExitStack()
        self._wire = Terminal()
        self._stack.callback(self._wire.free)
        if folder is None:
            folder = Path(self._stack.enter_context(tempfile.TemporaryDirectory(prefix="backbeat-")))
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            self._stack.close()
            raise WorkError(f"{folder}: cannot be a drive ({error.strerror}); choose another folder.") from error
        if any(_same(one.drive, folder) for one in served()):
            self._stack.close()
            raise InputError(f"{folder}: a board is served from here already; end that one, or choose another folder.")
        line = LineFaults()
        clock = RealClock(speed)
        self._speed = speed
        port = Port(clock, self._wire, line)
        self.uid = hashlib.sha256(str(folder.resolve()).encode()).hexdigest()[: len(BOARDS[board].uid)]
        # Paced, every line is charged: what the simulation charges for the lines between two rests would come on top.
        costs: dict[str, Any] = {"sample_cost_us": 0, "pass_cost_us": 0} if paced else {}
        self.board = VirtualBoard(
            folder,
            motion or Still(),
            board=board,
            usb_connected=True,
            nvm=nvm,
            uid=self.uid,
            clock=clock,
            console=lambda _: port,
            **costs,
        )
        self.drive = self.board.drive.folder
        self.port = self._wire.name
        hardware = self.board.hardware
        hardware.lends = False
        if paced:
            hardware.pace = BOARD_PACE
        if not any(word.startswith("slow=") for word in wanted):
            self.board.drive.hurry()
            hardware.nvm_cost_ns = 0
        clock.wait = lambda seconds: self._wait(port, seconds)
        clock.broken = lambda: hardware.interrupt_pending
        self._served = faulty.Served(self.board, line, self._wire)
        faulty.strike(self._served, wanted)
        self._supervisor = Supervisor(self.board, port)
        self._asked: list[Callable[[VirtualBoard], object]] = []
        self._thread = threading.Thread(target=self._run, name=f"board {self.uid}", daemon=True)
        self._post: Posted | None = None
        self.failure: BaseException | None = None
        """What the simulation itself died of: a defect of ours."""

    # ---- its life ----

    def start(self) -> None:
        """Give it power, and let others find it; when this returns, boot_out.txt is on the drive.

        Raises:
            WorkError: the runtime folder cannot be written.
        """
        drive = self.board.drive
        note = posted(self.port, self.drive, self.uid.upper(), self.board.hardware.board_id, drive.capacity)
        self._post = self._stack.enter_context(note)
        self.board.clock.schedule(0, self._look)
        self._thread.start()
        while self._thread.is_alive() and not (self.drive / BOOT_OUT).is_file() and self.seconds() < _START_S:
            self._thread.join(0.005)

    def stop(self) -> None:
        """Take the power away and put everything back."""
        if self._thread.is_alive():
            self._wire.stop()
            self._thread.join(_JOIN_S)
        self._stack.close()
        if self.failure is not None:
            raise self.failure

    def wait(self, seconds: float | None = None) -> bool:
        """Wait until the board's power is gone (a pulled cable, its bootloader); say whether it is."""
        self._thread.join(seconds)
        return not self._thread.is_alive()

    def __enter__(self) -> Self:
        try:
            self.start()
        except BaseException:
            self._stack.close()
            raise
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.stop()

    def seconds(self) -> float:
        """How long it has been on, in seconds on the wall as far as this machine kept up: a clock to wait for it by."""
        return self.board.clock.ns / _NS_PER_S / self._speed

    # ---- the world around it ----

    def do(self, act: Callable[[VirtualBoard], object]) -> None:
        """Let something happen to the board, in its own thread (a chip pulled, a low battery); wait until it has."""
        done = threading.Event()

        def first(board: VirtualBoard) -> None:
            act(board)
            done.set()

        self._asked.append(first)
        while self._thread.is_alive() and not done.wait(0.1):
            pass

    def press(self, seconds: float = 0.1) -> None:
        """Press its button."""
        self.do(lambda board: board.press(board.clock.ns, round(seconds * _NS_PER_S)))

    def strike(self, *faults: str) -> None:
        """Set faults, as `--fault` takes them; bytes are counted from now on.

        Raises:
            InputError: a fault is not what it must be.
        """
        faulty.parsed(faults)
        self.do(lambda board: faulty.strike(self._served, faults))

    # ---- in its thread ----

    def _run(self) -> None:
        try:
            self._supervisor.run()
        except BaseException as error:
            self.failure = error
        finally:
            self._wire.close()

    def _wait(self, port: Port, seconds: float) -> None:
        self._wire.wait(seconds, reading=port.has_room)
        port.look()

    def _look(self) -> None:
        while self._asked:
            self._asked.pop(0)(self.board)
        drive = self.board.drive
        if self._post is not None:
            self._post.laptop_writes(not drive.code_owns and not drive.faults.read_only)
        self.board.clock.schedule(self.board.clock.ns + _ASK_NS, self._look)


def _same(one: Path, other: Path) -> bool:
    try:
        return one.samefile(other)
    except (OSError, ValueError):
        return False
