"""Matching of steps, against hand-worked cases and against the best there is."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.optimize import linear_sum_assignment

from backbeat_host.lab.scores.matching import matched, offset, single

TIMES = st.lists(st.integers(0, 300), max_size=25).map(lambda times: np.array(sorted(times), dtype=float) / 100)


def array(*times: float) -> np.ndarray:
    return np.array(times, dtype=float)


def test_a_mark_that_follows_another_at_once_is_the_same_step():
    assert single(array(1.0, 1.0, 1.1, 1.14, 1.2, 2.0)).tolist() == [1.0, 1.2, 2.0]  # 1.2 is 0.2 after the one kept
    assert single(array()).tolist() == []


def test_each_step_is_matched_once():
    assert matched(array(1.0, 2.0), array(0.95, 1.05, 2.2)) == [(0, 0)]
    assert matched(array(1.0, 1.15), array(1.07)) == [(0, 0)]


def test_the_tolerance_itself_is_within():
    assert matched(array(1.0), array(1.1)) == [(0, 0)]
    assert matched(array(1.0), array(1.101)) == []


def test_who_takes_the_nearest_first_would_lose_a_pair():
    # The told 1.08 is nearer to the mark 1.1 than the told 1.17 is, but then the mark 1.0 has none.
    assert matched(array(1.0, 1.1), array(1.08, 1.17)) == [(0, 0), (1, 1)]


@given(TIMES, TIMES)
def test_no_other_matching_has_more_pairs(truth, told):
    pairs = matched(truth, told)
    assert len({i for i, _ in pairs}) == len({j for _, j in pairs}) == len(pairs)
    assert all(abs(truth[i] - told[j]) <= 0.1 + 1e-6 for i, j in pairs)
    possible = np.abs(truth[:, None] - told[None, :]) <= 0.1 + 1e-9
    rows, columns = linear_sum_assignment(-possible.astype(int))
    assert len(pairs) == int(possible[rows, columns].sum())


def test_the_offset_is_the_one_that_most_share():
    marks = np.arange(1.0, 20.0, 0.5)
    told = marks + 0.12
    told[::5] += 0.07
    assert offset([(marks, told)]) == pytest.approx(0.12)
    assert offset([(marks, marks - 0.15), (marks, array())]) == pytest.approx(-0.15)


def test_steps_told_besides_do_not_pull_the_offset():
    marks = np.arange(1.0, 20.0, 0.5)
    besides = np.arange(1.3, 20.0, 2.0)
    assert offset([(marks, np.sort(np.concatenate([marks + 0.05, besides])))]) == pytest.approx(0.05)


def test_without_steps_there_is_no_offset():
    assert offset([]) == offset([(array(), array(1.0))]) == offset([(array(1.0), array(9.0))]) == 0
