"""A bench for the whole firmware: it runs on the virtual board, and all that was told and traced is at hand."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np

from backbeat import cues, events, names, settings
from backbeat_host.lab.board import HAPTIC, LIGHT, SOUNDER, VirtualBoard
from backbeat_host.lab.endings import Ending
from backbeat_host.lab.motion import Recorded
from backbeat_host.link import firmware
from backbeat_host.runs import decode

SECOND = 10**9
MS = 10**6
STILL = np.array([[0, 0, 2049, 0, 0, 0]], np.int16)


class Told:
    """One event: when it was told in the board's nanoseconds, and its five numbers, the first two by name."""

    def __init__(self, ns: int, ms: int, code: int, a: int, b: int, c: int) -> None:
        self.ns, self.ms, self.name, self.a, self.b, self.c = ns, ms, names.EVENTS[code], a, b, c
        self.numbers = (ms, code, a, b, c)

    def __repr__(self) -> str:
        return f"{self.name}@{self.ms / 1000:.3f}({self.a}, {self.b}, {self.c})"


class Rig:
    """A board on a bench. Rows play from the first session's start on; instants are seconds of that session's time."""

    def __init__(self, drive: Path, rows: Any = STILL, given: Any = None, **options: Any) -> None:
        """`given`: settings as a person writes them, or the text of `settings.json`, or None for no such file.

        A session starts with the power unless `given` says otherwise.
        """
        drive.mkdir(exist_ok=True)
        self.drive = drive
        if given is None or isinstance(given, dict):
            values = settings.defaults()
            assert settings.apply(values, {"start": "power", **(given or {})}) == []
            given = settings.dump(values)
        drive.joinpath("settings.json").write_bytes(given if isinstance(given, bytes) else given.encode())
        self.motion = Recorded(rows, 104)
        self.board = VirtualBoard(drive, self.motion, firmware=firmware.tree(), **options)
        self.told: list[Told] = []
        self.starts: list[int] = []
        self.zeros: list[int] = []
        self.on: dict[str, Callable[[], object]] = {}
        self.plans: list[tuple[float, Callable[[int], object]]] = []

    # ---- what the world does, by the clock of the first session ----

    def at(self, seconds: float, action: Callable[[], object]) -> None:
        """Do something, such as pulling the chip off."""
        self.plans.append((seconds, lambda ns: self.board.clock.schedule(ns, action)))

    def press(self, seconds: float, for_s: float) -> None:
        """Press the button."""
        self.plans.append((seconds, lambda ns: self.board.press(ns, round(for_s * SECOND))))

    def stop(self, seconds: float) -> None:
        """Ctrl-C at the console."""
        self.plans.append((seconds, self.board.interrupt_at))

    def cut(self, seconds: float) -> None:
        """The supply fails."""
        self.plans.append((seconds, self.board.power_cut_at))

    # ---- what comes of it ----

    def power_on(self) -> Ending:
        """Run until the code ends or the power does."""
        return self.board.power_on()

    def hear(self, ms: int, code: int, a: int, b: int, c: int) -> None:
        told = Told(self.board.clock.ns, ms, code, a, b, c)
        self.told.append(told)
        if code == events.SESSION_START:
            self.starts.append(told.ns)
            self.zeros.append(self.board.clock._ticks_zero_ns)
            if self.motion.begun is None:
                self.motion.begin(self.board.chip.conversion_after(told.ns))
                for seconds, plan in self.plans:
                    plan(told.ns + round(seconds * SECOND))
        if told.name in self.on:
            self.on[told.name]()

    def of(self, *names: str) -> list[Told]:
        """What was told by these names."""
        return [told for told in self.told if told.name in names]

    def only(self, name: str) -> Told:
        """What was told once."""
        (told,) = self.of(name)
        return told

    def cues(self) -> list[str]:
        """The cues that began, in order."""
        return [names.CUES[told.a] for told in self.of("cue")]

    def log(self, number: int = 1) -> decode.Log:
        """A session's log, decoded."""
        return decode.decode(self.drive / "logs" / f"{number:05d}.bbl")

    def edges(self, part: str = SOUNDER) -> list[tuple[int, int]]:
        """A part's edges: ns, value."""
        return [(ns, value) for ns, where, value in self.board.trace if where == part]

    def quiet_from(self) -> int:
        """Since when (ns) nothing sounds, buzzes or shines; fails if something still does."""
        last = 0
        for part in (SOUNDER, HAPTIC, LIGHT):
            edges = self.edges(part)
            if edges:
                assert edges[-1][1] == 0, f"{part} is stuck"
                last = max(last, edges[-1][0])
        return last

    def lateness(self, cadence: int) -> list[float]:
        """How late each beat told in the first session sounded: ms from its due time to the sounder's edge.

        The due times come from the formula, the edges from the trace. A beat that was not told must be one that a cue
        kept silent.
        """
        start = self.starts[0] // MS
        edges = {ns: hz for ns, hz in self.edges() if hz in (cues.BEAT_HZ, cues.ACCENT_HZ)}
        onsets = np.array(sorted(edges))
        end = self.session_end()
        beats = [told for told in self.of("beat") if told.ns < end]
        late = []
        for told in beats:
            due = (start + (2 * 600_000 * told.a + cadence) // (2 * cadence)) * MS
            onset = onsets[np.searchsorted(onsets, due)]
            late.append((onset - due) / MS)
        silent = sorted(set(range(beats[-1].a + 1)) - {told.a for told in beats})
        spans = list(self.cue_spans())
        for number in silent:
            due = (2 * 600_000 * number + cadence) / (2 * cadence)
            assert any(begin - 5 <= due <= end + 5 for begin, end in spans), f"beat {number} is missing"
        return late

    def session_end(self) -> int:
        """When (ns) the first session ended, or the board stopped."""
        ends = self.of("session_end")
        return ends[0].ns if ends else self.board.clock.ns

    def cue_spans(self) -> Iterator[tuple[float, float]]:
        """From when to when (ms) each cue of the first session kept beats silent."""
        start, end = self.starts[0], self.session_end()
        told = [told for told in self.of("cue", "alarm_cancelled", "session_end") if told.ns <= end]
        for this, after in zip(told, [*told[1:], None], strict=True):
            if this.name == "cue":
                begin = (this.ns - start) / MS
                limit = (after.ns - start) / MS if after else float("inf")
                length = sum(cues._PATTERNS[this.a][::3])
                yield begin, limit if this.a in cues._GOES_ON else min(limit, begin + length)
