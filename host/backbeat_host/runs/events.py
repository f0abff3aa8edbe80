"""From the device's numbers to the events a person or a program reads: `{"t": seconds, "event": name, ...}`.

The same translation serves a running simulation and a log that came home, so both tell the same.
"""

from collections.abc import Callable, Sequence
from typing import Any

from backbeat import events as codes
from backbeat import names

Event = dict[str, Any]

OF_THE_BOARD = frozenset((codes.SPACE, codes.THIN, codes.CHIP, codes.PARTS, codes.HEAP))
"""What a log holds about the board itself: no news of the run, and the core alone has none."""


def named(names: Sequence[str], number: int) -> str:
    """Give the name of a code, or its number as text when a newer firmware wrote it."""
    return names[number] if 0 <= number < len(names) else str(number)


class Teller:
    """Turns (ms, code, a, b, c) into an event.

    Args:
        trial: the id every event carries.
        zero_s: where t = 0 lies, in seconds after the session began.
    """

    def __init__(self, trial: str, zero_s: float = 0.0) -> None:
        self.trial = trial
        self.zero_s = zero_s

    def seconds(self, ms: int) -> float:
        """Give an instant of the session as t."""
        return round(ms / 1000 - self.zero_s, 3)

    def tell(self, ms: int, code: int, a: int = 0, b: int = 0, c: int = 0) -> Event:
        """Give one event. Steps and beats carry their own instant as t, all others that of the decision."""
        event: Event = {"trial": self.trial, "t": self.seconds(ms), "event": named(names.EVENTS, code)}
        fields = _FIELDS.get(code)
        if fields:
            event.update(fields(self, a, b, c))
        return event


def _bumped(teller: Teller, at: int, direction: int, peak: int) -> Event:
    return {"at": teller.seconds(at), "direction": named(names.DIRECTIONS, direction), "peak_mg": peak}


def _lag(ms: int) -> Event:
    return {} if ms == codes.NO_LAG else {"lag_ms": ms}


def _foot(code: int) -> Event:
    return {"foot": named(names.TRAVELS, code)} if code else {}


_FIELDS: dict[int, Callable[[Teller, int, int, int], Event]] = {
    codes.SESSION_START: lambda _, a, b, c: {"session": a},
    codes.SESSION_END: lambda _, a, b, c: {"reason": named(names.REASONS, a)},
    codes.SEGMENT: lambda _, a, b, c: {"segment": a},
    codes.CUE: lambda _, a, b, c: {"cue": named(names.CUES, a)},
    codes.GAIT: lambda _, a, b, c: {"gait": named(names.GAITS, a)},
    codes.TRAVEL: lambda _, a, b, c: {"travel": named(names.TRAVELS, a), "heading": b, "confidence": c},
    codes.SUSPECT: lambda teller, a, b, c: {"at": teller.seconds(a), "peak_mg": b},
    codes.FALL: _bumped,
    codes.STUMBLE: _bumped,
    codes.ROLL: lambda teller, a, b, c: {"at": teller.seconds(a), "rotation": b, "duration": round(c / 1000, 3)},
    codes.ROLL_SCORE: lambda _, a, b, c: {"peak_mg": a, "straightness": b, "upright": round(c / 1000, 3)},
    codes.MOUNT_FORWARD: lambda _, a, b, c: {"axes": [a, b, c]},
    codes.MOUNT_UP: lambda _, a, b, c: {"axes": [a, b, c]},
    codes.ALARM: lambda _, a, b, c: {"countdown": a / 1000},
    codes.ALARM_CANCELLED: lambda _, a, b, c: {"by": named(names.CANCELLERS, a)},
    codes.LOW_BATTERY: lambda _, a, b, c: {"percent": a},
    codes.GAP: lambda _, a, b, c: {"ms": a},
    codes.FAULT: lambda _, a, b, c: {"fault": named(names.FAULTS, a)},
    codes.SPACE: lambda _, a, b, c: {"minutes": a, "kb": b},
    codes.THIN: lambda _, a, b, c: {"without": named(names.THINNED, a)},
    codes.CHIP: lambda _, a, b, c: {"who_am_i": a},
    codes.PARTS: lambda _, a, b, c: {"failed": [part for bit, part in enumerate(names.PARTS) if a >> bit & 1]},
    codes.HEAP: lambda _, a, b, c: {"used": a, "free": b},
    codes.STEP: lambda teller, a, b, c: {"t": teller.seconds(a), "load_mg": b >> 2} | _foot(b & 3) | _lag(c),
    codes.BEAT: lambda teller, a, b, c: {"n": a, "due": teller.seconds(b), "accent": bool(c)},
}
