"""Logistic regression by Newton's method, in so few lines that the same figures give the same weights anywhere."""

from typing import Final

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]

RIDGE: Final = 1.0  # on the weights of figures in their usual spread: few cases lie near the border
_STEPS: Final = 100
_ENOUGH: Final = 1e-10
_FARTHEST: Final = 30.0  # log odds: beyond them it is as good as sure


def logistic(
    figures: Floats, positive: npt.NDArray[np.bool_], spread: Floats, ridge: float = RIDGE
) -> tuple[Floats, float]:
    """Fit the log odds of `positive` (cases,) as a sum of weighted `figures` (cases, figures) and a bias.

    `spread` (figures,) is how far each figure usually lies from its mean. Returns the weights of the figures as they
    are, and the bias.
    """
    mean = figures.mean(axis=0)
    scaled = np.column_stack([(figures - mean) / spread, np.ones(len(figures))])
    penalty = np.diag([ridge] * figures.shape[1] + [0.0])
    found = np.zeros(figures.shape[1] + 1)
    for _ in range(_STEPS):
        sure = 1 / (1 + np.exp(-np.clip(scaled @ found, -_FARTHEST, _FARTHEST)))
        slope = scaled.T @ (sure - positive) + penalty @ found
        bend = (scaled.T * (sure * (1 - sure))) @ scaled + penalty
        step = np.linalg.solve(bend, slope)
        found = found - step
        if float(np.abs(step).max()) < _ENOUGH:
            break
    weights: Floats = found[:-1] / spread
    return weights, float(found[-1] - weights @ mean)
