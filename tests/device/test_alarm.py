import pytest
from hypothesis import given
from hypothesis import strategies as st

from backbeat.alarm import COUNTDOWN, HOLD_MS, IDLE, SIREN, Alarm


def begun(at=1000, countdown=12_000):
    alarm = Alarm(countdown)
    assert alarm.begin(at)
    return alarm


def on_siren():
    alarm = begun()
    assert alarm.poll(13_000)
    return alarm


def hold(alarm, begin, length):
    """Press, look every 10 ms, let go; give when it cancelled."""
    cancelled = [now for now in range(begin, begin + length + 1, 10) if alarm.button(now, True)]
    alarm.button(begin + length + 10, False)
    return cancelled


def walk(alarm, instants):
    """Give the steps that cancelled."""
    return [at for at in instants if alarm.step(at)]


@pytest.mark.parametrize("countdown", [5000, 12_000, 60_000])
def test_the_siren_comes_exactly_when_the_countdown_is_over(countdown):
    alarm = begun(1000, countdown)
    assert alarm.state == COUNTDOWN
    assert not alarm.poll(1000 + countdown - 1)
    assert alarm.poll(1000 + countdown)
    assert alarm.state == SIREN


def test_the_siren_is_told_once_and_goes_on():
    alarm = on_siren()
    assert not any(alarm.poll(now) for now in range(13_001, 100_000, 100))
    assert alarm.state == SIREN


def test_without_a_fall_there_is_no_alarm():
    alarm = Alarm(5000)
    assert not any(alarm.poll(now) for now in range(0, 100_000, 100))
    assert hold(alarm, 100_000, 3000) == []
    assert walk(alarm, range(0, 20_000, 500)) == []


@pytest.mark.parametrize("alarm", [begun(), on_siren()], ids=["countdown", "siren"])
def test_another_fall_in_an_alarm_begins_no_second_one(alarm):
    state, siren_at = alarm.state, alarm.siren_at
    assert not alarm.begin(13_500)
    assert (alarm.state, alarm.siren_at) == (state, siren_at)


@pytest.mark.parametrize("make", [begun, on_siren], ids=["countdown", "siren"])
def test_a_hold_cancels_countdown_and_siren(make):
    alarm = make()
    assert hold(alarm, 20_000, 2000) == [20_000 + HOLD_MS]
    assert HOLD_MS == 700
    assert alarm.state == IDLE
    assert not alarm.poll(100_000)


@pytest.mark.parametrize("make", [begun, on_siren], ids=["countdown", "siren"])
def test_short_presses_cancel_nothing_however_many(make):
    alarm = make()
    state = alarm.state
    for begin in range(14_000, 40_000, 800):
        assert hold(alarm, begin, 690) == []
    assert alarm.state == state


def test_a_button_held_since_before_the_fall_must_be_let_go_first():
    """Who lies on the button has not said that all is well."""
    alarm = Alarm(12_000)
    for now in range(0, 5000, 10):
        alarm.button(now, True)
    alarm.begin(5000)
    assert not any(alarm.button(now, True) for now in range(5000, 8000, 10))
    alarm.button(8000, False)
    assert [now for now in range(8010, 9000, 10) if alarm.button(now, True)] == [8710]


@given(st.integers(400, 1500))
def test_five_seconds_of_steady_steps_cancel_the_countdown(gap):
    alarm = begun(countdown=60_000)
    (cancelled, *_) = walk(alarm, range(2000, 30_000, gap))
    # The first step at or after five seconds, and not before the sixth: five gaps.
    assert cancelled - 2000 == max(-(-5000 // gap), 5) * gap
    assert alarm.state == IDLE


def test_steps_never_cancel_the_siren():
    alarm = on_siren()
    assert walk(alarm, range(13_500, 60_000, 500)) == []
    assert alarm.state == SIREN


def test_steps_of_the_countdown_do_not_add_up_into_the_siren():
    alarm = begun(countdown=5000)
    assert walk(alarm, range(2000, 6000, 500)) == []
    assert alarm.poll(6000)
    assert walk(alarm, range(6000, 20_000, 500)) == []


def test_after_a_pause_the_steps_count_anew():
    alarm = begun(countdown=60_000)
    assert walk(alarm, range(2000, 6600, 500)) == []
    assert walk(alarm, [6500 + 1501]) == []
    assert walk(alarm, range(8501, 20_000, 500)) == [13_001]


def test_few_steps_far_apart_are_no_steady_steps():
    alarm = begun(countdown=60_000)
    assert walk(alarm, range(2000, 50_000, 1501)) == []


@pytest.mark.parametrize("how", ["press", "steps"])
def test_after_a_cancelled_alarm_a_new_fall_alarms_again(how):
    alarm = begun()
    if how == "press":
        assert hold(alarm, 2000, 800)
    else:
        assert walk(alarm, range(2000, 9000, 500))
    assert alarm.begin(20_000)
    assert not alarm.poll(31_999)
    assert alarm.poll(32_000)


def test_steps_of_an_earlier_countdown_do_not_help_to_cancel_a_later_one():
    alarm = begun()
    walk(alarm, range(2000, 6000, 500))
    hold(alarm, 6000, 800)
    alarm.begin(7000)
    assert walk(alarm, [7000, 7500]) == []


def test_a_hold_whose_end_is_seen_late_cancels_all_the_same():
    """Flash was written meanwhile: the button was looked at when it went down, and again when it was up."""
    alarm = Alarm(12_000)
    assert alarm.begin(1000)
    assert not alarm.button(2000, True)
    assert alarm.button(2000 + HOLD_MS + 150, False)
    assert alarm.state == IDLE
    assert alarm.begin(9000)
    assert not alarm.button(9500, True)
    assert not alarm.button(9500 + HOLD_MS + 30, False)  # a shorter one, as the scan sees it
    assert alarm.state == COUNTDOWN
