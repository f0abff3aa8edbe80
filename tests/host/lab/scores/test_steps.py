"""Steps and cadence, worked out by hand."""

import numpy as np
import pytest

from backbeat_host.lab.scores.intervals import Share
from backbeat_host.lab.scores.steps import offsets_of, score_steps, score_trial

HALF = [1.0 + 0.5 * k for k in range(21)]  # 1 to 11 s, 120 spm


def test_missed_late_and_needless_steps(case):
    told = [*HALF[:10], HALF[10] + 0.15, *HALF[12:], 12.0]  # one late by too much, one missing, one after the end
    scores = score_trial(case(truth=HALF, told=told, seconds=20), 0.0)
    assert (scores.truth, scores.told, scores.hits) == (21, 21, 19)
    assert scores.f1 == pytest.approx(19 / 21)
    assert (scores.precision, scores.recall) == (Share(19, 21), Share(19, 21))


def test_one_constant_offset_a_corpus_is_taken_off_before(case):
    late = case(corpus="late", truth=HALF, told=np.array(HALF) + 0.2, activity="walking")
    soon = case(corpus="soon", truth=HALF, told=np.array(HALF) - 0.09, activity="run")
    groups, offsets = score_steps([late, soon])
    assert offsets == {"late": pytest.approx(0.2), "soon": pytest.approx(-0.09)}
    assert groups["all"].hits == 42 and groups["all"].apart.p95 == pytest.approx(0, abs=1e-9)
    assert (groups["walking"].trials, groups["running"].trials) == (1, 1)
    assert "other" not in groups


def test_only_what_lies_in_walking_spans_counts(case):
    told = [*HALF, 0.2, 5.75, 10.0]
    one = case(truth=HALF, told=sorted(told), walking=((1.0, 5.0), (8.0, 11.0)))
    scores = score_trial(one, 0.0)
    assert scores.truth == 9 + 7
    assert scores.hits == 16
    assert scores.told == 16 + 1  # the second step told at 10; 0.2 and 5.75 lie outside


def test_a_step_told_in_the_margin_of_a_span_belongs_to_its_edge(case):
    scores = score_trial(case(truth=HALF, told=[0.92, *HALF[1:], 11.15], walking=((1.01, 11.0),)), 0.0)
    assert (scores.truth, scores.hits, scores.told) == (21, 21, 21)


def test_steps_told_in_the_stillness_around_a_recording_do_not_count(case):
    scores = score_trial(case(truth=HALF, told=[-1.0, *HALF, 14.0], seconds=12), 0.0)
    assert scores.told == 21


def test_feet_take_turns_where_they_are_told(case):
    told = [*HALF[:4], *HALF[10:13]]  # a pause of 3.5 s before the last three
    feet = ["", "left", "right", "right", "right", "left", ""]
    scores = score_trial(case(truth=HALF, told=told, feet=feet), 0.0)
    assert (scores.footed, scores.alternating) == (Share(5, 7), Share(2, 3))
    scores.add(score_trial(case(truth=HALF, told=told), 0.0))  # by one who never tells
    assert scores.footed == Share(5, 7)


def test_doubled_marks_are_one_step(case):
    scores = score_trial(case(truth=sorted([*HALF, *[at + 0.03 for at in HALF]]), told=HALF), 0.0)
    assert (scores.truth, scores.hits) == (21, 21)


def test_coarse_marks_and_short_trials_are_kept_apart(case):
    groups, _ = score_steps(
        [
            case(truth=HALF, told=HALF, fps=30.0),
            case(truth=HALF[:7], told=HALF[:7]),
            case(truth=HALF, told=HALF, fps=60.0),
        ]
    )
    assert (groups["all"].trials, groups["coarse marks"].trials) == (1, 2)


def test_coarse_marks_give_the_offset_only_where_there_are_no_others(case):
    coarse = case(truth=HALF, told=np.array(HALF) + 0.1, fps=30.0)
    fine = case(truth=HALF, told=np.array(HALF) + 0.02)
    assert offsets_of([coarse]) == {"a": pytest.approx(0.1)}
    assert offsets_of([coarse, fine]) == {"a": pytest.approx(0.02)}


def test_trials_without_marks_or_without_told_steps_are_no_part_of_it(case):
    assert score_steps([case(told=HALF), case(truth=HALF)]) == ({}, {})
    assert score_steps([case(truth=[], told=[1.0])])[0] == {}
