import numpy as np
import pytest

from backbeat_host.lab.made.moved import counts, moved
from backbeat_host.lab.made.rotations import smooth, turn
from backbeat_host.lab.recordings.trial import DPS_PER_COUNT, G_PER_COUNT, RATE_HZ
from backbeat_host.lab.runner.body_tracks import GRAVITY

N = 520
UPRIGHT = counts(np.tile([0, 0, 1 / G_PER_COUNT, 0, 0, 0], (N, 1)))
TIMES = np.arange(N) / RATE_HZ
AHEAD, LEFT, UP = np.eye(3)


def test_no_motion_added_changes_nothing():
    rows = counts(np.random.default_rng(1).normal(0, 1000, (N, 6)))
    assert (moved(rows, np.broadcast_to(np.eye(3), (N, 3, 3)), np.zeros((N, 3))) == rows).all()


def test_bending_forward_by_a_right_angle_puts_gravity_behind():
    turned = turn(np.pi / 2 * smooth(TIMES / 2)[:, None] * LEFT)
    rows = moved(UPRIGHT, turned)
    assert rows[-1] * G_PER_COUNT == pytest.approx([-1, 0, 0, 0, 0, 0], abs=0.002)
    assert rows[:, 4].sum() * DPS_PER_COUNT / RATE_HZ == pytest.approx(90, abs=0.5)


def test_a_point_on_a_circle_feels_the_pull_to_its_middle():
    hz, radius = 0.5, 0.4
    angle = 2 * np.pi * hz * TIMES
    turned = turn(angle[:, None] * UP)
    rows = moved(UPRIGHT, turned, turned @ (radius * AHEAD))
    pull = radius * (2 * np.pi * hz) ** 2 / GRAVITY
    assert rows[50:-50].mean(axis=0) * G_PER_COUNT == pytest.approx(
        [-pull, 0, 1, 0, 0, 360 * hz / DPS_PER_COUNT * G_PER_COUNT], abs=0.003
    )


def test_a_place_on_a_turning_body_feels_that_body_turn():
    spinning = UPRIGHT.copy()
    spinning[:, 5] = round(180 / DPS_PER_COUNT)
    rows = moved(spinning, np.broadcast_to(np.eye(3), (N, 3, 3)), np.tile(0.3 * AHEAD, (N, 1)))
    assert rows[:, 0] * G_PER_COUNT * GRAVITY == pytest.approx(np.full(N, -0.3 * np.pi**2), abs=0.02)


def test_a_step_up_is_felt_as_weight_and_lightness():
    place = 0.5 * smooth((TIMES - 1) / 1)[:, None] * UP
    rows = moved(UPRIGHT, np.broadcast_to(np.eye(3), (N, 3, 3)), place)
    assert (rows[:, 2] * G_PER_COUNT - 1).sum() == pytest.approx(0, abs=0.05)
    assert rows[:, 2].max() * G_PER_COUNT == pytest.approx(1 + 0.5 * 5.7735 / GRAVITY, abs=0.01)
