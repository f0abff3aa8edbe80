"""Events as spans of time: what the device took the travel and gait to be, alarms, and what really happened.

From change events and truth to (from, to, name, colour), ready to be a ribbon.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from backbeat_host.runs.drawing import look

_ELSEWHERE: Final = ("travel", "gait", "step", "glance")  # the truth of these has its own place, or too many marks


@dataclass(frozen=True)
class Span:
    """A stretch of a ribbon."""

    start: float
    end: float
    name: str
    colour: str


def states(events: Sequence[Mapping[str, Any]], name: str, colours: Mapping[str, str], end: float) -> list[Span]:
    """Give the stretches between changes of `name` (travel or gait), the last until `end`."""
    changes = [(event["t"], str(event.get(name))) for event in events if event["event"] == name]
    ends = [at for at, _ in changes][1:] + [end] * bool(changes)
    return [
        Span(at, until, state, colours.get(state, look.RULE))
        for (at, state), until in zip(changes, ends, strict=True)
        if until > at
    ]


def alarms(events: Sequence[Mapping[str, Any]], end: float) -> list[Span]:
    """Give each countdown and each siren, until it was cancelled or the session ended."""
    spans, name, since = [], "", 0.0
    for event in (*events, {"event": "session_end", "t": end}):
        kind = event["event"]
        if kind in ("alarm", "siren", "alarm_cancelled", "session_end"):
            if name:
                spans.append(Span(since, event["t"], name, look.SIREN if name == "siren" else look.ALARM))
            name, since = (kind if kind in ("alarm", "siren") else ""), event["t"]
    return spans


def true_states(truth: Sequence[Mapping[str, Any]], name: str, colours: Mapping[str, str]) -> list[Span]:
    """Give the true stretches of `name` (travel or gait), where they are told apart from all else."""
    return [
        Span(float(fact["from"]), float(fact["to"]), str(fact[name]), colours.get(str(fact[name]), look.RULE))
        for fact in truth
        if fact["kind"] == name and fact.get(name) is not None
    ]


def truths(truth: Sequence[Mapping[str, Any]]) -> list[Span]:
    """Give what else really happened, in the colours the device's own ribbons have; an instant is a span of nothing."""
    spans = []
    for fact in truth:
        if fact["kind"] not in _ELSEWHERE:
            start = float(fact["from"] if "from" in fact else fact["at"])
            spans.append(Span(start, float(fact.get("to", start)), _truth_name(fact), _truth_colour(fact)))
    return sorted(spans, key=lambda span: (span.start, -span.end))


def _truth_name(span: Mapping[str, Any]) -> str:
    kind = str(span["kind"]).replace("_", " ")
    extra = [str(span[key]) for key in ("travel", "direction") if span.get(key)]
    return " ".join([kind, *(word for word in extra if word not in kind)])


def _truth_colour(span: Mapping[str, Any]) -> str:
    name = _truth_name(span)
    lie = {"lying": look.LYING, "lie": look.LYING}
    for word, colour in (*look.HAPPENING.items(), *lie.items(), *look.TRAVEL.items()):
        if word in name.split():
            return colour
    return look.GAIT.get(name.split()[0], look.RULE)
