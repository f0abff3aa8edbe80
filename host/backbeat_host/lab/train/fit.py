"""From what was heard in labelled trials to whole weights.

A trial of a fall says only that one of its impacts was the fall: the one that the weights so far find surest is taken
for it (at first all of them), and the weights are fitted anew, until nothing changes.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from backbeat_host.lab.train.listen import Figures
from backbeat_host.lab.train.logistic import Floats, logistic

ODDS: Final = 1_000_000  # weights are in millionths of log odds
SPREAD: Final = np.array([900.0, 1000.0, 1000.0, 275.0, 125.0, 300.0, 5.0])
"""Of each figure over SisFall's weighings, rounded; fixed, so that few or like recordings do not blow a weight up."""

_ROUNDS: Final = 10
_NOTHING: Final = -(1 << 30)  # log odds of a trial in which nothing was weighed


@dataclass(frozen=True)
class Case:
    """One trial: whose it is, whether it is a fall (and which way), and what was weighed in it."""

    subject: str
    fall: bool
    backward: bool
    figures: Figures


@dataclass(frozen=True)
class Weights:
    """Of the device's figures, in its order; whole, in millionths of log odds."""

    bias: int
    of: tuple[int, ...]

    def odds(self, case: Case) -> int:
        """Give the log odds that the device finds in a trial: those of its surest impact."""
        if not len(case.figures):
            return _NOTHING
        return int((case.figures @ np.array(self.of) + self.bias).max())


def fit(cases: Sequence[Case]) -> Weights:
    """Find the weights that tell the falls among the cases from the others; needs some of both, weighed."""
    figures = np.concatenate([case.figures for case in cases]).astype(np.float64)
    trial = np.repeat(np.arange(len(cases)), [len(case.figures) for case in cases])
    fall = np.array([case.fall for case in cases])[trial]
    surest = fall  # at first any of them
    for _ in range(_ROUNDS):
        used = surest | ~fall
        weights, bias = logistic(figures[used], surest[used], SPREAD)
        again = _surest(figures @ weights + bias, trial, fall)
        if (again == surest).all():
            break
        surest = again
    return Weights(round(bias * ODDS), tuple(round(float(weight) * ODDS) for weight in weights))


def _surest(odds: Floats, trial: npt.NDArray[np.int_], fall: npt.NDArray[np.bool_]) -> npt.NDArray[np.bool_]:
    """Mark in each trial of a fall the impact with the highest odds, the first of equals."""
    order = np.lexsort((np.arange(len(odds)), -odds, trial))
    first = np.ones(len(order), dtype=np.bool_)
    first[1:] = trial[order][1:] != trial[order][:-1]
    marked = np.zeros(len(odds), dtype=np.bool_)
    marked[order[first]] = True
    return marked & fall
