"""A corpus's travel.npy: how fast its people really went, forward and to the left, row for row of the samples."""

import json
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt

from backbeat_host.errors import InputError
from backbeat_host.lab.recordings.corpus import TRIALS
from backbeat_host.lab.recordings.corpus_writer import TRAVEL, UNKNOWN

CM: Final = 0.01


def read_speeds(folder: Path, trial: str) -> npt.NDArray[np.float64] | None:
    """Give a trial's speed forward and to the left, (n, 2) in m/s, NaN where unknown; None where the corpus has none.

    Raises:
        InputError: the file is not what it must be.
    """
    path = folder / TRAVEL
    if not path.is_file():
        return None
    for line in (folder / TRIALS).read_text(encoding="utf-8").split("\n"):
        if trial in line or "\\u" in line:  # most lines need no parsing
            told = json.loads(line)
            if told.get("id") == trial:
                return _rows(path, told["start"], told["start"] + told["length"])
    return None


def _rows(path: Path, begin: int, end: int) -> npt.NDArray[np.float64]:
    try:
        travel = np.load(path, mmap_mode="r", allow_pickle=False)
    except Exception as error:  # numpy reads the header with a parser of its own that can raise almost anything
        raise InputError(f"{path}: not a readable NumPy array; expected int16 of shape (rows, 2).") from error
    if not isinstance(travel, np.ndarray) or travel.dtype != np.int16 or travel.ndim != 2 or travel.shape[1] != 2:
        raise InputError(f"{path}: not int16 of shape (rows, 2); expected a row for each of the samples.")
    if end > len(travel):
        raise InputError(f"{path}: {len(travel)} rows; the samples have {end} or more.")
    counts = np.array(travel[begin:end])
    return np.where(counts == UNKNOWN, np.nan, counts * CM)
