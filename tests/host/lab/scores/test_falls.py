"""Falls counted by hand."""

import pytest

from backbeat_host.lab.scores.falls import score_falls
from backbeat_host.lab.scores.intervals import Hourly, Share
from backbeat_host.lab.scores.told import Alarm


def test_a_fall_told_in_its_trial_is_found_and_a_second_one_is_false(case):
    scores = score_falls(
        [
            case("fall", falls=[5.0]),
            case("fall", falls=[5.0, 20.0, 40.0]),
            case("fall"),
        ]
    )
    assert scores.sensitivity == Share(2, 3)
    assert scores.specificity == Share(0, 0)
    assert scores.false_alarms == Hourly(2, 0.05)


@pytest.mark.parametrize("kind", ["daily", "gait", "movement"])
def test_a_fall_told_in_any_other_kind_is_false(case, kind):
    scores = score_falls([case(kind, falls=[5.0]), case(kind), case(kind), case(kind, falls=[1.0, 30.0])])
    assert scores.specificity == Share(2, 4)
    assert scores.false_alarms.count == 3


@pytest.mark.parametrize("kind", ["roll", "flip"])
def test_an_alarm_after_a_roll_is_false_only_while_its_person_is_upright_again(case, kind):
    lying, up, unknown = (Alarm(8.0, 5.0, "down", upright) for upright in (False, True, None))
    scores = score_falls([case(kind, falls=[lying]), case(kind, falls=[lying, up]), case(kind, falls=[unknown])])
    assert scores.specificity == Share(1, 3)
    assert scores.false_alarms.count == 2


def test_false_alarms_while_running_are_those_of_running_trials_without_a_fall(case):
    scores = score_falls(
        [
            case(activity="jogging slowly", seconds=1800, falls=[4.0]),
            case(activity="walking", seconds=3600, falls=[4.0]),
            case("fall", activity="trip jogging, fall forward", falls=[4.0, 9.0]),
        ]
    )
    assert scores.running == Hourly(1, 0.5)
    assert scores.false_alarms.rate == pytest.approx(3 / (1.5 + 1 / 60))
    assert score_falls([case()]).running is None


def test_directions_and_activities_are_counted_apart(case):
    scores = score_falls(
        [
            case("fall", falls=[1.0], fall_direction="forward", activity="slip"),
            case("fall", falls=[Alarm(3.0, 1.0, "sideways")], fall_direction="left", activity="slip"),
            case("fall", falls=[1.0], fall_direction="backward", activity="faint"),
            case("fall", fall_direction="backward", activity="faint"),
            case("fall", falls=[1.0], activity="faint"),
            case("daily", falls=[1.0, 20.0], activity="sit"),
        ]
    )
    assert scores.by_direction == {
        "backward": Share(1, 2),
        "forward": Share(1, 1),
        "left": Share(1, 1),
        "not known": Share(1, 1),
    }
    assert scores.direction_right == Share(2, 3)  # told: forward, sideways, forward (of a backward one)
    told = [(one.activity, one.fall, one.right, one.false_alarms) for one in scores.by_activity]
    assert told == [
        ("faint", True, Share(2, 3), 0),
        ("slip", True, Share(2, 2), 0),
        ("sit", False, Share(0, 1), 2),
    ]


def test_how_soon_a_fall_is_looked_at_and_told(case):
    scores = score_falls(
        [
            case("fall", falls=[Alarm(7.5, 5.0)], suspects=[(5.2, 5.0)]),
            case("fall", falls=[Alarm(8.0, 5.0)], suspects=[(5.4, 5.1), (9.0, 8.8)]),
            case("fall", falls=[Alarm(8.5, 5.0)], suspects=[(8.5, 5.0)]),  # with the alarm: not before it
        ]
    )
    assert (scores.decided_s.median, scores.decided_s.count) == (3.0, 3)
    assert (scores.suspected_s.count, scores.suspected_s.median) == (4, pytest.approx(0.25))
    assert scores.suspected == Share(2, 3)


def test_a_detector_that_never_looks_has_no_such_figures(case):
    scores = score_falls([case("fall", falls=None), case()])
    assert (scores.sensitivity, scores.decided_s, scores.suspected, scores.direction_right) == (
        Share(0, 1),
        None,
        None,
        None,
    )
