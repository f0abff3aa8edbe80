"""What goes wrong around a session: sensor, flash, settings, power. The beat goes on, and it is told once."""

import json
from functools import partial

import numpy as np
import pytest

from backbeat import cues, record, record_reader
from backbeat_host.lab.endings import Ending
from backbeat_host.lab.runner.acts import Fall, GetUp, Lie, Run, Stand
from backbeat_host.lab.runner.synthetic import synthetic

from .rig import MS, SECOND, STILL

CADENCE = 1680


@pytest.fixture(scope="module")
def two_falls():
    script = [Stand(3), Run("backward", 12), Fall("backward"), Lie(8), GetUp(), Run("forward", 20)]
    return synthetic([*script, Fall("left"), Lie(20)], seed=7).rows


def beats_are_on_time(bench):
    late = bench.lateness(CADENCE)
    assert max(late) < 2
    return len(late)


# ---- the chip ----


def test_without_a_chip_the_session_goes_on_and_the_loss_is_told_once(rig):
    bench = rig()
    bench.board.unplug_chip()
    bench.stop(62)
    assert bench.power_on() is Ending.INTERRUPTED
    bench.only("sensor_lost")
    assert bench.of("sensor_back", "gap", "fault") == []
    assert bench.cues()[:2] == ["start", "sensor_lost"]
    assert beats_are_on_time(bench) > 160
    log = bench.log()
    assert log.missing() == []
    assert len(log.summaries) == 13  # one every 5 s and one at the end
    assert log.windows == []


def test_a_chip_away_for_5_s_is_told_and_taken_back_without_a_late_beat(rig, two_falls):
    bench = rig(two_falls)
    bench.on["alarm"] = lambda: bench.board.press(bench.board.clock.ns + SECOND, 900 * MS)
    bench.at(6, bench.board.unplug_chip)
    bench.at(11, bench.board.plug_chip)
    bench.stop(60)
    bench.power_on()
    lost, back, gap = (bench.only(name) for name in ("sensor_lost", "sensor_back", "gap"))
    assert 6000 < lost.ms < 6250  # a disturbed bus is read again for a while
    assert 11_000 <= back.ms <= 12_500  # looked for after a quarter of the time it was away, at the most
    assert gap.a == pytest.approx(back.ms - 6000, abs=40)
    assert bench.cues().count("sensor_lost") == bench.cues().count("sensor_back") == 1
    assert beats_are_on_time(bench) > 140
    falls = bench.of("fall")
    assert [told.a / 1000 for told in falls] == pytest.approx([15.8, 50.5], abs=1.2)  # instants as if never away
    for window in bench.log().windows:
        assert any((window.rows == two_falls[at : at + len(window.rows)]).all() for at in range(len(two_falls)))


def test_a_chip_unplugged_in_the_middle_of_a_read_leaves_no_wild_sample(rig):
    rows = np.repeat(STILL, 3000, axis=0)
    for microseconds in range(0, 20_000, 1_300):
        bench = rig(rows)
        bench.at(5 + microseconds / 1e6, bench.board.unplug_chip)
        bench.stop(12)
        bench.power_on()
        assert bench.of("suspect", "fall", "stumble") == []
        assert max(summary.peak_mg for summary in bench.log().summaries) < 1100
        bench.lateness(CADENCE)


@pytest.mark.parametrize("away_us", [1_000, 30_000, 400_000])
def test_a_chip_that_forgot_its_settings_in_a_dip_of_its_supply_is_set_up_again(rig, two_falls, away_us):
    bench = rig(two_falls)
    bench.at(5, bench.board.unplug_chip)
    bench.at(5 + away_us / 1e6, bench.board.plug_chip)
    bench.stop(30)
    bench.power_on()
    lost, back, gap = (bench.only(name) for name in ("sensor_lost", "sensor_back", "gap"))
    assert lost.ms < 5800
    assert back.ms < 6700
    assert gap.a == pytest.approx(back.ms - 5000, abs=40)
    assert beats_are_on_time(bench) > 30
    assert bench.of("fall")


def test_a_chip_that_comes_for_the_first_time_in_a_session_costs_four_beats_at_the_most(rig, two_falls):
    bench = rig(two_falls)
    bench.board.unplug_chip()
    bench.at(5, bench.board.plug_chip)
    bench.stop(30)
    bench.power_on()
    bench.only("sensor_back")
    assert bench.of("fall")
    told = [beat.a for beat in bench.of("beat") if 3000 < beat.ms < 12_000]
    assert len(set(range(told[0], told[-1])) - set(told)) <= 4  # the driver's half second, and the cue of a half


def test_a_chip_unplugged_while_a_press_is_awaited_does_not_keep_the_session_from_starting(rig):
    bench = rig(given={"start": "press"})
    bench.board.clock.schedule(2 * SECOND, bench.board.unplug_chip)
    bench.board.press(5 * SECOND, 200 * MS)
    bench.board.interrupt_at(15 * SECOND)
    assert bench.power_on() is Ending.INTERRUPTED
    assert bench.only("session_end").a == 1
    bench.only("sensor_lost")
    assert beats_are_on_time(bench) > 20


@pytest.mark.parametrize("error", [-0.08, 0.08])
def test_a_slow_or_fast_chip_loses_nothing_and_its_rate_is_measured(rig, error):
    bench = rig(rate_error=error)
    bench.stop(60)
    bench.power_on()
    assert bench.of("gap", "sensor_lost") == []
    assert bench.log().rate_hz == pytest.approx(104.17 * (1 + error), rel=0.002)
    assert beats_are_on_time(bench) > 160


# ---- the flash ----


@pytest.mark.parametrize("room", [0, 512, 4096, 8_000, 9_500])
def test_a_full_flash_is_told_once_and_the_run_goes_on(rig, two_falls, room):
    bench = rig(two_falls)
    bench.board.drive.capacity -= bench.board.drive.free() - room
    bench.on["alarm"] = lambda: bench.board.press(bench.board.clock.ns + SECOND, 900 * MS)
    bench.stop(60)
    assert bench.power_on() is Ending.INTERRUPTED
    assert len(bench.of("fall")) == 2
    assert beats_are_on_time(bench) > 140
    logs = list(bench.drive.glob("logs/*"))
    assert sum(path.stat().st_size for path in logs) <= room
    if room < 4096:
        assert bench.only("fault").a == 1
    else:
        assert bench.of("thin")[-1].a == 2
        assert bench.of("fault") == []
        assert bench.log().told == [told.numbers for told in bench.told if told.name not in ("step", "beat")]


def test_a_drive_that_the_laptop_owns_gets_no_log_and_the_run_goes_on(rig, two_falls):
    bench = rig(two_falls, usb_connected=True, nvm=bytes(12) + b"\x01")  # a session is to begin at once
    bench.drive.joinpath("manifest.json").write_text('{"files": {"/gone.py": [1, ""]}}')  # boot.py serves the laptop
    bench.on["alarm"] = lambda: bench.board.press(bench.board.clock.ns + SECOND, 900 * MS)
    bench.stop(60)
    assert bench.power_on() is Ending.INTERRUPTED
    assert bench.only("fault").a == 1
    assert bench.cues().count("no_log") == 1
    assert len(bench.of("fall")) == 2
    assert beats_are_on_time(bench) > 140
    assert list(bench.drive.glob("logs/*")) == []


# ---- settings ----


@pytest.mark.parametrize(
    "text",
    [
        b"",
        b"not json",
        b"\xff\xfe{}",
        b"[1, 2]",
        b"null",
        b'{"cadence": "fast", "volume": [], "start": "never", "mount.up": 7, "alarm": 3}',
        b'{"cadence": 1e400, "nobody": 1}',
        b'{"a":' * 3000 + b"1" + b"}" * 3000,
    ],
    ids=["empty", "junk", "not text", "a list", "null", "wrong types", "too big", "too deep"],
)
def test_broken_settings_leave_the_defaults_and_are_told_once(rig, text):
    bench = rig(given=text)
    bench.board.press(3 * SECOND, 200 * MS)  # the default: a press starts
    bench.board.interrupt_at(15 * SECOND)
    assert bench.power_on() is Ending.INTERRUPTED
    assert bench.only("fault").a == 0
    assert bench.cues().count("fault") == 1
    assert bench.log().settings()["cadence"] == CADENCE
    assert beats_are_on_time(bench) > 20


def test_one_bad_setting_does_not_spoil_the_others(rig):
    bench = rig(given=json.dumps({"start": "power", "cadence": 180, "volume": "loud", "accent": 4}))
    bench.stop(10)
    bench.power_on()
    assert bench.only("fault").a == 0
    values = bench.log().settings()
    assert (values["cadence"], values["volume"], values["accent"]) == (1800, 100, 4)
    assert cues.ACCENT_HZ in {hz for _, hz in bench.edges()}


def test_without_settings_nobody_complains(rig):
    bench = rig()
    (bench.drive / "settings.json").unlink()
    bench.board.press(3 * SECOND, 200 * MS)
    bench.board.interrupt_at(8 * SECOND)
    bench.power_on()
    assert bench.of("fault") == []
    assert bench.log().settings()["cadence"] == CADENCE


# ---- the power ----


def test_a_power_cut_leaves_a_log_of_all_that_was_flushed_and_the_next_start_goes_on_counting(rig, two_falls):
    bench = rig(two_falls)
    instants = [0.3, 2, 16.2, 17.1, 18.4, 20.05, 24, 29.5, 36]
    began = 0
    for number, instant in enumerate(instants, 1):
        bench.motion.begun = None
        bench.plans.clear()
        bench.cut(instant)
        assert bench.power_on() is Ending.POWER_CUT
        told = [one.numbers for one in bench.told[began:] if one.name not in ("step", "beat")]
        began = len(bench.told)
        assert told[0][2] == number  # session_start
        path = bench.drive / "logs" / f"{number:05d}.bbl"
        if path.stat().st_size == 0:
            assert instant < 1
            continue
        log = bench.log(number)
        (said,) = log.missing()
        assert "the session's end is missing" in said
        assert log.told == told[: len(log.told)]
        lost = [one for one in told[len(log.told) :] if one[0] < 1000 * instant - 2500]
        assert len(lost) * (6 + 13) < record.BLOCK, "more than the open block and what was finished just now"
        for window in log.windows:
            assert (window.rows == two_falls[window.first : window.first + len(window.rows)]).all()
    fallen = bench.log(len(instants))
    assert {"fall", "alarm", "siren"} <= {event["event"] for event in fallen.events()}
    assert fallen.windows[0].first <= (15 - 4) * 104 + 100
    assert fallen.windows[0].first + len(fallen.windows[0].rows) >= (15 + 6) * 104


def test_a_power_cut_in_the_middle_of_a_write_spoils_at_most_that_block(rig, two_falls):
    for count in (0, 1, 300, 511, 512, 700, 3000, 6001):
        bench = rig(two_falls)
        number = len(list(bench.drive.glob("logs/*.bbl"))) + 1
        bench.on["session_start"] = partial(bench.board.drive.cut_after, count)
        bench.stop(60)
        assert bench.power_on() is Ending.POWER_CUT
        data = (bench.drive / "logs" / f"{number:05d}.bbl").read_bytes()
        assert len(data) == count
        found = list(record_reader.read(data))
        damages = [one for one in found if isinstance(one, record_reader.Damage)]
        assert [(one.offset, one.length) for one in damages] == (
            [(count // record.BLOCK * record.BLOCK, count % record.BLOCK)] if count % record.BLOCK else []
        )


# ---- what lies on the drive ----


@pytest.mark.parametrize("name", ["99999999999.bbl", "4294967295.bbl", "x.bbl", "-1.bbl", "00007.BBL", "notes.txt"])
def test_a_strange_name_among_the_logs_keeps_no_session_from_starting(rig, name):
    bench = rig()
    bench.drive.joinpath("logs").mkdir()
    bench.drive.joinpath("logs", name).write_text("not ours")
    bench.stop(3)
    assert bench.power_on() is Ending.INTERRUPTED
    assert bench.only("session_start").a == 1
    assert bench.log().missing() == []


# ---- the wearer all the same ----


@pytest.mark.parametrize("after", [1, 2.3, 4.6, 7.1])
def test_a_hold_cancels_the_alarm_when_the_sensor_is_lost(rig, two_falls, after):
    bench = rig(two_falls)

    def lose_it():
        now = bench.board.clock.ns
        bench.board.clock.schedule(now + SECOND // 2, bench.board.unplug_chip)
        bench.board.press(now + int(after * SECOND), 800 * MS)
        bench.board.interrupt_at(now + 9 * SECOND)

    bench.on["alarm"] = lose_it
    bench.power_on()
    assert bench.only("sensor_lost").ns < bench.only("alarm_cancelled").ns
    assert bench.cues()[-2:] == ["cancelled", "sensor_lost"]


def test_every_session_warns_of_a_low_battery(rig):
    bench = rig(battery_mv=3600, given={"start": "press"})
    for at in (3, 20):
        bench.board.press(at * SECOND, SECOND // 5)
    bench.board.press(10 * SECOND, 2 * SECOND)
    bench.board.interrupt_at(30 * SECOND)
    bench.power_on()
    assert len(bench.of("session_start")) == len(bench.of("low_battery")) == 2
    assert bench.cues().count("low_battery") == 2


def test_a_cue_that_waits_when_the_session_ends_does_not_keep_the_next_from_starting(rig):
    bench = rig(given={"start": "press"})
    bench.board.press(3 * SECOND, 200 * MS)
    bench.press(15, 1.8)
    bench.on["session_end"] = lambda: bench.board.drive.faults.fail_writes(None)  # told while the end cue plays
    bench.board.press(25 * SECOND, 200 * MS)
    bench.board.interrupt_at(35 * SECOND)
    assert bench.power_on() is Ending.INTERRUPTED
    assert next(told.a for told in bench.of("fault")) == 1
    assert len(bench.starts) == 2
