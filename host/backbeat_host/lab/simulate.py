"""Trials through the firmware: one or thousands, on the whole virtual board or the core alone, on all processors.

For the command line, the demo and whoever scores detection: what comes back is what the wearer would have had.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

from backbeat import events as codes
from backbeat import settings
from backbeat_host.lab.board_run import run_board
from backbeat_host.lab.core import Progress, run_core
from backbeat_host.lab.recordings.inputs import cut
from backbeat_host.lab.recordings.sensed import sensed
from backbeat_host.lab.recordings.trial import Trial, TrialRef
from backbeat_host.lab.workers import on_processes
from backbeat_host.runs.events import Event, Teller
from backbeat_host.runs.sound import render

LOG_NAME = "00001.bbl"  # of a board's first session


@dataclass(frozen=True)
class Options:
    """How trials are run.

    Attributes:
        values: Settings in the device's form.
        given: Names of settings a person chose; what a log says of its mount gives way to them.
        from_s: First and `to_s` last instant of each recording that is used, in s; None for all of it.
        pad: Stillness before and after (2 s, 5 s).
        core: The core alone instead of the whole board.
        steps: Whether `step` and `beats` whether `beat` events are wanted.
        keep_log: Whether the log's bytes and `keep_sound` whether the sounder's edges are wanted.
    """

    values: Mapping[str, Any] = field(default_factory=settings.defaults)
    given: frozenset[str] = frozenset()
    from_s: float | None = None
    to_s: float | None = None
    pad: bool = True
    core: bool = False
    steps: bool = False
    beats: bool = False
    keep_log: bool = False
    keep_sound: bool = False


@dataclass(frozen=True)
class Outcome:
    """What one trial brought. Times are t of the events: seconds since the recording began."""

    trial: str
    seconds: float
    """Length of the recording, without what was put around it."""
    begin_s: float
    end_s: float
    events: list[Event]
    log: bytes = b""
    edges: list[tuple[float, int]] = field(default_factory=list)


def write_sound(outcome: Outcome, path: Path) -> None:
    """Write what the wearer heard; the file begins with the session."""
    edges = [(at - outcome.begin_s, hz) for at, hz in outcome.edges]
    render(edges, outcome.end_s - outcome.begin_s, path)


def write_log(outcome: Outcome, path: Path) -> None:
    """Write the log as the board left it."""
    path.write_bytes(outcome.log)


def simulate(trial: Trial, options: Options, progress: Progress | None = None) -> Outcome:
    """Run one trial; `progress` is told the share that is done, now and then.

    Raises:
        InputError: the part from `from_s` to `to_s` is none.
        WorkError: the firmware failed.
    """
    part = cut(trial, options.from_s, options.to_s) if (options.from_s, options.to_s) != (None, None) else trial
    own = {name: value for name, value in part.settings.items() if name not in options.given}
    values = {**options.values, **own}
    told: list[tuple[int, int, int, int, int]] = []

    def hear(ms: int, code: int, a: int, b: int, c: int) -> None:
        if (code != codes.STEP or options.steps) and (code != codes.BEAT or options.beats):
            told.append((ms, code, a, b, c))

    from_s = options.from_s or 0.0
    given = sensed(part, options.pad)
    if options.core:
        core = run_core(given.rows, values, hear, progress=progress, rate=given.rate)
        zero, log, edges = given.lead_s - from_s, core.log, core.edges
    else:
        board = run_board(given.rows, values, hear, progress=progress, rate=given.rate)
        zero, log, edges = board.first_sample_s + given.lead_s - from_s, board.log, board.edges
    teller = Teller(trial.id, zero)
    events = sorted((teller.tell(*numbers) for numbers in told), key=lambda event: float(event["t"]))
    return Outcome(
        trial.id,
        part.seconds,
        -zero,
        given.time(len(given.rows)) + from_s,
        events,
        log if options.keep_log else b"",
        [(at - zero, hz) for at, hz in edges] if options.keep_sound else [],
    )


def simulate_all(refs: Sequence[TrialRef], options: Options, jobs: int | None = None) -> Iterator[Outcome]:
    """Run many trials, in the order given; several run on all processors (`jobs` of them).

    Raises:
        InputError, WorkError: as `simulate`; a recording cannot be read.
    """
    return on_processes(partial(_load_and_simulate, options), refs, jobs)


def _load_and_simulate(options: Options, ref: TrialRef) -> Outcome:
    return simulate(ref.load(), options)
