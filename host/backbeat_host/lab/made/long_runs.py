"""Runs and walks of the synthetic runner, up to an hour of one person: forward, backward, sideways, glances, stops.

Steps and speed are known from the model. The standing at the beginning of a steady run is cut off.
"""

from collections.abc import Callable
from functools import partial

import numpy as np

from backbeat_host.lab.made.actor import PERFECT, worn
from backbeat_host.lab.recordings.corpus_writer import UNKNOWN, NewTrial
from backbeat_host.lab.recordings.trial import RATE_HZ, Rows
from backbeat_host.lab.runner.acts import Act, Direction, Glance, Run, Script, Stand, Stumble, Walk
from backbeat_host.lab.runner.synthetic import SyntheticRun, synthetic

HOUR_S = 3600
PART_S = 600  # an hour is joined from parts of ten minutes, where the runner stands still
STOP_S = (3.0, 9.0)
LEAST_S = 25.0  # of running between two things that happen
STARTING_S = 5.0  # of a run with one travel: standing and speeding up, cut off
LASTING_S = 60.0

BACKWARD_RUNS = ((1.4, 150), (1.8, 158), (2.2, 164), (2.6, 170), (3.0, 176))  # m/s, steps a minute
FORWARD_RUNS = ((2.0, 152), (2.6, 160), (3.2, 168), (4.0, 176), (5.0, 188))
BACKWARD_WALKS = ((0.5, 84), (0.7, 94), (0.9, 102), (1.1, 110), (1.3, 116))
FORWARD_WALKS = ((0.7, 88), (1.0, 100), (1.3, 112), (1.6, 120), (1.9, 128))
SIDEWAYS = ((0.5, 84), (0.7, 96))


def hour(rng: np.random.Generator, ident: str, direction: Direction) -> NewTrial:
    """Run for an hour: speed and cadence drift slowly; glances, now and then a stumble, a stop each ten minutes."""
    speed, cadence = (2.3, 166.0) if direction == "backward" else (2.8, 164.0)
    parts: list[SyntheticRun] = []
    for _ in range(HOUR_S // PART_S):
        speed = float(np.clip(speed + rng.normal(0, 0.12), 1.8, 3.4))
        cadence = float(np.clip(cadence + rng.normal(0, 2.0), 156, 178))
        script = _ten_minutes(rng, direction, speed, cadence)
        parts.append(synthetic(script, int(rng.integers(2**31)), PERFECT))
    begins = np.cumsum([0] + [len(part.rows) for part in parts]).tolist()
    steps = [begin + step for begin, part in zip(begins, parts, strict=False) for step in _steps(part)]
    rows = worn(np.concatenate([part.rows for part in parts]), rng)
    travel = np.concatenate([_travel(part) for part in parts])
    return NewTrial(ident, rows, _labels(f"run {direction} for an hour") | {"steps": steps}, travel=travel)


def steady(rng: np.random.Generator, ident: str, direction: Direction, running: bool) -> NewTrial:
    """Go in one direction for a minute at one of several speeds, with a glance where it is backward."""
    table = {"backward": BACKWARD_WALKS, "forward": FORWARD_WALKS}.get(direction, SIDEWAYS)
    if running:
        table = BACKWARD_RUNS if direction == "backward" else FORWARD_RUNS
    speed, cadence = _one(rng, table)

    def going(seconds: float) -> Act:
        return (Run if running else Walk)(direction, seconds, speed=speed, cadence=cadence)

    script: list[Act] = [Stand(1.0), going(LASTING_S)]
    if direction == "backward":
        script += [Glance("left" if rng.random() < 0.5 else "right", float(rng.uniform(1.2, 2.2))), going(15.0)]
    run = synthetic(script, int(rng.integers(2**31)), PERFECT)
    first = round(STARTING_S * RATE_HZ)
    steps = [step - first for step in _steps(run) if step >= first]
    labels = _labels(f"{'run' if running else 'walk'} {direction}") | {"speed": round(speed, 2), "steps": steps}
    return NewTrial(ident, worn(run.rows[first:], rng), labels, travel=_travel(run)[first:])


RUNS: dict[str, tuple[str, int, Callable[[np.random.Generator, str], NewTrial]]] = {
    "hour-backward": ("an hour of running backward by one person", 1, partial(hour, direction="backward")),
    "hour-forward": ("an hour of running forward by one person", 1, partial(hour, direction="forward")),
    "run-backward": ("running backward at many speeds", 20, partial(steady, direction="backward", running=True)),
    "run-forward": ("running forward at many speeds", 20, partial(steady, direction="forward", running=True)),
    "walk-backward": ("walking backward at many speeds", 20, partial(steady, direction="backward", running=False)),
    "walk-forward": ("walking forward at many speeds", 20, partial(steady, direction="forward", running=False)),
    "walk-left": ("walking sideways to the left", 5, partial(steady, direction="left", running=False)),
    "walk-right": ("walking sideways to the right", 5, partial(steady, direction="right", running=False)),
}
"""Families by name: what they are, how many by default, and what makes a trial of them."""


def _ten_minutes(rng: np.random.Generator, direction: Direction, speed: float, cadence: float) -> Script:
    script: list[Act] = [Stand(float(rng.uniform(*STOP_S)))]
    left = PART_S - script[0].seconds - STOP_S[1]
    stumbles = rng.random() < 0.3
    while left > 0:
        seconds = float(rng.uniform(25, 80))
        if left - seconds < LEAST_S:
            seconds = left
        script.append(Run(direction, seconds, cadence=cadence, speed=speed))
        left -= seconds
        between: list[Act] = []
        if direction == "backward":
            between.append(Glance("left" if rng.random() < 0.5 else "right", float(rng.uniform(1.2, 2.2))))
        if stumbles:
            between.append(Stumble())
        if left > LEAST_S:
            script += between
            left -= sum(act.seconds for act in between)
            stumbles = False
        speed, cadence = speed * float(np.exp(rng.normal(0, 0.02))), cadence + float(rng.normal(0, 0.8))
    script.append(Stand(STOP_S[1]))
    return script


def _one(rng: np.random.Generator, table: tuple[tuple[float, int], ...]) -> tuple[float, float]:
    """Draw near a row of a table of speed and cadence."""
    speed, cadence = table[rng.integers(len(table))]
    return speed * float(rng.uniform(0.93, 1.07)), cadence * float(rng.uniform(0.97, 1.03))


def _steps(run: SyntheticRun) -> list[int]:
    steps = [round(moment * RATE_HZ) for moment in run.steps.tolist()]
    return [step for step in steps if step < len(run.rows)]


def _travel(run: SyntheticRun) -> Rows:
    """Give the speed forward and to the left, in cm/s, for every row: as the script has it, glances and all."""
    made = np.full((len(run.rows), 2), UNKNOWN, dtype=np.int16)
    for fact in run.of("travel"):
        first, last = round(float(fact["from"]) * RATE_HZ), round(float(fact["to"]) * RATE_HZ)
        way = np.radians(float(fact.get("heading") or 0.0))
        made[first:last] = np.rint(100 * float(fact.get("speed", 0.0)) * np.array([np.cos(way), np.sin(way)]))
    return made


def _labels(activity: str) -> dict[str, object]:
    return {
        "subject": "made", "activity": activity, "kind": "gait", "mount": "belt",
        "made": "by the gait model: lab/made/long_runs.py",
    }  # fmt: skip
