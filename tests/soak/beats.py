"""Every beat that is due: heard on time, or silent for a reason."""

from collections import deque
from typing import TYPE_CHECKING, Any

from backbeat import cues, events
from backbeat_host.lab.board import SOUNDER

if TYPE_CHECKING:
    from .faults import Fault
    from .watch import Watch
    from .world import World

_MS = 1_000_000
_CYCLE = 600_000
GOOD_MS, WORST_MS = 2, 10  # the design's goals: 99 % of beats, and every beat
_NEAR_MS = 12  # a beat this close to a cue's ends may be silent with it
_SHARE = 0.99
_FOR_EVER = 1 << 62


class Beats:
    """`heard`, `good` (within 2 ms), `worst` (ms late, without a stall that was declared), `stalled` (late by one),
    `left_out` in one, `silenced` by cues."""

    def __init__(self, world: "World", watch: "Watch") -> None:
        self._world = world
        self._watch = watch
        self.heard = self.good = self.stalled = self.left_out = self.silenced = 0
        self.worst = 0.0
        self.start_ns = 0
        self._cadence = 0
        self._on = False
        self._anchor_ms = 0
        self._next = 0
        self._silent: deque[tuple[int, int]] = deque(maxlen=40)
        self._session: Any = None
        self._spent: dict[int, float] = {}

    def begins(self, session: Any, start_ns: int) -> None:
        """A session begins at this instant, the beginning of its first tick."""
        self._session = session
        self.start_ns = start_ns
        self._cadence = session.cadence
        self._silent.clear()
        self._on = False

    def hear(self, code: int, a: int) -> None:
        """Follow what makes beats come and go."""
        ns = self._world.ns
        if code == events.CUE:
            self._end_silence(ns)
            length = sum(cues._PATTERNS[a][::3])
            self._silent.append((ns, _FOR_EVER if a in cues._GOES_ON else ns + length * _MS))
        elif code in (events.ALARM_CANCELLED, events.SESSION_END):
            self._end_silence(ns)
        if code in (events.SESSION_START, events.RESUME, events.AWAKE):
            self._on = not (self._session.paused or self._session.idle)
            self._anchor_ms = self._session.ms
            self._next = 0
        elif code in (events.PAUSE, events.IDLE, events.SESSION_END):
            self.look(ns)
            self._on = False

    def beat(self, number: int, due_ms: int) -> None:
        """A beat is told, and begins to sound."""
        world = self._world
        if not self._on:
            world.fail(f"beat {number} sounds where none should")
            return
        if due_ms != self._due_ms(number):
            world.fail(f"beat {number} was due at {self._due_ms(number)} ms, not at {due_ms}")
        for missing in range(self._next, number):
            self._missing(missing)
        self._next = number + 1
        edge = next(((ns, hz) for ns, part, hz in reversed(world.board.trace) if part == SOUNDER), (0, 0))
        if edge[1] not in (cues.BEAT_HZ, cues.ACCENT_HZ) or world.ns - edge[0] > _MS:
            world.fail(f"beat {number} is told and not heard")
        due_ns = self.start_ns + due_ms * _MS
        late = (edge[0] - due_ns) / _MS
        self.heard += 1
        if -0.01 <= late <= GOOD_MS:
            self.good += 1
        if late < -0.01:
            world.fail(f"beat {number} is {-late:.2f} ms early")
        elif late > WORST_MS:
            if self._excused(due_ns, world.ns, late):
                self.stalled += 1
            else:
                world.fail(f"beat {number} is {late:.1f} ms late")
        else:
            self.worst = max(self.worst, late)

    def look(self, ns: int) -> None:
        """See that no beat is missing up to now."""
        while self._on and self.start_ns + (self._due_ms(self._next) + _NEAR_MS) * _MS < ns:
            self._missing(self._next)
            self._next += 1

    def ends(self) -> None:
        """All is over: see how many were on time."""
        if self.heard and self.good < _SHARE * (self.heard - self.stalled):
            self._world.fail(f"only {100 * self.good / self.heard:.2f} % of the beats are within {GOOD_MS} ms")

    def _due_ms(self, number: int) -> int:
        return self._anchor_ms + (2 * _CYCLE * number + self._cadence) // (2 * self._cadence)

    def _end_silence(self, ns: int) -> None:
        if self._silent and self._silent[-1][1] > ns:
            self._silent[-1] = (self._silent[-1][0], ns)

    def _missing(self, number: int) -> None:
        due = self.start_ns + self._due_ms(number) * _MS
        near = _NEAR_MS * _MS
        if any(begin - near <= due <= end + near for begin, end in self._silent):
            self.silenced += 1
        elif self._excused(due, due, _CYCLE / self._cadence):
            self.left_out += 1
        else:
            self._world.fail(f"beat {number}, due {(self._world.ns - due) / _MS:.0f} ms ago, is missing")

    def _excused(self, begin_ns: int, end_ns: int, late_ms: float) -> bool:
        """Whether a fault that was declared to hold up the code explains it, and has not done so for too long."""
        stalls = [fault for fault in self._world.covering(begin_ns, end_ns) if fault.stall_ms]
        if not stalls:
            return False
        fault: Fault = max(stalls, key=lambda each: each.stall_ms)
        spent = self._spent.get(id(fault), 0.0) + late_ms
        self._spent = {id(fault): spent}
        if spent > fault.budget_ms + 2 * _CYCLE / self._cadence:
            self._world.fail(f"{fault.name} held up beats for {spent:.0f} ms, {fault.budget_ms:.0f} at the most")
        return True
