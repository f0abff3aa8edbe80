import numpy as np
import pytest

from backbeat_host.lab.made import long_runs
from backbeat_host.lab.made.library import made_trials
from backbeat_host.lab.recordings.trial import RATE_HZ

from .kinematics import size


@pytest.mark.parametrize("way", ["forward", "backward", "left", "right"])
def test_a_steady_walk_has_its_travel_and_its_steps(way):
    (trial,) = made_trials([f"walk-{way}"], count=1)
    assert trial.labels["kind"] == "gait"
    assert trial.travel.shape == (len(trial.rows), 2)
    axis, sign = (0, 1) if way in ("forward", "left") else (0, -1)
    axis = 0 if way in ("forward", "backward") else 1
    assert (sign * trial.travel[:, axis] > 30).all()
    assert np.abs(trial.travel[:, 1 - axis]).max() <= 1
    gaps = np.diff(trial.labels["steps"]) / RATE_HZ
    assert 0.4 < np.median(gaps) < 0.8
    assert trial.labels["steps"][-1] < len(trial.rows)


def test_a_run_flies_and_its_steps_are_as_quick_as_its_cadence():
    (trial,) = made_trials(["run-backward"], count=1)
    assert size(trial.rows).min() < 0.2
    assert 60 / np.median(np.diff(trial.labels["steps"]) / RATE_HZ) == pytest.approx(164, abs=20)


def test_an_hour_is_joined_at_stands_and_its_steps_and_travel_go_on(monkeypatch):
    monkeypatch.setattr(long_runs, "HOUR_S", 400)
    monkeypatch.setattr(long_runs, "PART_S", 200)
    trial = long_runs.hour(np.random.default_rng(1), "h", "backward")
    assert len(trial.rows) == pytest.approx(400 * RATE_HZ, abs=2)
    join = len(trial.rows) // 2
    assert size(trial.rows[join - 50 : join + 50]) == pytest.approx(np.ones(100), abs=0.1)
    steps = np.array(trial.labels["steps"])
    assert (np.diff(steps) > 0).all() and steps[-1] > join + 5000
    still = trial.travel[:, 0] == 0
    assert 0.02 < still.mean() < 0.3
    assert (trial.travel[~still, 0] < -150).mean() > 0.99
