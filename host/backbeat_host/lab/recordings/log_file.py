"""A Backbeat log as an input: each window of raw samples it kept is a trial.

The rows stay in the chip's axes; the settings of the session tell how the chip sat (`settings` of each trial).
"""

from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from backbeat_host.errors import InputError
from backbeat_host.lab.recordings.resample import resampled
from backbeat_host.lab.recordings.trial import RATE_HZ, Rows, TrialRef
from backbeat_host.runs.decode import Log, decode

_SAME_RATE = 0.005
"""The board measures the chip's rate to a few thousandths: so near to 104 Hz samples are taken as they are."""


def looks_like_log(path: Path, head: bytes) -> bool:
    """Tell by the name, or by the magic of the first block."""
    return path.suffix.lower() == ".bbl" or head.startswith(b"BB")


def open_log(path: Path) -> list[TrialRef]:
    """List a log's raw windows as trials, `<name>-<seconds>` each.

    Raises:
        InputError: it is no log, or kept no raw samples.
    """
    log = decode(path)
    if not log.windows:
        raise InputError(f"{path}: this log kept no raw samples, for no fall was suspected; give one that did.")
    mount = _mount(log)
    return [
        TrialRef(f"{log.name}-{window.first / log.rate_hz:.1f}s", path, _WindowOf(path, number), settings=mount)
        for number, window in enumerate(log.windows)
    ]


def _mount(log: Log) -> dict[str, Any]:
    values = log.settings()
    return {name: values[name] for name in ("mount.forward", "mount.up")}


class _WindowOf:
    """Reads one window of a log at 104 Hz; can be sent to another process."""

    def __init__(self, path: Path, number: int) -> None:
        self._path = path
        self._number = number

    def __call__(self) -> Rows:
        log = _decoded(self._path)
        rows = log.windows[self._number].rows
        if abs(log.rate_hz / RATE_HZ - 1) < _SAME_RATE:
            return rows
        return resampled(rows, np.arange(len(rows)) / log.rate_hz)


@cache
def _decoded(path: Path) -> Log:
    return decode(path)
