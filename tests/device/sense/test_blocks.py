import pytest
from hypothesis import given
from hypothesis import strategies as st

from backbeat.sense.blocks import KEPT, Blocks, total

from .trunks import Felt

MOST = 27_713  # mg: all axes at 16 g along one of the body's
FASTEST = 3_465  # dps: likewise at 2000


def closed(blocks):
    past = Blocks()
    for felt in blocks:
        past.close(felt, felt)
    return past


@given(st.lists(st.tuples(*(st.integers(-MOST, MOST),) * 3), min_size=1, max_size=300), st.data())
def test_a_stretch_sums_to_what_its_blocks_held(accelerations, data):
    past = closed([Felt(acc, top=1000) for acc in accelerations])
    assert past.count == len(accelerations)
    begin = data.draw(st.integers(max(0, len(accelerations) - KEPT), len(accelerations)))
    end = data.draw(st.integers(begin, len(accelerations)))
    for axis, channel in enumerate((past.x, past.y, past.z)):
        assert total(channel, begin, end) == sum(acc[axis] for acc in accelerations[begin:end])


@pytest.mark.parametrize("sign", [-1, 1])
def test_the_most_that_a_chip_can_say_is_kept(sign):
    felt = Felt((sign * MOST, 0, -sign * MOST), (sign * FASTEST, 0, -sign * FASTEST), unrest=2000)
    felt.top = 3 * (32_768 >> 1) ** 2
    past = closed([felt] * (KEPT + 3))
    newest = (past.count - 1) % KEPT
    assert (past.x[newest], past.z[newest]) == (sign * MOST, -sign * MOST)
    assert (past.p[newest], past.r[newest]) == (sign * FASTEST, -sign * FASTEST)
    assert past.unrest[newest] == 16_000
    assert past.top[newest] == felt.top >> 15


def test_before_the_first_block_everything_is_nothing():
    assert total(Blocks().x, 0, 0) == 0
