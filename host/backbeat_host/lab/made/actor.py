"""A body that stands, walks and runs from one moment to the next, for motion that the script of acts does not know.

Built on the synthetic runner's tracks and gait; what is made is what a perfect chip in body axes would read.
"""

from dataclasses import dataclass
from typing import Literal

import numpy as np

from backbeat_host.lab.made.moved import counts
from backbeat_host.lab.made.rotations import turn
from backbeat_host.lab.made.transform import noisy, tilted
from backbeat_host.lab.recordings.trial import DPS_PER_COUNT, G_PER_COUNT, RATE_HZ, Rows
from backbeat_host.lab.runner.body_tracks import BodyTracks
from backbeat_host.lab.runner.events_model import STANDING
from backbeat_host.lab.runner.gait_model import WALK_SPEED, Gait, gait
from backbeat_host.lab.runner.sensor_model import Sensor, measured

Pace = Literal["standing", "walking", "running"]

PERFECT = Sensor(tilt=(0.0, 0.0), noise_g=0.0, noise_dps=0.0, bias_dps=0.0)
SWAY, SWAY_HZ = 0.003, (0.1, 0.6)  # radians rms: nobody stands quite still
RUNNING_LEAN = 0.05  # radians

# How far a chip that is worn may differ from the ideal one: the belt's slant, zero errors within the datasheet's.
WORN_PITCH, WORN_ROLL = 6.0, 3.0  # degrees, standard deviation
WORN_OFFSET_G, WORN_OFFSET_DPS = 0.010, 0.5  # standard deviation
WORN_NOISE_G, WORN_NOISE_DPS = 0.003, 0.15  # rms


@dataclass(frozen=True)
class Going:
    """How the body goes on: pace, velocity forward (m/s, negative backward) and steps a minute."""

    pace: Pace
    ahead: float = 0.0
    cadence: float = 110.0


def drawn_going(rng: np.random.Generator, pace: Pace, backward: bool) -> Going:
    """Draw a usual speed and cadence of a pace."""
    sign = -1.0 if backward else 1.0
    if pace == "walking":
        return Going(pace, sign * rng.uniform(0.8, 1.3 if backward else 1.6), rng.uniform(95, 122))
    if pace == "running":
        return Going(pace, sign * rng.uniform(1.8, 2.8 if backward else 3.6), rng.uniform(156, 182))
    return Going(pace)


class Actor:
    """Tracks with a body on them that can change its going; other motion is laid on `tracks` directly."""

    def __init__(self, seconds: float, rng: np.random.Generator, going: Going) -> None:
        self.tracks = tracks = BodyTracks(seconds, rng)
        tracks.set("height", STANDING)
        tracks.set("rate", going.cadence / 60)
        tracks.set("ahead", going.ahead)
        tracks.set(*_amount(going))

    def go(self, going: Going, begin: float, seconds: float) -> None:
        """Change to another going from `begin` on, within `seconds`."""
        tracks = self.tracks
        name, amount = _amount(going)
        tracks.ease("ahead", going.ahead, begin, seconds)
        for gait_name in ("walk", "run"):
            tracks.ease(gait_name, amount if gait_name == name else 0.0, begin, seconds)
        if amount:
            tracks.ease("rate", going.cadence / 60, begin, min(seconds, 0.6))

    def gait(self) -> Gait:
        """Make the gait of all that was said; what is laid on the tracks from now on leaves it as it is."""
        tracks = self.tracks
        for name in ("pitch", "roll"):
            tracks.wander(name, SWAY, *SWAY_HZ)
        tracks.channel["pitch"] += RUNNING_LEAN * np.clip(tracks.channel["walk"] + tracks.channel["run"], 0, 1)
        return gait(tracks)

    def felt(self, moves: Gait | None = None) -> tuple[Rows, list[int]]:
        """Give what a perfect chip reads, and the rows in which feet struck."""
        moves = moves or self.gait()
        rows = measured(self.tracks, moves, PERFECT)
        strikes = [round(moment * RATE_HZ) for moment, _ in moves.strikes]
        return rows, [row for row in strikes if row < len(rows)]


def worn(rows: Rows, rng: np.random.Generator) -> Rows:
    """Let a real chip on a real belt read the same motion: a slant of some degrees, zero errors, noise."""
    slant = turn(np.radians([WORN_ROLL * rng.normal(), WORN_PITCH * rng.normal(), 0.0]))
    zero = np.concatenate(
        [rng.normal(0, WORN_OFFSET_G / G_PER_COUNT, 3), rng.normal(0, WORN_OFFSET_DPS / DPS_PER_COUNT, 3)]
    )
    return noisy(counts(tilted(rows, slant) + zero), rng, WORN_NOISE_G, WORN_NOISE_DPS)


def _amount(going: Going) -> tuple[str, float]:
    if going.pace == "standing":
        return "walk", 0.0
    if going.pace == "walking":
        return "walk", float(np.clip(abs(going.ahead) / WALK_SPEED, 0.5, 1.4))
    return "run", 1.0
