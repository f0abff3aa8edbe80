"""How a board stands, told from its drive without disturbing it: who owns it, room, sessions on it, battery."""

import re
import struct
from dataclasses import dataclass, replace

from backbeat import record, record_reader
from backbeat_host.link.backend import Files
from backbeat_host.link.console import Console
from backbeat_host.link.found import PORT_ONLY, Found, drive_files
from backbeat_host.link.home import Home, owner

LOGS = "/logs"

_LOG = re.compile(r"\d{5,10}\.bbl")
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
    logs = sessions(files)
    battery = _battery(files, max(logs)[0]) if logs else None
    return Standing("laptop" if files.writable else "board", files.free(), logs, battery)


def asked(found: Found) -> Found:
    """A board that only has a port, with what its console tells; one that runs code, or does not answer, as it is."""
    if found.state != PORT_ONLY or found.port is None:
        return found
    try:
        with Console(found.port) as console:
            if console.running():
                return replace(found, remedy=f"it runs its code now; {found.remedy}")
            console.enter()
            try:
                uid, board_id, version, name = console.value(_WHO)
            finally:
                console.leave()
    except (OSError, TypeError, ValueError):
        return found
    told = replace(found, uid=str(uid), board_id=str(board_id), circuitpython=str(version), name=str(name))
    shown = all(map(str.isprintable, (told.uid, told.board_id, told.circuitpython, told.name)))
    return told if shown else found


def waiting(found: Found, stands: Standing, home: Home) -> list[int]:
    """The sessions on the board that were never pulled to `home`.

    Raises:
        WorkError: that folder cannot be read.
    """
    pulled = {one.number for one in home.kept() if one.uid == owner(found.uid)}
    return [number for number, _ in stands.sessions or () if number not in pulled]


def sessions(files: Files) -> tuple[tuple[int, int], ...]:
    """(number, bytes) of each log on the board, the oldest first."""
    try:
        entries = files.listing(LOGS)
    except FileNotFoundError:
        return ()
    return tuple(sorted((int(at.name[:-4]), at.size) for at in entries if _LOG.fullmatch(at.name) and not at.is_folder))


def _battery(files: Files, number: int) -> int | None:
    """The charge that the newest log tells last."""
    path = f"{LOGS}/{number:05d}.bbl"
    size = next((entry.size for entry in files.listing(LOGS) if path.endswith("/" + entry.name)), 0)
    begin = max(size - _LAST, 0) // record.BLOCK * record.BLOCK
    percent = None
    for told in record_reader.read(files.read(path, begin, _LAST)):
        if isinstance(told, record_reader.Damage) or told[0] != record.BATTERY:
            continue
        if len(told[2]) >= struct.calcsize(record.BATTERY_FORMAT):
            percent = struct.unpack_from(record.BATTERY_FORMAT, told[2])[0]
    return percent if percent is not None and percent <= 100 else None
