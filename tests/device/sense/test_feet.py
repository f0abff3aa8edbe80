"""Left and right steps: by blocks made by hand, and by walks whose feet are known."""

import numpy as np
import pytest

from backbeat import events
from backbeat.sense.blocks import SAMPLES
from backbeat.sense.body import STEP, Body
from backbeat.sense.feet import Feet
from backbeat_host.lab.runner.acts import Run, Stand, Walk
from backbeat_host.lab.runner.synthetic import synthetic

from .trunks import Felt, trunk_of

HZ = 104
LEFT, RIGHT, UNTOLD = events.LEFT, events.RIGHT, events.NOWHERE
STEP_BLOCKS = 7  # 0.54 s


def feet_of(pushes, blocks=STEP_BLOCKS, roll=0, lean=0):
    """Give the foot told at the end of each step; over each the trunk is pushed left by so many mg.

    With `roll` it also turns, to the right over one step and back over the next (dps), and so shows gravity.
    """
    felt, angle = [], lean
    for number, push in enumerate(pushes):
        rate = roll if number % 2 else -roll
        for _ in range(blocks):
            angle += rate / 13  # degrees, left side up
            felt.append((1, Felt((0, round(push + 1000 * np.sin(np.radians(angle))), 1000), (rate, 0, 0))))
    past = trunk_of(*felt).past
    feet, told = Feet(), []
    for number in range(len(pushes) + 1):
        feet.step(number * blocks * SAMPLES, past)
        told.append(feet.foot)
    return told


def felt(rows):
    """Feed rows; give (second, foot) of each step."""
    body = Body((1000, 0, 0), (0, 0, 1000), 1)
    return [(body.step_at / HZ, body.feet.foot) for row in rows.tolist() if body.feel(*row) & STEP]


def test_the_foot_that_is_down_pushes_the_trunk_to_the_other_side():
    told = feet_of([40, -40] * 4)  # to the left over the first step: the right foot was down, and the left ends it
    assert told[:2] == [UNTOLD] * 2
    assert told[4:] == [RIGHT, LEFT] * 2 + [RIGHT]
    assert feet_of([-40, 40] * 4)[4:] == [LEFT, RIGHT] * 2 + [LEFT]


def test_a_trunk_that_is_not_pushed_to_and_fro_tells_no_foot():
    assert set(feet_of([40] * 9)) == {UNTOLD}
    assert set(feet_of([40, 40, -40, -40] * 3)) == {UNTOLD}
    assert set(feet_of([5, -5] * 5)) == {UNTOLD}


@pytest.mark.parametrize("lean", [-6, 0, 6])
def test_a_trunk_that_rolls_shows_gravity_and_that_is_no_push(lean):
    assert set(feet_of([0] * 10, roll=12, lean=lean)) == {UNTOLD}
    assert feet_of([-40, 40] * 4, roll=12, lean=lean)[5:] == feet_of([-40, 40] * 4)[5:]


def test_one_turn_or_jostle_does_not_swap_the_feet():
    pushes = [40, -40] * 8
    pushes[9] = 900
    told = feet_of(pushes)
    assert {(number % 2, foot) for number, foot in enumerate(told[4:]) if foot != UNTOLD} == {(0, RIGHT), (1, LEFT)}
    assert told.count(UNTOLD) <= 6


def test_after_a_pause_the_feet_begin_anew():
    past = trunk_of(*[(STEP_BLOCKS, Felt((0, 40 if number % 2 else -40, 1000))) for number in range(14)]).past
    feet = Feet()
    for number in (*range(6), 10):  # three steps are left out
        feet.step(number * STEP_BLOCKS * SAMPLES, past)
        if number > 3:
            assert (feet.foot == UNTOLD) == (number == 10)


@pytest.mark.parametrize(("direction", "speed"), [("forward", 1.3), ("forward", 0.8), ("backward", 1.0)])
@pytest.mark.parametrize("seed", [1, 2])
def test_a_walkers_feet_are_told_forward_and_backward(direction, speed, seed):
    walk = synthetic([Stand(3), Walk(direction, 20, speed)], seed)
    marks = [(fact["at"], fact["foot"]) for fact in walk.of("step")]
    told = felt(walk.rows)
    right = [
        foot == {"left": LEFT, "right": RIGHT}[min(marks, key=lambda mark: abs(mark[0] - at))[1]] for at, foot in told
    ]
    assert sum(right) >= 0.85 * len(told)
    assert sum(foot != UNTOLD for _, foot in told) == sum(right)


def test_a_body_in_the_mirror_steps_with_the_other_foot():
    rows = synthetic([Stand(3), Walk("forward", 20)], 3).rows
    swapped = {LEFT: RIGHT, RIGHT: LEFT, UNTOLD: UNTOLD}
    mirrored = felt(rows * np.array([1, -1, 1, -1, 1, -1], dtype=rows.dtype))
    assert [(at, swapped[foot]) for at, foot in mirrored] == felt(rows)


def test_of_runners_and_of_who_goes_sideways_no_foot_is_told():
    for act in (Run("backward", 15), Walk("left", 15, 0.8)):
        assert {foot for at, foot in felt(synthetic([Stand(3), act], 1).rows) if at > 9} == {UNTOLD}
