"""Rolls, stumbles, and which kind of trial was told as what: by the trial.

Of what was told in one trial the gravest counts: a fall before a roll, a roll before a stumble.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from backbeat_host.lab.scores.intervals import Hourly, Share, hours, share
from backbeat_host.lab.scores.labels import KINDS
from backbeat_host.lab.scores.told import Case

OUTCOMES: Final = ("fall", "roll", "stumble", "nothing")


@dataclass(frozen=True)
class RollScores:
    """Trials of a roll by what they were told as; falls told as a roll; rolls told where nobody rolled or fell."""

    as_roll: Share
    as_fall: Share
    missed: Share
    falls_as_roll: Share
    elsewhere: Hourly


@dataclass(frozen=True)
class StumbleScores:
    """Stumble trials in which one was told; stumbles told in other trials without a fall, by the hour."""

    told: Share
    elsewhere: Hourly


def outcome(case: Case) -> str:
    """Give the gravest that was told in a trial, one of OUTCOMES."""
    told = case.told
    for name, happened in (("fall", told.falls), ("roll", told.rolls), ("stumble", told.stumbles)):
        if happened:
            return name
    return "nothing"


def score_rolls(cases: Sequence[Case]) -> RollScores:
    """Count; every case's detector tells rolls."""
    rolled = [outcome(case) for case in cases if case.labels.kind == "roll"]
    other = [case for case in cases if not case.labels.fell and not case.labels.turned]
    return RollScores(
        share(told == "roll" for told in rolled),
        share(told == "fall" for told in rolled),
        share(told in ("stumble", "nothing") for told in rolled),
        share(outcome(case) == "roll" for case in cases if case.labels.fell),
        Hourly(sum(len(case.told.rolls or ()) for case in other), hours(case.labels for case in other)),
    )


def score_stumbles(cases: Sequence[Case]) -> StumbleScores:
    """Count; every case's detector tells stumbles."""
    stumbled = [case for case in cases if case.labels.stumbled]
    other = [case for case in cases if not case.labels.fell and not case.labels.stumbled]
    return StumbleScores(
        share(bool(case.told.stumbles) for case in stumbled),
        Hourly(sum(len(case.told.stumbles or ()) for case in other), hours(case.labels for case in other)),
    )


def confusion(cases: Sequence[Case]) -> dict[str, dict[str, int]]:
    """Count trials by kind (those there are) and outcome (all)."""
    table: dict[str, dict[str, int]] = {}
    for kind in KINDS:
        told = [outcome(case) for case in cases if case.labels.kind == kind]
        if told:
            table[kind] = {name: told.count(name) for name in OUTCOMES}
    return table
