"""The truth of windows and stretches, from labels and speeds made by hand."""

import numpy as np
import pytest

from backbeat_host.lab.scores.labels import Labels
from backbeat_host.lab.scores.windows import BRISK_BAND, NO_BAND, SLOW_BAND, Stretch, side, stretches, windows


def labels(seconds, kind="movement", **more):
    return Labels("t", seconds, kind, **more)


def going(*parts):
    """`going((5, 1.0, 0.0), ...)`: seconds, forward, left."""
    return np.concatenate([np.tile([forward, left], (round(104 * s), 1)) for s, forward, left in parts]).astype(float)


def ends(found):
    return [(one.end, one.travel, one.band) for one in found]


def test_windows_follow_each_other_from_the_start_and_what_is_left_is_none():
    speeds = going((5, 1.0, 0.1), (5, -0.5, 0.0), (5, 0.0, 0.4), (4, 0.0, -1.0))
    assert ends(windows(labels(19), speeds)) == [
        (5, "forward", BRISK_BAND),
        (10, "backward", SLOW_BAND),
        (15, "left", SLOW_BAND),
    ]


def test_a_trial_of_three_to_five_seconds_is_one_window():
    assert ends(windows(labels(4), going((4, 0.0, -1.0)))) == [(4, "right", BRISK_BAND)]
    assert windows(labels(2.9), going((2.9, 1.0, 0.0))) == []


@pytest.mark.parametrize("speed", [0.0, 0.29])
def test_who_hardly_moves_has_no_way(speed):
    assert windows(labels(5), going((5, speed, 0.0))) == []


def test_a_window_that_turns_has_no_way():
    half = going((3, 1.0, 0.0), (2, 0.0, 1.0))  # the mean is 33.7 degrees left: two fifths lie 56 degrees off it
    assert ends(windows(labels(5), half)) == [(5, "forward", SLOW_BAND if np.hypot(0.6, 0.4) <= 0.6 else BRISK_BAND)]
    there_and_back = going((3.5, 1.0, 0.0), (1.5, -0.5, 0.0))  # 30 % go the other way
    assert windows(labels(5), there_and_back) == []
    mostly = going((4.2, 1.0, 0.0), (0.8, -0.5, 0.0))  # 16 %
    assert ends(windows(labels(5), mostly)) == [(5, "forward", BRISK_BAND)]


def test_four_fifths_of_a_window_must_be_known():
    speeds = going((5, 1.0, 0.0))
    speeds[:104] = np.nan
    assert len(windows(labels(5), speeds)) == 1
    speeds[:105] = np.nan
    assert windows(labels(5), speeds) == []


@pytest.mark.parametrize(
    ("kind", "activity", "way"),
    [
        ("daily", "walking slowly", "forward"),
        ("daily", "Jogging", "forward"),
        ("daily", "stairs slowly", None),
        ("fall", "walking, then a fall", None),
        ("gait", "walking test", None),
    ],
)
def test_plain_walking_and_jogging_go_forward(kind, activity, way):
    found = windows(labels(12, kind, activity=activity))
    assert ends(found) == ([(5, way, NO_BAND), (10, way, NO_BAND)] if way else [])


def test_the_label_of_a_trial_goes_before_all_else():
    found = windows(labels(5, "daily", activity="jogging", travel="backward"), going((5, 1.0, 0.0)))
    assert ends(found) == [(5, "backward", NO_BAND)]


@pytest.mark.parametrize(
    ("forward", "left", "way"),
    [(1, 0.9, "forward"), (-1, 0.9, "backward"), (0.9, 1, "left"), (-0.9, -1, "right"), (1, -1, "forward")],
)
def test_a_speed_lies_in_a_quarter(forward, left, way):
    assert side(forward, left) == way


def test_stretches_begin_where_a_way_begins():
    speeds = going((4, 0.0, 0.0), (8, 1.0, 0.0), (8, -1.0, 0.0), (3, 0.0, 1.0))
    found = stretches(labels(23), speeds)
    assert [(one.travel, one.changed) for one in found] == [("forward", False), ("backward", True)]
    assert [one.first for one in found] == pytest.approx([4.0, 12.0], abs=0.5)


def test_a_trial_with_one_way_is_one_stretch():
    assert stretches(labels(20, travel="left")) == [Stretch(0, 20, "left", False)]
    assert stretches(labels(20, travel="still")) == stretches(labels(4, travel="left")) == stretches(labels(20)) == []
