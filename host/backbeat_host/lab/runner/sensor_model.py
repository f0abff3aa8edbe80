"""From the motion of the pelvis to what the chip on the belt reads: differentiate, turn into the sensor, count.

Specific force is R'(a + g), angular rate follows from the angles' rates; then noise, bias, the chip's filter and range.
"""

from dataclasses import dataclass

import numpy as np

from backbeat_host.lab.recordings.resample import resampled
from backbeat_host.lab.recordings.trial import DPS_PER_COUNT, G_PER_COUNT, RATE_HZ, Rows
from backbeat_host.lab.runner.body_tracks import FINE_HZ, GRAVITY, BodyTracks, Floats
from backbeat_host.lab.runner.gait_model import Gait

LEAN = 0.6  # of the angle at which the push of the feet passes through the body when it speeds up
DENT_SPREAD = 5  # widths of a contact that are computed on either side


@dataclass(frozen=True)
class Sensor:
    """How the chip sits and errs. Noise: LSM6DSOX with the belt's own tremble; bias within its datasheet's limits."""

    tilt: tuple[float, float] = (2.0, -1.5)  # degrees about left (pitch) and forward (roll)
    noise_g: float = 0.002
    noise_dps: float = 0.1
    bias_dps: float = 0.3


def measured(tracks: BodyTracks, gait: Gait, sensor: Sensor) -> Rows:
    """Give the rows at 104 Hz that `sensor` would deliver."""
    force, turning = _felt(tracks, gait)
    mount = _tilt(*np.radians(sensor.tilt))
    values = np.vstack([mount.T @ force / GRAVITY / G_PER_COUNT, mount.T @ np.degrees(turning) / DPS_PER_COUNT]).T
    rng = tracks.rng
    rows = resampled(values, tracks.times, RATE_HZ)
    wobble = rng.standard_normal(rows.shape) * (
        [sensor.noise_g / G_PER_COUNT] * 3 + [sensor.noise_dps / DPS_PER_COUNT] * 3
    )
    bias = np.concatenate([np.zeros(3), rng.normal(0, sensor.bias_dps / DPS_PER_COUNT, 3)])
    return np.asarray(np.clip(np.rint(rows + wobble + bias), -32768, 32767), dtype=np.int16)


def _felt(tracks: BodyTracks, gait: Gait) -> tuple[Floats, Floats]:
    """Specific force (m/s2) and angular rate (rad/s) in body axes on the fine grid."""
    channel = tracks.channel
    offset, blow = gait.offset.copy(), gait.blow
    for contact in tracks.contacts:
        reach = DENT_SPREAD * contact.width
        begin, end = (
            int(np.clip(moment * FINE_HZ, 0, len(tracks.times))) for moment in (contact.at - reach, contact.at + reach)
        )
        # A Gaussian dent in the position: its second derivative peaks at size / width**2, against the push.
        dent = np.exp(-0.5 * ((tracks.times[begin:end] - contact.at) / contact.width) ** 2) * contact.width**2
        offset[:, begin:end] -= np.array([[contact.ahead], [contact.left], [contact.up]]) * dent
    path = channel["path"]
    velocity = _turned(path, channel["ahead"], channel["left"])
    place = _turned(path, offset[0], offset[1])
    push = _turned(path, blow[0], blow[1])
    level = [_rate(velocity[k]) + _second(place[k]) + push[k] for k in (0, 1)]
    up = _second(channel["height"] + offset[2]) + blow[2] + GRAVITY

    moving = np.clip(channel["walk"] + channel["run"], 0, 1)
    lean = LEAN / GRAVITY * moving  # who falls or slides leans on nothing
    pitch = channel["pitch"] + gait.turn[1] + lean * _rate(channel["ahead"])
    roll = channel["roll"] + gait.turn[0] - lean * _rate(channel["left"])
    yaw = path + channel["yaw"] + gait.turn[2]
    # R = Rz(yaw) Ry(pitch) Rx(roll) turns body into world; here its transpose, one axis after the other.
    ahead, left = _turned(-yaw, level[0], level[1])
    x = np.cos(pitch) * ahead - np.sin(pitch) * up
    below = np.sin(pitch) * ahead + np.cos(pitch) * up
    y, z = np.cos(roll) * left + np.sin(roll) * below, -np.sin(roll) * left + np.cos(roll) * below
    droll, dpitch, dyaw = _rate(roll), _rate(pitch), _rate(yaw)
    turning = np.stack(
        [
            droll - dyaw * np.sin(pitch),
            dpitch * np.cos(roll) + dyaw * np.cos(pitch) * np.sin(roll),
            -dpitch * np.sin(roll) + dyaw * np.cos(pitch) * np.cos(roll),
        ]
    )
    return np.stack([x, y, z]), turning


def _turned(angle: Floats, ahead: Floats, left: Floats) -> tuple[Floats, Floats]:
    return np.cos(angle) * ahead - np.sin(angle) * left, np.sin(angle) * ahead + np.cos(angle) * left


def _rate(values: Floats) -> Floats:
    return np.asarray(np.gradient(values, 1 / FINE_HZ), dtype=np.float64)


def _second(values: Floats) -> Floats:
    second = np.zeros_like(values)
    second[1:-1] = (values[2:] - 2 * values[1:-1] + values[:-2]) * FINE_HZ**2
    return second


def _tilt(pitch: float, roll: float) -> Floats:
    about_left = np.array([[np.cos(pitch), 0, np.sin(pitch)], [0, 1, 0], [-np.sin(pitch), 0, np.cos(pitch)]])
    about_ahead = np.array([[1, 0, 0], [0, np.cos(roll), -np.sin(roll)], [0, np.sin(roll), np.cos(roll)]])
    return np.asarray(about_left @ about_ahead, dtype=np.float64)
