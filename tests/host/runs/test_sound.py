import wave

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from backbeat_host.errors import WorkError
from backbeat_host.runs.sound import CHUNK, render

RATE = 22_050


def heard(path):
    with wave.open(str(path), "rb") as file:
        assert (file.getnchannels(), file.getsampwidth(), file.getframerate()) == (1, 2, RATE)
        return np.frombuffer(file.readframes(file.getnframes()), "<i2").astype(float)


def rendered(tmp_path, edges, duration_s):
    render(edges, duration_s, tmp_path / "run.wav")
    return heard(tmp_path / "run.wav")


def onsets(sound):
    """Say when sound begins after 3 ms of silence or more."""
    loud = np.flatnonzero(np.abs(sound) > 30)
    return loud[np.diff(loud, prepend=-RATE) > 0.003 * RATE] / RATE


def test_no_edges_give_silence_of_the_whole_duration(tmp_path):
    sound = rendered(tmp_path, [], 1.5)
    assert len(sound) == 1.5 * RATE
    assert not sound.any()


def test_every_beat_of_a_minute_begins_within_a_millisecond_of_its_edge(tmp_path):
    beats = [n * 60 / 171.3 for n in range(171)]
    sound = rendered(tmp_path, [edge for t in beats for edge in ((t, 2700), (t + 0.03, 0))], 60.0)
    found = onsets(sound)
    assert len(found) == len(beats)
    assert np.max(np.abs(found - beats)) < 0.001


@pytest.mark.parametrize("frequency", [220, 440, 2700, 4000])
def test_a_tone_has_its_frequency(tmp_path, frequency):
    sound = rendered(tmp_path, [(0.1, frequency), (1.1, 0)], 1.2)[int(0.2 * RATE) : int(1.0 * RATE)]
    spectrum = np.abs(np.fft.rfft(sound * np.hanning(len(sound))))
    assert np.argmax(spectrum) * RATE / len(sound) == pytest.approx(frequency, rel=0.01)


def test_a_square_wave_has_its_odd_harmonics_and_nothing_between(tmp_path):
    sound = rendered(tmp_path, [(0, 500)], 1.1)[: 1 * RATE]
    spectrum = np.abs(np.fft.rfft(sound * np.hanning(RATE))) / RATE
    fundamental = spectrum[500]
    assert spectrum[1500] == pytest.approx(fundamental / 3, rel=0.1)
    between = np.delete(spectrum[50:], [n for k in range(1, 16, 2) for n in range(500 * k - 55, 500 * k - 45)])
    assert between.max() < fundamental / 1000


def test_silence_is_silent_between_tones_and_there_is_no_click(tmp_path):
    sound = rendered(tmp_path, [(0.5, 1000), (0.6, 0), (0.9, 1000), (1.0, 0)], 1.5)
    assert not sound[: int(0.5 * RATE)].any()
    assert not sound[int(0.603 * RATE) : int(0.899 * RATE)].any()
    steady = np.abs(np.diff(sound[int(0.52 * RATE) : int(0.58 * RATE)])).max()
    assert np.abs(np.diff(sound)).max() <= steady * 1.01


def test_the_phase_runs_on_across_a_change_of_frequency_and_across_chunks(tmp_path):
    edges = [(0.1, 800)] + [(0.1 + 0.25 * n, 800 + 10 * n) for n in range(1, 30)]
    sound = rendered(tmp_path, edges, 2.5 * CHUNK / RATE)
    start = int(0.11 * RATE)
    steady = np.abs(np.diff(sound[start : start + 4000])).max()
    assert np.abs(np.diff(sound)).max() <= steady * 1.1


def test_edges_may_come_in_any_order(tmp_path):
    edges = [(0.2, 600), (0.3, 0), (0.7, 900), (0.8, 0)]
    assert np.array_equal(rendered(tmp_path, edges, 1), rendered(tmp_path, edges[::-1], 1))


def test_of_edges_at_the_same_instant_the_last_given_counts(tmp_path):
    assert not rendered(tmp_path, [(0.2, 600), (0.2, 0)], 1).any()


def test_a_tone_begun_before_the_file_is_heard_from_its_beginning(tmp_path):
    sound = rendered(tmp_path, [(-1.0, 600), (0.2, 0)], 1)
    assert np.abs(sound[: int(0.01 * RATE)]).max() > 1000
    assert not sound[int(0.203 * RATE) :].any()


def test_edges_after_the_end_are_left_out(tmp_path):
    sound = rendered(tmp_path, [(3.0, 600)], 1)
    assert len(sound) == RATE
    assert not sound.any()


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(st.floats(-2, 3), st.integers(-5, 20_000)), max_size=20), st.floats(-1, 2))
def test_any_edges_make_a_file_of_the_right_length_without_clipping(tmp_path_factory, edges, duration_s):
    sound = rendered(tmp_path_factory.mktemp("sound"), edges, duration_s)
    assert len(sound) == max(0, round(duration_s * RATE))
    assert np.abs(sound).max(initial=0) < 32_767


def test_edges_that_are_no_numbers_are_refused(tmp_path):
    with pytest.raises(ValueError, match="finite"):
        render([(float("nan"), 440)], 1, tmp_path / "run.wav")


def test_more_than_a_wav_can_hold_is_refused_before_anything_is_written(tmp_path):
    with pytest.raises(WorkError, match="30 hours do not fit"):
        render([], 30 * 3600, tmp_path / "run.wav")
    assert not list(tmp_path.iterdir())
