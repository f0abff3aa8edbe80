"""Whole sessions of the real firmware on the virtual board: beats on time, no sample lost, alarm, start and end."""

from itertools import pairwise

import numpy as np
import pytest

from backbeat_host.lab.board import HAPTIC
from backbeat_host.lab.endings import Ending
from backbeat_host.lab.runner.acts import BackwardRoll, Fall, GetUp, Lie, Run, Stand, Stumble, Walk
from backbeat_host.lab.runner.synthetic import synthetic

from .rig import MS, SECOND

SIREN_HZ = {2700, 3300}
XIAO = "Seeed_XIAO_nRF52840_Sense"
COSTS = {"normal": {}, "double": {"sample_cost_us": 2000, "pass_cost_us": 600}}

THREE_FALLS = [
    *(Stand(3), Run("backward", 25), Fall("backward"), Lie(6), GetUp(), Stand(2)),
    *(Walk("backward", 20), Stumble(), Walk("forward", 10), Fall("left"), Lie(5), GetUp()),
    *(Run("forward", 60), BackwardRoll(), Stand(2), Run("backward", 40), Fall("forward"), Lie(5), GetUp()),
    *(Walk("forward", 15), Stand(3)),
]


@pytest.fixture(scope="module")
def three_falls():
    """Almost four minutes with three falls, a roll and a stumble, each with its raw window."""
    return synthetic(THREE_FALLS, seed=5).rows


@pytest.fixture(scope="module")
def one_fall():
    """A run, a fall after 15 s, a minute of lying."""
    return synthetic([Stand(3), Run("backward", 12), Fall("backward"), Lie(60)], seed=7).rows


@pytest.fixture(scope="module")
def up_again():
    """A fall, up again at once, and on."""
    script = [Stand(3), Run("backward", 12), Fall("backward"), Lie(1), GetUp(2.5), Walk("forward", 40)]
    return synthetic(script, seed=7).rows


# ---- beats ----


@pytest.mark.parametrize("costs", COSTS)
@pytest.mark.parametrize("cadence", [400, 1683, 2400])
def test_every_beat_sounds_within_2_ms_of_its_due_time_to_the_end(rig, three_falls, cadence, costs):
    bench = rig(three_falls, {"cadence": cadence / 10}, **COSTS[costs])
    bench.on["alarm"] = lambda: bench.board.press(bench.board.clock.ns + SECOND, 900 * MS)
    bench.stop(len(three_falls) / 104)
    assert bench.power_on() is Ending.INTERRUPTED
    late = bench.lateness(cadence)
    assert len(late) > 0.9 * len(three_falls) / 104 * cadence / 600  # the rest fell into cues
    assert min(late) >= 0
    assert max(late) < 2
    assert max(late[-50:]) <= max(late[:50]) + 0.1
    assert len(bench.of("fall")) == 3  # raw windows went to flash meanwhile


@pytest.mark.parametrize(("board", "seconds"), [(XIAO, 3600), ("raspberry_pi_pico", 900)])
def test_with_falls_and_the_stalls_of_metal_beats_are_on_time_and_no_sample_is_lost(rig, three_falls, board, seconds):
    """51 ms a sector, 154 ms a flush (the drive's own), 30 ms a collection."""
    rows = np.concatenate([three_falls] * 17)[: seconds * 104]
    bench = rig(rows, {"cadence": 172}, board=board, sample_cost_us=1500)
    bench.board.hardware.collect_cost_ns = 30 * MS
    bench.on["alarm"] = lambda: bench.board.press(bench.board.clock.ns + SECOND, 900 * MS)
    bench.stop(seconds)
    assert bench.power_on() is Ending.INTERRUPTED
    late = np.array(bench.lateness(1720))
    assert len(late) > 0.9 * seconds * 172 / 60
    assert np.percentile(late, 99) < 2
    assert late.max() < 10
    assert len(bench.of("fall")) >= seconds // 90
    assert bench.of("gap", "sensor_lost", "fault") == []
    assert bench.log().missing() == []
    (chip,) = bench.of("chip")
    assert chip.a == (0x6C if board == "raspberry_pi_pico" else 0x6A)


def test_beats_stay_on_their_grid_when_nothing_else_happens_for_long(rig):
    bench = rig(given={"cadence": 171.3, "accent": 4, "haptic": False})
    bench.stop(295)  # after five still minutes there are none
    bench.power_on()
    late = bench.lateness(1713)
    assert len(late) >= 294 * 1713 // 600
    assert max(late) < 2
    assert abs(np.mean(late[:100]) - np.mean(late[-100:])) < 0.1


@pytest.mark.parametrize("cadence", [1607, 1707, 1797, 2400])
def test_beats_are_on_time_while_an_nrf52840_notes_that_a_session_has_settled(rig, cadence):
    """A page of its memory takes 127 ms."""
    bench = rig(given={"cadence": cadence / 10}, board=XIAO)
    bench.stop(65)
    bench.power_on()
    assert bench.board.nvm[2:4] == b"\0\0"
    assert max(bench.lateness(cadence)) < 2


@pytest.mark.parametrize("cadence", [1720, 2100, 2150, 2300, 2400])
def test_nothing_lies_dirty_when_circuitpython_flushes_by_itself(rig, three_falls, cadence):
    """That takes 154 ms at a full second, whatever is due."""
    bench = rig(three_falls, {"cadence": cadence / 10}, board=XIAO, sample_cost_us=1500)
    bench.on["alarm"] = lambda: bench.board.press(bench.board.clock.ns + SECOND, 900 * MS)
    bench.stop(len(three_falls) / 104)
    bench.power_on()
    assert max(bench.lateness(cadence)) < 2
    assert len(bench.of("fall")) == len(bench.of("alarm")) == 3
    assert bench.log().missing() == []
    assert bench.of("gap") == []


@pytest.mark.parametrize("press", [15.62, 15.64, 15.66, 15.68, 15.7])
def test_a_press_that_resumes_while_the_log_is_written_makes_no_beat_late(rig, one_fall, press):
    """An impact in a pause: no cue comes between the write of its samples and the flush, which needs the room."""
    bench = rig(one_fall, {"cadence": 172})
    files = bench.board.drive.open_files
    dirty = []
    bench.on["resume"] = lambda: dirty.extend(name for name, file in files.items() if file.dirty)
    bench.press(10, 0.15)
    bench.press(press, 0.1)
    bench.stop(18)
    bench.power_on()
    assert max(told.ms - told.b for told in bench.of("beat")) < 2
    assert bench.only("suspect").ms < bench.only("resume").ms
    assert dirty == []


@pytest.mark.parametrize("press", [16.3, 16.75, 16.9, 16.95, 17.2])
def test_a_double_press_while_the_log_is_written_is_a_mark_and_makes_no_beat_late(rig, one_fall, press):
    """Nobody looks at the button while flash is written, so a second press would come too late to be one."""
    bench = rig(one_fall, {"cadence": 120})
    bench.press(press, 0.1)
    bench.press(press + 0.4, 0.1)
    bench.stop(press + 1.5)
    bench.power_on()
    assert bench.of("pause", "resume") == []
    bench.only("mark")
    assert max(told.ms - told.b for told in bench.of("beat")) < 2


def test_where_passes_are_too_slow_for_any_gap_the_log_is_written_all_the_same(rig, three_falls):
    bench = rig(three_falls, {"cadence": 240}, pass_cost_us=6000)
    bench.on["alarm"] = lambda: bench.board.press(bench.board.clock.ns + SECOND, 900 * MS)
    bench.cut(60)
    assert bench.power_on() is Ending.POWER_CUT
    log = bench.drive / "logs" / "00001.bbl"
    assert log.stat().st_size >= 10 * 512, "a block every six seconds, the samples of a fall among them"
    assert len(bench.log().windows[0].rows) >= 400


# ---- samples ----


@pytest.mark.parametrize("costs", COSTS)
def test_no_sample_is_lost_and_raw_windows_hold_the_rows_that_were_felt(rig, three_falls, costs):
    bench = rig(three_falls, {"cadence": 240}, **COSTS[costs])
    bench.on["alarm"] = lambda: bench.board.press(bench.board.clock.ns + SECOND, 900 * MS)
    bench.stop(len(three_falls) / 104)
    bench.power_on()
    assert bench.of("gap", "sensor_lost", "fault") == []
    log = bench.log()
    assert log.missing() == []
    assert len(log.windows) >= 3
    for window in log.windows:
        assert (window.rows == three_falls[window.first : window.first + len(window.rows)]).all()
    for told in bench.of("fall"):
        impact = told.a * 104 // 1000
        around = [w for w in log.windows if w.first <= impact - 400 and w.first + len(w.rows) >= impact + 600]
        assert around, "from 4 s before to 6 s after"
    assert [told for told in log.told if told[1] != 0] == [
        told.numbers for told in bench.told if told.name not in ("step", "beat", "session_start")
    ]


# ---- alarm ----


def siren_edges(bench, begin_ns, end_ns):
    return [ns for ns, hz in bench.edges() if hz in SIREN_HZ and begin_ns <= ns < end_ns]


def test_a_fall_counts_down_12_s_then_the_siren_sounds_until_the_button_is_held(rig, one_fall):
    bench = rig(one_fall)
    bench.on["siren"] = lambda: (
        bench.board.press(bench.board.clock.ns + 5 * SECOND, 300 * MS),
        bench.board.press(bench.board.clock.ns + 10 * SECOND, 800 * MS),
    )
    bench.stop(60)
    bench.power_on()
    fall, alarm, siren = (bench.only(name) for name in ("fall", "alarm", "siren"))
    assert alarm.a == 12_000
    assert siren.ms - alarm.ms == pytest.approx(12_000, abs=2)
    assert 0 <= 12 * SECOND - (siren.ns - fall.ns) < 80 * MS  # flash may stand between the sample and its telling
    cancelled = bench.only("alarm_cancelled")
    held_from = siren.ns + 10 * SECOND
    assert 700 * MS <= cancelled.ns - held_from < 760 * MS  # the scan every 20 ms, one pass
    edges = siren_edges(bench, siren.ns, cancelled.ns + SECOND)
    assert edges[0] - siren.ns < 5 * MS
    assert {round((after - before) / MS) for before, after in pairwise(edges)} == {250}
    assert max(edges) < cancelled.ns
    assert not siren_edges(bench, cancelled.ns + MS, bench.session_end())
    assert any(told.ns > cancelled.ns + SECOND for told in bench.of("beat"))
    assert bench.of("pause") == []  # the hold has no other meaning


def test_a_hold_in_the_countdown_keeps_the_siren_from_sounding(rig, one_fall):
    bench = rig(one_fall)
    bench.on["alarm"] = lambda: bench.board.press(bench.board.clock.ns + 4 * SECOND, 800 * MS)
    bench.stop(60)
    bench.power_on()
    assert bench.only("alarm_cancelled").ns - bench.only("alarm").ns < 5 * SECOND
    assert bench.of("siren") == []


def test_steady_steps_cancel_the_countdown(rig, up_again):
    bench = rig(up_again, {"alarm.countdown": 30})
    bench.stop(55)
    bench.power_on()
    assert bench.only("alarm_cancelled").a == 1
    assert bench.of("siren") == []
    assert bench.cues()[-1] == "cancelled"


def test_steps_do_not_silence_a_siren(rig, up_again):
    bench = rig(up_again, {"alarm.countdown": 5})
    bench.stop(55)
    bench.power_on()
    assert bench.of("siren")
    assert bench.of("alarm_cancelled") == []
    assert len(siren_edges(bench, bench.only("siren").ns, bench.session_end())) > 50


def test_what_led_to_a_siren_is_on_flash_while_it_sounds(rig, one_fall):
    bench = rig(one_fall, {"cadence": 240})
    bench.on["siren"] = lambda: bench.board.power_cut_at(bench.board.clock.ns + 5 * SECOND)
    assert bench.power_on() is Ending.POWER_CUT
    names = [event["event"] for event in bench.log().events()]
    assert {"fall", "alarm", "siren"} <= set(names)
    assert bench.log().windows


# ---- silence at the end ----


def test_a_long_press_ends_the_session_with_a_cue_and_then_silence(rig):
    bench = rig()
    bench.press(10, 1.7)
    bench.stop(20)
    assert bench.power_on() is Ending.INTERRUPTED
    assert bench.only("session_end").a == 0
    assert bench.cues() == ["start", "end"]
    assert bench.quiet_from() < bench.session_end() + 600 * MS
    tones = [hz for ns, hz in bench.edges() if ns >= bench.session_end()]
    assert [hz for hz in tones if hz] == [2000, 1400, 1000]


@pytest.mark.parametrize("part", ["beat", "siren"])
def test_an_interrupt_in_mid_tone_leaves_no_tone(rig, one_fall, part):
    bench = rig(one_fall)
    bench.on[part] = lambda: bench.board.interrupt_at(bench.board.clock.ns + 10 * MS)
    assert bench.power_on() is Ending.INTERRUPTED
    assert bench.only("session_end").a == 1
    on, off = bench.edges()[-2:]
    assert on[1] > 0
    assert off[0] == pytest.approx(bench.session_end(), abs=MS)
    assert bench.quiet_from() <= bench.session_end() + MS  # before the log was put away, not because the code was gone
    assert bench.log().missing() == []


def test_after_an_unforeseen_error_a_new_session_goes_on_at_once(rig):
    bench = rig()

    def fail_once():
        del bench.on["mark"]
        raise RuntimeError("a bug")

    bench.on["mark"] = fail_once
    bench.press(14, 0.1)
    bench.press(14.25, 0.1)
    bench.at(30, lambda: bench.board.interrupt_at(bench.board.clock.ns))
    assert bench.power_on() is Ending.INTERRUPTED
    assert [told.a for told in bench.of("session_end")] == [3, 1]
    assert bench.log(1).events()[-1]["reason"] == "fault"
    assert bench.log(2).continued == 1
    assert "RuntimeError: a bug" in bench.drive.joinpath("crash.txt").read_text()
    assert [log.missing() for log in (bench.log(1), bench.log(2))] == [[], []]
    assert bench.starts[1] - bench.starts[0] < 15.6 * SECOND
    assert len([told for told in bench.of("beat") if told.ns > bench.starts[1]]) > 35


def test_an_error_that_comes_at_every_beat_ends_in_silence_with_whole_logs(rig):
    bench = rig()

    def bug():
        raise RuntimeError("a bug")

    bench.on["beat"] = bug
    bench.board.interrupt_at(40 * SECOND)
    assert bench.power_on() is Ending.INTERRUPTED
    assert "RuntimeError: a bug" in bench.drive.joinpath("crash.txt").read_text()
    assert [told.a for told in bench.of("session_end")] == [3, 3]  # the second one without the sensor
    assert bench.quiet_from() <= bench.of("session_end")[1].ns + 3 * SECOND  # ready for another press
    for log in (bench.log(1), bench.log(2)):
        assert log.missing() == []
        assert log.events()[-1]["reason"] == "fault"


# ---- starting by a press ----


def test_a_session_waits_for_a_press_and_a_second_press_starts_the_next(rig):
    bench = rig(given={"start": "press"})
    second = int(1e9)
    bench.board.press(3 * second, 200 * MS)
    bench.board.press(20 * second, 2 * second)
    bench.board.press(30 * second, second)
    bench.board.interrupt_at(40 * second)
    assert bench.power_on() is Ending.INTERRUPTED
    first, then = bench.starts
    assert 3 * second < first < 3.6 * second
    assert 30 * second < then < 30.6 * second
    assert [told.a for told in bench.of("session_start")] == [1, 2]
    assert [told.a for told in bench.of("session_end")] == [0, 1]
    assert bench.of("pause", "mark", "fault") == []  # the press that starts has no other meaning
    assert [bench.log(number).session for number in (1, 2)] == [1, 2]
    assert bench.log(2).missing() == []
    assert not [ns for ns, value in bench.edges(HAPTIC) if value and 23 * second < ns < 30 * second]


def test_a_button_held_while_the_power_comes_starts_nothing_by_itself(rig):
    bench = rig(given={"start": "press"})
    bench.board.press(0, 5 * SECOND)
    bench.board.interrupt_at(10 * SECOND)
    bench.power_on()
    assert bench.starts == []
