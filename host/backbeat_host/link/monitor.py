"""A run watched from the laptop: it asks, the board answers with a frame, and nothing on the board changes.

What is sent is a CR, never a ctrl-C: code that runs ignores it or answers, a prompt shows itself once more.
"""

import struct
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from backbeat import alarm, events, names
from backbeat import monitor as device
from backbeat_host.link.line import Line
from backbeat_host.runs.events import Event, Teller, named

ASK_S = 0.5
_ASK = b"\r"
_PROMPT = b">>> "
_LOOK_S = 0.05
_SILENT_S = 2.5  # a board in a session answers within 0.7 s, or the beats leave no room for a while
_EVENT_BYTES = struct.calcsize(device.EVENT_FORMAT)
_ALARMS = {alarm.IDLE: "", alarm.COUNTDOWN: "countdown", alarm.SIREN: "siren"}
_MOST_WAITING = 4096


@dataclass(frozen=True)
class Frame:
    """How a session stands: cadences in spm, `t` in seconds, `lag_ms` of the last step behind its beat."""

    session: int
    t: float
    cadence: float
    target: float
    beats: int
    gait: str
    travel: str
    heading: int
    confidence: int
    lag_ms: int
    state: str
    """running, paused, idle, ended"""
    alarm: str
    """countdown, siren, or nothing"""
    sensing: bool
    percent: int | None
    millivolts: int | None
    events: list[Event] = field(default_factory=list)
    missed: int = 0
    """Events since the last frame that found no room in this one; the log has them."""

    def as_json(self) -> dict[str, Any]:
        """The frame for a program."""
        return dict(vars(self))


@dataclass(frozen=True)
class Silence:
    """Nothing has come for a while; `prompt`: the board stands at its prompt, no code runs."""

    prompt: bool = False


class Watch:
    """Asks over a line and takes apart what comes."""

    def __init__(self, line: Line, now: Callable[[], float] = time.monotonic) -> None:
        self._line = line
        self._now = now
        self._waiting = bytearray()
        self._told = 0
        self._session = 0
        self._prompt = False

    def frames(self) -> Iterator[Frame | Silence]:
        """Give what comes, for ever: a frame about twice a second, else from time to time that there is none.

        Raises:
            GoneError: the board went away.
        """
        ask_at = heard_at = self._now()
        while True:
            now = self._now()
            if now >= ask_at and not self._prompt:
                self._line.write(_ASK)
                ask_at = now + ASK_S
            came = self._line.quiet(_LOOK_S)
            self._prompt = self._prompt and not came  # something else goes on there by now, perhaps
            self._waiting += came
            for frame in self._taken():
                heard_at = self._now()
                yield frame
            if self._now() - heard_at >= _SILENT_S:
                heard_at = self._now()
                yield Silence(self._prompt)

    def _taken(self) -> Iterator[Frame]:
        """Take the whole frames out of what waits; what is none is skipped."""
        while (at := self._waiting.find(device.MAGIC)) >= 0:
            if at + device.SIZE > len(self._waiting):
                break
            frame = self._frame(bytes(self._waiting[at : at + device.SIZE]))
            del self._waiting[: at + (device.SIZE if frame else 1)]
            if frame:
                yield frame
        if _PROMPT in self._waiting:
            self._prompt = True
            self._waiting.clear()
        del self._waiting[: max(len(self._waiting) - _MOST_WAITING, 0)]

    def _frame(self, raw: bytes) -> Frame | None:
        (
            _,
            session,
            ms,
            cadence,
            target,
            beats,
            gait,
            travel,
            heading,
            confidence,
            lag,
            flags,
            percent,
            mv,
            told,
            held,
        ) = struct.unpack_from(device.FRAME_FORMAT, raw)
        state = flags >> device.ALARM
        good = raw.endswith(device.ENDING) and held <= min(device.EVENTS, told) and state in _ALARMS and target
        if not good or not events.NO_GAIT <= gait <= events.RUN or not -180 <= heading <= 180:
            return None
        if session != self._session:
            self._session, self._told = session, told - held
        missed = max((told - self._told & 0xFFFF) - held, 0)
        self._told = told
        powered = percent != device.NO_BATTERY
        return Frame(
            session=session,
            t=ms / 1000,
            cadence=cadence / 10,
            target=target / 10,
            beats=beats,
            gait=names.GAITS[gait] if gait >= 0 else "",
            travel=names.TRAVELS[travel] if travel < len(names.TRAVELS) else "",
            heading=heading,
            confidence=confidence,
            lag_ms=lag,
            state=_state(flags),
            alarm=_ALARMS[state],
            sensing=bool(flags & device.SENSING),
            percent=percent if powered else None,
            millivolts=mv if powered else None,
            events=[_event(session, raw, number) for number in range(held)],
            missed=missed,
        )


def _state(flags: int) -> str:
    if not flags & device.OPEN:
        return "ended"
    if flags & device.PAUSED:
        return "paused"
    return "idle" if flags & device.IDLE else "running"


def _event(session: int, raw: bytes, number: int) -> Event:
    ms, code, a, b, c = struct.unpack_from(device.EVENT_FORMAT, raw, device.EVENTS_AT + number * _EVENT_BYTES)
    try:
        return Teller(str(session)).tell(ms, code, a, b, c)
    except (ValueError, IndexError, KeyError):  # of a newer firmware
        return {"trial": str(session), "t": ms / 1000, "event": named(names.EVENTS, code)}
