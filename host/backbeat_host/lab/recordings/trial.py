"""A trial: six columns of counts at one rate with what is known about them; and a light reference to one.

References are cheap to list and to send to other processes; only `load` touches samples.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

Rows = npt.NDArray[np.int16]

RATE_HZ = 104.0  # the standard rate: the chip's nominal 104 Hz, and that of every corpus
G_PER_COUNT = 0.488e-3  # LSM6DS at +-16 g (datasheet: 0.488 mg per count)
DPS_PER_COUNT = 0.070  # LSM6DS at +-2000 dps (datasheet: 70 mdps per count)
SLOWEST_HZ, FASTEST_HZ = 94.4, 114.5  # of a chip: the device takes what is further from nominal for a gap
UNBIASED = (0, 0, 0, 0, 0, 0)
UNITS_PER_COUNT = np.array([G_PER_COUNT] * 3 + [DPS_PER_COUNT] * 3)


@dataclass(frozen=True, eq=False)
class Trial:
    """One recording in memory: `rows` (n, 6) in body axes, at `rate` Hz, with a corpus's `labels` ({} without).

    `settings`: what is known to hold for this trial alone, in the device's form (how the chip sat).
    """

    id: str
    rows: Rows
    rate: float
    labels: dict[str, Any]
    settings: Mapping[str, Any] = field(default_factory=dict)

    @property
    def seconds(self) -> float:
        """How long the recording lasts."""
        return len(self.rows) / self.rate

    @property
    def bias(self) -> Sequence[int]:
        """By how many counts the chip reads wrong on each of the six axes, as far as anybody knows."""
        bias: Sequence[int] = self.labels.get("bias") or UNBIASED
        return bias

    @property
    def chip_rate(self) -> float:
        """At how many Hz of the board's clock the chip that feels this samples; `rows` know nothing of it."""
        return float(self.labels.get("chip_rate") or RATE_HZ)


@dataclass(frozen=True, eq=False)
class TrialRef:
    """Where a trial is: `read` (a picklable callable) yields its rows at 104 Hz; `source` is the input it came from.

    `begin` and `end` are its rows in a corpus; None where it is no corpus. `where` are file and line of its labels.
    """

    id: str
    source: Path
    read: Callable[[], Rows]
    labels: dict[str, Any] = field(default_factory=dict)
    settings: Mapping[str, Any] = field(default_factory=dict)
    begin: int | None = None
    end: int | None = None
    where: str = ""

    def load(self) -> Trial:
        """Read the samples.

        Raises:
            InputError: the file is not what it must be.
        """
        return Trial(self.id, self.read(), RATE_HZ, self.labels, self.settings)
