"""The core alone, without a board: samples straight into a session, at the times a board would have handed them over.

For whoever wants many hours of recordings judged in little time. The parts are faked (they note when they sound), the
log is real.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from backbeat import events, settings
from backbeat.record import Writer
from backbeat.session import Session
from backbeat_host.lab.clock import TICKS_AT_POWER_ON, TICKS_PERIOD
from backbeat_host.lab.recordings.trial import RATE_HZ, Rows

Listener = Callable[[int, int, int, int, int], None]
"""Hears (ms, code, a, b, c) of every event, step and beat."""

Progress = Callable[[float], object]
"""Is told now and then which share of the work is done, 0 to 1."""

_AT_A_TIME = 4096  # samples turned into Python's numbers, and between two words on progress; an even number
_READ_AFTER_MS = 7
"""A board looks at the FIFO every two samples: the newer one is then 5 ms old on average, and reading takes 2 ms."""

END_AFTER_MS = 60
"""From the end of the rows to that of the session: the last samples are read and judged in between."""


@dataclass
class Parts:
    """The board's small interface, faked: sounder, haptic and light share one note pad."""

    edges: list[tuple[int, int]] = field(default_factory=list)  # ms of the session, Hz (0 off)
    ms: int = 0

    def __post_init__(self) -> None:
        self.sounder = _Sounder(self)
        self.haptic = self.light = _Silent()


class _Sounder:
    def __init__(self, parts: Parts) -> None:
        self._parts = parts
        self._hz = 0

    def on(self, hz: int, volume: int) -> None:
        if hz != self._hz:
            self._parts.edges.append((self._parts.ms, hz))
            self._hz = hz

    def off(self) -> None:
        self.on(0, 0)


class _Silent:
    def on(self) -> None:
        pass

    def off(self) -> None:
        pass


@dataclass(frozen=True)
class CoreRun:
    """What a session on the core alone left."""

    log: bytes
    edges: list[tuple[float, int]]  # seconds after the session began, Hz


def run_core(
    rows: Rows,
    values: Mapping[str, Any],
    listener: Listener | None = None,
    progress: Progress | None = None,
    rate: float = RATE_HZ,
) -> CoreRun:
    """Run one session over `rows` (n, 6; counts, the chip's axes) with settings in the device's form.

    Row k is felt k / `rate` s after the session began; the session ends when the rows do.
    """
    period_ms = 1000 / rate
    parts = Parts()
    log = Writer(1)
    log.header(0, 0, "core,none,none")
    log.settings(settings.dump(dict(values)))
    session = Session(dict(values), parts, log)
    session.listener = listener  # type: ignore[assignment]  # None on a board, and there are no hints there
    blocks: list[bytes] = []
    ms, ticks = 0, TICKS_AT_POWER_ON
    session.start(ticks)
    sample, poll, seen, due_in = session.sample, session.poll, session.seen, session.due_in
    for index in range(0, len(rows), _AT_A_TIME):
        if progress is not None:
            progress(index / len(rows))
        felt = rows[index : index + _AT_A_TIME].tolist()
        for at in range(0, len(felt), 2):
            pair = felt[at : at + 2]
            reading = int((index + at + len(pair) - 1) * period_ms) + _READ_AFTER_MS
            while (due := ms + due_in(ticks)) <= reading:
                ms = parts.ms = due
                ticks = (TICKS_AT_POWER_ON + ms) % TICKS_PERIOD
                poll(ticks)
            ms = parts.ms = reading
            ticks = (TICKS_AT_POWER_ON + ms) % TICKS_PERIOD
            seen(ticks, len(pair))
            for ax, ay, az, gx, gy, gz in pair:
                sample(ticks, ax, ay, az, gx, gy, gz)
            poll(ticks)
            if log.waiting:
                _take_blocks(log, blocks)
    parts.ms = max(ms, int(len(rows) * period_ms) + END_AFTER_MS)
    session.end((TICKS_AT_POWER_ON + parts.ms) % TICKS_PERIOD, events.BY_CONSOLE)
    _take_blocks(log, blocks)
    return CoreRun(b"".join(blocks), [(at / 1000, hz) for at, hz in parts.edges])


def _take_blocks(log: Writer, blocks: list[bytes]) -> None:
    while log.waiting:
        blocks.append(bytes(log.block()))
        log.written()
