"""What physics demands of rows: gravity, followed by the gyroscope alone, ends where the accelerometer says."""

import numpy as np

from backbeat_host.lab.made.rotations import turn
from backbeat_host.lab.recordings.trial import DPS_PER_COUNT, G_PER_COUNT, RATE_HZ


def up_by_gyro(rows, first, last, still):
    """Give up (n, 3) in the chip's axes from row `first` to `last`, by the gyro alone; its zero shows in `still`."""
    rate = np.radians((rows[first:last, 3:] - rows[still, 3:].mean(axis=0)) * DPS_PER_COUNT)
    up = [direction(rows, first)]
    for between in (rate[:-1] + rate[1:]) / 2:
        up.append(turn(-between / RATE_HZ) @ up[-1])
    return np.array(up)


def gravity_by_gyro(rows, first, last, still):
    """Give the angle (degrees) between gravity as measured about row `last` and as turned there from row `first`."""
    up = up_by_gyro(rows, first, last, still)[-1]
    return float(np.degrees(np.arccos(np.clip(up @ direction(rows, last), -1, 1))))


def direction(rows, at, half=20):
    mean = rows[max(at - half, 0) : at + half, :3].mean(axis=0)
    return mean / np.linalg.norm(mean)


def size(rows):
    return np.linalg.norm(rows[:, :3] * G_PER_COUNT, axis=1)


def spin(rows):
    return np.linalg.norm(rows[:, 3:] * DPS_PER_COUNT, axis=1)
