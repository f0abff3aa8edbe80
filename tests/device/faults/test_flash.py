"""The flash is full, read-only, failing or gone in the middle of a run with a fall; the power goes at every write."""

from itertools import count, pairwise

import pytest

from backbeat import cues, events
from backbeat_host.lab.endings import Ending

from ..afterwards import all_is_well, heal, logs_are_readable, next_start_is_well, nothing_is_stuck
from ..rig import MS, SECOND

ALL = ("full", "read only", "failing", "ejected")


def hurt(bench, fault):
    faults = bench.board.drive.faults
    if fault == "full":
        bench.board.drive.leave(0)
    elif fault == "failing":
        faults.fail_writes(None)
    else:
        setattr(faults, fault.replace(" ", "_"), True)


def cancel_soon(bench):
    """The wearer gets up and holds the button."""
    bench.on["alarm"] = lambda: bench.board.press(bench.board.clock.ns + 3 * SECOND, 900 * MS)


def run(bench, seconds=25):
    bench.stop(seconds)
    assert bench.power_on() is Ending.INTERRUPTED, bench.board.console


def no_log_told_once(bench):
    told = [fault.a for fault in bench.of("fault")]
    assert told == [events.LOG_FAULT]
    assert bench.cues().count("no_log") == 1


@pytest.mark.parametrize("fault", ALL)
def test_a_flash_that_fails_in_the_run_is_told_once_and_costs_neither_beat_nor_alarm(rig, falling, fault):
    bench = rig(falling)
    cancel_soon(bench)
    bench.at(6, lambda: hurt(bench, fault))
    run(bench)
    no_log_told_once(bench)
    assert {"fall", "alarm", "alarm_cancelled"} <= {told.name for told in bench.told}
    all_is_well(bench)


@pytest.mark.parametrize("fault", ALL)
def test_a_flash_that_fails_from_the_start_is_told_once(rig, falling, fault):
    bench = rig(falling, {"start": "press"})
    cancel_soon(bench)
    bench.board.clock.schedule(300 * MS, lambda: hurt(bench, fault))
    bench.board.press(4 * SECOND, 200 * MS)
    run(bench)
    no_log_told_once(bench)
    assert bench.of("fall", "alarm_cancelled")
    all_is_well(bench)


@pytest.mark.parametrize("times", [1, 3])
@pytest.mark.parametrize("at", [0.5, 5.2, 11.5])
def test_a_write_error_that_passes_costs_the_rest_of_that_log_only(rig, falling, at, times):
    bench = rig(falling)
    cancel_soon(bench)
    bench.at(at, lambda: bench.board.drive.faults.fail_writes(times))
    run(bench)
    no_log_told_once(bench)
    all_is_well(bench)


def test_that_there_is_no_log_is_heard_whole_though_a_flush_told_of_it(rig, running):
    """Its first tone cut off, it would feel as *sensor back* does."""
    bench = rig(running)
    bench.at(0.5, lambda: bench.board.drive.faults.fail_writes(1))
    run(bench, 5)
    (begun,) = (told.ns for told in bench.of("cue") if told.a == cues.NO_LOG)
    heard = [(ns, hz) for ns, hz in bench.edges() if ns >= begun]
    lengths = [(end - ns) / MS for (ns, hz), (end, _) in pairwise(heard) if hz == 300]
    assert lengths == pytest.approx([100, 100, 500], abs=3)


@pytest.mark.parametrize("fault", ALL)
def test_a_log_that_fails_only_when_it_is_put_away_is_told_after_the_end(rig, running, fault):
    bench = rig(running, {"start": "press"})
    bench.board.press(2 * SECOND, 200 * MS)
    bench.press(20, 1.6)
    bench.on["session_end"] = lambda: hurt(bench, fault)
    bench.stop(30)
    bench.power_on()
    assert bench.cues()[-2:] == ["end", "no_log"]
    assert [hz for ns, hz in bench.edges() if hz][-3:] == [300, 300, 300]
    nothing_is_stuck(bench)
    logs_are_readable(bench, cut=True)
    next_start_is_well(bench)


@pytest.mark.parametrize("seed", range(4))
def test_writes_that_fail_now_and_then(rig, falling, seed):
    bench = rig(falling)
    cancel_soon(bench)
    bench.board.drive.faults.fail_writes(None, chance=0.05, seed=seed)
    run(bench)
    assert len(bench.of("fault")) <= 1
    all_is_well(bench, cut=True)  # the last write of all may be the one that fails


@pytest.mark.parametrize("room", [1024, 3000, 6000])
def test_with_little_room_events_come_first(rig, falling, room):
    bench = rig(falling)
    cancel_soon(bench)
    bench.at(4, lambda: bench.board.drive.leave(room))
    run(bench)
    log = bench.log()
    fault = bench.of("fault")
    if not fault:
        assert {"fall", "alarm", "alarm_cancelled"} <= {event["event"] for event in log.events()}
    all_is_well(bench)


@pytest.mark.parametrize("fault", ALL)
def test_an_error_in_the_loop_while_the_flash_fails_still_leaves_a_beat(rig, running, fault):
    bench = rig(running)

    def bug():
        bench.on.clear()
        raise RuntimeError("a bug")

    bench.at(10, lambda: hurt(bench, fault))
    bench.at(20, lambda: bench.on.update(beat=bug))
    run(bench, 40)
    assert [told.a for told in bench.of("session_end")] == [3, 1]
    assert {told.a for told in bench.of("fault")} == {events.LOG_FAULT}  # each session says so
    assert all_is_well(bench, cut=True) > 90


@pytest.mark.parametrize("fault", ALL)
def test_a_flash_that_fails_while_a_press_is_awaited(rig, fault):
    bench = rig(given={"start": "press"})
    bench.board.clock.schedule(3 * SECOND, lambda: hurt(bench, fault))
    bench.board.press(6 * SECOND, 200 * MS)
    bench.board.interrupt_at(20 * SECOND)
    assert bench.power_on() is Ending.INTERRUPTED
    no_log_told_once(bench)
    all_is_well(bench)


@pytest.mark.parametrize("fault", ALL)
def test_a_flash_that_fails_between_two_sessions_and_heals(rig, fault):
    bench = rig(given={"start": "press"})
    for at in (3, 20, 40):
        bench.board.press(at * SECOND, 200 * MS)
    for at in (12, 30):
        bench.board.press(at * SECOND, 2 * SECOND)
    bench.board.clock.schedule(17 * SECOND, lambda: hurt(bench, fault))
    bench.board.clock.schedule(37 * SECOND, lambda: heal(bench))
    bench.board.interrupt_at(50 * SECOND)
    assert bench.power_on() is Ending.INTERRUPTED
    no_log_told_once(bench)
    assert len(bench.starts) == 3
    assert bench.log(1).missing() == bench.log(3).missing() == []
    all_is_well(bench)


def test_a_power_cut_before_every_change_of_a_session_with_a_fall(rig, falling):
    for change in count():
        bench = rig(falling)
        cancel_soon(bench)
        bench.plans.clear()
        bench.at(0, lambda bench=bench, change=change: bench.board.drive.faults.cut_at(change))
        bench.stop(18)
        ending = bench.power_on()
        nothing_is_stuck(bench)
        logs_are_readable(bench, cut=ending is Ending.POWER_CUT)
        bench.board.drive.faults.cut_at(10**6)
        next_start_is_well(bench)
        if ending is Ending.INTERRUPTED:
            break
        assert ending is Ending.POWER_CUT
    assert change > 40
