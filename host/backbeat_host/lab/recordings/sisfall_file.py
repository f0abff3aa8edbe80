"""A recording exactly as SisFall publishes it: 200 Hz, nine whole numbers a line with `;` at its end.

The columns are ADXL345, ITG3200 and MMA8451Q, three axes each; the first two are used, as they measure up to 16 g and
2000 dps. The sensor's y points down, z forward, x right; here they become body axes.
"""

import re
from pathlib import Path

import numpy as np

from backbeat_host.errors import InputError
from backbeat_host.lab.recordings.resample import resampled
from backbeat_host.lab.recordings.table import numbers, read_lines
from backbeat_host.lab.recordings.trial import DPS_PER_COUNT, G_PER_COUNT, Rows

SISFALL_HZ = 200.0
ADXL345_G = 32 / 8192  # per count: 13 bits over +-16 g
ITG3200_DPS = 1 / 14.375  # per count (ITG-3200 datasheet)
COLUMNS = tuple(f"{chip} {axis}" for chip in ("ADXL345", "ITG3200", "MMA8451Q") for axis in "xyz")
OFFSET_G = np.array([0, 0.004, 0.062])
"""What the ADXL345 reads too little on x, y and z: its mean over SisFall's people, found by holding originals against
the corpus sisfall-a. Gravity at rest agrees to 25 mg over all; single people's recordings lie up to 0.1 g beside it.
"""
TO_BODY = np.array([[0, 0, 1], [-1, 0, 0], [0, -1, 0]])  # rows: body x, y, z; columns: the sensor's x, y, z

_LINE = re.compile(rb"\s*-?[0-9]+(\s*,\s*-?[0-9]+){8}\s*;")


def looks_like_sisfall(path: Path, head: bytes) -> bool:
    """Tell by the first line: nine whole numbers and a semicolon."""
    return _LINE.match(head) is not None


def read_sisfall(path: Path) -> Rows:
    """Read an original SisFall file as rows at 104 Hz in body axes.

    Raises:
        InputError: the file is not what it must be; the message names line and column.
    """
    lines = [line.strip() for line in read_lines(path)]
    for number, line in enumerate(lines, 1):
        if not line.endswith(";"):
            raise InputError(f"{path}, line {number}: no ';' at the end; the file is damaged or cut short.")
    if len(lines) < 2:
        raise InputError(f"{path}: {len(lines)} samples; a recording needs at least 2.")
    table = numbers(path, [line[:-1] for line in lines], 1, COLUMNS)
    acceleration = (table[:, :3] * ADXL345_G + OFFSET_G) @ TO_BODY.T / G_PER_COUNT
    rotation = table[:, 3:6] @ TO_BODY.T * (ITG3200_DPS / DPS_PER_COUNT)
    return resampled(np.hstack([acceleration, rotation]), np.arange(len(table)) / SISFALL_HZ)
