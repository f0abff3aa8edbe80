"""The impacts that the device judges, with what it weighs, and what it tells gaits by: read out of its own code.

The only place on the laptop that knows how `backbeat.sense.falls` and `gait` decide inside.
"""

from collections.abc import Callable
from dataclasses import replace
from typing import Any, Final

from backbeat.sense import blocks, figures, gait, weights
from backbeat.sense import falls as device
from backbeat.sense.body import Body
from backbeat.sense.shake import mg
from backbeat_host.lab.recordings.sensed import Sensed
from backbeat_host.runs.drawing.inspection.subject import Candidate, Figure

_VERDICTS: Final = {device.FELL: "fall", device.RECOVERED: "stumble"}
_PLACES: Final = {
    place: name.lower()
    for name, place in vars(figures).items()
    if name.isupper() and not name.startswith("_") and isinstance(place, int) and place < figures.COUNT
}
_LOG_ODDS: Final = 1_000_000  # a sum is in millionths
_OCTAVE: Final = 5 * 64  # of the bounce's rate


def bounce(body: Body) -> float:
    """Give by how many octaves the body's bounce is above the line between walking and running; NaN while it rests.

    The line is that of usual steps; slow ones need more to be called running.
    """
    travel = body.travel
    if not travel.felt:
        return float("nan")
    above: int = body.gait._bounce(travel) - gait._RUN
    return above / _OCTAVE


class Watch:
    """Puts itself in the way of a body's verdicts on impacts and notes each, with the figures it was made of."""

    def __init__(self, body: Body) -> None:
        self._falls: Any = body.falls
        self._candidates: list[Candidate] = []
        self._weighings: list[tuple[float, list[Figure]]] = []  # of the verdict that is being made: one or none
        self._decide: Callable[[int], int] = self._falls._decide
        self._follow_roll: Callable[[], int] = self._falls._follow_roll
        self._weigh: Callable[[], int] = self._falls.weigh
        vars(self._falls).update(_decide=self._impact, _follow_roll=self._roll, weigh=self._weighed)

    def candidates(self, given: Sensed) -> list[Candidate]:
        """Give what was noted of these rows, in s of the recording."""
        return [
            replace(noted, at=given.time(noted.at), decided=given.time(noted.decided)) for noted in self._candidates
        ]

    def _impact(self, number: int) -> int:
        falls = self._falls
        at, top, down = falls._impacts.at(number), falls._impacts.top(number), falls._down
        self._weighings.clear()
        verdict = self._decide(number)
        if not down:  # who lies on the ground already is not judged
            self._note(at, top, verdict)
        return verdict

    def _roll(self) -> int:
        self._weighings.clear()
        verdict = self._follow_roll()
        if self._weighings:
            self._note(self._falls._rolls.top_at, self._falls._rolls.top, verdict)
        return verdict

    def _weighed(self) -> int:
        falls = self._falls
        weight = self._weigh()
        figures = [
            Figure(_PLACES[place], value, weights.WEIGHTS[place] * value / _LOG_ODDS)
            for place, value in enumerate(falls.figures)
        ]
        figures.append(Figure("bias, threshold", None, (weights.BIAS - falls._threshold) / _LOG_ODDS))
        self._weighings.append(((weight - falls._threshold) / _LOG_ODDS, figures))
        return weight

    def _note(self, at: int, top: int, verdict: int) -> None:
        now = self._falls.trunk.past.count * blocks.SAMPLES
        margin, figures = self._weighings[0] if self._weighings else (None, [])
        name = _VERDICTS.get(verdict, "nothing")
        self._candidates.append(Candidate(at, now, mg(top) / 1000, figures, margin, name))
