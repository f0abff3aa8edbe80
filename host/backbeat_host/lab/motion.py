"""What the chip feels: six counts (acceleration x y z, angular rate x y z) for any instant of virtual time.

Counts are those of the chip's full range, 0.488 mg (+-16 g) and 0.070 dps (+-2000 dps) each. `Recorded` plays the rows
of a recording; a test or a synthetic runner may bring a motion of its own.
"""

from collections.abc import Sequence
from fractions import Fraction
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

_NS_PER_S = 10**9
_CHUNK = 2048  # rows turned into Python whole numbers at a time: quick to reach, small to keep


class Motion(Protocol):
    """Anything that can say what a chip on the belt would feel."""

    def at(self, ns: int) -> Sequence[int]:
        """Six counts for the instant `ns`."""
        ...


class Recorded:
    """A recording: its first row (still) until `begin`, then row k at begin + k / rate, then its last row for ever.

    Between rows the nearest counts. So if the chip converts at exactly `rate`, and begins at an instant of conversion,
    every row comes once: half a period is the margin against rounding, for any length.
    """

    def __init__(self, rows: npt.NDArray[np.int16], rate: float | Fraction) -> None:
        if rows.ndim != 2 or rows.shape[1] != 6 or len(rows) == 0:
            raise ValueError(f"a recording is an array of (n, 6) with at least one row, not {rows.shape}")
        self._rows: npt.NDArray[Any] = rows
        self._rate = Fraction(rate)
        self._numerator = 2 * self._rate.numerator
        self._denominator = _NS_PER_S * self._rate.denominator
        self._chunk: list[list[int]] = rows[:_CHUNK].tolist()
        self._chunk_from = 0
        self.begun: int | None = None

    @property
    def end_ns(self) -> int | None:
        """The instant the last row's period ends; None before `begin`."""
        if self.begun is None:
            return None
        return self.begun + round(len(self._rows) * _NS_PER_S / self._rate)

    def begin(self, ns: int) -> None:
        """Start playing: row 0 is at `ns`."""
        self.begun = ns

    def at(self, ns: int) -> Sequence[int]:
        """The row nearest to the instant `ns`."""
        if self.begun is None:
            row = 0
        else:
            row = ((ns - self.begun) * self._numerator + self._denominator) // (2 * self._denominator)
        place = row - self._chunk_from
        if 0 <= place < len(self._chunk):
            return self._chunk[place]
        return self._fetch(min(max(row, 0), len(self._rows) - 1))

    def _fetch(self, row: int) -> list[int]:
        if not self._chunk_from <= row < self._chunk_from + len(self._chunk):
            self._chunk_from = row
            self._chunk = self._rows[row : row + _CHUNK].tolist()
        return self._chunk[row - self._chunk_from]
