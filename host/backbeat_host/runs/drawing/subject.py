"""What there is to draw of one run: the recording, the events, the truth where it is known."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True)
class RunPicture:
    """What there is to draw of one run."""

    title: str
    time_s: NDArray[np.floating[Any]]  # (n,), rising; gaps are drawn as gaps
    acc_mg: NDArray[np.floating[Any] | np.integer[Any]]  # (n, 3), body axes
    rate_dps: NDArray[np.floating[Any] | np.integer[Any]]  # (n, 3), body axes
    events: Sequence[Mapping[str, Any]]  # in order of t, steps included
    target_spm: float | None = None  # the metronome's cadence
    truth: Sequence[Mapping[str, Any]] | None = None  # spans that happened: "kind", "from", "to" (s)
    subtitle: str = ""

    def __post_init__(self) -> None:
        n = len(self.time_s)
        if n < 2 or self.acc_mg.shape != (n, 3) or self.rate_dps.shape != (n, 3):
            raise ValueError("a picture needs two samples or more, each with three accelerations and three rates")
