import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from backbeat_host.lab.made import transform
from backbeat_host.lab.made.rotations import orientations, turn
from backbeat_host.lab.recordings.trial import DPS_PER_COUNT, G_PER_COUNT, RATE_HZ

COUNTS = arrays(np.int16, st.tuples(st.integers(2, 40), st.just(6)), elements=st.integers(-32767, 32767))


def rng():
    return np.random.default_rng(7)


def still(seconds=4.0):
    rows = np.zeros((round(seconds * RATE_HZ), 6), np.int16)
    rows[:, 2] = round(1 / G_PER_COUNT)
    return rows


@given(COUNTS)
def test_reversed_twice_is_the_same(rows):
    once = transform.reversed_in_time(rows)
    assert (once[:, :3] == rows[::-1, :3]).all()
    assert (once[:, 3:] == -rows[::-1, 3:]).all()
    assert (transform.reversed_in_time(once) == rows).all()


def test_the_lowest_count_of_all_reverses_into_the_highest():
    rows = np.full((3, 6), -32768, np.int16)
    assert transform.reversed_in_time(rows)[0].tolist() == [-32768] * 3 + [32767] * 3


@given(COUNTS, st.integers(0, 23))
def test_turned_and_turned_back_is_the_same_to_a_count(rows, number):
    matrix = orientations()[number]
    there = transform.mount_turned(rows, matrix)
    assert there.dtype == np.int16
    assert (transform.mount_turned(there, matrix.T) == rows).all()
    assert (np.linalg.norm(there[:, :3].astype(int), axis=1) == np.linalg.norm(rows[:, :3].astype(int), axis=1)).all()


def test_tilted_by_ten_degrees_gravity_leans_by_ten_degrees():
    rows = transform.tilted(still(), turn(np.radians([0, 10, 0])))
    assert np.degrees(np.arctan2(-rows[0, 0], rows[0, 2])) == pytest.approx(10, abs=0.05)


@pytest.mark.parametrize("change", [transform.noisy, transform.clip_wobble, lambda rows, _: transform.clipped(rows)])
def test_a_change_keeps_form_and_input_and_comes_again_from_its_seed(change):
    rows = still()
    rows[100:110, :3] += 5000
    before = rows.copy()
    made = change(rows, rng())
    assert made.dtype == np.int16 and made.shape == rows.shape
    assert (rows == before).all()
    assert (change(rows, rng()) == made).all()


def test_noise_has_the_size_it_says():
    made = transform.noisy(still(60), rng()).astype(float)
    assert made[:, :3].std(axis=0) * G_PER_COUNT == pytest.approx(np.full(3, transform.NOISE_G), rel=0.05)
    assert made[:, 3:].std(axis=0) * DPS_PER_COUNT == pytest.approx(np.full(3, transform.NOISE_DPS), rel=0.05)


def test_an_offset_is_60_mg_and_10_dps_on_every_axis():
    bias = transform.any_bias(rng())
    assert np.abs(bias[:3]) * G_PER_COUNT == pytest.approx(np.full(3, 0.06), abs=0.0003)
    assert np.abs(bias[3:]) * DPS_PER_COUNT == pytest.approx(np.full(3, 10.0), abs=0.05)
    assert (transform.offset(still(), bias) - still() == bias).all()


def test_a_smaller_range_cuts_off():
    rows = still()
    rows[5] = [32767, -32768, 100, 32767, -32768, 100]
    made = transform.clipped(rows)[5]
    assert made[:3] * G_PER_COUNT == pytest.approx([8, -8, 0.0488], abs=0.001)
    assert made[3:] * DPS_PER_COUNT == pytest.approx([1000, -1000, 7], abs=0.05)


def test_a_still_clip_stays_still_and_a_blow_makes_it_rock_and_calm_down():
    rows = still(6)
    assert (transform.clip_wobble(rows, rng()) == rows).all()
    rows[300:303, 0] = round(3 / G_PER_COUNT)
    made = transform.clip_wobble(rows, rng())
    rocking = np.abs(made[:, 4] * DPS_PER_COUNT)
    assert 20 < rocking[300:340].max() < 1000
    assert rocking[560:].max() < 1.0
    angle = np.cumsum(made[:, 4]) * DPS_PER_COUNT / RATE_HZ
    assert 0.3 < np.abs(angle).max() < transform.CLIP_STOP
    assert made[-20:, :3].mean(axis=0) * G_PER_COUNT == pytest.approx([0, 0, 1], abs=0.005)
    turns = np.flatnonzero(np.diff(np.sign(made[304:350, 4])))
    assert 8 < RATE_HZ / (2 * np.diff(turns).mean()) < 21
