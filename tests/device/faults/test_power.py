"""Supply, clock and the bytes that outlast both: a wrap in the run, garbage in the memory, a cut in a replacement."""

import random
from itertools import count
from shutil import rmtree

import pytest

from backbeat.ticks import PERIOD
from backbeat_host.lab.circuitpython.hardware import SafeModeReason
from backbeat_host.lab.endings import Ending
from backbeat_host.lab.runner.acts import Run, Stand
from backbeat_host.lab.runner.synthetic import synthetic

from ..afterwards import all_is_well, logs_are_readable, next_start_is_well, nothing_is_stuck
from ..rig import MS, SECOND

START_MS = 700  # from the power to the session, about


def run(bench, seconds):
    bench.stop(seconds)
    assert bench.power_on() is Ending.INTERRUPTED, bench.board.console


def alarmed(rig, rows, ticks):
    """A run with a fall whose siren is ended by hand."""
    bench = rig(rows, ticks_at_power_on=ticks)
    bench.press(30, 1)
    run(bench, 38)
    return bench


@pytest.fixture(scope="module")
def found_by_walking():
    """A run that finds how the chip sits."""
    return synthetic([Stand(5), Run("forward", 40)], seed=3).rows


# ---- the clock's wrap ----


@pytest.mark.parametrize("wrap_s", [0.3, 5.5, 14, 23.6, 25, 30.5])
def test_a_wrap_of_the_clock_changes_nothing_in_a_run_a_countdown_or_a_siren(rig, falling, wrap_s):
    plain = alarmed(rig, falling, 1000)
    rmtree(plain.drive)  # from the same beginning
    wrapped = alarmed(rig, falling, PERIOD - START_MS - round(wrap_s * 1000))
    assert {"alarm", "siren", "alarm_cancelled"} <= {told.name for told in wrapped.told}
    assert [told.numbers for told in wrapped.told if told.name != "heap"] == [
        told.numbers for told in plain.told if told.name != "heap"
    ]
    all_is_well(wrapped)


@pytest.mark.parametrize("held_s", [0.2, 3600])
def test_a_wrap_of_the_clock_while_a_press_is_awaited_changes_nothing(rig, held_s):
    bench = rig(given={"start": "press"}, ticks_at_power_on=PERIOD - 5000)
    bench.board.press(8 * SECOND if held_s < 1 else 0, round(held_s * SECOND))
    bench.board.interrupt_at(30 * SECOND)
    assert bench.power_on() is Ending.INTERRUPTED
    assert 8 * SECOND < bench.starts[0] < 12 * SECOND
    bench.board._button(False)
    all_is_well(bench)


# ---- the memory that outlasts the power ----


@pytest.mark.parametrize("seed", range(8))
def test_garbage_in_the_memory_keeps_no_session_from_running(rig, seed):
    dice = random.Random(seed)
    garbage = [b"\xff" * 16, b"\0" * 16, b"\x01" * 16, bytes(range(16))]
    nvm = garbage[seed] if seed < len(garbage) else dice.randbytes(16)
    bench = rig(nvm=nvm)
    bench.board.press(6 * SECOND, 200 * MS)  # it may ask for service: a press ends that
    bench.board.interrupt_at(20 * SECOND)
    ending = bench.power_on()
    if ending is Ending.RESET:
        bench.board.interrupt_at(bench.board.clock.ns + 15 * SECOND)
        ending = bench.power_on()
    assert ending is Ending.INTERRUPTED
    assert bench.starts
    if nvm[0] == nvm[12] == 1:  # asked for both, the laptop's drive and a session: that has no log, and says so
        assert bench.cues().count("no_log") == 1
    else:
        assert bench.log(bench.of("session_start")[-1].a).missing() == []
    logs_are_readable(bench)
    next_start_is_well(bench)


def test_a_memory_that_is_lost_between_two_sessions_gives_no_number_twice(rig):
    bench = rig()
    run(bench, 10)
    bench.board.hardware.nvm[:] = b"\xff" * len(bench.board.hardware.nvm)
    all_is_well(bench)
    assert [told.a for told in bench.of("session_start")] == [1, 2]


# ---- cuts ----


def test_a_power_cut_at_every_change_while_the_settings_are_replaced_leaves_good_ones(rig, found_by_walking):
    """What the run has found out about the mount is kept after its session."""
    given = {"cadence": 150, "mount.forward": [0, 0, 0]}
    kept = []
    for change in count():
        bench = rig(found_by_walking, given)
        bench.on["session_end"] = lambda bench=bench, change=change: bench.board.drive.faults.cut_at(change)
        bench.press(45, 2)
        bench.stop(52)
        ending = bench.power_on()
        nothing_is_stuck(bench)
        bench.board.drive.faults.cut_at(10**6)
        next_start_is_well(bench)
        assert bench.of("fault") == []
        values = bench.log(bench.of("session_start")[-1].a).settings()
        assert values["cadence"] == 1500
        kept.append(values["mount.forward"] != (0, 0, 0))
        if ending is Ending.INTERRUPTED:
            break
        assert ending is Ending.POWER_CUT
        (bench.drive / "settings.last.json").unlink(missing_ok=True)
        (bench.drive / "settings.new").unlink(missing_ok=True)
    assert change > 5
    assert not kept[0]
    assert kept[-1]


def test_a_power_cut_in_the_alarm_and_the_beat_is_back_at_the_next_start(rig, falling):
    for instant in (11.6, 16.0, 23.9, 26.3):
        bench = rig(falling)
        bench.cut(instant)
        assert bench.power_on() is Ending.POWER_CUT
        all_is_well(bench, cut=True)


@pytest.mark.parametrize("reason", [SafeModeReason.BROWNOUT, SafeModeReason.HARD_FAULT, SafeModeReason.WATCHDOG])
def test_after_a_brown_out_or_a_crash_of_the_processor_the_session_goes_on_by_itself(rig, reason):
    bench = rig(given={"start": "press"})
    bench.board.press(3 * SECOND, 200 * MS)
    bench.board.power_cut_at(20 * SECOND)
    assert bench.power_on() is Ending.POWER_CUT
    assert bench.board.power_on(reason) is Ending.RESET
    began = bench.board.clock.ns
    bench.board.interrupt_at(began + 15 * SECOND)
    assert bench.power_on() is Ending.INTERRUPTED
    assert bench.starts[1] - began < 2 * SECOND
    assert bench.log(2).continued == 1
    all_is_well(bench, cut=True)
