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
    """What speaks for or against a fall: a value, where there is one, and what it adds to the sum (log odds)."""

    name: str
    value: int | None
    part: float


@dataclass(frozen=True)
class Candidate:
    """An impact that was judged: when, what spoke for and against a fall, and what became of it.

    Attributes:
        at: The impact, s; `decided` when it was judged.
        peak_g: |a| at the impact.
        figures: In the order of the model; none where the impact was not worth weighing.
        margin: By how much the weighed sum exceeds the threshold, log odds; None where it was not weighed.
        verdict: `fall`, `stumble` or `nothing`.
    """

    at: float
    decided: float
    peak_g: float
    figures: Sequence[Figure]
    margin: float | None
    verdict: str


@dataclass(frozen=True)
class Steps:
    """Steps marked and told, s; `pairs` of places that belong together once told ones are `offset_s` earlier.

    `left` and `right` are the places of told ones whose foot was told.
    """

    marked: Floats
    told: Floats
    offset_s: float = 0.0
    pairs: Sequence[tuple[int, int]] = ()
    left: Sequence[int] = ()
    right: Sequence[int] = ()


@dataclass(frozen=True)
class Subject:
    """All of it.

    Attributes:
        time_s: (n,), evenly rising, `rate` a second.
        acc_mg: (n, 3) and rate_dps (n, 3), body axes as the settings have them.
        block_s: (m,) the ends of the device's blocks of 8 samples; `blocks` (m, 6) its own means in its own body
            axes, `rolling` (m,) whether it took the body to be in a roll.
        spm: (m,) its cadence; `heading` (m,) in degrees, left positive, and `confidence` (m,) in percent;
            `bounce` (m,) in octaves above the line between walking and running, NaN at rest.
        speeds: (n, 2) true speed forward and to the left in m/s, NaN where unknown; None where nobody measured.
        first: The first and `last` instant shown; the last may lie beyond the recording, in stillness added to it.
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
    bounce: Floats
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
