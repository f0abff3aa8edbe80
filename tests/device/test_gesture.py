import pytest
from hypothesis import given
from hypothesis import strategies as st

from backbeat.gesture import DOUBLE, LONG, NOTHING, SHORT, Gestures

LOOK_MS = 5


def told(*spans, until=6000, gestures=None):
    """Look at the button every few ms; `spans` are (down, up) times. Give (when, what was meant)."""
    gestures = gestures or Gestures()
    meant = []
    for now in range(0, until, LOOK_MS):
        what = gestures.poll(now, any(down <= now < up for down, up in spans))
        if what != NOTHING:
            meant.append((now, what))
    return meant


def test_a_short_press_is_told_once_no_second_one_can_come():
    assert told((1000, 1200)) == [(1555, SHORT)]


def test_two_quick_presses_are_a_double_told_at_the_second():
    assert told((1000, 1100), (1300, 1400)) == [(1300, DOUBLE)]


def test_a_hold_is_long_told_while_it_is_held():
    assert told((1000, 4000)) == [(2500, LONG)]


def test_a_press_just_under_long_is_short():
    assert told((1000, 2495)) == [(2850, SHORT)]


def test_two_slow_presses_are_two_short_ones():
    assert told((1000, 1100), (1500, 1600)) == [(1455, SHORT), (1955, SHORT)]


def test_a_third_quick_press_stands_for_itself():
    assert [what for _, what in told((1000, 1100), (1200, 1300), (1400, 1500))] == [DOUBLE, SHORT]


def test_a_second_press_is_waited_for_from_the_end_of_a_first_one_until_its_meaning_is_told():
    gestures = Gestures()
    waited = []
    for now in range(0, 6000, LOOK_MS):
        gestures.poll(now, 20 <= now < 140 or 1000 <= now < 1200 or 3000 <= now < 3100 or 3300 <= now < 3400)
        if gestures.waiting():
            waited.append(now)
    assert waited == [*range(1200, 1555, LOOK_MS), *range(3100, 3300, LOOK_MS)]


def test_the_second_press_of_a_double_held_on_is_not_long_too():
    assert told((1000, 1100), (1300, 5000)) == [(1300, DOUBLE)]


def test_a_press_after_a_long_one_means_what_it_means():
    assert [what for _, what in told((500, 2500), (3000, 3100))] == [LONG, SHORT]


def test_the_press_that_started_the_session_means_nothing_in_it():
    assert told((0, 150)) == []
    assert told((0, 4000)) == []
    assert told((0, 150), (1000, 1100)) == [(1455, SHORT)]


def test_a_press_made_before_the_start_was_heard_means_nothing():
    assert told((20, 140)) == []
    assert told((20, 4000)) == []
    assert told((20, 140), (300, 400)) == [(755, SHORT)]


def test_a_spent_press_means_nothing_more_and_the_next_is_new():
    gestures = Gestures()
    assert gestures.poll(0, False) == NOTHING
    assert gestures.poll(1000, True) == NOTHING
    gestures.spend()
    assert [gestures.poll(now, True) for now in range(1100, 4000, 100)] == [NOTHING] * 29
    assert [gestures.poll(now, False) for now in range(4000, 5000, 100)] == [NOTHING] * 10
    assert gestures.poll(5000, True) == NOTHING
    assert gestures.poll(5100, False) == NOTHING
    assert gestures.poll(5500, False) == SHORT


def test_a_second_press_after_its_time_is_no_double_though_nobody_looked_in_between():
    gestures = Gestures()
    for now, pressed in ((0, False), (1000, True), (1100, False)):
        assert gestures.poll(now, pressed) == NOTHING
    assert gestures.poll(2000, True) == SHORT
    assert gestures.poll(2100, False) == NOTHING
    assert gestures.poll(2500, False) == SHORT


@given(st.lists(st.tuples(st.integers(30, 3000), st.integers(30, 3000)), max_size=12))
def test_every_press_has_exactly_one_meaning(presses):
    """Presses of (ms before it, ms held): each is short, long or part of one double."""
    spans, now = [], 200  # sooner they mean nothing
    for before, held in presses:
        before, held = before // LOOK_MS * LOOK_MS + LOOK_MS, held // LOOK_MS * LOOK_MS + LOOK_MS
        spans.append((now + before, now + before + held))
        now += before + held
    meant = [what for _, what in told(*spans, until=now + 2000)]
    assert meant.count(SHORT) + meant.count(LONG) + 2 * meant.count(DOUBLE) == len(presses)


@pytest.mark.parametrize("bounce", [5, 10])
def test_held_steadily_after_a_bounce_at_the_press_is_a_double_press_only_if_it_was_let_go(bounce):
    # The board's button debounces; what still arrives as two presses is taken as two.
    assert told((1000, 1000 + bounce), (1000 + 2 * bounce, 1300)) == [(1000 + 2 * bounce, DOUBLE)]
