"""The bench: every trial of some corpora through the firmware (and the peers), and what was told scored.

Runs on processes or on a cluster; the scores do not depend on which. Made recordings are scored apart from real ones.
"""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import Final

import numpy as np

from backbeat_host.errors import InputError
from backbeat_host.lab.peers import PEERS
from backbeat_host.lab.recordings.inputs import all_trials
from backbeat_host.lab.recordings.sensed import sensed
from backbeat_host.lab.recordings.travel_file import Speeds
from backbeat_host.lab.recordings.trial import G_PER_COUNT, RATE_HZ, Rows, Trial, TrialRef
from backbeat_host.lab.scores.labels import TURNS, Labels, labels_of
from backbeat_host.lab.scores.sheet import Scores, score
from backbeat_host.lab.scores.told import Alarm, Case, Told, told_by
from backbeat_host.lab.simulate import Options, Outcome, simulate
from backbeat_host.lab.workers import Failure, work
from backbeat_host.runs.decode import decode_bytes
from backbeat_host.runs.events import Event

OURS: Final = "backbeat"
TOGETHER, MADE_TOGETHER = "all real corpora together", "all made recordings together"
UPRIGHT_COS: Final = 0.7071  # the trunk within 45 degrees of up
GRAVITY_S: Final = 0.5  # of acceleration, around an instant, is averaged for the direction of gravity


@dataclass(frozen=True)
class Bench:
    """How trials are judged: `options` for the firmware, whether by the `peers` too, whether all `events` are kept."""

    options: Options
    peers: bool = False
    events: bool = False


@dataclass(frozen=True)
class Judged:
    """What each detector told about one trial, and ours in full where that is wanted."""

    told: dict[str, Told]
    events: list[Event] = field(default_factory=list)


@dataclass(frozen=True)
class Entry:
    """A trial on the bench: where it is, what is known of it, the corpus it is from and its speeds."""

    ref: TrialRef
    labels: Labels
    corpus: str
    speeds: Speeds


@dataclass(frozen=True)
class Group:
    """Trials scored together: those of one corpus, or all real, or all made ones; `scores` by detector."""

    name: str
    made: bool
    corpora: tuple[str, ...]
    trials: int
    subjects: int
    hours: float
    kinds: dict[str, int]
    scores: dict[str, Scores]

    @property
    def together(self) -> bool:
        """Whether it is of several corpora."""
        return len(self.corpora) > 1


@dataclass(frozen=True)
class Report:
    """All that the bench found; `failed` are (trial, why), not scored."""

    groups: tuple[Group, ...]
    failed: tuple[tuple[str, str], ...]


def lay_out(inputs: Sequence[Path], glob: str | None = None) -> list[Entry]:
    """List the trials of corpora with their truth; nothing is run.

    Raises:
        InputError: an input is no corpus, or something in it makes no sense, or nothing matches `glob`.
    """
    for path in inputs:
        if path.exists() and not path.is_dir():
            raise InputError(f"{path}: not a corpus; a score needs the labels of one, so give its folder.")
    refs = all_trials(inputs, glob)
    names = _names(inputs)
    speeds = {path: Speeds(path) for path in inputs}
    return [Entry(ref, _labels(ref), names[ref.source], speeds[ref.source]) for ref in refs]


def _labels(ref: TrialRef) -> Labels:
    length = (ref.end or 0) - (ref.begin or 0)
    return labels_of(ref.id, ref.labels, length, ref.where)


def evaluate(
    entries: Sequence[Entry],
    bench: Bench,
    jobs: int | None = None,
    dask: str | None = None,
    progress: Callable[[float], object] | None = None,
) -> tuple[Report, list[Event]]:
    """Judge and score all; also give the events, where the bench keeps them. `progress` hears how many are done.

    Raises:
        WorkError: a process died or the cluster failed. A trial that fails is named in the report.
    """
    judged: list[tuple[Entry, Judged]] = []
    failed: list[tuple[str, str]] = []
    results = work(partial(judge, bench), [entry.ref for entry in entries], jobs, dask)
    for number, (entry, result) in enumerate(zip(entries, results, strict=True), 1):
        if isinstance(result, Failure):
            failed.append((entry.ref.id, result.why))
        else:
            judged.append((entry, result))
        if progress is not None:
            progress(number)
    events = [event for _, result in judged for event in result.events]
    return Report(tuple(_groups(judged)), tuple(failed)), events


def judge(bench: Bench, ref: TrialRef) -> Judged:
    """Run one trial through the firmware, and the peers where they are wanted.

    Raises:
        InputError: its recording cannot be read.
        WorkError: the firmware failed.
        MissingExtraError: a peer needs an extra that is not installed.
    """
    trial = ref.load()
    marked = ref.labels.get("steps") is not None
    options = replace(bench.options, steps=marked or bench.events, keep_log=marked)
    outcome = simulate(trial, options)
    up = _up(trial, options)
    upright = partial(is_upright, trial.rows, up) if ref.labels.get("kind") in TURNS else None
    told = {OURS: told_by(outcome.events, upright, _cadence(outcome) if marked else ())}
    if bench.peers:
        told.update(_peers(trial, options, up, upright))
    return Judged(told, outcome.events if bench.events else [])


def is_upright(rows: Rows, up: Sequence[int], t: float) -> bool:
    """Tell whether the trunk is within 45 degrees of `up` (the chip's axes) at `t`; after the end, as at the end."""
    half = round(GRAVITY_S * RATE_HZ / 2)
    middle = min(max(round(t * RATE_HZ), half), max(len(rows) - half, 0))
    mean = rows[max(middle - half, 0) : middle + half, :3].mean(axis=0)
    length = float(np.linalg.norm(mean) * np.linalg.norm(up))
    return length > 0 and float(mean @ np.asarray(up)) > UPRIGHT_COS * length


def _up(trial: Trial, options: Options) -> Sequence[int]:
    own = trial.settings.get("mount.up") if "mount.up" not in options.given else None
    up: Sequence[int] = own if own is not None else options.values["mount.up"]
    return up


def _cadence(outcome: Outcome) -> list[tuple[float, float]]:
    """Give the cadence that the log notes every 5 s: (t, spm)."""
    log = decode_bytes(outcome.log, outcome.trial)
    return [(one.ms / 1000 + outcome.begin_s, one.cadence / 10) for one in log.summaries]


def _peers(
    trial: Trial, options: Options, up: Sequence[int], upright: Callable[[float], bool] | None
) -> dict[str, Told]:
    """Let the peers judge the same rows, with what was put around them."""
    given = sensed(trial, options.pad)
    acc = given.rows[:, :3].astype(np.float64) * G_PER_COUNT
    told = {}
    for peer in PEERS:
        if peer.falls is not None:
            found = [(given.time(decided), given.time(at)) for decided, at in peer.falls(acc)]
            alarms = tuple(Alarm(t, at, None, upright(t) if upright else None) for t, at in found)
            told[peer.name] = Told(falls=alarms)
        if peer.steps is not None and trial.labels.get("steps") is not None:
            steps = peer.steps(acc, np.asarray(up, dtype=np.float64))
            told[peer.name] = Told(steps=steps / given.rate - given.lead_s)
    return told


def _names(inputs: Sequence[Path]) -> dict[Path, str]:
    """Call each corpus by its folder's name, or by its path where that does not tell it from another."""
    times = Counter(path.resolve().name for path in inputs)
    return {path: path.resolve().name if times[path.resolve().name] == 1 else str(path) for path in inputs}


def _groups(judged: Sequence[tuple[Entry, Judged]]) -> list[Group]:
    """Score each corpus, its made recordings apart, then all real ones together and all made ones together."""
    groups: list[Group] = []
    for made, together in ((False, TOGETHER), (True, MADE_TOGETHER)):
        ours = [(entry, result) for entry, result in judged if entry.labels.made == made]
        corpora = list(dict.fromkeys(entry.corpus for entry, _ in ours))
        for corpus in corpora:
            groups.append(_group(corpus, made, [(entry, result) for entry, result in ours if entry.corpus == corpus]))
        if len(corpora) > 1:
            groups.append(_group(together, made, ours))
    return groups


def _group(name: str, made: bool, judged: Sequence[tuple[Entry, Judged]]) -> Group:
    entries = [entry for entry, _ in judged]
    cases: dict[str, list[Case]] = {}
    for entry, result in judged:
        speeds = entry.speeds.of(entry.ref)
        for detector, told in result.told.items():
            cases.setdefault(detector, []).append(Case(entry.corpus, entry.labels, told, speeds))
    scores: Mapping[str, Scores] = {detector: score(ours) for detector, ours in cases.items()}
    return Group(
        name,
        made,
        tuple(dict.fromkeys(entry.corpus for entry in entries)),
        len(entries),
        len({entry.labels.subject for entry in entries} - {""}),
        sum(entry.labels.seconds for entry in entries) / 3600,
        dict(sorted(Counter(entry.labels.kind for entry in entries).items())),
        dict(scores),
    )
