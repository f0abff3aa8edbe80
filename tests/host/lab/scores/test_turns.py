"""Rolls and stumbles counted by hand."""

from backbeat_host.lab.scores.intervals import Hourly, Share
from backbeat_host.lab.scores.turns import confusion, score_rolls, score_stumbles


def test_a_roll_is_told_as_a_roll_as_a_fall_or_missed(case):
    scores = score_rolls(
        [
            case("roll", rolls=[5.0]),
            case("roll", rolls=[5.0], falls=[9.0]),
            case("roll", falls=[9.0]),
            case("roll", stumbles=[9.0]),
            case("roll"),
            case("flip", rolls=[5.0]),
        ]
    )
    assert (scores.as_roll, scores.as_fall, scores.missed) == (Share(1, 5), Share(2, 5), Share(2, 5))


def test_a_roll_in_place_of_a_fall_and_one_out_of_nothing(case):
    scores = score_rolls(
        [
            case("fall", rolls=[5.0]),
            case("fall", rolls=[5.0], falls=[4.0]),
            case("fall", falls=[4.0]),
            case("daily", rolls=[1.0, 9.0], seconds=1800),
            case("flip", rolls=[1.0]),
        ]
    )
    assert scores.falls_as_roll == Share(1, 3)
    assert scores.elsewhere == Hourly(2, 0.5)


def test_stumbles_are_counted_in_stumble_trials_and_elsewhere(case):
    scores = score_stumbles(
        [
            case(activity="stumble while walking", stumbles=[3.0, 8.0]),
            case(activity="stumble while walking"),
            case(activity="walking", stumbles=[3.0], seconds=7200),
            case("fall", stumbles=[3.0]),
        ]
    )
    assert scores.told == Share(1, 2)
    assert scores.elsewhere == Hourly(1, 2.0)


def test_the_gravest_that_was_told_counts(case):
    table = confusion([case(falls=[1.0], rolls=[2.0]), case(rolls=[1.0], stumbles=[2.0]), case(), case("fall")])
    assert table == {
        "fall": {"fall": 0, "roll": 0, "stumble": 0, "nothing": 1},
        "daily": {"fall": 1, "roll": 1, "stumble": 0, "nothing": 1},
    }
