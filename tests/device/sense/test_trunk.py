"""What the trunk did: postures, turns, sways, straightness, on blocks laid down by hand."""

import pytest

from backbeat import events
from backbeat.sense.trunk import UPRIGHT

from .trunks import Felt, trunk_of


def test_who_leans_less_than_41_degrees_stands():
    assert trunk_of((20, Felt((640, 0, 768)))).stands()
    assert not trunk_of((20, Felt((680, 0, 733)))).stands()
    assert not trunk_of().stands()


def test_two_postures_are_compared_by_cosines():
    trunk = trunk_of((60, Felt()), (40, Felt((800, 0, 600))))
    trunk.compare(60, 62, 73)
    assert (trunk.before, trunk.after, trunk.change) == pytest.approx((999, 599, 598), abs=3)


@pytest.mark.parametrize(
    ("rate", "direction"),
    [
        ((0, 100, 0), events.FALL_FORWARD),
        ((0, -100, 0), events.FALL_BACKWARD),
        ((100, 0, 0), events.FALL_SIDEWAYS),
        ((-100, 60, 0), events.FALL_SIDEWAYS),
        ((0, 20, 0), events.FALL_DOWN),
    ],
)
def test_the_turn_gives_the_direction(rate, direction):
    trunk = trunk_of((50, Felt()), (13, Felt(rate=rate)), (5, Felt()))
    trunk.turned(60, 68)
    assert trunk.turn == pytest.approx((rate[0] ** 2 + rate[1] ** 2) ** 0.5, abs=1)
    assert trunk.direction == direction


@pytest.mark.parametrize(
    ("lying", "direction"),
    [
        ((-900, 0, 400), events.FALL_FORWARD),  # face down
        ((100, 900, 400), events.FALL_SIDEWAYS),  # on the right side
        ((100, -900, 400), events.FALL_FORWARD),  # on the left one, though it turned to the right: rolled over
        ((900, 0, 400), events.FALL_SIDEWAYS),  # on the back
    ],
)
def test_how_one_lies_speaks_for_the_direction_too(lying, direction):
    trunk = trunk_of((50, Felt()), (13, Felt(rate=(50, 60, 0))), (20, Felt(lying)))
    trunk.turned(60, 68)
    assert trunk.direction == events.FALL_FORWARD
    trunk.lay(70, 83)
    assert trunk.direction == direction


def test_who_sank_down_lies_in_no_direction():
    trunk = trunk_of((50, Felt()), (13, Felt(rate=(0, 20, 0))), (20, Felt((900, 0, 400))))
    trunk.turned(60, 68)
    trunk.lay(70, 83)
    assert trunk.direction == events.FALL_DOWN


def test_a_turn_there_and_back_was_a_turn_but_is_none_on_the_whole():
    trunk = trunk_of((50, Felt()), (5, Felt(rate=(0, 130, 0))), (5, Felt(rate=(0, -130, 0))))
    trunk.turned(50, 55)
    assert trunk.turn == 50
    assert trunk.spun(50, 60) == 0


def test_a_turn_about_one_axis_is_straight_and_a_zigzag_is_not():
    oblique = trunk_of((5, Felt()), (13, Felt(rate=(100, 200, 150))))
    assert oblique.straightness(5, 18) >= 99
    zigzag = trunk_of((5, Felt()), (13, Felt(rate=(0, 200, 0))), (13, Felt(rate=(200, 0, 0))))
    assert zigzag.straightness(5, 31) == pytest.approx(71, abs=1)
    assert trunk_of((20, Felt())).straightness(5, 10) == 0


def test_the_hardest_of_some_blocks_is_found_again():
    trunk = trunk_of((50, Felt()), (1, Felt(top=4000)), (10, Felt()))
    assert trunk.hardest(45, 55) == pytest.approx(16 * 32, rel=0.01)
    assert trunk.hardest(51, 61) == pytest.approx(32, abs=1)


def test_leaning_is_a_cosine():
    assert trunk_of((10, Felt())).leans(0, 10) > UPRIGHT
    assert trunk_of((10, Felt((0, 0, -1000)))).leans(0, 10) < -990
