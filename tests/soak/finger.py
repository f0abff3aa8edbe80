"""The finger on the button: starts, pauses, marks, ends, asks for service, answers alarms; and what must come of it."""

import random
from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .world import World

_HOLD_S = 1.25  # 0.7 s are asked for, but a press is seen up to 0.2 s late, and looked at as rarely: flash is written
_WAITING, _RUNNING, _SITTING = 0.4, 0.06, 0.003  # how likely it does something at one of its thoughts, every 7 s
_SURE_S = 0.5  # after the hold's 0.7 s: scans, looks and writes in between


class Finger:
    """Presses at random, but as a wearer does."""

    def __init__(self, world: "World", dice: random.Random) -> None:
        self.pressed_ns = -1
        """When the last press began."""
        self._world = world
        self._dice = dice
        self._free_ns = 0

    def begin(self) -> None:
        """Let it press from now on."""
        self._world.later(self._dice.uniform(2, 20), self._act)

    def hurt(self) -> bool:
        """Whether the button itself is at fault, or was a moment ago."""
        return any(fault.group == "button" for fault in (*self._world.in_force, *self._world.recent(15)))

    def press(self, seconds: float) -> bool:
        """Press now for so long; False where it cannot be done just now."""
        world = self._world
        if self.hurt() or world.ns < self._free_ns or not world.powered:
            return False
        self.pressed_ns = world.ns
        self._free_ns = world.ns + round((seconds + 0.6) * 1e9)
        world.counts["presses"] += 1
        world.board.press(world.ns, round(seconds * 1e9))
        return True

    def _act(self) -> None:
        dice, world, watch = self._dice, self._world, self._world.watch
        world.later(dice.uniform(2, 12), self._act)
        likely = _WAITING if watch.session is None or watch.paused else _RUNNING
        if dice.random() > (_SITTING if world.day.sits and not watch.idle and watch.session is not None else likely):
            return
        if watch.session is None:
            self._begin_session()
        elif watch.alarm_ns < 0:
            what = dice.choices(("short", "double", "long"), (6, 4, 1))[0]
            if watch.paused:
                what = "short" if dice.random() < 0.9 else "long"
            if what == "short":
                self._toggle()
            elif what == "double":
                self._mark()
            elif what == "long":
                self._end()

    def _begin_session(self) -> None:
        world, watch, before = self._world, self._world.watch, self._world.watch.sessions
        if self.press(0.2) and world.ns - max(watch.started_ns, watch.broken.ended_ns) > 10e9:
            watch.expect("a press begins a session", 13, lambda: watch.sessions > before)

    def _undisturbed(self) -> bool:
        """Whether a press means just what it says."""
        watch = self._world.watch
        return watch.session is not None and not (watch.idle or watch.alarm_ns >= 0 or watch.doubtful())

    def _toggle(self) -> None:
        watch, paused = self._world.watch, self._world.watch.paused
        if self._undisturbed() and watch.session.ms > 3000 and self.press(0.15):
            self._expect("a press pauses or resumes", 1.5, lambda: watch.paused != paused)

    def _mark(self) -> None:
        watch, marks = self._world.watch, self._world.watch.marks
        if self._undisturbed() and watch.session.ms > 3000 and self.press(0.12):
            self._world.later(0.25, self._again)
            self._expect("a double press marks", 1.5, lambda: watch.marks > marks)

    def _again(self) -> None:
        if self._world.powered:
            self._world.board.press(self._world.ns, 120_000_000)

    def _end(self) -> None:
        watch = self._world.watch
        if self._undisturbed() and watch.session.ms > 3000 and self.press(1.8):
            watch.end_asked_ns = self._world.ns
            self._expect("a long press ends the session", 3, lambda: watch.session is None)

    def _expect(self, what: str, seconds: float, came: Callable[[], bool]) -> None:
        """See what comes of a press, unless something has come in between."""
        watch = self._world.watch
        session = watch.session
        watch.expect(
            what, seconds, lambda: came() or watch.session is not session or self.hurt() or not self._undisturbed()
        )

    def service(self) -> None:
        """A session has begun: now and then ask for service at once."""
        if self._dice.random() < 0.04:
            self._world.later(self._dice.uniform(0.3, 2.2), lambda: self.press(0.2))

    def alarmed(self) -> None:
        """An alarm has begun: cancel it in time, or only when the siren has sounded for a while."""
        alarm = self._world.watch.alarm_ns
        after = self._dice.choice((self._dice.uniform(1, 4), self._dice.uniform(40, 110)))
        self._world.later(after, lambda: self._cancel(alarm))

    def _cancel(self, alarm: int) -> None:
        watch, world = self._world.watch, self._world
        if watch.alarm_ns != alarm:
            return
        if not self.press(_HOLD_S):
            world.later(2, lambda: self._cancel(alarm))
            return

        def cancelled() -> bool:
            return watch.alarm_ns != alarm or watch.held_up(2) or self.hurt()

        watch.expect("a hold cancels the alarm", 0.7 + _SURE_S, cancelled)
        world.later(3, lambda: self._cancel(alarm))
