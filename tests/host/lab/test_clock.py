import pytest
from hypothesis import given
from hypothesis import strategies as st

from backbeat_host.lab.clock import TICKS_AT_POWER_ON, TICKS_PERIOD, VirtualClock
from backbeat_host.lab.endings import PowerCut


def test_ticks_wrap_for_the_first_time_about_65_s_after_power_on():
    clock = VirtualClock()
    assert clock.ticks_ms() == TICKS_AT_POWER_ON == TICKS_PERIOD - 65_536
    clock.advance(65_535_999_999)
    assert clock.ticks_ms() == TICKS_PERIOD - 1
    clock.advance(1)
    assert clock.ticks_ms() == 0


def test_an_action_runs_at_its_own_instant_though_the_clock_leaps_over_it():
    clock = VirtualClock()
    seen: list[tuple[str, int]] = []
    clock.schedule(300, lambda: seen.append(("late", clock.ns)))
    clock.schedule(100, lambda: seen.append(("early", clock.ns)))
    clock.schedule(100, lambda: seen.append(("second", clock.ns)))
    clock.advance(99)
    assert seen == []
    clock.advance_to(1000)
    assert seen == [("early", 100), ("second", 100), ("late", 300)]
    assert clock.ns == 1000


def test_an_action_may_schedule_another_that_is_due_in_the_same_leap():
    clock = VirtualClock()
    seen: list[int] = []
    clock.schedule(10, lambda: clock.schedule(20, lambda: seen.append(clock.ns)))
    clock.advance(50)
    assert seen == [20]


@given(st.lists(st.integers(0, 10**8)), st.lists(st.integers(0, 10**7)))
def test_a_look_at_the_ticks_is_time_passing_and_then_the_ticks(instants, looks):
    one, other = VirtualClock(), VirtualClock()
    seen: list[tuple[int, int]] = []
    for number, clock in enumerate((one, other)):
        for instant in instants:
            clock.schedule(instant, lambda number=number, clock=clock: seen.append((number, clock.ns)))
    for ns in looks:
        other.advance(ns)
        assert one.ticks_after(ns) == other.ticks_ms()
        assert one.ns == other.ns
    assert [ns for number, ns in seen if number == 0] == [ns for number, ns in seen if number == 1]


def test_a_look_at_the_ticks_of_a_processor_that_stands_still_raises():
    clock = VirtualClock()
    clock.halt(PowerCut())
    with pytest.raises(PowerCut):
        clock.ticks_after(1)


def test_advance_to_the_past_changes_nothing():
    clock = VirtualClock()
    clock.advance(500)
    clock.advance_to(200)
    assert clock.ns == 500


def test_a_halted_clock_raises_at_every_turn_until_it_is_resumed():
    clock = VirtualClock()
    clock.schedule(10, lambda: clock.halt(PowerCut()))
    with pytest.raises(PowerCut):
        clock.advance(100)
    assert clock.ns == 10
    with pytest.raises(PowerCut):
        clock.advance(0)
    clock.resume()
    clock.advance(5)
    assert clock.ns == 15


def test_ticks_begin_anew_at_a_restart_while_time_goes_on():
    clock = VirtualClock()
    clock.advance(70_000_000_000)
    clock.restart_ticks()
    assert clock.ticks_ms() == TICKS_AT_POWER_ON
    assert clock.ns == 70_000_000_000


@given(st.lists(st.integers(0, 10**6), max_size=30), st.lists(st.integers(0, 10**5), max_size=30))
def test_actions_run_once_and_in_order_of_time(instants, leaps):
    clock = VirtualClock()
    seen: list[int] = []
    for instant in instants:
        clock.schedule(instant, lambda instant=instant: seen.append(instant))
    for leap in leaps:
        clock.advance(leap)
    clock.advance_to(10**6)
    assert seen == sorted(instants)
