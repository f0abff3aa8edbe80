import math
import random
from itertools import accumulate, pairwise

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from backbeat.sense.steps import PERIOD, Cadence, Steps

HZ = 52
SAMPLE = 2458  # 1/256 ms
MOST_AGE = PERIOD * HZ // 2  # samples, half a second
MOST_FIRST_AGE = PERIOD * HZ * 5 // 2  # of a first step, which the second confirms


def felt(values, aheads=None):
    """Feed mg at 52 Hz; give the number of the value at which each step was."""
    steps = Steps()
    told = []
    for number, value in enumerate(values):
        age = steps.feel(round(aheads[number]) if aheads else 0, 0, round(value))
        if age >= 0:
            told.append(number - age / PERIOD)
    return told


def bouncing(spm, mg, seconds, base=1000, phase=0.0):
    return [base + mg * math.sin(2 * math.pi * spm / 60 * n / HZ + phase) for n in range(round(seconds * HZ))]


def walking(spm, mg, seconds, held=0):
    """Give the vertical and the forward acceleration of a walk whose trunk is held back at each strike."""
    period = HZ * 60 / spm
    ups, aheads = [], []
    for n in range(round(seconds * HZ)):
        turn = 2 * math.pi * n / period
        ups.append(1000 + mg * (math.cos(turn) + 0.6 * math.cos(2 * turn - 0.8)))
        aheads.append(-held * math.sin(turn))
    return ups, aheads


def cadence_of(told):
    return 60 * HZ * (len(told) - 1) / (told[-1] - told[0])


def noisy(values, mg, seed):
    chance = random.Random(seed)
    return [value + chance.gauss(0, mg) for value in values]


@settings(deadline=None)
@given(st.floats(40, 230), st.integers(300, 1200), st.floats(0, 2 * math.pi))
@example(40.0, 469, 0.0)
@example(124.0, 554, 0.0)  # hard, and no flight
def test_any_cadence_is_counted_and_never_doubled_or_halved(spm, mg, phase):
    told = felt(bouncing(spm, mg, 20, phase=phase))
    steps = [at for at in told if at >= 2 * HZ]  # the first swing is half a swing
    assert len(told) == pytest.approx(spm / 3, abs=3)
    assert len(steps) == pytest.approx(spm * 18 / 60, abs=2)
    assert cadence_of(steps) == pytest.approx(spm, abs=1)


@settings(deadline=None)
@given(st.floats(70, 140), st.integers(120, 250), st.sampled_from([-400, -200, 0, 200, 400]))
def test_the_two_bumps_of_a_walking_step_are_one_step_forward_and_backward(spm, mg, held):
    told = felt(*walking(spm, mg, 30, held))
    steps = [at for at in told if at >= 10 * HZ]  # how the hold goes with the vertical is learnt by then
    assert cadence_of(steps) == pytest.approx(spm, abs=1)


@pytest.mark.parametrize("spm", [76, 82, 88])
def test_a_slow_walk_of_two_equal_bumps_is_not_doubled(spm):
    period = HZ * 60 / spm
    values = [1000] * (30 * HZ)
    for n in range(2 * HZ, len(values)):
        for bump in (0.0, 0.36):
            away = (n / period - bump + 0.5) % 1 - 0.5
            values[n] += round(500 * math.exp(-((away / 0.08) ** 2)))
    steps = [at for at in felt(values) if at >= 7 * HZ]
    assert cadence_of(steps) == pytest.approx(spm, abs=1)


@pytest.mark.parametrize("spm", [60, 90, 120, 150, 168, 190, 220])
@pytest.mark.parametrize("mg", [250, 1200])
def test_steps_come_evenly_from_an_even_bounce(spm, mg):
    steps = felt(bouncing(spm, mg, 60))
    gaps = [later - at for at, later in pairwise(steps[3:])]
    assert max(gaps) - min(gaps) <= 2


@pytest.mark.parametrize("base", [700, 900, 1000, 1030, 1150])
def test_standing_makes_no_steps(base):
    tremble = [base + 15 * math.sin(n * 1.7) + 10 * math.sin(n * 0.31) for n in range(60 * HZ)]
    assert felt(tremble) == []


@given(st.integers(0, 2**32), st.integers(0, 40))
@settings(deadline=None)
def test_the_chips_noise_makes_no_steps(seed, mg):
    assert felt(noisy([1000] * 20 * HZ, mg, seed), noisy([0] * 20 * HZ, mg, seed + 1)) == []


@pytest.mark.parametrize("spm", [90, 110, 165, 200])
def test_noise_and_a_wobbling_belt_leave_the_cadence_as_it_is(spm):
    values = noisy(bouncing(spm, 350, 30), 60, 4)
    wobble = [150 * math.sin(n * 2.1) for n in range(len(values))]
    told = felt([value + shake for value, shake in zip(values, wobble, strict=True)], noisy(wobble, 60, 5))
    assert cadence_of(told) == pytest.approx(spm, abs=1)


def test_sitting_down_or_bending_is_no_step():
    sinking = [1000 - 250 * math.sin(math.pi * n / (2 * HZ)) for n in range(2 * HZ)]
    assert len(felt([1000] * 5 * HZ + sinking + [1000] * 5 * HZ)) <= 1


@pytest.mark.parametrize("lying", [0, 300, -500])
@pytest.mark.parametrize("mg", [2, 15])
def test_a_body_that_lies_makes_no_step_once_what_it_weighs_is_learnt(lying, mg):
    falling = [1000 - (1000 - lying) * n / 30 for n in range(30)]
    told = felt(noisy([1000] * 10 * HZ + falling + [lying] * 20 * HZ, mg, 3))
    assert [at for at in told if at > 11 * HZ] == []


def test_a_soft_step_where_one_is_due_counts_and_between_two_it_does_not():
    values = bouncing(110, 300, 20)
    period = HZ * 60 / 110
    soft = [1000 + (value - 1000) * (0.3 if 16 <= n / period <= 18 else 1) for n, value in enumerate(values)]
    assert len(felt(soft)) == len(felt(values))
    between = list(values)
    for n in range(len(between)):
        between[n] += 60 * math.cos(6 * math.pi * n / period)
    assert len(felt(between)) == len(felt(values))


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


def test_the_step_after_a_flight_is_told_at_once_and_where_gravity_is_passed():
    steps = Steps()
    values = bouncing(180, 1100, 10)
    period = HZ * 60 / 180
    told = [(n, age) for n, value in enumerate(values) if (age := steps.feel(0, 0, round(value))) >= 0]
    for n, age in told[3:]:
        assert age < 10  # samples
        late = (n - age / PERIOD) % period
        assert min(late, period - late) < 4  # 77 ms


SOFT = 160  # mg: smoothed less than what is told by itself


def bump(values, at, mg, seconds=0.3):
    """Add one push upward of so many mg, `at` s from the start."""
    for n in range(len(values)):
        away = (n / HZ - at) / seconds
        if abs(away) < 0.5:
            values[n] += mg * math.cos(math.pi * away)


def test_a_soft_first_step_is_told_with_the_next_one_and_before_it():
    values = [1000] * 6 * HZ
    bump(values, 2.0, SOFT)
    for k in range(5):
        bump(values, 2.65 + 0.55 * k, 450)
    told = felt(values)
    gaps = [(later - at) / HZ for at, later in pairwise(told)]
    assert gaps == pytest.approx([0.65, 0.55, 0.55, 0.55, 0.55], abs=0.06)


@pytest.mark.parametrize("gap", [0.4, 1.2, 2.2])
def test_a_shift_of_the_weight_before_the_first_step_is_none(gap):
    values = [1000] * 6 * HZ
    bump(values, 2.65 - gap, SOFT)
    for k in range(5):
        bump(values, 2.65 + 0.55 * k, 450)
    told = felt(values)
    assert [(later - at) / HZ for at, later in pairwise(told)] == pytest.approx([0.55] * 4, abs=0.06)


def test_a_false_start_does_not_halve_the_cadence():
    values = [1000] * 12 * HZ
    bump(values, 1.5, 260)
    for k in range(15):
        bump(values, 2.65 + 0.55 * k, 450)
    assert len(felt(values)) == 16


def test_a_soft_bump_by_itself_is_no_step():
    values = [1000] * 12 * HZ
    for at in (2.0, 4.0, 6.0, 7.2):
        bump(values, at, SOFT)
    assert felt(values) == []


def running_off(push_mg):
    """A stand, then (with a bend before) a push-off, and a run at 168 spm whose strikes end flights."""
    values = [1000] * 3 * HZ
    bump(values, 2.55, -500)
    bump(values, 2.85, push_mg, 0.35)
    period = HZ * 60 / 168
    return values + [1000 - 1300 * math.cos(2 * math.pi * n / period) for n in range(round(4 * period))]


def test_a_push_off_into_a_run_is_no_step():
    told = felt(running_off(1800))
    assert all(at / HZ > 3.0 for at in told)
    assert len(told) == 4


def test_a_hard_first_step_of_a_walk_is_told_once_the_next_shows_it_was_no_push_off():
    values = [1000] * 3 * HZ
    bump(values, 2.5, -500)
    for k in range(6):
        bump(values, 2.8 + 0.6 * k, 1500, 0.35)
        values += [1000] * HZ
    told = felt(values)
    assert len(told) == 6
    assert [(later - at) / HZ for at, later in pairwise(told)] == pytest.approx([0.6] * 5, abs=0.15)


@given(st.lists(st.tuples(st.integers(-27_713, 27_713), st.integers(-27_713, 27_713)), max_size=400))
def test_no_input_makes_two_steps_in_less_than_a_fifth_of_a_second_nor_tells_an_old_one(values):
    steps = Steps()
    told = []
    owed = False
    for number, (x, z) in enumerate(values):
        age = steps.feel(x, 0, z)
        assert age >= 0 or not owed  # an old one is a first step, told just before the second
        assert age <= MOST_FIRST_AGE
        owed = age > MOST_AGE and not owed
        if age >= 0:
            told.append(number - age / PERIOD)
    assert all(later - at >= HZ / 5 for at, later in pairwise(told))


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


@given(st.integers(25, 60), st.data())
def test_a_missed_step_leaves_the_cadence_as_it_is(gap, data):
    every = list(range(1000, 1530, gap))
    missed = data.draw(st.integers(1, len(every) - 2))
    now = every[-1] + 5
    whole = counted(every).tenths(now, SAMPLE)
    assert counted(every[:missed] + every[missed + 1 :]).tenths(now, SAMPLE) == pytest.approx(whole, rel=0.01)


@given(st.integers(40, 75), st.integers(150, 207), st.integers(1, 3))
def test_a_halt_among_few_steps_leaves_the_cadence_as_it_is(gap, halt, after):
    """Who turns round takes a step and stands."""
    steps = [1000, 1000 + gap, 1000 + gap + halt]
    steps += [steps[-1] + gap * (step + 1) for step in range(after)]
    assert counted(steps).tenths(steps[-1], SAMPLE) == pytest.approx(256 * 600_000 / (gap * SAMPLE), rel=0.005)


def test_steps_before_a_silence_are_of_another_walk():
    walked = [1000, 1050, 1100, 1150, 1200]
    assert counted([*walked, 1200 + 374]).tenths(1580, SAMPLE) == 0
    assert counted([*walked, 1574, 1574 + 60]).tenths(1640, SAMPLE) == counted([1574, 1634]).tenths(1640, SAMPLE) > 0


def test_every_other_step_missed_now_and_then_leaves_the_cadence_as_it_is():
    steps = list(accumulate([1000, 50, 100, 50, 100, 50]))
    assert counted(steps).tenths(steps[-1], SAMPLE) == counted(range(1000, 1351, 50)).tenths(1350, SAMPLE)


@pytest.mark.parametrize("short, long", [(100, 165), (45, 70), (35, 50)])
def test_a_limp_is_no_halt(short, long):
    steps = list(accumulate([1000, *[short, long] * (480 // (short + long))]))
    even = 256 * 600_000 / ((short + long) / 2 * SAMPLE)
    assert counted(steps).tenths(steps[-1], SAMPLE) == pytest.approx(even, rel=0.005)


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


@pytest.mark.parametrize("spm", [48, 50, 60, 75, 100])
def test_a_slow_walkers_soft_even_steps_count(spm):
    told = felt(bouncing(spm, 40, 30))
    assert len(told) >= 30 * spm / 60 - 6
    assert cadence_of(told) == pytest.approx(spm, rel=0.02)


def test_soft_swings_that_come_unevenly_are_no_steps():
    rng = random.Random(5)
    values = []
    while len(values) < 40 * HZ:
        values += bouncing(60 / rng.uniform(0.5, 1.6), 40, 1)
    assert len(felt(values)) <= 4
