"""A whole run without a board and without a recording: the synthetic runner wears the virtual board for ten minutes.

What the wearer would have heard, the log, the events and one picture end up in a folder.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np

from backbeat import settings
from backbeat_host.lab.core import Progress
from backbeat_host.lab.recordings.trial import RATE_HZ, UNITS_PER_COUNT
from backbeat_host.lab.runner.acts import demo_script
from backbeat_host.lab.runner.synthetic import SyntheticRun, synthetic
from backbeat_host.lab.simulate import LOG_NAME, Options, Outcome, simulate, write_log, write_sound
from backbeat_host.runs.jsonl import write_events
from backbeat_host.runs.picture import RunPicture, draw

SEED: Final = 1
GLANCE_EVERY_S: Final = 60
_MG_PER_G = 1000


@dataclass(frozen=True)
class Demo:
    """The run that was made and what the device made of it."""

    run: SyntheticRun
    outcome: Outcome
    values: Mapping[str, Any]


def perform(seed: int = SEED, progress: Progress | None = None) -> Demo:
    """Let the synthetic runner run its ten minutes with the virtual board on the belt."""
    run = synthetic(demo_script(), seed)
    values = {**settings.defaults(), "glance.every": GLANCE_EVERY_S}
    options = Options(values=values, pad=False, steps=True, beats=True, keep_log=True, keep_sound=True)
    return Demo(run, simulate(run.trial("demo"), options, progress), values)


def _sound(demo: Demo, path: Path) -> None:
    write_sound(demo.outcome, path)


def _log(demo: Demo, path: Path) -> None:
    write_log(demo.outcome, path)


def _events(demo: Demo, path: Path) -> None:
    write_events(demo.outcome.events, path)


def _picture(demo: Demo, path: Path) -> None:
    values = demo.run.rows * UNITS_PER_COUNT
    draw(
        RunPicture(
            title="Ten minutes with Backbeat",
            subtitle="a synthetic runner wearing the virtual board; the firmware is the real one",
            time_s=np.arange(len(values)) / RATE_HZ,
            acc_mg=values[:, :3] * _MG_PER_G,
            rate_dps=values[:, 3:],
            events=demo.outcome.events,
            target_spm=demo.values["cadence"] / 10,
            truth=demo.run.truth,
        ),
        path,
    )


PICTURE: Final = "the picture of the run"
FILES: Final[Mapping[str, tuple[str, Callable[[Demo, Path], None]]]] = {
    "what the wearer heard": ("demo.wav", _sound),
    "the log the board left": (LOG_NAME, _log),
    "the events, one a line": ("demo.jsonl", _events),
    PICTURE: ("demo.png", _picture),
}
"""What a demo leaves: the name of each file and what writes it (a WorkError where it cannot; without matplotlib a
MissingExtraError from the picture)."""


@dataclass(frozen=True)
class Check:
    """One thing that happened, and what the device said about it (None: nothing)."""

    what: str
    at: float
    told: Mapping[str, Any] | None


def compare(demo: Demo, within_s: float = 3.0) -> tuple[list[Check], list[Mapping[str, Any]]]:
    """Hold the device against the truth: each fall, roll and stumble with what was told, and what was told besides."""
    kinds = ("stumble", "roll", "fall")
    told = [event for event in demo.outcome.events if event["event"] in kinds]
    checks: list[Check] = []
    for fact in sorted((fact for kind in kinds for fact in demo.run.of(kind)), key=lambda fact: float(fact["at"])):
        match = _match(fact, told, within_s)
        checks.append(Check(fact["kind"], float(fact["at"]), match))
    matched = [id(check.told) for check in checks]
    return checks, [event for event in told if id(event) not in matched]


def _match(fact: Mapping[str, Any], told: Sequence[Mapping[str, Any]], within_s: float) -> Mapping[str, Any] | None:
    near = [
        event
        for event in told
        if event["event"] == fact["kind"] and fact["from"] - within_s <= event["at"] <= fact["to"] + within_s
    ]
    return near[0] if near else None
