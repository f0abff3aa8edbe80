import pytest

from backbeat.events import NO_GAIT, RUN, STILL, WALK
from backbeat.sense.gait import Gait


def told(*half_seconds, gait=None):
    """Feed (light samples, cadence) twice a second; give the gaits told, each with the number of its half second."""
    gait = gait or Gait()
    return [(at, gait.gait) for at, (light, cadence) in enumerate(half_seconds) if gait.tell(light, cadence)]


def test_the_first_gait_is_told_at_once():
    assert told((0, 0)) == [(0, STILL)]
    assert told((0, 1100)) == [(0, WALK)]
    assert Gait().gait == NO_GAIT


def test_without_steps_the_body_is_still_however_light():
    assert told(*[(20, 0)] * 10) == [(0, STILL)]


@pytest.mark.parametrize("cadence", [400, 900, 1200, 1299, 1700])
def test_steps_without_flight_are_walking(cadence):
    assert told(*[(0, cadence)] * 10) == [(0, WALK)]


@pytest.mark.parametrize("cadence", [1300, 1680, 2400])
def test_quick_steps_with_flight_are_running(cadence):
    assert told(*[(0, 0)] * 3, *[(4, cadence)] * 10)[-1][1] == RUN


def test_slow_steps_with_jolts_are_walking():
    assert told(*[(6, 1100)] * 20) == [(0, WALK)]


def test_one_odd_half_second_changes_nothing():
    assert told(*[(0, 1100)] * 8, (0, 0), *[(0, 1100)] * 8) == [(0, WALK)]
    assert told(*[(5, 1700)] * 8, (0, 1700), *[(5, 1700)] * 8) == [(0, RUN)]


def test_each_change_is_told_once():
    steps = [(0, 0)] * 6 + [(0, 1100)] * 20 + [(5, 1700)] * 20 + [(0, 1100)] * 20 + [(0, 0)] * 20
    assert [gait for _, gait in told(*steps)] == [STILL, WALK, RUN, WALK, STILL]


def test_a_runner_is_believed_at_a_cadence_at_which_a_walker_would_not_be():
    assert told(*[(5, 1700)] * 8, *[(5, 1250)] * 20)[-1][1] == RUN
    assert told(*[(5, 1250)] * 20) == [(0, WALK)]


def test_it_is_sure_only_while_the_last_second_fits_the_gait_told():
    gait = Gait()
    told(*[(5, 1700)] * 8, gait=gait)
    assert (gait.gait, gait.sure) == (RUN, True)
    told((0, 1700), (0, 1700), gait=gait)
    assert not gait.sure
