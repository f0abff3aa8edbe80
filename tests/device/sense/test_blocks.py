import pytest
from hypothesis import given
from hypothesis import strategies as st

from backbeat.sense import blocks
from backbeat.sense.blocks import KEPT, SAMPLES, Blocks

CHANNELS = (blocks.X, blocks.Y, blocks.Z, blocks.P, blocks.Q, blocks.UNREST)
MOST = 27_713 * SAMPLES  # all axes at 16 g along one of the body's


def closed(rows):
    past = Blocks()
    for sums in rows:
        past.close(*sums)
    return past


@given(st.lists(st.tuples(*(st.integers(-MOST, MOST),) * 6), min_size=1, max_size=300), st.data())
def test_a_stretch_sums_to_what_its_blocks_held(rows, data):
    past = closed(rows)
    assert past.count == len(rows)
    oldest = max(0, len(rows) - KEPT + 1)
    begin = data.draw(st.integers(oldest, len(rows)))
    end = data.draw(st.integers(begin, len(rows)))
    for channel in CHANNELS:
        assert past.sum(channel, begin, end) == sum(sums[channel] for sums in rows[begin:end])


@pytest.mark.parametrize("value", [-MOST, MOST])
def test_the_longest_stretch_of_the_largest_values_does_not_wrap_for_hours(value):
    past = Blocks()
    for _ in range(3600 * 13):
        past.close(value, value, value, value, value, value)
    for channel in CHANNELS:
        assert past.sum(channel, past.count - KEPT + 1, past.count) == (KEPT - 1) * value


def test_before_the_first_block_everything_is_nothing():
    assert all(Blocks().sum(channel, 0, 0) == 0 for channel in CHANNELS)
