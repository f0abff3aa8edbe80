"""A small rigid thing in someone's hands, in the air and on hard or soft ground: pieces of motion, one after another.

For the device alone. The pieces keep orientation and velocity; what the chip reads follows from both.
"""

import numpy as np

from backbeat_host.lab.made.moved import counts
from backbeat_host.lab.made.rotations import Floats, noise, rates, smooth, turn, vector
from backbeat_host.lab.recordings.trial import DPS_PER_COUNT, G_PER_COUNT, RATE_HZ, Rows
from backbeat_host.lab.runner.body_tracks import GRAVITY

HZ = 2080.0  # twenty fine steps a sample: an impact on a hard floor lasts a few of them
DOWN = np.array([0.0, 0.0, -GRAVITY])

# A hand trembles and adjusts: some degrees and tenths of a g, below 8 Hz (assumed; a relaxed grip, not a still one).
TREMOR_HZ, TREMOR_DEGREES, TREMOR_G = (1.0, 8.0), 1.5, 0.03

HARD_S, SOFT_S = (0.003, 0.008), (0.03, 0.08)  # how long a hard floor, or bedding, takes to turn a thing back
HARD_BOUNCE, SOFT_BOUNCE = (0.25, 0.55), (0.05, 0.3)  # part of the speed that comes back
RESTS_BELOW = 0.25  # m/s: slower than this a bounce is over
LEVER = np.array([0.008, 0.003, 0.002])  # m from the middle of the case, about which it turns in the air, to the chip


class Handled:
    """The thing's motion so far: orientation (case into world) and acceleration of its middle (m/s2), fine steps."""

    def __init__(self, rng: np.random.Generator, start: Floats | None = None) -> None:
        self.rng = rng
        self.now: Floats = np.eye(3) if start is None else start
        self.velocity = np.zeros(3)
        self._turned: list[Floats] = []
        self._pushed: list[Floats] = []

    def steps(self, seconds: float) -> Floats:
        """Give the times of a piece, from its first step on."""
        return np.arange(1, max(2, round(seconds * HZ)) + 1) / HZ

    def follow(self, turned: Floats, pushed: Floats) -> None:
        """Add a piece by its orientations (n, 3, 3) and accelerations (n, 3)."""
        self._turned.append(turned)
        self._pushed.append(pushed)
        self.now = turned[-1]
        self.velocity = self.velocity + pushed.sum(axis=0) / HZ

    def rest(self, seconds: float) -> None:
        """Lie still."""
        n = len(self.steps(seconds))
        self.velocity = np.zeros(3)
        self.follow(np.broadcast_to(self.now, (n, 3, 3)), np.zeros((n, 3)))

    def hold(
        self, seconds: float, rotation: Floats | None = None, by: Floats | None = None, lively: float = 1.0
    ) -> None:
        """Be held in a hand that meanwhile turns it by `rotation` (3, 3; in the world) and moves it `by` (m)."""
        times = self.steps(seconds)
        u = times / times[-1]
        inside = (smooth(u / 0.2) * smooth((1 - u) / 0.2))[:, None]
        tremble = noise(self.rng, times, *TREMOR_HZ) * inside * lively
        way = np.zeros(3) if rotation is None else vector(rotation)
        turned = turn(smooth(u)[:, None] * way) @ self.now @ turn(np.radians(TREMOR_DEGREES) * tremble)
        jerk = (60 * u - 180 * u**2 + 120 * u**3)[:, None] / times[-1] ** 2  # second derivative of `smooth`
        shake = noise(self.rng, times, *TREMOR_HZ) * inside * lively * TREMOR_G * GRAVITY
        self.velocity = np.zeros(3)
        self.follow(turned, (np.zeros(3) if by is None else by) * jerk + shake)

    def throw(self, velocity: Floats, seconds: float, spin: Floats) -> None:
        """Be swung up to a velocity (m/s), beginning to turn with `spin` (rad/s, in the world)."""
        times = self.steps(seconds)
        u = times / times[-1]
        begun = np.cumsum(smooth(u)) / HZ
        self.follow(turn(begun[:, None] * spin) @ self.now, velocity * (30 * u**2 * (1 - u) ** 2)[:, None] / times[-1])

    def fly(self, seconds: float, spin: Floats) -> None:
        """Be in the air: free fall, turning evenly."""
        times = self.steps(seconds)
        self.follow(turn(times[:, None] * spin) @ self.now, np.broadcast_to(DOWN, (len(times), 3)))

    def hit(self, velocity: Floats, seconds: float, spin: Floats) -> None:
        """Be pushed by the ground, within `seconds`, to another velocity."""
        times = self.steps(seconds)
        push = np.sin(np.pi * (times - 0.5 / HZ) / times[-1])
        push = push / (push.sum() / HZ)
        turned = turn(times[:, None] * spin) @ self.now
        self.follow(turned, (velocity - self.velocity) * push[:, None])

    def tumble(self, height: float, spin: Floats, soft: bool) -> None:
        """Fall from a height (m) with what speed there is, bounce until that is spent, and come to lie."""
        rng = self.rng
        up = float(self.velocity[2])
        air = (up + np.sqrt(up**2 + 2 * GRAVITY * height)) / GRAVITY
        while True:
            self.fly(air, spin)
            down = -float(self.velocity[2])
            back = float(rng.uniform(*(SOFT_BOUNCE if soft else HARD_BOUNCE))) * down
            spin = spin * rng.uniform(0.3, 0.9) + rng.normal(0, 2.0 if soft else 6.0, 3) * min(1.0, down / 3)
            if back < RESTS_BELOW:
                self.hit(np.zeros(3), float(rng.uniform(*(SOFT_S if soft else HARD_S))), spin)
                break
            along = self.velocity * rng.uniform(0.3, 0.8)
            self.hit(np.array([along[0], along[1], back]), float(rng.uniform(*(SOFT_S if soft else HARD_S))), spin)
            air = 2 * back / GRAVITY
        self.settle(soft)

    def settle(self, soft: bool) -> None:
        """Tip over onto the nearest face, rattling where the ground is hard; on bedding it stays a little askew."""
        rng = self.rng
        up = self.now[2]  # the world's up in the case's axes
        face = np.zeros(3)
        face[int(np.argmax(np.abs(up)))] = np.sign(up[int(np.argmax(np.abs(up)))])
        across = np.cross(face, up)
        lean = np.arctan2(np.linalg.norm(across), float(face @ up))
        tip = self.now @ (across / max(float(np.linalg.norm(across)), 1e-9) * lean)
        flat = turn(tip) if not soft else turn(tip + np.radians(rng.normal(0, 8, 3)))
        times = self.steps(float(rng.uniform(0.15, 0.35)))
        rattle = np.zeros((len(times), 3))
        for _ in range(0 if soft else int(rng.integers(2, 6))):
            at, width = rng.uniform(0.1, 0.9) * times[-1], 0.002
            peak = GRAVITY * rng.uniform(0.3, 2.0) * np.array([rng.normal(0, 0.3), rng.normal(0, 0.3), 1.0])
            rattle += peak * np.exp(-0.5 * ((times - at) / width) ** 2)[:, None]
        self.velocity = np.zeros(3)
        self.follow(turn(smooth(times / times[-1])[:, None] * vector(flat)) @ self.now, rattle)
        self.velocity = np.zeros(3)

    def rows(self) -> Rows:
        """Give what the chip reads: force and rate in the case's axes; 16 g and 2000 dps are its ends."""
        turned, pushed = np.concatenate(self._turned), np.concatenate(self._pushed)
        rate = rates(turned, HZ)
        air = np.all(pushed == DOWN, axis=1)[:, None]  # in a hand or on the ground no matter what turns about what
        lever = np.where(air, np.cross(rate, np.cross(rate, LEVER)), 0.0)
        force = np.einsum("nji,nj->ni", turned, pushed - DOWN) + lever
        values = np.hstack([force / GRAVITY / G_PER_COUNT, np.degrees(rate) / DPS_PER_COUNT])
        clipped = np.clip(values, -32768, 32767)  # the chip clips first, then averages
        each = round(HZ / RATE_HZ)
        return counts(clipped[: len(clipped) // each * each].reshape(-1, each, 6).mean(axis=1))
