from hypothesis import given
from hypothesis import strategies as st

from backbeat.ticks import PERIOD, add, diff

INSTANTS = st.integers(0, PERIOD - 1)
SPANS = st.integers(-(2**28), 2**28 - 1)


def test_the_clock_wraps_where_circuitpythons_does():
    assert PERIOD == 2**29
    assert add(PERIOD - 1, 1) == 0
    assert add(0, -1) == PERIOD - 1


@given(INSTANTS, SPANS)
def test_a_span_added_is_the_difference_again_wherever_the_clock_stands(instant, span):
    later = add(instant, span)
    assert 0 <= later < PERIOD
    assert diff(later, instant) == span


@given(INSTANTS, SPANS, SPANS)
def test_adding_in_two_steps_is_adding_at_once(instant, first, second):
    assert add(add(instant, first), second) == add(instant, first + second)


@given(INSTANTS, st.integers(-(2**28) + 1, 2**28 - 1))
def test_the_other_way_round_is_the_negative(instant, span):
    later = add(instant, span)
    assert diff(instant, later) == -diff(later, instant)
