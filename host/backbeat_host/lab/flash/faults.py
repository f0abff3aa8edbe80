"""What goes wrong with a flash drive, injected on purpose: refused, failing or cut-off writes, strange names, no drive.

The drive asks here before each change and each look. Everything is off until a test or the soak turns it on.
"""

import random

from backbeat_host.lab.clock import VirtualClock
from backbeat_host.lab.endings import PowerCut

EIO = (5, "Input/output error")
ENODEV = (19, "No such device")
EROFS = (30, "Read-only filesystem")


class Faults:
    """Faults of one drive. A change: a file made or emptied, a write, a flush, a folder made, a removal, a renaming."""

    def __init__(self, clock: VirtualClock) -> None:
        self.read_only = False
        """Whether every change is refused, whoever owns the drive."""
        self.ejected = False
        """Whether the drive is gone: nothing can be read or written."""
        self.lies = False
        """Whether what is written differs from what was to be, and nobody says so."""
        self.changes = 0
        """How many changes were tried so far."""
        self.stray_names: dict[str, list[str]] = {}
        """Folder -> names that its listing shows besides its own, as a damaged directory does."""
        self._clock = clock
        self._cut_at: int | None = None
        self._failing: int | None = 0
        self._chance = 0.0
        self._dice = random.Random(0)

    def fail_writes(self, times: int | None = 1, *, chance: float = 1.0, seed: int = 0) -> None:
        """Let the next `times` changes (None: all from now on) fail with EIO, each with a `chance`; 0 heals."""
        self._failing = times
        self._chance = chance
        self._dice = random.Random(seed)

    def cut_at(self, change: int) -> None:
        """Cut the power just before a change that is to come: 0 is the next."""
        self._cut_at = self.changes + change

    def look(self) -> None:
        """Somebody reads the drive."""
        if self.ejected:
            raise OSError(*ENODEV)

    def written(self, data: bytes) -> bytes:
        """What really reaches the flash of these bytes."""
        if not self.lies or not data:
            return data
        middle = len(data) // 2
        return data[:middle] + bytes([data[middle] ^ 1]) + data[middle + 1 :]

    def change(self) -> None:
        """Somebody is about to change the drive."""
        self.look()
        self.changes += 1
        if self._cut_at is not None and self.changes > self._cut_at:
            self._cut_at = None
            cut = PowerCut()
            self._clock.halt(cut)
            raise cut
        if self.read_only:
            raise OSError(*EROFS)
        if self._failing != 0 and self._dice.random() < self._chance:
            if self._failing is not None:
                self._failing -= 1
            raise OSError(*EIO)
