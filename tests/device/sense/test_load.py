from hypothesis import given
from hypothesis import strategies as st

from backbeat.sense.load import Load

G2 = 1024 * 1024  # size of 1 g, in halves of counts


def test_a_step_weighs_as_much_as_the_hardest_moment_since_the_last():
    load = Load()
    for size in (G2, 9 * G2, 4 * G2):
        load.feel(size)
    load.step()
    assert load.last == 3000
    load.feel(4 * G2)
    load.step()
    assert (load.last, load.steps, load.mean(), load.top) == (2000, 2, 2500, 3000)


def test_another_stretch_begins_empty():
    load = Load()
    load.feel(9 * G2)
    load.step()
    load.clear()
    assert (load.steps, load.mean(), load.top) == (0, 0, 0)


@given(st.lists(st.integers(0, 3 * 2**28), min_size=1, max_size=25))
def test_the_mean_lies_below_the_top_whatever_comes(sizes):
    load = Load()
    for size in sizes:
        load.feel(size)
        load.step()
    assert 0 <= load.mean() <= load.top < 2**15
    assert load.sum < 2**30
