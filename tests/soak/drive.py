"""The drive: every log is whole and says what was told, no number comes twice, settings outlast everything."""

from binascii import crc32
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from backbeat import record, record_reader, settings
from backbeat_host.errors import InputError
from backbeat_host.runs import decode

if TYPE_CHECKING:
    from .world import World

Values = dict[str, Any]
_LATEST_S = 150  # what is told reaches the flash, at the latest: the time in which a block fills, and some room
_ROOM = 131_072  # made at a session's start, by removing old logs,
_KEPT = 4  # but never these: the newest three, and the one begun
_FULL = 4096  # bytes free: a session that outlasts the room it was promised loses its end
_REMOVED = 10  # at one start
_CLOSED_NS = 5_000_000_000  # so long after a session's end its log may still be open: the end's cue, a slow flash


@dataclass
class Heard:
    """What was told in one session, and what its log must therefore hold."""

    number: int
    continued: int | None
    values: Values | None
    flash: bool
    """Whether the flash was at fault while it ran."""
    told: list[tuple[int, int, int, int, int]] = field(default_factory=list)
    when: list[int] = field(default_factory=list)
    how: str = ""
    until_ns: int = 0
    lost: int = 0
    looked: int = 0
    """Bytes of its log that have been looked at."""


class Drive:
    """Follows one board's drive."""

    def __init__(self, world: "World") -> None:
        self._world = world
        self.damaged = False
        """Whether somebody has spoilt `settings.json`."""
        self.numbers: set[int] = set()
        self.logs = 0
        self._given: list[Values] = []
        self._last: Values | None = None
        self._unsure = self._faulty = False
        self._values: Values | None = None
        self._waiting: list[Heard] = []
        self._count = 0
        self._sums: dict[str, int] = {}

    def given(self, values: Values) -> None:
        """The laptop has written settings."""
        self._given.append(values)
        del self._given[:-5]
        self.damaged = False

    def powers(self, faulty: bool) -> Values | None:
        """The code is about to start; gives the settings it must find, None where that is not sure."""
        self._values = None
        self._unsure = self._unsure or faulty
        self._faulty = faulty
        if not self.damaged:
            self._values = self._given[-1]
        elif not self._unsure:
            self._values = self._last or settings.defaults()
        return None if faulty else self._values

    def read(self, whole: bool) -> None:
        """The code has read the settings and kept a copy, or has perhaps not come so far."""
        if not whole:
            self._unsure = True
        elif not (self.damaged or self._faulty):
            self._last = self._given[-1]
            self._unsure = False

    def begins(self, number: int, continued: int | None, flash: bool, memory_damaged: bool) -> Heard:
        """A session is about to begin."""
        world = self._world
        self._check_waiting()
        if memory_damaged:  # it counts on from the newest log, and later ones may have gone by
            self.numbers = {other for other in self.numbers if other < number}
        if number in self.numbers:
            world.fail(f"session number {number} comes twice")
        elif self._waiting and any(heard.number == number for heard in self._waiting):
            world.fail(f"the log of session {number} is still open")
        self.numbers.add(number)
        folder = world.folder / "logs"
        names = sorted(folder.iterdir()) if folder.is_dir() else []
        removed = self._count + 1 - len(names)
        if not flash and world.board.drive.code_owns and not world.covered("stray names"):
            if world.board.drive.free() < _ROOM - 4096 and len(names) > _KEPT and removed < _REMOVED:
                world.fail(f"{world.board.drive.free()} bytes are free, and {len(names)} logs are kept")
            if not (folder / f"{number:05d}.bbl").exists():
                world.fail(f"session {number} has no log")
        self._count = len(names)
        flash = flash or not world.board.drive.code_owns
        return Heard(number, continued, self._values, flash)

    def minute(self, heard: Heard) -> None:
        """Look at what the flash holds of the log that is being written: whole blocks, each of them good."""
        path = self._path(heard)
        heard.flash = heard.flash or self._world.board.drive.free() < _FULL
        if heard.flash or not path.exists():
            return
        data = path.read_bytes()[heard.looked :]
        if len(record_reader.good_blocks(data)) * record.BLOCK != len(data):
            self._world.fail(f"log {heard.number} is damaged while it is written")
        heard.looked += len(data)

    def closes(self, heard: Heard) -> None:
        """A session has ended, or was cut off; its log is looked at when its file is closed."""
        heard.flash = heard.flash or self._world.board.drive.free() < _FULL
        self._waiting.append(heard)

    def strikes(self) -> None:
        """The flash is about to be at fault: so it is for a log that is still being closed."""
        for heard in self._waiting:
            heard.flash = heard.flash or self._world.ns - heard.until_ns < _CLOSED_NS

    def halts(self) -> None:
        """The processor does no more: a log that is still being closed stays as it is."""
        for heard in self._waiting:
            if self._world.ns - heard.until_ns < _CLOSED_NS:
                heard.how = "cut"

    def stops(self) -> None:
        """The processor has stopped: files are what they are."""
        self.halts()
        self._check_waiting()
        for name in list(self._sums):
            self._sum(self._world.folder / "logs" / name, False)
        for name in ("settings.json", "settings.last.json"):
            self._check_settings(name)

    def _check_settings(self, name: str) -> None:
        path = self._world.folder / name
        if self.damaged or self._unsure or not path.exists():
            return
        complaints = settings.load(path.read_bytes().decode(errors="replace"))[1]
        if complaints:
            self._world.fail(f"{name} is broken: {complaints[0]}")

    def _check_waiting(self) -> None:
        for heard in self._waiting:
            said = self._wrong(heard)
            if said:
                flash = "at fault" if heard.flash else "well"
                self._world.fail(f"log {heard.number} ({heard.how}, flash {flash}): {said}")
            else:
                self._sum(self._path(heard), True)
        self._waiting.clear()

    def _sum(self, path: Path, new: bool) -> None:
        """A log that is closed never changes again."""
        if path.exists():
            found = crc32(path.read_bytes())
            if self._sums.setdefault(path.name, found) != found:
                self._world.fail(f"log {path.name} has changed after its end")
            if new:
                self._sums[path.name] = found
        else:
            self._sums.pop(path.name, None)

    def _path(self, heard: Heard) -> Path:
        return self._world.folder / "logs" / f"{heard.number:05d}.bbl"

    def _wrong(self, heard: Heard) -> str:
        """Say what is wrong with a log; nothing when all is well."""
        path = self._path(heard)
        if not path.exists():
            return "" if heard.flash else "it is not there"
        data = path.read_bytes()
        try:
            log = decode.decode_bytes(data, path.stem)
        except InputError as error:
            young = heard.how == "cut" and not self._old(heard, 0)
            return "" if heard.flash or young else str(error)
        self.logs += 1
        if log.session != heard.number:
            return f"it says that it is of session {log.session}"
        if heard.continued is not None and log.continued != heard.continued:
            return f"it continues {log.continued}, and should {heard.continued}"
        if heard.values is not None and log.settings_text:
            held = log.settings()
            wrong = [name for name, value in heard.values.items() if held[name] != value and "mount" not in name]
            if wrong:
                return f"its settings are not those given: {wrong}"
        for lost in log.lost:
            if lost.damage.offset + lost.damage.length < len(data) and not heard.lost:
                return f"it is damaged in its middle: {log.missing()}"
        if heard.lost:
            return ""
        kept = len(log.told)
        if log.told != heard.told[:kept]:
            return f"event {next(i for i in range(kept) if log.told[i : i + 1] != heard.told[i : i + 1])} is another"
        if heard.flash or kept == len(heard.told):
            return "; ".join(log.missing()) if heard.how == "ended" and not heard.flash else ""
        if heard.how == "ended":
            return f"{len(heard.told) - kept} events are missing"
        return f"{(heard.until_ns - heard.when[kept]) / 1e9:.0f} s are lost" if self._old(heard, kept) else ""

    def _old(self, heard: Heard, kept: int) -> bool:
        return heard.until_ns - heard.when[kept] > _LATEST_S * 10**9
