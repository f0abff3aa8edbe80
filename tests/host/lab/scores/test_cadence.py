"""Cadence against cadence, worked out by hand: the same steps, the whole recording, the device's own figure."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from backbeat_host.lab.scores.cadence import same_steps_error, whole_error
from backbeat_host.lab.scores.intervals import Share
from backbeat_host.lab.scores.steps import score_trial

HALF = np.array([1.0 + 0.5 * k for k in range(21)])  # 1 to 11 s, 120 spm


def both(truth, told):
    """The error over the same steps, and over the whole."""
    marks = np.asarray(truth, dtype=np.float64)
    return same_steps_error([marks], np.asarray(told, dtype=np.float64)), whole_error([marks], np.asarray(told))


def test_a_cadence_that_is_off_is_off_by_both():
    told = HALF * 1.02 - 0.02  # a fiftieth slower: 117.65 spm; half of it is soon more than 0.1 s late
    assert both(HALF, told) == pytest.approx((120 - 60 / 0.51, 120 - 60 / 0.51))


@pytest.mark.parametrize("told", [[*HALF[:4], *HALF[5:]], [*HALF[:4], 2.75, *HALF[4:]], HALF[3:], HALF[:15]])
def test_a_step_missed_or_too_many_counts_in_recall_and_precision_alone(told):
    assert both(HALF, told)[0] == pytest.approx(0)


def test_who_speeds_up_is_compared_over_the_same_strides():
    """The first, long stride is missed: no error of the cadence, though the mean gap is another."""
    truth = 1 + np.cumsum([0, 0.52, 0.5, 0.45, 0.4, 0.4, 0.4, 0.4, 0.4])
    same, whole = both(truth, truth[1:])
    assert same == pytest.approx(0) and whole > 2


@pytest.mark.parametrize("told, spm", [(np.sort([*HALF, *HALF + 0.25]), 240), (HALF[::2], 60), ([], 0)])
def test_cadence_doubled_halved_or_missing_counts_in_full(told, spm):
    assert both(HALF, told)[0] == both(HALF, told)[1] == pytest.approx(abs(120 - spm), abs=3)


def test_a_first_and_a_last_step_felt_late_weigh_no_more_than_others():
    told = HALF.copy()
    told[-1] += 0.09
    slope = np.polyfit(np.arange(21), told, 1)[0]
    assert both(HALF, told)[0] == pytest.approx(120 - 60 / slope)
    assert both(HALF, told)[0] < (120 - 60 / (np.diff(told).mean())) / 2


@given(st.lists(st.floats(0.25, 1.5), min_size=3, max_size=30), st.lists(st.booleans(), min_size=31, max_size=31))
def test_steps_that_are_told_in_time_are_never_off(gaps, missed):
    truth = np.cumsum([1.0, *gaps])
    told = truth[~np.array(missed)[: len(truth)]]
    same, whole = both(truth, told)
    assert same == pytest.approx(0, abs=1e-6) or same == whole


def test_gaps_of_which_none_is_usual_make_a_cadence_all_the_same():
    assert np.isfinite(both(HALF[:4], [HALF[0], HALF[0] + 0.2, HALF[0] + 1.4])).all()


def test_a_recording_has_one_cadence_without_its_pauses_and_what_is_no_walk(case):
    truth = [1.0, 1.5, 2.0, 2.5, 6.0, 6.3, 6.6, 12.0, 12.6, 13.2, 13.8]  # three steps in between are no walk
    scores = score_trial(case(truth=truth, told=truth), 0.0)
    assert scores.cadence_errors == scores.whole_errors == [0]
    nothing = score_trial(case(truth=truth, told=[]), 0.0)
    assert nothing.cadence_errors == nothing.whole_errors == pytest.approx([60 / 0.55])
    assert nothing.f1 == 0
    half = score_trial(case(truth=truth, told=truth[:4]), 0.0)
    assert half.whole_errors == pytest.approx([120 - 60 / 0.55])
    assert half.cadence_errors == pytest.approx([0])
    assert score_trial(case(truth=truth[4:7], told=truth[4:7]), 0.0).cadence_errors == []


def test_a_step_missed_at_the_edge_of_a_stretch_leaves_both_as_they_are(case):
    truth = [1.0, 1.5, 2.0, 2.5, 6.0, 6.5, 7.0, 7.5]
    scores = score_trial(case(truth=truth, told=[at for at in truth if at not in (2.5, 6.0)]), 0.0)
    assert scores.cadence_errors == scores.whole_errors == pytest.approx([0])


def test_the_share_within_one_spm_is_of_the_same_steps(case):
    close = score_trial(case(truth=HALF, told=HALF * 1.005), 0.0)
    far = score_trial(case(truth=HALF, told=HALF * 1.015), 0.0)
    assert (close.cadence_close, far.cadence_close) == (Share(1, 1), Share(0, 1))


def test_its_own_figure_is_held_against_the_same_five_seconds(case):
    figures = [(3.0, 90.0), (6.0, 121.0), (10.5, 118.0), (14.0, 0.0)]  # the first and last reach out of the walk
    scores = score_trial(case(truth=HALF, told=HALF, cadence=figures), 0.0)
    assert scores.own_errors == pytest.approx([1, 2])
    assert scores.own_close == Share(1, 2)
