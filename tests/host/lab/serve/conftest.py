"""A board and somebody who talks to it, in virtual time: packets at given instants, and all that the board answered."""

import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from textwrap import dedent

import pytest
import serial

from backbeat_host.lab.board import VirtualBoard
from backbeat_host.lab.clock import VirtualClock
from backbeat_host.lab.serve import faults as faulty
from backbeat_host.lab.serve.line_faults import LineFaults
from backbeat_host.lab.serve.port import Port
from backbeat_host.lab.serve.server import BOARD_PACE, Server, Still
from backbeat_host.lab.serve.supervisor import Supervisor

SECOND = 10**9


class Script:
    """The laptop's end of the cable."""

    stopping = False

    def __init__(self, clock: VirtualClock, packets: list[tuple[float, bytes]], reads: Callable[[float], bool]) -> None:
        self._clock = clock
        self._packets = sorted(packets, key=lambda packet: packet[0])
        self._reads = reads
        self._up = True
        self.open_from = 0.0
        self.said = bytearray()
        self.dropped = 0

    @property
    def open(self) -> bool:
        return self._up and self._clock.ns >= self.open_from * SECOND

    def receive(self) -> bytes:
        if self._up and self._packets and self._packets[0][0] * SECOND <= self._clock.ns:
            return self._packets.pop(0)[1]
        return b""

    def send(self, data: bytes) -> int:
        if not self._reads(self._clock.ns / SECOND):
            return 0
        self.said += data
        return len(data)

    def drop(self) -> None:
        self.dropped += 1

    def close(self) -> None:
        self._up = False


class Talk:
    """What came of it."""

    def __init__(self, board: VirtualBoard, wire: Script) -> None:
        self.board = board
        self.wire = wire
        self.drive = board.drive.folder

    @property
    def bytes(self) -> bytes:
        return bytes(self.wire.said)

    @property
    def text(self) -> str:
        return self.bytes.decode(errors="replace")


@pytest.fixture
def talk(tmp_path: Path) -> Callable[..., Talk]:
    """`talk((1.0, b"..."), ..., files={...})`: a board that runs for `seconds`, and hears these packets."""

    def make(
        *packets: tuple[float, bytes],
        files: dict[str, str] | None = None,
        seconds: float = 6.0,
        faults: tuple[str, ...] = (),
        prepare: Callable[[VirtualBoard, Script], object] = lambda board, wire: None,
        reads: Callable[[float], bool] = lambda at: True,
        board: str = "raspberry_pi_pico",
        **options: object,
    ) -> Talk:
        folder = tmp_path / "drive"
        for name, text in (files or {}).items():
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(dedent(text))
        clock = VirtualClock()
        line = LineFaults()
        wire = Script(clock, list(packets), reads)
        port = Port(clock, wire, line)
        made = VirtualBoard(
            folder, Still(), board=board, usb_connected=True, clock=clock, console=lambda _: port, **options
        )
        made.hardware.lends = False
        made.hardware.pace = BOARD_PACE
        made.drive.hurry()
        faulty.strike(faulty.Served(made, line, wire), faults)
        prepare(made, wire)
        made.power_cut_at(round(seconds * SECOND))
        Supervisor(made, port).run()
        return Talk(made, wire)

    return make


class _Line(serial.Serial):
    """A port that does not forget what came while it was being opened."""

    def _reset_input_buffer(self) -> None:
        pass


class Phone:
    """Talks to a served board's port, every wait bounded."""

    def __init__(self, port: str) -> None:
        self.line = _Line(port, timeout=0.02, exclusive=True)
        self.heard = b""

    def say(self, data: bytes) -> "Phone":
        self.line.write(data)
        return self

    def hear(self, ending: bytes, seconds: float = 20.0) -> bytes:
        """All up to and with `ending`."""
        limit = time.monotonic() + seconds
        while ending not in self.heard:
            assert time.monotonic() < limit, f"{ending!r} never came: {self.heard!r}"
            self.heard += self.line.read(max(1, self.line.in_waiting))
        told, _, self.heard = self.heard.partition(ending)
        return told + ending

    def raw(self) -> "Phone":
        """Into the raw REPL, whatever goes on there."""
        self.say(b"\r\x03\x03")
        self.hear(b"\n")
        self.say(b"\r").hear(b">>> ")
        self.say(b"\x01").hear(b"raw REPL; CTRL-B to exit\r\n>")
        return self

    def run(self, source: str) -> str:
        """What source prints, in the raw REPL; its error is a failure."""
        self.say(source.encode() + b"\x04").hear(b"OK")
        out, error = self.hear(b"\x04")[:-1], self.hear(b"\x04")[:-1]
        self.hear(b">")
        assert error == b"", error
        return out.decode()


@pytest.fixture
def runtime(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A runtime folder of this test's own."""
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path / "runtime"))
    monkeypatch.setattr("platformdirs.user_runtime_path", lambda name: tmp_path / "runtime" / name)
    return tmp_path / "runtime"


@pytest.fixture
def serve(runtime: Path, tmp_path: Path) -> Iterator[Callable[..., Server]]:
    """`serve(**options)`: a board behind a real pseudo-terminal; on the drive `drive` in the test's folder."""
    with ExitStack() as stack:

        def make(folder: Path | None = tmp_path / "drive", **options: object) -> Server:
            return stack.enter_context(Server(folder, **options))

        yield make


@pytest.fixture
def call() -> Iterator[Callable[[str], Phone]]:
    """`call(port)`: somebody opens it."""
    with ExitStack() as stack:

        def make(port: str) -> Phone:
            phone = Phone(port)
            stack.callback(phone.line.close)
            return phone

        yield make
