"""What a made roll is to be like: its way, entry, turn, loads and end, drawn at random within what people do.

The loads rest on measurements of the ground's push; where no measurement is known, it says so.
"""

from dataclasses import dataclass
from typing import Literal

import numpy as np

from backbeat_host.lab.made.actor import Pace

Way = Literal["backward", "forward"]
End = Literal["upright", "over", "topples"]
"""Upright; never over the last quarter; over, and toppling from the crouch it came up to."""

TURNING: dict[Pace, tuple[float, float]] = {  # s of the whole turn; a run's speed goes into it
    "standing": (1.2, 2.5), "walking": (1.0, 2.0), "running": (0.8, 1.5),
}  # fmt: skip

# The hardest push of the ground in a roll, in body weights. Forward rolls over a force plate: trained people in some
# cases just over 1, untrained ones over 4, from kneeling (Soltoggio, Blaesing, Moscatelli & Schack 2016; figures as
# its first author tells them). A parkour roll from 0.75 m loads 43 % less than a plain landing (Puddle & Maulder 2013).
# Of backward rolls no such measurement is known to us: the same range is assumed.
HARDEST_LOAD = (1.2, 4.2)

# How a roll's pushes share that: which part of the rotation, how hard against the hardest. Order and timing follow from
# the geometry of a body rolling; the shares are assumed.
CONTACTS: dict[Way, tuple[tuple[float, float], ...]] = {
    # seat, loins, shoulders, hands, feet
    "backward": ((0.20, 1.0), (0.32, 0.6), (0.48, 0.55), (0.60, 0.5), (0.90, 0.8)),
    # hands, shoulders, loins, seat, feet
    "forward": ((0.14, 0.5), (0.42, 1.0), (0.60, 0.7), (0.72, 0.8), (0.90, 0.8)),
}  # fmt: skip
CONTACT_WIDTH = (0.012, 0.035)  # s, standard deviation of each push in time: flesh on mats or grass, assumed

# Worn at the back, the clip itself is rolled over: a short hard blow on top (assumed; none is the other end of it).
CLIP_BLOW_G, CLIP_BLOW_WIDTH = (0.0, 4.0), (0.005, 0.012)  # g, s
CLIP_AT: dict[Way, float] = {"backward": 0.25, "forward": 0.70}  # part of the rotation at which it is lowest

# A straight roll goes about the left-right axis; one over a shoulder about an axis slanting by this much, toward up
# (the line across the back) and a little toward forward. The one roll in motion capture that we know has 27 and 9.
SHOULDER_SLANT, SIDE_SLANT = (12.0, 30.0), 10.0  # degrees; range, standard deviation
STRAIGHT_SLANT = 4.0  # degrees, standard deviation


@dataclass(frozen=True)
class RollPlan:
    """One roll. Angles in degrees, times in s."""

    way: Way
    entry: Pace
    leaving: Pace
    end: End
    turning: float
    slant: float  # of the axis toward up; the sign is the shoulder's
    side: float  # of the axis toward forward
    lean_in: float  # of the trunk forward as the turn begins
    lean_out: float
    over: float  # degrees of the turn itself: a whole one, less where it stays lying
    load: float  # hardest push in body weights
    radius: float  # m: of the arc the belt runs on as the back rolls
    worn: str  # where on the belt
    blow: float  # g, of the ground on the clip itself
    leaves_backward: bool

    @property
    def shoulder(self) -> str:
        """Which way the roll goes: straight, or over which shoulder."""
        return "straight" if abs(self.slant) < SHOULDER_SLANT[0] else "over a shoulder"

    def words(self) -> str:
        """Say what it is, as an activity."""
        kinds = {"upright": "roll", "over": "failed roll that stays down", "topples": "failed roll that topples"}
        return f"{kinds[self.end]}, {self.way}, {self.shoulder}"


def drawn_plan(rng: np.random.Generator, upright: bool = True) -> RollPlan:
    """Draw a roll; most go backward, as most of our wearers do."""
    way: Way = "backward" if rng.random() < 0.6 else "forward"
    paces: tuple[Pace, ...] = ("standing", "walking", "running")
    entry = paces[rng.choice(3, p=(0.4, 0.25, 0.35))]
    leaving = paces[rng.choice(3, p=(0.4, 0.3, 0.3))]
    end: End = "upright" if upright else ("over" if rng.random() < 0.5 else "topples")
    if rng.random() < 0.5:
        slant = float(rng.choice([-1, 1]) * rng.uniform(*SHOULDER_SLANT))
        side = float(rng.normal(0, SIDE_SLANT))
    else:
        slant, side = float(np.clip(rng.normal(0, STRAIGHT_SLANT), -9, 9)), float(rng.normal(0, STRAIGHT_SLANT))
    if end == "over":  # lying on the back or the belly, more or less flat
        slant, side = 0.3 * slant, 0.3 * side
    worn = "belt, back" if rng.random() < 0.6 else "belt, front"
    return RollPlan(
        way=way,
        entry=entry,
        leaving=leaving,
        end=end,
        turning=float(rng.uniform(*TURNING[entry])),
        slant=slant,
        side=side,
        lean_in=float(rng.uniform(15, 50)),
        lean_out=float(rng.uniform(0, 10) if end == "over" else rng.uniform(15, 50)),
        over=float(rng.uniform(250, 290)) if end == "over" else 360.0,
        load=float(rng.uniform(*HARDEST_LOAD)),
        # The rolling back's arc is 0.3 to 0.4 m (a curled trunk); a belt buckle lies a trunk's depth inside it.
        radius=float(rng.uniform(0.30, 0.40) - (0.0 if worn == "belt, back" else 0.20)),
        worn=worn,
        blow=float(rng.uniform(*CLIP_BLOW_G)) if worn == "belt, back" else 0.0,
        leaves_backward=bool((way == "backward") == (rng.random() < 0.75)),
    )
