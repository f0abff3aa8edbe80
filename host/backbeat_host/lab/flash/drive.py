"""CIRCUITPY in a folder: who may write it, what writing costs, how full it is, and what a power cut leaves.

Simulated: ownership, first-touch cost of each sector, flush cost, CircuitPython's own flush of what lies dirty at each
full second, capacity, bytes that never reached the flash. Faked: the FAT itself (its own sectors cost nothing, names
keep their case, no long-name limits). Pessimistic where FAT is merely undefined: opening with "w" empties the file at
once, unflushed bytes are always lost when the power goes.
"""

from collections.abc import Mapping
from contextlib import suppress
from os.path import lexists
from pathlib import Path

from backbeat_host.lab.clock import VirtualClock
from backbeat_host.lab.endings import PowerCut
from backbeat_host.lab.flash.faults import EROFS, Faults

SECTOR = 4096
CLUSTER = 512
_NS_PER_MS = 1_000_000
_BACKGROUND_NS = 1_000_000_000
"""CircuitPython's `filesystem_tick` asks for a flush so often; its ticks never pause while `keypad` scans a button."""

ENOENT = (2, "No such file/directory")
EACCES = (13, "Permission denied")
EEXIST = (17, "File exists")
ENOTDIR = (20, "Not a directory")
EISDIR = (21, "Is a directory")
EINVAL = (22, "Invalid argument")
ENOSPC = (28, "No space left on device")


class Content:
    """One open file's bytes, shared by everyone who has it open, and which of them wait to be flushed."""

    def __init__(self, host: Path, name: str) -> None:
        self.host = host
        self.name = name
        self.data = bytearray(host.read_bytes())
        self.flushed_size = len(self.data)
        self.dirty: list[tuple[int, int]] = []
        self.touched: set[int] = set()
        self.users = 0


class Drive:
    """The flash drive of one board; `code_owns` says who may write it, the running code or the laptop."""

    def __init__(
        self,
        folder: Path,
        clock: VirtualClock,
        *,
        firmware: Mapping[str, Path] | None = None,
        capacity: int = 1 << 20,
        sector_ms: int = 51,
        flush_ms: int = 154,
        rename_replaces: bool = False,
    ) -> None:
        """Use `folder`; `firmware` (board path -> host file) is read where the folder has no such file.

        Args:
            folder: The drive's root; made if missing.
            clock: What writing is charged to.
            firmware: Read-only files beneath the folder's own; they take no space and are not listed.
            capacity: Bytes that fit (1 MB on a Pico).
            sector_ms: Erasing and writing one 4 KB sector, charged when a write first touches it after a flush.
            flush_ms: Bringing what is dirty to the flash.
            rename_replaces: CircuitPython 10 removes an existing target first; without it, EEXIST (the stricter).
        """
        folder.mkdir(parents=True, exist_ok=True)
        self.folder = folder.resolve()
        self.clock = clock
        self.capacity = capacity
        self.faults = Faults(clock)
        self.rename_replaces = rename_replaces
        self.code_owns = False
        self.cwd = "/"
        self.open_files: dict[str, Content] = {}
        self._root = str(self.folder)
        self._firmware = {self.name(name): path for name, path in (firmware or {}).items()}
        self._sector_ns = sector_ms * _NS_PER_MS
        self._flush_ns = flush_ms * _NS_PER_MS
        self._cut_after: int | None = None
        self._on_flash: int | None = None
        self.flushed_unasked = 0
        """How often CircuitPython's own flush found something that the code had left dirty."""
        self._dirty = self._writing = self._held_up = False
        self._background = 0  # of the flushes CircuitPython was to make by itself: the one that is to come

    # ---- paths ----

    def name(self, path: str) -> str:
        """The absolute board path; one that climbs above the root is refused."""
        parts: list[str] = []
        for part in (path if path.startswith("/") else f"{self.cwd}/{path}").split("/"):
            if part == "..":
                if not parts:
                    raise OSError(*EINVAL)
                parts.pop()
            elif part and part != ".":
                parts.append(part)
        return "/" + "/".join(parts)

    def host(self, name: str) -> Path:
        """Where `name` lies in the folder, there or not; a link that leads out of the folder is refused."""
        path = Path(self._root + name)
        if not path.resolve().is_relative_to(self.folder):
            raise OSError(*EINVAL)
        return path

    def find(self, path: str) -> Path | None:
        """The host file a reader of the board path gets: the folder's own, else the firmware's, else None."""
        name = self.name(path)
        if lexists(self._root + name):  # most of what an import asks for is not there: asked as cheaply as can be
            host = self.host(name)
            if host.exists():
                return host
        return self._firmware.get(name)

    def holds(self, host: Path) -> bool:
        """Whether a host file lies in the folder itself, and is not lent to it."""
        return str(host).startswith(self._root + "/")

    def has_folder(self, path: str) -> bool:
        """Whether there is a folder of its own at the board path, not one of the firmware's."""
        return Path(self._root + self.name(path)).is_dir()

    # ---- ownership and power ----

    def check_writable(self) -> None:
        """Raise what CircuitPython raises when the code may not write."""
        if not self.code_owns:
            raise OSError(*EROFS)

    def hurry(self) -> None:
        """From now on flash takes no time."""
        self._sector_ns = self._flush_ns = 0

    def slow_down(self, factor: int) -> None:
        """From now on flash takes `factor` times as long."""
        self._sector_ns *= factor
        self._flush_ns *= factor

    def leave(self, left: int) -> None:
        """From now on only `left` more bytes fit, as if somebody's files took the rest."""
        self.capacity -= self.free() - _clusters(left)

    def seen_anew(self) -> None:
        """Somebody else has written the folder: what is known of its room is old."""
        self._on_flash = None

    def cut_after(self, count: int) -> None:
        """Cut the power as soon as `count` more bytes have reached the flash."""
        self._cut_after = count

    def forget(self) -> None:
        """The processor is gone: what was not flushed is lost."""
        self.open_files.clear()
        self._dirty = False
        self._on_flash = None
        self.cwd = "/"

    def close_all(self) -> None:
        """The code ended in good order: CircuitPython closes what it left open."""
        try:
            self.sync()
        finally:
            self.open_files.clear()

    # ---- contents ----

    def content(self, name: str, *, create: bool, truncate: bool) -> Content:
        """The bytes of a file, loaded once for all who have it open."""
        self.faults.look()
        host = self.host(name)
        if create or truncate:
            self.check_writable()
            if host.is_dir():
                raise OSError(*EACCES)
            if not host.parent.is_dir() or (not host.exists() and not create):
                raise OSError(*ENOENT)
            if truncate or not host.exists():
                self.clock.advance(0)  # raises once the power is gone
                self.faults.change()
                self.open_files.pop(name, None)
                host.write_bytes(b"")
                self._on_flash = None
        elif not host.is_file():
            firmware = self._firmware.get(name)
            if host.is_dir() or firmware is None:
                raise OSError(*ENOENT)
            host = firmware
        content = self.open_files.get(name)
        if content is None:
            content = self.open_files[name] = Content(host, name)
        content.users += 1
        return content

    def release(self, content: Content) -> None:
        """One user less; the last one's leaving flushes, and what that fails to bring to the flash is lost."""
        try:
            self.flush(content)
        finally:
            content.users -= 1
            if content.users <= 0 and self.open_files.get(content.name) is content:
                del self.open_files[content.name]

    def write(self, content: Content, offset: int, data: bytes) -> int:
        """Put bytes into the file, to be flushed later; what does not fit is left out and ENOSPC raised."""
        self.check_writable()
        self.faults.change()
        room = _clusters(len(content.data)) + self.free()
        fitting = data[: max(0, room - offset)]
        end = offset + len(fitting)
        if fitting:
            for sector in range(offset // SECTOR, (end - 1) // SECTOR + 1):
                if sector not in content.touched:
                    self._writing = True  # nothing goes on in the background meanwhile
                    try:
                        self.clock.advance(self._sector_ns)
                    finally:
                        self._writing = False
                    content.touched.add(sector)
            if offset > len(content.data):
                content.dirty.append((len(content.data), offset))
                content.data.extend(bytes(offset - len(content.data)))
            content.data[offset:end] = fitting
            if content.dirty and content.dirty[-1][1] == offset:
                content.dirty[-1] = (content.dirty[-1][0], end)
            else:
                content.dirty.append((offset, end))
            self._soil()
        if len(fitting) < len(data):
            raise OSError(*ENOSPC)
        return len(fitting)

    def flush(self, content: Content) -> None:
        """Bring a file's waiting bytes to the flash, in the order they were written."""
        if content.dirty:
            self._charge_flush()
            self._burn(content)

    def sync(self) -> None:
        """Bring everything to the flash, for the price of one flush."""
        dirty = [content for content in self.open_files.values() if content.dirty]
        if dirty:
            self._charge_flush()
            for content in dirty:
                self._burn(content)

    def charge_change(self) -> None:
        """A directory changes (made, removed, renamed): CircuitPython flushes that at once."""
        self.faults.change()
        self._on_flash = None
        self.clock.advance(self._flush_ns)

    def _charge_flush(self) -> None:
        self._dirty = False
        self.clock.advance(self._flush_ns)

    def _soil(self) -> None:
        """Something waits to be flushed: CircuitPython does so at its next full second, if nobody has by then."""
        if not self._dirty:
            self._dirty = True
            self._background += 1
            mine = self._background
            due = (self.clock.ns // _BACKGROUND_NS + 1) * _BACKGROUND_NS
            self.clock.schedule(due, lambda: self._flush_unasked(mine))
        elif self._held_up:
            self.clock.schedule(self.clock.ns, lambda: self._flush_unasked(self._background))
        self._held_up = False

    def _flush_unasked(self, number: int) -> None:
        self._held_up = self._writing
        if self._dirty and number == self._background and not self._writing:
            self.flushed_unasked += 1
            with suppress(OSError):  # nobody is there to be told
                self.sync()
            self._dirty = False

    def _burn(self, content: Content) -> None:
        self.faults.change()
        with content.host.open("r+b") as file:
            for start, end in content.dirty:
                file.seek(start)
                size = end - start
                if self._cut_after is not None and size >= self._cut_after:
                    file.write(content.data[start : start + self._cut_after])
                    self._cut_after = None
                    cut = PowerCut()
                    self.clock.halt(cut)
                    raise cut
                file.write(self.faults.written(bytes(content.data[start:end])))
                if self._cut_after is not None:
                    self._cut_after -= size
        if self._on_flash is not None:
            self._on_flash += _clusters(len(content.data)) - _clusters(content.flushed_size)
        content.flushed_size = len(content.data)
        content.dirty.clear()
        content.touched.clear()

    # ---- room ----

    def free(self) -> int:
        """Bytes still free, in whole clusters, unflushed bytes counted as written."""
        if self._on_flash is None:
            self._on_flash = sum(
                _clusters(path.stat().st_size) if path.is_file() else CLUSTER for path in self.folder.rglob("*")
            )
        waiting = sum(_clusters(len(c.data)) - _clusters(c.flushed_size) for c in self.open_files.values() if c.dirty)
        return self.capacity // CLUSTER * CLUSTER - self._on_flash - waiting


def _clusters(size: int) -> int:
    return -(-size // CLUSTER) * CLUSTER
