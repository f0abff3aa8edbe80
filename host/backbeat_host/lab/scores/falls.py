"""Falls, trial by trial: found or missed, quiet or not, how soon.

A fall trial is found when a fall is told in it. False alarms are: a fall told in any other kind, a second one in a fall
trial, and in a roll or flip one that comes while its person is upright again.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from backbeat_host.lab.scores.intervals import Hourly, Share, Spread, hours, share, spread
from backbeat_host.lab.scores.told import Alarm, Case

SAME_FALL_S: Final = 2.0  # impacts so near each other are of one fall: hip, then hand, then head


@dataclass(frozen=True)
class Activity:
    """How the trials of one activity fared: `right` counts falls found, or trials without a false alarm."""

    activity: str
    fall: bool
    right: Share
    false_alarms: int


@dataclass(frozen=True)
class FallScores:
    """All that is counted about falls; None where there is nothing to count.

    Attributes:
        running: False alarms while running, in trials without a fall.
        suspected: Falls whose impact was told as suspect first.
        decided_s: From the impact to the alarm, of falls found; `suspected_s` to the suspicion, of all told.
    """

    sensitivity: Share
    specificity: Share
    false_alarms: Hourly
    running: Hourly | None
    by_direction: dict[str, Share]
    direction_right: Share | None
    by_activity: tuple[Activity, ...]
    decided_s: Spread | None
    suspected_s: Spread | None
    suspected: Share | None


def alarms(case: Case) -> tuple[Alarm, ...]:
    """Give the falls told in a trial."""
    return case.told.falls or ()


def false_alarms(case: Case) -> list[Alarm]:
    """Give those of a trial's alarms that are false."""
    told = list(alarms(case))
    if case.labels.fell:
        return told[1:]
    if case.labels.turned:
        return [alarm for alarm in told if alarm.upright is not False]
    return told


def right(case: Case) -> bool:
    """Tell whether a fall was found, or another trial stayed without a false alarm."""
    return bool(alarms(case)) if case.labels.fell else not false_alarms(case)


def score_falls(cases: Sequence[Case]) -> FallScores:
    """Count; every case's detector tells falls."""
    fell = [case for case in cases if case.labels.fell]
    others = [case for case in cases if not case.labels.fell]
    ran = [case for case in others if case.labels.gait == "running"]
    found = [(case, alarms(case)[0]) for case in fell if alarms(case)]
    directed = [(case, alarm) for case, alarm in found if case.labels.fall_direction and alarm.direction]
    looks = any(case.told.suspects is not None for case in cases)
    suspects = [(t, at) for case in cases for t, at in case.told.suspects or ()]
    return FallScores(
        share(map(right, fell)),
        share(map(right, others)),
        _hourly(cases),
        _hourly(ran) if ran else None,
        _by_direction(fell),
        share(_plain(case.labels.fall_direction) == alarm.direction for case, alarm in directed) if directed else None,
        _by_activity(cases),
        spread([alarm.t - alarm.at for _, alarm in found]),
        spread([t - at for t, at in suspects]),
        share(_was_suspected(case, alarm) for case, alarm in found) if looks and found else None,
    )


def _hourly(cases: Sequence[Case]) -> Hourly:
    return Hourly(sum(len(false_alarms(case)) for case in cases), hours(case.labels for case in cases))


def _plain(direction: str | None) -> str | None:
    """Give a direction as a device tells it."""
    return "sideways" if direction in ("left", "right") else direction


def _was_suspected(case: Case, alarm: Alarm) -> bool:
    """A suspicion told together with the alarm is none; the alarm may name another, harder impact of the same fall."""
    return any(t < alarm.t and abs(at - alarm.at) <= SAME_FALL_S for t, at in case.told.suspects or ())


def _by_direction(fell: Sequence[Case]) -> dict[str, Share]:
    names = sorted({case.labels.fall_direction or "not known" for case in fell})
    return {
        name: share(right(case) for case in fell if (case.labels.fall_direction or "not known") == name)
        for name in names
    }


def _by_activity(cases: Sequence[Case]) -> tuple[Activity, ...]:
    """Group by activity, falls first, in the order of the alphabet."""
    groups: dict[tuple[bool, str], list[Case]] = {}
    for case in cases:
        groups.setdefault((not case.labels.fell, case.labels.activity or case.labels.kind), []).append(case)
    return tuple(
        Activity(name, not other, share(map(right, group)), sum(len(false_alarms(case)) for case in group))
        for (other, name), group in sorted(groups.items(), key=lambda item: item[0])
    )
