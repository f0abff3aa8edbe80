"""What a chip gives of a trial: its bias and its own rate, with stillness around."""

import numpy as np
import pytest

from backbeat_host.lab.recordings.sensed import sensed
from backbeat_host.lab.recordings.trial import RATE_HZ, Rows, Trial


def trial(**labels: object) -> Trial:
    """Four seconds whose vertical swings at 2 Hz."""
    rows: Rows = np.zeros((416, 6), np.int16)
    rows[:, 2] = 2049 + np.rint(500 * np.sin(2 * np.pi * 2 * np.arange(416) / RATE_HZ))
    return Trial("t", rows, RATE_HZ, dict(labels), {})


def test_a_true_chip_gives_the_rows_as_they_are() -> None:
    given = sensed(trial(), pad=False)
    assert (given.rows == trial().rows).all()
    assert (given.rate, given.lead_s, given.period) == (104, 0, 2462)


def test_stillness_leads_in_and_rows_have_the_recordings_time() -> None:
    given = sensed(trial())
    assert given.lead_s == 2 and len(given.rows) == 208 + 416 + 520
    assert given.time(208) == 0 and given.time(0) == -2


@pytest.mark.parametrize("rate", [98.8, 109.2])
def test_a_chip_that_errs_has_more_or_fewer_rows_of_the_same_motion(rate: float) -> None:
    given = sensed(trial(chip_rate=rate))
    assert len(given.rows) == pytest.approx(11 * rate, abs=1)
    begun = round(2 * rate)
    swing = given.rows[begun : begun + round(4 * rate), 2] - 2049
    times = np.array([given.time(row) for row in range(begun, begun + len(swing))])
    assert swing == pytest.approx(500 * np.sin(2 * np.pi * 2 * times), abs=25)
    assert 256_000 / given.period == pytest.approx(rate, rel=0.001)


def test_what_leads_in_is_as_wrong_as_the_trial_at_any_rate() -> None:
    still = np.tile(np.array([100, -100, 2099, 7, 8, -9], np.int16), (416, 1))
    wrong = Trial("t", still, RATE_HZ, {"bias": [100, -100, 50, 7, 8, -9], "chip_rate": 98.8}, {})
    assert (sensed(wrong).rows == still[0]).all()
