"""How a board stands, told without disturbing it from its drive, or from its console where it runs no code: who owns
the drive, room, sessions on it, battery.
"""

import contextlib
import struct
from dataclasses import dataclass, replace

from backbeat import record, record_reader
from backbeat_host.link.backend import Files
from backbeat_host.link.console import Console
from backbeat_host.link.found import PORT_ONLY, Found, drive_files
from backbeat_host.link.home import Home, owner
from backbeat_host.link.logs import OnBoard, on_board
from backbeat_host.link.serial_files import SerialFiles

_WHO = (
    "(lambda os, m, s: (''.join(['%02x' % b for b in m.cpu.uid]), __import__('board').board_id, "
    "'.'.join([str(n) for n in s.implementation.version[:3]]), os.uname().machine))"
    "(__import__('os'), __import__('microcontroller'), __import__('sys'))"
)
_LAST = 65_536  # bytes at a log's end in which its last measured battery stands: ten minutes of a run


@dataclass(frozen=True)
class Standing:
    """What is not known is None. `sessions`: (number, bytes) of each log on the board."""

    owner: str | None = None  # laptop or board; what the board owns, the laptop may see as it was some time ago
    free: int | None = None
    sessions: tuple[tuple[int, int], ...] | None = None
    battery: int | None = None  # percent, when it was last measured in a session


def standing(found: Found) -> Standing:
    """Look at a board's drive; a board without one, or in its bootloader, tells nothing.

    Raises:
        OSError: the drive cannot be read.
    """
    if found.drive is None or not found.circuitpython:
        return Standing()
    files = drive_files(found.drive)
    return _told(files, "laptop" if files.writable else "board")


def asked(found: Found) -> tuple[Found, Standing]:
    """A board that only has a port, with what its console tells, and how it stands; one that runs code, or does not
    answer, as it is.
    """
    if found.state != PORT_ONLY or found.port is None:
        return found, Standing()
    stands = Standing()
    try:
        with Console(found.port) as console:
            if console.running():
                return replace(found, remedy=f"it runs its code now; {found.remedy}"), stands
            console.enter()
            try:
                uid, board_id, version, name = console.value(_WHO)
                with contextlib.suppress(OSError):  # who it is is worth telling alone
                    files = SerialFiles(console)
                    stands = _told(files, "board" if files.writable else "laptop")
            finally:
                console.leave()
    except (OSError, TypeError, ValueError):
        return found, Standing()
    told = replace(found, uid=str(uid), board_id=str(board_id), circuitpython=str(version), name=str(name))
    shown = all(map(str.isprintable, (told.uid, told.board_id, told.circuitpython, told.name)))
    return told if shown else found, stands


def waiting(found: Found, stands: Standing, home: Home) -> list[int]:
    """The sessions on the board that were never pulled to `home`.

    Raises:
        WorkError: that folder cannot be read.
    """
    pulled = {one.number for one in home.kept() if one.uid == owner(found.uid)}
    return [number for number, _ in stands.sessions or () if number not in pulled]


def _told(files: Files, owns: str) -> Standing:
    """What the files of a board tell."""
    logs, _ = on_board(files)
    sessions = tuple((log.number, log.bytes) for log in logs)
    battery = _battery(files, logs[-1]) if logs else None
    return Standing(owns, files.free(), sessions, battery)


def _battery(files: Files, log: OnBoard) -> int | None:
    """The charge that a log tells last."""
    begin = max(log.bytes - _LAST, 0) // record.BLOCK * record.BLOCK
    percent = None
    for told in record_reader.read(files.read(log.path, begin, _LAST)):
        if isinstance(told, record_reader.Damage) or told[0] != record.BATTERY:
            continue
        if len(told[2]) >= struct.calcsize(record.BATTERY_FORMAT):
            percent = struct.unpack_from(record.BATTERY_FORMAT, told[2])[0]
    return percent if percent is not None and percent <= 100 else None
