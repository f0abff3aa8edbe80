"""Which boards there are: by their drives, by their ports, and those that `backbeat lab serve` plays.

A drive and a port belong to one board when they tell the same UID.
"""

import contextlib
import json
import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import psutil
from serial.tools import list_ports

from backbeat_host.errors import InputError, WorkError
from backbeat_host.lab.serve import notes
from backbeat_host.link import manifest
from backbeat_host.link.drive import DriveFiles, may_write

READY = "ready"
DRIVE_ONLY = "drive only"
PORT_ONLY = "port only"
BOOTLOADER = "bootloader"
NO_CIRCUITPYTHON = "no CircuitPython"
_ABLE = (READY, DRIVE_ONLY, PORT_ONLY)  # what runs CircuitPython, and can be talked to

BOOT_OUT = "boot_out.txt"
BOOT_OUT_MOST = 4096  # bytes of it that are read: it holds whatever boot.py prints as well
INFO_UF2 = "INFO_UF2.TXT"

_REMEDIES = {
    DRIVE_ONLY: "its serial port is not here: use a cable that carries data, and see `backbeat doctor`",
    PORT_ONLY: "its drive is not mounted here: mount it, or go on over the console",
    BOOTLOADER: "it waits for CircuitPython: get this board's .uf2 file from circuitpython.org, "
    "then `backbeat install --uf2 FILE`",
    NO_CIRCUITPYTHON: "press its reset button twice quickly (or hold BOOT while plugging it in), "
    "then `backbeat install --uf2 FILE`",
}

_VENDORS = {0x239A: "Adafruit", 0x2886: "Seeed", 0x2341: "Arduino", 0x2E8A: "Raspberry Pi"}
_RUNS = 0x8000  # the bit in these vendors' product numbers that tells a running program from the bootloader
_BY_BIT = {0x239A, 0x2886, 0x2341}

_VERSION = re.compile(r"CircuitPython (\S+) on [\d-]+; (.*?)(?: with .*)?$", re.MULTILINE)
_BOARD_ID = re.compile(r"^Board ID:\s*(\S+)", re.MULTILINE)
_UID = re.compile(r"^UID:\s*([0-9A-Fa-f]{8,64})\s*$", re.MULTILINE)
_UF2_MODEL = re.compile(r"^Model:\s*(.+?)\s*$", re.MULTILINE)
_UF2_BOARD = re.compile(r"^Board-ID:\s*(\S+)", re.MULTILINE)


@dataclass(frozen=True)
class Found:
    """One board. What is not known is "" or None."""

    uid: str = ""  # hexadecimal, in lower case
    board_id: str = ""
    name: str = ""
    circuitpython: str = ""
    backbeat: str = ""
    drive: Path | None = None
    port: str | None = None
    state: str = READY
    remedy: str = ""

    @property
    def where(self) -> str:
        """The board as a person finds it again."""
        return self.port or (str(self.drive) if self.drive else "") or self.uid


def find_boards() -> list[Found]:
    """Find every board that is connected or served, those that need help first among equals by name."""
    served = notes.served()
    drives = [told_by(folder) for folder in [*_mounted(), *(one.drive for one in served)]]
    ports = [*_by_ports(list_ports.comports()), *map(_served_port, served)]
    return _paired([drive for drive in drives if drive], ports)


def choose(wanted: str | None, found: list[Found] | None = None) -> Found:
    """Give the board that `--board` names, else the only one that can be talked to.

    Raises:
        InputError: several are there, or none of them is called so.
        WorkError: none is there, or it runs no CircuitPython.
    """
    boards = find_boards() if found is None else found
    if wanted is not None:
        board = _named(wanted, boards)
        if board.state not in _ABLE:
            raise _unable(board)
        return board
    able = [board for board in boards if board.state in _ABLE]
    if len(able) == 1:
        return able[0]
    if able:
        raise InputError(f"several boards are here ({_listed(able)}); say which by --board.")
    if boards:
        raise _unable(boards[0])
    raise WorkError("no board is here; plug one in, or try a virtual one with `backbeat lab serve`.")


def choose_bootloader(wanted: str | None, found: list[Found] | None = None) -> Found:
    """Give the board in its bootloader that `--board` names by its drive, else the only one.

    Raises:
        InputError: several are there, or the one that was named is in no bootloader.
        WorkError: none is there.
    """
    boards = find_boards() if found is None else found
    if wanted is not None:
        board = _named(wanted, boards)
        if board.state != BOOTLOADER or board.drive is None:
            raise InputError(f"{wanted}: not a board in its bootloader (no {INFO_UF2} on its drive); {_twice()}.")
        return board
    waiting = [board for board in boards if board.state == BOOTLOADER and board.drive is not None]
    if len(waiting) > 1:
        raise InputError(f"several boards are in their bootloaders ({_listed(waiting)}); say which by --board.")
    if not waiting:
        raise WorkError(f"no board is in its bootloader; {_twice()}.")
    return waiting[0]


def again(found: Found) -> Found | None:
    """Give a board as it is now, None while its port is away: after a reset that may have another name."""
    boards = find_boards()
    if found.uid:
        return next((board for board in boards if board.uid == found.uid and board.port), None)
    with contextlib.suppress(InputError):
        return _named(found.port or "", boards)
    return None


def drive_files(folder: Path) -> DriveFiles:
    """Give the files of a drive; of a served one, which is an ordinary folder, its note says who owns it."""
    served = [one for one in notes.served() if _same(one.drive, str(folder))]
    if not served:
        return DriveFiles(folder)

    def owned() -> bool:
        return any(one.laptop_writes for one in notes.served() if one.port == served[0].port) and may_write(folder)

    return DriveFiles(folder, owned, served[0].capacity)


def uid_in(boot_out: str) -> str:
    """Give the UID that the words of a boot_out.txt tell, in lower case; "" where they tell none."""
    uid = _UID.search(boot_out)
    return uid[1].lower() if uid else ""


def told_by(folder: Path) -> Found | None:
    """What the drive in a folder says of its board; None where it is none."""
    if (text := _text(folder / BOOT_OUT)) is not None:
        version, board_id = _VERSION.search(text), _BOARD_ID.search(text)
        return Found(
            uid=uid_in(text),
            board_id=board_id[1] if board_id else "",
            name=version[2] if version else "",
            circuitpython=version[1] if version else "",
            backbeat=_backbeat(folder),
            drive=folder,
        )
    if (text := _text(folder / INFO_UF2)) is not None:
        model, board_id = _UF2_MODEL.search(text), _UF2_BOARD.search(text)
        return Found(
            board_id=board_id[1] if board_id else "",
            name=model[1] if model else "",
            drive=folder,
            state=BOOTLOADER,
            remedy=_REMEDIES[BOOTLOADER],
        )
    return None


def _unable(board: Found) -> WorkError:
    return WorkError(f"{board.where}: {board.state}; {board.remedy}.")


def _twice() -> str:
    return "press reset twice quickly, or hold BOOT while plugging it in"


def _listed(boards: Iterable[Found]) -> str:
    return ", ".join(f"{board.where} {board.uid[:12] or board.name}".rstrip() for board in boards)


def _named(wanted: str, boards: list[Found]) -> Found:
    """The board of this port, drive, or beginning of its UID; one that is not in the list is taken at its word."""
    if not wanted.strip():
        raise InputError("--board is empty; give a UID, a drive or a port (`backbeat devices` shows them).")
    same_uid = [board for board in boards if board.uid and board.uid.startswith(wanted.lower())]
    for board in boards:
        places = [Path(place) for place in (board.port, board.drive) if place]
        if board.port == wanted or any(_same(place, wanted) for place in places):
            return board
    if len(same_uid) == 1:
        return same_uid[0]
    if same_uid:
        raise InputError(f"{wanted}: several boards begin so ({_listed(same_uid)}); give more of the UID.")
    folder = Path(wanted)
    with contextlib.suppress(OSError, ValueError):
        if folder.is_dir():
            return told_by(folder) or Found(drive=folder, state=DRIVE_ONLY, remedy=_REMEDIES[DRIVE_ONLY])
        if folder.is_char_device() or "://" in wanted or re.fullmatch(r"(?i)com\d+", wanted):
            return Found(port=wanted, state=PORT_ONLY, remedy=_REMEDIES[PORT_ONLY])
    here = f"here are {_listed(boards)}" if boards else "none is here"
    raise InputError(f"{wanted}: no board, drive or port is called so; {here}.")


def _same(place: Path, wanted: str) -> bool:
    """Whether both are one folder, or one port by two names (/dev/serial/by-id)."""
    try:
        return place.samefile(wanted)
    except (OSError, ValueError):
        return False


def _mounted() -> list[Path]:
    """Every mounted drive's folder; one that answers with an error is left to `doctor`."""
    return [Path(partition.mountpoint) for partition in psutil.disk_partitions(all=False)]


def _by_ports(ports: Iterable[Any]) -> list[Found]:
    """The boards among the machine's serial ports; of one board's several ports the first, its console."""
    boards: dict[tuple[int, str], Found] = {}
    for port in sorted(ports, key=lambda port: (port.location or "", port.device)):
        words = " ".join(filter(None, (port.product, port.interface, port.manufacturer, port.description)))
        if port.vid not in _VENDORS and "circuitpython" not in words.lower():
            continue
        uid = (port.serial_number or "").lower()
        board = Found(
            uid=uid,
            name=port.product or port.description or _VENDORS.get(port.vid, ""),
            port=port.device,
            state=PORT_ONLY,
            remedy=_REMEDIES[PORT_ONLY],
        )
        if port.vid in _BY_BIT and not port.pid & _RUNS:
            board = replace(board, state=BOOTLOADER, remedy=_REMEDIES[BOOTLOADER])
        elif port.vid not in _BY_BIT and "circuitpython" not in words.lower():
            board = replace(board, state=NO_CIRCUITPYTHON, remedy=_REMEDIES[NO_CIRCUITPYTHON])
        boards.setdefault((port.vid or 0, uid or port.device), board)
    return list(boards.values())


def _served_port(one: notes.Served) -> Found:
    return Found(
        uid=one.uid.lower(), board_id=one.board_id, port=one.port, state=PORT_ONLY, remedy=_REMEDIES[PORT_ONLY]
    )


def _paired(drives: list[Found], ports: list[Found]) -> list[Found]:
    by_uid = {port.uid: port for port in ports if port.uid}
    boards = []
    for drive in drives:
        port = by_uid.pop(drive.uid, None) if drive.uid and drive.state == READY else None
        if port is not None:
            boards.append(replace(drive, port=port.port))
        elif drive.state == READY:
            boards.append(replace(drive, state=DRIVE_ONLY, remedy=_REMEDIES[DRIVE_ONLY]))
        else:
            boards.append(drive)
    taken = {board.port for board in boards}
    waiting = any(board.state == BOOTLOADER for board in drives)  # its port tells nothing that its drive does not
    for port in ports:
        if port.port not in taken and not (waiting and port.state == BOOTLOADER):
            boards.append(port)
    return sorted(boards, key=lambda board: (board.board_id or board.name, board.uid, board.where))


def _backbeat(folder: Path) -> str:
    """The version that the manifest tells."""
    text = _text(folder / manifest.PATH[1:], manifest.MOST)
    try:
        version = json.loads(text or "{}").get("version")
    except (ValueError, AttributeError, RecursionError):
        return ""
    return version if isinstance(version, str) and version.isprintable() and len(version) < 40 else ""


def _text(path: Path, most: int = BOOT_OUT_MOST) -> str | None:
    """The beginning of a small text file, with what no terminal should obey left out; None where there is none."""
    try:
        with path.open("rb") as file:
            text = file.read(most).decode(errors="replace")
    except (OSError, ValueError):
        return None
    return "".join(sign if sign.isprintable() or sign == "\n" else " " if sign == "\t" else "" for sign in text)
