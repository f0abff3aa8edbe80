"""One picture of a run: what the device felt and told, along one time axis, with the falls and rolls close up.

From a recording and its events to a PNG or SVG, by the path's suffix; needs the extra `draw`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from backbeat_host.errors import InputError, MissingExtraError
from backbeat_host.files import written_whole

SUFFIXES: Final = (".png", ".svg")


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


def draw(run: RunPicture, path: Path) -> None:
    """Draw the run into `path`, a PNG (1680 points wide) or an SVG; the same run gives the same file.

    Raises:
        InputError: the path's suffix is neither .png nor .svg.
        MissingExtraError: matplotlib is not installed.
        WorkError: the file cannot be written.
    """
    if path.suffix.lower() not in SUFFIXES:
        raise InputError(f"{path}: a picture is a .png or a .svg file; name one of these.")
    try:
        from backbeat_host.runs.drawing.sheet import drawn
    except ModuleNotFoundError as error:
        if (error.name or "").partition(".")[0] != "matplotlib":
            raise
        raise MissingExtraError("drawing needs matplotlib: pip install 'backbeat[draw]'") from error
    with written_whole(path) as beside:
        drawn(run, beside)
