"""The checks of `doctor` in their order, each told as it ends; what one of them finds may spare the next."""

from collections.abc import Callable, Iterator

from backbeat_host.link.backend import Files
from backbeat_host.link.console import Console
from backbeat_host.link.doctor import content, parts, reach
from backbeat_host.link.doctor.check import BAD, SKIPPED, Check
from backbeat_host.link.found import Found, drive_files
from backbeat_host.link.serial_files import SerialFiles

Heard = Callable[[str], bool | None]
Listens = Callable[[float], object]


def reachable(found: Found) -> Iterator[Check]:
    """The checks before the port is opened."""
    yield reach.permission(found)
    yield reach.port_free(found)
    if found.circuitpython:
        yield content.circuitpython(found.circuitpython)


def on_the_board(found: Found, console: Console | None, heard: Heard, listens: Listens) -> Iterator[Check]:
    """The others; without a console those that need none. `listens` hears for how many s nothing will come."""
    drive = drive_files(found.drive) if found.drive else None
    over = SerialFiles(console) if console else None
    files: Files | None = over or drive  # the board's own view first: the laptop's may be stale
    if files is None:
        yield Check("drive", SKIPPED, "neither a drive nor a console to look at it")
        return
    if not found.circuitpython:
        yield content.circuitpython(_version(console))
    board_owns = over.writable if over else None
    installed = bool(found.backbeat)
    yield reach.drive_owner(found, drive, board_owns, installed)
    checks = (content.file_system, content.firmware, content.libraries, content.settings, content.room)
    whole = True
    for look in checks:
        check = _tried(look, files)
        whole = whole and not (look is content.firmware and check.verdict == BAD)
        yield check
    if console is None:
        for about in ("clock", "sensor", "sound"):
            yield Check(about, SKIPPED, "needs the console")
        return
    listens(parts.SPAN_S)
    yield parts.clock(console)
    if not whole:
        for about in ("sensor", "sound"):
            yield Check(about, SKIPPED, "needs a whole Backbeat on the board")
        return
    yield parts.sensor(console)
    yield parts.sound(console, heard)


def _tried(look: Callable[[Files], Check], files: Files) -> Check:
    """One look at the files; a file that cannot be read is what it found."""
    about = look.__name__.replace("_", " ")
    try:
        return look(files)
    except (FileNotFoundError, PermissionError, IsADirectoryError, NotADirectoryError) as error:
        return Check(about, BAD, f"{error.filename or 'a file'} cannot be read ({error.strerror})", "repair the drive")


def _version(console: Console | None) -> str:
    """What the console tells of CircuitPython's version; "" where there is none."""
    if console is None:
        return ""
    console.run("import sys")
    return str(console.value("'.'.join([str(n) for n in sys.implementation.version[:3]])"))
