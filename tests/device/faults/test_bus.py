"""The bus is disturbed: answers that do not come, a line held low. Whole runs; the driver alone is in `board/`."""

import pytest

from backbeat_host.lab.endings import Ending

from ..afterwards import all_is_well

TIMEOUT_S = 1.0
"""How long CircuitPython's bus waits for a line: the processor stands still, and no program can beat meanwhile."""
XIAO = "Seeed_XIAO_nRF52840_Sense"

every_board = pytest.mark.parametrize("board", ["raspberry_pi_pico", XIAO])


def run(bench, seconds=30):
    bench.stop(seconds)
    assert bench.power_on() is Ending.INTERRUPTED, bench.board.console


@every_board
@pytest.mark.parametrize("count", [1, 2, 5])
def test_a_few_answers_that_do_not_come_are_no_loss(rig, running, board, count):
    bench = rig(running, board=board)
    for second in (5, 9.5, 13.37):
        bench.at(second, lambda: bench.board.bus.nack(count))
    run(bench)
    assert bench.of("gap") == []
    all_is_well(bench)


@every_board
@pytest.mark.parametrize("seconds", [0.3, 4])
def test_a_long_burst_is_one_loss_and_the_sensor_is_back_soon(rig, running, board, seconds):
    bench = rig(running, board=board)
    bench.at(5, lambda: bench.board.bus.nack_at_random(1, seed=1))
    bench.at(5 + seconds, lambda: bench.board.bus.nack_at_random(0, seed=1))
    run(bench)
    assert bench.only("sensor_lost").ms < 5300
    assert bench.only("sensor_back").ms < 6200 + 1500 * seconds
    all_is_well(bench, losses=1)


@every_board
@pytest.mark.parametrize("probability", [0.001, 0.01, 0.1])
def test_answers_that_miss_at_random_cost_no_beat(rig, running, board, probability):
    bench = rig(running, board=board)
    bench.at(5, lambda: bench.board.bus.nack_at_random(probability, seed=4))
    bench.at(25, lambda: bench.board.bus.nack_at_random(0, seed=4))
    run(bench, 40)
    losses = len(bench.of("sensor_lost"))
    assert losses == len(bench.of("sensor_back"))
    assert losses == 0 or probability > 0.05
    all_is_well(bench, losses)


@pytest.mark.parametrize("line", ["scl", "sda"])
def test_a_line_held_low_costs_one_second_of_beats_at_the_most(rig, running, line):
    bench = rig(running)
    bench.at(10, lambda: setattr(bench.board.bus, "stuck_low", line))
    bench.at(20, lambda: setattr(bench.board.bus, "stuck_low", None))
    run(bench)
    assert 10_000 < bench.only("sensor_lost").ms < 10_200 + 1000 * TIMEOUT_S
    assert 20_000 < bench.only("sensor_back").ms < 24_000
    all_is_well(bench, losses=1, stalls=[(10, 10.1 + TIMEOUT_S)])


@every_board
@pytest.mark.parametrize("pulses", [1, 9])
def test_a_chip_that_holds_the_data_line_is_clocked_free(rig, running, board, pulses):
    bench = rig(running, board=board)

    def hold():
        bench.board.bus.stuck_low = "sda"
        bench.board.bus.stuck_for_pulses = pulses

    bench.at(10, hold)
    run(bench)
    assert bench.of("gap") == []  # its FIFO has kept them all
    all_is_well(bench, stalls=[(10, 10.1 + TIMEOUT_S)])


@pytest.mark.parametrize("line", ["scl", "sda"])
def test_a_chip_that_holds_a_line_until_it_is_plugged_anew(rig, running, line):
    bench = rig(running)
    bench.at(10, lambda: setattr(bench.board.bus, "stuck_low", line))
    bench.at(15, bench.board.unplug_chip)
    bench.at(16, bench.board.plug_chip)
    run(bench)
    assert 16_000 <= bench.only("sensor_back").ms < 18_500
    all_is_well(bench, losses=1, stalls=[(10, 10.1 + TIMEOUT_S)])


@pytest.mark.parametrize("line", ["scl", "sda"])
def test_a_line_that_is_never_let_go_leaves_beats_and_a_log(rig, running, line):
    bench = rig(running)
    bench.at(10, lambda: setattr(bench.board.bus, "stuck_low", line))
    run(bench, 60)
    assert bench.of("sensor_back") == []
    assert all_is_well(bench, losses=1, stalls=[(10, 10.1 + TIMEOUT_S)]) > 150


@pytest.mark.parametrize("line", ["scl", "sda"])
def test_a_chip_that_hangs_where_the_board_feeds_it_is_switched_off_and_on(rig, running, line):
    bench = rig(running, board=XIAO)
    bench.at(10, lambda: setattr(bench.board.bus, "stuck_low", line))
    run(bench)
    assert bench.only("sensor_back").ms < 12_500
    all_is_well(bench, losses=1, stalls=[(10, 10.1 + TIMEOUT_S)])


@every_board
@pytest.mark.parametrize("line", ["scl", "sda"])
def test_a_line_held_low_since_before_the_start_costs_no_beat(rig, board, line):
    bench = rig(board=board)
    bench.board.bus.stuck_low = line
    run(bench, 20)
    assert bench.only("sensor_lost").ms < 1000
    all_is_well(bench, losses=1)
