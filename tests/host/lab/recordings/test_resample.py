"""Resampling keeps what the slower rate can carry and nothing else; padding is still and upright as measured."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from backbeat_host.lab.recordings.resample import padded, resampled
from backbeat_host.lab.recordings.trial import Rows


def tone(times: np.ndarray, hertz: float) -> np.ndarray:
    return np.tile(10_000 * np.sin(2 * np.pi * hertz * times + 0.4)[:, None], (1, 6))


def error(rate: float, hertz: float, times: np.ndarray) -> float:
    """RMS error over the middle of a tone, in counts of its 10,000."""
    made = resampled(tone(times, hertz), times)
    wanted = tone(times[0] + np.arange(len(made)) / 104, hertz)
    return float(np.sqrt(np.mean((made - wanted)[52:-52] ** 2)))


def test_a_recording_at_104_hz_passes_bit_for_bit() -> None:
    rows = np.random.default_rng(2).integers(-32768, 32768, (500, 6)).astype(np.int16)
    times = np.arange(500) / 104
    assert np.array_equal(resampled(rows, times), rows)
    assert np.array_equal(resampled(rows, np.round(times, 3)), rows)
    assert np.array_equal(resampled(rows[:1], times[:1]), rows[:1])


@pytest.mark.parametrize(("rate", "hertz"), [(20, 5), (50, 15), (100, 40), (200, 40), (238, 40), (1000, 40)])
def test_what_both_rates_carry_is_kept(rate: float, hertz: float) -> None:
    assert error(rate, hertz, np.arange(0, 5, 1 / rate)) < 50  # 0.5 % of the amplitude


@pytest.mark.parametrize(("rate", "hertz"), [(200, 60), (238, 75), (1000, 60), (1000, 104)])
def test_what_104_hz_cannot_carry_is_gone(rate: float, hertz: float) -> None:
    times = np.arange(0, 5, 1 / rate)
    assert np.max(np.abs(resampled(tone(times, hertz), times)[52:-52])) < 100  # 1 % of the amplitude


def test_uneven_stamps_are_honoured() -> None:
    even = np.arange(0, 5, 1 / 100)
    uneven = even + np.random.default_rng(3).uniform(-0.003, 0.003, len(even))
    assert error(100, 5, uneven) < 60


def test_a_long_recording_goes_through_in_pieces_without_a_seam() -> None:
    assert error(1000, 20, np.arange(0, 60, 1 / 1000)) < 30


@settings(max_examples=30, deadline=None)
@given(st.integers(-32768, 32767), st.floats(20, 1000), st.integers(2, 60))
def test_stillness_stays_exactly_still(value: int, rate: float, count: int) -> None:
    made = resampled(np.full((count, 6), value, np.int16), np.arange(count) / rate)
    assert np.all(made == value)
    assert len(made) == pytest.approx((count - 1) * 104 / rate + 1, abs=1)


@settings(max_examples=30, deadline=None)
@given(st.floats(0, 5), st.floats(0, 5), st.integers(1, 200), st.integers(0, 99))
def test_padding_is_as_long_as_asked_and_leaves_the_rows(lead: float, tail: float, count: int, seed: int) -> None:
    rows: Rows = np.random.default_rng(seed).integers(-4000, 4000, (count, 6)).astype(np.int16)
    longer, before = padded(rows, lead, tail)
    assert before == round(lead * 104) and len(longer) == before + count + round(tail * 104)
    assert np.array_equal(longer[before : before + count], rows)


def test_padding_holds_the_measured_direction_at_one_g_without_rotation() -> None:
    rows = np.zeros((300, 6), np.int16)
    rows[:150] = (0, 0, 2200, 5, 6, 7)
    rows[150:] = (1900, 0, 0, 5, 6, 7)
    longer, before = padded(rows)
    assert longer[:before].tolist() == [[0, 0, 2049, 0, 0, 0]] * 208
    assert longer[-520:].tolist() == [[2049, 0, 0, 0, 0, 0]] * 520


def test_padding_reads_as_wrong_as_the_recording_does() -> None:
    bias = (100, -100, 50, 7, 8, -9)
    rows = np.tile(np.array([0, 0, 4098, 0, 0, 0], np.int16), (300, 1)) + np.array(bias, np.int16)
    longer, before = padded(rows, bias=bias)
    assert longer[:before].tolist() == longer[-520:].tolist()[:before] == [[100, -100, 2099, 7, 8, -9]] * before


def test_padding_around_a_run_takes_gravity_from_as_much_of_it_as_it_needs() -> None:
    """A quarter of a second of a run that begins in flight points anywhere."""
    rows = np.zeros((208, 6), np.int16)
    rows[:, 2] = 2049 * np.tile(np.repeat([0.1, 1.9], 26), 4)
    rows[:26, 0] = rows[-26:, 0] = 400
    longer, before = padded(rows)
    assert longer[before - 1, 2] > 0.98 * 2049 and longer[-1, 2] > 0.98 * 2049
    assert abs(np.linalg.norm(longer[0, :3].astype(float)) - 2049) < 1


def test_padding_a_free_fall_stands_upright() -> None:
    longer, _ = padded(np.zeros((50, 6), np.int16))
    assert longer[0].tolist() == [0, 0, 2049, 0, 0, 0]
