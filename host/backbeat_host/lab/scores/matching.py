"""Steps told against steps marked: which belongs to which, one to one, and the one constant offset between the two.

Pure figures in seconds; both series rise.
"""

from collections.abc import Sequence
from typing import Final

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]

WITHIN_S: Final = 0.1
ONE_STEP_S: Final = 0.15  # marks nearer than this are one step seen twice: nobody makes 400 steps a minute
FAR_S: Final = 0.4  # to the nearest told step while the offset is not known: beyond it is another step's
NEAR_S: Final = 0.2  # likewise once it is known roughly
_ROUNDS: Final = 3


def single(marks: Floats, apart_s: float = ONE_STEP_S) -> Floats:
    """Leave out each mark that follows the last one kept by less than `apart_s`."""
    kept: list[float] = []
    for mark in marks.tolist():
        if not kept or mark - kept[-1] >= apart_s - 1e-9:
            kept.append(mark)
    return np.array(kept, dtype=np.float64)


def matched(truth: Floats, told: Floats, within_s: float = WITHIN_S) -> list[tuple[int, int]]:
    """Pair as many as can be paired, one to one, no further than `within_s` apart; (truth, told) places.

    Taking the earliest that fits, in order, leaves no larger set of pairs: all tolerances are alike.
    """
    pairs: list[tuple[int, int]] = []
    marks, felt = truth.tolist(), told.tolist()
    i = j = 0
    while i < len(marks) and j < len(felt):
        apart = felt[j] - marks[i]
        if abs(apart) <= within_s + 1e-9:
            pairs.append((i, j))
            i += 1
            j += 1
        elif apart < 0:
            j += 1
        else:
            i += 1
    return pairs


def offset(trials: Sequence[tuple[Floats, Floats]]) -> float:
    """Give how much later (s) steps are told than marked: the median over all (truth, told) of a corpus.

    First to the nearest told step, then twice more among those near where the first guess puts them.
    """
    guess, reach = 0.0, FAR_S
    for _ in range(_ROUNDS):
        apart = [
            differences[np.abs(differences - guess) <= reach]
            for truth, told in trials
            if len(truth) and len(told)
            for differences in [_nearest(truth + guess, told) + guess]
        ]
        if not apart or not sum(map(len, apart)):
            return 0.0
        guess, reach = float(np.median(np.concatenate(apart))), NEAR_S
    return guess


def _nearest(marks: Floats, told: Floats) -> Floats:
    """Give for each mark the difference to the told step nearest to it."""
    right = np.clip(np.searchsorted(told, marks), 0, len(told) - 1)
    left = np.clip(right - 1, 0, None)
    after, before = told[right] - marks, told[left] - marks
    return np.where(np.abs(after) < np.abs(before), after, before)
