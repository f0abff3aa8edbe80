import numpy as np
import pytest

from backbeat_host.lab.made.ground import blow
from backbeat_host.lab.made.library import made_trials
from backbeat_host.lab.made.roll_plan import HARDEST_LOAD, TURNING, drawn_plan
from backbeat_host.lab.made.rolls import failed_roll, roll
from backbeat_host.lab.recordings.trial import G_PER_COUNT, RATE_HZ

from .kinematics import direction, gravity_by_gyro, size, spin, up_by_gyro


@pytest.fixture(scope="module")
def rolls():
    return list(made_trials(["rolls"], count=60))


@pytest.fixture(scope="module")
def failed():
    return list(made_trials(["failed-rolls"], count=20))


def test_a_roll_comes_again_from_its_seed_and_no_other():
    one, again, other = (roll(np.random.default_rng(seed), "r") for seed in (1, 1, 2))
    assert (one.rows == again.rows).all() and one.labels == again.labels
    assert one.rows.shape != other.rows.shape or (one.rows != other.rows).any()
    assert one.rows.dtype == np.int16


def test_rolls_differ_in_way_axis_entry_and_end(rolls):
    activities = {trial.labels["activity"] for trial in rolls}
    assert activities == {
        f"roll, {way}, {shape}" for way in ("backward", "forward") for shape in ("straight", "over a shoulder")
    }
    assert len({(trial.labels["entry"], trial.labels["leaving"]) for trial in rolls}) == 9
    assert len({trial.labels["mount"] for trial in rolls}) == 2


def test_a_roll_turns_once_with_the_trunk_head_down_and_ends_upright(rolls):
    for trial in rolls:
        told = trial.labels["roll"]
        assert trial.labels["kind"] == "roll"
        assert 320 <= told["rotation"] <= 400, trial.id
        assert 0.7 < (told["to"] - told["from"]) / RATE_HZ <= 2.6, trial.id
        assert told["from"] < told["to"] < told["upright"] < len(trial.rows) - 2 * RATE_HZ
        assert direction(trial.rows, told["from"] - 150, 100)[2] > 0.9, trial.id
        assert direction(trial.rows, len(trial.rows) - 120, 100)[2] > 0.85, trial.id
        before = told["from"] - 150
        head = up_by_gyro(trial.rows, before, told["to"], slice(before - 200, before + 20))[:, 2]
        assert head.min() < -0.2, trial.id


def test_the_gyroscope_turns_gravity_as_the_accelerometer_has_it(rolls):
    """Through the whole roll, where one stands before and after: bias and noise leave some degrees."""
    still = [trial for trial in rolls if (trial.labels["entry"], trial.labels["leaving"]) == ("standing", "standing")]
    assert len(still) >= 4
    for trial in still:
        told = trial.labels["roll"]
        before = told["from"] - 150
        assert gravity_by_gyro(trial.rows, before, told["upright"] + 150, slice(before - 200, before)) < 6, trial.id


def test_the_turn_is_about_the_left_right_axis_in_the_sense_of_its_way(rolls):
    for trial in rolls:
        told = trial.labels["roll"]
        turned = trial.rows[told["from"] : told["to"], 3:].sum(axis=0) * 0.07 / RATE_HZ
        sign = -1 if "backward" in trial.labels["activity"] else 1
        assert sign * turned[1] > 220, trial.id
        assert np.abs(turned[0]) < 170 and np.abs(turned[2]) < 230, trial.id


def test_loads_stay_within_what_people_bear(rolls):
    peaks = [trial.labels["roll"]["peak_g"] for trial in rolls]
    assert min(peaks) > 1.5 and max(peaks) < 11
    assert 3 < np.median(peaks) < 6
    assert max(spin(trial.rows).max() for trial in rolls) < 1100


def test_the_ground_pushes_and_never_pulls(rolls):
    """Along the true vertical, over 80 ms; the belt alone may give way a little faster than it falls."""
    for trial in rolls:
        if trial.labels["entry"] != "standing":
            continue
        told = trial.labels["roll"]
        before = told["from"] - 150
        up = up_by_gyro(trial.rows, before, told["upright"], slice(before - 200, before + 10))
        felt = (trial.rows[before : before + len(up), :3] * G_PER_COUNT * up).sum(axis=1)
        assert np.convolve(felt, np.ones(8) / 8, "valid").min() > -0.4, trial.id


def test_a_blow_peaks_at_one_and_changes_no_speed():
    times = np.arange(2080) / 1040
    made = blow(times, 1.0, 0.02)
    assert made.max() == pytest.approx(1, abs=0.01)
    assert made.min() > -0.15
    assert made.sum() / 1040 == pytest.approx(0, abs=1e-4)


def test_one_stands_still_at_one_g(rolls):
    for trial in rolls:
        if trial.labels["entry"] == "standing":
            assert size(trial.rows[20:200]).mean() == pytest.approx(1, abs=0.05)


def test_a_failed_roll_is_a_fall_that_ends_lying_still(failed):
    for trial in failed:
        assert trial.labels["kind"] == "fall"
        assert trial.labels["fall_direction"] in ("forward", "backward")
        assert np.abs(direction(trial.rows, len(trial.rows) - 150, 100)[2]) < 0.75, trial.id
        assert size(trial.rows[-500:]).std() < 0.02, trial.id
        assert size(trial.rows[-500:]).mean() == pytest.approx(1, abs=0.06)


def test_a_failed_roll_stays_down_or_topples():
    activities = {failed_roll(np.random.default_rng(seed), "f").labels["activity"].split(",")[0] for seed in range(8)}
    assert activities == {"failed roll that stays down", "failed roll that topples"}


def test_plans_stay_within_their_tables():
    for seed in range(200):
        plan = drawn_plan(np.random.default_rng(seed))
        assert TURNING[plan.entry][0] <= plan.turning <= TURNING[plan.entry][1]
        assert HARDEST_LOAD[0] <= plan.load <= HARDEST_LOAD[1]
        assert 0.05 < plan.radius <= 0.4
        assert plan.end == "upright" and plan.over == 360
