"""Logs as a board writes them, quickly made, of any size, and a board that has them."""

from datetime import datetime

from backbeat import events, settings
from backbeat.record import Writer
from backbeat_host.link.backend import Entry

from .memory_files import MemoryFiles

NOON = 1_779_969_600  # on 2026-05-28, but for the far ends of the world


def day_of(clock: int) -> str:
    """The day of an instant, where these tests run."""
    return datetime.fromtimestamp(clock).astimezone().date().isoformat()


class Made:
    """One session's log: its bytes as they grow, and whole."""

    def __init__(self, number: int, clock: int = NOON, marks: int = 60, ended: bool = True) -> None:
        self._log = Writer(number)
        self._blocks: list[bytes] = []
        self._log.header(clock, 0, "test,raspberry_pi_pico,e661a4d4173b2c29")
        self._log.settings(settings.dump(settings.defaults()))
        self._log.event(0, events.SESSION_START, number, 0, 0)
        for mark in range(marks):
            self._log.event(mark * 100, events.MARK, mark, 0, 0)
            self._take()
        if ended:
            self._log.event(marks * 100 + number, events.SESSION_END, events.BY_BUTTON, 0, 0)
        self._log.seal()
        self._take()

    def _take(self) -> None:
        while self._log.waiting:
            self._blocks.append(bytes(self._log.block()))
            self._log.written()

    @property
    def raw(self) -> bytes:
        """All of it."""
        return b"".join(self._blocks)


def made(number: int, **how: int) -> bytes:
    """The bytes of one log."""
    return Made(number, **how).raw


def named(number: int) -> str:
    """Where it lies on the board."""
    return f"/logs/{number:05d}.bbl"


class LogFiles(MemoryFiles):
    """A board's files of which reads and looks count for `left`, too."""

    def __init__(self, there: dict[str, bytes] | None = None, left: int | None = None) -> None:
        super().__init__(there)
        self.left = left

    def listing(self, folder: str) -> list[Entry]:
        self._change()
        return super().listing(folder)

    def read(self, path, begin=0, count=None, progress=lambda done, total: None) -> bytes:
        self._change()
        return super().read(path, begin, count)

    def digest(self, path: str) -> str | None:
        self._change()
        return super().digest(path)
