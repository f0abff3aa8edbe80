"""What must hold after every fault: beats on time, nothing stuck, logs readable, losses told once, a next start."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from backbeat import cues, events, record, record_reader
from backbeat_host.lab.board import HAPTIC, LIGHT, SOUNDER
from backbeat_host.lab.endings import Ending

from .rig import MS, SECOND, Rig, Told

CADENCE = 1680  # tenths of a step a minute, the default
LATE_MS = 2.0
LATEST_MS = 10.0
NEWS_S = 1.5  # a sensor that is back so soon may be back before another cue has let its loss be heard
_PASS_MS = 15  # no pass of the main loop that begins something takes longer
_BEATS = (cues.BEAT_HZ, cues.ACCENT_HZ)
_LONGEST_MS = max(max(pattern[::3]) for pattern in cues._PATTERNS) + LATEST_MS
_UNLOGGED = ("step", "beat")
Stall = tuple[float, float]
"""From when to when (seconds of the first session) the processor stood still: no program can beat then."""


@dataclass
class Sitting:
    """One session as it was told: its log's number, and the instant its first tick began."""

    number: int
    zero: int
    told: list[Told] = field(default_factory=list)

    @property
    def ended(self) -> bool:
        """Whether its end was told."""
        return any(told.name == "session_end" for told in self.told)

    def tick(self, ns: int) -> int:
        """When (ns) the board's millisecond of an instant began."""
        return ns - (ns - self.zero) % MS

    def grid(self, start: Told, beats: list[Told], cadence: int) -> int:
        """When (ns) the first beat was due that `start` has begun: at once, by the ticks of the pass that told it."""
        told = self.tick(start.ns)
        if start is self.told[0] or not beats:
            return told
        begun = self.tick(self.told[0].ns) + beats[0].b * MS - due_after(beats[0].a, cadence)
        assert told - _PASS_MS * MS <= begun <= told
        return begun


def due_after(number: int, cadence: int) -> int:
    """How long (ns) after the first beat another is due."""
    return (1_200_000 * number + cadence) // (2 * cadence) * MS


def sittings(bench: Rig) -> list[Sitting]:
    """Every session of the bench."""
    found: list[Sitting] = []
    zeros = iter(bench.zeros)
    for told in bench.told:
        if told.name == "session_start":
            found.append(Sitting(told.a, next(zeros)))
        found[-1].told.append(told)
    return found


# ---- beats ----


def beats_on_time(bench: Rig, cadence: int = CADENCE, stalls: Sequence[Stall] = (), silent: bool = False) -> int:
    """Hold every beat of every session against the formula; give how many sounded.

    A beat that did not sound must lie in a cue or in a stall. `silent`: the board has no sounder, beats are told only.
    """
    away = [(bench.starts[0] + round(a * SECOND), bench.starts[0] + round(b * SECOND)) for a, b in stalls]
    onsets = {ns for ns, hz in bench.edges() if hz in _BEATS}
    late = []
    for sitting in sittings(bench):
        spans = [*_cue_spans(sitting), *away]
        for begin, end, beats in _stretches(sitting, cadence):
            numbers = [beat.a for beat in beats]
            assert numbers == sorted(set(numbers)), "a beat came twice"
            sounded = {beat.a: beat.ns for beat in beats}
            number = 0
            while (due := begin + due_after(number, cadence)) < end - LATEST_MS * MS:
                if number not in sounded:
                    at = (due - bench.starts[0]) / SECOND
                    assert _within(due, spans), f"beat {number}, due at {at:.3f} s of the first session, is missing"
                elif not _within(due, away):
                    late.append((sounded[number] - due) / MS)
                    assert silent or sounded[number] in onsets, f"beat {number} was told and not heard"
                number += 1
    assert late, "no beat at all"
    assert min(late) >= 0
    assert max(late) <= LATEST_MS, f"a beat {max(late):.1f} ms late"
    assert sum(ms > LATE_MS for ms in late) <= len(late) // 100, sorted(late)[-5:]
    return len(late)


def _stretches(sitting: Sitting, cadence: int) -> Iterator[tuple[int, int, list[Told]]]:
    """Each stretch of one grid: its first beat's instant, its end, its beats."""
    start: Told | None = None
    beats: list[Told] = []
    paused = False
    for told in sitting.told:
        if told.name == "beat":
            beats.append(told)
        if told.name in ("pause", "idle", "session_end") and start:
            yield sitting.grid(start, beats, cadence), told.ns, beats
            start, beats = None, []
        paused = told.name == "pause" or (paused and told.name != "resume")
        if told.name == "session_start" or (told.name in ("resume", "awake") and not paused):
            start, beats = told, []
    if start:  # broken off
        yield sitting.grid(start, beats, cadence), sitting.told[-1].ns, beats


def _cue_spans(sitting: Sitting) -> Iterator[tuple[int, int]]:
    """From when to when each cue kept beats silent."""
    told = [told for told in sitting.told if told.name in ("cue", "alarm_cancelled", "session_end")]
    last = sitting.told[-1].ns
    for this, after in zip(told, [*told[1:], None], strict=True):
        if this.name == "cue":
            end = after.ns if after else last + SECOND
            length = sum(cues._PATTERNS[this.a][::3]) * MS
            yield this.ns, end if this.a in cues._GOES_ON else min(end, this.ns + length)


def _within(ns: int, spans: Sequence[tuple[int, int]]) -> bool:
    return any(begin - 5 * MS <= ns <= end + 5 * MS for begin, end in spans)


# ---- silence ----


def nothing_is_stuck(bench: Rig, stalls: Sequence[Stall] = ()) -> None:
    """Nothing sounds, buzzes or shines at the end, and nothing did for longer than the longest piece of a cue."""
    bench.quiet_from()
    longest = (_LONGEST_MS + 1000 * max((b - a for a, b in stalls), default=0)) * MS
    for part in (SOUNDER, HAPTIC, LIGHT):
        edges = bench.edges(part)
        for (ns, value), (after, _) in pairwise(edges):
            assert not value or after - ns <= longest, f"{part} was on for {(after - ns) / MS:.0f} ms"


# ---- logs ----


def logs_are_readable(bench: Rig, cut: bool = False) -> None:
    """Every log holds what was told, whole or, `cut` off or without room, from the beginning to the open block."""
    by_number = {sitting.number: sitting for sitting in sittings(bench)}
    for path in sorted(bench.drive.glob("logs/*.bbl")):
        data = path.read_bytes()
        sitting = by_number.get(int(path.stem))
        if sitting is None:
            continue  # of another bench on the same drive
        told = [one.numbers for one in sitting.told if one.name not in _UNLOGGED]
        failed = any(one.name == "fault" and one.a == events.LOG_FAULT for one in sitting.told)
        for found in record_reader.read(data):
            if isinstance(found, record_reader.Damage):
                assert cut or failed, f"{path.name} is damaged"
                assert found.offset + found.length == len(data)
                assert found.length < record.BLOCK
                assert not found.blocks
        if len(data) < record.BLOCK:
            assert cut or failed, f"{path.name} is empty"
            continue
        log = bench.log(sitting.number)
        assert log.session == sitting.number
        assert log.told == told[: len(log.told)]
        if sitting.ended and not cut and not failed:
            assert log.missing() == []
            assert log.told == told


# ---- the sensor ----


def losses_told_once(bench: Rig, losses: int) -> None:
    """The sensor's losses: told once each, cued once each, and its return too, while they are still news."""
    told = bench.of("sensor_lost", "sensor_back")
    lost = [one for one in told if one.name == "sensor_lost"]
    assert len(lost) == losses, told
    for sitting in sittings(bench):
        names = [one.name for one in sitting.told if one.name in ("sensor_lost", "sensor_back")]
        assert all(this != after for this, after in pairwise(names)), names
    short = sum(this.name == "sensor_lost" and after.ns - this.ns < NEWS_S * SECOND for this, after in pairwise(told))
    assert losses - short <= bench.cues().count("sensor_lost") <= losses
    assert bench.cues().count("sensor_back") <= len(told) - losses


# ---- the next start ----


def next_start_is_well(bench: Rig, cadence: int = CADENCE) -> None:
    """With every fault gone: the power on again, a press where one is wanted, and a session like any other."""
    heal(bench)
    bench.on.clear()
    bench.plans.clear()
    board = bench.board
    board.clock._waiting.clear()  # nothing that was planned for the run before happens in this one
    before = {path.name for path in bench.drive.glob("logs/*.bbl")}
    known = [one.number for one in sittings(bench)]
    sessions = len(bench.starts)
    began = board.clock.ns

    def press() -> None:
        if len(bench.starts) == sessions:
            board.press(board.clock.ns, 200 * MS)

    board.clock.schedule(began + 4 * SECOND, press)
    board.interrupt_at(began + 14 * SECOND)
    assert board.power_on() is Ending.INTERRUPTED
    assert len(bench.starts) == sessions + 1, "the next start began no session"
    last = sittings(bench)[-1]
    assert last.number > max(known, default=0)
    assert f"{last.number:05d}.bbl" not in before
    assert not [told for told in last.told if told.name in ("sensor_lost", "gap")]
    assert not [told for told in last.told if told.name == "fault" and told.a != events.SETTINGS_FAULT]
    log = bench.log(last.number)
    assert log.missing() == []
    assert sum(told.name == "beat" for told in last.told) > 20
    bench.quiet_from()


def heal(bench: Rig) -> None:
    """End every fault that a test may have begun."""
    board, bus, faults = bench.board, bench.board.bus, bench.board.drive.faults
    bus.stuck_low = None
    bus.nack(0)
    bus.nack_at_random(0, 0)
    bus._detach_in_read = None
    bus._choose_way()
    board.chip.nonsense = None
    if not bus.targets:
        board.plug_chip()
    faults.read_only = faults.ejected = False
    faults.fail_writes(0)
    board.drive.capacity = board.kind.capacity
    board.hardware.battery_mv = 3900


def all_is_well(
    bench: Rig,
    losses: int = 0,
    cadence: int = CADENCE,
    stalls: Sequence[Stall] = (),
    cut: bool = False,
    silent: bool = False,
) -> int:
    """All of the above; give how many beats sounded before the next start."""
    beats = beats_on_time(bench, cadence, stalls, silent)
    nothing_is_stuck(bench, stalls)
    logs_are_readable(bench, cut)
    losses_told_once(bench, losses)
    next_start_is_well(bench, cadence)
    beats_on_time(bench, cadence, stalls, silent)
    return beats
