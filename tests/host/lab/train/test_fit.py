"""Whole weights from trials that only say that one of their impacts was the fall."""

import numpy as np

from backbeat.sense import figures
from backbeat_host.lab.train.fit import Case, Weights, fit

FALLING = (2500, 2000, 900, 500, 990, 0, 60)
WALKING = (900, 300, 100, 950, 990, 700, 30)


def impacts(rng: np.random.Generator, *kinds: tuple[int, ...]) -> np.ndarray:
    rows = [np.array(kind) + rng.normal(0, 30, figures.COUNT) for kind in kinds]
    return np.array(rows).round().astype(np.int64).reshape(-1, figures.COUNT)


def cases(seed: int = 1) -> list[Case]:
    rng = np.random.default_rng(seed)
    falls = [Case(f"s{n % 5}", True, n % 2 == 0, impacts(rng, WALKING, FALLING, WALKING)) for n in range(30)]
    others = [Case(f"s{n % 5}", False, False, impacts(rng, WALKING, WALKING)) for n in range(30)]
    return [*falls, *others, Case("s1", False, False, impacts(rng))]


def test_the_impact_that_was_the_fall_is_found_among_the_others() -> None:
    found = fit(cases())
    for case in cases():
        assert (found.odds(case) > 0) == case.fall


def test_the_hardest_impact_need_not_be_the_fall() -> None:
    rng = np.random.default_rng(2)
    hard_stride = (3000, 100, -900, 950, 990, 740, 30)
    falls = [Case("a", True, False, impacts(rng, hard_stride, FALLING)) for _ in range(30)]
    others = [Case("b", False, False, impacts(rng, hard_stride, WALKING)) for _ in range(60)]
    found = fit([*falls, *others])
    assert all((found.odds(case) > 0) == case.fall for case in [*falls, *others])


def test_weights_are_whole_and_the_same_every_time() -> None:
    found = fit(cases())
    assert all(isinstance(value, int) for value in (found.bias, *found.of))
    assert len(found.of) == figures.COUNT
    assert fit(cases()) == found


def test_a_trial_is_as_sure_as_its_surest_impact_and_without_one_not_at_all() -> None:
    weights = Weights(-100, (1, 0, 0, 0, 0, 0, 0))
    pair = np.array([[90, 9, 9, 9, 9, 9, 9], [120, 0, 0, 0, 0, 0, 0]])
    assert weights.odds(Case("a", True, False, pair)) == 20
    assert weights.odds(Case("a", True, False, pair[:0])) < -(10**8)
