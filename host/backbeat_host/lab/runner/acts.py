"""What a synthetic runner can be told to do: one small immutable act after another makes a script.

Angles in degrees, speeds in m/s, cadence in steps per minute, all as the runner means them.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

Direction = Literal["forward", "backward", "left", "right"]
Side = Literal["left", "right"]

HEADINGS = {"forward": 0.0, "left": 90.0, "backward": 180.0, "right": -90.0}  # of travel against the body, degrees


@dataclass(frozen=True)
class Stand:
    """Stand quietly; from a gait, slow down first."""

    seconds: float


@dataclass(frozen=True)
class Walk:
    """Walk in a direction of the body."""

    direction: Direction
    seconds: float
    speed: float = 1.3
    cadence: float = 112.0


@dataclass(frozen=True)
class Run:
    """Run in a direction of the body."""

    direction: Direction
    seconds: float
    cadence: float = 168.0
    speed: float = 2.4


@dataclass(frozen=True)
class Glance:
    """Look back over a shoulder and ahead again, going on as before; `angle` is how far the trunk turns."""

    side: Side
    seconds: float = 2.0
    angle: float = 60.0


@dataclass(frozen=True)
class Stumble:
    """Catch a heel or toe, lurch, dip, recover in quick steps and go on as before."""

    seconds: float = 3.0


@dataclass(frozen=True)
class BackwardRoll:
    """Stop, crouch, sit back, roll over the back and shoulder, rise to standing."""

    seconds: float = 7.0
    turning: float = 1.7  # seconds of the whole turn


@dataclass(frozen=True)
class Fall:
    """Lose balance and go down, whatever one is doing; ends lying."""

    direction: Direction
    seconds: float = 3.0


@dataclass(frozen=True)
class Lie:
    """Lie still, breathing."""

    seconds: float


@dataclass(frozen=True)
class GetUp:
    """Rise from lying to standing."""

    seconds: float = 4.0


Act = Stand | Walk | Run | Glance | Stumble | BackwardRoll | Fall | Lie | GetUp
Script = Sequence[Act]


SHORTEST = {Stumble: 2.5, BackwardRoll: 6.0, Fall: 2.5, GetUp: 2.5}  # s in which such an act can be finished


def checked(script: Script) -> Script:
    """Give the script back if a body can do it: one lies after a fall, and gets up before anything else.

    Raises:
        ValueError: it cannot be done; the message names the act.
    """
    lying = False
    for number, act in enumerate(script, 1):
        if act.seconds < SHORTEST.get(type(act), 0.1):
            raise ValueError(f"act {number}, {act}: too short")
        if lying != isinstance(act, (Lie, GetUp)):
            raise ValueError(f"act {number}, {act}: {'get up first' if lying else 'fall first'}")
        lying = isinstance(act, (Fall, Lie))
    if not script:
        raise ValueError("an empty script")
    return script


def demo_script() -> list[Act]:
    """Ten minutes: every gait and direction, glances, a stumble, a roll between two runs, a fall at the end.

    The runner lies still long enough for the countdown to run out and the siren to sound.
    """
    return [
        Stand(10),
        Walk("forward", 45, speed=1.35, cadence=112),
        Walk("backward", 45, speed=1.0, cadence=106),
        Run("backward", 60, cadence=168),
        Glance("left"),
        Run("backward", 28, cadence=168),
        Glance("right"),
        Run("backward", 20, cadence=168),
        Run("forward", 70, cadence=166, speed=2.9),
        Run("backward", 50, cadence=168),
        Stumble(),
        Run("backward", 40, cadence=168),
        Stand(6),
        BackwardRoll(),
        Stand(6),
        Walk("backward", 25, speed=1.0, cadence=106),
        Run("backward", 60, cadence=170, speed=2.5),
        Glance("left"),
        Run("backward", 47, cadence=170, speed=2.5),
        Fall("backward"),
        Lie(69),
    ]
