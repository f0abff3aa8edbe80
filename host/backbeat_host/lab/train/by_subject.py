"""How good the weights are on people they were not fitted on: each fold of people is judged by a fit on the others."""

import random
from collections.abc import Sequence
from dataclasses import dataclass

from backbeat_host.errors import InputError
from backbeat_host.lab.scores.intervals import Share, share
from backbeat_host.lab.train.fit import Case, fit


@dataclass(frozen=True)
class Judged:
    """A trial's case and the log odds (millionths) that weights fitted without its subject give it."""

    case: Case
    odds: int


@dataclass(frozen=True)
class Score:
    """At one threshold: falls that are told, those backward, and other trials in which nothing is."""

    sensitivity: Share
    backward: Share
    specificity: Share


def judge(cases: Sequence[Case], folds: int, seed: int) -> list[Judged]:
    """Give every case its odds by subject, in the cases' order.

    Raises:
        InputError: there are fewer people with falls, or with anything else weighed, than it takes.
    """
    fold = _deal(cases, folds, seed)
    judged: dict[int, Judged] = {}
    for number in range(folds):
        known = [case for case in cases if fold[case.subject] != number]
        check(known)
        weights = fit(known)
        for index, case in enumerate(cases):
            if fold[case.subject] == number:
                judged[index] = Judged(case, weights.odds(case))
    return [judged[index] for index in range(len(cases))]


def check(cases: Sequence[Case]) -> None:
    """See that there is something to tell apart.

    Raises:
        InputError: no fall was weighed, or nothing else was.
    """
    weighed = [case for case in cases if len(case.figures)]
    for fall, what in ((True, "fall"), (False, "trial without a fall")):
        if not any(case.fall == fall for case in weighed):
            raise InputError(
                f"too little to learn from: no {what} has a weighed impact, in all or outside one fold; add people."
            )


def score(judged: Sequence[Judged], threshold: int) -> Score:
    """Count what is told above `threshold` (millionths of log odds)."""
    return Score(
        share(one.odds > threshold for one in judged if one.case.fall),
        share(one.odds > threshold for one in judged if one.case.backward),
        share(one.odds <= threshold for one in judged if not one.case.fall),
    )


def _deal(cases: Sequence[Case], folds: int, seed: int) -> dict[str, int]:
    """Give each subject a fold: first those who fall, then the others go round, in an order that `seed` shuffles."""
    falling = {case.subject for case in cases if case.fall}
    if len(falling) < folds:
        who = "1 person falls" if len(falling) == 1 else f"{len(falling)} people fall"
        raise InputError(
            f"{who} in these corpora, and --folds {folds} needs {folds}; give fewer folds or corpora of more people."
        )
    chance = random.Random(seed)
    order: list[str] = []
    for group in (falling, {case.subject for case in cases} - falling):
        people = sorted(group)
        chance.shuffle(people)
        order += people
    return {subject: number % folds for number, subject in enumerate(order)}
