"""Can the board be reached: the port and the permission for it, other programs, the drive and who owns it."""

import errno
import os
from collections.abc import Callable
from pathlib import Path

from backbeat_host.link.backend import Files
from backbeat_host.link.doctor.check import BAD, GOOD, ODD, SKIPPED, Check
from backbeat_host.link.found import Found
from backbeat_host.link.line import Line, opened


def permission(found: Found) -> Check:
    """May this user open the port."""
    about = "port permission"
    if found.port is None:
        return Check(about, SKIPPED, "it has no serial port here", found.remedy)
    path = Path(found.port)
    if not path.exists():
        return Check(about, SKIPPED, f"{found.port} is no file, so the system has its own ways")
    if os.access(path, os.R_OK | os.W_OK):
        return Check(about, GOOD, f"{found.port} may be opened")
    group = _group(path)
    join = f"`sudo usermod -a -G {group} $USER`, then log out and in" if group else "ask who looks after this computer"
    return Check(about, BAD, f"{found.port} may not be opened by this user", join, bars=True)


def port_free(found: Found, open_: Callable[[str], Line] = opened) -> Check:
    """Does another program hold the port, as far as programs lock it, and does it answer at all."""
    about = "port"
    if found.port is None:
        return Check(about, SKIPPED, "it has no serial port here")
    try:
        open_(found.port).close()
    except OSError as error:
        if error.errno == errno.EBUSY:
            close = "close it (Mu, Thonny, screen, a serial monitor)"
            return Check(about, BAD, "another program has it open", close, bars=True)
        if error.errno == errno.EACCES:
            return Check(about, SKIPPED, "no permission for it")
        again = "unplug the board and plug it in again"
        return Check(about, BAD, f"it does not open ({error.strerror})", again, bars=True)
    return Check(about, GOOD, "it opens, and no program that locks it has it (one that locks nothing is not seen)")


def drive_owner(found: Found, drive: Files | None, board_owns: bool | None, installed: bool) -> Check:
    """Who may write the drive, and do both sides say the same. `board_owns` is what the console says, None: nothing."""
    about = "drive"
    if drive is None:
        if board_owns:
            return Check(about, GOOD, "the board owns it, and it is not mounted here")
        return Check(about, ODD, "it is not mounted here", "mount CIRCUITPY, or go on over the console")
    if board_owns is False and not drive.writable:
        return Check(
            about,
            BAD,
            "it is the laptop's, but mounted read-only: the system found damage on it, or was told so",
            "eject it, plug the board in again; if it stays so, repair the drive (fsck.vfat, chkdsk, First Aid)",
        )
    if drive.writable:
        after = "; a run needs the board to own it: `backbeat service off`" if installed else ""
        return Check(about, GOOD, f"the laptop owns it{after}")
    return Check(about, GOOD, "the board owns it, as a run needs it; `backbeat service on` gives it to the laptop")


def _group(path: Path) -> str:
    """The group that may open a device file; "" where the system has none, or it would not help."""
    try:
        if not path.stat().st_mode & 0o060:
            return ""
        return path.group()
    except (OSError, KeyError, NotImplementedError):
        return ""
