import math
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from backbeat.events import NO_GAIT, RUN, STILL, WALK
from backbeat.sense.clock import NOMINAL
from backbeat.sense.gait import Gait, _log2
from backbeat.sense.travel import Travel
from backbeat_host.lab.recordings.corpus import open_corpus

HZ = 52
# Steps a minute, bounce in mg, and how much of it comes twice a step: above 0 the body is pushed up briefly, as in a
# run; below 0 there are two humps a step, heel strike and push-off, as in a walk.
STANDING = (0, 0, 0)
WALKING = (115, 250, 0)
QUICK_WALKING = (137, 480, -150)
JOGGING = (160, 1000, 100)
SPRINTING = (200, 1500, 0)


def bouncing(spm, bounce, twice, seconds):
    """Acceleration in mg: `bounce` at the rate of the steps, `twice` at twice their rate; sway that half fits it."""
    for n in range(round(seconds * HZ)):
        phase = 2 * math.pi * spm / 60 * n / HZ
        x = 0.3 * bounce * math.cos(phase + math.radians(60))
        z = 1000 + bounce * math.sin(phase) - twice * math.cos(2 * phase)
        yield round(x), 0, round(z)


def told(*movements, gait=None, period=NOMINAL):
    """Feed ((spm, bounce, twice), seconds) each; give the gaits told, each with its second."""
    gait = gait or Gait()
    travel = Travel()
    found = []
    second = 0
    for (spm, bounce, twice), seconds in movements:
        for n, value in enumerate(bouncing(spm, bounce, twice, seconds)):
            if travel.feel(*value) and gait.tell(travel, spm * 10, period):
                found.append((second + n / HZ, gait.gait))
        second += seconds
    return found


def gaits(*movements, **more):
    return [gait for _, gait in told(*movements, **more)]


def test_the_first_gait_is_told_at_once():
    assert told((STANDING, 5))[0] == (pytest.approx(0.5, abs=0.02), STILL)
    assert told((WALKING, 5))[0] == (pytest.approx(0.5, abs=0.02), WALK)
    assert Gait().gait == NO_GAIT


def without_steps(values, cadence=0):
    """Give the second and the gait at each change."""
    gait, travel = Gait(), Travel()
    return [
        (n / HZ, gait.gait)
        for n, value in enumerate(values)
        if travel.feel(*value) and gait.tell(travel, cadence, NOMINAL)
    ]


def by_fits(spm, bounce, seconds):
    """One second of movement, its first half hard, then one of rest, and again."""
    for n, (x, y, z) in enumerate(bouncing(spm, bounce, 0, seconds)):
        second = n / HZ % 2
        share = 3 if second < 0.5 else 1 if second < 1 else 0
        yield x * share, y, 1000 + (z - 1000) * share


def test_without_steps_who_moves_by_fits_and_starts_is_still():
    assert [gait for _, gait in without_steps(by_fits(80, 100, 20))] == [STILL]


def test_without_steps_one_hard_jolt_in_a_movement_leaves_it_still():
    values = [*bouncing(0, 0, 0, 2), *bouncing(120, 60, 0, 2), *bouncing(120, 140, 0, 0.5), *bouncing(120, 60, 0, 2.5)]
    assert [gait for _, gait in without_steps(values)] == [STILL]


@pytest.mark.parametrize("hz", [4, 6, 9])
def test_without_steps_who_is_shaken_more_quickly_than_steps_come_is_still(hz):
    """On a bus, or on a bicycle."""
    assert [gait for _, gait in without_steps(bouncing(hz * 60, 150, 0, 20))] == [STILL]


@pytest.mark.parametrize("spm, bounce", [(60, 70), (80, 70), (110, 60), (140, 60)])
def test_an_even_soft_movement_is_walking_though_no_step_is_counted(spm, bounce):
    (_, first), (second, then) = without_steps([*bouncing(0, 0, 0, 5), *bouncing(spm, bounce, 0, 10)])
    assert (first, then) == (STILL, WALK)
    assert 2.9 <= second - 5 <= 3.6


@pytest.mark.parametrize("rest", [1.0, 3.0, 6.0])
def test_half_a_second_too_soft_to_feel_keeps_nobody_from_walking_without_counted_steps(rest):
    values = [*bouncing(0, 0, 0, 5), *bouncing(80, 70, 0, 12)]
    at = round((5 + rest) * HZ)
    values[at : at + HZ // 2] = bouncing(0, 0, 0, 0.5)
    (_, first), (second, then) = without_steps(values)
    assert (first, then) == (STILL, WALK)
    assert 2.9 <= second - 5 <= 4.1


def test_who_walks_on_without_counted_steps_walks_until_a_rest():
    """However unevenly: the hard step makes most of the movement."""
    gait, travel = Gait(), Travel()
    values = [*bouncing(80, 200, 0, 8), *bouncing(80, 70, 0, 10), *bouncing(0, 0, 0, 4)]
    found = [
        (n / HZ, gait.gait)
        for n, value in enumerate(values)
        if travel.feel(*value) and gait.tell(travel, 800 if n < 8 * HZ else 0, NOMINAL)
    ]
    assert [one for _, one in found] == [WALK, STILL]
    assert 18 < found[1][0] < 20.5


def test_who_lies_is_still_in_any_rhythm():
    assert [gait for _, gait in without_steps(bouncing(80, 70, 0, 10), cadence=-1)] == [STILL]


@pytest.mark.parametrize("spm, bounce", [(40, 60), (70, 100), (90, 150), (110, 300), (120, 350), (130, 350)])
def test_slow_and_soft_steps_are_walking(spm, bounce):
    assert gaits((STANDING, 2), ((spm, bounce, -bounce // 4), 20)) == [STILL, WALK]


@pytest.mark.parametrize("spm, bounce", [(145, 1100), (155, 1000), (165, 900), (170, 1200), (190, 800), (220, 1500)])
def test_quick_and_hard_steps_are_running(spm, bounce):
    assert gaits((STANDING, 2), ((spm, bounce, 100), 20)) == [STILL, RUN]


def test_a_quick_walker_is_no_runner():
    assert gaits((STANDING, 2), (QUICK_WALKING, 20)) == [STILL, WALK]


def test_hard_heels_make_no_runner():
    assert gaits((WALKING, 5), ((118, 380, 500), 20)) == [WALK]


def test_a_jogger_who_never_flies_is_a_runner():
    jogging = (155, 700, 100)
    assert min(z for _, _, z in bouncing(*jogging, 5)) > 300
    assert gaits((STANDING, 2), (jogging, 20))[-1] == RUN


def test_who_sets_off_is_told_within_two_seconds():
    for movement, found in ((WALKING, WALK), (JOGGING, RUN)):
        assert told((STANDING, 5), (movement, 5))[1] == (pytest.approx(6, abs=1), found)


@pytest.mark.parametrize("one, other", [(WALKING, JOGGING), (JOGGING, WALKING), (QUICK_WALKING, SPRINTING)])
def test_a_change_is_told_once_within_five_seconds(one, other):
    (_, first), (second, then) = told((one, 15), (other, 15))
    assert {first, then} == {WALK, RUN}
    assert 15 < second < 20


def test_each_change_is_told_once():
    movements = [(STANDING, 3), (WALKING, 10), (JOGGING, 10), (WALKING, 10), (STANDING, 5)]
    assert gaits(*movements) == [STILL, WALK, RUN, WALK, STILL]


def test_a_second_without_steps_changes_nothing():
    gait, travel = Gait(), Travel()
    news = 0
    for n, value in enumerate(bouncing(*JOGGING, 20)):
        if travel.feel(*value):
            news += gait.tell(travel, 0 if 10 <= n / HZ < 11 else 1600, NOMINAL)
    assert (news, gait.gait) == (1, RUN)


def test_on_the_line_between_the_gait_stays_what_it_was():
    upward = next(bounce for bounce in range(500, 1200, 10) if gaits((WALKING, 5), ((150, bounce, 0), 10))[-1] == RUN)
    down = next(bounce for bounce in range(1200, 500, -10) if gaits((JOGGING, 5), ((150, bounce, 0), 10))[-1] == WALK)
    assert down < 0.95 * upward


class Felt:
    """What `Travel` felt of a movement whose bounce is `bounce` log2 / 64, which sways with it for `accord` percent and
    brakes the way a spring would go for `held`."""

    def __init__(self, felt, bounce, accord, held=0):
        self.felt = felt
        self.heavy = felt // 2
        self.lift = felt * 2**10
        self.swing = felt * round(2 ** ((bounce / 64 + 50) / 7))
        self.accord = accord
        self.held = held  # 1024ths


def gait_of(*felt, gait=None):
    gait = gait or Gait()
    for one in felt:
        gait.tell(one, 1400, NOMINAL)
    return gait.gait


def test_what_accords_by_chance_in_the_first_second_makes_no_runner():
    """A few values always accord; a springy walker's soon do no more."""
    start = [Felt(13, 1460, 85), Felt(26, 1460, 60)]
    assert gait_of(*start, *(Felt(n * 13, 1460, 25) for n in range(3, 9))) == WALK


def test_a_guess_from_the_first_seconds_is_set_right_by_a_bounce_just_beyond_the_line():
    def told_after(felt, first, then):
        gait = Gait()
        gait_of(Felt(39, first, 0), gait=gait)
        return gait_of(*[Felt(felt, then, 0)] * 3, gait=gait)

    assert told_after(65, 1600, 1660) == RUN
    assert told_after(65, 1680, 1620) == WALK
    assert told_after(104, 1600, 1660) == WALK  # four seconds hold against it
    assert told_after(104, 1680, 1620) == RUN


def test_who_turns_round_and_has_no_accord_for_a_moment_runs_on():
    running = [Felt(104, 1560, 60)] * 4
    assert gait_of(*running, *[Felt(65, 1560, 5)] * 4) == RUN


@pytest.mark.parametrize("held, found", [(-600, WALK), (0, WALK), (240, RUN)])
def test_a_shuffling_runners_feet_do_not_brake_against_its_bounce_as_a_walkers_do(held, found):
    assert gait_of(*[Felt(104, 1600, 5, held)] * 4) == found
    assert gait_of(*[Felt(104, 1700, 5, -600)] * 4) == WALK


def test_few_run_with_slow_steps():
    """The same bounce, but the steps come at half its rate."""
    gait, travel = Gait(), Travel()
    told((WALKING, 5), gait=gait)
    for value in bouncing(150, 800, 0, 10):
        if travel.feel(*value):
            gait.tell(travel, 750, NOMINAL)
    assert gait.gait == WALK


@pytest.mark.parametrize("off", [-5, 5])
def test_a_chip_that_counts_too_fast_or_too_slowly_draws_the_same_line(off):
    def first_run(percent, period):
        """The softest bounce that is a run: the chip's samples come `percent` more often."""
        return next(
            bounce
            for bounce in range(500, 1200, 10)
            if gaits(((150 * 100 / (100 + percent), bounce, 0), 5), period=period)[-1] == RUN
        )

    right = first_run(0, NOMINAL)
    assert abs(first_run(off, NOMINAL * 100 // (100 + off)) - right) < abs(first_run(off, NOMINAL) - right) / 2
    assert abs(first_run(off, NOMINAL * 100 // (100 + off)) - right) < 0.06 * right


@given(st.integers(1, 2**30 - 1))
def test_the_logarithm_is_good_to_a_fortieth(value):
    assert abs(_log2(value) / 64 - math.log2(value)) <= 1 / 40


@pytest.mark.corpus
@pytest.mark.parametrize("code, found", [("D01", WALK), ("D02", WALK), ("D03", RUN), ("D04", RUN)])
@pytest.mark.parametrize("backward", [False, True], ids=["forward", "backward"])
def test_recorded_walkers_walk_and_joggers_run_whichever_way_they_are_played(
    shared_corpora: Path, code, found, backward
):
    """With a cadence that says neither."""
    right = seconds = 0
    for trial in open_corpus(shared_corpora / "sisfall-a"):
        if trial.labels.get("code") != code or trial.labels["subject"] not in ("SA02", "SA05", "SA08", "SE04", "SE05"):
            continue
        rows = trial.load().rows[:, :3].astype(np.int64) * 488 // 1000
        pairs = (rows[: len(rows) // 2 * 2 : 2] + rows[1::2]) >> 1
        gait, travel = Gait(), Travel()
        for n, value in enumerate(pairs[:: -1 if backward else 1].tolist()):
            if travel.feel(*value):
                gait.tell(travel, 1300, NOMINAL)
                if n > 5 * HZ:
                    seconds += 1
                    right += gait.gait == found
    assert seconds > 100
    assert right >= 0.98 * seconds
