"""How fast files come and go over the console, against mpremote on the same served board, paced like a real one.

Run by hand from the checkout: `.venv/bin/python -m tests.bench.bench_link`. A test holds the ratios of the board's own
time; here the wall's is shown beside it, which says as much when the machine is not busy with something else.

The pacing is `BOARD_PACE`: USB full speed (1 MB/s, packets of 64 bytes), Python 100 times slower than on a PC.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from mpremote.transport_serial import SerialTransport

from backbeat_host.lab.serve.server import Server
from backbeat_host.link import layout
from backbeat_host.link.console import Console
from backbeat_host.link.home import Home
from backbeat_host.link.install import install, planned
from backbeat_host.link.logs import pull
from backbeat_host.link.serial_files import SerialFiles

from ..host.link.logs_made import made, named

LOG_BYTES = 100_000
OURS_TO_WRITE = "import storage\nstorage.remount('/', readonly=False)\n"
TIMEOUT_S = 20.0  # mpremote would wait for ever


@dataclass
class Took:
    """Seconds: of the board's time that Python, the cable and the flash took, and on the wall."""

    board: float
    wall: float


def pulling(speed: float = 1.0) -> tuple[Took, Took]:
    """Bring a log home: as `mpremote fs cp` does, and as `backbeat logs pull` does, checked and filed."""
    log = made(1, marks=LOG_BYTES // 20)
    with TemporaryDirectory() as folder, Server(Path(folder) / "drive", paced=True, speed=speed) as board:
        place = board.drive / named(1).lstrip("/")
        place.parent.mkdir()
        place.write_bytes(log)

        def theirs() -> None:
            with _Mpremote(board.port) as transport:
                assert transport.fs_readfile(named(1)) == log

        def ours() -> None:
            home = Home(Path(folder) / "home")
            with Console(board.port) as console:
                console.enter()
                (outcome,) = pull(SerialFiles(console), home, board.uid)
                console.leave()
            assert outcome.kept and home.path(outcome.kept).read_bytes() == log

        return _took(board, theirs), _took(board, ours)


def installing(speed: float = 1.0) -> tuple[Took, Took]:
    """Bring the firmware onto an empty drive: by mpremote's `SerialTransport`, and by `backbeat install --serial`."""
    files = layout.contents()
    folders = sorted({parent for place in files for parent in map(str, Path(place).parents) if parent != "."})

    def theirs(board: Server) -> None:
        with _Mpremote(board.port) as transport:
            for folder in folders:
                transport.fs_mkdir("/" + folder)
            for place, raw in files.items():
                transport.fs_writefile("/" + place, raw)

    def ours(board: Server) -> None:
        with Console(board.port) as console:
            console.enter()
            there = SerialFiles(console)
            install(there, planned(there, None, {f"/{place}": raw for place, raw in files.items()}))

    took = []
    for way in (theirs, ours):
        with TemporaryDirectory() as folder:
            (Path(folder) / "boot.py").write_text(OURS_TO_WRITE)
            with Server(Path(folder), paced=True, speed=speed) as board:
                took.append(_took(board, lambda board=board, way=way: way(board)))
                for place, raw in files.items():
                    assert (board.drive / place).read_bytes() == raw, place
    return took[0], took[1]


class _Mpremote:
    """Its transport with the raw REPL ready, as its commands have it."""

    def __init__(self, port: str) -> None:
        self._transport = SerialTransport(port, timeout=TIMEOUT_S)

    def __enter__(self) -> SerialTransport:
        self._transport.enter_raw_repl(soft_reset=False, timeout_overall=TIMEOUT_S)
        return self._transport

    def __exit__(self, *error: object) -> None:
        self._transport.exit_raw_repl()
        self._transport.close()


def _took(board: Server, what: Callable[[], object]) -> Took:
    clock = board.board.clock
    before = clock.advance
    spent = 0

    def advance(ns: int) -> None:
        nonlocal spent
        spent += ns
        before(ns)

    clock.advance = advance  # type: ignore[method-assign]  # what the board does passes through it, idling does not
    begin = time.monotonic()
    try:
        what()
    finally:
        clock.advance = before  # type: ignore[method-assign]
    return Took(spent / 1e9, time.monotonic() - begin)


if __name__ == "__main__":
    for name, (theirs, ours), wanted in (
        (f"pulling {LOG_BYTES // 1000} KB", pulling(), 10),
        ("installing the firmware", installing(), 3),
    ):
        print(
            f"{name}: mpremote {theirs.wall:.2f} s ({theirs.board:.2f} s of the board's), "
            f"backbeat {ours.wall:.2f} s ({ours.board:.2f} s): {theirs.wall / ours.wall:.1f} times as fast "
            f"({theirs.board / ours.board:.1f} by the board's time; wanted {wanted})"
        )
