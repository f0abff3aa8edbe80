"""From labelled corpora to weights and what they are worth: listen to every trial, judge by subject, fit on all.

The same trials, folds and seed give the same weights, on however many processes or machines.
"""

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from backbeat_host.complaints import short
from backbeat_host.errors import InputError, WorkError
from backbeat_host.lab.evaluate import Entry
from backbeat_host.lab.recordings.corpus import SAMPLES, TRIALS
from backbeat_host.lab.train.by_subject import Judged, Score, check, judge, score
from backbeat_host.lab.train.fit import ODDS, Case, Weights, fit
from backbeat_host.lab.train.listen import listen
from backbeat_host.lab.workers import Failure, work

THRESHOLDS: Final = (3 * ODDS // 2, 0, -3 * ODDS // 2)
"""fall.sensitivity low, normal, high: a fall must be 4.5 times likelier than none, as likely, or 4.5 times less."""

_HASH_SHOWN: Final = 12  # digits, to tell one state of a corpus from another


@dataclass(frozen=True)
class Learnt:
    """The weights fitted on all, their scores by subject at THRESHOLDS, and each trial's odds by subject."""

    weights: Weights
    scores: tuple[Score, ...]
    trials: tuple[tuple[str, Judged], ...]

    def wrong(self) -> list[tuple[str, Judged]]:
        """List the trials judged wrongly at the middle threshold, the worst first."""
        missed = [(name, one) for name, one in self.trials if one.case.fall != (one.odds > THRESHOLDS[1])]
        return sorted(missed, key=lambda named: (-abs(named[1].odds), named[0]))


def learn(
    entries: Sequence[Entry],
    folds: int,
    seed: int,
    jobs: int | None = None,
    dask: str | None = None,
    progress: Callable[[float], object] | None = None,
) -> Learnt:
    """Learn from the trials that are falls or anything else, but rolls and flips: those are told by a rule.

    Raises:
        InputError: the corpora hold too little to learn from, or a trial's person is not named.
        WorkError: a trial could not be listened to (left out, its people might be missed), or the work broke down.
    """
    used = [entry for entry in entries if not entry.labels.turned]
    for entry in used:
        if not entry.labels.subject:
            where = f"{entry.ref.where}, trial {short(entry.ref.id)}"
            raise InputError(f"{where}: no 'subject'; training keeps people apart by it.")
    cases: list[Case] = []
    heard = work(listen, [entry.ref for entry in used], jobs, dask)
    for number, (entry, result) in enumerate(zip(used, heard, strict=True), 1):
        if isinstance(result, Failure):
            raise WorkError(f"{short(entry.ref.id)}: {result.why}")
        labels = entry.labels
        person = f"{entry.corpus}/{labels.subject}"
        cases.append(Case(person, labels.fell, labels.fall_direction == "backward", result.figures))
        if progress is not None:
            progress(number)
    check(cases)
    judged = judge(cases, folds, seed)
    names = [entry.ref.id for entry in used]
    scores = tuple(score(judged, threshold) for threshold in THRESHOLDS)
    return Learnt(fit(cases), scores, tuple(zip(names, judged, strict=True)))


def data_of(entries: Sequence[Entry]) -> list[str]:
    """Describe each corpus in a line: its name, what it holds, and a hash of its files."""
    lines = []
    for folder in dict.fromkeys(entry.ref.source for entry in entries):
        ours = [entry for entry in entries if entry.ref.source == folder]
        people = len({entry.labels.subject for entry in ours})
        digest = hashlib.sha256()
        for name in (TRIALS, SAMPLES):
            with (folder / name).open("rb") as file:
                digest.update(hashlib.file_digest(file, "sha256").digest())
        lines.append(f"{ours[0].corpus}, {len(ours)} trials of {people} people, {digest.hexdigest()[:_HASH_SHOWN]}")
    return lines


def newest(entries: Sequence[Entry]) -> str:
    """Give the day (UTC, YYYY-MM-DD) on which the newest of the corpora was last changed."""
    folders: set[Path] = {entry.ref.source for entry in entries}
    last = max((folder / name).stat().st_mtime for folder in folders for name in (TRIALS, SAMPLES))
    return datetime.fromtimestamp(last, UTC).strftime("%Y-%m-%d")
