"""Windows right and wrong, and how soon, worked out by hand."""

import numpy as np
import pytest

from backbeat_host.lab.scores.intervals import Share
from backbeat_host.lab.scores.travel import in_force, score_travel


def test_the_answer_in_force_is_the_last_one_told():
    told = [(2.0, "forward"), (5.0, "left"), (5.0, "right")]
    assert [in_force(told, t) for t in (1.9, 2.0, 4.9, 5.0, 99.0)] == [
        "nothing",
        "forward",
        "forward",
        "right",
        "right",
    ]


def test_windows_are_right_when_the_answer_at_their_end_is(case):
    scores = score_travel(
        [
            case(activity="jogging", seconds=20, travel=[(4.0, "forward"), (11.0, "backward"), (19.0, "forward")]),
            case(activity="walking", seconds=10, travel=[(5.001, "forward")]),
            case(activity="sitting", seconds=10, travel=[(5.0, "forward")]),
        ]
    )
    assert scores.right == Share(4, 6)
    found = [(one.gait, one.travel, one.right, one.answers) for one in scores.groups]
    assert found == [
        ("running", "forward", Share(3, 4), {"forward": 3, "backward": 1}),
        ("walking", "forward", Share(1, 2), {"nothing": 1, "forward": 1}),
    ]
    assert scores.by_band == {"speed not known": Share(4, 6)}


def test_a_band_sums_up_walking_and_running_and_nothing_else(case):
    fast, slow = np.tile([-1.0, 0.0], (520, 1)), np.tile([-0.5, 0.0], (520, 1))
    backward = [(3.0, "backward")]
    scores = score_travel(
        [
            case("movement", activity="walk-back", seconds=5, travel=backward, speeds=fast),
            case("movement", activity="run", seconds=5, speeds=fast),
            case("movement", activity="run", seconds=5, travel=backward, speeds=slow),
            case("movement", activity="dance", seconds=5, travel=backward, speeds=fast),
        ]
    )
    assert scores.by_band == {"above 0.6 m/s": Share(1, 2), "0.3 to 0.6 m/s": Share(1, 1)}
    assert scores.right == Share(3, 4)


def test_a_start_and_a_change_are_timed(case):
    there_and_back = np.concatenate([np.tile([1.0, 0.0], (1040, 1)), np.tile([-1.0, 0.0], (1040, 1))])
    quick = case(
        "movement", seconds=20, speeds=there_and_back, travel=[(3.5, "forward"), (12.0, "left"), (14.0, "backward")]
    )
    never = case("movement", seconds=20, speeds=there_and_back, travel=[(0.2, "forward")])
    scores = score_travel([quick, never])
    assert scores.starts.within == Share(2, 2)
    assert sorted([scores.starts.seconds.median, scores.starts.seconds.mean]) == pytest.approx([1.5, 1.5], abs=0.01)
    assert scores.changes.within == Share(1, 2)
    assert scores.changes.seconds.count == 1
    assert scores.changes.seconds.median == pytest.approx(4.0, abs=0.6)


def test_without_truth_there_is_nothing_to_score(case):
    assert score_travel([case(travel=[(1.0, "forward")])]) is None
