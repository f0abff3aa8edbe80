import math

import pytest

from backbeat.events import BACKWARD, FORWARD, LEFT, NO_TRAVEL, NOWHERE, RIGHT
from backbeat.sense.travel import Travel

HZ = 52
HEADINGS = {FORWARD: 0, LEFT: 90, BACKWARD: 180, RIGHT: -90}


def moving(heading, spring, seconds, spm=120, sway=150, bounce=300):
    """A body whose speed along `heading` swings with (a spring) or against (a pendulum) its vertical velocity."""
    way = math.radians(heading)
    for n in range(round(seconds * HZ)):
        phase = 2 * math.pi * spm / 60 * n / HZ
        # z accelerates as -sin, so the velocity goes as cos.
        along = sway * math.cos(phase) * (1 if spring else -1)
        yield round(along * math.cos(way)), round(along * math.sin(way)), round(1000 - bounce * math.sin(phase))


def told(travel, values, spring):
    """Give (second, travel) at each change."""
    return [(n / HZ, travel.travel) for n, value in enumerate(values) if travel.feel(*value) and travel.tell(spring)]


@pytest.mark.parametrize("spring", [False, True], ids=["walk", "run"])
@pytest.mark.parametrize("way", HEADINGS, ids=["forward", "left", "backward", "right"])
def test_the_sway_against_the_bounce_tells_the_way(way, spring):
    travel = Travel()
    ((second, found),) = told(travel, moving(HEADINGS[way], spring, 15), spring)
    assert found == way
    assert second < 5
    assert abs((travel.heading - HEADINGS[way] + 180) % 360 - 180) <= 15
    assert travel.confidence > 50


@pytest.mark.parametrize("heading", [30, -30, 120, -120, 150])
def test_the_heading_is_finer_than_the_four_ways(heading):
    travel = Travel()
    told(travel, moving(heading, True, 15), True)
    assert abs((travel.heading - heading + 180) % 360 - 180) <= 15


def test_the_same_sway_is_forward_for_a_walker_and_backward_for_a_runner():
    walker, runner = Travel(), Travel()
    values = list(moving(0, False, 15))
    assert told(walker, values, False)[-1][1] == FORWARD
    assert told(runner, values, True)[-1][1] == BACKWARD


def test_a_turn_round_is_told_once_within_seven_seconds():
    travel = Travel()
    changes = told(travel, [*moving(0, True, 20), *moving(180, True, 20)], True)
    assert [found for _, found in changes] == [FORWARD, BACKWARD]
    assert changes[1][0] - 20 < 7


def test_bouncing_on_the_spot_says_nothing():
    travel = Travel()
    assert told(travel, moving(0, True, 30, sway=0), True) == []
    assert travel.travel == NO_TRAVEL


def test_stopping_is_told_once_and_forgets_the_way():
    travel = Travel()
    told(travel, moving(180, True, 15), True)
    assert travel.stop()
    assert not travel.stop()
    assert (travel.travel, travel.heading, travel.confidence) == (NOWHERE, 0, 0)


def test_after_forgetting_the_way_stands_until_another_is_known():
    travel = Travel()
    told(travel, moving(180, True, 15), True)
    travel.forget()
    assert travel.travel == BACKWARD
    assert [found for _, found in told(travel, moving(0, False, 10), False)] == [FORWARD]


def test_an_impact_does_not_outweigh_five_seconds_of_sway():
    travel = Travel()
    values = list(moving(180, True, 20, spm=168, sway=300, bounce=1200))
    values[10 * HZ] = (8000, 6000, 12_000)
    assert [found for _, found in told(travel, values, True)] == [BACKWARD]


def test_a_leaning_trunk_does_not_look_like_travel():
    travel = Travel()
    values = [(x + 250, y - 120, z - 40) for x, y, z in moving(0, True, 20)]
    assert [found for _, found in told(travel, values, True)] == [FORWARD]
