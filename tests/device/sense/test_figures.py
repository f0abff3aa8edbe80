"""Each figure of an impact, on motion laid down by hand: its size, its limits, and when there is none."""

import pytest

from backbeat.sense import figures
from backbeat.sense.figures import BEFORE, CHANGE, COUNT, DROP, HELD, LEAN, PUSH, TURN, take

from .trunks import Felt, trunk_of

IMPACT = 60  # block


FALLING, GROUND, SUPINE, STANDING = Felt((0, 0, 400), (0, -150, 0)), Felt((2500, 0, 0)), Felt((1000, 0, 0)), Felt()


def impact(fall=FALLING, ground=GROUND, after=SUPINE, early=STANDING):
    """0.6 s of falling, 0.3 s of the ground from the impact's block on, and 3 s after."""
    return trunk_of((IMPACT - 8, early), (8, fall), (4, ground), (40, after))


def taken(trunk):
    values = [0] * COUNT
    trunk.compare(IMPACT, IMPACT + 2, IMPACT + 13)
    return take(values, trunk, IMPACT), values


def test_the_push_is_what_is_felt_above_gravity():
    assert taken(impact(ground=Felt((1500, 0, 0))))[1][PUSH] == 4 * 500
    assert taken(impact())[1][PUSH] == 3000, "and no more"


def test_bounces_cancel_out_in_what_held():
    _, values = taken(impact(ground=Felt((1500, 0, 0))))
    assert values[HELD] == 4 * 500 - 2 * 600  # two blocks of falling lie in it


def test_the_drop_is_what_is_felt_below_gravity():
    assert taken(impact(fall=Felt((0, 0, 800), (0, -150, 0))))[1][DROP] == 7 * 200
    assert taken(impact(fall=Felt((0, 0, 400), (0, -150, 0))))[1][DROP] == 1500, "and no more"
    assert taken(impact(fall=Felt((0, 0, 1800), (0, -150, 0))))[1][DROP] == -1500


def test_who_lies_down_has_lain_back_before():
    falling = taken(impact(fall=Felt((0, 0, 600), (0, -150, 0))))[1]
    lying = taken(impact(fall=Felt((1000, 0, 0), (0, -150, 0))))[1]
    assert falling[LEAN] > 700 > lying[LEAN]


def test_posture_before_and_change_are_cosines():
    _, values = taken(impact())
    assert values[BEFORE] == pytest.approx(1000, abs=3)
    assert abs(values[CHANGE]) < 150
    assert taken(impact(early=SUPINE))[1][BEFORE] == 0


def test_the_turn_counts_to_sixty_degrees():
    assert taken(impact(fall=Felt((0, 0, 400), (0, -65, 0))))[1][TURN] == 40
    assert taken(impact(fall=Felt((0, 0, 400), (60, 25, 500))))[1][TURN] == 39, "turning round is none"
    assert taken(impact())[1][TURN] == 60


def test_a_body_turns_when_gravity_does_and_never_floats():
    assert taken(impact())[0]
    assert not taken(impact(fall=Felt((0, 0, 400), (0, -40, 0))))[0]
    assert not taken(impact(fall=Felt((0, 0, 90), (0, -150, 0))))[0]
    assert taken(impact(fall=Felt((0, 0, 110), (0, -150, 0))))[0]


def test_no_trunk_that_stood_comes_to_lie_upside_down():
    turned_over, steep = Felt((300, 0, -950)), Felt((600, 0, -800))
    assert not taken(impact(ground=turned_over, after=turned_over))[0]
    assert taken(impact(ground=steep, after=steep))[0]
    belly = Felt((-1000, 0, 0))
    assert taken(impact(ground=belly, after=belly, early=SUPINE))[0], "from the back onto the belly one may fall"


def test_no_figure_is_larger_than_training_reckons():
    for ground in (Felt((27_000, 0, 0)), Felt((0, 0, -27_000)), Felt((0, 0, 0))):
        for fall in (Felt((27_000, 0, 0), (3000, 3000, 3000)), Felt((0, 0, 0), (-3000, 0, 0))):
            assert max(map(abs, taken(impact(fall, ground, fall, ground))[1])) <= 3000


@pytest.mark.parametrize("late", range(1, 13))
def test_what_is_not_felt_yet_counts_for_nothing(late):
    """A turn that ends in lying is judged at once, however late its hardest impact was."""
    for fall in (Felt((0, 0, 50)), Felt((9000, 0, 0), (0, 500, 0))):
        old = trunk_of((64, fall), (100, STANDING), (8, FALLING), (late, GROUND))
        new = trunk_of((164, STANDING), (8, FALLING), (late, GROUND))
        block = old.past.count - late
        values, expected = [0] * COUNT, [0] * COUNT
        assert take(values, old, block) == take(expected, new, block)
        assert values == expected


def test_an_impact_right_after_the_start_has_figures_too():
    trunk = trunk_of((figures.EARLIEST, Felt()), (4, Felt((2500, 0, 0))), (40, Felt((1000, 0, 0))))
    values = [0] * COUNT
    trunk.compare(figures.EARLIEST, figures.EARLIEST + 2, figures.EARLIEST + 13)
    take(values, trunk, figures.EARLIEST)
    assert values[BEFORE] == pytest.approx(1000, abs=3)
