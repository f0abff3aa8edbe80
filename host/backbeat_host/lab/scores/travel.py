"""The way: how many 5 s windows end with the right answer, and how soon a change is answered.

The answer of a window is the travel in force at its end, the last one told up to then.
"""

from bisect import bisect_right
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from backbeat_host.lab.scores.intervals import Share, Spread, share, spread
from backbeat_host.lab.scores.told import Case
from backbeat_host.lab.scores.windows import WINDOW_S, stretches, windows

NOTHING: Final = "nothing"


@dataclass(frozen=True)
class WindowGroup:
    """The windows of one gait, way and speed: how many were right, and what was answered how often."""

    gait: str
    travel: str
    band: str
    right: Share
    answers: dict[str, int]


@dataclass(frozen=True)
class Reaction:
    """How soon a way is told after it began, s; `within` counts those answered within 5 s of all there were."""

    seconds: Spread | None
    within: Share


@dataclass(frozen=True)
class TravelScores:
    """All that is counted about the way.

    `by_band` is of walking and running only; `starts` begin from stillness or with the recording, `changes` do not.
    """

    right: Share
    by_band: dict[str, Share]
    groups: tuple[WindowGroup, ...]
    starts: Reaction | None
    changes: Reaction | None


def in_force(told: Sequence[tuple[float, str]], t: float) -> str:
    """Give the travel told last up to `t`."""
    place = bisect_right([at for at, _ in told], t + 1e-9)
    return told[place - 1][1] if place else NOTHING


def answers(case: Case) -> list[tuple[str, str, str]]:
    """Give (truth, band, answer) of each window of a trial."""
    told = case.told.travel or ()
    return [(one.travel, one.band, in_force(told, one.end)) for one in windows(case.labels, case.speeds)]


def score_travel(cases: Sequence[Case]) -> TravelScores | None:
    """Count; None where no way is known."""
    groups: dict[tuple[str, str, str], list[str]] = {}
    bands: dict[str, list[bool]] = {}
    for case in cases:
        for truth, band, answer in answers(case):
            groups.setdefault((case.labels.gait, truth, band), []).append(answer)
            if case.labels.gait != "other":
                bands.setdefault(band, []).append(answer == truth)
    if not groups:
        return None
    listed = tuple(
        WindowGroup(gait, truth, band, share(answer == truth for answer in told), dict(Counter(told).most_common()))
        for (gait, truth, band), told in sorted(groups.items())
    )
    by_band = {band: share(bands[band]) for band in sorted(bands)}
    return TravelScores(
        sum((group.right for group in listed), Share(0, 0)),
        by_band,
        listed,
        _reaction(cases, changed=False),
        _reaction(cases, changed=True),
    )


def _reaction(cases: Sequence[Case], changed: bool) -> Reaction | None:
    took: list[float] = []
    count = 0
    for case in cases:
        told = case.told.travel or ()
        for one in stretches(case.labels, case.speeds):
            if one.changed != changed:
                continue
            count += 1
            if in_force(told, one.first) == one.travel:
                took.append(0.0)
                continue
            later = [t for t, way in told if one.first < t <= one.last and way == one.travel]
            if later:
                took.append(later[0] - one.first)
    if not count:
        return None
    return Reaction(spread(took), Share(sum(seconds <= WINDOW_S for seconds in took), count))
