"""Logs from a board to this machine: what is new comes, is checked in every record, and only what is safe here may go.

Over any way to the board's files (`backend.Files`); what is at home is `home`'s to know.
"""

import errno
import re
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from backbeat_host.errors import InputError, WorkError
from backbeat_host.link.backend import Files, GarbledError
from backbeat_host.link.check import check, header
from backbeat_host.link.found import BOOT_OUT, BOOT_OUT_MOST, uid_in
from backbeat_host.link.home import BLOCK, NUMBER, Home, Kept, ends_of, sha256_of

FOLDER = "/logs"
NEW, PART, HOME = "new", "in part", "at home"

_LOG = re.compile(rf"({NUMBER})\.bbl")
_PIECE = 131_072  # bytes read at a time
_ROUNDS = 4  # a log that has grown each time is still being written
_TRIES = 2

LogProgress = Callable[[int, int], object]  # bytes here, bytes in all


@dataclass(frozen=True)
class OnBoard:
    """One log as the board has it."""

    number: int
    name: str
    bytes: int
    clock: int = 0
    """When it began, unix time; 0 where the board did not know."""
    state: str = NEW

    @property
    def path(self) -> str:
        """Where it lies on the board."""
        return f"{FOLDER}/{self.name}"


@dataclass(frozen=True)
class Outcome:
    """What became of one log: `kept` is where it is now, `trouble` why it did not come or go, `wrong` what its records
    lack."""

    log: OnBoard
    kept: Kept | None = None
    trouble: str = ""
    wrong: list[str] = field(default_factory=list)


def uid_of(files: Files) -> str:
    """Give the UID that a board's boot_out.txt tells; empty where it tells none.

    Raises:
        OSError: the board cannot be reached.
    """
    try:
        return uid_in(files.read(f"/{BOOT_OUT}", 0, BOOT_OUT_MOST).decode(errors="replace"))
    except FileNotFoundError:
        return ""


def on_board(files: Files) -> tuple[list[OnBoard], list[str]]:
    """List the board's logs by number, and the names in their folder that are none of a log.

    Raises:
        OSError: the board cannot be reached.
    """
    try:
        entries = files.listing(FOLDER)
    except FileNotFoundError:
        return [], []
    logs: dict[str, OnBoard] = {}
    others = []
    for entry in entries:
        told = _LOG.fullmatch(entry.name)
        if told is None or entry.is_folder or entry.size < 0 or not entry.name.isascii():
            others.append(entry.name)
        else:
            logs[entry.name] = OnBoard(int(told[1]), entry.name, entry.size)
    return sorted(logs.values(), key=lambda log: (log.number, log.name)), others


def chosen(logs: list[OnBoard], numbers: Collection[int]) -> list[OnBoard]:
    """Give the logs of these sessions, all of them where no number is given.

    Raises:
        InputError: there is no such log on the board.
    """
    missing = set(numbers) - {log.number for log in logs}
    if missing:
        told = ", ".join(map(str, sorted(missing)))
        raise InputError(f"{told}: no such log on the board; `backbeat logs list` shows those there are.")
    return [log for log in logs if not numbers or log.number in numbers]


def listed(files: Files, home: Home, uid: str) -> tuple[list[OnBoard], list[str]]:
    """List the board's logs with when they began and what of them is at home, and the names that are no logs'.

    Raises:
        OSError: the board cannot be reached.
        WorkError: the folder at home cannot be read.
    """
    logs, others = on_board(files)
    told = []
    for log in logs:
        first = files.read(log.path, 0, BLOCK)
        state = PART if home.part(uid, log.number).exists() else NEW
        if _at_home(files, log, home.of(uid, log.number)):
            state = HOME
        told.append(OnBoard(log.number, log.name, log.bytes, header(first).clock, state))
    return told, others


def pull(
    files: Files,
    home: Home,
    uid: str,
    numbers: Collection[int] = (),
    again: bool = False,
    progress: Callable[[OnBoard], LogProgress] = lambda log: lambda done, total: None,
    now: Callable[[], datetime] = datetime.now,
) -> Iterator[Outcome]:
    """Bring home what is new, one log after the other; each is safe, and remembered, before the next one begins.

    Args:
        files: the board's.
        home: where they go.
        uid: the board's.
        numbers: only these sessions; all of them where none is given.
        again: bring also what was here once and is not any more.
        progress: gives for a log what hears of its bytes.
        now: this machine's time.

    Raises:
        InputError: there is no such log on the board.
        OSError: the board cannot be reached; what came is kept, and the next pull goes on from there.
        WorkError: the folder at home takes no more; likewise.
    """
    logs, _ = on_board(files)
    for log in chosen(logs, numbers):
        known = [one for one in home.of(uid, log.number) if not again or home.path(one).exists()]
        if not _at_home(files, log, known):
            yield _Pull(files, home, uid, log, known, progress(log)).run(now())


def remove(files: Files, home: Home, uid: str, numbers: Collection[int] = (), force: bool = False) -> Iterator[Outcome]:
    """Remove logs from the board, each only when this machine has it byte for byte, unless by `force`.

    Raises:
        InputError: there is no such log on the board.
        OSError: the board cannot be reached, or may not be written.
        WorkError: the folder at home cannot be read.
    """
    logs, _ = on_board(files)
    for log in chosen(logs, numbers):
        kept = None
        if not force:
            there = files.digest(log.path)
            same = [one for one in home.of(uid, log.number) if one.sha256 == there and home.is_whole(one)]
            if not same:
                yield Outcome(log, trouble="not safe at home, so it stays; pull it first, or say --force")
                continue
            kept = same[-1]
        files.remove(log.path)
        yield Outcome(log, kept)


class _Pull:
    """One log on its way home."""

    def __init__(
        self, files: Files, home: Home, uid: str, log: OnBoard, known: list[Kept], progress: LogProgress
    ) -> None:
        self._files = files
        self._home = home
        self._uid = uid
        self._log = log
        self._known = known
        self._progress = progress
        self._part = home.part(uid, log.number)

    def run(self, now: datetime) -> Outcome:
        """Bring it, check it, file it."""
        try:
            self._home.need(self._log.bytes - self._here())
        except WorkError as error:
            return Outcome(self._log, trouble=error.message)
        older = None if self._part.exists() else self._grown_out_of()
        good = older.bytes if older else self._agreeing(self._part, self._here())
        for attempt in range(_TRIES):
            if older and not attempt:
                self._begin_with(self._home.path(older))
            else:
                self._home.begin(self._part, good)
            try:
                if not self._bring(good):
                    return Outcome(self._log, trouble="still being written; pull again when the session has ended")
                same = self._files.digest(self._log.path) == sha256_of(self._part)
            except FileNotFoundError:
                return Outcome(self._log, trouble="it is not on the board any more: newer logs have taken its room")
            if same:
                return self._file(now, older)
            older, good = None, 0
        self._part.unlink(missing_ok=True)
        return Outcome(
            self._log, trouble="what was read is not what is there, twice; try another cable, then `backbeat doctor`"
        )

    def _file(self, now: datetime, older: Kept | None) -> Outcome:
        found = check(self._part)
        if found.session not in (0, self._log.number):
            found.wrong.append(f"it says that it is session {found.session}")
        kept = self._home.take_in(self._part, self._uid, self._log.number, found.clock, now, older)
        return Outcome(self._log, kept, wrong=found.wrong)

    def _bring(self, good: int) -> bool:
        """Bring all from `good` on, and what is written meanwhile; False when that does not end."""
        here = good
        size = self._log.bytes
        for _ in range(_ROUNDS):
            while here < size:
                raw = self._files.read(self._log.path, here, min(_PIECE, size - here))
                if not raw:
                    break  # it is shorter now: its hash will tell
                if len(raw) > min(_PIECE, size - here):
                    raise GarbledError(errno.EIO, "more came of a log than was asked for", self._log.path)
                self._home.append(self._part, raw)
                here += len(raw)
                self._progress(here, size)
            grown = self._size()
            if grown <= size:
                return True
            size = grown
        return False

    def _size(self) -> int:
        for log in on_board(self._files)[0]:
            if log.name == self._log.name:
                return log.bytes
        raise FileNotFoundError(errno.ENOENT, "not there", self._log.path)

    def _here(self) -> int:
        try:
            return self._part.stat().st_size
        except FileNotFoundError:
            return 0

    def _agreeing(self, path: Path, size: int) -> int:
        """How much of what is here may be this log's beginning: its first block and the last before the end agree.

        A torn end is given up by halves. The hash at the end tells the truth of all of it.
        """
        size = min(size, self._log.bytes) // BLOCK * BLOCK
        if not size or self._here_at(path, 0) != self._files.read(self._log.path, 0, BLOCK):
            return 0
        while size and self._here_at(path, size - BLOCK) != self._files.read(self._log.path, size - BLOCK, BLOCK):
            size = size // 2 // BLOCK * BLOCK
        return size

    def _grown_out_of(self) -> Kept | None:
        """What was pulled of this log before it was all written."""
        for one in reversed(self._known):
            shorter = 0 < one.bytes < self._log.bytes and one.bytes % BLOCK == 0
            if shorter and self._home.is_whole(one) and self._agreeing(self._home.path(one), one.bytes) == one.bytes:
                return one
        return None

    def _begin_with(self, whole: Path) -> None:
        self._home.begin(self._part, 0)
        with whole.open("rb") as file:
            while raw := file.read(_PIECE):
                self._home.append(self._part, raw)

    def _here_at(self, path: Path, begin: int) -> bytes:
        with path.open("rb") as file:
            file.seek(begin)
            return file.read(BLOCK)


def _at_home(files: Files, log: OnBoard, known: Collection[Kept]) -> bool:
    """Whether a log was pulled before: not by its number alone, for a board's numbers may begin anew."""
    same = [one for one in known if one.bytes == log.bytes]
    if not same:
        return False
    try:
        first = files.read(log.path, 0, BLOCK)
        last = files.read(log.path, max(log.bytes - BLOCK, 0), BLOCK)
    except FileNotFoundError:
        return False
    return any(one.ends == ends_of(first, last) for one in same)
