"""What there is to draw of an inspected trial: signals, the device's own features along time, decisions and the truth.

Times are seconds since the recording began.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

BLOCK_HZ: Final = 13.0
BLOCK_CHANNELS: Final = 6  # mean acceleration x y z in mg, mean rotation about x y z in dps


@dataclass(frozen=True)
class Figure:
    """One feature of a candidate: what it was, and what it adds to the sum (None where the model has no such parts)."""

    name: str
    value: int
    part: int | None = None


@dataclass(frozen=True)
class Candidate:
    """An impact that was weighed: when, what spoke for and against a fall, and what became of it.

    Attributes:
        at: The impact, s; `decided` when it was weighed.
        peak_g: |a| at the impact.
        figures: The features in the order of the model.
        weight: Their weighed sum; above `threshold` it is a fall.
        verdict: `fall`, `stumble` or `nothing`.
    """

    at: float
    decided: float
    peak_g: float
    figures: Sequence[Figure]
    weight: int
    threshold: int
    verdict: str

    @property
    def share(self) -> float:
        """The sum in shares of the threshold."""
        return self.weight / self.threshold if self.threshold else 0.0


@dataclass(frozen=True)
class Steps:
    """Steps marked and told, s; `pairs` of places that belong together once told ones are `offset_s` earlier."""

    marked: Floats
    told: Floats
    offset_s: float = 0.0
    pairs: Sequence[tuple[int, int]] = ()


@dataclass(frozen=True)
class Subject:
    """All of it.

    Attributes:
        time_s: (n,), evenly rising, `rate` a second.
        acc_mg: (n, 3) and rate_dps (n, 3), body axes as the settings have them.
        block_s: (m,) the ends of the device's blocks of 8 samples; `blocks` (m, 6) its own means in its own body
            axes, `rolling` (m,) whether it took the body to be in a roll.
        spm: (m,) its cadence; `heading` (m,) in degrees, left positive, and `confidence` (m,) in percent.
        speeds: (n, 2) true speed forward and to the left in m/s, NaN where unknown; None where nobody measured.
        first: The first and `last` instant shown.
        labels: The trial's own; offsets in them count rows.
        verdict: One sentence on the decision about falls, and whether it is right (None: nobody knows).
    """

    title: str
    subtitle: str
    time_s: Floats
    acc_mg: Floats
    rate_dps: Floats
    block_s: Floats
    blocks: Floats
    rolling: NDArray[np.bool_]
    spm: Floats
    heading: Floats
    confidence: Floats
    events: Sequence[Mapping[str, Any]]
    candidates: Sequence[Candidate]
    steps: Steps
    first: float
    last: float
    rate: float
    labels: Mapping[str, Any] = field(default_factory=dict)
    speeds: Floats | None = None
    verdict: str = ""
    right: bool | None = None
