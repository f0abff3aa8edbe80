"""Any recording onto the chip's own grid: uniform 104 Hz int16 counts, from values in counts and their times.

Uneven stamps are put on an even grid first; then a windowed sinc, narrow enough for the slower of the two rates, does
anti-aliasing and band-limited interpolation in one. Also `padded`: stillness before and after a recording.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from backbeat_host.lab.recordings.trial import G_PER_COUNT, RATE_HZ, UNBIASED, Rows

STAMP_ROUNDING_S = 0.0006  # stamps printed in whole milliseconds are up to this far from even: no real jitter
LOBES = 16  # of the sinc on each side of its centre
PASSBAND = 1.0  # of the slower rate's half band: as the chip's own filter, at half its output rate
WINDOW_BETA = 8.0  # of an exp-of-semicircle window, near a Kaiser's: stop band near -80 dB, below the sensor's noise
WEIGHTS_AT_ONCE = 1_000_000  # bounds the memory that one pass takes
GRAVITY_S = 0.25  # of acceleration is averaged for the direction of gravity at either end; who runs sways about it,
GRAVITY_OFF = 0.1  # so where the size is further than that from gravity's, twice as much is, ...
GRAVITY_TIMES = 4  # ... or up to 2 s, or whatever of these comes nearest

Floats = npt.NDArray[np.float64]


def resampled(values: npt.NDArray[Any], times: npt.NDArray[Any], rate_out: float = RATE_HZ) -> Rows:
    """Give `values` (n, columns; counts, whole or not), taken at `times` (s, rising), at `rate_out` from the first on.

    What is already even at `rate_out` passes untouched, apart from rounding to whole counts; so an int16 recording
    passes bit for bit. Beyond the range of int16 (16 g, 2000 dps) values clip, as the chip does.
    """
    stamps = np.asarray(times, dtype=np.float64)
    taken = np.clip(np.asarray(values, dtype=np.float64), -32768, 32767)  # the chip clips before it filters
    count = len(stamps)
    if count < 2:
        return _as_counts(taken)
    span = float(stamps[-1] - stamps[0])
    even: Floats = stamps[0] + np.arange(count, dtype=np.float64) * float(span / (count - 1))
    if float(np.max(np.abs(stamps - even))) > STAMP_ROUNDING_S:
        taken = _cubic(taken, stamps, even)
    if abs(span - (count - 1) / rate_out) <= STAMP_ROUNDING_S:
        return _as_counts(taken)
    rate_in = (count - 1) / span
    positions: Floats = np.arange(int(span * rate_out + 1e-6) + 1, dtype=np.float64) * float(rate_in / rate_out)
    return _as_counts(_sinc(taken, positions, min(1.0, rate_out / rate_in) * PASSBAND))


def padded(
    rows: Rows, lead_s: float = 2.0, tail_s: float = 5.0, rate: float = RATE_HZ, bias: Sequence[int] = UNBIASED
) -> tuple[Rows, int]:
    """Put stillness around a recording: its first and last direction of gravity at 1 g, no rotation.

    `bias`: counts by which the chip reads wrong on each of the six axes; it reads no better at rest.

    Returns the longer rows and how many of them lead in.
    """
    lead = np.tile(_still(rows, rate, bias), (round(lead_s * rate), 1))
    tail = np.tile(_still(rows[::-1], rate, bias), (round(tail_s * rate), 1))
    return np.concatenate([lead, rows, tail]), len(lead)


def _still(rows: Rows, rate: float, bias: Sequence[int]) -> Rows:
    near = max(1, round(GRAVITY_S * rate))
    means = [rows[: near << times, :3].mean(axis=0) - bias[:3] for times in range(GRAVITY_TIMES)]
    sizes = [float(np.linalg.norm(mean)) for mean in means]
    off = [abs(size * G_PER_COUNT - 1) for size in sizes]
    best = next((at for at, far in enumerate(off) if far < GRAVITY_OFF), int(np.argmin(off)))
    mean, size = means[best], sizes[best]
    # In free fall there is no direction to find: take standing upright.
    direction = mean / size if size > 0.05 / G_PER_COUNT else np.array([0.0, 0.0, 1.0])
    return _as_counts(np.concatenate([direction / G_PER_COUNT, np.zeros(3)]) + bias)


def _as_counts(values: Floats) -> Rows:
    return np.clip(np.rint(values), -32768, 32767).astype(np.int16)


def _cubic(values: Floats, times: Floats, wanted: Floats) -> Floats:
    """Cubic Hermite interpolation with slopes from the neighbours; passes through every given value."""
    step = np.diff(times)[:, None]
    secant = np.diff(values, axis=0) / step
    slope = np.empty_like(values)
    slope[0], slope[-1] = secant[0], secant[-1]
    slope[1:-1] = (secant[:-1] * step[1:] + secant[1:] * step[:-1]) / (step[:-1] + step[1:])
    left = np.clip(np.searchsorted(times, wanted, side="right") - 1, 0, len(times) - 2)
    width = step[left]
    u = (wanted - times[left])[:, None] / width
    v = 1 - u
    held = values[left] * (1 + 2 * u) * v * v + values[left + 1] * (1 + 2 * v) * u * u
    return np.asarray(held + width * u * v * (slope[left] * v - slope[left + 1] * u), dtype=np.float64)


def _sinc(values: Floats, positions: Floats, band: float) -> Floats:
    """Evaluate at `positions` (in input samples) all that lies below `band` of the input's half band."""
    reach = int(np.ceil(LOBES / band))
    held = np.concatenate([np.repeat(values[:1], reach, axis=0), values, np.repeat(values[-1:], reach, axis=0)])
    taps = np.arange(2 * reach)
    made = np.empty((len(positions), values.shape[1]))
    chunk = max(1, WEIGHTS_AT_ONCE // len(taps))
    for begin in range(0, len(positions), chunk):
        at = positions[begin : begin + chunk]
        first = np.floor(at).astype(np.int64) - reach + 1
        away = first[:, None] + taps - at[:, None]
        window = np.exp(WINDOW_BETA * (np.sqrt(np.clip(1 - (away / reach) ** 2, 0, 1)) - 1))
        weights = np.sinc(away * band) * window
        weights /= weights.sum(axis=1, keepdims=True)  # stillness stays exactly still
        index = np.clip(first[:, None] + taps + reach, 0, len(held) - 1)
        for column in range(values.shape[1]):
            made[begin : begin + chunk, column] = np.einsum("ij,ij->i", weights, held[index, column])
    return made
