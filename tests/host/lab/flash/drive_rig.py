"""A drive, its clock and its faults, used as code on the board uses it."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from backbeat_host.lab.clock import VirtualClock
from backbeat_host.lab.flash.drive import Drive
from backbeat_host.lab.flash.drive_files import open_on
from backbeat_host.lab.flash.drive_os import DriveOs

MS = 1_000_000


class Rig:
    """A drive in a folder; `options` are those of `Drive`."""

    def __init__(self, folder: Path, **options: Any) -> None:
        self.folder = folder
        self.clock = VirtualClock()
        self.drive = Drive(folder, self.clock, **options)
        self.drive.code_owns = True
        self.faults = self.drive.faults
        self.os = DriveOs(self.drive)

    def open(self, path: str, mode: str = "r") -> Any:
        """Open a file as code on the board does."""
        return open_on(self.drive, path, mode)

    def put(self, path: str, data: bytes = b"x") -> None:
        """Write a file whole."""
        with self.open(path, "wb") as file:
            file.write(data)

    def cost_ms(self, act: Callable[[], object]) -> float:
        """How long something takes."""
        before = self.clock.ns
        act()
        return (self.clock.ns - before) / MS


def errno_of(act: Callable[[], object]) -> int | None:
    """The number of the OSError in which something ends."""
    with pytest.raises(OSError) as raised:
        act()
    return raised.value.errno
