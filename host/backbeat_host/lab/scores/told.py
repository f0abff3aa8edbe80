"""What a detector told about one trial, compact: from its events, for scoring and for the way between processes."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from backbeat_host.lab.scores.labels import Labels

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Alarm:
    """One fall told: at `t`, of an impact `at`; whether the trunk was upright at `t` (None: nobody looked)."""

    t: float
    at: float
    direction: str | None = None
    upright: bool | None = None


@dataclass(frozen=True, eq=False)
class Told:
    """What one detector told about one trial, in order of time; None is what it is not able to tell at all.

    Attributes:
        falls: The alarms.
        suspects: (t, at) of each impact looked at.
        rolls: When each was told; `stumbles` likewise.
        travel: (t, travel): from t on that is its answer.
        steps: The instants of the steps.
        feet: Of each step, "left", "right", or "" where it was not told; empty of who never tells.
        cadence: (t, spm): its own figure of the 5 s before t.
    """

    falls: tuple[Alarm, ...] | None = None
    suspects: tuple[tuple[float, float], ...] | None = None
    rolls: tuple[float, ...] | None = None
    stumbles: tuple[float, ...] | None = None
    travel: tuple[tuple[float, str], ...] | None = None
    steps: Floats | None = None
    cadence: tuple[tuple[float, float], ...] = ()
    feet: tuple[str, ...] = ()


@dataclass(frozen=True, eq=False)
class Case:
    """A trial to score: what is known and what was told.

    `corpus` names where it comes from (step marks of one corpus share one offset); `speeds` (n, 2) are m/s forward and
    to the left at each row, NaN where unknown; None where nobody measured.
    """

    corpus: str
    labels: Labels
    told: Told
    speeds: Floats | None = None


def told_by(
    events: Iterable[Mapping[str, Any]],
    upright: Callable[[float], bool] | None = None,
    cadence: Iterable[tuple[float, float]] = (),
) -> Told:
    """Sum up a trial's events; `upright` says how the trunk was at an alarm's time, where that matters."""
    listed = sorted(events, key=lambda event: float(event["t"]))

    def those(name: str) -> list[Mapping[str, Any]]:
        return [event for event in listed if event["event"] == name]

    steps = those("step")
    return Told(
        tuple(
            Alarm(event["t"], event["at"], event["direction"], upright(event["t"]) if upright else None)
            for event in those("fall")
        ),
        tuple((event["t"], event["at"]) for event in those("suspect")),
        tuple(event["t"] for event in those("roll")),
        tuple(event["t"] for event in those("stumble")),
        tuple((event["t"], event["travel"]) for event in those("travel")),
        np.array([event["t"] for event in steps], dtype=np.float64),
        tuple(cadence),
        tuple(event.get("foot", "") for event in steps),
    )
