"""A bench for the chip's driver: the board's own modules as a start of the processor has them, called step by step."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from itertools import pairwise
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np

from backbeat_host.lab.board import CHIP_ADDRESS, VirtualBoard
from backbeat_host.lab.boards import Chip
from backbeat_host.lab.chip.lsm6ds3trc import LSM6DS3TRC
from backbeat_host.lab.chip.lsm6ds33 import LSM6DS33
from backbeat_host.lab.chip.lsm6dsox import LSM6DSOX
from backbeat_host.lab.machine import Machine
from backbeat_host.lab.motion import Recorded

MS = 10**6
SECOND = 10**9
RATE_HZ = 104
KINDS: dict[Chip, Any] = {
    Chip.LSM6DSOX: LSM6DSOX,
    Chip.LSM6DS3TRC: LSM6DS3TRC,
    Chip.LSM6DS33: LSM6DS33,
}
DEPTHS = {Chip.LSM6DSOX: 256, Chip.LSM6DS3TRC: 2048 // 6, Chip.LSM6DS33: 4096 // 6}
"""Whole samples that fit into each FIFO."""

CTRL1_XL, CTRL2_G, CTRL3_C, CTRL9_XL = 0x10, 0x11, 0x12, 0x18


def counting(length: int = 30_000) -> Recorded:
    """Every sample's axes tell its number, the gyro's negative: a mixture of two instants gives itself away."""
    rows = np.arange(1, length + 1)[:, None] * np.array([[1, 1, 1, -1, -1, -1]])
    motion = Recorded(rows.astype(np.int16), RATE_HZ)
    motion.begin(0)
    return motion


def still(*changes: float) -> Recorded:
    """Lying still; at each of these seconds it is turned over."""
    length = round((max(changes, default=0) + 1) * RATE_HZ)
    rows = np.zeros((length, 6), np.int16)
    rows[:, 2] = 2049
    for seconds in changes:
        rows[round(seconds * RATE_HZ) :, 2] *= -1
    motion = Recorded(rows, RATE_HZ)
    motion.begin(0)
    return motion


class Bench:
    """A board with a chip; `start()` makes the driver's object as the firmware does."""

    def __init__(
        self, drive: Path, chip: Chip = Chip.LSM6DSOX, motion: Recorded | None = None, board: str = "raspberry_pi_pico"
    ) -> None:
        (drive / "code.py").write_text("import backbeat.board.imu\n")
        self.motion = motion or counting()
        self.board = VirtualBoard(drive, self.motion, board=board, chip=chip, sample_cost_us=0)
        self.clock = self.board.clock
        self.bus = self.board.bus
        self._machine = Machine(self.board.hardware)
        self._machine.run("code.py")
        self.modules = self._machine.modules
        kind, pins = self.board.kind, self.board.hardware.pins
        self.table = SimpleNamespace(
            SCL=pins[kind.scl],
            SDA=pins[kind.sda],
            POWER=pins[kind.chip_power] if kind.chip_power else None,
            INT1=pins[kind.interrupt] if kind.interrupt else None,
        )
        self.fifo: Any = None

    @property
    def chip(self) -> Any:
        """The chip that is on the bus, or was last."""
        return self.board.chip

    def start(self) -> Any:
        """What a start of the firmware does."""
        self.fifo = self.modules["backbeat.board.imu"].Fifo(self.table)
        return self.fifo

    def took_to_start(self) -> float:
        """Start; give the ms that took."""
        return self.took(self.start)

    def wait(self, ms: float) -> None:
        """Let time pass."""
        self.clock.advance(round(ms * MS))

    def took(self, action: Callable[[], object]) -> float:
        """How many ms of virtual time an action took, whether it fails or not."""
        before = self.clock.ns
        with suppress(OSError):
            action()
        return (self.clock.ns - before) / MS

    def swap(self, chip: Chip) -> None:
        """Put another chip in the place of this one."""
        self.board.unplug_chip()
        self.board.chip = KINDS[chip](self.clock, self.motion)
        self.board.plug_chip()

    def move_to(self, address: int) -> None:
        """Have the chip answer at another address."""
        self.bus.attach(address, self.bus.targets.pop(CHIP_ADDRESS))

    def register(self, number: int) -> int:
        """What a register of the chip holds; read past the bus."""
        value: int = self.chip._read_register(number)
        return value

    def registers(self) -> bytes:
        """All that the driver or the firmware writes, and more."""
        return bytes(self.chip._registers[number] for number in (*range(0x20), *range(0x56, 0x60)))

    def rows(self, most: int | None = None) -> list[tuple[int, ...]]:
        """Look, and read all that waited."""
        waiting = self.fifo.level()
        read = []
        for _ in range(waiting if most is None else min(waiting, most)):
            if self.fifo.read():
                read.append(tuple(self.fifo.sample))
        return read

    def run(self, ms: float, look_ms: float = 19) -> list[tuple[int, ...]]:
        """Look and read as the main loop does, for a while."""
        rows = []
        until = self.clock.ns + round(ms * MS)
        while self.clock.ns < until:
            self.wait(look_ms)
            rows += self.rows()
        return rows

    @contextmanager
    def transactions(self) -> Iterator[list[tuple[int, ...]]]:
        """The writes that reach the chip meanwhile, each as its bytes."""
        seen: list[tuple[int, ...]] = []
        write = self.chip.write

        def noting(data: bytes) -> None:
            seen.append(tuple(data))
            write(data)

        self.chip.write = noting
        try:
            yield seen
        finally:
            del self.chip.write


def is_whole(row: tuple[int, ...]) -> bool:
    """Whether a row of `counting` is of one instant."""
    return row == (row[0],) * 3 + (-row[0],) * 3


def in_order(rows: list[tuple[int, ...]]) -> bool:
    """Whether rows of `counting` are whole, and none comes before or with an older one."""
    return all(is_whole(row) for row in rows) and all(a[0] < b[0] for a, b in pairwise(rows))


def gapless(rows: list[tuple[int, ...]]) -> bool:
    """Whether rows of `counting` are whole, and none is missing."""
    return all(is_whole(row) for row in rows) and all(a[0] + 1 == b[0] for a, b in pairwise(rows))
