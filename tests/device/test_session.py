from functools import cache

import numpy as np
import pytest

from backbeat import cues, events, names
from backbeat.ticks import PERIOD
from backbeat_host.lab.runner.acts import BackwardRoll, Fall, GetUp, Lie, Run, Stand
from backbeat_host.lab.runner.synthetic import synthetic

from .parts import Cell
from .ride import HZ, Ride

STARTS = [0, PERIOD - 1, PERIOD - 3000, PERIOD - 9000, PERIOD - 12_345]


@cache
def rows(*script, seed=1):
    return synthetic(list(script), seed).rows


def fallen(lie=20, **values):
    return Ride(**values).feel(rows(Stand(6), Fall("backward"), Lie(lie)))


def cued(ride):
    return [names.CUES[cue] for _, _, cue, _, _ in ride.events(events.CUE)]


def on_sounder(ride, begin, end):
    return [(ms, *how) for ms, *how in ride.board.of("sounder") if begin <= ms < end and how[0] != "off"]


# Beginning and end


def test_a_session_begins_with_its_number_and_the_start_cue_and_ends_with_the_reason():
    ride = Ride().stand(3).end(events.BY_CONSOLE)
    assert ride.events()[:2] == [(0, events.SESSION_START, 12, 0, 0), (0, events.CUE, cues.START, 0, 0)]
    assert ride.events()[-1] == (ride.ms, events.SESSION_END, events.BY_CONSOLE, 0, 0)
    assert not ride.session.open
    assert ride.board.silent


@pytest.mark.parametrize(
    ("reason", "heard"),
    [(events.BY_BUTTON, True), (events.BY_BATTERY, True), (events.BY_CONSOLE, False), (events.BY_FAULT, False)],
)
def test_a_wearer_who_ends_it_hears_so(reason, heard):
    ride = Ride().stand(3).end(reason)
    assert ("end" in cued(ride)) == heard
    assert ride.session.player.busy == heard


@pytest.mark.parametrize("wait", range(0, 250, 10))
def test_after_the_end_the_cue_is_played_out_and_nothing_else_is_heard_or_told(wait):
    ride = Ride(cadence=2400).stand(4)
    ride.wait_until(4000 + wait)
    ride.end(events.BY_BUTTON)
    told, data = list(ride.told), ride.data()
    ride.wait_until(ride.ms + 6000)
    assert ride.board.silent
    assert not ride.session.player.busy
    assert ride.told == told
    assert ride.data() == data
    assert ride.log.waiting == 0


def test_a_sample_that_comes_after_the_end_tells_nothing():
    ride = Ride().feel(rows(Stand(6), Fall("backward"), Lie(20))[: 850 - 40]).end(events.BY_BUTTON)
    told = list(ride.told)
    for row in rows(Stand(6), Fall("backward"), Lie(20))[850 - 40 : 1200].tolist():
        ride.session.sample(ride.ticks, *row)
    assert ride.told == told


# Beats


def test_beats_keep_the_grid_of_the_start_and_the_first_sounds_when_the_cue_is_over():
    ride = Ride(cadence=1683).stand(30)
    beats = ride.beats()
    assert beats[0][1] == 2
    assert [number for _, number, _, _ in beats] == list(range(2, 2 + len(beats)))
    for ms, number, due, _ in beats:
        assert ms == due == (2 * 600_000 * number + 1683) // (2 * 1683)


def test_beats_masked_by_a_cue_come_back_on_the_grid():
    ride = Ride(cadence=2400).stand(5)
    ride.session.battery(ride.ticks, Cell(9, 3400, low=True))
    ride.stand(5)
    numbers = [number for _, number, _, _ in ride.beats()]
    assert set(range(2, 39)) - set(numbers) == {20, 21, 22}
    assert all(due == 250 * number for _, number, due, _ in ride.beats())


def test_the_accent_is_told_and_heard_on_every_kth_beat():
    ride = Ride(cadence=1200, accent=4).stand(20)
    assert all(accent == (number % 4 == 0) for _, number, _, accent in ride.beats())
    high = [ms for ms, hz, _ in on_sounder(ride, 1000, 20_000) if hz == cues.ACCENT_HZ]
    assert high == list(range(2000, 20_000, 2000))


# The button


def test_a_short_press_pauses_and_the_next_resumes():
    ride = Ride().stand(3).press(0.2).stand(4)
    paused_at = ride.events(events.PAUSE)[0][0]
    ride.press(0.2).stand(4).end()
    resumed_at = ride.events(events.RESUME)[0][0]
    assert ride.names() == [
        "session_start",
        "cue",
        "gait",
        "travel",
        "pause",
        "cue",
        "resume",
        "cue",
        "session_end",
    ]
    assert cued(ride) == ["start", "pause", "resume"]
    assert [ms for ms, *_ in ride.beats() if paused_at <= ms <= resumed_at] == []
    after = [(number, due - resumed_at) for ms, number, due, _ in ride.beats() if ms > resumed_at]
    assert after[0] == (1, 357), "the beats begin anew, the first in the cue"


def test_who_resumes_and_pauses_again_during_a_cue_hears_only_what_holds():
    ride = Ride().stand(3).press(0.1).stand(3)
    ride.session.fault(ride.ticks, events.SOUND_FAULT)
    ride.press(0.05).stand(0.36).press(0.05).stand(4)
    assert ride.names()[-5:] == ["fault", "cue", "resume", "pause", "cue"]
    assert cued(ride)[-2:] == ["no_sound", "pause"]
    assert ride.session.paused


def test_a_double_press_sets_a_mark_also_in_a_pause():
    ride = Ride().stand(3).press(0.1).stand(0.1).press(0.1).stand(2)
    assert len(ride.events(events.MARK)) == 1
    ride.press(0.1).stand(2).press(0.1).stand(0.1).press(0.1).stand(1)
    assert ride.session.paused
    assert [names.EVENTS[event[1]] for event in ride.events(events.MARK, events.PAUSE)] == ["mark", "pause", "mark"]


def test_a_long_press_ends_the_session():
    ride = Ride().stand(3).press(1.6).stand(0.4)
    assert ride.names()[-2:] == ["cue", "session_end"]
    assert ride.events()[-1][2] == events.BY_BUTTON
    assert cued(ride)[-1] == "end"


def test_a_chip_lost_in_the_middle_of_a_roll_does_not_keep_the_session_from_ending():
    ride = Ride()
    for row in rows(Stand(5), Run("backward", 10), BackwardRoll(), Stand(4)).tolist():
        if ride.session.body.falls.rolling():
            break
        ride.feel([row])
    ride.session.sensor(ride.ticks, False)
    ride.wait_until(ride.ms + 5000)
    ride.pressed = True
    ride.wait_until(ride.ms + 1700)
    ride.pressed = False
    ride.wait_until(ride.ms + 1000)
    assert not ride.session.open


def test_the_press_that_started_the_session_does_nothing_in_it():
    ride = Ride()
    ride.press(0.3).stand(3)
    assert ride.names() == ["session_start", "cue", "gait", "travel"]
    assert Ride().press(5).session.open


# Service, faults, the battery


@pytest.mark.parametrize(("pressed_at", "asked"), [(0.5, True), (1.5, True), (2.3, True), (2.6, False), (60, False)])
def test_a_press_within_2_s_of_the_start_cue_asks_for_service(pressed_at, asked):
    ride = Ride().stand(pressed_at).press(0.1).stand(1)
    assert ride.session.service == asked
    assert ride.session.open != asked
    if asked:
        assert ride.events()[-1][1:3] == (events.SESSION_END, events.BY_SERVICE)
        assert cued(ride)[-1] == "service"
        assert "end" not in cued(ride)


def test_the_press_that_starts_a_session_asks_for_no_service_however_long_it_is():
    ride = Ride()
    assert ride.press(2.0).stand(3).session.open


def test_a_session_that_continues_another_knows_no_service():
    ride = Ride(continued=7).stand(1).press(0.1).stand(1)
    assert ride.session.open
    assert ride.session.paused


@pytest.mark.parametrize("what", range(len(names.FAULTS)), ids=names.FAULTS)
def test_every_fault_has_a_cue_of_its_own(what):
    ride = Ride().stand(1)
    ride.session.fault(ride.ticks, what)
    assert ride.events(events.FAULT)[0][2] == what
    told = cued(ride.stand(2))[-1]
    assert told == ("fault" if what == events.SETTINGS_FAULT else f"no_{names.FAULTS[what]}")


def test_an_empty_battery_ends_the_session_with_its_cue():
    ride = Ride().stand(3)
    ride.session.battery(ride.ticks, Cell(5, empty=True))
    assert ride.events()[-1][1:3] == (events.SESSION_END, events.BY_BATTERY)
    assert cued(ride)[-1] == "end"


def test_an_empty_battery_ends_no_alarm():
    ride = fallen(lie=20)
    ride.session.battery(ride.ticks, Cell(5, empty=True))
    assert ride.session.open
    assert ride.session.player.cue == cues.SIREN
    ride.press(0.9).stand(5)
    ride.session.battery(ride.ticks, Cell(5, empty=True))
    assert not ride.session.open


def test_a_siren_whose_button_is_stuck_or_dead_is_ended_by_steps():
    up = rows(Stand(6), Fall("backward"), Lie(20), GetUp(), Stand(1), Run("backward", 15))
    for stuck in (False, True):
        ride = Ride()
        ride.pressed = stuck  # since before the fall
        ride.feel(up)
        assert bool(ride.events(events.ALARM_CANCELLED)) == stuck
    dead = Ride()
    dead.session.alarm.buttonless = True
    assert dead.feel(up).events(events.ALARM_CANCELLED)


# Falls and the alarm


@pytest.mark.parametrize("seconds", [1.6, 20])
def test_who_falls_on_the_button_does_not_end_the_session(seconds):
    ride = Ride().feel(rows(Stand(6), Fall("backward"))[: 8 * HZ])
    (impact,) = [at for _, _, at, _, _ in ride.events(events.SUSPECT)][:1]
    again = Ride()
    fall = rows(Stand(6), Fall("backward"), Lie(25))
    landed = impact * HZ // 1000 + 5
    again.feel(fall[:landed])
    again.pressed = True
    again.feel(fall[landed : landed + int(seconds * HZ)])
    again.pressed = False
    again.feel(fall[landed + int(seconds * HZ) :])
    assert again.session.open
    assert {"fall", "alarm", "siren"} <= set(again.names())
    assert "alarm_cancelled" not in again.names()


def test_steps_that_a_lying_body_seems_to_make_cancel_nothing():
    """Panting, rocking or being shaken swings the trunk as steps do; who lies needs help all the same."""
    lying = rows(Stand(6), Fall("backward"), Lie(20)).astype(int)
    swing = np.rint(400 * np.sin(2 * np.pi * 1.2 * np.arange(len(lying)) / HZ)).astype(int)
    lying[9 * HZ :, 2] += swing[9 * HZ :]
    ride = Ride().feel(lying)
    steps = [at for at, code, *_ in ride.told if code == events.STEP and at > 10_000]
    assert len(steps) > 8, "it must seem to step for this test to mean anything"
    assert "siren" in ride.names()
    assert "alarm_cancelled" not in ride.names()


def test_news_that_comes_in_an_alarm_is_heard_after_it():
    ride = fallen(lie=3)
    assert ride.session.alarm.state != 0
    ride.session.sensor(ride.ticks, False)
    ride.session.battery(ride.ticks, Cell(18, 3720, low=True))
    ride.press(1)
    ride.stand(4)
    assert cued(ride)[-3:] == ["cancelled", "low_battery", "sensor_lost"]
    assert ride.board.silent


def test_news_that_is_none_any_more_is_not_heard_after_an_alarm():
    ride = fallen(lie=3)
    ride.session.sensor(ride.ticks, False)
    ride.session.sensor(ride.ticks, True)
    ride.press(1)
    ride.stand(4)
    assert cued(ride)[-2:] == ["cancelled", "sensor_back"]


def test_every_notice_at_the_start_is_played_out():
    ride = Ride()
    ride.session.fault(ride.ticks, events.SETTINGS_FAULT)
    ride.session.sensor(ride.ticks, False)
    ride.stand(4)
    begun = [(ms, names.CUES[cue]) for ms, _, cue, _, _ in ride.events(events.CUE)]
    assert [name for _, name in begun] == ["start", "fault", "sensor_lost"]
    lengths = [sum(cues._PATTERNS[getattr(cues, name.upper())][::3]) for _, name in begun]
    assert all(after[0] >= this[0] + length for this, after, length in zip(begun, begun[1:], lengths, strict=False))


def test_the_beats_of_each_five_seconds_are_right_through_a_pause():
    ride = Ride().stand(20).press(0.2).stand(8).press(0.2).stand(20).end()
    told = [sum(1 for ms, *_ in ride.beats() if a < ms <= a + 5000) for a in range(0, 45_000, 5000)]
    assert [summary.beats for summary in ride.decoded().summaries][: len(told)] == pytest.approx(told, abs=1)


def test_beats_that_were_left_out_for_being_late_are_in_the_log():
    ride = Ride().stand(7)
    ride.ms += 2000
    ride.stand(6).end()
    assert sum(summary.skipped for summary in ride.decoded().summaries) == ride.session.metronome.skipped > 3


def test_a_fall_begins_the_countdown_and_then_the_siren():
    ride = fallen()
    (fall,) = ride.events(events.FALL)
    assert [
        names.EVENTS[event[1]] for event in ride.events(events.SUSPECT, events.FALL, events.ALARM, events.SIREN)
    ] == [
        "suspect",
        "fall",
        "alarm",
        "siren",
    ]
    (alarm,) = ride.events(events.ALARM)
    (siren,) = ride.events(events.SIREN)
    assert alarm[:3] == (fall[0], events.ALARM, 12_000)
    assert siren[0] == alarm[0] + 12_000
    assert cued(ride) == ["start", "countdown", "siren"]
    assert abs(fall[2] - ride.events(events.SUSPECT)[0][2]) <= 5
    assert fall[3] == events.FALL_BACKWARD


@pytest.mark.parametrize("seconds", [5, 30])
def test_the_countdown_is_as_long_as_set(seconds):
    ride = fallen(lie=40, alarm__countdown=seconds)
    (alarm,) = ride.events(events.ALARM)
    (siren,) = ride.events(events.SIREN)
    assert (alarm[2], siren[0] - alarm[0]) == (seconds * 1000, seconds * 1000)


def test_no_beat_sounds_in_an_alarm_and_the_siren_is_at_its_loudest():
    ride = fallen(volume=10)
    (alarm,) = ride.events(events.ALARM)
    (siren,) = ride.events(events.SIREN)
    assert [ms for ms, *_ in ride.beats() if ms > alarm[0] + 20] == []
    assert {volume for _, _, volume in on_sounder(ride, siren[0], ride.ms)} == {100}
    assert {hz for _, hz, _ in on_sounder(ride, siren[0], ride.ms)} == {2700, 3300}


@pytest.mark.parametrize("lie", [5, 18], ids=["countdown", "siren"])
def test_a_hold_cancels_countdown_and_siren_and_beats_come_back_on_their_grid(lie):
    ride = fallen(lie=lie)
    state = ride.session.alarm.state
    pressed_at = ride.ms
    ride.press(0.65).stand(0.5)
    assert ride.session.alarm.state == state
    assert ride.events(events.ALARM_CANCELLED) == []
    pressed_at = ride.ms
    ride.press(3).stand(3)
    (cancelled,) = ride.events(events.ALARM_CANCELLED)
    assert cancelled[2] == events.BY_PRESS
    assert 700 <= cancelled[0] - pressed_at <= 740
    assert cued(ride)[-1] == "cancelled"
    assert ride.session.open, "the hold that cancels does not also end the session"
    assert not ride.session.paused
    after = [beat for beat in ride.beats() if beat[0] > cancelled[0]]
    assert after
    assert all(due == (2 * 600_000 * number + 1680) // 3360 for _, number, due, _ in after)
    ride.stand(30)
    assert len(ride.events(events.SIREN)) == (lie == 18)


def test_presses_in_an_alarm_do_not_pause_mark_or_end():
    ride = fallen(lie=4).press(0.2).stand(1).press(0.1).stand(0.1).press(0.1).stand(3)
    assert ride.events(events.PAUSE, events.MARK, events.SESSION_END, events.ALARM_CANCELLED) == []


def test_who_runs_on_needs_no_help_but_a_siren_is_ended_on_purpose():
    up_again = (Stand(6), Fall("backward"), Lie(1), GetUp(), Run("forward", 14))
    ride = Ride(alarm__countdown=30).feel(rows(*up_again))
    (cancelled,) = ride.events(events.ALARM_CANCELLED)
    assert cancelled[2] == events.BY_STEPS
    assert ride.events(events.SIREN) == []
    loud = Ride(alarm__countdown=5).feel(rows(*up_again))
    assert len(loud.events(events.SIREN)) == 1
    assert loud.events(events.ALARM_CANCELLED) == []


def test_after_a_cancelled_alarm_a_new_fall_alarms_again():
    one = rows(Stand(6), Fall("backward"), Lie(3), GetUp(), Stand(5), Fall("forward"), Lie(16))
    ride = Ride(alarm__countdown=12).feel(one[: 104 * 11])
    ride.pressed = True
    ride.feel(one[104 * 11 : 104 * 12])
    ride.pressed = False
    ride.feel(one[104 * 12 :])
    kinds = (events.ALARM, events.ALARM_CANCELLED, events.SIREN)
    assert [names.EVENTS[event[1]] for event in ride.events(*kinds)] == ["alarm", "alarm_cancelled", "alarm", "siren"]


def test_a_roll_is_told_and_praised_and_alarms_nobody():
    ride = Ride().feel(rows(Stand(6), BackwardRoll(), Stand(6)))
    (roll,) = ride.events(events.ROLL)
    assert 250 < roll[3] < 450
    assert 500 < roll[4] < 3000
    assert cued(ride) == ["start", "roll"]
    assert ride.events(events.FALL, events.ALARM) == []


def test_a_session_that_ends_in_an_alarm_is_silent():
    ride = fallen(lie=18).end()
    assert ride.board.silent
    ride.wait_until(ride.ms + 20_000)
    assert ride.board.silent


# The sensor, the battery, faults, glances


def test_losing_the_sensor_is_told_once_and_its_return_once_with_the_gap():
    ride = Ride().stand(12)
    for _ in range(5):
        ride.session.sensor(ride.ticks, False)
        ride.wait_until(ride.ms + 1000)
    ride.session.sensor(ride.ticks, True)
    ride.session.lost(ride.ticks, 0)
    ride.session.sensor(ride.ticks, True)
    ride.stand(3)
    kinds = (events.SENSOR_LOST, events.SENSOR_BACK, events.GAP)
    told = ride.events(*kinds)
    assert [event[1] for event in told] == list(kinds)
    assert told[2][2] == pytest.approx(5000, abs=25)
    assert cued(ride) == ["start", "sensor_lost", "sensor_back"]
    lost_at, back_at = told[0][0], told[1][0]
    assert [due for ms, _, due, _ in ride.beats() if lost_at + 600 < ms < back_at], "the beats go on"


def test_an_overrun_is_a_gap_and_no_gap_is_not_told():
    ride = Ride().stand(12)
    ride.session.lost(ride.ticks, 0)
    gaps = ride.events(events.GAP)
    assert all(event[2] < 20 for event in gaps)
    ride.wait_until(ride.ms + 3000)
    ride.session.lost(ride.ticks, 104)
    assert ride.events(events.GAP)[-1][2] == pytest.approx(2000, abs=25)


def test_a_low_battery_is_told_with_its_percent_and_every_reading_is_kept():
    ride = Ride().stand(2)
    ride.session.battery(ride.ticks, Cell(50))
    ride.stand(1)
    ride.session.battery(ride.ticks, Cell(9, 3400, low=True))
    ride.end()
    assert [event[2] for event in ride.events(events.LOW_BATTERY)] == [9]
    assert cued(ride)[1:] == ["low_battery"]
    assert [(percent, mv) for _, percent, mv in ride.decoded().battery] == [(50, 3700), (9, 3400)]


def test_a_fault_is_told_and_stops_nothing():
    ride = Ride().stand(2)
    ride.session.fault(ride.ticks, events.LOG_FAULT)
    ride.stand(3)
    assert [event[2] for event in ride.events(events.FAULT)] == [events.LOG_FAULT]
    assert ride.beats()[-1][0] > 4000


def test_glances_come_in_turn_but_not_in_a_pause_or_an_alarm():
    ride = Ride(glance__every=5).stand(18)
    assert cued(ride) == ["start", "glance_left", "glance_right", "glance_left"]
    assert [event[0] for event in ride.events(events.CUE)[1:]] == [5000, 10_000, 15_000]
    ride.press(0.2).stand(12)
    assert cued(ride)[-1] == "pause"
    alarmed = fallen(glance__every=5)
    begin = alarmed.events(events.ALARM)[0][0]
    assert [ms for ms, _, cue, *_ in alarmed.events(events.CUE) if ms > begin and cue == cues.GLANCE_LEFT] == []


# The log


def everything():
    """A ride on which much happens."""
    ride = Ride(glance__every=60, accent=3).feel(rows(Stand(6), Run("backward", 15), Fall("left"), Lie(3)))
    ride.press(1).stand(1)
    ride.feel(rows(Run("forward", 12), BackwardRoll(), Stand(4)))
    return ride.press(0.2).stand(2).end(events.BY_BUTTON)


def test_the_log_holds_exactly_the_events_that_were_told():
    ride = everything()
    log = ride.decoded()
    assert log.told == ride.events()
    assert log.missing() == []
    assert log.settings() == ride.values
    assert {"fall", "alarm", "alarm_cancelled", "roll", "pause", "session_end"} <= set(ride.names())


def test_every_five_seconds_are_summed_up():
    ride = Ride(cadence=1680).feel(rows(Stand(4), Run("backward", 26, cadence=168))).end()
    summaries = ride.decoded().summaries
    assert [summary.ms for summary in summaries[:-1]] == list(range(5000, 30_001, 5000))
    steady = summaries[3]
    assert steady.steps == pytest.approx(14, abs=1)
    assert steady.cadence == pytest.approx(1680, abs=40)
    assert (steady.target, steady.beats) == (1680, 14)
    assert (steady.gait, steady.travel) == (events.RUN, events.BACKWARD)
    assert abs(abs(steady.heading) - 180) < 25
    assert 1500 < steady.peak_mg < 8000
    steps = [event for event in ride.told if event[1] == events.STEP]
    assert sum(summary.steps for summary in summaries) == len(steps)
    assert sum(summary.beats for summary in summaries) == len(ride.beats())


def test_raw_samples_are_kept_from_4_s_before_to_6_s_after_the_impact_to_the_bit():
    ride = Ride().feel(rows(Stand(9), Fall("backward"), Lie(15))).end()
    suspects = ride.events(events.SUSPECT)
    (window,) = ride.decoded().windows
    first = round(suspects[0][2] * 0.104)
    last = round(suspects[-1][2] * 0.104)
    assert first - 416 - 25 <= window.first <= first - 416 + 2
    end = window.first + len(window.rows)
    assert last + 624 - 2 <= end <= last + 624 + 25
    assert np.array_equal(window.rows, np.array(ride.fed[window.first : end], dtype=np.int16))


def test_a_fall_in_the_first_seconds_keeps_what_there_was_before_it():
    ride = Ride().feel(rows(Stand(2), Fall("forward"), Lie(12))).end()
    window = ride.decoded().windows[0]
    assert window.first == 0
    assert np.array_equal(window.rows, np.array(ride.fed[: len(window.rows)], dtype=np.int16))


def test_a_log_that_cannot_be_stored_for_a_while_keeps_the_events_and_delays_the_raw_samples():
    ride = Ride()
    ride._store = lambda: None
    ride.feel(rows(Stand(9), Fall("backward"), Lie(3)))
    assert ride.log.lost == 0
    del ride._store
    ride.stand(10).end()
    log = ride.decoded()
    assert log.told == ride.events()
    for window in log.windows:
        end = window.first + len(window.rows)
        assert np.array_equal(window.rows, np.array(ride.fed[window.first : end], dtype=np.int16))


def test_what_matters_is_sealed_at_once():
    ride = fallen(lie=4)
    assert {"fall", "alarm"} & {names.EVENTS[code] for _, code, *_ in ride.decoded().told}
    assert Ride().log.waiting > 0, "the header and the start wait for the flash, not for more records"


# The clock


@pytest.mark.parametrize("start", STARTS)
def test_the_wrap_of_the_clock_changes_nothing_in_a_session_or_in_an_alarm(start):
    def ride(at):
        one = Ride(at, alarm__countdown=5).feel(rows(Stand(6), Fall("backward"), Lie(9)))
        return one.press(0.8).stand(2).end()

    usual, wrapped = ride(100_000), ride(start)
    assert wrapped.told == usual.told
    assert wrapped.data() == usual.data()
    assert wrapped.board.trace == usual.board.trace


def test_nothing_is_due_more_than_a_second_off_and_never_in_the_past():
    ride = Ride(cadence=400).stand(1)
    for _ in range(3000):
        assert 0 <= ride.session.due_in(ride.ticks) <= 1000
        ride.wait_until(ride.ms + 1)
    ride.press(0.2).stand(1)
    assert ride.session.paused
    ride.wait_until(ride.ms + 2000)
    for _ in range(3):  # the record of every 5 s lies in between
        assert 0 < ride.session.due_in(ride.ticks) <= 1000
        ride.wait_until(ride.ms + ride.session.due_in(ride.ticks))
