"""All scores of one detector on one set of trials, section by section; a section without truth is left out."""

from collections.abc import Sequence
from dataclasses import dataclass

from backbeat_host.lab.scores.falls import FallScores, score_falls
from backbeat_host.lab.scores.steps import StepScores, score_steps
from backbeat_host.lab.scores.told import Case
from backbeat_host.lab.scores.travel import TravelScores, score_travel
from backbeat_host.lab.scores.turns import RollScores, StumbleScores, confusion, score_rolls, score_stumbles
from backbeat_host.lab.scores.worst import Worst, worst


@dataclass(frozen=True)
class Scores:
    """None, or empty: nothing is known to hold it against, or the detector does not tell it."""

    falls: FallScores | None
    rolls: RollScores | None
    stumbles: StumbleScores | None
    confusion: dict[str, dict[str, int]]
    steps: dict[str, StepScores]
    step_offsets_s: dict[str, float]
    travel: TravelScores | None
    worst: tuple[Worst, ...]


def score(cases: Sequence[Case]) -> Scores:
    """Score what one detector told about trials; cases may come from several corpora."""
    tells_falls = any(case.told.falls is not None for case in cases)
    tells_turns = any(case.told.rolls is not None for case in cases)
    steps, offsets = score_steps(cases)
    return Scores(
        score_falls(cases) if tells_falls else None,
        score_rolls(cases) if tells_turns else None,
        score_stumbles(cases) if tells_turns else None,
        confusion(cases) if tells_falls else {},
        steps,
        offsets,
        score_travel(cases) if any(case.told.travel is not None for case in cases) else None,
        worst(cases, offsets),
    )
