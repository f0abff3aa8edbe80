"""What must be true, looked at whenever something is told, every minute, and at every start and stop."""

from collections import Counter
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Any

from backbeat import events, names, nvm
from backbeat.ticks import diff
from backbeat_host.lab.circuitpython.hardware import ResetReason, SafeModeReason

from .beats import Beats
from .broken import BrokenStarts
from .drive import Drive, Heard
from .heap import device_bytes
from .outputs import Outputs
from .sensor import Sensor

if TYPE_CHECKING:
    from .faults import Fault
    from .world import World

MS = 1_000_000
_BEGINS_S = 12.0  # from the processor's start to the session's, with ten old logs removed
_UP_NS = 5_000_000_000  # by then the code has seen why it was started
_DOUBT_S = 8.0  # around a suspected fall a press may mean something else
_CRASH_BYTES = 4000
_NOTED_S = 2.0  # from the word that a session ends until the board's memory has it: the end's cue, a slow flash


class Watch:
    """Follows one board; tells the world what is not as it must be."""

    def __init__(self, world: "World") -> None:
        self._world = world
        self.beats = Beats(world, self)
        self.outputs = Outputs(world)
        self.drive = Drive(world)
        self.session: Any = None
        self.sessions = 0
        self.told: Counter[str] = Counter()
        self.number = 0
        self.heard: Heard | None = None
        self.sensor = Sensor(world, self)
        self.paused = self.idle = self.bare = False
        self.marks = self.bugs = 0
        self.alarm_ns = -1
        self.siren = False
        self.started_ns = -1
        """When the code started that runs now."""
        self.began_ns = -1
        self.end_asked_ns = -1
        self.safe_in_a_row = 0
        self.memory_damaged = False
        self._by_itself: bool | None = False
        self._by_hand = True
        self._in_safe = False
        self._continued: int | None = 0
        self._running = 0
        self.broken = BrokenStarts(world)
        self._errors = 0  # in a row
        self._suspect_ns = -1
        self._told: dict[str, int] = {}
        self._flat = 0
        self._heap = 0

    # ---- for others ----

    @property
    def awake(self) -> bool:
        """Whether a session runs that looks at its sensor."""
        return self.session is not None and not (self.idle or self.bare)

    def where(self) -> str:
        """For people: in which session, when, and what the runner does."""
        doing = self._world.day.doing
        if self.session is None:
            return f"no session (start {self._world.starts}, {doing})"
        return f"session {self.number} at {self.session.ms / 1000:.3f} s ({doing})"

    def held_up(self, seconds: float) -> bool:
        """Whether something may have held the code up lately."""
        ns = self._world.ns
        return any(fault.stall_ms for fault in self._world.covering(ns - round(seconds * 1e9), ns))

    def doubtful(self) -> bool:
        """Whether a fall may yet be told."""
        return self._suspect_ns >= 0 and self._world.ns - self._suspect_ns < _DOUBT_S * 1e9

    def asked(self) -> bool:
        """Whether the code itself wants another start."""
        memory = self._world.board.nvm
        return nvm.asked(memory, nvm.SERVICE) or nvm.asked(memory, nvm.AT_ONCE)

    def expect(self, what: str, seconds: float, holds: Callable[[], bool]) -> None:
        """See, in so many seconds, whether something has come; a start in between makes it void."""
        world, start = self._world, self._world.starts

        def look() -> None:
            if world.starts == start and world.powered and not self.held_up(seconds) and not holds():
                world.fail(f"{what}: not within {seconds:.1f} s")

        world.later(seconds, look)

    # ---- starts and stops ----

    def powers(self, reason: ResetReason, safe: SafeModeReason | None) -> None:
        """The processor is about to start."""
        world = self._world
        self.started_ns = world.ns
        self.bare = self._by_hand = False
        self._errors = 0
        self._in_safe = safe is not None
        self._continued = 0
        if safe is not None:
            return
        memory = world.board.nvm
        flash = any(fault.group == "flash" for fault in world.in_force) or world.cause == "reload"
        values = self.drive.powers(flash)
        if reason is ResetReason.POWER_ON and world.cause != "reload":
            self._running = 0
            self.broken.is_now(0)
        self._by_hand = reason is ResetReason.POWER_ON
        goes_on = self.broken.go_on()
        self._continued = None if self._running and goes_on is None else self._running if goes_on else 0
        if flash or self.memory_damaged or values is None or not self.broken.noted():
            self._by_itself = self._continued = None
        elif nvm.asked(memory, nvm.SERVICE):
            self._by_itself = False
        elif nvm.asked(memory, nvm.AT_ONCE):
            self._by_itself = True
            self._continued = 0  # by a press in service mode, as after a start that could not see the drive
        elif values["start"] == "power":
            self._by_itself = True
        else:
            self._by_itself = self._continued if self._continued is None else self._continued > 0
        if self._by_itself:
            started = self.started_ns
            self.expect("a session begins by itself", _BEGINS_S, lambda: self.began_ns >= started)

    def stops(self) -> None:
        """The processor has stopped."""
        world = self._world
        self.outputs.stops()
        self.broken.stops()
        up = world.ns - self.started_ns > _UP_NS
        if self._by_hand and up:
            self.safe_in_a_row = 0
        if not self._in_safe:
            self.drive.read(up)
        if self.session is not None:
            self.beats.look(world.ns)
            self._close("cut")
        kept = nvm.last_session(world.board.nvm)
        if kept > self.number and not self.memory_damaged:  # it stopped between the number and the first word
            self.number = self._running = kept
            self.broken.begins()
            self.drive.numbers.add(kept)
        self.drive.stops()

    def ends(self) -> None:
        """All is over."""
        self.drive.stops()
        self.beats.ends()

    def strikes(self, fault: "Fault") -> None:
        """A fault is about to begin."""
        self.sensor.strikes(fault)
        if fault.name == "a hang":
            self.drive.halts()
        if fault.group == "flash":
            self.drive.strikes()
            if self.heard is not None:
                self.heard.flash = True
        if fault.stall_ms >= 7000 and self.awake and self.sensor.works and self.session.ms > 2000:
            session, gaps = self.session, self._told.get("gap", 0)
            self._world.later(fault.seconds + 9, lambda: self.session is session and self._gap_told(fault, gaps))

    def _gap_told(self, fault: "Fault", gaps: int) -> None:
        world = self._world
        others = [other for other in world.covering(fault.begun_ns - 3 * 10**9, world.ns) if other is not fault]
        if world.held_ns >= fault.begun_ns and not others and self.awake and self._told.get("gap", 0) == gaps:
            world.fail("samples were lost, and no gap was told")

    def heals(self, fault: "Fault") -> None:
        """A fault has ended."""
        world = self._world
        self.sensor.heals(fault)
        if fault.name == "battery empty" and self.session is not None and world.board.kind.battery:
            others = {other.group for other in world.covering(fault.begun_ns, world.ns)} - {"chip", "battery"}
            undisturbed = world.ns - self.beats.start_ns > 150e9 and not others
            if undisturbed and self.alarm_ns < 0 and not self.doubtful():
                world.fail("the battery is empty, and the session goes on")

    # ---- a session ----

    def begins(self, session: Any, ticks: int) -> None:
        """A session is about to begin."""
        world = self._world
        clock = world.clock
        self.session = session
        self.sessions += 1
        number = session.log.session
        first = self.began_ns < self.started_ns
        pressed = world.finger.pressed_ns >= self.started_ns - 10**9 or world.finger.hurt()
        if self._by_itself is False and first and not pressed:
            world.fail("a session begins though nobody has pressed")
        tick_ns = clock.ns - clock.monotonic_ns() % MS
        self.beats.begins(session, tick_ns - diff(clock.ticks_ms(), ticks) * MS)
        self.paused = self.idle = False
        self.marks = 0
        self.alarm_ns = self._suspect_ns = -1
        self.siren = False
        self._told = {}
        self._flat = 0
        self.began_ns = world.ns
        flash = any(fault.group == "flash" for fault in (*world.in_force, *world.recent(5)))
        self.heard = self.drive.begins(number, self._continued, flash, self.memory_damaged)
        self.broken.begins()
        if self.memory_damaged:
            self.broken.is_now(world.board.nvm[nvm.BEGUN])
        self.number = self._running = number
        self._continued = 0
        self.memory_damaged = False
        self.sensor.begins()
        world.finger.service()

    def hear(self, ms: int, code: int, a: int, b: int, c: int) -> None:
        """Something is told."""
        if code == events.BEAT:
            self.beats.beat(a, b)
            return
        if code == events.STEP or self.heard is None:
            return
        self.told[names.EVENTS[code]] += 1
        self.heard.told.append((ms, code, a, b, c))
        self.heard.when.append(self._world.ns)
        self.beats.hear(code, a)
        hearer = _HEARERS.get(code)
        if hearer is not None:
            hearer(self, a)

    def _close(self, how: str) -> None:
        assert self.heard is not None
        self.heard.how = how
        self.heard.until_ns = self._world.ns
        self.heard.lost = self.session.log.lost
        if self.session.ms >= 61_500:
            self.broken.is_now(0)
            self.safe_in_a_row = 0
        self.drive.closes(self.heard)
        self.heard = None
        self.session = None
        self.alarm_ns = -1

    def _on_end(self, reason: int) -> None:
        world = self._world
        session_ms = self.session.ms
        self._close("ended")
        good = {
            events.BY_BUTTON: world.ns - self.end_asked_ns < 17e9 or world.finger.hurt(),  # a stall of 9 s in between
            events.BY_CONSOLE: world.covered("ctrl-C"),
            events.BY_BATTERY: world.covered("battery empty"),
            events.BY_FAULT: self.bugs > 0,
            events.BY_SERVICE: session_ms < 2600 and (world.ns - world.finger.pressed_ns < 3e9 or world.finger.hurt()),
        }[reason]
        if not good:
            world.fail(f"the session ended for no reason, {reason}")
        if reason == events.BY_FAULT:
            self.bugs = 0
            gives_up = self.bare and session_ms < 60_000  # without the sensor, too: a press tries again
            self._continued = 0 if gives_up else self.number
            more = 1 if session_ms >= 10_000 else 2
            self._errors = 0 if gives_up else 1 if session_ms >= 60_000 else self._errors + more
            self.bare = self._errors > 1
            if gives_up:
                self._running = 0
                self.broken.ends()
            then = world.ns
            self.expect("a session goes on after an exception", 12, lambda: self.began_ns >= then or self._given_up())
        else:
            self._running = 0
            self.broken.ends()
            self.bare = False
            self._errors = 0
            world.later(_NOTED_S, partial(self._noted, world.starts))

    def _noted(self, start: int) -> None:
        """The board has had the time to note an end; it counts its starts out of safe mode anew."""
        if self._world.starts == start and self._world.powered:
            self.safe_in_a_row = 0

    def _given_up(self) -> bool:
        return not self._world.powered or self._world.covered("exceptions in a row")

    def _on_pause(self, _: int) -> None:
        self.paused = True

    def _on_resume(self, _: int) -> None:
        self.paused = False

    def _on_idle(self, _: int) -> None:
        self.idle = True

    def _on_awake(self, _: int) -> None:
        self.idle = False
        self.sensor.awakes()

    def _on_mark(self, _: int) -> None:
        self.marks += 1

    def _on_gap(self, _: int) -> None:
        self._told["gap"] = self._told.get("gap", 0) + 1

    def _on_suspect(self, _: int) -> None:
        self._suspect_ns = self._world.ns

    def _on_low(self, _: int) -> None:
        self._told["low"] = self._told.get("low", 0) + 1
        if self._told["low"] > 1:
            self._world.fail("a low battery is told twice")

    def _on_alarm(self, countdown: int) -> None:
        self.alarm_ns = then = self._world.ns
        self.siren = False
        self._suspect_ns = then
        self.expect(
            "a siren after a countdown that nobody cancelled",
            countdown / 1000 + 0.1,
            lambda: self.alarm_ns != then or self.siren,
        )
        self._world.finger.alarmed()

    def _on_siren(self, _: int) -> None:
        then = self.alarm_ns
        self.siren = True
        self.expect("the siren sounds", 0.6, lambda: self.alarm_ns != then or self.outputs.sounds())

    def _on_cancelled(self, by: int) -> None:
        pressed = self._world.ns - self._world.finger.pressed_ns < 3e9 or self._world.finger.hurt()
        if by == events.BY_PRESS and not pressed:
            self._world.fail("an alarm was cancelled by a press that nobody made")
        self.alarm_ns = -1
        self._suspect_ns = self._world.ns

    def _on_lost(self, _: int) -> None:
        self.sensor.lost()

    def _on_back(self, _: int) -> None:
        self.sensor.back()

    # ---- every minute ----

    def minute(self) -> None:
        """Look at everything."""
        world = self._world
        self.outputs.look()
        if world.board.drive.free() < 0:
            world.fail("the drive holds more than fits")
        crash = world.folder / "crash.txt"
        if crash.exists() and crash.stat().st_size > _CRASH_BYTES:
            world.fail("crash.txt grows")
        if self.session is None:
            return
        self.beats.look(world.ns)
        if self.heard is not None:
            self.drive.minute(self.heard)
        if self.session.log.lost and not (self.heard and self.heard.flash) and not self.held_up(600):
            world.fail("blocks of the log are lost")
        size = device_bytes()
        if size and self.sensor.works and self.awake:  # a chip that is away leaves a part of the bus out
            self._heap = max(self._heap, size)
            if self._flat and size != self._flat:
                world.fail(f"the device's memory grows: {self._flat} bytes, now {size}")
            if self.session.ms > 90_000:
                self._flat = size

    @property
    def heap(self) -> int:
        """The most that the device's objects held at a minute."""
        return self._heap


_HEARERS: dict[int, Callable[[Watch, int], None]] = {
    events.SESSION_END: Watch._on_end,
    events.PAUSE: Watch._on_pause,
    events.RESUME: Watch._on_resume,
    events.IDLE: Watch._on_idle,
    events.AWAKE: Watch._on_awake,
    events.MARK: Watch._on_mark,
    events.GAP: Watch._on_gap,
    events.SUSPECT: Watch._on_suspect,
    events.LOW_BATTERY: Watch._on_low,
    events.ALARM: Watch._on_alarm,
    events.SIREN: Watch._on_siren,
    events.ALARM_CANCELLED: Watch._on_cancelled,
    events.SENSOR_LOST: Watch._on_lost,
    events.SENSOR_BACK: Watch._on_back,
}
