import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from backbeat_host.lab.made.rotations import noise, orientations, rates, smooth, turn, vector

PART = st.floats(-1, 1)


@given(st.tuples(PART, PART, PART))
def test_a_vector_survives_its_matrix(parts):
    given_vector = np.array(parts) * 1.8  # below half a turn
    matrix = turn(given_vector)
    assert matrix @ matrix.T == pytest.approx(np.eye(3), abs=1e-12)
    assert vector(matrix) == pytest.approx(given_vector, abs=1e-7)


@pytest.mark.parametrize("axis", np.vstack([np.eye(3), [[0.6, 0.0, 0.8]]]))
def test_half_a_turn_has_a_vector_too(axis):
    matrix = turn(np.pi * axis)
    assert turn(vector(matrix)) == pytest.approx(matrix, abs=1e-9)


def test_the_sum_of_the_rates_is_the_rotation():
    times = np.arange(200) / 100
    turned = turn(smooth(times / 2)[:, None] * np.array([0.0, 2.0, 0.0]))
    made = rates(turned, 100.0)
    assert made.sum(axis=0) / 100 == pytest.approx([0, 2.0, 0], abs=0.02)
    assert np.abs(made).max() == pytest.approx(2.0 * 1.875 / 2, rel=0.01)  # least jerk peaks at 15/8 of its mean


def test_there_are_24_orientations_and_none_is_a_mirror():
    found = orientations()
    assert len({matrix.tobytes() for matrix in found}) == 24
    assert (found[0] == np.eye(3)).all()
    assert {round(np.linalg.det(matrix)) for matrix in found} == {1}


def test_noise_has_unit_rms_and_stays_in_its_band():
    times = np.arange(10_400) / 104
    made = noise(np.random.default_rng(1), times, 2.0, 5.0)
    assert made.std(axis=0) == pytest.approx(np.ones(3), rel=0.1)
    power = np.abs(np.fft.rfft(made[:, 0])) ** 2
    hz = np.fft.rfftfreq(len(times), 1 / 104)
    assert power[(hz > 1.9) & (hz < 5.1)].sum() > 0.99 * power.sum()
