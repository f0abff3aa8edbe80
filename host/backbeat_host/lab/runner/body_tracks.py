"""The motion of the pelvis as functions of time on a fine grid, built up from smooth pieces by the body models.

Every piece is smooth in its second derivative, so whatever is added, velocities and orientation never jump.
"""

from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]

FINE_HZ = 520.0  # five fine steps a sample
GRAVITY = 9.80665
CHANNELS = (
    "ahead", "left",  # velocity of travel in the frame of the path, m/s
    "height", "pitch", "roll", "yaw",  # m; radians: pitch about +y bends forward, yaw about +z turns left
    "path",  # radians: where "ahead" points in the world
    "walk", "run",  # how much of each gait there is, 0 to about 1
    "rate",  # steps a second
)  # fmt: skip


@dataclass
class Contact:
    """A short load on the body: a blow of soft tissue, gone as fast as it came."""

    at: float
    ahead: float  # m/s2 at its peak, in the frame of the path
    left: float
    up: float
    width: float  # standard deviation of the Gaussian dent in position, s


@dataclass
class BodyTracks:
    """Ten channels over the whole script, contacts, and what is true about them."""

    seconds: float
    rng: np.random.Generator
    contacts: list[Contact] = field(default_factory=list)
    truth: list[dict[str, Any]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.times: Floats = np.arange(round(self.seconds * FINE_HZ), dtype=np.float64) / FINE_HZ
        self.channel = {name: np.zeros(len(self.times)) for name in CHANNELS}
        self.goal = dict.fromkeys(CHANNELS, 0.0)  # where each channel stands when all that was begun is over

    def set(self, name: str, value: float) -> None:
        """Give a channel the value it has before anything moves."""
        self.channel[name] += value - self.goal[name]
        self.goal[name] = value

    def ease(self, name: str, value: float, begin: float, seconds: float, warp: float = 1.0) -> None:
        """Go to `value` with least jerk; a `warp` over 1 starts slower and ends faster, as toppling does."""
        u = np.clip((self.times - begin) / seconds, 0, 1) ** warp
        self.channel[name] += (value - self.goal[name]) * _least_jerk(u)
        self.goal[name] = value

    def there_and_back(self, name: str, by: float, begin: float, out: float, hold: float, back: float) -> None:
        """Leave a channel's course by `by` and come back to it."""
        course = self.goal[name]
        self.ease(name, course + by, begin, out)
        self.ease(name, course, begin + out + hold, back)

    def drop(self, value: float, begin: float, seconds: float, stop: float) -> float:
        """Let the height fall to `value`, ever faster for `seconds`, then stop it within `stop`; returns the speed.

        The speed grows like a toppling body's (slowly at first, then nearly freely), and the ground takes it away.
        """
        u = np.clip((self.times - begin) / seconds, 0, 1)
        speed = _toppling(u) * (1 - _least_jerk(np.clip((self.times - begin - seconds) / stop, 0, 1)))
        fallen = np.cumsum(speed) / FINE_HZ
        top = (self.goal["height"] - value) / float(fallen[-1])
        self.channel["height"] -= top * fallen
        self.goal["height"] = value
        return top

    def contact(self, at: float, up_g: float, width: float, ahead_g: float = 0.0, left_g: float = 0.0) -> None:
        """Let the ground push once, with peaks given in g."""
        self.contacts.append(Contact(at, ahead_g * GRAVITY, left_g * GRAVITY, up_g * GRAVITY, width))

    def wander(self, name: str, rms: float, slowest: float, fastest: float) -> None:
        """Add a slow random motion between two frequencies (Hz)."""
        self.channel[name] += rms * self.noise(slowest, fastest)

    def noise(self, slowest: float, fastest: float, waves: int = 12) -> Floats:
        """Make smooth noise of unit rms between two frequencies (Hz): a few sinusoids of random phase."""
        made = np.zeros(len(self.times))
        for frequency in self.rng.uniform(slowest, fastest, waves):
            made += np.sin(2 * np.pi * (frequency * self.times + self.rng.random()))
        return np.asarray(made * np.sqrt(2 / waves), dtype=np.float64)

    def vary(self, spread: float) -> float:
        """Draw a factor near 1: no two blows or falls are the same."""
        return float(np.exp(self.rng.normal(0, spread)))

    def tell(self, kind: str, **facts: Any) -> None:
        """Note something true: seconds rounded to the millisecond, the rest as given."""
        self.truth.append({"kind": kind, **{k: round(v, 3) if isinstance(v, float) else v for k, v in facts.items()}})


def _least_jerk(u: Floats) -> Floats:
    return u**3 * (10 - 15 * u + 6 * u * u)


def _toppling(u: Floats) -> Floats:
    """Speed of a fall from 0 to 1: the legs hold less and less, so the acceleration grows evenly."""
    return np.asarray(u**2, dtype=np.float64)
