"""The whole firmware on each board that it knows, and with each chip that boards carry: a short walk end to end."""

from textwrap import dedent

import numpy as np
import pytest

from backbeat_host.lab.board import VirtualBoard
from backbeat_host.lab.boards import BOARDS, Chip
from backbeat_host.lab.endings import Ending
from backbeat_host.lab.motion import Recorded
from backbeat_host.lab.runner.acts import Stand, Walk
from backbeat_host.lab.runner.synthetic import synthetic
from backbeat_host.link import firmware

from ..rig import SECOND, STILL

CADENCE = 1100  # tenths of a step per minute
BOTH = [(name, None) for name in BOARDS] + [("feather_bluefruit_sense", Chip.LSM6DS3TRC)]

DOZE = """
    import time
    from backbeat.board import find
    it = find()
    it.fifo.sleep()
    while not it.fifo.moved():
        time.sleep(0.02)
    woken = time.monotonic()
    it.fifo.restart()
    time.sleep(1)
    print(woken, it.fifo.level())
"""
LATE = """
    import time
    from backbeat.board import find
    it = find()
    print(it.fifo.works)
    while not it.fifo.works:
        time.sleep(0.5)
        try:
            it.fifo.restart()
        except OSError:
            pass
    time.sleep(0.2)
    print(it.fifo.level() > 10)
"""


@pytest.fixture(scope="module")
def walk():
    return synthetic([Stand(3), Walk("forward", 15), Stand(2)], seed=3)


@pytest.mark.parametrize(("name", "chip"), BOTH, ids=lambda value: getattr(value, "value", value))
def test_a_walk_gives_beats_steps_light_and_a_log(rig, walk, name, chip):
    bench = rig(walk.rows, {"cadence": CADENCE / 10, "light": True}, board=name, chip=chip)
    bench.stop(len(walk.rows) / 104)
    assert bench.power_on() is Ending.INTERRUPTED, bench.board.console
    late = bench.lateness(CADENCE)
    assert len(late) > 25
    assert max(late) < 2
    assert len(bench.of("step")) > 20
    assert not bench.of("fault", "sensor_lost")
    assert {value for _, value in bench.edges("light")} == {0, 1}
    assert {value for _, value in bench.edges("haptic")} == {0, 1}
    bench.quiet_from()
    log = bench.log()
    assert (log.board, log.uid) == (name, BOARDS[name].uid)
    assert (len(log.battery) > 0) == bool(BOARDS[name].battery)


@pytest.mark.parametrize(("name", "chip"), BOTH, ids=lambda value: getattr(value, "value", value))
def test_a_dozing_board_is_woken_by_a_move_and_measures_again(tmp_path, name, chip):
    lying = np.array([[0, 0, 2049, 0, 0, 0]] * (6 * 104), np.int16)
    lying[4 * 104 :, 2] *= -1
    motion = Recorded(lying, 104)
    motion.begin(0)
    (tmp_path / "code.py").write_text(dedent(DOZE))
    board = VirtualBoard(tmp_path, motion, firmware=firmware.tree(), board=name, chip=chip)
    assert board.power_on() == "finished", board.console
    woken, samples = board.console.split()
    assert 4.0 <= float(woken) < 4.5
    assert int(samples) > 90


@pytest.mark.parametrize("name", BOARDS)
def test_a_chip_that_is_away_at_the_start_is_met_later(tmp_path, name):
    (tmp_path / "code.py").write_text(dedent(LATE))
    board = VirtualBoard(tmp_path, Recorded(STILL, 104), firmware=firmware.tree(), board=name)
    board.unplug_chip()
    board.clock.schedule(5 * SECOND, board.plug_chip)
    assert board.power_on() == "finished", board.console
    assert board.console.split() == ["False", "True"]


def test_a_console_that_is_open_and_not_read_costs_no_beat(rig, walk):
    bench = rig(walk.rows, {"cadence": CADENCE / 10}, console_open=True)
    bench.stop(len(walk.rows) / 104)
    assert bench.power_on() is Ending.INTERRUPTED
    assert max(bench.lateness(CADENCE)) < 2
    assert len(bench.of("step")) > 20
