import pytest
from hypothesis import given
from hypothesis import strategies as st

from backbeat.timing import PARTS, Timing


@pytest.mark.parametrize(
    ("after", "lag", "part"),
    [(0, 0, 0), (30, 30, 0), (61, 61, 0), (63, 63, 1), (250, 250, 4), (251, -249, 4), (499, -1, 7), (-20, -20, 7)],
)
def test_a_step_is_held_against_the_nearest_beat(after, lag, part):
    timing = Timing()
    timing.step(after, 1200)  # a beat each 500 ms
    assert timing.lag == lag
    assert list(timing.counts) == [int(number == part) for number in range(PARTS)]


@given(st.integers(-5000, 5000), st.integers(400, 2400))
def test_the_lag_is_at_most_half_a_period_and_goes_with_its_eighth(after, cadence):
    timing = Timing()
    timing.step(after, cadence)
    period = 600_000 // cadence
    assert (after - timing.lag) % period == 0
    assert -period < 2 * timing.lag <= period
    in_time = timing.counts[0] + timing.counts[-1]
    assert in_time == (-period <= 8 * timing.lag < period)


def test_counts_stop_at_what_a_byte_holds_and_begin_anew():
    timing = Timing()
    for _ in range(300):
        timing.step(10, 1680)
    assert timing.counts[0] == 255
    timing.clear()
    assert sum(timing.counts) == 0
