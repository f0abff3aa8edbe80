"""Shares with their Wilson 95 % interval, rates by the hour, and the spread of a set of figures."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import sqrt
from typing import Final, Protocol

import numpy as np

Z_95: Final = 1.959963984540054  # of the normal distribution: 95 % lie within


@dataclass(frozen=True)
class Share:
    """`hits` of `of` cases."""

    hits: int
    of: int

    @property
    def rate(self) -> float | None:
        """The share, 0 to 1; None of no cases."""
        return self.hits / self.of if self.of else None

    @property
    def interval(self) -> tuple[float, float] | None:
        """Wilson's 95 % interval of the true share (E. B. Wilson 1927, without correction for continuity)."""
        if not self.of:
            return None
        share, z2 = self.hits / self.of, Z_95 * Z_95
        scale = 1 + z2 / self.of
        middle = (share + z2 / (2 * self.of)) / scale
        reach = Z_95 * sqrt(share * (1 - share) / self.of + z2 / (4 * self.of * self.of)) / scale
        low = 0.0 if self.hits == 0 else middle - reach  # rounding leaves a trace where the interval ends at 0 or 1
        high = 1.0 if self.hits == self.of else middle + reach
        return low, high

    def __add__(self, other: "Share") -> "Share":
        return Share(self.hits + other.hits, self.of + other.of)


def share(hits: Iterable[bool]) -> Share:
    """Count the true ones."""
    listed = [bool(hit) for hit in hits]
    return Share(sum(listed), len(listed))


@dataclass(frozen=True)
class Hourly:
    """`count` of something in `hours`."""

    count: int
    hours: float

    @property
    def rate(self) -> float | None:
        """How many an hour; None of no time."""
        return self.count / self.hours if self.hours > 0 else None


@dataclass(frozen=True)
class Spread:
    """Of `count` figures the median, the one that 95 % do not exceed, and the mean."""

    count: int
    median: float
    p95: float
    mean: float


def spread(figures: Sequence[float]) -> Spread | None:
    """Sum up the figures; None of none. The 95th percentile lies between two figures where it must (linear)."""
    if not figures:
        return None
    values = np.asarray(figures, dtype=np.float64)
    median, p95 = np.percentile(values, [50, 95])
    return Spread(len(values), float(median), float(p95), float(values.mean()))


class Lasting(Protocol):
    """Anything that lasts."""

    @property
    def seconds(self) -> float:
        """How long."""
        ...


def hours(lasting: Iterable[Lasting]) -> float:
    """Add up how long they last, in hours."""
    return sum(one.seconds for one in lasting) / 3600
