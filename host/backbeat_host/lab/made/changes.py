"""What can be done to the trials of any corpus, by name: the rows, and with them the labels, settings and travel.

A change that makes no sense of a trial (a fall, in reverse) leaves it out.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final
from zlib import crc32

import numpy as np

from backbeat_host.errors import InputError
from backbeat_host.lab.made import transform
from backbeat_host.lab.made.roll_plan import Way
from backbeat_host.lab.made.rolled import rolled_over
from backbeat_host.lab.made.rotations import orientations
from backbeat_host.lab.recordings.corpus_writer import UNKNOWN, NewTrial
from backbeat_host.lab.recordings.travel_file import CM, read_speeds
from backbeat_host.lab.recordings.trial import RATE_HZ, UNBIASED, Rows, TrialRef
from backbeat_host.lab.scores.labels import FORWARD_ACTIVITIES

RATE_ERROR = 0.05
OPPOSITE: Final = {"forward": "backward", "backward": "forward", "left": "right", "right": "left"}
SITS: Final = ("sit and rise", "low chair")  # SisFall's activities that begin so go down and come up again
THOUSANDTHS = 1000
DEFAULT_FORWARD, DEFAULT_UP = (THOUSANDTHS, 0, 0), (0, 0, THOUSANDTHS)

Change = Callable[[NewTrial, np.random.Generator, int], NewTrial | None]


@dataclass(frozen=True)
class Known:
    """A change: what it does, in words, and the function (trial, rng, number of the trial) -> trial or None."""

    what: str
    make: Change


def changed(trials: Iterable[NewTrial], names: Sequence[str], seed: int) -> Iterator[NewTrial]:
    """Do all the changes, in order, to every trial; what a change leaves out is missing.

    Chance goes by a trial's id, so what becomes of it does not hang on the others.

    Raises:
        InputError: there is no such change.
    """
    for name in names:
        if name not in CHANGES:
            raise InputError(f"there is no change '{name}'; there are {', '.join(CHANGES)}.")
    for number, original in enumerate(trials):
        trial: NewTrial | None = original
        for name in names:
            if trial is None:
                break
            rng = np.random.default_rng([seed, crc32(name.encode()), crc32(original.id.encode())])
            trial = CHANGES[name].make(trial, rng, number)
        if trial is not None:
            history = [str(trial.labels["made"])] if trial.labels.get("made") else []
            labels = {**trial.labels, "made": "; ".join([*history, f"changed: {', '.join(names)}; seed {seed}"])}
            yield replace(trial, id=f"{'+'.join(names)}/{original.id}", labels=labels)


def recorded(refs: Iterable[TrialRef]) -> Iterator[NewTrial]:
    """Load the trials of a corpus with all that is known of them, to be changed and written again."""
    for ref in refs:
        labels = {name: value for name, value in ref.labels.items() if name not in ("id", "settings")}
        speeds = read_speeds(ref)
        travel = None
        if speeds is not None:
            travel = np.where(np.isnan(speeds), UNKNOWN, np.rint(np.nan_to_num(speeds) / CM)).astype(np.int16)
        yield NewTrial(ref.id, ref.read(), labels, ref.settings, travel)


def reversed_trial(trial: NewTrial, rng: np.random.Generator, number: int) -> NewTrial | None:
    """Play it backward in time: steps mirrored, travel the other way round. A fall is none in reverse."""
    labels = dict(trial.labels)
    if labels.get("kind") == "fall":
        return None
    activity = str(labels.get("activity", ""))
    travel = labels.get("travel") or ("forward" if activity.startswith(FORWARD_ACTIVITIES) else None)
    last = len(trial.rows) - 1
    labels = _at_rows(labels, lambda row: last - row)
    labels["activity"] = f"reversed {activity}".strip()
    if travel:
        labels["travel"] = OPPOSITE.get(travel, travel)
    if bias := labels.get("bias"):
        labels["bias"] = [*bias[:3], *(min(-rate, 32767) for rate in bias[3:])]
    speeds = trial.travel
    if speeds is not None:
        speeds = np.where(speeds == UNKNOWN, UNKNOWN, -speeds.astype(np.int32))[::-1].astype(np.int16)
    return replace(trial, rows=transform.reversed_in_time(trial.rows), labels=labels, travel=speeds)


def turned_trial(trial: NewTrial, rng: np.random.Generator, number: int) -> NewTrial:
    """Turn the mount to one of 24 orientations, one after the other along the corpus; the settings say which."""
    matrix = orientations()[number % 24]
    settings = dict(trial.settings)
    for name, default in (("mount.forward", DEFAULT_FORWARD), ("mount.up", DEFAULT_UP)):
        settings[name] = [int(part) for part in matrix @ np.array(settings.get(name, default))]
    labels = dict(trial.labels)
    if bias := labels.get("bias"):
        labels["bias"] = transform.mount_turned(np.array([bias]), matrix)[0].tolist()
    return replace(trial, rows=transform.mount_turned(trial.rows, matrix), labels=labels, settings=settings)


def offset_trial(trial: NewTrial, rng: np.random.Generator, number: int) -> NewTrial:
    """Shift every axis, and note by how much: what is put around the trial to run it must be shifted alike."""
    bias = transform.any_bias(rng)
    both = transform.offset(np.array([trial.labels.get("bias") or UNBIASED]), bias)[0].tolist()
    return replace(trial, rows=transform.offset(trial.rows, bias), labels={**trial.labels, "bias": both})


def rate_trial(trial: NewTrial, rng: np.random.Generator, number: int) -> NewTrial:
    """Let a chip feel it whose clock runs 5 % fast or slow; the rows are true, and stay as they are."""
    error = RATE_ERROR * float(rng.choice([-1.0, 1.0]))
    return replace(trial, labels={**trial.labels, "chip_rate": round(RATE_HZ * (1 + error), 2)})


def rolled_trial(trial: NewTrial, rng: np.random.Generator, number: int) -> NewTrial | None:
    """Add a roll over the back to a fall (it stays a fall: it ends lying) or to sitting down and rising (a roll)."""
    kind, activity = trial.labels.get("kind"), str(trial.labels.get("activity", ""))
    if kind != "fall" and not activity.startswith(SITS):
        return None
    way: Way = "forward" if trial.labels.get("fall_direction") == "forward" else "backward"
    rows, first, last = rolled_over(trial.rows, rng, way)
    labels = {**trial.labels, "activity": f"rolled {activity}", "roll": {"from": first, "to": last}}
    labels["kind"] = "fall" if kind == "fall" else "roll"
    return replace(trial, rows=rows, labels=labels, travel=None)


def _rows_only(make: Callable[[Rows, np.random.Generator], Rows]) -> Change:
    return lambda trial, rng, number: replace(trial, rows=make(trial.rows, rng))


CHANGES: Final[dict[str, Known]] = {
    "reversed": Known("played backward in time; falls are left out", reversed_trial),
    "turned": Known(
        "the mount turned to the 24 orientations in turn, mount.forward and mount.up to match", turned_trial
    ),
    "wobble": Known("a clip that rocks, 8 to 20 Hz, a few degrees", _rows_only(transform.clip_wobble)),
    "noise": Known("white noise, 10 mg and 0.5 dps rms", _rows_only(transform.noisy)),
    "offset": Known("60 mg and 10 dps off on every axis", offset_trial),
    "clipped": Known("cut off at 8 g and 1000 dps", _rows_only(lambda rows, rng: transform.clipped(rows))),
    "rate": Known("a chip 5 % fast or slow", rate_trial),
    "rolled": Known("a roll over the back added to falls and to sitting down; the rest left out", rolled_trial),
}
"""All changes by name."""


def _at_rows(labels: Any, where: Callable[[int], int]) -> dict[str, Any]:
    """Move every label that counts rows: `steps`, `walking` and a roll's `from`, `to` and `upright`."""
    moved = dict(labels)
    if "steps" in moved:
        moved["steps"] = sorted(where(step) for step in moved["steps"])
    if "walking" in moved:
        moved["walking"] = sorted(sorted((where(first), where(last))) for first, last in moved["walking"])
    if isinstance(moved.get("roll"), dict):
        roll = dict(moved["roll"])
        first, last = sorted((where(roll["from"]), where(roll["to"])))
        roll |= {"from": first, "to": last}
        if "upright" in roll:
            roll["upright"] = max(where(roll["upright"]), last)
        moved["roll"] = roll
    return moved
