"""What a corpus folder knows of its trials: labels and, where it has travel.npy, speeds; checked when it is opened.

The speeds are mapped, and read trial by trial.
"""

import json
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt

from backbeat_host.errors import InputError
from backbeat_host.lab.recordings.corpus import SAMPLES, TRIALS
from backbeat_host.lab.recordings.corpus_writer import TRAVEL, UNKNOWN
from backbeat_host.lab.recordings.trial import TrialRef
from backbeat_host.lab.scores.labels import Labels, labels_of

Floats = npt.NDArray[np.float64]

_CM: Final = 100.0  # in a metre


class CorpusTruth:
    """The truth of the corpus in `folder`, which `open_corpus` has found to be in order.

    Raises:
        InputError: travel.npy is not what it must be.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        text = (folder / TRIALS).read_text(encoding="utf-8")
        lines = (json.loads(line) for line in text.split("\n") if line.strip())
        self._places: dict[str, tuple[int, int]] = {line["id"]: (line["start"], line["length"]) for line in lines}
        self._speeds = _speeds(folder)

    def labels(self, ref: TrialRef) -> Labels:
        """Give a trial's labels.

        Raises:
            InputError: one of them makes no sense.
        """
        return labels_of(ref.id, ref.labels, self._places[ref.labels["id"]][1], str(self.folder / TRIALS))

    def speeds(self, ref: TrialRef) -> Floats | None:
        """Give a trial's speeds (n, 2), m/s forward and left, NaN where unknown; None where nobody measured."""
        if self._speeds is None:
            return None
        start, length = self._places[ref.labels["id"]]
        rows = np.asarray(self._speeds[start : start + length])
        return np.where(rows == UNKNOWN, np.nan, rows / _CM)


def _speeds(folder: Path) -> npt.NDArray[np.int16] | None:
    path = folder / TRAVEL
    if not path.exists():
        return None
    samples = len(np.load(folder / SAMPLES, mmap_mode="r"))
    expected = f"expected int16 of shape ({samples}, 2), a row a sample"
    try:
        speeds = np.load(path, mmap_mode="r", allow_pickle=False)
    except Exception as error:  # numpy reads the header with a parser of its own that can raise almost anything
        raise InputError(f"{path}: not a readable NumPy array; {expected}.") from error
    if not isinstance(speeds, np.ndarray) or speeds.dtype != np.int16 or speeds.shape != (samples, 2):
        form = f"{speeds.dtype} of shape {speeds.shape}" if isinstance(speeds, np.ndarray) else "an archive"
        raise InputError(f"{path}: {form}; {expected}.")
    return speeds
