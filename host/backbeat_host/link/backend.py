"""What every way of reaching a board's files offers, and the ways in which it can fail.

For `install`, settings and logs, which work alike through the mounted drive and over the console.
"""

import errno
import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from typing import Protocol

from backbeat_host.errors import WorkError

Progress = Callable[[int, int], object]  # bytes done, bytes in all

BESIDE = ".part"  # what a file is called in addition until it is whole
DEEPEST = 8  # folders in each other; a damaged drive may have them without an end

_NO_NAME = {"", ".", ".."}
_NOT_IN_A_NAME = frozenset('\\/:*?"<>|')  # what FAT forbids
_LONGEST_NAME = 255


@dataclass(frozen=True)
class Entry:
    """One name in a folder of the board, as the board says it: to be checked before it becomes a path here."""

    name: str
    size: int
    is_folder: bool


class GoneError(OSError):
    """The board went away: cable pulled, drive ejected, reset."""


class GarbledError(OSError):
    """What came back is no answer to what was asked."""


class BoardError(GarbledError):
    """Code that ran on the board failed otherwise than by an OSError."""


class OtherOwnerError(OSError):
    """The other side owns the drive: this one may only read it."""


class FullError(OSError):
    """No room is left on the board."""


class LyingError(OSError):
    """What was written is not what is there."""


class HostileNameError(OSError):
    """A name that no file on a board can have."""


class Files(Protocol):
    """The files of one board. Paths are absolute, with `/`. Many files at once are for what costs a question each.

    Everything raises OSError: FileNotFoundError, one of the errors above, or what the machine says.
    """

    @property
    def writable(self) -> bool:
        """Whether this side may write now."""

    def listing(self, folder: str) -> list[Entry]:
        """List a folder; its names are the board's word, and no more."""

    def tree(self, folder: str, deep: int = DEEPEST) -> list[Entry]:
        """List a folder and those in it, by whole paths, a folder before what is in it; nothing where there is none."""
        found = []
        with suppress(FileNotFoundError):
            for entry in self.listing(folder):
                at = replace(entry, name=f"{folder.rstrip('/')}/{entry.name}")
                found += [at, *(self.tree(at.name, deep - 1) if at.is_folder and deep else [])]
        return found

    def read(
        self, path: str, begin: int = 0, count: int | None = None, progress: Progress = lambda done, total: None
    ) -> bytes:
        """Read a file from an offset, all of it or at most so many bytes."""

    def write(self, path: str, raw: bytes, progress: Progress = lambda done, total: None) -> None:
        """Write a file whole: beside its place, verified there by its hash, renamed. Makes its folders."""

    def write_all(self, files: Mapping[str, bytes], progress: Progress = lambda done, total: None) -> None:
        """Write each file as `write` does, in their order; `progress` counts the bytes of all."""
        total = sum(map(len, files.values()))
        begun = 0
        for path, raw in files.items():
            self.write(path, raw, lambda done, _, begun=begun: progress(begun + done, total))  # type: ignore[misc]
            begun += len(raw)

    def rename(self, path: str, to: str) -> None:
        """Give a file another place, whose folders are made; what was there goes."""

    def rename_all(self, pairs: Iterable[tuple[str, str]]) -> None:
        """Do as `rename` with each pair, in their order; broken off, the first of them have moved."""
        for path, to in pairs:
            self.rename(path, to)

    def remove(self, path: str) -> None:
        """Remove a file, or a folder that is empty."""

    def remove_all(self, paths: Iterable[str]) -> None:
        """Do as `remove` with each, in their order; broken off, the first of them are gone."""
        for path in paths:
            self.remove(path)

    def digest(self, path: str) -> str | None:
        """The SHA-256 of a file in hexadecimal, None where there is no such file."""

    def digests(self, paths: Iterable[str]) -> dict[str, str | None]:
        """Give what `digest` does for each of the paths."""
        return {path: self.digest(path) for path in paths}

    def free(self) -> int:
        """Bytes that are free."""


def sha256(raw: bytes) -> str:
    """Give the hash as `Files.digest` does."""
    return hashlib.sha256(raw).hexdigest()


def parts(path: str) -> list[str]:
    """Split an absolute path of a board into its names.

    Raises:
        HostileNameError: it is not absolute, leaves its folder, or has a name that no file on a board can have.
    """
    if path == "/":
        return []
    names = path.split("/")
    if names[0] or not names[1:] or not all(map(good_name, names[1:])):
        raise HostileNameError(errno.EINVAL, "no path on a board", path)
    return names[1:]


def good_name(name: str) -> bool:
    """Tell whether a name can be that of one file on a board, and can be a file's here without leaving its folder."""
    return (
        name not in _NO_NAME
        and len(name) <= _LONGEST_NAME
        and name.isprintable()
        and not _NOT_IN_A_NAME & set(name)
        and name == name.rstrip(". ")  # FAT drops them
    )


@contextmanager
def failures_told(where: str) -> Iterator[None]:
    """At the edge of `link`: give the person one sentence and a remedy; `where` is the board as it is shown.

    Raises:
        WorkError: anything below failed.
        OSError: what we say found no reader, or no room.
    """
    try:
        yield
    except BrokenPipeError:
        raise  # nobody reads what we say: no matter of the board's
    except OSError as error:
        if error.errno == errno.ENOSPC and not isinstance(error, FullError):
            raise  # a full board says FullError: this is where our words go
        raise WorkError(f"{where}: {_sentence(error).removeprefix(f'{where}: ')}") from error


def _sentence(error: OSError) -> str:
    reason = error.strerror or str(error) or "no reason given"
    name = f"{error.filename}: " if error.filename else ""
    if isinstance(error, GarbledError):
        return f"the console gives no sense ({reason}); press the board's reset button and repeat the command."
    if isinstance(error, LyingError):
        return f"{name}what was written is not what is there; back the drive up and check it (`backbeat doctor`)."
    if isinstance(error, HostileNameError):
        return f"{error.filename!r}: no file on a board can be called so; check the drive (`backbeat doctor`)."
    if isinstance(error, GoneError) or error.errno in (errno.ENODEV, errno.ENXIO, errno.EIO, errno.ESTALE):
        return f"the board went away ({reason}); plug it in again and repeat the command."
    if isinstance(error, FullError):
        return f"{name}the drive is full; remove logs with `backbeat logs rm` or other files, then repeat the command."
    if isinstance(error, OtherOwnerError) or error.errno == errno.EROFS:
        return f"{name}{reason}; `backbeat service on` gives the drive to the laptop, `service off` to the board."
    if isinstance(error, FileNotFoundError):
        return f"{name}not there; is this the right board? `backbeat devices` shows them."
    if error.errno == errno.EACCES:
        return f"{name}permission denied; `backbeat doctor` says what to do."
    if error.errno == errno.EBUSY:
        return f"{name}another program has the port open; close it and repeat the command."
    return f"{name}{reason}; `backbeat doctor` looks for the cause."
