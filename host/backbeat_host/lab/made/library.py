"""The library of made recordings: every family of motion with its name, how many there are, and what makes them.

Each trial has a seed of its own, drawn from the library's, the family's name and the trial's number: any one can be
made alone, and always is the same.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from zlib import crc32

import numpy as np

from backbeat_host.errors import InputError
from backbeat_host.lab.made.device_alone import DEVICE
from backbeat_host.lab.made.long_runs import RUNS
from backbeat_host.lab.made.rolls import failed_roll, roll
from backbeat_host.lab.made.sports import jumps, stairs
from backbeat_host.lab.recordings.corpus_writer import NewTrial
from backbeat_host.lab.recordings.trial import RATE_HZ, Trial

SEED = 1

Maker = Callable[[np.random.Generator, str], NewTrial]


@dataclass(frozen=True)
class Family:
    """One kind of made motion: `count` trials of it by default, each made by `make(rng, id)`."""

    name: str
    what: str
    count: int
    make: Maker


FAMILIES: tuple[Family, ...] = (
    Family("rolls", "rolls that end upright: backward, forward, over a shoulder", 240, roll),
    Family("failed-rolls", "rolls that end on the ground: falls", 60, failed_roll),
    *(Family(name, what, 30, make) for name, (what, make) in DEVICE.items()),
    *(Family(name, what, count, make) for name, (what, count, make) in RUNS.items()),
    Family("stairs", "stairs up and down, forward and backward", 20, stairs),
    Family("jumps", "jumps from standing", 30, jumps),
)
NAMES = tuple(family.name for family in FAMILIES)


def made_trials(only: Sequence[str] = (), seed: int = SEED, count: int | None = None) -> Iterator[NewTrial]:
    """Make trials of some families (all without `only`), one after the other.

    `count` is how many of each family; without it, as many as the table says.

    Raises:
        InputError: there is no such family.
    """
    for family in families(only):
        for number in range(family.count if count is None else count):
            yield made(family, number, seed)


def made(family: Family, number: int, seed: int = SEED) -> NewTrial:
    """Make one trial of a family."""
    rng = np.random.default_rng([seed, crc32(family.name.encode()), number])
    trial = family.make(rng, f"{family.name}/{number:03d}")
    return replace(trial, labels={**trial.labels, "family": family.name, "seed": seed})


def as_trial(trial: NewTrial) -> Trial:
    """Give a made trial as `simulate` takes it, without writing a corpus first."""
    return Trial(trial.id, trial.rows, RATE_HZ, {"id": trial.id, **trial.labels}, trial.settings)


def families(only: Sequence[str]) -> list[Family]:
    """Find families by name, in the table's order; all of them without a name.

    Raises:
        InputError: there is no such family.
    """
    unknown = [name for name in only if name not in NAMES]
    if unknown:
        raise InputError(f"there is no family '{unknown[0]}'; there are {', '.join(NAMES)}.")
    return [family for family in FAMILIES if not only or family.name in only]
