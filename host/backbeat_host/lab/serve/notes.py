"""Which boards are served on this machine right now: one JSON file each, in the user's runtime folder.

`lab serve` writes its own; whoever looks for boards reads them all, and drops those whose process is gone.
"""

import json
import os
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from itertools import count
from pathlib import Path
from typing import Any

import platformdirs
import psutil

from backbeat_host.files import written_whole

_FOLDER = "served"
_KINDS: dict[str, tuple[type, ...]] = {
    "pid": (int,),
    "began": (int, float),
    "port": (str,),
    "drive": (str,),
    "uid": (str,),
    "board_id": (str,),
    "capacity": (int,),
    "laptop_writes": (bool,),
}
_SAME_S = 10  # a process's begin is counted from this machine's, which moves when its clock is set right
_numbers = count(1)


@dataclass(frozen=True)
class Served:
    """One served board."""

    pid: int
    began: float
    """When its process began: another one may get the same number later."""
    port: str
    drive: Path
    uid: str
    """As `boot_out.txt` holds it and `microcontroller.cpu.uid` gives it, in capitals."""
    board_id: str
    """Its `board.board_id`."""
    capacity: int
    """Bytes of its drive; the folder itself may take more."""
    laptop_writes: bool
    """Whether the laptop may write the drive now. A folder cannot refuse it as a mounted drive does."""


class Posted:
    """A note of this process, as long as it hangs out."""

    def __init__(self, path: Path, note: Served) -> None:
        self.path = path
        self._write(note)
        self.note = note

    def laptop_writes(self, may: bool) -> None:
        """Say who may write the drive from now on.

        Raises:
            WorkError: the runtime folder cannot be written.
        """
        if may != self.note.laptop_writes:
            note = replace(self.note, laptop_writes=may)
            self._write(note)
            self.note = note  # last: what is said here, everybody can read

    def _write(self, note: Served) -> None:
        fields = asdict(note) | {"drive": str(note.drive)}
        with written_whole(self.path) as beside:
            beside.write_text(json.dumps(fields), encoding="utf-8")


@contextmanager
def posted(port: str, drive: Path, uid: str, board_id: str, capacity: int) -> Iterator[Posted]:
    """Let others find a board that this process serves, for as long as it does.

    Raises:
        WorkError: the runtime folder cannot be written.
    """
    pid = os.getpid()
    note = Served(pid, psutil.Process(pid).create_time(), port, drive, uid, board_id, capacity, laptop_writes=True)
    post = Posted(_folder() / f"{pid}-{next(_numbers)}.json", note)
    try:
        yield post
    finally:
        post.path.unlink(missing_ok=True)


def served() -> list[Served]:
    """Every board that is served now, the first begun first; notes of processes that are gone are removed."""
    found: list[Served] = []
    try:
        paths = sorted(_folder().glob("*.json"))
    except OSError:
        return []
    for path in paths:
        if path.name.startswith("."):
            continue  # half written
        try:
            fields = json.loads(path.read_text(encoding="utf-8"))
            one = _checked(fields)
            alive = _runs(one)
        except FileNotFoundError:
            continue  # gone while we looked
        except (OSError, ValueError, TypeError, KeyError):
            continue  # no note of ours: nothing to show, and not ours to remove
        if alive:
            found.append(one)
        else:
            path.unlink(missing_ok=True)
    return sorted(found, key=lambda one: (one.began, len(one.port), one.port))  # pts/9, then pts/10


def _checked(fields: dict[str, Any]) -> Served:
    """A note is a file that anyone may have written: only what can be ours is taken from it.

    Raises:
        TypeError: its fields are not those of a note.
        KeyError: likewise.
    """
    for name, kinds in _KINDS.items():
        if type(fields[name]) not in kinds:  # a bool is an int as well
            raise TypeError(name)
    return Served(**{**fields, "drive": Path(fields["drive"])})


def _runs(one: Served) -> bool:
    try:
        process = psutil.Process(one.pid)
        same = abs(float(process.create_time()) - one.began) < _SAME_S
        return same and str(process.status()) != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False
    except psutil.AccessDenied:
        return True  # somebody's, so it runs


def _folder() -> Path:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # without XDG_RUNTIME_DIR it is a folder of this user's in /tmp, which will do
        return platformdirs.user_runtime_path("backbeat") / _FOLDER
