"""A recording exactly as UMAFall publishes it: one CSV with several sensors in it, of which one becomes a trial.

The header says which number each position has; then come `ms; number; x; y; z; what; sensor` lines, acceleration (0,
in g), rotation (1, in dps; the files do not say so) and the compass (2) mixed. The SensorTags measure at an even
20 Hz; their stamps are when a packet reached the telephone, up to 0.1 s late, so instants come from the numbers.

Axes: standing, x reads +1 g on waist and chest, so x is up. Jogging, z rises and falls with the vertical velocity, as
the forward axis of a runner does: z is forward (out of the belly or chest), and y, by the right hand, points right.
The acceleration's y has the wrong sign against the gyro's and is turned round: then gravity turns as the gyro says.
Seen in two jogging trials of one person; that everybody wore the sensors so, and the sign of the gyro's x and z, could
not be verified. The sensor is not levelled: standing it may lean by 20 degrees.
"""

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt

from backbeat_host.errors import InputError
from backbeat_host.lab.recordings.resample import resampled
from backbeat_host.lab.recordings.table import numbers, read_lines
from backbeat_host.lab.recordings.trial import DPS_PER_COUNT, G_PER_COUNT, Rows

POSITIONS: Final = ("waist", "chest")  # those on the trunk, with the axes known
UMAFALL_HZ: Final = 20.0
COLUMNS: Final = ("TimeStamp", "Sample No", "X-Axis", "Y-Axis", "Z-Axis", "Sensor Type", "Sensor ID")
ACCELEROMETER, GYROSCOPE = 0, 1
TO_BODY: Final = np.array([[0, 0, 1], [0, -1, 0], [1, 0, 0]])  # rows: body x, y, z; columns: the sensor's x, y, z
ACCELERATION_SIGN: Final = np.array([1, -1, 1])
LATE_S: Final = 0.5  # packets come up to 0.2 s after one another; where it is more, samples are missing
RATE_SLACK: Final = 0.1

_SENSOR = re.compile(r"%\s*[0-9A-Fa-f:]{17}\s*;\s*(\d+)\s*;\s*(\w+)\s*;")
_FIELD = re.compile(r"%\s*ID\s*:\s*(\S+)\s*")

Floats = npt.NDArray[np.float64]


def read_umafall(path: Path, position: str = POSITIONS[0]) -> Rows:
    """Read the sensor at `position` (one of POSITIONS) as rows at 104 Hz in body axes.

    Raises:
        InputError: the file is not what it must be; the message names line and column.
    """
    lines = read_lines(path)
    begin = next((at for at, line in enumerate(lines) if line.strip() and not line.lstrip().startswith("%")), None)
    if begin is None:
        raise InputError(f"{path}: no samples in it; expected lines of {'; '.join(COLUMNS)}.")
    sensor = _sensor(path, lines[:begin], position)
    words = [line.strip().removesuffix(";").replace(";", ",") for line in lines[begin:]]
    table = numbers(path, words, begin + 1, COLUMNS)
    table = table[table[:, 6] == sensor]
    acceleration = _part(path, table, ACCELEROMETER, f"acceleration of the sensor at the {position}")
    rotation = _part(path, table, GYROSCOPE, f"rotation of the sensor at the {position}")
    # A packet brings one of each; the first of them may have been lost for one kind.
    both = min(len(acceleration), len(rotation))
    acceleration, rotation = acceleration[:both], rotation[:both]
    turned = np.hstack(
        [
            acceleration[:, 2:5] * ACCELERATION_SIGN @ TO_BODY.T / G_PER_COUNT,
            rotation[:, 2:5] @ TO_BODY.T / DPS_PER_COUNT,
        ]
    )
    return resampled(turned, _instants(path, acceleration))


def umafall_id(path: Path) -> str:
    """Give the trial's name that the header holds, like `Subject_02_ADL_Jogging_1`.

    Raises:
        InputError: there is none.
    """
    for line in read_lines(path)[:60]:
        found = _FIELD.fullmatch(line.rstrip())
        if found:
            return found[1]
    raise InputError(f"{path}: its header has no line '% ID: ...'; expected a file as UMAFall publishes it.")


def _sensor(path: Path, header: Sequence[str], position: str) -> int:
    places = {found[2].lower(): int(found[1]) for line in header if (found := _SENSOR.match(line))}
    if position not in places:
        there = f"there are {', '.join(places)}" if places else "the header names no sensors"
        raise InputError(f"{path}: no sensor at the {position}; {there}.")
    return places[position]


def _part(path: Path, table: Floats, kind: int, what: str) -> Floats:
    """Give the lines of one kind, in the order of their numbers."""
    part = table[table[:, 5] == kind]
    if len(part) < 2:
        raise InputError(f"{path}: {len(part)} samples of the {what}; a recording needs at least 2.")
    part = np.asarray(part[np.argsort(part[:, 1], kind="stable")], dtype=np.float64)
    twice = np.flatnonzero(np.diff(part[:, 1]) == 0)
    if twice.size:
        raise InputError(f"{path}: sample {part[twice[0], 1]:g} of the {what} comes twice; expected it once.")
    return part


def _instants(path: Path, part: Floats) -> Floats:
    """Give when each sample was taken, in s: the straight line through the stamps over the numbers."""
    stamps, count = part[:, 0] / 1000, part[:, 1]
    pauses = np.flatnonzero(np.diff(stamps) > LATE_S)
    if pauses.size or np.diff(count).max() > LATE_S * UMAFALL_HZ:
        at = stamps[int(pauses[0] if pauses.size else np.argmax(np.diff(count)))]
        raise InputError(f"{path}: samples are missing after {at:.1f} s; expected a recording without a gap.")
    step, begin = np.polyfit(count, stamps, 1)
    if not abs(step * UMAFALL_HZ - 1) < RATE_SLACK:
        raise InputError(f"{path}: {1 / step if step else 0:.4g} samples a second; expected about {UMAFALL_HZ:g}.")
    return np.asarray(begin + step * count, dtype=np.float64)
