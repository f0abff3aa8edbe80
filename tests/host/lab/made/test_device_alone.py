import numpy as np
import pytest

from backbeat_host.lab.made.device_alone import DEVICE
from backbeat_host.lab.made.handled import Handled
from backbeat_host.lab.made.library import made_trials
from backbeat_host.lab.made.rotations import turn
from backbeat_host.lab.recordings.trial import RATE_HZ

from .kinematics import gravity_by_gyro, size, spin


@pytest.mark.parametrize("family", DEVICE)
def test_the_device_alone_is_no_fall_and_ends_at_rest_unless_it_is_worn(family):
    for trial in made_trials([family], count=3):
        assert trial.labels["kind"] == "daily"
        assert trial.labels["activity"].startswith("device ")
        assert trial.rows.dtype == np.int16 and trial.rows.shape[1] == 6
        if family != "device-on":
            assert size(trial.rows[-600:]).mean() == pytest.approx(1, abs=0.05)
            assert spin(trial.rows[-600:]).max() < 6


@pytest.mark.parametrize("family", ["device-off", "device-on"])
def test_in_hands_the_gyroscope_turns_gravity_as_the_accelerometer_has_it(family):
    for trial in made_trials([family], count=4):
        still = slice(-300, None) if family == "device-off" else slice(0, 250)
        last = len(trial.rows) - 300 if family == "device-off" else 900
        assert gravity_by_gyro(trial.rows, 40, last, still) < 6, trial.id


def test_swung_and_tumbling_it_does_so_too():
    thing = Handled(np.random.default_rng(4))
    thing.rest(1.0)
    thing.hold(1.0, turn([0.4, 0.2, 1.0]), np.array([0.2, 0.0, 0.1]))
    thing.throw(np.array([1.5, 0.0, 1.0]), 0.3, np.array([0.0, 6.0, 2.0]))
    thing.tumble(0.5, np.array([0.0, 6.0, 2.0]), soft=True)
    thing.rest(1.0)
    rows = thing.rows()
    assert gravity_by_gyro(rows, 50, len(rows) - 50, slice(0, 80)) < 4


def test_a_dropped_device_falls_freely_for_as_long_as_its_height_takes():
    thing = Handled(np.random.default_rng(3))
    thing.rest(1.0)
    thing.tumble(1.0, np.array([2.0, 0.0, 0.0]), soft=False)
    thing.rest(1.0)
    rows = thing.rows()
    falling = np.flatnonzero(size(rows) < 0.1)
    first = falling[: int(np.argmax(np.diff(falling) > 1)) + 1]
    assert len(first) / RATE_HZ == pytest.approx(np.sqrt(2 / 9.81), abs=0.06)
    assert size(rows).max() > 6
    assert size(rows[-60:]) == pytest.approx(np.ones(60), abs=0.01)
    assert np.abs(rows[-1, :3]).max() == pytest.approx(1 / 0.488e-3, abs=2)  # it lies on a face


def test_a_swung_device_feels_the_pull_of_its_circle():
    peaks = [size(trial.rows).max() for trial in made_trials(["device-swing"], count=12)]
    assert max(peaks) > 4 and min(peaks) > 1.2
