"""What is in a corpus: trials, hours, people, kinds, activities, labels, clipping; and what in it makes no sense.

From a corpus folder that opens, for `corpus show`. A corpus that does not open is refused before.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from typing import Any, Final

import numpy as np

from backbeat_host.errors import InputError
from backbeat_host.lab.recordings.corpus import open_corpus
from backbeat_host.lab.recordings.corpus_writer import TRAVEL
from backbeat_host.lab.recordings.travel_file import Speeds
from backbeat_host.lab.recordings.trial import G_PER_COUNT, RATE_HZ, Rows, Trial, TrialRef
from backbeat_host.lab.scores.labels import DIRECTIONS, FALL, KINDS, TURNS

EXPECTED: Final = ("subject", "activity", "kind", "mount")
CLIPPED: Final = 32000  # counts: within 0.4 g or 54 dps of the end of a range, where a sensor's offset may lie between
SHORTEST_S: Final = 3.0  # a verdict on a fall takes as long
STUCK_S: Final = 1.0  # a sensor's noise changes a count sooner
CLOSE_STEPS_S: Final = 0.15  # 230 steps a minute are 0.26 s apart: closer ones are the same step twice
LEAST_G, MOST_G = 0.5, 1.8  # |a| in the middle, sprinting too: another unit or range lies outside


@dataclass
class Share:
    """Trials and seconds of one kind or activity."""

    trials: int = 0
    seconds: float = 0.0


@dataclass
class Survey:
    """What was found; `odd` holds, for each thing that makes no sense, the ids of the trials it was found in."""

    name: str
    trials: int = 0
    seconds: float = 0.0
    people: Counter[str] = field(default_factory=Counter)
    kinds: dict[str, Share] = field(default_factory=dict)
    activities: dict[tuple[str, str], Share] = field(default_factory=dict)  # (kind, activity)
    mounts: Counter[str] = field(default_factory=Counter)
    labels: Counter[str] = field(default_factory=Counter)
    steps: int = 0
    clipped_samples: int = 0
    clipped_trials: int = 0
    travel_known: float | None = None
    odd: dict[str, list[str]] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        """Give it as a JSON object."""
        return {
            "corpus": self.name,
            "trials": self.trials,
            "hours": round(self.seconds / 3600, 4),
            "people": dict(self.people),
            "kinds": {kind: vars(share) for kind, share in self.kinds.items()},
            "activities": [
                {"kind": kind, "activity": activity, **vars(share)}
                for (kind, activity), share in self.activities.items()
            ],
            "mounts": dict(self.mounts),
            "labels": dict(self.labels),
            "steps": self.steps,
            "clipped": {"samples": self.clipped_samples, "trials": self.clipped_trials},
            "travel_known": self.travel_known,
            "odd": self.odd,
        }


def survey(folder: Path) -> Survey:
    """Look through a corpus.

    Raises:
        InputError: it is none.
    """
    result = Survey(str(folder))
    samples: dict[int, str] = {}
    refs = open_corpus(folder)
    for ref in refs:
        trial = ref.load()
        _count(result, trial)
        for what in _oddities(trial):
            result.odd.setdefault(what, []).append(trial.id)
        twin = samples.setdefault(hash(trial.rows.tobytes()), trial.id)
        if twin != trial.id:
            result.odd.setdefault("the same samples as another trial", []).append(f"{trial.id} = {twin}")
    shared = list(_shared(refs))
    if shared:
        result.odd["rows that two trials share"] = shared
    try:
        result.travel_known = Speeds(folder).known
    except InputError as error:
        result.odd[str(error)] = [TRAVEL]
    return result


def _count(result: Survey, trial: Trial) -> None:
    labels = trial.labels
    kind, activity = str(labels.get("kind", "-")), str(labels.get("activity", "-"))
    for share in (
        result.kinds.setdefault(kind, Share()),
        result.activities.setdefault((kind, activity), Share()),
        result,
    ):
        share.trials += 1
        share.seconds += trial.seconds
    result.people[str(labels.get("subject", "-"))] += 1
    result.mounts[str(labels.get("mount", "-"))] += 1
    result.labels.update(name for name in labels if name != "id")
    if trial.settings:
        result.labels["settings"] += 1
    result.steps += len(labels.get("steps", ()))
    clipped = int(np.count_nonzero(_clipped(trial.rows)))
    result.clipped_samples += clipped
    result.clipped_trials += clipped > 0


def _clipped(rows: Rows) -> np.ndarray[Any, np.dtype[np.bool_]]:
    return np.asarray((np.maximum(rows, ~rows) >= CLIPPED).any(axis=1))  # ~x is -x - 1: abs would overflow


def _oddities(trial: Trial) -> Iterator[str]:
    """Tell what about a trial makes no sense."""
    labels, rows = trial.labels, trial.rows
    for name in EXPECTED:
        if not labels.get(name):
            yield f"no {name}"
    kind, direction = labels.get("kind"), labels.get("fall_direction")
    if kind and kind not in KINDS:
        yield f"kind '{kind}' is none of {', '.join(KINDS)}"
    if kind == FALL and direction is None:
        yield "a fall without a direction"
    if kind not in (FALL, *TURNS) and direction is not None:
        yield "a direction without a fall"
    if direction is not None and direction not in (*DIRECTIONS, "unknown"):
        yield f"direction '{direction}' is none of {', '.join(DIRECTIONS)}"
    yield from _odd_offsets(labels, len(rows))
    if trial.seconds < SHORTEST_S:
        yield f"shorter than {SHORTEST_S:g} s"
    middle = float(np.median(np.linalg.norm(rows[:, :3].astype(np.float32), axis=1))) * G_PER_COUNT
    if not LEAST_G <= middle <= MOST_G:
        yield f"|a| is below {LEAST_G:g} g or above {MOST_G:g} g in the middle: another unit or range"
    same = np.flatnonzero(np.diff(rows.astype(np.int32), axis=0, prepend=-40000, append=40000).any(axis=1))
    if int(np.diff(same).max()) > STUCK_S * RATE_HZ:
        yield f"the samples stand still for more than {STUCK_S:g} s"


def _odd_offsets(labels: dict[str, Any], length: int) -> Iterator[str]:
    steps = labels.get("steps", [])
    if any(b < a for a, b in pairwise(steps)):
        yield "steps out of order"
    elif any(b - a < CLOSE_STEPS_S * RATE_HZ for a, b in pairwise(steps)):
        yield f"steps closer than {CLOSE_STEPS_S:g} s (one of both feet, or the same twice)"
    if any(step >= length for step in steps):
        yield "steps after the trial's end"
    if any(not a < b <= length for a, b in labels.get("walking", [])):
        yield "walking spans that are empty or end after the trial"


def _shared(refs: Iterable[TrialRef]) -> Iterator[str]:
    """Tell which trials share rows."""
    extents = sorted((ref.begin, ref.end, ref.id) for ref in refs if ref.begin is not None and ref.end is not None)
    for (_, end, a), (begin, _, b) in pairwise(extents):
        if begin < end:
            yield f"{a} + {b}"
