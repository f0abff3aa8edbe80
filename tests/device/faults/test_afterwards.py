"""The checks that every fault's test ends with notice what they are there for."""

import pytest

from backbeat_host.lab.board import SOUNDER

from ..afterwards import beats_on_time, logs_are_readable, losses_told_once, next_start_is_well, nothing_is_stuck
from ..rig import MS


def ran(rig, *happenings, seconds=15):
    bench = rig()
    for at, happen in happenings:
        bench.at(at, lambda happen=happen: happen(bench))
    bench.stop(seconds)
    bench.power_on()
    return bench


def test_a_run_in_which_nothing_happens_is_well(rig):
    bench = ran(rig)
    assert beats_on_time(bench) > 35
    nothing_is_stuck(bench)
    logs_are_readable(bench)
    losses_told_once(bench, 0)
    next_start_is_well(bench)


@pytest.mark.parametrize("stall_ms", [20, 300, 2000])
def test_a_stall_that_the_test_does_not_know_of_is_noticed(rig, stall_ms):
    bench = ran(rig, (7.138, lambda bench: bench.board.clock.advance(stall_ms * MS)))  # beat 20 is due at 7.143 s
    with pytest.raises(AssertionError):
        beats_on_time(bench)


def test_a_beat_that_was_told_and_not_heard_is_noticed(rig):
    bench = ran(rig)
    at = bench.of("beat")[10].ns
    bench.board.trace[:] = [edge for edge in bench.board.trace if edge[0] != at]
    with pytest.raises(AssertionError, match="not heard"):
        beats_on_time(bench)


def test_a_tone_that_stays_is_noticed(rig):
    bench = ran(rig)
    off = [ns for ns, part, value in bench.board.trace if part == SOUNDER and not value]
    bench.board.trace[:] = [edge for edge in bench.board.trace if edge[:2] != (off[20], SOUNDER)]
    bench.board.trace[:] = [edge for edge in bench.board.trace if not off[20] < edge[0] < off[20] + 900 * MS]
    with pytest.raises(AssertionError, match="sounder was on"):
        nothing_is_stuck(bench)


@pytest.mark.parametrize("at", [100, -100])
def test_a_damaged_log_is_noticed(rig, at):
    bench = ran(rig)
    path = bench.drive / "logs" / "00001.bbl"
    data = bytearray(path.read_bytes())
    data[at] ^= 1
    path.write_bytes(data)
    with pytest.raises(AssertionError):
        logs_are_readable(bench)
    with pytest.raises(AssertionError):
        logs_are_readable(bench, cut=True)  # no open block either


def test_an_event_missing_from_the_log_is_noticed(rig):
    bench = ran(rig)
    bench.told.remove(bench.of("cue")[0])
    with pytest.raises(AssertionError):
        logs_are_readable(bench)


def test_a_loss_that_the_test_does_not_know_of_is_noticed(rig):
    bench = ran(rig, (5, lambda bench: bench.board.unplug_chip()))
    losses_told_once(bench, 1)
    with pytest.raises(AssertionError):
        losses_told_once(bench, 0)


def test_a_next_start_without_a_log_is_noticed(rig):
    bench = ran(rig)
    bench.drive.joinpath("logs", "00001.bbl").unlink()
    bench.drive.joinpath("logs").rmdir()
    bench.drive.joinpath("logs").write_text("in the way")
    with pytest.raises(AssertionError):
        next_start_is_well(bench)
