"""Is what lies on the drive what it must be: CircuitPython, the file system, the firmware, its libraries, settings."""

import re

from backbeat import __version__
from backbeat import settings as table
from backbeat_host.link import manifest as manifests
from backbeat_host.link.backend import Entry, Files, GoneError, HostileNameError, OtherOwnerError, good_name
from backbeat_host.link.doctor.check import BAD, GOOD, ODD, SKIPPED, Check
from backbeat_host.link.firmware import LIBRARIES
from backbeat_host.link.settings import SETTINGS, TEXT_MOST

_OLDEST = 10  # traceback.format_exception(error), console timeouts, and the rest that the firmware takes for granted
_NEWEST = 10  # what the firmware was tried with
_DEEPEST = 8
_MOST_FILES = 5000

_REPAIR = "copy what matters, then repair the drive (fsck.vfat, chkdsk, First Aid) or `storage.erase_filesystem()`"


def circuitpython(version: str) -> Check:
    """Is it a version that the firmware was written for."""
    about = "CircuitPython"
    match = re.match(r"(\d+)\.(\d+)", version)
    if match is None:
        return Check(about, SKIPPED, "its version is not known here (boot_out.txt tells it)")
    major = int(match[1])
    if major < _OLDEST:
        return Check(about, BAD, f"{version} is too old", f"install {_OLDEST}.x: `backbeat install --uf2`")
    if major > _NEWEST:
        return Check(about, ODD, f"{version} is newer than what was tried", f"if it fails, try {_NEWEST}.x")
    return Check(about, GOOD, version)


def file_system(files: Files) -> Check:
    """Can every name be listed, and has every file a name that a file can have."""
    about = "file system"
    try:
        count = _walk(files, "/", 0)
    except (GoneError, OtherOwnerError):
        raise
    except HostileNameError as error:
        return Check(about, BAD, f"a file has the impossible name {error.filename!r}", _REPAIR)
    except RecursionError:
        return Check(about, BAD, "folders lie in each other without an end", _REPAIR)
    except OSError as error:
        return Check(about, BAD, f"{error.filename or 'it'} cannot be read ({error.strerror})", _REPAIR)
    return Check(about, GOOD, f"{count} files and folders, all of them sound by name")


def firmware(files: Files) -> Check:
    """Is every file there that `install` brought, as it brought it."""
    about = "Backbeat"
    now = manifests.load(files)
    mend = "`backbeat install` mends it"
    if now.damaged:
        return Check(about, BAD, "its manifest makes no sense", mend)
    if not now.files:
        return Check(about, BAD, "it is not installed", "`backbeat install`")
    if not now.finished:
        return Check(about, BAD, "an installation was broken off", "`backbeat install` finishes it")
    there = files.digests(now.files)
    wrong = [path for path, (_, digest) in now.files.items() if there[path] != digest]
    if wrong:
        more = f" and {len(wrong) - 1} others" if len(wrong) > 1 else ""
        return Check(about, BAD, f"{wrong[0]}{more}: missing, or not what was installed", mend)
    if now.version != __version__:
        return Check(
            about, ODD, f"{now.version}; this laptop has {__version__}", "`backbeat install` brings it up to date"
        )
    return Check(about, GOOD, f"{now.version}, {len(now.files)} files, each as it was installed")


def libraries(files: Files) -> Check:
    """Does anything stand before the firmware or its libraries, where CircuitPython looks first."""
    about = "libraries"
    names = {"backbeat", *LIBRARIES}
    root = files.listing("/")
    before = [f"/{entry.name}" for entry in root if _module(entry) in names]
    before += [f"/{entry.name}" for entry in root if entry.name.lower() == "code.txt"]
    lib = next((files.listing("/lib") for entry in root if entry.name == "lib" and entry.is_folder), [])
    before += [f"/lib/{entry.name}" for entry in lib if _module(entry) in names and not entry.is_folder]
    if before:
        listed = ", ".join(before[:4])
        return Check(about, BAD, f"{listed}: CircuitPython takes it for what was installed", "move it away, then reset")
    return Check(about, GOOD, "nothing stands in the way of the installed ones")


def settings(files: Files) -> Check:
    """Would the board take every setting."""
    about = "settings"
    try:
        raw = files.read(SETTINGS, 0, TEXT_MOST + 1)
    except FileNotFoundError:
        return Check(about, GOOD, "none on the board: it runs with the last good ones, or the defaults")
    mend = "`backbeat config edit`, or `backbeat config reset`"
    if len(raw) > TEXT_MOST:
        return Check(about, BAD, f"settings.json is longer than the {TEXT_MOST} bytes that the board reads", mend)
    try:
        _, complaints = table.load(raw.decode())
    except UnicodeDecodeError:
        return Check(about, BAD, "settings.json is not UTF-8 text", mend)
    except RecursionError:
        return Check(about, BAD, "settings.json is nested too deeply", mend)
    if complaints:
        more = f" (and {len(complaints) - 1} more)" if len(complaints) > 1 else ""
        return Check(about, BAD, complaints[0].rstrip(".") + more, mend)
    return Check(about, GOOD, "each is what it must be")


def room(files: Files) -> Check:
    """Is there room for an hour."""
    hour = 128  # KB: what the firmware makes room for before a session
    free = files.free() // 1000
    if free < hour:
        return Check(
            "room", ODD, f"{free} KB free, less than an hour of log", "`backbeat logs pull`, `backbeat logs rm`"
        )
    return Check("room", GOOD, f"{free} KB free")


def _module(entry: Entry) -> str:
    """The module that a file or folder would be imported as."""
    return entry.name if entry.is_folder else re.sub(r"\.(py|mpy)$", "", entry.name)


def _walk(files: Files, folder: str, depth: int) -> int:
    if depth > _DEEPEST:
        raise RecursionError
    count = 0
    for entry in files.listing(folder):
        count += 1
        if not good_name(entry.name):
            raise HostileNameError(22, "impossible name", entry.name)
        if entry.is_folder and count < _MOST_FILES:
            count += _walk(files, folder.rstrip("/") + "/" + entry.name, depth + 1)
    return count
