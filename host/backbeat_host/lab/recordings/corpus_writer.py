"""A corpus folder written trial by trial, whole or not at all: for whoever imports recordings or makes them.

Everything goes into a folder beside the one wanted, which is renamed when all is there; memory holds one trial.
"""

import json
import os
import shutil
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, BinaryIO, Final

import numpy as np

from backbeat_host.errors import InputError, WorkError
from backbeat_host.lab.recordings.corpus import SAMPLES, TRIALS
from backbeat_host.lab.recordings.trial import Rows

TRAVEL: Final = "travel.npy"
UNKNOWN: Final = -32768  # in travel.npy: the speed there is not known
_COLUMNS: Final = {SAMPLES: 6, TRAVEL: 2}
_SHOWN: Final = 16  # characters of the name that the folder beside begins with


@dataclass(frozen=True, eq=False)
class NewTrial:
    """A trial to write.

    Attributes:
        id: Unique in its corpus.
        rows: (n, 6) int16, n at least 2; counts at 104 Hz.
        labels: Everything of its line but id, start, length and settings; JSON values.
        settings: Settings that hold for this trial alone, dotted names, the device's form.
        travel: (n, 2) int16, speed forward and to the left in cm/s, `UNKNOWN` where it is not known; or None.
    """

    id: str
    rows: Rows
    labels: Mapping[str, Any]
    settings: Mapping[str, Any] = field(default_factory=dict)
    travel: Rows | None = None


def check_place(folder: Path) -> None:
    """See that a corpus may become `folder`: nothing is there yet, or an empty folder.

    Raises:
        InputError: something is.
    """
    try:
        if folder.is_dir() and not any(folder.iterdir()):
            return
        there = os.path.lexists(folder)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        raise InputError(f"{folder}: cannot be written ({reason}); choose another place.") from error
    if there:
        raise InputError(f"{folder}: already there and not an empty folder; name a new one for the corpus.")


def write_corpus(folder: Path, trials: Iterable[NewTrial]) -> int:
    """Write a corpus of the trials, taken one after the other; give how many there were.

    Raises:
        InputError: `folder` is taken, or there are no trials; nothing is left behind then.
        WorkError: it cannot be written.
        ValueError: a trial is not what `NewTrial` says.
    """
    check_place(folder)
    with _beside(folder) as made:
        with (made / TRIALS).open("w", encoding="utf-8", newline="\n") as lines, _spools(made) as spools:
            ids: set[str] = set()
            start, travels = 0, False
            for trial in trials:
                _check(trial, ids)
                travel = trial.travel
                travels = travels or travel is not None
                if travel is None:
                    travel = np.full((len(trial.rows), 2), UNKNOWN, np.int16)
                spools[SAMPLES].write(np.ascontiguousarray(trial.rows, "<i2").tobytes())
                spools[TRAVEL].write(np.ascontiguousarray(travel, "<i2").tobytes())
                lines.write(_line(trial, start) + "\n")
                start += len(trial.rows)
                ids.add(trial.id)
            if not ids:
                raise InputError(f"{folder}: there are no trials to write; nothing was made.")
            for name in (SAMPLES, TRAVEL) if travels else (SAMPLES,):
                _array(made / name, spools[name], start, _COLUMNS[name])
        return len(ids)


def _line(trial: NewTrial, start: int) -> str:
    settings = {"settings": dict(trial.settings)} if trial.settings else {}
    line = {"id": trial.id, **trial.labels, **settings, "start": start, "length": len(trial.rows)}
    return json.dumps(line, ensure_ascii=False, allow_nan=False)


def _check(trial: NewTrial, ids: set[str]) -> None:
    rows, travel = trial.rows, trial.travel
    if not trial.id or not trial.id.isprintable() or trial.id in ids:
        raise ValueError(f"the id {trial.id!r} is empty, not printable or taken already")
    if rows.dtype != np.int16 or rows.ndim != 2 or rows.shape[1] != 6 or len(rows) < 2:
        raise ValueError(f"{trial.id}: rows are int16 of (n, 6), n at least 2; not {rows.dtype} of {rows.shape}")
    if travel is not None and (travel.dtype != np.int16 or travel.shape != (len(rows), 2)):
        raise ValueError(f"{trial.id}: travel is int16 of ({len(rows)}, 2), not {travel.dtype} of {travel.shape}")


def _array(path: Path, spool: BinaryIO, rows: int, columns: int) -> None:
    """Write the array's header, then what was spooled of it."""
    header = {"descr": "<i2", "fortran_order": False, "shape": (rows, columns)}
    spool.seek(0)
    with path.open("wb") as file:
        np.lib.format.write_array_header_1_0(file, header)
        shutil.copyfileobj(spool, file, 1 << 20)


@contextmanager
def _spools(folder: Path) -> Iterator[dict[str, BinaryIO]]:
    """Give a nameless file for each array, to be copied when its length is known."""
    with tempfile.TemporaryFile(dir=folder) as samples, tempfile.TemporaryFile(dir=folder) as travel:
        yield {SAMPLES: samples, TRAVEL: travel}


@contextmanager
def _beside(folder: Path) -> Iterator[Path]:
    """Give a folder beside the one wanted; rename it on success, remove it on any failure."""
    made = None
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        made = Path(tempfile.mkdtemp(prefix=f".{folder.name[:_SHOWN]}.", dir=folder.parent))
        yield made
        umask = os.umask(0)
        os.umask(umask)
        made.chmod(0o777 & ~umask)  # mkdtemp makes folders private; this is the user's ordinary one
        if folder.is_dir():
            folder.rmdir()  # empty; not every system renames over it
        made.rename(folder)
    except OSError as error:
        raise WorkError(f"{folder}: cannot be written ({error.strerror}); choose another place.") from error
    finally:
        if made is not None:
            shutil.rmtree(made, ignore_errors=True)
