"""The world around one board for days: a runner, a finger on the button, faults, a hand on the switch and the laptop.

All of it comes from a seed, so that whatever happened happens again.
"""

import json
import random
from collections import Counter, deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from backbeat import settings
from backbeat.session import Session
from backbeat_host.lab.board import VirtualBoard
from backbeat_host.lab.circuitpython.hardware import ResetReason, SafeModeReason
from backbeat_host.lab.clock import TICKS_PERIOD
from backbeat_host.lab.endings import Ending, Halt, PowerCut
from backbeat_host.link import firmware

from .day import Day
from .faults import CALM, GROUPS, Fault
from .finger import Finger
from .turns import turn_frame
from .watch import Watch

NS_PER_S = 10**9
CAPACITY = 256 << 10  # small: a few hours of logs fill it
_WATCHED_MS = 3500  # of a session, by which it has taken the watchdog over
_HALF_HOUR = 1800 * NS_PER_S
_SAFE_MODES = {"brown-out": SafeModeReason.BROWNOUT, "hard fault": SafeModeReason.HARD_FAULT}
_BROKEN_SETTINGS = (b"", b"{", b"\xff\xfe{}", b"[1]", b"{}" * 4000)


class World:
    """One board and all that happens to it; `failure` says what was not as it must be, and when."""

    def __init__(self, folder: Path, seed: int, board: str) -> None:
        self.seed = seed
        self.day = Day(self.dice("day"))
        self.board = VirtualBoard(folder, self.day, board=board, firmware=firmware.tree(), capacity=CAPACITY)
        self.clock = self.board.clock
        self.folder = folder
        self.failure = ""
        self.cause = self.planned = ""
        """Why the processor stops, or will when a cut-off write comes."""
        self.over = False
        self.held_ns = -1
        self.powered = self.was_on = False
        self.starts = 0
        self.counts: Counter[str] = Counter()
        self.in_force: list[Fault] = []
        self.lately: deque[Fault] = deque(maxlen=60)
        self.watch = Watch(self)
        self.finger = Finger(self, self.dice("finger"))
        self._hand = self.dice("hand")
        self._write_settings()

    def dice(self, part: str) -> random.Random:
        """Dice of its own for each part: one more throw in one changes no other."""
        return random.Random(f"{self.seed} {part}")

    # ---- time ----

    @property
    def ns(self) -> int:
        """Now."""
        return self.clock.ns

    def later(self, seconds: float, action: Callable[[], object]) -> None:
        """Do something then, unless all is over."""

        def act() -> None:
            if not self.over:
                action()

        self.clock.schedule(self.ns + round(seconds * NS_PER_S), act)

    def hold_up(self, ms: int) -> None:
        """The code gets nowhere for so long."""
        self.held_ns = self.ns
        self.clock.advance(ms * 1_000_000)

    def stop(self, halt: Halt, cause: str) -> None:
        """Stop the processor."""
        if self.powered and not self.clock.halted:
            self.cause = cause
            self.clock.halt(halt)

    def fail(self, what: str) -> None:
        """Something is not as it must be: note it, and stop the world."""
        if not self.failure:
            hours, rest = divmod(self.ns // 1_000_000, 3_600_000)
            when = f"{hours}:{rest // 60_000:02d}:{rest % 60_000 / 1000:06.3f}"
            faults = [f"{fault.name} since {(self.ns - fault.begun_ns) / NS_PER_S:.1f} s" for fault in self.in_force]
            past = [
                f"{fault.name} until {(self.ns - fault.ended_ns) / NS_PER_S:.1f} s ago" for fault in self.recent(60)
            ]
            self.failure = (
                f"soak: seed {self.seed}, {self.board.kind.name}, {when}, {self.watch.where()}: {what}\n"
                f"  in force: {', '.join(faults) or 'nothing'}; lately: {', '.join(past) or 'nothing'}\n"
                f"  again: python -m tests.soak.program --seed {self.seed} --board {self.board.hardware.board_id} "
                f"--hours {self.ns / 3600 / NS_PER_S + 0.01:.2f}"
            )
            self.over = True
        self.clock.halt(PowerCut())

    # ---- faults ----

    def recent(self, seconds: float) -> Iterator[Fault]:
        """The faults that ended so lately."""
        return (fault for fault in self.lately if fault.ended_ns >= self.ns - seconds * NS_PER_S)

    def covering(self, begin_ns: int, end_ns: int) -> list[Fault]:
        """The faults that were in force between two instants."""
        return [fault for fault in (*self.in_force, *self.lately) if fault.covers(begin_ns, end_ns)]

    def _stream(self, group: str) -> None:
        dice = self.dice(group)
        every, kinds = GROUPS[group]

        def wait() -> None:
            seldom = 1 if self._rough() else 4
            self.later(dice.expovariate(1 / (every * seldom)) + 3, strike)

        def strike() -> None:
            here = self.powered and (group in CALM or self._rough())
            fault = dice.choice(kinds)(self, dice) if here else None
            if fault is None:
                wait()
                return
            fault.group = group
            fault.begun_ns = self.ns
            self.counts[fault.name] += 1
            self.in_force.append(fault)
            self.later(fault.seconds, lambda: heal(fault))
            self.watch.strikes(fault)
            fault.begin()

        def heal(fault: Fault) -> None:
            fault.ended_ns = self.ns
            self.in_force.remove(fault)
            self.lately.append(fault)
            fault.end()
            self.watch.heals(fault)
            wait()

        wait()

    def _rough(self) -> bool:
        return self.ns // _HALF_HOUR % 2 == 0

    def in_turn(self, action: Callable[[], object], tries: int = 100) -> None:
        """Do something inside a turn of the main loop, the next there is."""
        if turn_frame() is not None:
            action()
        elif tries:
            self.later(0.05, lambda: self.in_turn(action, tries - 1))

    def bug(self) -> None:
        """An error that nobody foresaw, in a session."""
        if self.watch.session is None:
            return
        self.watch.bugs += 1
        raise ZeroDivisionError("a bug, by the soak")

    # ---- life ----

    def live(self, hours: float) -> None:
        """Let so many hours pass."""
        self.clock.schedule(round(hours * 3600 * NS_PER_S), self._end)
        for group in GROUPS:
            self._stream(group)
        self.finger.begin()
        self.later(60, self._minute)
        safe = None
        with self._heard():
            while not self.over:
                safe = self._after(self._start(safe), safe)
            if not self.failure:
                self.watch.ends()

    def _end(self) -> None:
        self.over = True
        self.clock.halt(PowerCut())

    def _minute(self) -> None:
        self.later(60, self._minute)
        self.watch.minute()

    @contextmanager
    def _heard(self) -> Iterator[None]:
        listener, start = Session.listener, Session.start
        watch = self.watch

        def begin(session: Session, ticks: int) -> None:
            watch.begins(session, ticks)
            start(session, ticks)

        Session.listener, Session.start = staticmethod(watch.hear), begin
        try:
            yield
        finally:
            Session.listener, Session.start = listener, start

    def _start(self, safe: SafeModeReason | None) -> Ending:
        self.clock._ticks_at_power_on = self._hand.randrange(TICKS_PERIOD - 300_000, TICKS_PERIOD)
        self.powered = True
        self.starts += 1
        self.watch.powers(self.board._next_reset, safe)
        try:
            return self.board.reload() if self.cause == "reload" else self.board.power_on(safe)
        finally:
            self.powered = False
            self.was_on = self.watch.session is not None and self.watch.session.ms > _WATCHED_MS
            self.watch.stops()

    def _after(self, ending: Ending, safe: SafeModeReason | None) -> SafeModeReason | None:
        """What the world does once the processor has stopped; gives the safe mode in which it starts again."""
        cause, self.cause = self.cause, ""
        if self.over:
            return None
        if safe is not None:
            if ending is Ending.RESET:
                return None
            if ending is Ending.FINISHED and self.watch.safe_in_a_row <= 8:
                self.fail(f"safemode.py gave up after {self.watch.safe_in_a_row} starts")
            self._off()  # who wears it switches it off and on
            return None
        if ending is Ending.POWER_CUT:
            cause, self.planned = cause or self.planned, ""
        if ending is Ending.POWER_CUT and cause:
            if cause in _SAFE_MODES:
                return self._wake(_SAFE_MODES[cause])
            self._off()
        elif ending is Ending.RESET:
            if cause in _SAFE_MODES:
                return self._wake(_SAFE_MODES[cause])
            if self.board._next_reset is ResetReason.WATCHDOG:
                # An nRF52840's watchdog outlives a crash: where nobody takes it over, waiting for a press, with a
                # laptop there or in a session's first seconds, it bites once.
                laptop = self.board.hardware.usb_connected or self.covered("laptop")
                stubborn = self.board.kind.processor.stubborn_watchdog
                outlived = stubborn and (laptop or self.covered("console open and unread") or not self.was_on)
                if not (self.covered("a hang") or self.watch.asked() or outlived):
                    self.fail("the watchdog has bitten")
                elif self._hand.random() < 0.5:
                    return self._wake(SafeModeReason.WATCHDOG)
        elif ending is Ending.EXCEPTION and self.covered("exceptions in a row"):
            self._off()
        elif ending is Ending.INTERRUPTED and cause == "ctrl-C":
            if self._hand.random() < 0.5:
                self.cause = "reload"
            else:
                self._off()
        else:
            self.fail(f"the code ended: {ending}; the console's last words: {self.board.console[-600:]}")
        return None

    def covered(self, name: str) -> bool:
        """Whether a fault of this name was in force within the last minute."""
        return any(fault.name == name for fault in (*self.in_force, *self.recent(60)))

    def _wake(self, reason: SafeModeReason) -> SafeModeReason:
        self.watch.safe_in_a_row += 1
        return reason

    def _off(self) -> None:
        """Switch off for a while; what is done to a board that is off happens now."""
        self.board._next_reset = ResetReason.POWER_ON
        self.board.hardware.watchdog_ns = None
        self.clock.resume()
        self.clock.advance(round(self._hand.uniform(0.5, 20) * NS_PER_S))
        throw = self._hand.random()
        if throw < 0.2:
            self._write_settings()
        elif throw < 0.35:
            self.counts["settings damaged"] += 1
            path = self.folder / "settings.json"
            path.unlink(missing_ok=True)
            self.board.drive.seen_anew()
            path.write_bytes(self._hand.choice(_BROKEN_SETTINGS)[: max(self.board.drive.free(), 0)])  # no more fits
            self.board.drive.seen_anew()
            self.watch.drive.damaged = True
        elif throw < 0.5:
            self.counts["nvm garbage"] += 1
            size = self._hand.choice((1, 4, 16))
            self.board.hardware.nvm[:size] = self._hand.randbytes(size)
            self.watch.memory_damaged = True

    def _write_settings(self) -> None:
        """The laptop writes settings, whole."""
        hand = self._hand
        given = {
            "cadence": hand.choice([60, 112, 168, 168.3, 190, 240]),
            "accent": hand.choice([0, 4]),
            "glance.every": hand.choice([0, 0, 20, 45]),
            "alarm.countdown": hand.choice([5, 12, 30]),
            "start": hand.choice(["press", "press", "power"]),
            "volume": hand.choice([30, 100]),
        }
        values = settings.defaults()
        complaints = settings.put(values, json.loads(json.dumps(given)))
        assert not complaints, complaints
        self.folder.joinpath("settings.json").write_text(settings.dump(values))
        self.watch.drive.given(values)
