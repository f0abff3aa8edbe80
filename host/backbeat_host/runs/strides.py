"""How the steps of a run hit, forward against backward, and how well they kept time with the beats.

From a run's events or from its log, for the summary. A step is in time within an eighth of a beat's period: who does
not listen at all is so in a quarter of the steps.
"""

import itertools
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from backbeat import events as codes
from backbeat import names
from backbeat.timing import PARTS
from backbeat_host.runs.decode import Log
from backbeat_host.runs.events import named

IN_TIME: Final = 1 / PARTS  # of a beat's period, to either side


@dataclass(frozen=True)
class Loads:
    """The steps of one travel: how many, and their largest accelerations in mg."""

    steps: int
    mean_mg: float
    top_mg: int


@dataclass(frozen=True)
class Strides:
    """The steps of a run."""

    loads: Mapping[str, Loads] = field(default_factory=dict)
    """By travel, the one with the most steps first."""
    timed: int = 0
    """Steps that came while there were beats."""
    in_time: int = 0


def strides_of_events(events: Sequence[Mapping[str, Any]]) -> Strides:
    """Sum up the `step` events among the events of one run, in order of t; beats must be there for steps in time."""
    parts: dict[str, list[tuple[int, int, int]]] = defaultdict(list)
    beats = [event["due"] for event in events if event["event"] == "beat"]
    periods = [after - before for before, after in itertools.pairwise(beats)]
    period_ms = 1000 * sorted(periods)[len(periods) // 2] if periods else None
    travel, timed, in_time = "unknown", 0, 0
    for event in events:
        if event["event"] == "travel":
            travel = event["travel"]
        elif event["event"] == "step":
            if "load_mg" in event:
                parts[travel].append((1, event["load_mg"], event["load_mg"]))
            if "lag_ms" in event and period_ms:
                timed += 1
                in_time += abs(event["lag_ms"]) <= IN_TIME * period_ms
    return Strides(_loads(parts), timed, in_time)


def strides_of_log(log: Log) -> Strides:
    """Sum up the records of 5 s: the travel of each is that at its end."""
    parts: dict[str, list[tuple[int, int, int]]] = defaultdict(list)
    summaries = {summary.ms: summary for summary in log.summaries}
    for steps in log.steps:
        summary = summaries.get(steps.ms)
        if summary is not None:
            travel = "unknown" if summary.travel == codes.NO_TRAVEL else named(names.TRAVELS, summary.travel)
            parts[travel].append((summary.steps, steps.load_mg, steps.top_mg))
    timed = sum(sum(steps.counts) for steps in log.steps)
    return Strides(_loads(parts), timed, sum(steps.counts[0] + steps.counts[-1] for steps in log.steps))


def _loads(parts: Mapping[str, Iterable[tuple[int, int, int]]]) -> dict[str, Loads]:
    loads = {}
    for travel, told in parts.items():
        counts, means, tops = zip(*told, strict=True)
        steps = sum(counts)
        if steps:
            mean = sum(count * load for count, load in zip(counts, means, strict=True)) / steps
            loads[travel] = Loads(steps, mean, max(tops))
    return dict(sorted(loads.items(), key=lambda item: -item[1].steps))
