"""How far a cadence, as told, lies from the true one: over the same steps, over a whole recording, over 5 s.

A step that was missed or told too many counts in precision and recall, and not in the cadence again: a runner who sets
off makes every step quicker than the one before, so to leave one out on one side alone is to compare other strides.
"""

from collections.abc import Sequence
from itertools import pairwise
from typing import Final

import numpy as np
import numpy.typing as npt

from backbeat_host.lab.scores.matching import WITHIN_S, matched
from backbeat_host.lab.scores.told import Case

Floats = npt.NDArray[np.float64]

PAUSE_S: Final = 2.0  # without a step: below 40 steps a minute, nobody walks
FEWEST: Final = 4  # steps that make a cadence
EDGE_S: Final = 0.1  # a span may begin a row or two after its first mark
OWN_WINDOW_S: Final = 5.0  # of the device's own figure
FOLLOWED: Final = 0.5  # share of the gaps that must be between the same steps


def stretches(case: Case, truth: Floats) -> list[tuple[int, int]]:
    """Give the places (first, beyond the last) of steps that follow each other without a pause, four or more.

    A `walking` span is one by itself.
    """
    if not len(truth):
        return []
    if case.labels.walking is not None:
        spans = case.labels.walking
        ends = [(int(np.searchsorted(truth, a - EDGE_S)), int(np.searchsorted(truth, b + EDGE_S))) for a, b in spans]
    else:
        breaks = (np.flatnonzero(np.diff(truth) > PAUSE_S) + 1).tolist()
        ends = list(zip([0, *breaks], [*breaks, len(truth)], strict=True))
    return [(first, last) for first, last in ends if last - first >= FEWEST]


def whole_error(walked: Sequence[Floats], told: Floats) -> float:
    """Give the error (spm) of a recording's cadence by the usual gap of all its stretches."""
    return abs(_usual([_near(marks, told) for marks in walked]) - _usual(walked))


def same_steps_error(walked: Sequence[Floats], told: Floats) -> float:
    """Give the error (spm) of the cadence of those steps that follow each other in both, none missed or too many.

    Cadence is the slope of the line, by least squares, of the steps' numbers against their times: a mean gap would hang
    on the first and the last step alone. Where less than half of the gaps are between the same steps, as when every
    step is told twice, the error is that of the whole recording.
    """
    gaps, true, felt, weight = 0, 0.0, 0.0, 0.0
    for marks in walked:
        near = _near(marks, told)
        for run in _runs(matched(marks, near)):
            number = np.arange(len(run)) - (len(run) - 1) / 2
            places = np.array(run)
            true += float(number @ marks[places[:, 0]])
            felt += float(number @ near[places[:, 1]])
            weight += float(number @ number)
            gaps += len(run) - 1
    if gaps < FOLLOWED * sum(len(marks) - 1 for marks in walked):
        return whole_error(walked, told)
    return abs(60 * weight / felt - 60 * weight / true)


def own_errors(case: Case, marks: Floats) -> list[float]:
    """Hold its own figures against the marks of the same 5 s, where these lie wholly within the stretch."""
    errors = []
    for t, spm in case.told.cadence:
        window = marks[(marks > t - OWN_WINDOW_S) & (marks <= t)]
        if marks[0] <= t - OWN_WINDOW_S and t <= marks[-1] and len(window) >= FEWEST:
            errors.append(abs(spm - _usual([window])))
    return errors


def _near(marks: Floats, told: Floats) -> Floats:
    return np.asarray(told[(told >= marks[0] - WITHIN_S) & (told <= marks[-1] + WITHIN_S)])


def _runs(pairs: Sequence[tuple[int, int]]) -> list[list[tuple[int, int]]]:
    """Part the pairs (mark, told) where a step was missed or told too many."""
    runs = [[pair] for pair in pairs[:1]]
    for before, pair in pairwise(pairs):
        if pair == (before[0] + 1, before[1] + 1):
            runs[-1].append(pair)
        else:
            runs.append([pair])
    return runs


def _usual(walked: Sequence[Floats]) -> float:
    """Give the cadence of the usual gap of all stretches, the mean of those within a third of the median; else 0.

    So neither a pause nor a single step that was missed counts.
    """
    gaps = np.concatenate([np.diff(steps) for steps in walked])
    if len(gaps) == 0 or (middle := float(np.median(gaps))) <= 0:
        return 0.0
    usual = gaps[np.abs(gaps - middle) <= middle / 3]
    return 60 / (float(np.mean(usual)) if len(usual) else middle)
