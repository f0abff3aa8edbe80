"""Where logs live at home: one folder by date, the originals as the board had them, and an index of what was pulled.

A log that is half here lies beside, as `<uid>-<number>.part`; nothing that came from a board becomes part of a path.
"""

import hashlib
import json
import os
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime
from pathlib import Path

import platformdirs

from backbeat_host.errors import WorkError
from backbeat_host.files import written_whole

INDEX = "index.json"
BLOCK = 512
NUMBER = r"\d{5,10}"  # a session's, in the name of its log on the board and here

_FORMAT = 1
_UID = r"[0-9a-f]{1,64}"
_NO_UID = "unknown"
_FILE = re.compile(rf"\d\d\d\d-\d\d-\d\d/({_UID}|{_NO_UID})-({NUMBER})(?:-\d{{1,6}})?\.bbl")
_FIRST_DATE = date(2024, 1, 1)  # before there was a Backbeat no clock was right


@dataclass(frozen=True)
class Kept:
    """One log at home. `file` is below the folder; `ends` the hash of its first and last block together."""

    uid: str
    number: int
    file: str
    bytes: int
    sha256: str
    ends: str
    pulled: str


class Home:
    """The folder of all logs. What is told here of a failure is about this machine, not about the board."""

    def __init__(self, folder: Path | None = None) -> None:
        self.folder = folder or platformdirs.user_data_path("backbeat", appauthor=False) / "logs"

    def kept(self) -> list[Kept]:
        """Every log that was pulled, the last one last, those that are not here any more as well.

        An index that cannot be read is made anew from the files that are here.

        Raises:
            WorkError: the folder cannot be read.
        """
        path = self.folder / INDEX
        with _told(path):
            try:
                told = json.loads(path.read_text(encoding="utf-8"))
                if told["format"] == _FORMAT:
                    return [_checked(Kept(**fields)) for fields in told["logs"]]
            except FileNotFoundError:
                pass
            except (ValueError, TypeError, KeyError, RecursionError):
                pass  # damaged, or by another hand: the files themselves say what is here
            return list(self._found())

    def of(self, uid: str, number: int) -> list[Kept]:
        """The logs of this number from this board: more than one where its numbers began anew.

        One that was filed, but not remembered any more before the end came, is known by its file.

        Raises:
            WorkError: the folder cannot be read.
        """
        known = self.kept()
        files = {one.file for one in known}
        with _told(self.folder):
            filed = [one for one in self._found(f"*/{owner(uid)}-{number:05d}*.bbl") if one.file not in files]
        return [one for one in [*known, *filed] if (one.uid, one.number) == (owner(uid), number)]

    def path(self, one: Kept) -> Path:
        """Where a log lies."""
        return self.folder / one.file

    def is_whole(self, one: Kept) -> bool:
        """Whether it is here, and is what was pulled.

        Raises:
            WorkError: it cannot be read.
        """
        path = self.path(one)
        with _told(path):
            return path.is_file() and sha256_of(path) == one.sha256

    def part(self, uid: str, number: int) -> Path:
        """Where a log lies that is not whole yet."""
        return self.folder / f"{owner(uid)}-{number:05d}.part"

    def begin(self, part: Path, size: int) -> None:
        """Have a part with its first `size` bytes, as many as are good, and the folder for it.

        Raises:
            WorkError: it cannot be made.
        """
        with _told(part):
            self.folder.mkdir(parents=True, exist_ok=True)
            part.touch()
            os.truncate(part, size)

    def need(self, size: int) -> None:
        """See that so many bytes more find room.

        Raises:
            WorkError: they do not.
        """
        with _told(self.folder):
            self.folder.mkdir(parents=True, exist_ok=True)
            free = shutil.disk_usage(self.folder).free
        if size > free:
            raise WorkError(
                f"{self.folder}: {size // 1024} KB are needed here and {free // 1024} KB are free; make room, or "
                "choose another place by --to."
            )

    def append(self, part: Path, raw: bytes) -> None:
        """Add bytes to a part.

        Raises:
            WorkError: they cannot be written; those before stay.
        """
        with _told(part), part.open("ab") as file:
            file.write(raw)

    def take_in(self, part: Path, uid: str, number: int, clock: int, now: datetime, older: Kept | None = None) -> Kept:
        """File a part that is whole by its date, that of the pull where the board knew none, and remember it.

        `older` is what it grew out of, every byte of which is in it.

        Raises:
            WorkError: it cannot be filed; the part stays.
        """
        with _told(part):
            with part.open("r+b") as opened:  # Windows syncs only what it may write
                os.fsync(opened.fileno())
                ends = ends_of(opened.read(BLOCK), _last(part))
            digest = sha256_of(part)
            gone = [one for one in self.of(uid, number) if one.sha256 == digest and not self.path(one).exists()]
            before = older or (gone[0] if gone else None)  # its place is this one's
            file = before.file if before else self._free_name(_day(clock, now).isoformat(), uid, number)
            one = Kept(
                uid=owner(uid),
                number=number,
                file=file,
                bytes=part.stat().st_size,
                sha256=digest,
                ends=ends,
                pulled=now.astimezone(UTC).isoformat(timespec="seconds"),
            )
            (self.folder / file).parent.mkdir(exist_ok=True)
            part.replace(self.folder / file)
        self._remember([*(kept for kept in self.kept() if kept.file != file), one])
        return one

    def _free_name(self, day: str, uid: str, number: int) -> str:
        taken = {one.file for one in self.kept()}
        again = 1
        while True:
            file = f"{day}/{owner(uid)}-{number:05d}{f'-{again}' if again > 1 else ''}.bbl"
            if file not in taken and not (self.folder / file).exists():
                return file
            again += 1

    def _remember(self, logs: list[Kept]) -> None:
        with written_whole(self.folder / INDEX) as beside:
            text = json.dumps({"format": _FORMAT, "logs": [asdict(one) for one in logs]}, indent=1)
            beside.write_text(text + "\n", encoding="utf-8")

    def _found(self, pattern: str = "*/*.bbl") -> Iterator[Kept]:
        for path in sorted(self.folder.glob(pattern)):
            file = path.relative_to(self.folder).as_posix()
            if (told := _FILE.fullmatch(file)) and path.is_file():
                with path.open("rb") as opened:
                    ends = ends_of(opened.read(BLOCK), _last(path))
                at = datetime.fromtimestamp(path.stat().st_mtime, UTC).isoformat(timespec="seconds")
                yield Kept(told[1], int(told[2]), file, path.stat().st_size, sha256_of(path), ends, at)


def owner(uid: str) -> str:
    """A board's UID as part of a name: hexadecimal, or nothing of it."""
    return uid.lower() if re.fullmatch(_UID, uid.lower()) else _NO_UID


def ends_of(first: bytes, last: bytes) -> str:
    """The hash of a log's first and last block: two logs that share it, and their size, are one."""
    return hashlib.sha256(first + last).hexdigest()


def sha256_of(path: Path) -> str:
    """The hash of a file, which may be large."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _last(path: Path) -> bytes:
    with path.open("rb") as file:
        file.seek(max(path.stat().st_size - BLOCK, 0))
        return file.read(BLOCK)


def _day(clock: int, now: datetime) -> date:
    """The day of a session by the board's clock; that of the pull where the clock was not set, or cannot be right."""
    today = now.astimezone().date()
    try:
        day = datetime.fromtimestamp(clock, UTC).astimezone().date()
    except (ValueError, OverflowError, OSError):
        return today
    return day if _FIRST_DATE <= day <= today else today


def _checked(one: Kept) -> Kept:
    """An index is a file that anyone may have written: only what can be ours is taken from it."""
    told = _FILE.fullmatch(one.file)
    if told is None or (told[1], int(told[2])) != (one.uid, one.number) or type(one.bytes) is not int:
        raise ValueError(one.file)
    return one


@contextmanager
def _told(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise WorkError(
            f"{error.filename or path}: {error.strerror}; make room or choose another place by --to."
        ) from error
