"""The trials that fared worst, by name and with the reason: where whoever improves detection looks first."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from backbeat_host.lab.scores import falls, steps, travel, turns
from backbeat_host.lab.scores.told import Case

POOR_F1: Final = 0.95  # a trial's steps below it, 20 steps or more, are worth a look
POOR_TRAVEL: Final = 0.97  # likewise a trial's windows
_GRAVITY: Final = ("fall", "alarm", "roll", "travel", "steps")


@dataclass(frozen=True)
class Worst:
    """A trial, what went wrong with it (`about`: fall, alarm, roll, travel, steps), why, and how much."""

    trial: str
    about: str
    why: str
    cost: float


def worst(cases: Sequence[Case], offsets: Mapping[str, float]) -> tuple[Worst, ...]:
    """List what went wrong, gravest kind first, within a kind the costliest first."""
    found = [one for case in cases for one in _of(case, offsets)]
    return tuple(sorted(found, key=lambda one: (_GRAVITY.index(one.about), -one.cost, one.trial)))


def _of(case: Case, offsets: Mapping[str, float]) -> list[Worst]:
    labels, told = case.labels, case.told
    found: list[Worst] = []
    named = labels.activity and labels.activity not in labels.trial
    what = f"{labels.kind}, {labels.activity}" if named else labels.kind

    def note(about: str, why: str, cost: float) -> None:
        found.append(Worst(labels.trial, about, why, cost))

    if told.falls is not None:
        if labels.fell and not told.falls:
            note("fall", f"{labels.activity or 'a fall'}: no fall told{_instead(case)}", 1)
        for alarm in falls.false_alarms(case):
            again = "a second fall" if labels.fell else "a fall"
            way = f" {alarm.direction}" if alarm.direction else ""
            note("alarm", f"{what}: {again}{way} told at {alarm.at:.1f} s", 1)
    if told.rolls is not None and labels.kind == "roll" and turns.outcome(case) != "roll":
        note("roll", f"{what}: told as {turns.outcome(case)}", 1)
    if told.rolls and labels.fell:
        note("roll", f"{what}: a roll told at {told.rolls[0]:.1f} s", 1)
    if told.travel is not None:
        _travel(case, note)
    if told.steps is not None and labels.steps is not None and steps.fine(case):
        scores = steps.score_trial(case, offsets.get(case.corpus, 0.0))
        if scores.f1 is not None and scores.f1 < POOR_F1:
            missed, besides = scores.truth - scores.hits, scores.told - scores.hits
            note("steps", f"{missed} of {scores.truth} steps missed, {besides} too many", missed + besides)
    return found


def _travel(case: Case, note: Callable[[str, str, float], None]) -> None:
    answers = travel.answers(case)
    wrong = Counter((truth, answer) for truth, _, answer in answers if truth != answer)
    if answers and wrong.total() > (1 - POOR_TRAVEL) * len(answers):
        said = ", ".join(f"{count} {answer} for {truth}" for (truth, answer), count in wrong.most_common())
        note("travel", f"{wrong.total()} of {len(answers)} windows wrong ({said})", wrong.total())


def _instead(case: Case) -> str:
    told = turns.outcome(case)
    if told != "nothing":
        return f", but a {told}"
    return f", looked at {case.told.suspects[0][1]:.1f} s" if case.told.suspects else ""
