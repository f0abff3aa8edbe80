"""Five still minutes: the beats stop, the sensor dozes, and the first movement or press brings all back."""

import pytest

from backbeat import cues, events, names
from backbeat_host.lab.runner.acts import Fall, Lie, Run, Stand, Walk
from backbeat_host.lab.runner.synthetic import synthetic

from .ride import Ride

FIVE_MINUTES = 300


def rows(*script):
    return synthetic(list(script), 1).rows


def rested(**values):
    ride = Ride(**values).stand(FIVE_MINUTES + 6)
    assert ride.session.idle
    return ride


def test_after_five_still_minutes_the_beats_stop_and_a_cue_and_the_log_say_so():
    ride = rested()
    (idle,) = ride.events(events.IDLE)
    assert FIVE_MINUTES * 1000 <= idle[0] <= FIVE_MINUTES * 1000 + 5000
    assert ride.events(events.CUE)[-1][2] == cues.IDLE
    assert not [beat for beat in ride.beats() if beat[0] > idle[0]]
    assert ride.board.silent
    ride.stand(30).end()
    assert "idle" in [event.name for event in decoded_events(ride)]


def decoded_events(ride):
    return [type("Event", (), {"name": names.EVENTS[code]}) for _, code, *_ in ride.decoded().told]


@pytest.mark.parametrize("gait", ["walk", "run"])
def test_who_moves_now_and_then_is_not_idle(gait):
    move = Walk("forward", 12) if gait == "walk" else Run("backward", 12)
    ride = Ride()
    for _ in range(2):
        ride.feel(rows(Stand(FIVE_MINUTES - 30), move))
    assert ride.events(events.IDLE) == []


def test_a_press_wakes_and_means_nothing_else():
    ride = rested()
    ride.press(0.2).stand(1)
    assert not ride.session.idle
    assert not ride.session.paused
    (awake,) = ride.events(events.AWAKE)
    assert ride.events(events.CUE)[-1][2] == cues.AWAKE
    assert [beat for beat in ride.beats() if beat[0] > awake[0]]
    assert ride.events(events.PAUSE) == []


def test_steps_wake_and_the_beats_come_back():
    ride = rested().feel(rows(Run("backward", 8)))
    (awake,) = ride.events(events.AWAKE)
    assert len([beat for beat in ride.beats() if beat[0] > awake[0]]) > 5


def test_a_pause_stays_one_when_idle_ends():
    ride = Ride().stand(5).press(0.2).stand(FIVE_MINUTES + 10)
    assert ride.session.idle
    ride.press(0.2).stand(2)
    assert ride.session.paused
    (awake,) = ride.events(events.AWAKE)
    assert not [beat for beat in ride.beats() if beat[0] > awake[0]]


def test_reminders_are_counted_anew_from_the_waking():
    ride = rested(glance__every=60)
    ride.press(0.2).stand(70)
    (awake,) = ride.events(events.AWAKE)
    told = [(ms, cue) for ms, _, cue, *_ in ride.events(events.CUE) if ms >= awake[0]]
    assert told == [(awake[0], cues.AWAKE), (awake[0] + 60_000, cues.GLANCE_LEFT)]


def test_nobody_is_idle_in_an_alarm_or_without_a_sensor():
    fallen = Ride().feel(rows(Stand(6), Fall("backward"), Lie(FIVE_MINUTES + 20)))
    assert fallen.events(events.SIREN)
    assert fallen.events(events.IDLE) == []
    lost = Ride().stand(3)
    lost.session.sensor(lost.ticks, False)
    lost.wait_until((FIVE_MINUTES + 20) * 1000)
    assert lost.events(events.IDLE) == []


def test_a_cancelled_siren_begins_the_five_minutes_anew():
    ride = Ride().feel(rows(Stand(6), Fall("backward"), Lie(FIVE_MINUTES)))
    ride.press(0.9).stand(60)
    assert ride.events(events.ALARM_CANCELLED)
    assert ride.events(events.IDLE) == []


def test_five_second_records_rest_too():
    ride = rested()
    ride.stand(60).end()
    idle = ride.events(events.IDLE)[0][0]
    late = [summary for summary in ride.decoded().summaries if summary.ms > idle]
    assert len(late) <= 1  # that of the end


def test_what_wakes_it_a_second_after_the_last_look_at_the_clock_is_told_and_beaten_from_that_instant():
    ride = rested()
    late = ride.session.ms + 1000  # a bus held low takes so long to fail
    ride.ms += 1000
    ride.session.wake(ride.ticks)
    assert ride.events(events.AWAKE)[0][0] == late
    ride.stand(3)
    assert {(beat[2] - late) % 357 for beat in ride.beats() if beat[0] > late} <= {0, 1}  # 168 spm: every 357.1 ms
