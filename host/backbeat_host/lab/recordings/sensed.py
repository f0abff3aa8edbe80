"""What a chip gives of a trial: stillness before and after, read as wrongly as the trial is, at the chip's own rate."""

from dataclasses import dataclass

import numpy as np

from backbeat_host.lab.recordings.resample import padded, resampled
from backbeat_host.lab.recordings.trial import RATE_HZ, Rows, Trial


@dataclass(frozen=True, eq=False)
class Sensed:
    """Rows (n, 6; counts) at `rate` Hz of the board's clock; the recording begins `lead_s` after the first."""

    rows: Rows
    rate: float
    lead_s: float

    @property
    def period(self) -> int:
        """A sample's, in 1/256 ms: what the device's clock finds it to be."""
        return round(256_000 / self.rate)

    def time(self, row: float) -> float:
        """Give when a row is felt, in s of the recording."""
        return row / self.rate - self.lead_s


def sensed(trial: Trial, pad: bool = True) -> Sensed:
    """Give what the trial's chip makes of it; stillness goes around where it is wanted."""
    rows, lead = padded(trial.rows, bias=trial.bias) if pad else (trial.rows, 0)
    rate = trial.chip_rate
    if rate != RATE_HZ:
        rows = resampled(rows, np.arange(len(rows)) / RATE_HZ, rate)
    return Sensed(rows, rate, lead / RATE_HZ)
