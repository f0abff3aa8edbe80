"""Which impacts wait for a verdict: the hardest in half a second each, in the order they came."""

from hypothesis import given
from hypothesis import strategies as st

from backbeat.sense.impacts import Impacts

G2 = 1024 * 1024  # 1 g squared


def after(*impacts):
    queue = Impacts()
    for at, g in impacts:
        queue.consider(int(g * g * G2), at)
    return queue


def waiting(queue):
    return [queue.at(number) for number in range(queue.first, queue.end)]


def test_what_is_below_one_and_a_half_g_is_no_impact():
    assert waiting(after((10, 1.49))) == []
    assert waiting(after((10, 1.51))) == [10]


def test_within_half_a_second_the_hardest_counts():
    assert waiting(after((10, 2), (60, 3), (100, 2.5))) == [60]
    assert waiting(after((10, 2), (63, 3))) == [10, 63]


def test_an_impact_that_takes_anothers_place_stays_suspected():
    queue = after((10, 2))
    queue.suspect(queue.first)
    queue.consider(9 * G2, 30)
    assert queue.suspected(queue.first)
    queue.consider(9 * G2, 130)
    assert not queue.suspected(queue.end - 1)


def test_the_hardest_from_one_on_ends_them_all():
    queue = after((10, 2), (100, 4), (200, 3))
    assert queue.at(queue.hardest(queue.first)) == 100
    assert waiting(queue) == []


@given(st.lists(st.tuples(st.integers(1, 200), st.floats(0, 16)), max_size=60))
def test_those_that_wait_are_few_and_in_order(steps):
    queue, at = Impacts(), 0
    for step, g in steps:
        at += step
        queue.consider(int(g * g * G2), at)
        found = waiting(queue)
        assert len(found) <= 8
        assert found == sorted(found)
