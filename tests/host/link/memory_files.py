"""A board's files in memory that fail on purpose: after so many changes, by lying, by being full."""

import errno
from collections.abc import Callable

from backbeat_host.link.backend import (
    BESIDE,
    Entry,
    Files,
    FullError,
    GoneError,
    LyingError,
    OtherOwnerError,
    parts,
    sha256,
)


class MemoryFiles(Files):
    """`left`: changes until the cable is pulled, None never. Each step of a write and a rename is a change of its own,
    as over the console, where the old file goes before the new one comes.
    """

    writable = True

    def __init__(self, there: dict[str, bytes] | None = None, capacity: int = 10**7) -> None:
        self.there = dict(there or {})
        self.capacity = capacity
        self.left: int | None = None
        self.changes = 0
        self.lies: Callable[[str], bool] = lambda path: False

    def _change(self) -> None:
        if not self.writable:
            raise OtherOwnerError(errno.EROFS, "not yours")
        if self.left is not None:
            if self.left == 0:
                raise GoneError(errno.ENODEV, "pulled")
            self.left -= 1
        self.changes += 1

    def listing(self, folder: str) -> list[Entry]:
        prefix = "/" if folder == "/" else folder + "/"
        below = {path[len(prefix) :]: raw for path, raw in self.there.items() if path.startswith(prefix)}
        if not below and folder != "/":
            raise FileNotFoundError(errno.ENOENT, "no", folder)
        names = {name.partition("/")[0]: "/" in name for name in below}
        return [Entry(name, 0 if deep else len(below[name]), deep) for name, deep in sorted(names.items()) if name]

    def read(self, path, begin=0, count=None, progress=lambda done, total: None) -> bytes:
        if path not in self.there:
            raise FileNotFoundError(errno.ENOENT, "no", path)
        return self.there[path][begin : None if count is None else begin + count]

    def write(self, path, raw, progress=lambda done, total: None) -> None:
        parts(path)
        self._make_folders(path)
        beside = path + BESIDE
        for end in (0, len(raw) // 2, len(raw)):
            self._change()
            self.there[beside] = raw[:end]
            if sum(map(len, self.there.values())) > self.capacity:
                del self.there[beside]
                raise FullError(errno.ENOSPC, "full", path)
            progress(end, len(raw))
        if self.lies(path):
            self.there[beside] = raw[:-1] + b"?"
        if sha256(self.there[beside]) != sha256(raw):
            del self.there[beside]
            raise LyingError(errno.EIO, "lies", path)
        self.rename(beside, path)

    def rename(self, path: str, to: str) -> None:
        parts(to)
        if path not in self.there:
            raise FileNotFoundError(errno.ENOENT, "no", path)
        self._make_folders(to)
        if to in self.there:
            self._change()
            del self.there[to]
        self._change()
        self.there[to] = self.there.pop(path)

    def remove(self, path: str) -> None:
        if path + "/" not in self.there and path not in self.there:
            raise FileNotFoundError(errno.ENOENT, "no", path)
        if any(other.startswith(path + "/") and other != path + "/" for other in self.there):
            raise OSError(errno.ENOTEMPTY, "not empty", path)
        self._change()
        self.there.pop(path, self.there.pop(path + "/", None))

    def digest(self, path: str) -> str | None:
        parts(path)
        return sha256(self.there[path]) if path in self.there else None

    def free(self) -> int:
        return self.capacity - sum(map(len, self.there.values()))

    def _make_folders(self, path: str) -> None:
        """A folder is a path with a slash at its end."""
        at = path.find("/", 1)
        while at > 0:
            if path[: at + 1] not in self.there:
                self._change()
                self.there[path[: at + 1]] = b""
            at = path.find("/", at + 1)

    @property
    def contents(self) -> dict[str, bytes]:
        """The files, without the folders."""
        return {path: raw for path, raw in self.there.items() if not path.endswith("/")}
