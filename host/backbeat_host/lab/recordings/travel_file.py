"""A corpus's travel.npy: how fast its people really went, forward and to the left, row for row of the samples."""

from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt

from backbeat_host.errors import InputError
from backbeat_host.lab.recordings.corpus import SAMPLES
from backbeat_host.lab.recordings.corpus_writer import TRAVEL, UNKNOWN
from backbeat_host.lab.recordings.trial import TrialRef

Floats = npt.NDArray[np.float64]

CM: Final = 0.01


class Speeds:
    """The speeds of the corpus in `folder`, which `open_corpus` has found to be in order; mapped, not read.

    Raises:
        InputError: travel.npy is not what it must be.
    """

    def __init__(self, folder: Path) -> None:
        self._counts = _mapped(folder)

    def of(self, ref: TrialRef) -> Floats | None:
        """Give a trial's speeds (n, 2), m/s forward and left, NaN where unknown; None where nobody measured."""
        if self._counts is None:
            return None
        counts = np.asarray(self._counts[ref.begin : ref.end])
        return np.where(counts == UNKNOWN, np.nan, counts * CM)

    @property
    def known(self) -> float | None:
        """The share of all rows whose speed is known; None where nobody measured."""
        return None if self._counts is None else float(np.mean(self._counts[:, 0] != UNKNOWN))


def read_speeds(ref: TrialRef) -> Floats | None:
    """Give the speeds of one trial, as `Speeds.of`; None too where it is not of a corpus.

    Raises:
        InputError: travel.npy is not what it must be.
    """
    return Speeds(ref.source).of(ref) if ref.begin is not None else None


def _mapped(folder: Path) -> npt.NDArray[np.int16] | None:
    path = folder / TRAVEL
    if not path.exists():
        return None
    samples = len(np.load(folder / SAMPLES, mmap_mode="r"))
    expected = f"expected int16 of shape ({samples}, 2), a row a sample"
    try:
        counts = np.load(path, mmap_mode="r", allow_pickle=False)
    except Exception as error:  # numpy reads the header with a parser of its own that can raise almost anything
        raise InputError(f"{path}: not a readable NumPy array; {expected}.") from error
    if not isinstance(counts, np.ndarray) or counts.dtype != np.int16 or counts.shape != (samples, 2):
        form = f"{counts.dtype} of shape {counts.shape}" if isinstance(counts, np.ndarray) else "an archive"
        raise InputError(f"{path}: {form}; {expected}.")
    return counts
