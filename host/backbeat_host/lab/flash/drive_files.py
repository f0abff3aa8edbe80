"""`open` on the virtual drive: file objects with the methods CircuitPython's have, bytes or UTF-8 text.

Simulated: position, append, sharing, errors of a wrong mode. Faked: text is decoded as it is read, without
newline translation; nothing is buffered here, the drive keeps what is not flushed.
"""

from collections.abc import Iterator
from typing import Any

from backbeat_host.lab.flash.drive import EINVAL, Content, Drive

_EPERM = (1, "Operation not permitted")


class VirtualFile:
    """An open file of the board."""

    def __init__(self, drive: Drive, name: str, mode: str) -> None:
        kinds = set(mode) & set("rwax")
        if len(kinds) != 1 or set(mode) - set("rwaxbt+"):
            raise ValueError("Invalid mode")
        kind = kinds.pop()
        self.name = name
        self.mode = mode
        self._drive = drive
        self._text = "b" not in mode
        self._readable = kind == "r" or "+" in mode
        self._writable = kind != "r" or "+" in mode
        self._append = kind == "a"
        if kind == "x" and drive.host(name).exists():
            raise OSError(17, "File exists")
        if self._writable:
            drive.check_writable()
        self._content: Content | None = drive.content(name, create=kind != "r", truncate=kind == "w")
        self._position = len(self._content.data) if self._append else 0

    def __enter__(self) -> "VirtualFile":
        return self

    def __exit__(self, *exc: object) -> None:
        self.close()

    def __iter__(self) -> Iterator[Any]:
        while line := self.readline():
            yield line

    def close(self) -> None:
        """Flush and let go; a second time does nothing."""
        content, self._content = self._content, None
        if content is not None:
            self._drive.release(content)

    def flush(self) -> None:
        """Bring what was written to the flash."""
        self._drive.flush(self._opened())

    def read(self, size: int | None = -1) -> Any:
        """Read `size` bytes or characters, or all that is left."""
        data = self._reading().data
        if size is None or size < 0:
            return self._give(bytes(data[self._position :]))
        if not self._text:
            return self._give(bytes(data[self._position : self._position + size]))
        text = bytes(data[self._position :]).decode()[:size]
        self._position += len(text.encode())
        return text

    def readline(self, size: int = -1) -> Any:
        """Read up to and with the next newline."""
        data = self._reading().data
        end = data.find(b"\n", self._position) + 1 or len(data)
        if size >= 0:
            end = min(end, self._position + size)
        return self._give(bytes(data[self._position : end]))

    def readlines(self) -> list[Any]:
        """All lines that are left."""
        return list(self)

    def readinto(self, buffer: Any) -> int:
        """Fill `buffer` as far as the file goes."""
        room = memoryview(buffer).cast("B")
        part = bytes(self._reading().data[self._position : self._position + len(room)])
        room[: len(part)] = part
        self._position += len(part)
        return len(part)

    def write(self, data: Any) -> int:
        """Write at the position, or at the end of a file opened for appending."""
        content = self._opened()
        if not self._writable:
            raise OSError(*_EPERM)
        if isinstance(data, str):
            if not self._text:
                raise TypeError("object with buffer protocol required")
            raw = data.encode()
        else:
            raw = bytes(memoryview(data).cast("B"))
        if self._append:
            self._position = len(content.data)
        self._drive.write(content, self._position, raw)
        self._position += len(raw)
        return len(data) if isinstance(data, str) else len(raw)

    def seek(self, offset: int, whence: int = 0) -> int:
        """Move the position: from the start, from here, or from the end."""
        base = (0, self._position, len(self._opened().data))[whence]
        if base + offset < 0:
            raise OSError(*EINVAL)
        self._position = base + offset
        return self._position

    def tell(self) -> int:
        """The position."""
        self._opened()
        return self._position

    def _opened(self) -> Content:
        if self._content is None:
            raise OSError(*EINVAL)
        return self._content

    def _reading(self) -> Content:
        content = self._opened()
        if not self._readable:
            raise OSError(*_EPERM)
        return content

    def _give(self, part: bytes) -> Any:
        self._position += len(part)
        return part.decode() if self._text else part


def open_on(drive: Drive, path: str, mode: str = "r") -> VirtualFile:
    """`open(path, mode)` for code that runs on the board."""
    return VirtualFile(drive, drive.name(path), mode)
