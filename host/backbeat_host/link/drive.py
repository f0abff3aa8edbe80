"""The files of a board through its mounted drive (CIRCUITPY), or any folder that is laid out like one."""

import errno
import hashlib
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil

from backbeat_host.link.backend import (
    BESIDE,
    Entry,
    Files,
    FullError,
    GoneError,
    HostileNameError,
    LyingError,
    OtherOwnerError,
    Progress,
    good_name,
    parts,
    sha256,
)

_PIECE = 32_768  # bytes read or written between two words of progress
_GONE = {errno.EIO, errno.ENODEV, errno.ENXIO, errno.ESTALE, errno.ENOTCONN}


class DriveFiles(Files):
    """Files below a folder. Every file is on the drive, and not in this machine's memory only, when `write` returns."""

    def __init__(self, folder: Path, owned: Callable[[], bool] | None = None, capacity: int | None = None) -> None:
        """Where the folder cannot tell, `owned` says whether the laptop may write, and `capacity` what fits."""
        self.folder = folder
        self._owned = owned or (lambda: may_write(folder))
        self._capacity = capacity

    @property
    def writable(self) -> bool:
        """Whether the laptop may write: a board that owns its drive shows it as write-protected."""
        return self._owned()

    def listing(self, folder: str) -> list[Entry]:
        """List a folder; links and what has an impossible name are no files of a board."""
        with self._clear(folder) as place, os.scandir(place) as found:
            entries = [
                Entry(at.name, 0 if at.is_dir() else at.stat().st_size, at.is_dir())
                for at in found
                if good_name(at.name) and not at.is_symlink()
            ]
        return sorted(entries, key=lambda entry: entry.name)

    def read(
        self, path: str, begin: int = 0, count: int | None = None, progress: Progress = lambda done, total: None
    ) -> bytes:
        """Read a file from an offset, all of it or at most so many bytes."""
        with self._clear(path) as place, place.open("rb") as file:
            left = max(os.fstat(file.fileno()).st_size - begin, 0)
            total = left if count is None else min(count, left)
            file.seek(begin)
            raw = bytearray()
            while len(raw) < total and (piece := file.read(min(_PIECE, total - len(raw)))):
                raw += piece
                progress(len(raw), total)
        return bytes(raw)

    def write(self, path: str, raw: bytes, progress: Progress = lambda done, total: None) -> None:
        """Write a file whole: beside its place, read back from the drive, renamed. Makes its folders."""
        with self._clear(path, writing=True) as place:
            place.parent.mkdir(parents=True, exist_ok=True)
            beside = place.with_name(place.name + BESIDE)
            try:
                with beside.open("wb") as file:
                    for begin in range(0, len(raw), _PIECE):
                        file.write(raw[begin : begin + _PIECE])
                        progress(min(begin + _PIECE, len(raw)), len(raw))
                    file.flush()
                    os.fsync(file.fileno())
                if _hash(beside) != sha256(raw):
                    raise LyingError(errno.EIO, "written, but not as it was given", path)
                beside.replace(place)
                _settle(place.parent)
            except BaseException:
                _drop(beside)
                raise

    def rename(self, path: str, to: str) -> None:
        """Give a file another place, whose folders are made; what was there goes."""
        with self._clear(path, writing=True) as place, self._clear(to, writing=True) as target:
            target.parent.mkdir(parents=True, exist_ok=True)
            place.replace(target)
            _settle(target.parent)

    def remove(self, path: str) -> None:
        """Remove a file, or a folder that is empty."""
        with self._clear(path, writing=True) as place:
            if place.is_dir():
                place.rmdir()
            else:
                place.unlink()
            _settle(place.parent)

    def digest(self, path: str) -> str | None:
        """The SHA-256 of a file in hexadecimal, None where there is no such file."""
        with self._clear(path) as place:
            return _hash(place) if place.is_file() else None

    def free(self) -> int:
        """Bytes that are free."""
        with self._clear("/") as place:
            if self._capacity is None:
                return shutil.disk_usage(place).free
            return max(self._capacity - sum(at.stat().st_size for at in place.rglob("*") if at.is_file()), 0)

    def _place(self, path: str) -> Path:
        place = self.folder.joinpath(*parts(path))
        root = self.folder.resolve()
        if root != place.resolve() and root not in place.resolve().parents:
            raise HostileNameError(errno.EINVAL, "a link that leads out of the drive", path)
        return place

    @contextmanager
    def _clear(self, path: str, writing: bool = False) -> Iterator[Path]:
        """Give the place here of a path there; whatever fails says why in the words of `backend`."""
        try:
            if not self.folder.is_dir():
                raise GoneError(errno.ENODEV, "its drive is not there any more", path)
            if writing and not self.writable:
                raise OtherOwnerError(errno.EROFS, "the board owns its drive, the laptop may only read it", path)
            yield self._place(path)
        except OSError as error:
            if type(error).__module__ == GoneError.__module__:
                raise
            if error.errno in _GONE or not self.folder.is_dir():
                raise GoneError(error.errno, "its drive is not there any more", path) from error
            if error.errno == errno.ENOSPC:
                raise FullError(errno.ENOSPC, error.strerror, path) from error
            if error.errno == errno.EROFS:
                raise OtherOwnerError(errno.EROFS, "the drive takes no writing from the laptop", path) from error
            raise type(error)(error.errno, error.strerror, path) from error


def may_write(folder: Path) -> bool:
    """Tell whether this machine has the folder for writing, without trying: a try would make a board start anew."""
    try:
        if hasattr(os, "statvfs"):
            read_only = bool(os.statvfs(folder).f_flag & os.ST_RDONLY)
        else:  # Windows says it of the volume, and would let everybody try
            partitions = psutil.disk_partitions(all=True)
            read_only = any(Path(at.mountpoint) == folder and "ro" in at.opts.split(",") for at in partitions)
        if read_only or not folder.stat().st_mode & 0o222:  # the superuser may always, so os.access would not tell
            return False
    except OSError:
        return False
    return os.access(folder, os.W_OK)


def _hash(place: Path) -> str:
    """The hash of what is on the drive, not of this machine's memory of it, where the system can tell them apart."""
    digest = hashlib.sha256()
    with place.open("rb") as file:
        if hasattr(os, "posix_fadvise"):
            os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)
        while piece := file.read(_PIECE):
            digest.update(piece)
    return digest.hexdigest()


def _settle(folder: Path) -> None:
    """See that a folder's names are on the drive; where a folder cannot be opened, the system does that itself."""
    try:
        handle = os.open(folder, os.O_RDONLY)
    except OSError:
        return
    try:
        os.fsync(handle)
    except OSError as error:
        if error.errno != errno.EINVAL:
            raise
    finally:
        os.close(handle)


def _drop(beside: Path) -> None:
    try:
        beside.unlink(missing_ok=True)
    except OSError:
        return  # the drive is gone, or full of errors; the next write begins the file anew
