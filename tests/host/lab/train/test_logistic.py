"""The fit alone: it finds what made the cases, and the same every time."""

import numpy as np
import pytest

from backbeat_host.lab.train.logistic import logistic

SPREAD = np.array([1.0, 40.0, 0.2])


def made(weights: list[float], bias: float, count: int = 4000) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(1)
    figures = rng.normal(3.0, SPREAD[: len(weights)], (count, len(weights)))
    return figures, rng.random(count) < 1 / (1 + np.exp(-(figures @ weights + bias)))


def test_it_finds_the_weights_that_made_the_cases() -> None:
    figures, positive = made([1.5, 0.02, -4.0], 7.0)
    weights, bias = logistic(figures, positive, SPREAD, ridge=1e-6)
    assert weights == pytest.approx([1.5, 0.02, -4.0], rel=0.15)
    assert bias == pytest.approx(7.0, rel=0.25)


def test_its_slope_is_zero_where_it_ends() -> None:
    figures, positive = made([1.5, 0.02, -4.0], 7.0)
    weights, bias = logistic(figures, positive, SPREAD, ridge=0.0)
    miss = 1 / (1 + np.exp(-(figures @ weights + bias))) - positive
    assert np.abs(figures.T @ miss).max() < 1e-4 * len(figures)
    assert abs(miss.sum()) < 1e-6


def test_cases_that_a_line_parts_get_finite_weights() -> None:
    figures = np.arange(20.0)[:, None]
    weights, bias = logistic(figures, figures[:, 0] > 9.5, np.array([6.0]))
    assert 0 < weights[0] < 10
    assert -bias / weights[0] == pytest.approx(9.5, abs=0.2)


def test_a_figure_that_never_changes_weighs_nothing() -> None:
    figures, positive = made([1.5], 0.0)
    weights, _ = logistic(np.column_stack([figures, np.full(len(figures), 7.0)]), positive, SPREAD[:2])
    assert weights[1] == pytest.approx(0)


def test_the_same_cases_give_the_same_bits() -> None:
    cases = made([1.5, 0.02, -4.0], 7.0)
    assert logistic(*cases, SPREAD)[0].tobytes() == logistic(*cases, SPREAD)[0].tobytes()
