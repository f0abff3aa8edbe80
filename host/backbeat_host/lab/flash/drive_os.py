"""The part of CircuitPython's `os` that works on the drive; no `ilistdir`, as on a board.

Simulated: errors by number and text, directories, free space. Faked: times are those of the host's files; `listdir`
and removing see the folder only, not the firmware lent beneath it.
"""

from pathlib import Path

from backbeat_host.lab.flash.drive import CLUSTER, EACCES, EEXIST, EISDIR, ENOENT, ENOTDIR, Drive

_FOLDER, _FILE = 0x4000, 0x8000


class DriveOs:
    """Functions of `os`, bound to one drive."""

    def __init__(self, drive: Drive) -> None:
        self._drive = drive

    def listdir(self, path: str = "") -> list[str]:
        """Names in a folder."""
        faults = self._drive.faults
        faults.look()
        host = self._host(path)
        if not host.is_dir():
            raise OSError(*(ENOTDIR if host.exists() else ENOENT))
        return sorted(entry.name for entry in host.iterdir()) + faults.stray_names.get(self._drive.name(path), [])

    def mkdir(self, path: str) -> None:
        """Make a folder; its parent must be there."""
        self._drive.check_writable()
        host = self._host(path)
        if host.exists():
            raise OSError(*EEXIST)
        if not host.parent.is_dir():
            raise OSError(*ENOENT)
        self._drive.charge_change()
        host.mkdir()

    def remove(self, path: str) -> None:
        """Remove a file."""
        self._drive.check_writable()
        host = self._host(path)
        if not host.exists():
            raise OSError(*ENOENT)
        if host.is_dir():
            raise OSError(*EISDIR)
        self._drive.charge_change()
        host.unlink()

    unlink = remove

    def rmdir(self, path: str) -> None:
        """Remove an empty folder."""
        self._drive.check_writable()
        host = self._host(path)
        if not host.exists():
            raise OSError(*ENOENT)
        if not host.is_dir():
            raise OSError(*ENOTDIR)
        if any(host.iterdir()):
            raise OSError(*EACCES)
        self._drive.charge_change()
        host.rmdir()

    def rename(self, old: str, new: str) -> None:
        """Give a file another name."""
        self._drive.check_writable()
        source, target = self._host(old), self._host(new)
        if not source.exists() or not target.parent.is_dir():
            raise OSError(*ENOENT)
        if target.exists():
            if not self._drive.rename_replaces or target.is_dir():
                raise OSError(*EEXIST)
            self.remove(new)  # not one step with the renaming: a power cut may come between
        self._drive.charge_change()
        source.rename(target)

    def stat(self, path: str) -> tuple[int, ...]:
        """Mode, size and times, as ten numbers."""
        self._drive.faults.look()
        host = self._drive.find(path)
        if host is None:
            raise OSError(*ENOENT)
        opened = self._drive.open_files.get(self._drive.name(path))
        facts = host.stat()
        size = opened.flushed_size if opened else facts.st_size
        seconds = int(facts.st_mtime)
        folder = host.is_dir()
        return (_FOLDER if folder else _FILE, 0, 0, 0, 0, 0, 0 if folder else size, seconds, seconds, seconds)

    def statvfs(self, path: str) -> tuple[int, ...]:
        """Block size, blocks, free blocks and the longest name, as ten numbers."""
        self._drive.faults.look()
        if self._drive.find(path) is None:
            raise OSError(*ENOENT)
        free = max(0, self._drive.free()) // CLUSTER
        return (CLUSTER, CLUSTER, self._drive.capacity // CLUSTER, free, free, 0, 0, 0, 0, 255)

    def sync(self) -> None:
        """Bring everything written to the flash."""
        self._drive.sync()

    def getcwd(self) -> str:
        """The current folder."""
        return self._drive.cwd

    def chdir(self, path: str) -> None:
        """Change the current folder."""
        if not self._host(path).is_dir():
            raise OSError(*ENOENT)
        self._drive.cwd = self._drive.name(path)

    def _host(self, path: str) -> Path:
        return self._drive.host(self._drive.name(path))
