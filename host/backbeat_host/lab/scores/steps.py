"""Steps and cadence, held against marked foot strikes.

A step counts when it is told within 0.1 s of its mark, after one constant offset for each corpus. Where `walking` spans
are given, only what lies in them counts. Marks of films below 60 pictures a second, and trials of fewer than eight
steps, are scored apart: a frame there is as long as the tolerance's sixth, or the edges outweigh the rest.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Final

import numpy as np
import numpy.typing as npt

from backbeat_host.lab.scores.cadence import EDGE_S, PAUSE_S, own_errors, same_steps_error, stretches, whole_error
from backbeat_host.lab.scores.intervals import Share, Spread, share, spread
from backbeat_host.lab.scores.matching import WITHIN_S, matched, offset, single
from backbeat_host.lab.scores.told import Case

Floats = npt.NDArray[np.float64]

FINE_FPS: Final = 60.0
ENOUGH: Final = 8  # steps in a trial
ONE_SPM: Final = 1.0

ALL, COARSE = "all", "coarse marks"


@dataclass
class StepScores:
    """One group's counts: steps, cadence of each recording, and the detector's own 5 s figure."""

    trials: int = 0
    truth: int = 0
    told: int = 0
    hits: int = 0
    f1s: list[float] = field(default_factory=list)  # of each trial
    apart_s: list[float] = field(default_factory=list)
    cadence_errors: list[float] = field(default_factory=list)
    whole_errors: list[float] = field(default_factory=list)
    own_errors: list[float] = field(default_factory=list)
    footed: Share = field(default_factory=lambda: Share(0, 0))  # whose foot was told
    alternating: Share = field(default_factory=lambda: Share(0, 0))  # with the foot before

    @property
    def precision(self) -> Share:
        """Told steps that are steps."""
        return Share(self.hits, self.told)

    @property
    def recall(self) -> Share:
        """Steps that were told."""
        return Share(self.hits, self.truth)

    @property
    def f1(self) -> float | None:
        """Both in one figure: their harmonic mean."""
        return 2 * self.hits / (self.truth + self.told) if self.truth + self.told else None

    @property
    def f1_by_trial(self) -> Spread | None:
        """F1 of each trial: one with irregular marks weighs no more than another."""
        return spread(self.f1s)

    @property
    def apart(self) -> Spread | None:
        """How far matched steps lie from their mark, s, after the offset."""
        return spread(self.apart_s)

    @property
    def cadence(self) -> Spread | None:
        """Absolute error of each recording's cadence, spm: of the steps that follow each other in both."""
        return spread(self.cadence_errors)

    @property
    def whole(self) -> Spread | None:
        """That of all its steps, missed and needless ones included, by the usual gap."""
        return spread(self.whole_errors)

    @property
    def cadence_close(self) -> Share:
        """Recordings whose cadence is within 1 spm."""
        return share(error <= ONE_SPM for error in self.cadence_errors)

    @property
    def own(self) -> Spread | None:
        """Absolute error of the detector's own 5 s figure, spm."""
        return spread(self.own_errors)

    @property
    def own_close(self) -> Share:
        """Its figures within 1 spm."""
        return share(error <= ONE_SPM for error in self.own_errors)

    def add(self, other: "StepScores") -> None:
        """Count another's as well."""
        self.trials += other.trials
        self.truth += other.truth
        self.told += other.told
        self.hits += other.hits
        self.f1s += other.f1s
        self.apart_s += other.apart_s
        self.cadence_errors += other.cadence_errors
        self.whole_errors += other.whole_errors
        self.own_errors += other.own_errors
        self.footed += other.footed
        self.alternating += other.alternating


def score_steps(cases: Sequence[Case]) -> tuple[dict[str, StepScores], dict[str, float]]:
    """Score by group (`all`, then by gait, then the coarse ones apart) and give each corpus's offset in s."""
    marked = [case for case in cases if case.labels.steps is not None and case.told.steps is not None]
    offsets = offsets_of(marked)
    groups: dict[str, StepScores] = {ALL: StepScores()}
    for gait in ("walking", "running", "other"):
        groups[gait] = StepScores()
    groups[COARSE] = StepScores()
    for case in marked:
        scores = score_trial(case, offsets[case.corpus])
        if fine(case):
            groups[ALL].add(scores)
            groups[case.labels.gait].add(scores)
        else:
            groups[COARSE].add(scores)
    return {name: scores for name, scores in groups.items() if scores.truth}, offsets


def offsets_of(cases: Iterable[Case]) -> dict[str, float]:
    """Give each corpus's offset: of its fine trials, or of all where none is fine."""
    by_corpus: dict[str, list[Case]] = {}
    for case in cases:
        if case.labels.steps is not None and case.told.steps is not None:
            by_corpus.setdefault(case.corpus, []).append(case)
    return {
        corpus: offset([_within(case, 0.0) for case in ([case for case in ours if fine(case)] or ours)])
        for corpus, ours in by_corpus.items()
    }


def fine(case: Case) -> bool:
    """Tell whether a trial has enough steps, marked finely enough."""
    labels = case.labels
    assert labels.steps is not None
    return (labels.fps is None or labels.fps >= FINE_FPS) and len(single(labels.steps)) >= ENOUGH


def score_trial(case: Case, late_s: float) -> StepScores:
    """Score one trial whose steps are told `late_s` after their marks."""
    truth, told = _within(case, late_s)
    told = told - late_s
    pairs = matched(truth, told)
    inside = _inside(told, _spans(case), 0.0)
    inside[[at for _, at in pairs]] = True  # told beyond an edge, of a step within it
    scores = StepScores(1, len(truth), int(inside.sum()), len(pairs))
    if scores.f1 is not None:
        scores.f1s.append(scores.f1)
    scores.apart_s = [abs(float(told[j] - truth[i])) for i, j in pairs]
    walked = [truth[first:last] for first, last in stretches(case, truth)]
    if walked:
        scores.cadence_errors.append(same_steps_error(walked, told))
        scores.whole_errors.append(whole_error(walked, told))
    for marks in walked:
        scores.own_errors += own_errors(case, marks)
    if case.told.feet:
        scores.footed, scores.alternating = _feet(case, late_s)
    return scores


def _feet(case: Case, late_s: float) -> tuple[Share, Share]:
    """Nobody marked feet, but they take turns: give the steps whose foot was told, and how many of those do so."""
    assert case.told.steps is not None
    told = case.told.steps
    inside = np.flatnonzero(_inside(told - late_s, _spans(case), EDGE_S))
    pairs = [
        (case.told.feet[one], case.told.feet[other])
        for one, other in pairwise(inside.tolist())
        if other == one + 1 and told[other] - told[one] < PAUSE_S
    ]
    return share(bool(case.told.feet[at]) for at in inside), share(
        one != other for one, other in pairs if one and other
    )


def _spans(case: Case) -> tuple[tuple[float, float], ...]:
    return case.labels.walking if case.labels.walking is not None else ((0.0, case.labels.seconds),)


def _within(case: Case, late_s: float) -> tuple[Floats, Floats]:
    """Give the marks within the spans or at their edges, each step once, and what was told there or near it."""
    assert case.labels.steps is not None and case.told.steps is not None
    spans = _spans(case)
    truth = single(case.labels.steps)
    told = case.told.steps
    return truth[_inside(truth, spans, EDGE_S)], told[_inside(told - late_s, spans, EDGE_S + WITHIN_S)]


def _inside(times: Floats, spans: Iterable[tuple[float, float]], margin_s: float) -> npt.NDArray[np.bool_]:
    inside = np.zeros(len(times), dtype=np.bool_)
    for first, last in spans:
        inside |= (times >= first - margin_s - 1e-9) & (times <= last + margin_s + 1e-9)
    return inside
