"""The CSV recording: seven named columns, time in seconds, any rate from 20 to 1000 Hz, plain or gzipped.

Read for `simulate` and for anyone's own sensor; written for whoever wants a recording in a spreadsheet.
A gap in the stamps is refused, never bridged: what happened in it might have been the fall.
"""

import gzip
from pathlib import Path

import numpy as np
import numpy.typing as npt

from backbeat_host.errors import InputError
from backbeat_host.files import written_whole
from backbeat_host.lab.recordings.resample import resampled
from backbeat_host.lab.recordings.table import numbers, read_lines
from backbeat_host.lab.recordings.trial import RATE_HZ, UNITS_PER_COUNT, Rows

COLUMNS = ("time_s", "acc_x_g", "acc_y_g", "acc_z_g", "gyro_x_dps", "gyro_y_dps", "gyro_z_dps")
HEADER = ",".join(COLUMNS)
SLOWEST_HZ, FASTEST_HZ = 20.0, 1000.0
RATE_SLACK = 1.005  # a sensor's own clock is a little off its name
LARGEST_MEDIAN_G = 3.0  # nobody feels more for half of a recording, and in m/s2 rest alone is 9.8
GAP_STEPS, GAP_S = 3.0, 0.1  # a gap is longer than both: three usual steps, a tenth of a second


def looks_like_csv(path: Path, head: bytes) -> bool:
    """Tell by the name, or by the first column's name at the start of the text."""
    name = path.name.lower().removesuffix(".gz")
    return name.endswith(".csv") or head.removeprefix(b"\xef\xbb\xbf").startswith(b"time_s")


def read_csv(path: Path) -> Rows:
    """Read a CSV recording as rows at 104 Hz.

    Raises:
        InputError: the file is not what it must be; the message names line and column.
    """
    lines = read_lines(path)
    if not lines:
        raise InputError(f"{path}: empty; expected the header {HEADER} and samples.")
    if lines[0] != HEADER:
        raise InputError(f"{path}, line 1: wrong header '{lines[0][:80]}'; expected {HEADER}.")
    if len(lines) < 3:
        raise InputError(f"{path}: {len(lines) - 1} samples; a recording needs at least 2.")
    table = numbers(path, lines[1:], 2, COLUMNS)
    times = table[:, 0]
    _check_times(path, times)
    _check_unit(path, table[:, 1:4])
    return resampled(table[:, 1:] / UNITS_PER_COUNT, times)


def write_csv(path: Path, rows: Rows, rate: float = RATE_HZ) -> None:
    """Write rows as a CSV recording (gzipped where the name ends in .gz), exact to a count when read again."""
    values = rows * UNITS_PER_COUNT
    lines = [HEADER]
    for index, row in enumerate(values):
        acceleration = ",".join(f"{value:.6f}" for value in row[:3])
        rotation = ",".join(f"{value:.3f}" for value in row[3:])
        lines.append(f"{index / rate:.6f},{acceleration},{rotation}")
    text = ("\n".join(lines) + "\n").encode()
    with written_whole(path) as beside:
        beside.write_bytes(gzip.compress(text, mtime=0) if path.name.lower().endswith(".gz") else text)


def _check_times(path: Path, times: npt.NDArray[np.float64]) -> None:
    steps = np.diff(times)
    usual = float(np.median(steps))
    back = np.flatnonzero(steps <= 0)
    if back.size:
        line = int(back[0]) + 3
        how = "stands still" if steps[back[0]] == 0 else "goes backward"
        raise InputError(f"{path}, line {line}: time {how} ({times[back[0]]:g} s, then {times[back[0] + 1]:g} s).")
    gaps = np.flatnonzero((steps > GAP_STEPS * usual) & (steps > GAP_S))
    if gaps.size:
        line, length = int(gaps[0]) + 3, steps[gaps[0]]
        raise InputError(f"{path}, line {line}: a gap of {length:.3f} s in the samples; split the recording there.")
    rate = len(steps) / float(times[-1] - times[0])
    if not SLOWEST_HZ / RATE_SLACK <= rate <= FASTEST_HZ * RATE_SLACK:
        raise InputError(f"{path}: {rate:.4g} samples a second; expected {SLOWEST_HZ:g} to {FASTEST_HZ:g} Hz.")


def _check_unit(path: Path, acceleration: npt.NDArray[np.float64]) -> None:
    with np.errstate(over="ignore"):
        median = float(np.median(np.hypot(np.hypot(acceleration[:, 0], acceleration[:, 1]), acceleration[:, 2])))
    if median > LARGEST_MEDIAN_G:
        raise InputError(f"{path}: the median acceleration is {median:.2g} g; expected g, not m/s2: divide by 9.80665.")
