"""CircuitPython onto a board in its bootloader: a .uf2 file copied to the bootloader's drive, the board awaited."""

import errno
import os
import struct
import time
from collections.abc import Callable
from pathlib import Path

from backbeat_host.errors import InputError, WorkError
from backbeat_host.link.found import DRIVE_ONLY, INFO_UF2, READY, Found

_BLOCK = 512
_MAGIC = struct.pack("<II", 0x0A324655, 0x9E5D5157)
_END = struct.pack("<I", 0x0AB16F30)
_HAS_FAMILY = 0x2000
_FAMILIES = {0xE48BFF56: "RP2040", 0xE48BFF59: "RP2350", 0xADA52840: "nRF52840", 0x621E937A: "nRF52833"}
_MOST = 64_000_000
_PIECE = 65_536
_BACK_S = 90.0  # it erases, writes, starts, and makes its file system: 10 to 30 s
_LOOK_S = 0.5


def checked(path: Path, board: Found) -> bytes:
    """Read a .uf2 file that may go onto this board.

    Raises:
        InputError: it is none, it is damaged, or it is made for another chip.
    """
    try:
        if path.exists() and not path.is_file():
            raise InputError(f"{path}: a folder, a pipe or a device; give CircuitPython's .uf2 file.")
        with path.open("rb") as file:
            raw = file.read(_MOST + 1)
    except OSError as error:
        raise InputError(f"{path}: cannot be read ({error.strerror}); give CircuitPython's .uf2 file.") from error
    blocks = [raw[at : at + _BLOCK] for at in range(0, len(raw), _BLOCK)]
    if raw[:8] != _MAGIC:
        raise InputError(f"{path}: no .uf2 file; give CircuitPython's for this board, from circuitpython.org.")
    if len(raw) > _MOST:
        raise InputError(f"{path}: larger than any board takes; give CircuitPython's .uf2 file.")
    if any(len(block) != _BLOCK or block[:8] != _MAGIC or block[-4:] != _END for block in blocks):
        raise InputError(f"{path}: not a whole .uf2 file; download it again from circuitpython.org.")
    flags, count, family = struct.unpack("<8xI12xII", blocks[0][:32])
    if count != len(blocks):
        raise InputError(f"{path}: {len(blocks)} of its {count} blocks are there; download it again.")
    made_for = _FAMILIES.get(family) if flags & _HAS_FAMILY else None
    chip = _chip(board)
    if made_for and chip and made_for != chip:
        raise InputError(f"{path}: made for {made_for}, but this board has a {chip}; get the file of this board.")
    return raw


def flash(raw: bytes, board: Found, progress: Callable[[int, int], object] = lambda done, total: None) -> None:
    """Copy a checked file to the bootloader's drive.

    Raises:
        WorkError: the drive went away too soon, or cannot be written.
    """
    drive = board.drive
    if drive is None or not (drive / INFO_UF2).is_file():
        raise WorkError(
            f"{board.where}: its bootloader drive is gone; press reset twice quickly and repeat the command."
        )
    sent = 0
    try:
        with (drive / "CIRCUITPYTHON.UF2").open("wb") as file:
            for begin in range(0, len(raw), _PIECE):
                file.write(raw[begin : begin + _PIECE])
                sent = min(begin + _PIECE, len(raw))
                progress(sent, len(raw))
            file.flush()
            os.fsync(file.fileno())
    except OSError as error:
        # A bootloader that has all of it starts the board at once, and the drive goes under the last of the copying.
        if sent < len(raw) or error.errno == errno.ENOSPC:
            raise WorkError(
                f"{drive}: the copy broke off ({error.strerror}); press reset twice quickly and repeat the command."
            ) from error


def awaited(
    before: list[Found],
    look: Callable[[], list[Found]],
    rest: Callable[[float], object] = time.sleep,
    now: Callable[[], float] = time.monotonic,
) -> Found:
    """Wait for the board that has started CircuitPython: one with a drive that was not there before.

    Raises:
        WorkError: none comes.
    """
    known = {(board.uid, board.drive) for board in before if board.state in (READY, DRIVE_ONLY)}
    limit = now() + _BACK_S
    while now() < limit:
        for board in look():
            if board.state in (READY, DRIVE_ONLY) and (board.uid, board.drive) not in known:
                return board
        rest(_LOOK_S)
    raise WorkError("no CIRCUITPY drive came up; press reset once, mount the drive, then `backbeat install`.")


def _chip(board: Found) -> str | None:
    """The bootloader's chip, as far as its words tell."""
    words = f"{board.board_id} {board.name}".lower()
    if "rp2350" in words:
        return "RP2350"
    if "rp2" in words or "rp2040" in words:
        return "RP2040"
    return next((name for name in ("nRF52840", "nRF52833") if name.lower() in words), None)
