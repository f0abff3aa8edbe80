"""The battery is noisy, empty, cut off or wired wrongly."""

import random

import pytest

from backbeat import cues
from backbeat_host.lab.endings import Ending

from ..afterwards import all_is_well
from ..rig import SECOND

XIAO = "Seeed_XIAO_nRF52840_Sense"

every_board = pytest.mark.parametrize("board", ["raspberry_pi_pico", XIAO])


def volts(bench, mv):
    bench.board.hardware.battery_mv = mv


def run(bench, seconds):
    bench.stop(seconds)
    assert bench.power_on() is Ending.INTERRUPTED, bench.board.console


@every_board
@pytest.mark.parametrize("mv", [3700, 3850])
def test_noise_on_the_readings_ends_no_session_and_warns_once_at_the_most(rig, board, mv):
    bench = rig(board=board, battery_mv=mv)
    dice = random.Random(mv)
    for second in range(190):
        bench.at(second, lambda: volts(bench, mv + round(dice.gauss(0, 60))))
    run(bench, 190)
    assert [told.a for told in bench.of("session_end")] == [1]
    assert len(bench.of("low_battery")) <= 1
    assert bench.of("fault") == []
    all_is_well(bench)


@every_board
def test_single_wild_readings_are_no_warning_no_end_and_one_fault(rig, board):
    bench = rig(board=board)
    for at, mv in ((59, 2600), (119, 0), (124.5, 3900), (179, 3450)):
        bench.at(at, lambda mv=mv: volts(bench, mv))
        bench.at(at + 4, lambda: volts(bench, 3900))
    run(bench, 190)
    assert [told.a for told in bench.of("session_end")] == [1]
    assert bench.of("low_battery") == []
    assert len(bench.of("fault")) <= 1
    all_is_well(bench)


@every_board
def test_a_battery_that_runs_empty_warns_and_then_ends_the_session_with_its_cue(rig, board):
    bench = rig(board=board, battery_mv=3760)
    bench.at(30, lambda: volts(bench, 3710))
    bench.at(130, lambda: volts(bench, 3560))
    bench.board.interrupt_at(300 * SECOND)
    assert bench.power_on() is Ending.INTERRUPTED
    warned, end = bench.only("low_battery"), bench.only("session_end")
    assert warned.ms < 130_000
    assert end.a == 2
    assert 130_000 < end.ms < 205_000
    assert bench.cues().count("low_battery") == 1
    assert bench.cues()[-1] == "end"
    assert bench.log().missing() == []
    all_is_well(bench)


@every_board
@pytest.mark.parametrize("mv", [0, 1200, 9000])
def test_a_reading_that_no_cell_gives_is_told_once_and_the_run_goes_on(rig, board, mv):
    bench = rig(board=board, battery_mv=mv)
    run(bench, 60)
    assert [told.a for told in bench.of("fault")] == [6]
    assert bench.cues().count("no_battery") == 1
    assert all_is_well(bench) > 150


@every_board
def test_an_empty_battery_ends_no_alarm(rig, falling, board):
    bench = rig(falling, board=board)
    bench.on["alarm"] = lambda: volts(bench, 3500)
    bench.press(29, 1)
    run(bench, 60)
    siren, cancelled = bench.only("siren"), bench.only("alarm_cancelled")
    assert all(end.ms > cancelled.ms > siren.ms for end in bench.of("session_end"))
    all_is_well(bench)


def dipping(bench):
    """The motor pulls the battery down."""
    board = bench.board
    output = board._edge

    def edge(part, value):
        if part == "haptic":
            volts(bench, 3480 if value else 3780)
        output(part, value)

    board._edge = edge


def test_a_weak_cell_that_dips_with_every_buzz_of_the_motor(rig):
    bench = rig(battery_mv=3780)
    dipping(bench)
    run(bench, 200)
    assert [told.a for told in bench.of("session_end")] == [1]
    assert cues.LOW_BATTERY not in [told.a for told in bench.of("cue")]
    all_is_well(bench)


def test_a_weak_cell_that_dips_with_the_first_cue_of_all(rig):
    bench = rig(given={"start": "press"}, battery_mv=3780)
    dipping(bench)
    bench.board.interrupt_at(10 * SECOND)
    assert bench.power_on() is Ending.INTERRUPTED
    assert [hz for _, hz in bench.edges() if hz] == [1400], "ready, and no low battery"
