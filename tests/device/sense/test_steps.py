import math
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backbeat.sense.steps import PERIOD, Cadence, Steps

HZ = 52
SAMPLE = 2458  # 1/256 ms


def felt(values):
    """Feed mg at 52 Hz; give the number of the value at which each step was."""
    steps = Steps()
    return [number - age / PERIOD for number, value in enumerate(values) if (age := steps.feel(round(value))) >= 0]


def bouncing(spm, mg, seconds, base=1000):
    return [base + mg * math.sin(2 * math.pi * spm / 60 * n / HZ) for n in range(round(seconds * HZ))]


@pytest.mark.parametrize("spm", [60, 90, 120, 150, 168, 190, 220])
@pytest.mark.parametrize("mg", [200, 1200])
def test_each_bounce_is_one_step(spm, mg):
    steps = felt(bouncing(spm, mg, 60))
    assert len(steps) == pytest.approx(spm, abs=3)
    gaps = [later - at for at, later in pairwise(steps[3:])]
    assert max(gaps) - min(gaps) <= 2


@pytest.mark.parametrize("base", [900, 1000, 1030])
def test_standing_makes_no_steps(base):
    tremble = [base + 15 * math.sin(n * 1.7) + 10 * math.sin(n * 0.31) for n in range(60 * HZ)]
    assert felt(tremble) == []


def test_soft_steps_are_found_soon_after_hard_ones():
    steps = felt(bouncing(168, 1400, 20) + [1000] * 2 * HZ + bouncing(100, 180, 20))
    soft = [at for at in steps if at > 24 * HZ]
    assert len(soft) == pytest.approx(18 * 100 / 60, abs=3)


def test_the_ringing_of_a_foot_strike_is_not_a_second_step():
    values = bouncing(160, 800, 30)
    period = HZ * 60 / 160
    for n in range(len(values)):
        since = n % period
        values[n] += 900 * math.exp(-since / 2) * math.cos(2.4 * since)
    assert len(felt(values)) == pytest.approx(80, abs=3)


@given(st.lists(st.integers(-27_713, 27_713), max_size=400))
def test_no_input_makes_two_steps_in_less_than_a_quarter_second(values):
    steps = felt(values)
    assert all(later - at >= 12 for at, later in pairwise(steps))


def counted(instants):
    cadence = Cadence()
    for at in instants:
        cadence.step(at)
    return cadence


@given(st.integers(24, 150), st.integers(2, 60))
def test_cadence_is_what_the_steps_make(gap, count):
    cadence = counted(range(1000, 1000 + gap * count, gap))
    last = 1000 + gap * (count - 1)
    assert cadence.count == count
    assert cadence.tenths(last + 50, SAMPLE) == pytest.approx(256 * 600_000 / (gap * SAMPLE), rel=0.003)
    assert cadence.quick(last + 50, SAMPLE) == pytest.approx(256 * 600_000 / (gap * SAMPLE), rel=0.005)


def test_cadence_is_told_in_the_boards_clock():
    steps = range(0, 500, 37)
    assert counted(steps).tenths(490, 2458 * 21 // 20) == pytest.approx(
        counted(steps).tenths(490, 2458) / 1.05, rel=0.002
    )


def test_there_is_no_cadence_before_the_second_step_nor_two_seconds_after_the_last():
    assert Cadence().tenths(0, SAMPLE) == Cadence().quick(0, SAMPLE) == 0
    assert counted([100]).tenths(110, SAMPLE) == counted([100]).quick(110, SAMPLE) == 0
    walked = counted([100, 150, 200])
    assert walked.tenths(200 + 208, SAMPLE) > 0
    assert walked.tenths(200 + 209, SAMPLE) == walked.quick(200 + 209, SAMPLE) == 0


def test_a_change_of_pace_shows_at_once_in_quick_and_within_five_seconds_in_tenths():
    cadence = counted([*range(0, 1000, 60), *range(1020, 1600, 36)])
    assert cadence.quick(1596, SAMPLE) == pytest.approx(cadence.tenths(1596, SAMPLE), rel=0.005)
    early = counted([*range(0, 1000, 60), 996, 1032, 1068])
    assert early.quick(1068, SAMPLE) > early.tenths(1068, SAMPLE)


def test_steps_further_back_than_five_seconds_do_not_count():
    assert counted([0, 100, 1000, 1050, 1100]).tenths(1100, SAMPLE) == 1250
