"""One run in figures: counts, falls, shares of time, cadence and how true the beat was.

From a run's events and its length; for the terminal, the table of many runs and reports.
"""

import itertools
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from backbeat_host.runs.strides import Strides, strides_of_events

COUNTED: Final = (
    "fall", "roll", "stumble", "suspect", "alarm", "alarm_cancelled", "siren", "mark", "gap", "sensor_lost", "fault",
)  # fmt: skip
LONGEST_STEP_S: Final = 2.0  # a longer pause between two foot strikes is standing still, not a slow step


@dataclass(frozen=True)
class Fall:
    """A fall as the device told it."""

    at: float  # s; the impact
    direction: str
    peak_mg: float | None


@dataclass(frozen=True)
class Summary:
    """A run in figures."""

    trial: str
    seconds: float
    counts: Mapping[str, int]  # of every name in COUNTED
    falls: Sequence[Fall]
    travel: Mapping[str, float]  # share of the time, "unknown" included; they sum to 1
    gait: Mapping[str, float]  # likewise
    steps: int
    cadence_spm: float | None  # over the time spent stepping
    beats: int
    worst_beat_ms: float | None  # of the beat furthest from its due time, early or late
    strides: Strides


def summarise(
    trial: str,
    events: Sequence[Mapping[str, Any]],
    seconds: float,
    begin_s: float = 0.0,
    strides: Strides | None = None,
) -> Summary:
    """Sum up the `seconds` of a run that begin at t = `begin_s`, from its events in order of t.

    Steps and beats count when they are there; `strides` comes from a log, whose events are without them.
    """
    named = Counter(event["event"] for event in events)
    falls = [
        Fall(event.get("at", event["t"]), event.get("direction", "unknown"), event.get("peak_mg"))
        for event in events
        if event["event"] == "fall"
    ]
    late = [1000 * abs(event["t"] - event["due"]) for event in events if event["event"] == "beat" and "due" in event]
    return Summary(
        trial=trial,
        seconds=seconds,
        counts={name: named[name] for name in COUNTED},
        falls=falls,
        travel=_shares(events, "travel", seconds, begin_s),
        gait=_shares(events, "gait", seconds, begin_s),
        steps=named["step"],
        cadence_spm=_cadence([event["t"] for event in events if event["event"] == "step"]),
        beats=named["beat"],
        worst_beat_ms=max(late, default=None),
        strides=strides or strides_of_events(events),
    )


def _shares(events: Iterable[Mapping[str, Any]], name: str, seconds: float, begin_s: float) -> dict[str, float]:
    """Share the time out among the states that change events tell, the largest first; unknown before the first."""
    spent: dict[str, float] = defaultdict(float)
    state, since = "unknown", 0.0
    for event in events:
        if event["event"] == name:
            now = min(max(event["t"] - begin_s, 0.0), seconds)
            spent[state] += now - since
            state, since = event.get(name, "unknown"), now
    spent[state] += seconds - since
    ordered = sorted(spent.items(), key=lambda item: -item[1])
    return {state: time / seconds for state, time in ordered if time > 0} if seconds > 0 else {}


def _cadence(steps: Sequence[float]) -> float | None:
    """Give the mean steps a minute while stepping, in spm; None where no two steps follow each other."""
    gaps = [after - before for before, after in itertools.pairwise(steps)]
    stepping = [gap for gap in gaps if 0 < gap <= LONGEST_STEP_S]
    return 60 * len(stepping) / sum(stepping) if stepping else None
