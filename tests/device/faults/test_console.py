"""A console that is open and not read, when there is a lot to say."""

import pytest

from backbeat_host.lab.endings import Ending

from ..afterwards import all_is_well
from ..rig import SECOND


@pytest.mark.parametrize("board", ["raspberry_pi_pico", "Seeed_XIAO_nRF52840_Sense"])
def test_an_open_console_that_nobody_reads_costs_nothing_in_a_run_with_an_alarm(rig, falling, board):
    bench = rig(falling, board=board, console_open=True)
    bench.press(30, 1)
    bench.stop(40)
    assert bench.power_on() is Ending.INTERRUPTED
    bench.only("siren")
    bench.only("alarm_cancelled")
    all_is_well(bench)


def test_an_error_in_the_loop_is_not_held_up_by_a_console_that_nobody_reads(rig, running):
    bench = rig(running, console_open=True)
    bench.board.hardware.console.write("x" * 256)  # full, since before
    failed = []

    def bug():
        bench.on.clear()
        failed.append(bench.board.clock.ns)
        raise RuntimeError("a bug" * 200)

    bench.at(15, lambda: bench.on.update(beat=bug))
    bench.stop(40)
    assert bench.power_on() is Ending.INTERRUPTED
    assert bench.starts[1] - failed[0] < SECOND
    assert "a bug" in bench.drive.joinpath("crash.txt").read_text()
    assert bench.log(2).continued == 1
    all_is_well(bench)


def test_a_broken_file_and_a_missing_chip_are_not_said_to_a_console_that_nobody_reads(rig):
    bench = rig(given=b'{"start": "power", "cadence": "fast"}', console_open=True)
    bench.board.unplug_chip()
    bench.board.hardware.console.write("x" * 256)
    bench.stop(30)
    assert bench.power_on() is Ending.INTERRUPTED
    all_is_well(bench, losses=1)
