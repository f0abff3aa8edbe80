import numpy as np

from backbeat_host.lab.made.library import made_trials
from backbeat_host.lab.recordings.trial import RATE_HZ

from .kinematics import direction, size


def test_stairs_have_steps_and_stay_upright():
    for trial in made_trials(["stairs"], count=6):
        assert trial.labels["activity"].split(",")[0] in ("stairs up", "stairs down")
        assert trial.labels["kind"] == "daily"
        assert len(trial.labels["steps"]) > 12
        assert 1.2 < size(trial.rows).max() < 4
        assert direction(trial.rows, len(trial.rows) // 2, 200)[2] > 0.85


def test_a_jump_flies_lands_and_ends_standing_at_one_g():
    for trial in made_trials(["jumps"], count=8):
        felt = size(trial.rows)
        flying = np.flatnonzero(felt < 0.2)
        assert len(flying) > 0.15 * RATE_HZ, trial.id
        assert 2 < felt.max() < 9
        assert abs(felt[-300:].mean() - 1) < 0.05
        # What the ground gave in all is one's weight: the hips come back to where they were, and to rest.
        assert abs((trial.rows[400:-100, 2] * 0.488e-3 / felt[-300:].mean() - 1).mean()) < 0.12
